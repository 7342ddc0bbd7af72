"""Source → Article for all article files: parses those that changed, remembers the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from sitegen.config import Config
from sitegen.content import Article, Entry, Parsed, Source
from sitegen.errors import Problem
from sitegen.references import used_files
from sitegen.sources import ARTICLES, read
from sitegen.store import Cached, Store
from sitegen.trace import digest

SUFFIXES = (".md", ".markdown")

BATCH = 500
"""Parse results written to the store at once."""

Progress = Callable[[str, int, int], None]
"""Told (stage, done, of how many) while a build runs."""


class Articles(NamedTuple):
    """The entries of all articles, and what is wrong with their files."""

    entries: list[Entry]
    problems: list[Problem]
    cached: dict[str, Cached]
    parsed: int
    """How many files had to be parsed."""


def settings_digest(config: Config) -> str:
    """Return the digest of the settings that decide what parsing gives."""
    relevant = (
        config.language,
        config.timezone,
        config.categories,
        config.default_category,
        config.urls,
        config.markdown,
        config.front_matter,
        config.responses,
    )
    return digest(repr(relevant)).hex()


def load(
    site: Path,
    sources: Mapping[str, Source],
    config: Config,
    store: Store,
    cached: dict[str, Cached],
    progress: Progress,
) -> Articles:
    """Return every article of the site.

    A file that cannot be parsed keeps its last good entry, if the store has one, and is reported.
    """
    settings = settings_digest(config)
    wanted = {
        path: source
        for path, source in sources.items()
        if path.startswith(f"{ARTICLES}/") and path.endswith(SUFFIXES)
    }
    todo = [
        source
        for path, source in wanted.items()
        if path not in cached or cached[path].key != f"{source.digest} {settings}"
    ]
    known = {path: cached[path] for path in wanted if path in cached}
    broken: list[Problem] = []
    batch: dict[str, tuple[Cached, Article | None]] = {}
    for done, (source, result) in enumerate(_parse(site, todo, config)):
        progress("parse", done + 1, len(todo))
        if any(problem.is_error for problem in result.problems):
            broken.extend(result.problems)
            continue
        entry = result.entry and result.entry._replace(uses=_uses(result.entry))
        fresh = Cached(f"{source.digest} {settings}", entry, result.problems)
        known[source.path] = fresh
        batch[source.path] = (fresh, result.article)
        if len(batch) == BATCH:
            store.keep_parsed(batch)
            batch = {}
    removed = cached.keys() - wanted.keys()
    if batch or removed:
        store.keep_parsed(batch, removed)
    failed = {problem.where.path for problem in broken if problem.where}
    warnings = [p for path, item in known.items() if path not in failed for p in item.problems]
    entries = [item.entry for item in known.values() if item.entry]
    return Articles(entries, [*broken, *warnings], known, len(todo))


def _parse(site: Path, sources: list[Source], config: Config) -> Iterator[tuple[Source, Parsed]]:
    if not sources:
        return
    from sitegen.parse import parse  # noqa: PLC0415 - slow to import, and often not needed

    for source in sources:
        yield source, parse(source.path, read(site, source), config)


def _uses(entry: Entry) -> tuple[str, ...]:
    return tuple(sorted(used_files(entry.teaser.id, entry.references)))
