"""Indexes years in another process while pages are edited and published in this one.

Whatever ends a run (no more files or processes to be had, a full disk) is told, and tried again.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime

from sitegen.cache.record_reader import MissingRecordError
from sitegen.index.site import Site
from sitegen.model.errors import Problem, exception_text
from sitegen.model.search_index import Parts
from sitegen.search import pagefind
from sitegen.search.pagefind import PagefindError
from sitegen.search.shards import years
from sitegen.search.year_shards import IndexedYears, LoadDocument, YearIndex, index_year
from sitegen.work.backoff import Backoff
from sitegen.work.executor import end_with_parent, start_context, threadsafe_start_method
from sitegen.work.threads import start_thread

NICENESS = 10
"""Builds go first."""


class BackgroundIndexer:
    """Indexes the years that are out of date, the newest first.

    Calls `wake`, from another thread, whenever there is something to take.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._lock = threading.Lock()
        self._ready: IndexedYears = {}
        self._thread: threading.Thread | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._is_busy = False
        self._ended = False
        self._backoff = Backoff()
        self._failure: BaseException | None = None
        """What ended the last run; None if it ended well."""
        self._next_try: datetime | None = None
        """Before which no other run is begun."""

    def submit(self, site: Site, parts: Parts, now: datetime) -> datetime | None:
        """Start to index the years of `site` that are out of date in `parts`, unless a run is on.

        A run is not stopped for a newer state: what it makes of other years is good. Whoever takes
        its results submits again what is still out of date. After a run that failed there is a
        pause: then the time is returned at which to submit again.
        """
        with self._lock:
            if self._is_busy or self._ended:
                return None
            if self._failure is not None and self._next_try is None:
                self._next_try = now + self._backoff.failed()
            if self._next_try is not None and now < self._next_try:
                return self._next_try
            self._next_try = None
            self._is_busy = True
        self._thread = start_thread("index", lambda: self._run(site, parts), self._fail)
        return None

    def pause(self, now: datetime) -> datetime:
        """Note that what was indexed could not be used; return the time at which to go on."""
        with self._lock:
            self._next_try = now + self._backoff.failed()
            return self._next_try

    def settle(self) -> None:
        """Note that the index is in step: the next failure begins with a short pause."""
        with self._lock:
            self._backoff.succeeded()

    @property
    def problem(self) -> Problem | None:
        """Why the index is behind, as a warning: what ended the last run; None if nothing did."""
        failure = self._failure
        if failure is None:
            return None
        reason = getattr(failure, "strerror", None) or exception_text(failure)
        message = f"the search index is behind, and will be tried again: {reason}"
        return Problem(message, severity="warning")

    def take_results(self) -> IndexedYears:
        """Return what was indexed since the last call."""
        with self._lock:
            ready, self._ready = self._ready, {}
        return ready

    def stop(self) -> None:
        """Stop the current run, and wait until it has ended."""
        with self._lock:
            self._ended = True
            processes = {} if self._pool is None else self._pool._processes  # noqa: SLF001 - no public way
            for process in list((processes or {}).values()):
                process.terminate()
        if self._thread is not None and self._thread.ident is not None:
            self._thread.join()

    def _run(self, site: Site, parts: Parts) -> None:
        """Index one year after the other; the last result says that the run has ended."""
        stale = [
            (year, old.content if old else None)
            for year in reversed(years(site, pagefind.version()).values())
            if (old := parts.get(year.name)) is None or old.key != year.key
        ]
        if not stale:
            # Edits of which nothing is to be found: the next build takes note of that.
            self._add_result("", None, is_last=True)
            return
        load = LoadDocument(site.load_article, site.load_page, site.load_term)
        with self._process() as pool:
            for number, (year, known) in enumerate(stale, 1):
                made: YearIndex | PagefindError | None = None
                try:
                    if not self._ended:
                        made = pool.submit(index_year, year, load, known).result()
                except PagefindError as error:
                    made = error
                except (MissingRecordError, BrokenProcessPool, SystemExit):
                    pass  # It was edited meanwhile, or the process was ended, idle or at work.
                self._add_result(year.key.hex(), made, is_last=number == len(stale))

    def _add_result(
        self, key: str, made: YearIndex | PagefindError | None, *, is_last: bool
    ) -> None:
        with self._lock:
            self._ready[key] = made
            self._is_busy = not is_last
            if is_last:
                self._failure = None
        self._wake()

    def _fail(self, error: BaseException) -> None:
        """Take note of what ended the run."""
        with self._lock:
            self._failure = error
            self._is_busy = False
        self._wake()

    @contextlib.contextmanager
    def _process(self) -> Iterator[ProcessPoolExecutor]:
        """Provide a process to work in."""
        context = start_context(threadsafe_start_method())
        with ProcessPoolExecutor(1, context, initializer=_enter) as pool:
            with self._lock:
                self._pool = pool
            try:
                yield pool
            finally:
                with self._lock:
                    self._pool = None


def _enter() -> None:
    """Prepare the process: it yields to others, and cleans up when it is terminated."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    end_with_parent()
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICENESS)
