"""Source → Article for all article files: parses those that changed, remembers the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from sitegen.config import Config
from sitegen.content import Entry, Source
from sitegen.errors import Problem
from sitegen.executor import Workers, run
from sitegen.records import pack
from sitegen.references import used_files
from sitegen.sources import ARTICLES, read
from sitegen.store import Cached, Kept, Store
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
    workers: Workers,
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
        _Todo(source)
        for path, source in wanted.items()
        if path not in cached or cached[path].key != f"{source.digest} {settings}"
    ]
    if todo:
        from sitegen.prose import check  # noqa: PLC0415 - slow to import, and often not needed

        check(config)
    known = {path: cached[path] for path in wanted if path in cached}
    broken: list[Problem] = []
    batch: dict[str, Kept] = {}
    context = _Context(site, config, settings)
    for done, result in enumerate(run(parse_chunk, context, todo, workers, context.with_data)):
        progress("parse", done + 1, len(todo))
        path = todo[done].source.path
        if result.kept is None:
            broken.extend(result.cached.problems)
            continue
        known[path] = result.cached
        batch[path] = result.kept
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


class _Todo(NamedTuple):
    """A file to parse; its bytes are sent along where the worker cannot read it."""

    source: Source
    data: bytes | None = None


class _Context(NamedTuple):
    site: Path
    config: Config
    settings: str

    def with_data(self, todo: _Todo) -> _Todo:
        """Return the same with the file's bytes, for a worker that cannot read it."""
        return todo._replace(data=read(self.site, todo.source))


class _Result(NamedTuple):
    """A parse result, and its stored form unless the file has errors."""

    cached: Cached
    kept: Kept | None


def parse_chunk(context: _Context, chunk: list[_Todo]) -> list[_Result]:
    """Parse several files: the work of an executor."""
    from sitegen.parse import parse  # noqa: PLC0415 - slow to import, and often not needed

    results = []
    for source, sent in chunk:
        data = read(context.site, source) if sent is None else sent
        entry, article, problems = parse(source.path, data, context.config)
        entry = entry and entry._replace(uses=_uses(entry))
        cached = Cached(f"{source.digest} {context.settings}", entry, problems)
        kept = None
        if not any(problem.is_error for problem in problems):
            whole = pack(source.path, article) if article else None
            kept = Kept(pack(source.path, cached), whole)
        results.append(_Result(cached, kept))
    return results


def _uses(entry: Entry) -> tuple[str, ...]:
    return tuple(sorted(used_files(entry.teaser.id, entry.references)))
