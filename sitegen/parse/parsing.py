"""One document's file → one value: `Parsed`. A pure function of path, bytes and configuration.

    bytes ──front_matter──▶ FrontMatter ──dialects──▶ Table in our keys ──fields──▶ Meta ─┐
                               └─ body ──prose──▶ HTML, references, contents ─────────────┴─▶ Parsed

Which kind of document a file is, its folder says: an article is put together here, a standalone
page in `parse.pages`, the text of a term in `parse.terms`.

It reads no clock and no other file, so that its results can be kept and made in any process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sitegen.cache.records import record_digest, seal
from sitegen.cache.tables import ARTICLES
from sitegen.cache.trace import fingerprint
from sitegen.config.settings import Config
from sitegen.markdown import prose
from sitegen.model import moments
from sitegen.model.documents import Article, Entry, Parsed, Reference, Teaser
from sitegen.model.errors import Location, Problem, SitegenError
from sitegen.model.moments import Moment
from sitegen.model.references import is_external
from sitegen.model.source_folders import PAGES, TERMS, document_folder
from sitegen.model.urls import check_url, permalink, slugify
from sitegen.parse import dates, dialects, identity
from sitegen.parse.comments import cut_by_comments
from sitegen.parse.editions import Belonging, belonging, config_of, primary
from sitegen.parse.fields import Meta, read_fields
from sitegen.parse.front_matter import FrontMatter, read_front_matter
from sitegen.parse.page_fields import PageMeta, read_page_fields
from sitegen.parse.pages import standalone_page
from sitegen.parse.picture_formats import refused_picture
from sitegen.parse.term_fields import TermMeta, read_term_fields
from sitegen.parse.terms import term_text
from sitegen.parse.undated import Undated

_CUT = "….[] "
"""How archives end a summary that they cut from the text."""

_FIRST_WORDS = re.compile(r"<p>([^<&{\[]{1,40})")
"""Of a body that begins with a plain paragraph: fewer than a summary has, which is cut."""

_DATED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[-_. ]+|$)", re.ASCII)


def parse(path: str, data: bytes, config: Config) -> Parsed:
    """Return what the file `path` of a document with the bytes `data` says.

    `path` is relative to the site folder, with forward slashes. With an error there is neither
    document nor entry; warnings come with both. Never raises for anything a file can hold.
    """
    dialect = config.front_matter.dialect
    folder = document_folder(path)
    is_article = folder not in (PAGES, TERMS)
    name = path.rpartition("/")[2]
    if is_article and name == dialects.SECTION_PAGES.get(dialect):
        message = f"a section page of {dialect.title()} is not an article, and is ignored"
        return Parsed(None, None, (Problem(message, Location(path), severity="warning"),))
    front_matter, problems = read_front_matter(path, data, header_lines=dialect == "pelican")
    if front_matter is None:
        return Parsed(None, None, tuple(problems))
    home = belonging(path, front_matter.table, config)
    config = config_of(home.edition, config)
    table, warnings = dialects.translate(front_matter.table, path, config)
    if table is not front_matter.table:
        front_matter = front_matter._replace(table=table)
    if (
        dialect == "jekyll"
        and is_article
        and "/_drafts/" in path
        and not (front_matter.has_value("date") or _stem_and_date(home.path, config.zone)[1])
    ):
        message = "a draft without a date is ignored"
        hint = "give it a date to see it in previews"
        problem = Problem(message, Location(path, 1, 1), hint, "warning")
        return Parsed(None, None, (*problems, problem))
    meta: Meta | PageMeta | TermMeta
    if is_article:
        meta, mistakes = read_fields(table, path, config)
    elif folder == PAGES:
        meta, mistakes = read_page_fields(table, path, config)
    else:
        taxonomy = home.path.split("/")[1]
        meta, mistakes = read_term_fields(table, path, config, taxonomy)
    problems += warnings + mistakes
    problems += cut_by_comments(path, data, table)
    try:
        text = prose.convert(
            front_matter.body,
            config,
            first_line=front_matter.first_line,
            take_title=not meta.title,
            take_summary=not meta.summary,
            is_clean=front_matter.is_clean,
            language=meta.lang,
        )
    except SitegenError as error:
        problems += [
            replace(item, location=item.location or Location(path)) for item in error.problems
        ]
        return Parsed(None, None, tuple(problems))
    problems += _of_text(path, text)
    if isinstance(meta, Meta):
        return _assembled(path, config, _Parts(front_matter, meta, text, problems, home))
    standfirst = _standfirst(meta.summary, text.html)
    parts = Undated(path, config, home, front_matter, meta, text, standfirst)
    return (
        standalone_page(parts, meta, problems)
        if isinstance(meta, PageMeta)
        else term_text(parts, meta, problems)
    )


def _of_text(path: str, text: prose.Prose) -> Iterator[Problem]:
    """Yield what is wrong with the text of a document."""
    for line, column, item_column in text.stray_code:
        message = "this paragraph of a list is shown as code, since it is indented too far"
        hint = (
            f"begin it below the text of its item, in column {item_column}; "
            "for code, write lines of ``` around it"
        )
        yield Problem(message, Location(path, line, column), hint, "warning")
    for attribute, target, line in text.references:
        if attribute != "href" and (wrong := refused_picture(target, Location(path, line))):
            yield wrong
    for line, column, message, hint in text.wrong_shortcodes:
        yield Problem(message, Location(path, line, column), hint)
    for line, column, reason in text.wrong_formulas:
        message = f"the formula cannot be read: {reason}"
        hint = "mend its TeX; it is shown as it is written"
        yield Problem(message, Location(path, line, column), hint, "warning")


class _Parts(NamedTuple):
    """What is known of a file before it is put together."""

    front_matter: FrontMatter
    meta: Meta
    text: prose.Prose
    problems: list[Problem]
    home: Belonging


def _standfirst(summary: str, html: str) -> str:
    """Return a summary, "" for one that is the beginning of the text, as archives often have it."""
    if not summary:
        return ""
    cut = summary.rstrip(_CUT)
    if _begins_otherwise(html, cut):
        return summary
    opening = prose.summary(html).rstrip(_CUT)
    is_repeated = bool(opening) and (opening.startswith(cut) or cut.startswith(opening))
    return "" if is_repeated else summary


def _begins_otherwise(html: str, text: str) -> bool:
    """Whether the first words of `html` show by themselves that it does not begin as `text` does.

    As they mostly do; to make a text of the whole paragraph costs twenty times more.
    """
    match = _FIRST_WORDS.match(html)
    first = " ".join(match[1].split()).rstrip(_CUT) if match else ""
    length = min(len(first), len(text))
    return length > 0 and first[:length] != text[:length]


def _assembled(path: str, config: Config, parts: _Parts) -> Parsed:
    """Return the article and entry of front matter and body, unless there are errors."""
    front_matter, meta, text, problems, home = parts
    stem, named_date = _stem_and_date(home.path, config.zone)
    slug = meta.slug or slugify(stem) or slugify(meta.title or text.title)
    title = meta.title or text.title or _derived_title(slug, path, config, parts)
    date = meta.date or _derived_date(named_date, path, parts)
    publish = meta.publish or date
    if meta.expires and publish and meta.expires <= publish:
        message = '"expires" must be later than the publication'
        hint = f"the article is published at {moments.written(publish)}"
        problems.append(Problem(message, front_matter.location(path, "expires"), hint))
    if any(item.is_error for item in problems) or date is None or publish is None:
        return Parsed(None, None, tuple(problems))
    url_place = front_matter.location(path, "url", "slug", "title")
    category = meta.category.slug
    url = meta.url or permalink(config.urls.article, slug=slug, date=date, category=category)
    if wrong := _url_fault(url, slug or meta.url):
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
        identity=_identity(path, stem, date, config, meta, home.code),
        title_html=meta.title_html,
        terms=meta.terms,
        part=meta.part,
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
        author_addresses=meta.author_addresses,
        standfirst=_standfirst(meta.summary, text.html),
        author_roles=meta.author_roles,
        shortcodes=text.shortcodes,
    )
    mark_of_teaser = fingerprint(teaser)
    record = seal(ARTICLES, (mark_of_teaser, *article[1:]))
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
        own_keys=meta.own_keys,
        embeds=text.embeds,
        shortcodes=text.shortcodes,
        edition=home.edition,
        version_of=home.edition and (meta.translation_key or home.path),
    )
    return Parsed(entry, article, tuple(problems), record)


def _identity(path: str, stem: str, date: Moment, config: Config, meta: Meta, code: str) -> str:
    """Return what the article is known by: its own `id`, else one made of day and file name.

    `code` is that of its edition, if its language does not tell it from another one.
    """
    owner = identity.authority(config.feeds.authority, config.base_url)
    if meta.id:
        return identity.explicit_identity(meta.id, owner)
    name = stem or path.rpartition("/")[2].rpartition(".")[0]
    own, foreign = primary(config.site_language or config.language), primary(meta.lang)
    return identity.derived_identity(name, date, code or (foreign if foreign != own else ""), owner)


def _derived_title(slug: str, path: str, config: Config, parts: _Parts) -> str:
    """Return a title from the slug where the dialect has it so, else "" and a problem."""
    if config.front_matter.dialect in dialects.TITLED_BY_NAME and slug:
        return slug.replace("-", " ").capitalize()
    if not parts.front_matter.has_value("title"):
        message = "the article has no title"
        hint = "write `title: …` in the front matter, or begin the text with `# Headline`"
        place = parts.front_matter.location(path, "title")
        if place != Location(path, 1, 1):
            message, hint = "the title is empty", 'put a title that begins with # in quotes: "…"'
        parts.problems.append(Problem(message, place, hint))
    return ""


def _derived_date(
    named: Moment | dates.InvalidDateError | None, path: str, parts: _Parts
) -> Moment | None:
    """Return the date in the file's name, else the day of publication, else None and a problem."""
    if parts.front_matter.has_value("date"):
        return None  # It is wrong, and `fields` has said so.
    if isinstance(named, Moment):
        return named
    if parts.meta.publish:
        return parts.meta.publish
    message = "the article has no date"
    if named is not None:
        message = f"invalid date in the file name: {named.reason}"
    hint = f"write `date: {dates.EXAMPLE}`, or name the file 2024-11-04-…"
    parts.problems.append(Problem(message, Location(path, 1, 1), hint))
    return None


def _url_fault(url: str, name: str) -> str | None:
    """Return why an article cannot have a URL, which its slug or `url` has given, or None."""
    if not name:
        return "no URL can be made from the file name or the title"
    reason = check_url(url)
    return reason and f'the URL of the article cannot be "{url}": {reason}'


def _stem_and_date(path: str, zone: ZoneInfo) -> tuple[str, Moment | dates.InvalidDateError | None]:
    """Return an article's name without its date, and the date: (`flood`, 7 March 2014)."""
    folder, _, file = path.rpartition("/")
    stem = file.rpartition(".")[0] or file
    if stem == "index":
        stem = folder.rpartition("/")[2]
    found = _DATED.match(stem)
    if found is None:
        return stem, None
    try:
        return stem[found.end() :], dates.midnight(found[1], found[2], found[3], zone)
    except dates.InvalidDateError as error:
        return stem, error
