"""Whether our own page says online what others are about to be told: they will look at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import NamedTuple

from sitegen.notify.tasks import Task, by_source
from sitegen.web.fetching import Fetched, Fetcher, FetchError
from sitegen.web.mentions import is_withdrawn, read_page

LONGEST_PAGE = 8_000_000
"""Bytes of a page of ours that are read."""

LOOK_AGAIN = 10.0
"""Seconds between two looks at a page that is not there yet."""

_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS})


class Seen(NamedTuple):
    """Tasks of which readers see what they tell of, and those of which not, each with the why."""

    live: list[Task]
    absent: list[tuple[Task, str]]


def look(
    found: Iterable[Task], fetcher: Fetcher, wait: float, sleep: Callable[[float], None]
) -> Seen:
    """Ask for the pages of ours that tasks are of, for `wait` seconds again and again."""
    live: list[Task] = []
    absent = [(task, "") for task in found]
    left = wait
    while absent:
        waiting, absent = [task for task, _ in absent], []
        for source, group in by_source(waiting):
            page, fault = _page(source, fetcher)
            for task in group:
                why = fault or _why_not(task, page)
                if why:
                    absent.append((task, why))
                else:
                    live.append(task)
        if not absent or left <= 0:
            break
        sleep(min(LOOK_AGAIN, left))
        left -= LOOK_AGAIN
    return Seen(live, absent)


def _page(source: str, fetcher: Fetcher) -> tuple[Fetched | None, str]:
    try:
        limits = fetcher.limits._replace(most_bytes=LONGEST_PAGE)
        return fetcher.get(source, "text/html, */*;q=0.1", limits), ""
    except FetchError as error:
        if error.reason == "address":
            return None, "it lies in a private network, where nobody else can look at it"
        return None, f"it cannot be reached: {error}"


def _why_not(task: Task, page: Fetched | None) -> str:
    """Return why a page does not show what a task tells of, or ""."""
    if page is None:
        return ""
    is_there = page.status == HTTPStatus.OK
    named = (
        is_there
        and not is_withdrawn(page.body)
        and read_page(page.body, page.header("content-type"), page.url, task.target) is not None
    )
    if task.kind == "removal":
        if named:
            return "it still has the link"
        return "" if is_there or page.status in _GONE else f"it answers {page.status}"
    if named:
        return ""
    return "it does not have the link" if is_there else f"it answers {page.status}"
