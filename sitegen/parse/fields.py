"""The keys of an article's front matter: `Table` → `Meta`, with all that is wrong in one go."""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from sitegen.config.settings import Config
from sitegen.model.documents import (
    AuthorRole,
    Correction,
    Image,
    OwnKey,
    Reference,
    ResponseState,
    Term,
    TermsOf,
)
from sitegen.model.errors import Problem
from sitegen.model.frozen import EMPTY, FrozenMap
from sitegen.model.moments import Moment
from sitegen.model.urls import normal_form, slugify
from sitegen.parse.bylines import read_byline
from sitegen.parse.nodes import Array, Member, Scalar, Table
from sitegen.parse.shared_fields import (
    check_unknown,
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
from sitegen.parse.taxonomy_fields import (
    known_keys,
    read_authors,
    read_category,
    read_further_terms,
    read_part,
    read_tags,
)
from sitegen.parse.values import Reader

_SLUG = re.compile(r"\w[\w.~+-]*")


class Meta(NamedTuple):
    """The typed values of front matter; "" and None where it says nothing."""

    title: str
    title_html: str
    """"" where nothing in the title is emphasised."""
    date: Moment | None
    updated: Moment | None
    category: Term
    tags: tuple[Term, ...]
    authors: tuple[Term, ...]
    author_addresses: FrozenMap
    """Web addresses of authors, by their slugs."""
    author_roles: tuple[AuthorRole, ...]
    summary: str
    image: Image | None
    image_line: int
    slug: str
    url: str
    draft: bool
    publish: Moment | None
    expires: Moment | None
    related: tuple[Reference, ...]
    translation_of: Reference | None
    translation_key: str
    comments: ResponseState
    trackbacks: ResponseState
    aliases: tuple[str, ...]
    canonical: str
    lang: str
    corrections: tuple[Correction, ...]
    pin: bool
    noindex: bool
    extra: FrozenMap
    own_keys: tuple[OwnKey, ...]
    """Those of `extra`, and those of tables of which nothing is taken."""
    id: str
    id_line: int
    terms: tuple[TermsOf, ...]
    part: int


def read_fields(table: Table, path: str, config: Config) -> tuple[Meta, list[Problem]]:
    """Return the typed values of a table whose keys are ours (`dialects` has seen to that).

    `path` is for messages. The problems are in the order of checking.
    """
    reader = Reader(path, config)
    keys = known_keys(config)
    own, unknown = divided(reader, table, keys.known, partial(check_unknown, known=keys.ordered))
    get = own.get
    name = reader.text(get("id"))
    title, title_html = read_title(reader, get("title"))
    byline = read_byline(reader, get("author"), get("authors"))
    author_key = "authors" if get("authors") else "author"
    image, image_line = read_image(reader, get("image"))
    meta = Meta(
        title=title,
        title_html=title_html,
        date=reader.moment(get("date")),
        updated=reader.moment(get("updated")),
        category=read_category(reader, get("category")),
        tags=read_tags(reader, get("tags")),
        authors=read_authors(reader, byline.names, author_key),
        author_addresses=FrozenMap(byline.addresses) if byline.addresses else EMPTY,
        author_roles=byline.roles,
        summary=read_summary(reader, get("summary")),
        image=image,
        image_line=image_line,
        slug=_slug(reader, get("slug")),
        url=read_url(reader, get("url")),
        draft=reader.flag(get("draft")) or False,
        publish=reader.moment(get("publish")),
        expires=reader.moment(get("expires")),
        related=_related(reader, get("related")),
        translation_of=read_reference(reader, get("translation_of")),
        translation_key=reader.text(get("translation_key")),
        comments=reader.choice(get("comments"), config.responses.comments),
        trackbacks=reader.choice(get("trackbacks"), config.responses.trackbacks),
        aliases=read_aliases(reader, get("aliases")),
        canonical=read_canonical(reader, get("canonical")),
        lang=reader.language(get("lang")),
        corrections=_corrections(reader, get("corrections")),
        pin=reader.flag(get("pin")) or False,
        noindex=reader.flag(get("noindex")) or False,
        extra=read_extra(reader, unknown, get("extra")),
        own_keys=tuple(reader.unused),
        id=name,
        id_line=own["id"].line if name else 0,
        terms=read_further_terms(reader, own),
        part=read_part(reader, get("part")),
    )
    return meta, reader.problems


def _slug(reader: Reader, member: Member | None) -> str:
    written = normal_form(reader.text(member))
    if member is None or not written:
        return ""
    if "/" in written or "\\" in written:
        message = f'"{member.name}" cannot be "{written}": it is a single part of the URL'
        reader.report(member.node, message, "write it without / and \\")
        return ""
    if _SLUG.fullmatch(written):
        return written
    slug = slugify(written)
    if not slug:
        message = f'"{member.name}" cannot be "{written}": no URL can be made from it'
        reader.report(member.node, message, "a slug needs at least one letter or digit")
    return slug


def _related(reader: Reader, member: Member | None) -> tuple[Reference, ...]:
    return tuple(Reference("related", item.text, item.line) for item in reader.texts(member))


_CORRECTION = ("date", "text")


def _corrections(reader: Reader, member: Member | None) -> tuple[Correction, ...]:
    if member is None or (isinstance(member.node, Scalar) and member.node.is_null):
        return ()
    nodes = member.node.nodes if isinstance(member.node, Array) else (member.node,)
    found = []
    for node in nodes:
        if not isinstance(node, Table):
            hint = "write each as `{date: 2024-11-05, text: What was wrong.}`"
            reader.report(node, "a correction needs a date and a text", hint)
            continue
        for other in node.members.values():
            if other.name not in _CORRECTION:
                check_unknown(reader, other, _CORRECTION, member.name)
        before = len(reader.problems)
        date = reader.moment(node.members.get("date"))
        text = reader.plain(node.members.get("text"))
        if date and text:
            found.append(Correction(date, text))
        elif len(reader.problems) == before:
            missing = "text" if date else "date"
            reader.report(node, f"a correction needs a {missing}")
    return tuple(found)
