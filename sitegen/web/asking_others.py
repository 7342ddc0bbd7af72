"""Asks other sites whether what is linked to is still there: politely, and not again each time.

Each host is asked one thing at a time, with a pause in between; several hosts at once. HEAD comes
first; where that is refused GET, of which no more than the beginning is read. Fetching itself is
`sitegen.web.fetching`'s: it keeps to time limits, and away from private networks.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from queue import SimpleQueue
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from sitegen.config.settings import Check
from sitegen.web.fetching import Fetched, Fetcher, FetchError, Limits

MOST_HOPS = 8
HOSTS_AT_ONCE = 16
LONGEST_WAIT = 20.0
"""Seconds that a server may ask us to wait before we ask again (`Retry-After`)."""

READ = 1024
"""Bytes of a page that are read to know that it comes."""

_MOVED = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_KEEPING_OUT = frozenset({401, 402, 403, 407, 429, 451, 999})
"""Answers by which a server keeps programs, strangers or countries out: nothing is known then.
999 is LinkedIn's."""

_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be others in a moment."""

_FAILURES = {
    "url": "is no address that can be asked for",
    "address": "lies in a private network, where readers cannot reach it",
    "name": "names a host that does not exist",
    "connection": "cannot be reached",
    "time": "does not answer in time",
    "protocol": "does not answer as a web server does",
    "redirects": "is moved again and again",
}
_LASTING = frozenset({"url", "address", "name"})
"""Failures that asking again does not mend."""


class Answer(NamedTuple):
    """What is known of an address."""

    fault: str
    """What is wrong, to stand after the address in a sentence; "" if nothing is."""
    moved_to: str
    """Where it has moved for good, "" if it has not."""
    is_known: bool
    """Whether the server said anything at all of the page."""
    asked_at: datetime


class Turns:
    """Lets each host be asked one thing at a time, with a pause in between."""

    def __init__(
        self, pause: float, sleep: Callable[[float], object], clock: Callable[[], float]
    ) -> None:
        """Take the pause in seconds, and what waits and tells the time in seconds."""
        self.pause = pause
        self.sleep = sleep
        self.clock = clock
        self._lock = threading.Lock()
        self._hosts: dict[str, threading.Lock] = {}
        self._next: dict[str, float] = {}

    @contextmanager
    def turn(self, url: str) -> Iterator[None]:
        """Wait until the host of `url` may be asked, and keep it to ourselves for the block."""
        host = urlsplit(url).netloc.casefold()
        with self._lock:
            lock = self._hosts.setdefault(host, threading.Lock())
        with lock:
            wait = self._next.get(host, 0.0) - self.clock()
            if wait > 0:
                self.sleep(wait)
            try:
                yield
            finally:
                self._next[host] = self.clock() + self.pause


class Asking:
    """Asks, with the patience that the configuration allows."""

    def __init__(
        self,
        fetcher: Fetcher,
        settings: Check,
        now: datetime,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take who fetches, and the moment at which answers are true."""
        self.fetcher = fetcher
        self.pause = settings.external_pause / 1000
        self.turns = Turns(self.pause, sleep, clock)
        self.retries = settings.external_retries
        self.seconds = settings.external_seconds
        self.now = now
        self.sleep = sleep
        self.stopped = threading.Event()

    def all(self, urls: Iterable[str]) -> Iterator[tuple[str, Answer]]:
        """Yield each address with its answer, as they come. For one use."""
        by_host: dict[str, list[str]] = {}
        for url in urls:
            by_host.setdefault(urlsplit(url).netloc.casefold(), []).append(url)
        if not by_host:
            return
        answered: SimpleQueue[tuple[str, Answer] | BaseException] = SimpleQueue()
        with ThreadPoolExecutor(min(HOSTS_AT_ONCE, len(by_host)), "links") as pool:
            try:
                for group in by_host.values():
                    pool.submit(self._host, group, answered)
                for _ in range(sum(map(len, by_host.values()))):
                    item = answered.get()
                    if isinstance(item, BaseException):
                        raise item
                    yield item
            finally:
                self.stopped.set()
                pool.shutdown(wait=False, cancel_futures=True)

    def _host(
        self, urls: list[str], answered: SimpleQueue[tuple[str, Answer] | BaseException]
    ) -> None:
        try:
            for url in urls:
                if self.stopped.is_set():
                    return
                answered.put((url, self.one(url)))
        except BaseException as error:  # noqa: BLE001 - raised again where it can be seen
            answered.put(error)

    def one(self, url: str) -> Answer:
        """Ask for one address, again if need be."""
        for attempt in range(self.retries + 1):
            answer, wait = self._attempt(url)
            if wait is None or attempt == self.retries:
                return answer
            self.sleep(min(wait or self.pause * 2**attempt, LONGEST_WAIT))
        raise AssertionError  # the loop returns

    def _attempt(self, url: str) -> tuple[Answer, float | None]:
        """Return an answer, and how long to wait before asking again; None for not at all."""
        here, for_good = url, True
        for _ in range(MOST_HOPS):
            try:
                got = self._got(here)
            except FetchError as error:
                lasting = error.reason in _LASTING
                fault = _FAILURES[error.reason]
                return self._answer(fault if here == url else f"leads to {here}, which {fault}"), (
                    None if lasting else 0.0
                )
            location = got.header("location")
            if got.status not in _MOVED or not location:
                return self._judged(url, here, got, for_good=for_good)
            for_good = for_good and got.status in _FOR_GOOD
            try:
                here = urljoin(here, location.encode("latin-1").decode("utf-8", "replace"))
            except ValueError:
                return self._answer("is moved to what is no address"), None
        return self._answer(_FAILURES["redirects"]), None

    def _got(self, url: str) -> Fetched:
        limits = Limits(self.seconds, READ, 0)
        try:
            with self.turns.turn(url):
                got = self.fetcher.head(url, limits)
        except FetchError as error:
            if error.reason != "protocol":
                raise
        else:
            if got.status < HTTPStatus.BAD_REQUEST or got.status == HTTPStatus.TOO_MANY_REQUESTS:
                return got
        with self.turns.turn(url):
            return self.fetcher.get(url, limits=limits)

    def _judged(
        self, url: str, here: str, got: Fetched, *, for_good: bool
    ) -> tuple[Answer, float | None]:
        moved = here if here != url and for_good else ""
        if got.status < HTTPStatus.BAD_REQUEST:
            return self._answer("", moved), None
        wait = _asked_to_wait(got) if got.status in _PASSING else None
        if got.status in _KEEPING_OUT:
            return self._answer("", is_known=False), wait
        said = f"answers {got.status}{_phrase(got.status)}"
        return self._answer(said if here == url else f"leads to {here}, which {said}"), wait

    def _answer(self, fault: str, moved_to: str = "", *, is_known: bool = True) -> Answer:
        return Answer(fault, moved_to, is_known, self.now)


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def _asked_to_wait(got: Fetched) -> float:
    """Return the seconds in `Retry-After`; 0 if there are none, or a date."""
    text = got.header("retry-after").strip()
    return float(text) if text.isdecimal() else 0.0


def fresh(answers: Mapping[str, Answer], now: datetime, days: int) -> dict[str, Answer]:
    """Return the good answers that are not older than `days`: bad ones are asked for again."""
    return {
        url: answer
        for url, answer in answers.items()
        if not answer.fault and 0 <= (now - answer.asked_at).total_seconds() < days * 86_400
    }
