"""What is missing in documents that build: the work of an executor, one file at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from sitegen.check.bylines import seems_one
from sitegen.check.finding import Finding
from sitegen.config.settings import Config
from sitegen.index.pages import is_page
from sitegen.index.published import terms_of
from sitegen.index.site import Site
from sitegen.model.documents import AnyEntry, Entry
from sitegen.model.errors import Location
from sitegen.model.urls import words_of
from sitegen.parse import dialects
from sitegen.parse.front_matter import FrontMatter, read_front_matter
from sitegen.parse.nodes import Scalar, Table
from sitegen.parse.nodes import location as location_of

_COMMENT_OR_TITLE = re.compile(r"\A\s*(?:<!--.*?-->|# [^\n]*)", re.DOTALL)


class Context(NamedTuple):
    """What all documents need."""

    site: Path
    config: Config
    parents: frozenset[str] = frozenset()
    """The ids of pages that others are below: these are listed where there is no text."""


def check_chunk(context: Context, chunk: list[str]) -> list[tuple[Finding, ...]]:
    """Check the front matter of several documents, by their ids."""
    return [tuple(_check(context, id_)) for id_ in chunk]


def _check(context: Context, id_: str) -> Iterator[Finding]:
    try:
        data = (context.site / id_).read_bytes()
    except OSError:
        return  # removed since the build: the next run will not know it
    lines = context.config.front_matter.dialect == "pelican"
    front_matter, _ = read_front_matter(id_, data, header_lines=lines)
    if front_matter is None:
        return
    table, _ = dialects.translate(front_matter.table, id_, context.config)
    front_matter = front_matter._replace(table=table)
    location = Location(id_, 1, 1)
    noun = "page" if is_page(id_) else "article"
    if not front_matter.has_value("summary"):
        message = f"the {noun} has no summary of its own"
        shows = "" if is_page(id_) else "lists, feeds, "
        hint = f"write `summary: …`: {shows}search engines and social networks show it"
        yield Finding("missing-summary", message, location, hint)
    if id_ not in context.parents and not _has_text(front_matter):
        message = f"the {noun} has no text"
        hint = "write it below the front matter, or set `draft: true`"
        yield Finding("empty-body", message, Location(id_, front_matter.first_line), hint)
    if is_page(id_):
        return
    if not front_matter.has_value("category"):
        name = context.config.default_category
        message = f'the article has no category, and is listed under "{name}"'
        yield Finding("missing-category", message, location, "write `category: …`")
    if context.config.front_matter.author_text == "comma":
        yield from _bylines(id_, table)


def _has_text(front_matter: FrontMatter) -> bool:
    return _COMMENT_OR_TITLE.sub("", front_matter.body, count=9).strip() != ""


def _bylines(id_: str, table: Table) -> Iterator[Finding]:
    for name, member in table.members.items():
        node = member.node
        if name.casefold() not in ("author", "authors") or not isinstance(node, Scalar):
            continue
        parts = [part.strip() for part in node.text.split(",") if part.strip()]
        if ";" in node.text or len(parts) < 2 or not seems_one(parts):  # noqa: PLR2004 - one name
            continue
        people = ", ".join(f'"{part}"' for part in parts)
        message = f'"{node.text}" is read as {len(parts)} authors: {people}'
        hint = 'set `[front_matter] author_text = "whole"`, or write a list: `authors: [Ann, Bo]`'
        yield Finding("byline", message, location_of(id_, node), hint)


def duplicate_titles(entries: Iterable[Entry]) -> Iterator[Finding]:
    """Yield a finding for each article whose headline an earlier one of its language has."""
    first: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        teaser = entry.teaser
        title = " ".join(teaser.title.split())
        other = first.setdefault((teaser.lang, title.casefold()), entry)
        if other is not entry:
            message = f'the headline "{title}" is also used by {other.teaser.id}'
            hint = "readers and search engines cannot tell the two apart in a list"
            yield Finding("duplicate-title", message, Location(teaser.id, entry.url_line), hint)


def merged_terms(site: Site) -> Iterator[Finding]:
    """Yield a finding for each name of a term whose list another name has, of other words.

    Names that differ in capitals, hyphens or spaces alone are one.
    """
    for taxonomy, lines in site.by_term.items():
        for slug, line in lines.items():
            first: dict[str, tuple[str, Entry]] = {}
            for entry in line:
                for term in terms_of(entry, taxonomy):
                    if term.slug == slug:
                        first.setdefault(words_of(term.name), (term.name, entry))
            shown = site.terms[taxonomy][slug]
            for words, (name, entry) in first.items():
                if words != words_of(shown.name):
                    message = f'the {taxonomy} "{name}" has the same list as "{shown.name}": '
                    hint = "write one of them everywhere, or words that tell them apart"
                    location = Location(entry.teaser.id, entry.url_line)
                    yield Finding("merged-terms", message + shown.url, location, hint)


def unused_terms(site: Site) -> Iterator[Finding]:
    """Yield a finding for each published text of a term that no published article has."""
    for (taxonomy, slug), entry in site.term_texts.by_term.items():
        if slug not in site.terms[taxonomy]:
            message = f'no published article has the {taxonomy} "{entry.teaser.title}"'
            hint = (
                f"the file is of the term at {entry.teaser.url}: move it to where its term lies, "
                "or write another spelling in `names`"
            )
            yield Finding("unused-term", message, Location(entry.teaser.id, entry.url_line), hint)


def leads_without_alt(entries: Iterable[AnyEntry]) -> Iterator[Finding]:
    """Yield a finding for each document whose lead picture has no alternative text."""
    for entry in entries:
        image = entry.teaser.image
        if image and not image.alt.strip():
            named = [item.line for item in entry.references if item.attribute == "image"]
            location = Location(entry.teaser.id, named[-1] if named else entry.url_line)
            message = f'the picture "{image.src}" has no alternative text'
            hint = "write `image: {src: …, alt: What the picture shows}`"
            yield Finding("missing-alt", message, location, hint)
