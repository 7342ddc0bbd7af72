"""Looks now and then whether the output folder is as the last build left it.

Not by events: that would need a watch on each of its folders, of which there can be more than
the system allows, and our own writes would have to be told from others'. Between two builds nobody
of ours writes, so whatever differs then from what was noted of each file is somebody else's doing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sitegen.flow.session import Session
from sitegen.work.backoff import Backoff

SHORTEST = timedelta(seconds=10)
"""The pause between two looks at a small site."""

FOR_EACH_FILE = timedelta(milliseconds=2)
"""The pause for each file, of which a look costs some microseconds: far below 1 % of the time."""

STEP_FILES = 1000
"""Files that are looked at in one go: a save need not wait for all."""


class OutputWatch:
    """Looks at the output folder of a session, a step at a time, between two builds."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._backoff = Backoff()
        self._look: Iterator[list[str]] | None = None
        self._found: list[str] = []
        self._at_least = timedelta()
        """The pause after what was found last."""
        self.due: datetime | None = None
        """When to call `step` next; None: not before the next build."""

    def begin(self, now: datetime, *, failed: bool) -> None:
        """Start over after a build; one that failed is tried again anyway."""
        self._look, self._found = None, []
        self.due = None if failed else now + self._pause()

    def _pause(self) -> timedelta:
        files = len(self._session.state.written)
        return max(SHORTEST, FOR_EACH_FILE * files, self._at_least)

    def step(self, now: datetime) -> tuple[str, ...] | None:
        """Look at some files; return the paths that changed, once all were looked at.

        None means that nothing changed so far. No paths: the folder as a whole is another. What
        was changed again after it was repaired is looked at less and less often.
        """
        session = self._session
        is_known = session.is_output_known()
        if is_known:
            if self._look is None:
                self._look = session.changed_outputs(STEP_FILES)
            step = next(self._look, None)
            if step is not None:
                self._found += step
                self.due = now
                return None
        self._look = None
        if is_known and not self._found:
            self._backoff.succeeded()
            self._at_least = timedelta()
            self.due = now + self._pause()
            return None
        self._at_least = self._backoff.failed()
        session.distrust_output()
        return tuple(self._found) if is_known else ()
