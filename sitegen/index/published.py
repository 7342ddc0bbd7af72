"""Articles → Site: who is published at a moment, in which order, under which terms."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sitegen.cache.trace import digest
from sitegen.config.settings import Config
from sitegen.config.toml_locations import syntax_problem
from sitegen.index.set_digests import SetDigests
from sitegen.index.site import TAXONOMIES, Site
from sitegen.model.documents import Article, Entry, Source, Status, Teaser, Term
from sitegen.model.errors import Location, Problem
from sitegen.scan.sources import ARTICLE_SUFFIXES, ARTICLES, STATIC, TEMPLATES, THEME


def status(entry: Entry, at: datetime) -> Status:
    """Return "" for an article that is published at the moment `at`, else why it is not."""
    if entry.draft:
        return "draft"
    if entry.expires is not None and entry.expires <= at:
        return "expired"
    return "scheduled" if entry.publish > at else ""


def seen(entry: Entry, at: datetime, *, drafts: bool) -> Entry | None:
    """Return an article as it is shown at the moment `at`, or None if it is not.

    A preview shows drafts and scheduled articles with their status.
    """
    state = status(entry, at)
    if not state:
        return entry
    if not drafts or state == "expired":
        return None
    teaser = entry.teaser._replace(status=state)
    return entry._replace(teaser=teaser, teaser_digest=digest(entry.teaser_digest, state))


def moments(entry: Entry, at: datetime) -> tuple[datetime, ...]:
    """Return the moments after `at` at which the article appears or expires."""
    if entry.draft:
        return ()
    return tuple(time for time in (entry.publish, entry.expires) if time and time > at)


def place_key(entry: Entry) -> tuple[datetime, str]:
    """Return what articles are put in order by: oldest first, then by their ids."""
    return (entry.teaser.date, entry.teaser.id)


def index(
    config: Config,
    entries: Iterable[Entry],
    sources: Mapping[str, Source],
    *,
    at: datetime,
    drafts: bool,
    texts: Mapping[str, str],
    load_article: Callable[[Teaser, bytes], Article],
    read: Callable[[Source], bytes],
) -> Site:
    """Return the site as it is at the moment `at`.

    `drafts` shows drafts and scheduled articles, too, with their status on them. `texts` are the
    UI texts; `load_article` fetches a body when a page needs it, `read` a file.
    """
    shown: list[Entry] = []
    hidden: dict[str, Entry] = {}
    expired: list[Entry] = []
    timed: dict[str, tuple[datetime, ...]] = {}
    for entry in entries:
        if times := moments(entry, at):
            timed[entry.teaser.id] = times
        as_shown = seen(entry, at, drafts=drafts)
        if as_shown is not None:
            shown.append(as_shown)
            continue
        hidden[entry.teaser.id] = entry
        if status(entry, at) == "expired":
            expired.append(entry)
    shown.sort(key=place_key)
    terms, by_term = _group(shown)
    used = {path for entry in shown for path in entry.uses}
    hidden_only = {path for entry in hidden.values() for path in entry.uses} - used
    withheld = hidden_only - _named_by_the_site(hidden_only, sources, read)
    return Site(
        config=config,
        entries={entry.teaser.id: entry for entry in shown},
        hidden=hidden,
        expired=tuple(sorted(expired, key=place_key)),
        ordered=shown,
        terms=terms,
        by_term=by_term,
        periods=_periods(shown),
        templates=template_files(sources),
        texts=texts,
        static=_static(sources),
        withheld=frozenset(withheld),
        files={
            path: source
            for path, source in sources.items()
            if path in used
            and path.startswith(f"{ARTICLES}/")
            and not path.endswith(ARTICLE_SUFFIXES)
        },
        load_article=load_article,
        read=read,
        at=at,
        set_digests=SetDigests().plus(shown),
        timed=timed,
    )


def _named_by_the_site(
    paths: set[str], sources: Mapping[str, Source], read: Callable[[Source], bytes]
) -> set[str]:
    """Return those of the static files `paths` that a template, stylesheet or script names.

    By the file's name alone: a draft that shows the paper's logo must not take it off all pages.
    """
    static = {path for path in paths if path.startswith(f"{STATIC}/") and path in sources}
    if not static:
        return set()
    folders = (f"{TEMPLATES}/", f"{STATIC}/", f"{THEME}/")
    text = b"\0".join(
        read(source)
        for path, source in sources.items()
        if path.startswith(folders) and path.endswith(_NAMING) and path not in static
    )
    return {path for path in static if path.rpartition("/")[2].encode() in text}


_NAMING = (".html", ".css", ".js", ".mjs", ".json", ".webmanifest", ".xml", ".txt", ".svg")


def _group(
    ordered: Iterable[Entry],
) -> tuple[dict[str, dict[str, Term]], dict[str, dict[str, list[Entry]]]]:
    """Return the terms and their articles by taxonomy and slug.

    A term that is spelled in several ways ("Flood", "flood") is named as most articles name it.
    """
    lines: dict[str, dict[str, list[Entry]]] = {taxonomy: {} for taxonomy in TAXONOMIES}
    categories, tags, authors = (lines[taxonomy] for taxonomy in TAXONOMIES)
    for entry in ordered:
        teaser = entry.teaser
        categories.setdefault(teaser.category.slug, []).append(entry)
        for by_slug, terms in ((tags, teaser.tags), (authors, teaser.authors)):
            for term in terms:
                line = by_slug.setdefault(term.slug, [])
                if not line or line[-1] is not entry:
                    line.append(entry)
    lines = {taxonomy: dict(sorted(by_slug.items())) for taxonomy, by_slug in lines.items()}
    names = {
        taxonomy: {slug: common_name(taxonomy, slug, line) for slug, line in by_slug.items()}
        for taxonomy, by_slug in lines.items()
    }
    return names, lines


def terms_of(entry: Entry, taxonomy: str) -> tuple[Term, ...]:
    """Return the terms of an article in a taxonomy."""
    teaser = entry.teaser
    if taxonomy == "category":
        return (teaser.category,)
    return teaser.tags if taxonomy == "tag" else teaser.authors


def common_name(taxonomy: str, slug: str, line: Iterable[Entry]) -> Term:
    """Return the term of a slug as most of its articles spell it."""
    if taxonomy == "category":
        counts = Counter(entry.teaser.category for entry in line)
    else:
        counts = Counter(
            term for entry in line for term in terms_of(entry, taxonomy) if term.slug == slug
        )
    return min(counts, key=lambda term: (-counts[term], term.name))


def period_keys(entry: Entry) -> tuple[tuple[int, int, int], ...]:
    """Return the keys of the year, month and day of an article."""
    date = entry.teaser.date
    return ((date.year, 0, 0), (date.year, date.month, 0), (date.year, date.month, date.day))


def _periods(ordered: Iterable[Entry]) -> dict[tuple[int, int, int], int]:
    counts: Counter[tuple[int, int, int]] = Counter()
    for entry in ordered:
        date = entry.teaser.date
        counts[date.year, date.month, date.day] += 1
    # Each day once, not each article: that is three times faster than `period_keys` for all.
    for (year, month, _), count in list(counts.items()):
        counts[year, month, 0] += count
        counts[year, 0, 0] += count
    return dict(sorted(counts.items()))


def template_files(sources: Mapping[str, Source]) -> dict[str, Source]:
    """Return the template files by name: the site's shadow the theme's.

    `theme/base.html` always names the built-in theme's file, so that the file that shadows it can
    extend it.
    """
    theme, own = f"{THEME}/{TEMPLATES}/", f"{TEMPLATES}/"
    found: dict[str, Source] = {}
    for path, source in sources.items():
        if path.startswith(theme):
            name = path.removeprefix(theme)
            found.setdefault(name, source)
            found[f"{THEME}/{name}"] = source
    is_theme = not found
    for path, source in sources.items():
        if path.startswith(own):
            found[path.removeprefix(own)] = source
            if is_theme:
                found[f"{THEME}/{path.removeprefix(own)}"] = source
    return found


def _static(sources: Mapping[str, Source]) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for prefix in (f"{THEME}/{STATIC}/", f"{STATIC}/"):
        for path, source in sources.items():
            if path.startswith(prefix):
                found[path.removeprefix(prefix)] = source
    return found


def ui_texts(
    language: str, templates: Mapping[str, Source], read: Callable[[Source], bytes]
) -> tuple[dict[str, str], list[Problem]]:
    """Return the UI texts of a language and what is wrong with the files that hold them.

    The files `locale/<language>.toml` of theme and site are laid over English: general before
    regional (`pt` before `pt-BR`), the theme's before the site's.
    """
    general = language.replace("_", "-").partition("-")[0]
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    codes = dict.fromkeys(("en", general, language))
    names = (f"{location}locale/{code}.toml" for code in codes for location in (f"{THEME}/", ""))
    # A site that is its own theme has one file under both names.
    for source in dict.fromkeys(templates[name] for name in names if name in templates):
        data = read(source)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            place = Location(source.path, data.count(b"\n", 0, error.start) + 1)
            problems.append(Problem("the file is not UTF-8", place, "save it as UTF-8"))
            continue
        try:
            texts.update(_flat(tomllib.loads(text)))
        except tomllib.TOMLDecodeError as error:
            problems.append(syntax_problem(error, source.path, text))
    return texts, problems


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{prefix}{name}."))
        else:
            flat[f"{prefix}{name}"] = str(value)
    return flat
