"""Events for open pages: which files changed, and what is wrong. Server-Sent Events.

Every state has a name, `<server>-<number>`. A page says which state it was made in, so that it
hears of what it missed: while it was loading, hidden, or without a server.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections import deque
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import suppress
from typing import NamedTuple

MAX_STATES = 100
"""States whose changes are remembered; a page that is further behind compares itself."""

MAX_PATHS = 2000
"""With more changed files than this, pages compare themselves, too."""

MAX_DIGITS = 12
"""Of a number that can be a state's."""

RETRY_MILLISECONDS = 500
"""After which a browser that lost its server tries again."""

HEARTBEAT_SECONDS = 20.0
"""After which something is sent in any case, so that a dead connection is noticed."""


class _State(NamedTuple):
    number: int
    problems: tuple[str, ...]
    """Each as HTML."""
    errors: int
    """How many problems there are, those that are not shown among them."""


class ReloadEvents:
    """The states of a preview, the first without problems.

    Published from one thread, sent from the server's.
    """

    def __init__(self) -> None:
        self._server = secrets.token_hex(4)
        self._state = _State(0, (), 0)
        self._changes: deque[tuple[int, frozenset[str] | None]] = deque(maxlen=MAX_STATES)
        self._lock = threading.Lock()
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._closed = False

    @property
    def name(self) -> str:
        """The name of the current state."""
        return self._name(self._state)

    def _name(self, state: _State) -> str:
        return f"{self._server}-{state.number}"

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong, each as HTML."""
        return self._state.problems

    @property
    def listeners(self) -> int:
        """How many pages are listening."""
        return len(self._waiting)

    def publish(
        self, changed: Collection[str] | None, problems: Sequence[str], errors: int = 0
    ) -> None:
        """Publish that the output files `changed` (None: any), and what is wrong now.

        `problems` are HTML; `errors` is their number where not all are among them.
        """
        paths = None if changed is None or len(changed) > MAX_PATHS else frozenset(changed)
        with self._lock:
            count = max(errors, len(problems))
            self._state = _State(self._state.number + 1, tuple(problems), count)
            self._changes.append((self._state.number, paths))
        self._wake()

    def close(self) -> None:
        """End all streams."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        with self._lock:
            waiting = list(self._waiting.items())
        for event, loop in waiting:
            with suppress(RuntimeError):  # the server has just ended
                loop.call_soon_threadsafe(event.set)

    async def stream(self, since: str) -> AsyncIterator[str]:
        """Yield the text of an event stream for a page that was made in the state `since`."""
        published = asyncio.Event()
        with self._lock:
            self._waiting[published] = asyncio.get_running_loop()
        try:
            yield f"retry: {RETRY_MILLISECONDS}\n\n"
            while not self._closed:
                published.clear()
                text, since = self._event(since)
                yield text
                while not published.is_set():
                    try:
                        await asyncio.wait_for(published.wait(), HEARTBEAT_SECONDS)
                    except TimeoutError:
                        yield ": still here\n\n"
        finally:
            with self._lock:
                del self._waiting[published]

    def _event(self, since: str) -> tuple[str, str]:
        """Return the event that leads from `since` to the current state, and its name."""
        with self._lock:
            state = self._state
            changed = self._changed_since(since)
        data = {
            "state": self._name(state),
            "changed": None if changed is None else sorted(changed),
            "problems": state.problems,
            "errors": state.errors,
        }
        text = f"id: {self._name(state)}\nevent: state\ndata: {json.dumps(data)}\n\n"
        return text, self._name(state)

    def _changed_since(self, since: str) -> set[str] | None:
        """Return the files that changed since a state, or None if that cannot be said."""
        server, _, digits = since.partition("-")
        if server != self._server or not digits.isdecimal() or len(digits) > MAX_DIGITS:
            return None
        number = int(digits)
        missed = [paths for at, paths in self._changes if at > number]
        if len(missed) != self._state.number - number:
            return None
        changed: set[str] = set()
        for paths in missed:
            if paths is None:
                return None
            changed |= paths
        return changed
