"""Sends notifications to other sites, with pauses and retries, and logs every step.

Before a notification is sent the log says that it is on its way, and afterwards what became of it.
So whatever ends this process, the next one knows all that was sent; and the one notification of
which nobody can know whether it arrived is sent again only where that does no harm.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from queue import SimpleQueue
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from sitegen.config.settings import Config
from sitegen.model import moments
from sitegen.model.moments import Moment
from sitegen.notify.delivery_log import DeliveryLog
from sitegen.notify.discovery import PREFERRED, Endpoint, find_endpoint
from sitegen.notify.protocols import TEMPORARY, Message, encode, verdict
from sitegen.notify.records import Notification, ProtocolName, State
from sitegen.notify.tasks import Task
from sitegen.web.fetching import Fetched, Fetcher, FetchError
from sitegen.web.host_throttle import HostThrottle

HOSTS_AT_ONCE = 8
TRIES = 3
"""Attempts for each task in one run."""

LONGEST_WAIT = 30.0
"""Seconds that a run waits because a server asks for it; longer waits are left to the next run."""

RETRY_HOURS = (1, 4, 12, 24, 72, 168)
"""After so many hours a later run tries again; then it is given up."""

LONGEST_RETRY_HOURS = 24 * 14
"""The longest time that a server may ask us to wait."""

_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
_FOLLOWED = frozenset({301, 307, 308})
"""Redirects after which what was posted is posted again; after 302 and 303 it has been taken."""

_MOST_HOPS = 3
_REFUSALS = {
    "url": "is not a valid web address",
    "address": "is in a private network",
    "redirects": "redirects too many times",
}
_FAILURES = {
    "name": "names a host that does not exist",
    "connection": "cannot be reached",
    "time": "timed out",
    "protocol": "does not speak HTTP",
}


class Outcome(NamedTuple):
    """What became of a task."""

    task: Task
    state: State
    protocol: ProtocolName = ""
    endpoint: str = ""
    reason: str = ""
    status_url: str = ""
    retry_after: float = 0.0
    """Seconds that the server asks us to wait, 0 if it does not."""


class Delivery:
    """Carries out the tasks of one run.

    `now` is the moment of the run; `sleep` waits so many seconds: without one the end of the run
    ends every wait.
    """

    def __init__(
        self,
        log: DeliveryLog,
        fetcher: Fetcher,
        config: Config,
        now: Moment,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log = log
        self._fetcher = fetcher
        self._rules = config.notify
        self._site_title = config.title
        self._now = now
        self._pause = config.notify.pause / 1000
        self._stopped = threading.Event()
        self._sleep = sleep or self._stopped.wait
        self._throttle = HostThrottle(self._pause, self._sleep, clock)

    def run(self, tasks: Iterable[Task]) -> Generator[Outcome]:
        """Yield the outcome of each task, in the order in which they are known. For one use.

        When the caller stops, what is on its way is waited for, and nothing more is begun.
        """
        by_host: dict[str, list[Task]] = {}
        for task in tasks:
            by_host.setdefault(urlsplit(task.target).netloc.casefold(), []).append(task)
        if not by_host:
            return
        outcomes: SimpleQueue[Outcome | BaseException] = SimpleQueue()
        with ThreadPoolExecutor(min(HOSTS_AT_ONCE, len(by_host)), "notify") as pool:
            try:
                for group in by_host.values():
                    pool.submit(self._deliver_to_host, group, outcomes)
                for _ in range(sum(map(len, by_host.values()))):
                    item = outcomes.get()
                    if isinstance(item, BaseException):
                        raise item
                    yield item
            finally:
                self._stopped.set()
                pool.shutdown(cancel_futures=True)

    def _deliver_to_host(
        self, tasks: list[Task], outcomes: SimpleQueue[Outcome | BaseException]
    ) -> None:
        try:
            for task in tasks:
                if self._stopped.is_set():
                    return
                outcomes.put(self._deliver(task))
        except BaseException as error:  # noqa: BLE001 - raised again where it can be seen
            outcomes.put(error)

    def _deliver(self, task: Task) -> Outcome:
        record = task.record or Notification(task.source, task.target, "waiting")
        current = task.record
        for attempt in range(TRIES):
            outcome, current = self._attempt(task, record, current)
            wait = outcome.retry_after or self._pause * 2 * 4**attempt
            if outcome.state != "waiting" or attempt == TRIES - 1 or wait > LONGEST_WAIT:
                break
            if self._stopped.is_set():
                break
            self._sleep(wait)
        new, outcome = self._new_record(record, outcome)
        self._log.replace(task.thread, current, new)
        return outcome

    def _attempt(
        self, task: Task, record: Notification, current: Notification | None
    ) -> tuple[Outcome, Notification | None]:
        """Try once; return the outcome, and the record of the task as it is now."""
        found = self._discover(task, record)
        if isinstance(found, Outcome):
            return found, current
        sending = record._replace(
            state="sending", protocol=found.protocol, endpoint=found.url, target=task.target
        )
        if current != sending:
            self._log.replace(task.thread, current, sending)
        return self._send(task, found), sending

    def _discover(self, task: Task, record: Notification) -> Endpoint | Outcome:
        # What was sent by Webmention can be updated by Webmention only.
        protocols: Iterable[ProtocolName] = (
            ("webmention",) if record.is_known_there else self._protocols
        )
        limits = self._fetcher.limits._replace(redirects=10)
        try:
            with self._throttle.slot(task.target):
                got = self._fetcher.get(task.target, _ACCEPT, limits)
        except FetchError as error:
            if reason := _REFUSALS.get(error.reason):
                return Outcome(task, "none", reason=f"the page {reason}")
            return Outcome(task, "waiting", reason=f"the page {_FAILURES[error.reason]}")
        if got.status in TEMPORARY:
            return Outcome(
                task,
                "waiting",
                reason=f"the page returned {got.status}",
                retry_after=self._retry_after(got),
            )
        if got.status >= HTTPStatus.BAD_REQUEST:
            return Outcome(task, "none", reason=f"the page returned {got.status}")
        headers = {name: got.all_headers(name) for name, _ in got.headers}
        found = find_endpoint(got.url, headers, got.body, tuple(protocols), task.target)
        return found or Outcome(task, "none")

    @property
    def _protocols(self) -> list[ProtocolName]:
        return [protocol for protocol in PREFERRED if protocol in self._rules.ways]

    def _send(self, task: Task, endpoint: Endpoint) -> Outcome:
        article = task.article
        message = Message(
            task.source,
            task.target,
            article.title if article else "",
            article.summary if article else "",
            self._site_title,
        )
        body, kind = encode(endpoint.protocol, message)
        outcome = Outcome(task, "refused", endpoint.protocol, endpoint.url)
        try:
            url, got = self._post(endpoint.url, body, kind)
        except FetchError as error:
            return _failed(outcome, error)
        location = got.header("location")
        answer = verdict(endpoint.protocol, got.status, got.body)
        if endpoint.protocol == "webmention" and got.status in (302, 303):
            # An endpoint with a form for people: it has taken the form, and leads them on.
            return outcome._replace(state="told")
        if answer.result == "retry":
            return outcome._replace(
                state="waiting", reason=f"{url} {answer.reason}", retry_after=self._retry_after(got)
            )
        if answer.result == "refused":
            return outcome._replace(reason=f"{url} {answer.reason}")
        status_url = urljoin(url, location) if got.status == HTTPStatus.CREATED and location else ""
        return outcome._replace(state="told", status_url=status_url)

    def _post(self, url: str, body: bytes, kind: str) -> tuple[str, Fetched]:
        """Post to an endpoint, following redirects; return its final URL and its answer."""
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

    def _retry_after(self, got: Fetched) -> float:
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
            seconds = (moments.of(date) - self._now).total_seconds()
        return min(max(seconds, 0.0), LONGEST_RETRY_HOURS * 3600)

    def _new_record(
        self, record: Notification, outcome: Outcome
    ) -> tuple[Notification | None, Outcome]:
        """Return what is to be recorded, None for nothing, and the outcome: it may be given up."""
        task = outcome.task
        new = record._replace(
            state=outcome.state,
            target=task.target,
            digest=task.article.digest if task.article else record.digest,
            protocol=outcome.protocol or record.protocol,
            endpoint=outcome.endpoint or record.endpoint,
            status_url="",
            failures=0,
            retry_at="",
            reason="",
        )
        if outcome.state == "waiting":
            failures = record.failures + 1
            if failures > len(RETRY_HOURS):
                outcome = outcome._replace(state="refused", reason=f"given up: {outcome.reason}")
            else:
                wait = timedelta(
                    seconds=max(outcome.retry_after, RETRY_HOURS[failures - 1] * 3600.0)
                )
                retry_at = moments.iso(self._now + wait)
                reason = outcome.reason
                return new._replace(failures=failures, retry_at=retry_at, reason=reason), outcome
        if task.kind == "removal":
            return None, outcome
        if outcome.state == "told":
            return new._replace(
                accepted_at=moments.iso(self._now), status_url=outcome.status_url
            ), outcome
        return new._replace(state=outcome.state, reason=outcome.reason), outcome


def _failed(outcome: Outcome, error: FetchError) -> Outcome:
    if reason := _REFUSALS.get(error.reason):
        return outcome._replace(reason=f"{outcome.endpoint} {reason}")
    reason = f"{outcome.endpoint} {_FAILURES[error.reason]}"
    if outcome.protocol == "trackback" and error.reason != "name":
        return outcome._replace(state="unsure", reason=reason)
    return outcome._replace(state="waiting", reason=reason)
