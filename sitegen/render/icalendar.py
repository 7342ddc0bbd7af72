"""iCalendar (RFC 5545): texts and times as its properties have them, and its lines."""

from __future__ import annotations

import re
from datetime import timedelta

from sitegen.model import moments
from sitegen.model.moments import Moment

MAX_LINE_BYTES = 75
"""Of a line without its end (RFC 5545 §3.1)."""

_DAY = re.compile(r"\s*\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s*", re.ASCII)
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def escaped_text(text: str) -> str:
    """Return a text as the value of a property (RFC 5545 §3.3.11)."""
    return text.strip().translate(_ESCAPED)


def is_day(text: str) -> bool:
    """Whether a text that is a date says no time of day."""
    return _DAY.fullmatch(text) is not None


def utc(moment: Moment) -> str:
    """Return a moment in UTC: `20241104T215400Z`."""
    return f"{moments.local(moments.in_zone(moment, 'UTC')):%Y%m%dT%H%M%SZ}"


def day(moment: Moment, *, after: int = 0) -> str:
    """Return a day of the moment's calendar, so many days after it: `20241104`."""
    return f"{moments.local(moment).date() + timedelta(days=after):%Y%m%d}"


def content_lines(text: str) -> str:
    """Return a text with the line ends of iCalendar, and long lines folded.

    Lines with nothing in them, which templates leave, are left out.
    """
    lines = (line.rstrip() for line in text.replace("\r\n", "\n").split("\n"))
    return "".join(f"{_folded(line)}\r\n" for line in lines if line)


def _folded(line: str) -> str:
    parts: list[str] = []
    size, start = 0, 0
    for place, char in enumerate(line):
        width = len(char.encode())
        if size + width > MAX_LINE_BYTES:
            parts.append(line[start:place])
            start, size = place, 1  # the space that a folded line begins with
        size += width
    return "\r\n ".join((*parts, line[start:]))
