"""Checks whether the pages of other sites are still there.

Several hosts are asked at once, each of them one thing at a time, with a pause in between. HEAD
comes first; where that is refused GET, of which no more than the beginning is read. Fetching itself
is `sitegen.web.fetching`'s: it keeps to time limits, and away from private networks.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from queue import SimpleQueue
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from sitegen.config.settings import Check
from sitegen.model.moments import Moment
from sitegen.web.fetching import Fetched, Fetcher, FetchError, Limits
from sitegen.web.host_throttle import HostThrottle

MOST_HOPS = 8
HOSTS_AT_ONCE = 16
LONGEST_WAIT = 20.0
"""Seconds that a server may ask us to wait before we ask again (`Retry-After`)."""

READ_BYTES = 1024
"""Bytes of a page that are read to know that it comes."""

_MOVED = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_ACCESS_DENIED = frozenset({401, 402, 403, 407, 429, 451, 999})
"""Statuses by which a server keeps programs, strangers or countries out: nothing is known then.
999 is LinkedIn's."""

_TEMPORARY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that may be others in a moment."""

_FAILURES = {
    "url": "is not a valid web address",
    "address": "is in a private network, which readers cannot reach",
    "name": "names a host that does not exist",
    "connection": "cannot be reached",
    "time": "timed out",
    "protocol": "does not speak HTTP",
    "redirects": "redirects too many times",
}
_FINAL = frozenset({"url", "address", "name"})
"""Failures that a second attempt does not change."""


class LinkStatus(NamedTuple):
    """What is known of a URL."""

    fault: str
    """What is wrong, to stand after the URL in a sentence; "" if nothing is."""
    moved_to: str
    """Where it has moved permanently, "" if it has not."""
    is_known: bool
    """Whether the server said anything at all of the page."""
    checked_at: Moment


class LinkChecker:
    """Checks URLs, within the limits that the `[check]` settings allow.

    `now` is the moment at which the results are true; `sleep` and `clock` are for tests.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        settings: Check,
        now: Moment,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.fetcher = fetcher
        self.pause = settings.external_pause / 1000
        self.throttle = HostThrottle(self.pause, sleep, clock)
        self.retries = settings.external_retries
        self.seconds = settings.external_seconds
        self.now = now
        self.sleep = sleep
        self.stopped = threading.Event()

    def check_all(self, urls: Iterable[str]) -> Iterator[tuple[str, LinkStatus]]:
        """Yield each URL with its status, in the order in which they are known. For one use."""
        by_host: dict[str, list[str]] = {}
        for url in urls:
            by_host.setdefault(urlsplit(url).netloc.casefold(), []).append(url)
        if not by_host:
            return
        results: SimpleQueue[tuple[str, LinkStatus] | BaseException] = SimpleQueue()
        with ThreadPoolExecutor(min(HOSTS_AT_ONCE, len(by_host)), "links") as pool:
            try:
                for group in by_host.values():
                    pool.submit(self._check_host, group, results)
                for _ in range(sum(map(len, by_host.values()))):
                    item = results.get()
                    if isinstance(item, BaseException):
                        raise item
                    yield item
            finally:
                self.stopped.set()
                pool.shutdown(wait=False, cancel_futures=True)

    def _check_host(
        self, urls: list[str], results: SimpleQueue[tuple[str, LinkStatus] | BaseException]
    ) -> None:
        try:
            for url in urls:
                if self.stopped.is_set():
                    return
                results.put((url, self.check(url)))
        except BaseException as error:  # noqa: BLE001 - raised again where it can be seen
            results.put(error)

    def check(self, url: str) -> LinkStatus:
        """Check one URL, with retries."""
        for attempt in range(self.retries + 1):
            status, wait = self._attempt(url)
            if wait is None or attempt == self.retries:
                return status
            self.sleep(min(wait or self.pause * 2**attempt, LONGEST_WAIT))
        raise AssertionError  # the loop returns

    def _attempt(self, url: str) -> tuple[LinkStatus, float | None]:
        """Return a status, and how long to wait before the next attempt; None for no other."""
        here, for_good = url, True
        for _ in range(MOST_HOPS):
            try:
                got = self._fetch(here)
            except FetchError as error:
                is_final = error.reason in _FINAL
                fault = _FAILURES[error.reason]
                if here != url:
                    fault = f"redirects to {here}, which {fault}"
                return self._status(fault), None if is_final else 0.0
            location = got.header("location")
            if got.status not in _MOVED or not location:
                return self._evaluate(url, here, got, for_good=for_good)
            for_good = for_good and got.status in _PERMANENT
            try:
                here = urljoin(here, location.encode("latin-1").decode("utf-8", "replace"))
            except ValueError:
                return self._status("redirects to an invalid address"), None
        return self._status(_FAILURES["redirects"]), None

    def _fetch(self, url: str) -> Fetched:
        limits = Limits(self.seconds, READ_BYTES, 0)
        try:
            with self.throttle.slot(url):
                got = self.fetcher.head(url, limits)
        except FetchError as error:
            if error.reason != "protocol":
                raise
        else:
            if got.status < HTTPStatus.BAD_REQUEST or got.status == HTTPStatus.TOO_MANY_REQUESTS:
                return got
        with self.throttle.slot(url):
            return self.fetcher.get(url, limits=limits)

    def _evaluate(
        self, url: str, here: str, got: Fetched, *, for_good: bool
    ) -> tuple[LinkStatus, float | None]:
        moved = here if here != url and for_good else ""
        if got.status < HTTPStatus.BAD_REQUEST:
            return self._status("", moved), None
        wait = _retry_after(got) if got.status in _TEMPORARY else None
        if got.status in _ACCESS_DENIED:
            return self._status("", is_known=False), wait
        fault = f"returned {got.status}{_phrase(got.status)}"
        if here != url:
            fault = f"redirects to {here}, which {fault}"
        return self._status(fault), wait

    def _status(self, fault: str, moved_to: str = "", *, is_known: bool = True) -> LinkStatus:
        return LinkStatus(fault, moved_to, is_known, self.now)


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def _retry_after(got: Fetched) -> float:
    """Return the seconds in `Retry-After`; 0 if there are none, or a date."""
    text = got.header("retry-after").strip()
    return float(text) if text.isdecimal() else 0.0


def unexpired(statuses: Mapping[str, LinkStatus], now: Moment, days: int) -> dict[str, LinkStatus]:
    """Return the good statuses that are not older than `days`: bad ones are checked again."""
    return {
        url: status
        for url, status in statuses.items()
        if not status.fault and 0 <= (now - status.checked_at).total_seconds() < days * 86_400
    }
