"""One article file → one value: `Parsed`. A pure function of path, bytes and configuration.

    bytes ──front_matter──▶ Head ──dialects──▶ Head in our keys ──fields──▶ Meta ─┐
                             └─ body ──prose──▶ HTML, references, contents ───────┴─▶ Article, Entry

It reads no clock and no other file, so that its results can be kept and made in any process.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sitegen.cache.records import record_digest, seal
from sitegen.cache.trace import fingerprint
from sitegen.config.settings import Config
from sitegen.markdown import prose
from sitegen.model.documents import Article, Entry, Parsed, Reference, Teaser
from sitegen.model.errors import Location, Problem, SitegenError
from sitegen.model.references import is_external
from sitegen.model.urls import check_url, permalink, slugify
from sitegen.parse import dates, dialects, fields, front_matter, identity
from sitegen.parse.fields import Meta
from sitegen.parse.front_matter import FrontMatter
from sitegen.parse.nodes import Scalar

_DATED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[-_. ]+|$)", re.ASCII)


def parse(path: str, data: bytes, config: Config) -> Parsed:
    """Return what the article file `path` with the bytes `data` says.

    `path` is relative to the site folder, with forward slashes. With an error there is neither
    article nor entry; warnings come with both. Never raises for anything a file can hold.
    """
    dialect = config.front_matter.dialect
    name = path.rpartition("/")[2]
    if name == dialects.SECTION_PAGES.get(dialect):
        message = f"a section's page of {dialect.title()} is no article: left out"
        return Parsed(None, None, (Problem(message, Location(path), severity="warning"),))
    head, problems = front_matter.read(path, data, header_lines=dialect == "pelican")
    if head is None:
        return Parsed(None, None, tuple(problems))
    table, warnings = dialects.translate(head.table, path, config)
    if table is not head.table:
        head = head._replace(table=table)
    if (
        dialect == "jekyll"
        and "/_drafts/" in path
        and not (_given(head, "date") or _name(path, config.zone)[1])
    ):
        hint = "give it a date to see it in previews"
        problem = Problem("a draft without a date: left out", Location(path, 1, 1), hint, "warning")
        return Parsed(None, None, (*problems, problem))
    meta, mistakes = fields.read(table, path, config)
    problems += warnings + mistakes
    try:
        text = prose.convert(
            head.body,
            config,
            first_line=head.first_line,
            take_title=not meta.title,
            take_summary=not meta.summary,
            is_clean=head.is_clean,
        )
    except SitegenError as error:
        problems += [
            replace(item, location=item.location or Location(path)) for item in error.problems
        ]
        return Parsed(None, None, tuple(problems))
    return _joined(path, config, _Pieces(head, meta, text, problems))


class _Pieces(NamedTuple):
    """What is known of a file before it is put together."""

    head: FrontMatter
    meta: Meta
    text: prose.Prose
    problems: list[Problem]


def _joined(path: str, config: Config, pieces: _Pieces) -> Parsed:
    """Return the article and entry of a head and a body, unless there are errors."""
    head, meta, text, problems = pieces
    stem, named_date = _name(path, config.zone)
    slug = meta.slug or slugify(stem) or slugify(meta.title or text.title)
    title = meta.title or text.title or _title_from(slug, path, config, pieces)
    date = meta.date or _date_from(named_date, path, pieces)
    publish = meta.publish or date
    if meta.expires and publish and meta.expires <= publish:
        message = '"expires" is not after the article appears'
        hint = f"it appears at {publish:%Y-%m-%d %H:%M}"
        problems.append(Problem(message, _place(path, head, "expires"), hint))
    if any(item.is_error for item in problems) or date is None or publish is None:
        return Parsed(None, None, tuple(problems))
    url_place = _place(path, head, "url", "slug", "title")
    category = meta.category.slug
    url = meta.url or permalink(config.urls.article, slug=slug, date=date, category=category)
    if wrong := _unusable(url, slug or meta.url):
        problems.append(Problem(wrong, url_place, "write `slug: short-name` in the front matter"))
        return Parsed(None, None, tuple(problems))
    teaser = Teaser(
        id=path,
        url=url,
        title=title,
        date=date,
        updated=meta.updated,
        category=meta.category,
        tags=meta.tags,
        authors=meta.authors,
        summary=meta.summary or text.summary,
        image=meta.image,
        lang=meta.lang,
        pin=meta.pin,
        noindex=meta.noindex,
        identity=_identity(path, stem, date, config, meta),
    )
    references = text.references
    if meta.image and not is_external(meta.image.src):
        references = (*references, Reference("image", meta.image.src, meta.image_line))
    article = Article(
        teaser=teaser,
        body=text.html,
        references=references,
        toc=text.toc,
        corrections=meta.corrections,
        canonical=meta.canonical,
        related=meta.related,
        translation_of=meta.translation_of,
        comments=meta.comments,
        trackbacks=meta.trackbacks,
        extra=meta.extra,
    )
    mark_of_teaser = fingerprint(teaser)
    record = seal((mark_of_teaser, *article[1:]))
    entry = Entry(
        teaser=teaser,
        teaser_digest=mark_of_teaser,
        article_digest=record_digest(record),
        publish=publish,
        expires=meta.expires,
        draft=meta.draft,
        aliases=meta.aliases,
        related=meta.related,
        references=references,
        url_line=url_place.line,
        id_line=meta.id_line,
        corrections=meta.corrections,
        canonical=meta.canonical,
        comments=meta.comments,
        trackbacks=meta.trackbacks,
        translation_of=meta.translation_of,
    )
    return Parsed(entry, article, tuple(problems), record)


def _identity(path: str, stem: str, date: datetime, config: Config, meta: Meta) -> str:
    """Return what the article is known by: its own `id`, else one made of day and file name."""
    owner = identity.authority(config.feeds.authority, config.base_url)
    if meta.id:
        return identity.written(meta.id, owner)
    name = stem or path.rpartition("/")[2].rpartition(".")[0]
    own, foreign = (tag.replace("_", "-").partition("-")[0] for tag in (config.language, meta.lang))
    return identity.derived(name, date, foreign if foreign != own else "", owner)


def _title_from(slug: str, path: str, config: Config, pieces: _Pieces) -> str:
    """Return a title from the slug where the dialect has it so, else "" and a problem."""
    if config.front_matter.dialect in dialects.TITLED_BY_NAME and slug:
        return slug.replace("-", " ").capitalize()
    if not _given(pieces.head, "title"):
        message = "the article has no title"
        hint = "write `title: …` in the front matter, or begin the text with `# Headline`"
        place = _place(path, pieces.head, "title")
        if place != Location(path, 1, 1):
            message, hint = "the title is empty", 'a title that begins with # stands in quotes: "…"'
        pieces.problems.append(Problem(message, place, hint))
    return ""


def _date_from(
    named: datetime | dates.InvalidDateError | None, path: str, pieces: _Pieces
) -> datetime | None:
    """Return the date in the file's name, else the day of publication, else None and a problem."""
    if _given(pieces.head, "date"):
        return None  # It is wrong, and `fields` has said so.
    if isinstance(named, datetime):
        return named
    if pieces.meta.publish:
        return pieces.meta.publish
    message = "the article has no date"
    if named is not None:
        message = f"the date in the file's name: {named.reason}"
    hint = f"write `date: {dates.EXAMPLE}`, or name the file 2024-11-04-…"
    pieces.problems.append(Problem(message, Location(path, 1, 1), hint))
    return None


def _unusable(url: str, name: str) -> str | None:
    """Return why an article cannot have an address, which its slug or `url` has given, or None."""
    if not name:
        return "no address can be made from the file's name or the title"
    reason = check_url(url)
    return reason and f'the article\'s address cannot be "{url}": {reason}'


def _name(path: str, zone: ZoneInfo) -> tuple[str, datetime | dates.InvalidDateError | None]:
    """Return an article's name without its date, and the date: (`flood`, 7 March 2014)."""
    folder, _, file = path.rpartition("/")
    stem = file.rpartition(".")[0] or file
    if stem == "index":
        stem = folder.rpartition("/")[2]
    found = _DATED.match(stem)
    if found is None:
        return stem, None
    try:
        return stem[found.end() :], dates.day(found[1], found[2], found[3], zone)
    except dates.InvalidDateError as error:
        return stem, error


def _dated(head: FrontMatter, path: str, config: Config) -> bool:
    """Whether a file has a date in its head or its name."""
    return _given(head, "date") or _name(path, config.zone)[1] is not None


def _given(head: FrontMatter, key: str) -> bool:
    """Whether the head says something under a key, be it wrong."""
    nodes = (member.node for name, member in head.table.members.items() if name.casefold() == key)
    return any(not (isinstance(n, Scalar) and (n.is_null or not n.text.strip())) for n in nodes)


def _place(path: str, head: FrontMatter, *keys: str) -> Location:
    """Return the place of the first of the keys that the head has, else the file's start."""
    members = {name.casefold(): member for name, member in head.table.members.items()}
    for key in keys:
        if key in members:
            return Location(path, members[key].node.line, members[key].node.column)
    return Location(path, 1, 1)
