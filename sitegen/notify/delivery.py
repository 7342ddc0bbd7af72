"""Tells other sites: politely, patiently, and written down at every step.

Before a notification is sent the file says that it is on its way, and afterwards what became of it.
So whatever ends this process, the next one knows all that was told; and the one thing of which
nobody can know whether it came is sent again only where that does no harm.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from queue import SimpleQueue
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from sitegen.config.settings import Config
from sitegen.notify.delivery_log import Book
from sitegen.notify.discovery import PREFERRED, Endpoint, endpoint
from sitegen.notify.protocols import PASSING, Letter, message, verdict
from sitegen.notify.records import State, Told, Way
from sitegen.notify.tasks import Task
from sitegen.web.fetching import Fetched, Fetcher, FetchError
from sitegen.web.host_throttle import HostThrottle

HOSTS_AT_ONCE = 8
TRIES = 3
"""How often something is tried in one run."""

LONGEST_WAIT = 30.0
"""Seconds that a run waits because a server asks for it; for longer the next run is there."""

HOURS = (1, 4, 12, 24, 72, 168)
"""After so many hours a later run tries again; then it is given up."""

MOST_HOURS = 24 * 14
"""The longest time that a server may ask us to wait."""

_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
_FOLLOWED = frozenset({301, 307, 308})
"""Redirects after which what was posted is posted again; after 302 and 303 it has been taken."""

_MOST_HOPS = 3
_REFUSALS = {
    "url": "is no address that can be asked for",
    "address": "lies in a private network",
    "redirects": "is moved again and again",
}
_FAILURES = {
    "name": "names a host that does not exist",
    "connection": "cannot be reached",
    "time": "does not answer in time",
    "protocol": "does not answer as a web server does",
}


class Outcome(NamedTuple):
    """What became of a task."""

    task: Task
    state: State
    way: Way = ""
    endpoint: str = ""
    why: str = ""
    page: str = ""
    wait: float = 0.0
    """Seconds that the server asks us to wait, 0 if it does not."""


class Course:
    """Carries out the tasks of one run."""

    def __init__(
        self,
        book: Book,
        fetcher: Fetcher,
        config: Config,
        now: datetime,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take where to write it down, who fetches, and the moment of the run.

        `sleep` waits so many seconds; without one the end of the run ends every wait.
        """
        self._book = book
        self._fetcher = fetcher
        self._rules = config.notify
        self._paper = config.title
        self._now = now
        self._pause = config.notify.pause / 1000
        self._stopped = threading.Event()
        self._sleep = sleep or self._stopped.wait
        self._throttle = HostThrottle(self._pause, self._sleep, clock)

    def all(self, found: Iterable[Task]) -> Generator[Outcome]:
        """Yield what becomes of each task, as it comes. For one use.

        When the caller stops, what is on its way is waited for, and nothing more is begun.
        """
        by_host: dict[str, list[Task]] = {}
        for task in found:
            by_host.setdefault(urlsplit(task.target).netloc.casefold(), []).append(task)
        if not by_host:
            return
        ended: SimpleQueue[Outcome | BaseException] = SimpleQueue()
        with ThreadPoolExecutor(min(HOSTS_AT_ONCE, len(by_host)), "notify") as pool:
            try:
                for group in by_host.values():
                    pool.submit(self._host, group, ended)
                for _ in range(sum(map(len, by_host.values()))):
                    item = ended.get()
                    if isinstance(item, BaseException):
                        raise item
                    yield item
            finally:
                self._stopped.set()
                pool.shutdown(cancel_futures=True)

    def _host(self, found: list[Task], ended: SimpleQueue[Outcome | BaseException]) -> None:
        try:
            for task in found:
                if self._stopped.is_set():
                    return
                ended.put(self._task(task))
        except BaseException as error:  # noqa: BLE001 - raised again where it can be seen
            ended.put(error)

    def _task(self, task: Task) -> Outcome:
        record = task.before or Told(task.source, task.target, "waiting")
        current = task.before
        for attempt in range(TRIES):
            outcome, current = self._attempt(task, record, current)
            wait = outcome.wait or self._pause * 2 * 4**attempt
            if outcome.state != "waiting" or attempt == TRIES - 1 or wait > LONGEST_WAIT:
                break
            if self._stopped.is_set():
                break
            self._sleep(wait)
        new, outcome = self._written(record, outcome)
        self._book.note(task.thread, current, new)
        return outcome

    def _attempt(
        self, task: Task, record: Told, current: Told | None
    ) -> tuple[Outcome, Told | None]:
        """Try once; return what came of it and what is written down of the task now."""
        found = self._discovered(task, record)
        if isinstance(found, Outcome):
            return found, current
        sending = record._replace(
            state="sending", way=found.way, endpoint=found.url, target=task.target
        )
        if current != sending:
            self._book.note(task.thread, current, sending)
        return self._sent(task, found), sending

    def _discovered(self, task: Task, record: Told) -> Endpoint | Outcome:
        # What they have by Webmention only Webmention changes.
        ways: Iterable[Way] = ("webmention",) if record.is_known_there else self._ways
        limits = self._fetcher.limits._replace(redirects=10)
        try:
            with self._throttle.slot(task.target):
                got = self._fetcher.get(task.target, _ACCEPT, limits)
        except FetchError as error:
            if why := _REFUSALS.get(error.reason):
                return Outcome(task, "none", why=f"the page {why}")
            return Outcome(task, "waiting", why=f"the page {_FAILURES[error.reason]}")
        if got.status in PASSING:
            return Outcome(
                task, "waiting", why=f"the page answers {got.status}", wait=self._asked_for(got)
            )
        if got.status >= HTTPStatus.BAD_REQUEST:
            return Outcome(task, "none", why=f"the page answers {got.status}")
        headers = {name: got.all_headers(name) for name, _ in got.headers}
        found = endpoint(got.url, headers, got.body, tuple(ways), task.target)
        return found or Outcome(task, "none")

    @property
    def _ways(self) -> list[Way]:
        return [way for way in PREFERRED if way in self._rules.ways]

    def _sent(self, task: Task, endpoint: Endpoint) -> Outcome:
        said = task.said
        letter = Letter(
            task.source,
            task.target,
            said.title if said else "",
            said.summary if said else "",
            self._paper,
        )
        body, kind = message(endpoint.way, letter)
        outcome = Outcome(task, "refused", endpoint.way, endpoint.url)
        try:
            url, got = self._posted(endpoint.url, body, kind)
        except FetchError as error:
            return _failed(outcome, error)
        location = got.header("location")
        meaning = verdict(endpoint.way, got.status, got.body)
        if endpoint.way == "webmention" and got.status in (302, 303):
            # A form for people behind it: taken, and then they are led on.
            return outcome._replace(state="told")
        if meaning.became == "later":
            return outcome._replace(
                state="waiting", why=f"{url} {meaning.why}", wait=self._asked_for(got)
            )
        if meaning.became == "refused":
            return outcome._replace(why=f"{url} {meaning.why}")
        page = urljoin(url, location) if got.status == HTTPStatus.CREATED and location else ""
        return outcome._replace(state="told", page=page)

    def _posted(self, url: str, body: bytes, kind: str) -> tuple[str, Fetched]:
        """Post to an endpoint, and where it has moved; return where that was, and the answer."""
        for hop in range(_MOST_HOPS):
            with self._throttle.slot(url):
                got = self._fetcher.post(url, body, kind)
            location = got.header("location")
            if got.status not in _FOLLOWED or not location or hop == _MOST_HOPS - 1:
                return url, got
            try:
                url = urljoin(url, location)
            except ValueError:
                return url, got
        raise AssertionError  # the loop returns

    def _asked_for(self, got: Fetched) -> float:
        """Return the seconds of a `Retry-After`, 0 if there is none."""
        text = got.header("retry-after").strip()
        if text.isdecimal():
            seconds = float(text)
        else:
            try:
                date = parsedate_to_datetime(text)
            except ValueError:
                return 0.0
            if date.tzinfo is None:
                date = date.replace(tzinfo=UTC)
            seconds = (date - self._now).total_seconds()
        return min(max(seconds, 0.0), MOST_HOURS * 3600)

    def _written(self, record: Told, outcome: Outcome) -> tuple[Told | None, Outcome]:
        """Return what is to be remembered; None for nothing."""
        task = outcome.task
        new = record._replace(
            state=outcome.state,
            target=task.target,
            text=task.said.text if task.said else record.text,
            way=outcome.way or record.way,
            endpoint=outcome.endpoint or record.endpoint,
            page="",
            tries=0,
            again="",
            why="",
        )
        if outcome.state == "waiting":
            tries = record.tries + 1
            if tries > len(HOURS):
                outcome = outcome._replace(state="refused", why=f"given up: {outcome.why}")
            else:
                wait = timedelta(seconds=max(outcome.wait, HOURS[tries - 1] * 3600.0))
                again = (self._now + wait).isoformat()
                why = outcome.why
                return new._replace(tries=tries, again=again, why=why), outcome
        if task.kind == "removal":
            return None, outcome
        if outcome.state == "told":
            return new._replace(at=self._now.isoformat(), page=outcome.page), outcome
        return new._replace(state=outcome.state, why=outcome.why), outcome


def _failed(outcome: Outcome, error: FetchError) -> Outcome:
    if why := _REFUSALS.get(error.reason):
        return outcome._replace(why=f"{outcome.endpoint} {why}")
    why = f"{outcome.endpoint} {_FAILURES[error.reason]}"
    if outcome.way == "trackback" and error.reason != "name":
        return outcome._replace(state="unsure", why=why)
    return outcome._replace(state="waiting", why=why)
