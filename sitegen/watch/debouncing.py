"""Debounces file events into batches: what is saved together is built together.

A single save is handed over almost at once; a burst (`git checkout`) is collected until it pauses.
"""

from __future__ import annotations

import threading
import time
from typing import Literal, NamedTuple

Kind = Literal["writing", "written", "touched"]
"""`writing`: more of this file is to come; `written`: it is complete, moved or removed; `touched`:
its permissions changed, which says nothing of its content."""

GRACE_SECONDS = 0.003
"""Pause after a file that was closed or moved: editors and `sed -i` do a second thing at once."""

QUIET_SECONDS = 0.04
"""Pause that ends a burst, or a file for which no event says that it is complete."""

MAX_DELAY_SECONDS = 1.0
"""After this time a batch is handed over even if changes keep coming."""

SMALL_BATCH_PATHS = 4
"""More paths than this are a burst: an editor saves one file and perhaps its neighbours."""

MAX_BATCH_PATHS = 1000
"""More paths than this are found faster by looking at the whole site."""


class Batch(NamedTuple):
    """Paths that changed, relative to the site folder; None means that all may have."""

    paths: frozenset[str] | None


class Debouncer:
    """Collects changes until they are a batch. Takes the time as an argument, in seconds."""

    def __init__(self) -> None:
        self._paths: set[str] = set()
        self._writing: set[str] = set()
        self._everything = False
        self._first = self._last = 0.0

    def add(self, path: str | None, kind: Kind, now: float) -> None:
        """Note that `path` changed; None that anything may have."""
        if self.settles_at() is None:
            self._first = now
        self._last = now
        if path is None or len(self._paths) >= MAX_BATCH_PATHS:
            self._everything = True
        else:
            self._paths.add(path)
        if path is not None and kind == "writing":
            self._writing.add(path)
        elif path is not None and kind == "written":
            self._writing.discard(path)

    def settles_at(self) -> float | None:
        """Return the time at which these changes are a batch if nothing comes before; or None."""
        if not self._paths and not self._everything:
            return None
        is_save = (
            not self._writing and not self._everything and len(self._paths) <= SMALL_BATCH_PATHS
        )
        pause = GRACE_SECONDS if is_save else QUIET_SECONDS
        return min(self._last + pause, self._first + MAX_DELAY_SECONDS)

    def take(self) -> Batch:
        """Return what was collected, and start over."""
        batch = Batch(None if self._everything else frozenset(self._paths))
        self.__init__()  # type: ignore[misc]  # as new
        return batch


class BatchQueue:
    """A debouncer between threads: several add changes, one takes settled batches."""

    def __init__(self) -> None:
        self._debouncer = Debouncer()
        self._changed = threading.Condition()
        self._ended = False
        self._woken = False

    def add(self, path: str | None, kind: Kind = "written") -> None:
        """Note that `path` changed; None that anything may have."""
        with self._changed:
            self._debouncer.add(path, kind, time.monotonic())
            self._changed.notify_all()

    def wake(self) -> None:
        """Let `take` return an empty batch as soon as no change is pending."""
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def end(self) -> None:
        """Let `take` return None from now on."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    @property
    def ended(self) -> bool:
        """Whether `end` was called."""
        return self._ended

    def take(self, seconds: float) -> Batch | None:
        """Return the next settled batch; None if there is none within `seconds`, or at the end."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not self._ended:
                now = time.monotonic()
                settles = self._debouncer.settles_at()
                if settles is not None and settles <= now:
                    return self._debouncer.take()
                if settles is None and self._woken:
                    self._woken = False
                    return Batch(frozenset())
                if now >= deadline:
                    return None
                # The lock is free while waiting; a signal (Ctrl-C) ends the wait.
                self._changed.wait(min(deadline, settles or deadline) - now)
        return None
