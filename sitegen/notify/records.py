"""The notifications sent for one article, and the file of the site that records them. Pure.

`notified/<thread>.json` belongs to the sources and is committed with them: a notification cannot
be taken back, and a machine that does not know of it would send it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, get_args, get_type_hints

State = Literal["sending", "told", "none", "refused", "waiting", "unsure"]
"""`sending`: on its way, or it was when the machine died. `told`: the other site has accepted it.
`none`: the page takes no notifications. `refused`: the other site did not want it, or we gave up.
`waiting`: it failed, and is to be tried again. `unsure`: sent, and nobody knows whether it
arrived."""

ProtocolName = Literal["", "webmention", "pingback", "trackback"]


class Notification(NamedTuple):
    """The record of notifying the page `target` about our page `source`."""

    source: str
    """The URL of our article, under which they know it."""
    target: str
    """The URL of their page, as the article has it."""
    state: State
    protocol: ProtocolName = ""
    endpoint: str = ""
    """Where it was sent."""
    digest: str = ""
    """The digest of what the article said then."""
    accepted_at: str = ""
    """When they last accepted it, ISO 8601; "" if never."""
    status_url: str = ""
    """Where they say what becomes of it (`Location`)."""
    failures: int = 0
    """How often it has failed, in a row."""
    retry_at: str = ""
    """When to try again at the earliest, ISO 8601."""
    reason: str = ""
    """Why it failed."""
    withdrawn_at: str = ""
    """When a run found our article gone, ISO 8601; "" while it is published."""

    @property
    def is_known_there(self) -> bool:
        """Whether they may have something of us that a change or a removal concerns.

        Only Webmention knows either: Pingback and TrackBack cannot be updated. What was sent and
        not answered well may have been accepted all the same.
        """
        may_have_arrived = self.state in ("sending", "waiting")
        return self.protocol == "webmention" and (bool(self.accepted_at) or may_have_arrived)


_KEYS = {
    "protocol": "way",
    "digest": "text",
    "accepted_at": "at",
    "status_url": "page",
    "failures": "tries",
    "retry_at": "again",
    "reason": "why",
}
"""Fields that have another name in the files: sites have such files, so that their keys stay."""

_FIELDS = {_KEYS.get(field, field): field for field in Notification._fields}
_TYPES = get_type_hints(Notification)
_REQUIRED = ("source", "target", "state")


def records_bytes(records: Iterable[Notification]) -> bytes:
    """Return the file of an article's records, the same for the same ones."""
    told = [
        {key: value for key, value in zip(_FIELDS, item, strict=True) if value or key in _REQUIRED}
        for item in sorted(records)
    ]
    return f"{json.dumps({'told': told}, ensure_ascii=False, indent=1)}\n".encode()


def read(data: bytes) -> tuple[Notification, ...]:
    """Return the records of such a file. Raises `ValueError`, which says what is wrong with it."""
    table = json.loads(data)
    if not isinstance(table, dict) or not isinstance(table.get("told"), list):
        message = 'the list "told" is missing'
        raise ValueError(message)  # noqa: TRY004 - as for what is no JSON
    return tuple(_record(item) for item in table["told"])


def _record(item: Any) -> Notification:
    if not isinstance(item, dict):
        message = f"{item!r} is not a record"
        raise ValueError(message)  # noqa: TRY004 - as above
    for key, value in item.items():
        kind = _TYPES.get(_FIELDS.get(key, ""))
        if kind is None:
            message = f'unknown key "{key}"'
            raise ValueError(message)
        if not isinstance(value, int if kind is int else str):
            message = f'"{key}" cannot be {value!r}'
            raise ValueError(message)  # noqa: TRY004 - as above
    if missing := [key for key in _REQUIRED if not item.get(key)]:
        message = f'a record has no "{missing[0]}"'
        raise ValueError(message)
    for key, kind in (("state", State), ("way", ProtocolName)):
        if key in item and item[key] not in get_args(kind):
            message = f'"{key}" cannot be {item[key]!r}'
            raise ValueError(message)
    return Notification(**{_FIELDS[key]: value for key, value in item.items()})
