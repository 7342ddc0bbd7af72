"""Spaces out the requests to each host: one at a time, with a pause in between."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


class HostThrottle:
    """Lets each host get one request at a time. May be used by several threads.

    `pause` are the seconds between the end of a request and the next one to the same host; `sleep`
    waits so many seconds, `clock` gives seconds that only grow.
    """

    def __init__(
        self, pause: float, sleep: Callable[[float], object], clock: Callable[[], float]
    ) -> None:
        self.pause = pause
        self.sleep = sleep
        self.clock = clock
        self._lock = threading.Lock()
        self._hosts: dict[str, threading.Lock] = {}
        self._next: dict[str, float] = {}

    @contextmanager
    def slot(self, url: str) -> Iterator[None]:
        """Wait until the host of `url` may get a request, and reserve it for the block."""
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
