"""Source files → values, file by file: parses those that changed, remembers the rest.

Documents and responses are kinds of file that are parsed on their own: what comes of one depends on
its bytes and on settings, and on no other file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Generic, NamedTuple, Protocol, Self, TypeVar

from sitegen.cache.context import BuildContext
from sitegen.model.documents import Source
from sitegen.model.errors import Problem
from sitegen.scan.sources import Scan, paths_below
from sitegen.work import garbage_collection
from sitegen.work.executor import run
from sitegen.work.file_tasks import FileContext, FileTask

BATCH = 500
"""Results written to the store at once."""


class ParsedFile(Protocol):
    """What is remembered of a file that was parsed."""

    @property
    def key(self) -> str:
        """What it was parsed from: see `file_key`."""
        ...

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is to be said of the file."""
        ...


Item = TypeVar("Item", bound=ParsedFile)
Record = TypeVar("Record")


class Outcome(NamedTuple, Generic[Item, Record]):
    """What parsing a file gave."""

    path: str
    item: Item
    record: Record | None
    """The stored form of it, or None for a file with errors, whose last good result stays."""


class FileKind(NamedTuple, Generic[Item, Record]):
    """A kind of file: where its files lie, how they are parsed and stored."""

    name: str
    """For the progress."""
    roots: tuple[str, ...]
    """The folders of the site that they lie in."""
    covers: Callable[[str], bool]
    """Whether a source path is that of such a file."""
    settings: str
    """The digest of the settings that decide what parsing gives."""
    parse: Callable[[FileContext, list[FileTask]], list[Outcome[Item, Record]]]
    """Parses several files: the work of an executor."""
    keep: Callable[[Mapping[str, Record], Collection[str]], None]
    """Stores records, by their paths, and removes others."""
    check: Callable[[], None] = lambda: None
    """Called before the first file is parsed: raises `SitegenError` for settings that cannot be."""


class ParsedFiles(NamedTuple, Generic[Item]):
    """The results of all files of a kind, and what is wrong with them."""

    settings: str
    """`FileKind.settings` when they were parsed."""
    items: dict[str, Item]
    """The last good result of each file, by its path."""
    told: dict[str, tuple[Problem, ...]]
    """What is to be said of a file, by its path."""
    broken: frozenset[str]
    """The files with errors, and those that cannot be read: their last good results stay."""
    replaced: dict[str, Item | None]
    """The results that were replaced, by their paths; None for a file that is new."""
    looked_at: frozenset[str]
    """The paths of the files that may have changed."""
    parsed: int
    """How many files had to be parsed."""

    @classmethod
    def remembered(cls, items: dict[str, Item]) -> Self:
        """Return the results of an earlier process, as the store has kept them."""
        return cls("", items, {}, frozenset(), {}, frozenset(), 0)

    def kept(self) -> list[str]:
        """Return the paths of the files of which only the last good result is known."""
        return sorted(path for path in self.broken if path in self.items)

    def problems(self) -> list[Problem]:
        """Return everything that is wrong with the files."""
        return [problem for problems in self.told.values() for problem in problems]


def file_key(source: Source, settings: str) -> str:
    """Return what stands for a file's content and the settings that it was parsed with."""
    return f"{source.digest} {settings}"


def update(
    kind: FileKind[Item, Record],
    context: BuildContext,
    files: Scan,
    before: ParsedFiles[Item],
    changed: Iterable[str] | None,
) -> ParsedFiles[Item]:
    """Return the results of all files of a kind.

    `before` are the results as they were, `changed` the sources that alone may have changed since,
    or None. A file that cannot be read or parsed keeps its last good result, if there is one.
    """
    sources = files.sources
    if changed is None or kind.settings != before.settings:
        below = (path for root in kind.roots for path in paths_below(sources, root))
        changed = (*below, *before.items)
    looked = frozenset({path for path in changed if kind.covers(path)} | before.broken)
    if not looked:
        return before._replace(settings=kind.settings, replaced={}, looked_at=looked, parsed=0)
    items = dict(before.items)
    unreadable = {path for path in looked if not files.is_readable(path)}
    todo = [
        FileTask(sources[path])
        for path in sorted(looked - unreadable)
        if path in sources
        and (path not in items or items[path].key != file_key(sources[path], kind.settings))
    ]
    if todo:
        kind.check()
    told = {path: problems for path, problems in before.told.items() if path not in looked}
    broken = set(before.broken - looked) | unreadable
    replaced: dict[str, Item | None] = {}
    batch: dict[str, Record] = {}
    shared = FileContext(context.site, context.config, kind.settings)
    with garbage_collection.new_objects_only():
        outcomes = run(kind.parse, shared, todo, context.workers, shared.with_data)
        for done, outcome in enumerate(outcomes, 1):
            context.progress(kind.name, done, len(todo))
            path = outcome.path
            if outcome.record is None:
                broken.add(path)
                told[path] = outcome.item.problems
                continue
            replaced[path] = items.get(path)
            items[path] = outcome.item
            batch[path] = outcome.record
            if len(batch) == BATCH:
                kind.keep(batch, ())
                batch = {}
    removed = {path for path in looked - unreadable if path in items and path not in sources}
    for path in removed:
        replaced[path] = items.pop(path)
    if batch or removed:
        kind.keep(batch, removed)
    told |= {path: items[path].problems for path in looked - broken if path in items}
    told = {path: problems for path, problems in told.items() if problems}
    return before._replace(
        settings=kind.settings,
        items=items,
        told=told,
        broken=frozenset(broken),
        replaced=replaced,
        looked_at=looked,
        parsed=len(todo),
    )
