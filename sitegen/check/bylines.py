"""Texts under `author` that are read as several people, and seem to name one."""

from __future__ import annotations

import re

_ROLES = re.compile(
    r"\b(?:analyst|architect|assistant|chief|columnist|contributor|correspondent|critic|designer"
    r"|developer|director|editor|engineer|esq|fellow|head|intern|jr|lead|lecturer|manager|officer"
    r"|ph\.?d|photographer|president|producer|professor|publisher|reporter|scientist|sr|staff"
    r"|writer|ceo|cto|cfo|m\.?d)\b",
    re.IGNORECASE,
)
"""Words of job titles and degrees."""
_INITIALS = re.compile(r"(?:[A-Z]\.[ -]?)+")
_SURNAME = re.compile(r"[A-Z][A-Z'-]+")
"""A surname as people write it who put it first: `NARUSE, Yui`."""


def seems_one(parts: list[str]) -> bool:
    """Whether the parts of a text with commas seem to be one person's name, title or initials."""
    first, *others = parts
    if any(_ROLES.search(part) or _INITIALS.fullmatch(part) for part in others):
        return True
    return bool(
        len(others) == 1 and _SURNAME.fullmatch(first) and not _SURNAME.fullmatch(others[0])
    )
