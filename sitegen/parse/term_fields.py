"""The keys of the front matter of texts of terms: `Table` → `TermMeta`."""

from __future__ import annotations

import re
from typing import NamedTuple

from sitegen.config.front_matter_keys import AUTHOR_KEYS, TERM_KEYS
from sitegen.config.settings import Config
from sitegen.model.documents import (
    Image,
    OwnKey,
    Reference,
)
from sitegen.model.errors import Problem
from sitegen.model.frozen import FrozenMap
from sitegen.model.moments import Moment
from sitegen.parse.nodes import Member, Scalar, Table
from sitegen.parse.shared_fields import (
    check_meaningless,
    divided,
    is_on_the_web,
    read_extra,
    read_image,
    read_summary,
)
from sitegen.parse.values import Reader

_MAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")


class TermMeta(NamedTuple):
    """The typed values of the front matter of a term's text; see `Meta`."""

    title: str
    """What the term is called."""
    names: tuple[Scalar, ...]
    summary: str
    image: Image | None
    image_line: int
    pinned: tuple[Reference, ...]
    noindex: bool
    feeds: bool
    lang: str
    draft: bool
    publish: Moment | None
    expires: Moment | None
    extra: FrozenMap
    own_keys: tuple[OwnKey, ...]
    role: str
    same_as: tuple[str, ...]
    email: str
    """"" unless it is to be shown."""
    knows_about: tuple[str, ...]
    location: str
    former: bool
    wire: bool


def read_term_fields(
    table: Table, path: str, config: Config, taxonomy: str
) -> tuple[TermMeta, list[Problem]]:
    """Return the typed values of the front matter of a term's text, as `read_fields` does."""
    reader = Reader(path, config)
    is_author = taxonomy == "author"
    keys = (*TERM_KEYS, *AUTHOR_KEYS) if is_author else TERM_KEYS
    where, such = (
        ("the text of an author", "authors") if is_author else ("the text of a term", "such texts")
    )

    def check_unknown(reader: Reader, member: Member) -> None:
        check_meaningless(reader, member, keys, where, such)

    own, unknown = divided(reader, table, frozenset(keys), check_unknown)
    get = own.get
    image, image_line = read_image(reader, get("image"))
    email = _email(reader, get("email"))
    meta = TermMeta(
        title=reader.plain(get("name")),
        names=tuple(reader.names(get("names"), semicolons=True)),
        summary=read_summary(reader, get("summary")),
        image=image,
        image_line=image_line,
        pinned=tuple(
            Reference("pinned", item.text, item.line) for item in reader.texts(get("pinned"))
        ),
        noindex=reader.flag(get("noindex")) or False,
        feeds=_feeds(reader, get("feeds"), taxonomy),
        lang=reader.language(get("lang")),
        draft=reader.flag(get("draft")) or False,
        publish=reader.moment(get("publish")),
        expires=reader.moment(get("expires")),
        extra=read_extra(reader, unknown, get("extra")),
        own_keys=tuple(reader.unused),
        role=reader.plain(get("role")),
        same_as=_addresses(reader, get("same_as")),
        email=email if reader.flag(get("show_email")) else "",
        knows_about=tuple(item.text for item in reader.names(get("knows_about"))),
        location=reader.plain(get("location")),
        former=reader.flag(get("former")) or False,
        wire=reader.flag(get("wire")) or False,
    )
    return meta, reader.problems


def _feeds(reader: Reader, member: Member | None, taxonomy: str) -> bool:
    """Return whether the term may have feeds: true where it does not say so."""
    wanted = reader.flag(member)
    settings = reader.config.taxonomies.get(taxonomy)
    if member is not None and wanted and settings is not None and not settings.feeds:
        message = f'no term of the taxonomy "{taxonomy}" has a feed: `feeds: true` gives it none'
        hint = f'set `[taxonomies.{taxonomy}] feeds = ["atom"]`; `feeds: false` leaves one out'
        reader.report(member.node, message, hint, "warning")
    return wanted is not False


def _addresses(reader: Reader, member: Member | None) -> tuple[str, ...]:
    """Return web addresses, each once."""
    found: dict[str, None] = {}
    for item in reader.texts(member):
        if is_on_the_web(item.text) and not re.search(r"[\s\"'<>\\]", item.text):
            found[item.text] = None
        else:
            hint = "write the full address: https://example.org/@ann"
            reader.report(item, f'"{item.text}" is not a web address', hint)
    return tuple(found)


def _email(reader: Reader, member: Member | None) -> str:
    written = reader.raw(member)
    if member is None or not written or _MAIL.fullmatch(written):
        return written
    reader.report(member.node, f'"{written}" is not an e-mail address')
    return ""
