"""The keys of the front matter of standalone pages: `Table` → `PageMeta`."""

from __future__ import annotations

import re
from typing import NamedTuple, cast, get_args

from sitegen.config.front_matter_keys import PAGE_KEYS
from sitegen.config.settings import Config
from sitegen.model.documents import (
    Image,
    Nav,
    OwnKey,
    PageKind,
    Reference,
)
from sitegen.model.errors import Problem, did_you_mean
from sitegen.model.frozen import FrozenMap
from sitegen.model.moments import Moment
from sitegen.parse.nodes import Member, Table
from sitegen.parse.shared_fields import (
    check_meaningless,
    divided,
    read_aliases,
    read_canonical,
    read_extra,
    read_image,
    read_reference,
    read_summary,
    read_title,
    read_url,
)
from sitegen.parse.values import Reader

_PAGE_KEYS = frozenset(PAGE_KEYS)


_NUMBER = re.compile(r"[-+]?\d{1,9}", re.ASCII)


class PageMeta(NamedTuple):
    """The typed values of the front matter of a standalone page; see `Meta`."""

    title: str
    title_html: str
    summary: str
    image: Image | None
    image_line: int
    updated: Moment | None
    url: str
    template: Reference | None
    nav: Nav
    order: int | None
    kind: PageKind
    lang: str
    translation_of: Reference | None
    translation_key: str
    aliases: tuple[str, ...]
    noindex: bool
    canonical: str
    draft: bool
    publish: Moment | None
    expires: Moment | None
    extra: FrozenMap
    own_keys: tuple[OwnKey, ...]


def read_page_fields(table: Table, path: str, config: Config) -> tuple[PageMeta, list[Problem]]:
    """Return the typed values of the front matter of a standalone page, as `read_fields` does."""
    reader = Reader(path, config)
    own, unknown = divided(reader, table, _PAGE_KEYS, _check_unknown_of_page)
    get = own.get
    title, title_html = read_title(reader, get("title"))
    image, image_line = read_image(reader, get("image"))
    meta = PageMeta(
        title=title,
        title_html=title_html,
        summary=read_summary(reader, get("summary")),
        image=image,
        image_line=image_line,
        updated=reader.moment(get("updated")),
        url=read_url(reader, get("url")),
        template=read_reference(reader, get("template")),
        nav=cast("Nav", _one_of(reader, get("nav"), get_args(Nav))),
        order=_order(reader, get("order")),
        kind=cast("PageKind", _one_of(reader, get("kind"), get_args(PageKind))),
        lang=reader.language(get("lang")),
        translation_of=read_reference(reader, get("translation_of")),
        translation_key=reader.text(get("translation_key")),
        aliases=read_aliases(reader, get("aliases")),
        noindex=reader.flag(get("noindex")) or False,
        canonical=read_canonical(reader, get("canonical")),
        draft=reader.flag(get("draft")) or False,
        publish=reader.moment(get("publish")),
        expires=reader.moment(get("expires")),
        extra=read_extra(reader, unknown, get("extra")),
        own_keys=tuple(reader.unused),
    )
    return meta, reader.problems


def _check_unknown_of_page(reader: Reader, member: Member) -> None:
    check_meaningless(reader, member, PAGE_KEYS, "a standalone page", "pages")


def _one_of(reader: Reader, member: Member | None, choices: tuple[str, ...]) -> str:
    """Return a text that is one of some, "" for none."""
    written = reader.raw(member).lower()
    if member is None or written in choices:
        return written
    known = [choice for choice in choices if choice]
    message = f'"{member.name}" must be {" or ".join(known)}, not "{reader.raw(member)}"'
    reader.report(member.node, message, did_you_mean(written, known))
    return ""


def _order(reader: Reader, member: Member | None) -> int | None:
    written = reader.raw(member, "a whole number")
    if member is None or not written:
        return None
    if _NUMBER.fullmatch(written):
        return int(written)
    reader.report(member.node, f'"{member.name}" must be a whole number, not "{written}"')
    return None
