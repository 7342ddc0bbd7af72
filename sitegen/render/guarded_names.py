"""Names of attributes that templates do not get as Python has them. Pure."""

from __future__ import annotations

RECORDS_HAVE = frozenset({"count", "index"})
"""Methods of every tuple, which a template would take for parts of an answer."""

FORMATTING = frozenset({"format", "format_map"})
"""Methods that make text of whatever they are given."""

_GUARDED = RECORDS_HAVE | FORMATTING


def is_guarded(name: str) -> bool:
    """Whether an attribute of this name has to be looked at before a template has it."""
    return name in _GUARDED or name[:1] == "_"
