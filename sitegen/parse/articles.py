"""Source → Article for all article files: parses those that changed, remembers the rest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from sitegen.cache.epoch import code_digest
from sitegen.cache.records import Packed, pack, unpack
from sitegen.cache.store import Cached, Kept, Store
from sitegen.cache.trace import digest
from sitegen.config.settings import Config
from sitegen.model.documents import Entry, Source
from sitegen.model.errors import Problem
from sitegen.model.references import used_files
from sitegen.scan.sources import ARTICLES, read
from sitegen.work import garbage_collection
from sitegen.work.executor import Workers, run
from sitegen.work.file_tasks import FileContext, FileTask

SUFFIXES = (".md", ".markdown")

BATCH = 500
"""Parse results written to the store at once."""

Progress = Callable[[str, int, int], None]
"""Told (stage, done, of how many) while a build runs."""


class Articles(NamedTuple):
    """The entries of all articles, and what is wrong with their files."""

    settings: str
    """Digest of the settings that they were parsed with."""
    cached: dict[str, Cached]
    """The last good result of each file."""
    told: dict[str, tuple[Problem, ...]]
    """What is to be said of a file, by its path."""
    broken: frozenset[str]
    """The files with errors."""
    was: dict[str, Entry | None]
    """The entries that were replaced, by their ids; None for an article that is new."""
    parsed: int
    """How many files had to be parsed."""

    def entries(self) -> list[Entry]:
        """Return the entries of all articles."""
        return [item.entry for item in self.cached.values() if item.entry]

    def problems(self) -> list[Problem]:
        """Return everything that is wrong with the files."""
        return [problem for problems in self.told.values() for problem in problems]


def remembered(cached: dict[str, Cached]) -> Articles:
    """Return the articles of an earlier process, as the store has kept them."""
    return Articles("", cached, {}, frozenset(), {}, 0)


def settings_digest(config: Config) -> str:
    """Return the digest of the settings that decide what parsing gives."""
    relevant = (
        config.base_url,
        config.language,
        config.timezone,
        config.categories,
        config.default_category,
        config.urls,
        config.markdown,
        config.front_matter,
        config.responses,
        config.feeds.authority,
    )
    extensions = (
        name for name, options in config.markdown.extensions.items() if options is not False
    )
    return digest(repr(relevant), code_digest(tuple(extensions))).hex()


def is_article(path: str) -> bool:
    """Whether a source path is that of an article."""
    return path.startswith(f"{ARTICLES}/") and path.endswith(SUFFIXES)


def load(
    site: Path,
    sources: Mapping[str, Source],
    config: Config,
    store: Store,
    before: Articles,
    changed: Collection[str] | None,
    workers: Workers,
    progress: Progress,
) -> Articles:
    """Return every article of the site.

    `before` are the articles as they were, `changed` the sources that alone may have changed
    since, or None. A file that cannot be parsed keeps its last good entry, if there is one.
    """
    settings = settings_digest(config)
    if settings != before.settings:
        changed = None
    looked = _to_look_at(sources, before, changed)
    known = before.cached
    todo = [
        FileTask(sources[path])
        for path in sorted(looked)
        if path in sources
        and (path not in known or known[path].key != f"{sources[path].digest} {settings}")
    ]
    if todo:
        from sitegen.markdown.prose import check  # noqa: PLC0415 - slow to import, and often not needed

        check(config)
    cached = dict(before.cached)
    told = {path: item for path, item in before.told.items() if path not in looked}
    broken = set(before.broken - looked)
    was: dict[str, Entry | None] = {}
    batch: dict[str, Kept] = {}
    context = FileContext(site, config, settings)
    with garbage_collection.on_new_values():
        for done, result in enumerate(run(parse_chunk, context, todo, workers, context.with_data)):
            progress("parse", done + 1, len(todo))
            path = todo[done].source.path
            if result.kept is None:
                broken.add(path)
                told[path] = result.cached.problems
                continue
            was[path] = _entry(cached.get(path))
            cached[path] = result.cached
            batch[path] = result.kept
            if len(batch) == BATCH:
                store.keep_parsed(batch)
                batch = {}
    removed = {path for path in looked if path in cached and path not in sources}
    for path in removed:
        was[path] = _entry(cached.pop(path))
    if batch or removed:
        store.keep_parsed(batch, removed)
    told |= {path: cached[path].problems for path in looked - broken if path in cached}
    told = {path: problems for path, problems in told.items() if problems}
    return Articles(settings, cached, told, frozenset(broken), was, len(todo))


def _entry(cached: Cached | None) -> Entry | None:
    return cached.entry if cached else None


def _to_look_at(
    sources: Mapping[str, Source], before: Articles, changed: Collection[str] | None
) -> set[str]:
    if changed is None:
        changed = (*sources, *before.cached)
    return {path for path in changed if is_article(path)} | before.broken


class _Result(NamedTuple):
    """A parse result, and its stored form unless the file has errors."""

    path: str
    cached: Cached
    kept: Kept | None

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        """Come from another process as what is stored, which says it all."""
        if self.kept is None:
            return (_Result, tuple(self))
        entry, article = self.kept
        return (_arrived, (self.path, bytes(entry), article and bytes(article)))


def _arrived(path: str, entry: bytes, article: bytes | None) -> _Result:
    kept = Kept(Packed(entry), None if article is None else Packed(article))
    return _Result(path, unpack(path, entry), kept)


def parse_chunk(context: FileContext, chunk: list[FileTask]) -> list[_Result]:
    """Parse several files: the work of an executor."""
    from sitegen.parse.parsing import parse  # noqa: PLC0415 - slow to import, and often not needed

    results = []
    for source, sent in chunk:
        data = read(context.site, source) if sent is None else sent
        entry, _, problems, record = parse(source.path, data, context.config)
        if entry and entry.references:
            entry = entry._replace(uses=_uses(entry))
        cached = Cached(f"{source.digest} {context.settings}", entry, problems)
        kept = None
        if not any(problem.is_error for problem in problems):
            kept = Kept(pack(source.path, cached), Packed(record) if entry else None)
        results.append(_Result(source.path, cached, kept))
    return results


def _uses(entry: Entry) -> tuple[str, ...]:
    return tuple(sorted(used_files(entry.teaser.id, entry.references)))
