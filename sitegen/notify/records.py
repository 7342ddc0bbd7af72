"""What other sites were told of one article, and the file of the site that says so. Pure.

`notified/<thread>.json` belongs to the sources and is committed with them: what was told was told
to the world, and a machine that does not know of it would tell it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, get_args, get_type_hints

State = Literal["sending", "told", "none", "refused", "waiting", "unsure"]
"""`sending`: on its way, or it was when the machine died. `told`: the other site has taken it.
`none`: the page takes no notifications. `refused`: the other site did not want it, or we gave up.
`waiting`: it did not work; to be tried again. `unsure`: sent, and nobody knows whether it came."""

Way = Literal["", "webmention", "pingback", "trackback"]


class Told(NamedTuple):
    """What became of telling the page `target` about our page `source`."""

    source: str
    """The address of our article, under which they know it."""
    target: str
    """The address of theirs, as the article has it."""
    state: State
    way: Way = ""
    endpoint: str = ""
    """Where it was sent."""
    text: str = ""
    """The digest of what the article said then."""
    at: str = ""
    """When they last took it, ISO 8601; "" if never."""
    page: str = ""
    """Where they say what becomes of it (`Location`)."""
    tries: int = 0
    """How often it has not worked, in a row."""
    again: str = ""
    """When to try again at the earliest, ISO 8601."""
    why: str = ""
    """Why it did not work."""

    @property
    def is_known_there(self) -> bool:
        """Whether they may have something of us that a change or a removal concerns.

        Only Webmention knows either: in Pingback and TrackBack what was said was said. Also what
        was sent and not answered well may have been taken.
        """
        may_have_come = self.state in ("sending", "waiting")
        return self.way == "webmention" and (bool(self.at) or may_have_come)


_HINTS = get_type_hints(Told)
_NEEDED = ("source", "target", "state")


def written(records: Iterable[Told]) -> bytes:
    """Return the file of an article's records, the same for the same ones."""
    told = [
        {name: value for name, value in item._asdict().items() if value or name in _NEEDED}
        for item in sorted(records)
    ]
    return f"{json.dumps({'told': told}, ensure_ascii=False, indent=1)}\n".encode()


def read(data: bytes) -> tuple[Told, ...]:
    """Return the records of such a file; `ValueError` says why it is none."""
    table = json.loads(data)
    if not isinstance(table, dict) or not isinstance(table.get("told"), list):
        message = 'it has no list "told"'
        raise ValueError(message)  # noqa: TRY004 - as for what is no JSON
    return tuple(_record(item) for item in table["told"])


def _record(item: Any) -> Told:
    if not isinstance(item, dict):
        message = f"{item!r} is no record"
        raise ValueError(message)  # noqa: TRY004 - as above
    for name, value in item.items():
        kind = _HINTS.get(name)
        if kind is None or not isinstance(value, int if kind is int else str):
            message = f'"{name}" cannot be {value!r}'
            raise ValueError(message)
    if missing := [name for name in _NEEDED if not item.get(name)]:
        message = f'a record has no "{missing[0]}"'
        raise ValueError(message)
    for name, kind in (("state", State), ("way", Way)):
        if item.get(name, "told") not in (*get_args(kind), "told"):
            message = f'"{name}" cannot be {item[name]!r}'
            raise ValueError(message)
    return Told(**item)
