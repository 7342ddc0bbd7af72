"""The paths of response files: built from checked names, so that they never lead elsewhere."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Any, Final, Literal, NamedTuple, get_args
from urllib.parse import unquote

from sitegen.model.urls import slugify

Status = Literal["shown", "pending", "spam", "deleted"]

ROOT: Final = "responses"
HIDDEN: Final = frozenset(get_args(Status)) - {"shown"}
"""Folders below `responses/` that are neither scanned nor read by a build."""

_THREAD = re.compile(r"(?!\.)[a-z0-9._-]{1,120}(?<!\.)")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_OWN_TAG = re.compile(r"tag:[^,]*,(\d{4}(?:-\d{2}){0,2}):(.*)", re.DOTALL)


class Place(NamedTuple):
    """A response's status, thread and id, which make its path."""

    status: Status
    thread: str
    id: str


def thread_name(identity: str) -> str:
    """Return the name of the folder for the responses to an article, from its stable identity.

    `urn:uuid:…` and the dated `tag:` URIs that articles have keep what is legible in them; the
    host of a tag is left out, so that responses survive a new address of the site.
    """
    if identity.startswith("urn:uuid:"):
        return identity.removeprefix("urn:uuid:")
    legible = identity
    if found := _OWN_TAG.fullmatch(identity):
        # A translation has its language after a semicolon.
        legible = f"{found[1]}-{unquote(found[2])}".replace(";", ".")
        if _THREAD.fullmatch(legible):
            return legible
    digest = blake2b(legible.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    plain = re.sub("[^a-z0-9]+", "-", slugify(legible)).strip("-")
    return f"{plain[:80]}-{digest}".lstrip("-")


def path_of(place: Place) -> str:
    """Return the source path of a response; `ValueError` for a name that could lead elsewhere."""
    status, thread, id_ = place
    if not _is_thread(thread) or not is_id(id_) or status not in get_args(Status):
        message = f"not a place of a response: {place!r}"
        raise ValueError(message)
    folder = f"{ROOT}/{thread}" if status == "shown" else f"{ROOT}/{status}/{thread}"
    return f"{folder}/{id_}.md"


def place_of(path: str) -> Place | None:
    """Return which response a source path is that of, or None."""
    root, _, rest = path.partition("/")
    first, _, below = rest.partition("/")
    status: Any = first if first in HIDDEN else "shown"
    thread, _, name = (below if first in HIDDEN else rest).partition("/")
    id_ = name.removesuffix(".md")
    if root != ROOT or id_ == name or not _is_thread(thread) or not is_id(id_):
        return None
    return Place(status, thread, id_)


def is_id(name: str) -> bool:
    """Whether a response can have this id."""
    return _ID.fullmatch(name) is not None


def _is_thread(name: str) -> bool:
    return name not in HIDDEN and _THREAD.fullmatch(name) is not None
