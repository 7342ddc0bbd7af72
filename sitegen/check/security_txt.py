"""`security.txt`, which says whom to tell of a hole: is it as RFC 9116 wants it, and valid?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from sitegen.check.built_site import BuiltSite
from sitegen.check.finding import Finding
from sitegen.model import moments
from sitegen.model.moments import Moment

RULE = "security-txt"

PATHS = (".well-known/security.txt", "security.txt")
"""Where it is looked for (RFC 9116 §3)."""

SOON = timedelta(days=30)
"""How long before it expires it is told."""

LONGEST = timedelta(days=366)
"""How far away its end should be at most (RFC 9116 §2.5.5)."""

_FIELD = re.compile(r"([A-Za-z-]+):[ \t]*(.*?)[ \t]*\r?$", re.MULTILINE)


def findings(built: BuiltSite) -> Iterator[Finding]:
    """Yield what is wrong with the files of this name in the output folder."""
    for path in PATHS:
        if path in built.sizes:
            text = (built.output / path).read_text("utf-8", "replace")
            for line, message, hint in faults(text, built.site.at):
                yield Finding(RULE, message, built.place(path, line), hint)


def faults(text: str, at: Moment) -> Iterator[tuple[int, str, str]]:
    """Yield line, message and hint for what is wrong with a text at the moment `at`."""
    found = [
        (text.count("\n", 0, item.start()) + 1, str(item[1]).lower(), str(item[2]))
        for item in _FIELD.finditer(text)
    ]
    if not any(name == "contact" for _, name, _ in found):
        yield 1, "the file names nobody to write to", "write `Contact: mailto:security@example.org`"
    ends = [(line, value) for line, name, value in found if name == "expires"]
    if len(ends) != 1:
        message = "the file must say once when it expires"
        yield 1, message, "write `Expires: 2026-01-01T00:00:00Z`, with a date within a year"
        return
    ((line, value),) = ends
    try:
        end = moments.parse(value)
    except ValueError:
        yield line, f'"{value}" is not a date', "write it as 2026-01-01T00:00:00Z"
        return
    yield from ((line, message, hint) for message, hint in _of_end(end, at))


def _of_end(end: Moment, at: Moment) -> Iterator[tuple[str, str]]:
    day = f"{moments.local(end):%Y-%m-%d}"
    hint = "look whether all of it still holds, and set another date within a year"
    if end <= at:
        yield f"the file has expired on {day}: nobody is to trust it any more", hint
    elif end - at <= SOON:
        yield f"the file expires on {day}", hint
    elif end - at > LONGEST:
        yield f"the file expires on {day}, in more than a year", "set a date within a year"
