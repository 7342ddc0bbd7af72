"""Whether our own pages are live with the links that others are about to be notified of.

Receivers look at once: a page that is not there yet would be no mention.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import NamedTuple

from sitegen.notify.tasks import Task, by_source
from sitegen.web.fetching import Fetched, Fetcher, FetchError
from sitegen.web.mentions import is_withdrawn, read_page

LONGEST_PAGE = 8_000_000
"""Bytes of one of our pages that are read."""

POLL_SECONDS = 10.0
"""Seconds between two requests for a page that is not live yet."""

_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS})


class LiveCheck(NamedTuple):
    """Tasks whose pages are live, and those whose pages are not, each with the reason."""

    live: list[Task]
    not_live: list[tuple[Task, str]]


def check_live(
    found: Iterable[Task], fetcher: Fetcher, wait: float, sleep: Callable[[float], None]
) -> LiveCheck:
    """Ask for the source pages of tasks, for up to `wait` seconds until all are live."""
    live: list[Task] = []
    not_live = [(task, "") for task in found]
    remaining = wait
    while not_live:
        waiting, not_live = [task for task, _ in not_live], []
        for source, group in by_source(waiting):
            page, fetch_fault = _source_page(source, fetcher)
            for task in group:
                reason = fetch_fault or _fault(task, page)
                if reason:
                    not_live.append((task, reason))
                else:
                    live.append(task)
        if not not_live or remaining <= 0:
            break
        sleep(min(POLL_SECONDS, remaining))
        remaining -= POLL_SECONDS
    return LiveCheck(live, not_live)


def _source_page(source: str, fetcher: Fetcher) -> tuple[Fetched | None, str]:
    try:
        limits = fetcher.limits._replace(most_bytes=LONGEST_PAGE)
        return fetcher.get(source, "text/html, */*;q=0.1", limits), ""
    except FetchError as error:
        if error.reason == "address":
            return None, "it is in a private network, which others cannot reach"
        return None, f"it cannot be reached: {error}"


def _fault(task: Task, page: Fetched | None) -> str:
    """Return why a page does not show what a task is about, or ""."""
    if page is None:
        return ""
    is_there = page.status == HTTPStatus.OK
    has_link = (
        is_there
        and not is_withdrawn(page.body)
        and read_page(page.body, page.header("content-type"), page.url, task.target) is not None
    )
    if task.kind == "removal":
        if has_link:
            return "it still has the link"
        return "" if is_there or page.status in _GONE else f"it returned {page.status}"
    if has_link:
        return ""
    return "it does not have the link" if is_there else f"it returned {page.status}"
