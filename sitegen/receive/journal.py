"""What the receiver did: a line of the log for each event, and how many there were.

Neither says who sent anything: an address in a log is an address that is kept.
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple

from sitegen.model import moments
from sitegen.model.moments import Moment

Event = Literal[
    "taken", "repeated", "refused", "filed", "unchanged", "withdrawn", "failed", "moderated"
]
"""`repeated`: the same was taken before. `unchanged`: a mention that says what it said before.
`failed`: it stays in the queue, and is tried again."""

_PLAIN: Final = re.compile(r"[\w./:-]+", re.ASCII)
_LONGEST: Final = 300


class Counted(NamedTuple):
    """What events are counted by; each has few values, whatever is sent."""

    event: Event
    kind: str
    """`comment`, `webmention`, `proof`, …; `request` for what is none of them."""
    reason: str
    """Why something was refused, else ""."""


class Journal:
    """The log and the counters of a receiver. Threads may share it.

    `write` takes lines, `form` is how they are written, `clock` gives the time of a line in JSON.
    """

    def __init__(
        self,
        write: Callable[[str], None],
        form: Literal["text", "json"],
        clock: Callable[[], Moment],
    ) -> None:
        self._write = write
        self._form = form
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: Counter[Counted] = Counter()

    def say(self, message: str) -> None:
        """Write a message that is no event."""
        self._line(message, {"message": message})

    def record(self, event: Event, kind: str, *, reason: str = "", **about: str) -> None:
        """Write and count an event. `about` says more of it, in the line only."""
        with self._lock:
            self._counts[Counted(event, kind, reason)] += 1
        values = {"kind": kind, "reason": reason, **about}
        said = {name: value[:_LONGEST] for name, value in values.items() if value}
        text = " ".join((event, *(f"{name}={_quoted(value)}" for name, value in said.items())))
        self._line(text, {"event": event, **said})

    def counts(self) -> Mapping[Counted, int]:
        """Return how often each event was recorded since the start."""
        with self._lock:
            return dict(self._counts)

    def _line(self, text: str, values: Mapping[str, str]) -> None:
        if self._form == "json":
            time = moments.iso(moments.in_zone(self._clock(), "UTC"), "seconds")
            text = json.dumps({"time": time.replace("+00:00", "Z"), **values})
        with self._lock:  # Lines of two threads must not run together.
            self._write(text)


def _quoted(value: str) -> str:
    """Return a value for a line of text: nothing in it can look like another line or value."""
    return value if _PLAIN.fullmatch(value) else json.dumps(value)
