"""What is kept between builds, in `.sitegen/`: parse results, stamps, traces, written files.

Everything here can be lost at any moment: then the next build does more, and comes out the same.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple, Self

from filelock import FileLock, Timeout

from sitegen.cache import tables
from sitegen.cache.epoch import epoch
from sitegen.cache.folder import make_folder
from sitegen.cache.record_reader import (
    ArticleReader,
    DataReader,
    PageReader,
    Reader,
    ResponseReader,
    TermReader,
)
from sitegen.cache.records import DAMAGED_PART, Changes, Packed, Records, Table, pack
from sitegen.cache.tables import (
    Cached,
    KnownData,
    KnownResponse,
    LastBuild,
    OutputRecord,
    StoredTrace,
    Written,
)
from sitegen.cache.trace import Asked, Question, Trace, digest, is_storable
from sitegen.model.errors import Problem, UsageError
from sitegen.model.frozen import EMPTY
from sitegen.model.refusals import refusal
from sitegen.model.search_index import Parts
from sitegen.model.urls import is_below
from sitegen.scan.real_path import real_path
from sitegen.scan.sources import Stamp

FOLDER = ".sitegen"

_DAMAGED = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""SQLite's words for a file that is not what we wrote; all others may pass."""

_LAST = "last"
"""The key of the one record of its table."""

LOCK_SECONDS = 120
"""How long a build waits for another one of the same site."""


class Kept(NamedTuple):
    """A parse result in the form in which it is stored."""

    cached: Packed
    article: Packed | None


class State(NamedTuple):
    """What the last build of an output folder left."""

    traces: dict[str, Trace]
    shared: dict[Question, Asked]
    written: dict[str, Written]
    last: LastBuild | None
    threads: Mapping[str, bytes] = EMPTY
    """`Responses.digests` of the build."""
    searched: Parts = EMPTY
    """The search index."""
    data: Mapping[str, bytes] = EMPTY
    """What stood for each data file in the build, by its name."""


class Store:
    """The records of one site and one of its output folders. Use it under `lock`."""

    def __init__(self, folder: Path, output: Path) -> None:
        """Open the records in `folder` (`.sitegen`) for the output folder `output`."""
        self.folder = folder
        self.notes: list[str] = []
        key = hashlib.blake2b(str(real_path(output)).encode(), digest_size=6).hexdigest()
        self._articles = self._open("articles.sqlite", tables.OF_SITE)
        self._outputs = self._open(f"output-{key}.sqlite", tables.OF_OUTPUT)
        self._is_behind = False
        self.reader = Reader(self._articles.path, tables.ARTICLES)
        self.load_article = ArticleReader(self.reader)
        self.load_page = PageReader(self.reader)
        self.load_term = TermReader(self.reader)
        self.response_reader = Reader(self._articles.path, tables.SHOWN_RESPONSES)
        self.load_response = ResponseReader(self.response_reader)
        self.data_reader = Reader(self._articles.path, tables.DATA_VALUES)
        self.load_data = DataReader(self.data_reader)

    def __enter__(self) -> Self:
        """Return itself: `with Store(…)` closes it at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _open(self, name: str, kept: Collection[Table[Any]]) -> Records:
        records = Records(self.folder / name, epoch(), kept)
        self._note_loss(records)
        return records

    def _note_loss(self, records: Records) -> None:
        if records.lost:
            self.note(f"the cache {records.path.name} was started afresh: {records.lost}")
            records.lost = ""

    def _is_damaged(self, records: Records) -> bool:
        """Whether reading has met damage; then the records begin anew."""
        if not records.lost:
            return False
        self._note_loss(records)
        self._renew(records)
        return True

    def _renew(self, records: Records) -> None:
        for reader in self._readers():
            reader.close()
        records.renew()

    def begin_articles_anew(self) -> None:
        """Remove the records of all source files, which turned out to be damaged."""
        self._articles.lost = "it was damaged"
        self._is_damaged(self._articles)
        for reader in self._readers():
            reader.unsaved.clear()

    def _readers(self) -> tuple[Reader[Any], ...]:
        return (self.reader, self.response_reader, self.data_reader)

    def note(self, text: str) -> None:
        """Let the build tell what happened to the cache, once."""
        if text not in self.notes:
            self.notes.append(text)

    def take_notes(self) -> tuple[str, ...]:
        """Return what happened to the cache since this was last asked."""
        notes, self.notes = tuple(self.notes), []
        return notes

    # Parse results

    def cached(self) -> dict[str, Cached]:
        """Return the parse results of all files, without bodies."""
        cached = dict(self._articles.all(tables.ENTRIES))
        return {} if self._is_damaged(self._articles) else cached

    def stamps(self) -> dict[str, Stamp]:
        """Return the stamps of the last scan."""
        stamps = {
            f"{folder}/{name}" if folder else name: stamp
            for folder, names in self._articles.all(tables.STAMPS)
            for name, stamp in names.items()
        }
        return {} if self._is_damaged(self._articles) else stamps

    def keep_parsed(self, parsed: Mapping[str, Kept], removed: Iterable[str] = ()) -> None:
        """Write parse results. They are keyed by content, so this is safe at any moment."""
        removed = list(removed)
        articles = {path: item.article for path, item in parsed.items() if item.article}
        entries = {path: item.cached for path, item in parsed.items()}
        changes: Changes = {
            tables.ENTRIES: (entries, removed),
            tables.ARTICLES: (articles, removed),
        }
        for path in (*parsed, *removed):
            self.reader.unsaved.pop(path, None)
        if not self._write(self._articles, changes):
            self.reader.unsaved.update(articles)

    def cached_responses(self) -> dict[str, KnownResponse]:
        """Return what is known of all response files, without their texts."""
        known = dict(self._articles.all(tables.RESPONSES))
        return {} if self._is_damaged(self._articles) else known

    def keep_responses(
        self, parsed: Mapping[str, tuple[Packed, Packed | None]], removed: Iterable[str] = ()
    ) -> None:
        """Write what was read of response files: what is known, and what pages show."""
        removed = list(removed)
        known = {path: item[0] for path, item in parsed.items()}
        shown = {path: item[1] for path, item in parsed.items() if item[1]}
        hidden = [*removed, *(parsed.keys() - shown.keys())]
        for path in (*parsed, *removed):
            self.response_reader.unsaved.pop(path, None)
        changes: Changes = {
            tables.RESPONSES: (known, removed),
            tables.SHOWN_RESPONSES: (shown, hidden),
        }
        if not self._write(self._articles, changes):
            self.response_reader.unsaved.update(shown)

    def cached_data(self) -> dict[str, KnownData]:
        """Return what is known of all data files, without their values."""
        known = dict(self._articles.all(tables.DATA))
        return {} if self._is_damaged(self._articles) else known

    def keep_data(
        self, parsed: Mapping[str, tuple[Packed, Packed]], removed: Iterable[str] = ()
    ) -> None:
        """Write what was read of data files: what is known, and their values."""
        removed = list(removed)
        known = {path: item[0] for path, item in parsed.items()}
        values = {path: item[1] for path, item in parsed.items()}
        for path in (*parsed, *removed):
            self.data_reader.unsaved.pop(path, None)
        changes: Changes = {
            tables.DATA: (known, removed),
            tables.DATA_VALUES: (values, removed),
        }
        if not self._write(self._articles, changes):
            self.data_reader.unsaved.update(values)

    def take_last_good(self, other: Store, last: LastBuild) -> None:
        """Take over from another store what a build cannot make from the sources any more.

        `last` is the last build of the other's output folder.
        """
        kept: dict[Table[Any], tuple[Mapping[str, Any], Iterable[str]]] = {}
        of_files = (table for table in tables.OF_SITE if table is not tables.STAMPS)
        for table in of_files:
            found = {path: other._articles.packed(table, path) for path in last.kept}
            kept[table] = ({path: it for path, it in found.items() if it is not None}, ())
        self._write(self._articles, kept)
        self._write(self._outputs, {tables.LAST: ({_LAST: last}, ())})

    def keep_stamps(self, before: Mapping[str, Stamp], now: Mapping[str, Stamp]) -> None:
        """Write the stamps of a scan: those of the folders in which something changed."""
        changed = {path.rpartition("/")[0] for path in before.keys() ^ now.keys()}
        changed |= {path.rpartition("/")[0] for path in now if before.get(path) != now[path]}
        folders: dict[str, dict[str, Stamp]] = {folder: {} for folder in changed}
        for path, stamp in now.items():
            folder, _, name = path.rpartition("/")
            if folder in folders:
                folders[folder][name] = stamp
        empty = [folder for folder, names in folders.items() if not names]
        full = {folder: names for folder, names in folders.items() if names}
        if changed:
            self._write(self._articles, {tables.STAMPS: (full, empty)})

    # Traces

    def state(self) -> State:
        """Return what the last build of the output folder left."""
        profiles = dict(self._outputs.all(tables.PROFILES))
        traces: dict[str, Trace] = {}
        written: dict[str, Written] = {}
        reasons: dict[str, str] = {}
        for path, (file, trace) in self._outputs.all(tables.OUTPUTS):
            if not is_below(path):
                self._outputs.lost = DAMAGED_PART
                continue
            written[path] = file
            if trace is not None and trace.profile in profiles:
                record, output_digest, profile, own, reason = trace
                # Equal values that are one take less memory.
                output_digest = file.digest if output_digest == file.digest else output_digest
                reason = reasons.setdefault(reason, reason)
                traces[path] = Trace(record, output_digest, profiles[profile], own, reason)
        shared = {asked.question: asked for _, asked in self._outputs.all(tables.ANSWERS)}
        last = self._outputs.get(tables.LAST, _LAST)
        threads = dict(self._outputs.all(tables.THREADS))
        searched = dict(self._outputs.all(tables.SEARCH))
        data = dict(self._outputs.all(tables.DATA_DIGESTS))
        if not all(is_below(path) for part in searched.values() for path in part.files):
            self._outputs.lost = DAMAGED_PART
        if self._is_damaged(self._outputs):
            return State({}, {}, {}, None)
        return State(traces, shared, written, last, threads, searched, data)

    def keep_state(self, before: State, now: State, only: Collection[str] | None = None) -> None:
        """Write what changed from one state to the next, all or nothing.

        `only` are the outputs that alone can have changed, where none was removed and the sets of
        shared questions are the same; None looks at all.
        """
        whole = partial(_changes, State({}, {}, {}, None), now, None)
        if self._is_behind:
            # What is stored is of an older state: half of it would be mixed with half of this one.
            self._renew(self._outputs)
            changes = whole()
        else:
            changes = _changes(before, now, only)
        self._is_behind = not self._write(self._outputs, changes, whole)

    def _write(
        self, records: Records, changes: Changes, whole: Callable[[], Changes] | None = None
    ) -> bool:
        """Write to the records; return whether it could be done.

        Damaged ones begin anew, with `whole` or else `changes`.
        """
        try:
            try:
                records.put_all(changes)
            except sqlite3.Error as error:
                code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
                if code & 0xFF not in _DAMAGED:
                    raise
                records.lost = "it was damaged"
                self._is_damaged(records)
                records.put_all(whole() if whole else changes)
        except sqlite3.Error as error:
            self.note(f"the cache could not be saved ({error}); the next build does more")
            return False
        return True

    def is_in_place(self) -> bool:
        """Whether the files lie where they were opened; somebody may have removed them."""
        return self._articles.is_in_place() and self._outputs.is_in_place()

    def changed_by_others(self) -> bool:
        """Whether another process has written to the records since we last did."""
        return self._articles.changed_by_others() | self._outputs.changed_by_others()

    def close(self) -> None:
        """Close the files."""
        for reader in self._readers():
            reader.close()
        self._articles.close()
        self._outputs.close()


def _changes(before: State, now: State, only: Collection[str] | None) -> Changes:
    """Return what is to be written and removed, by table. See `Store.keep_state`."""
    outputs = _Outputs(
        [
            path
            for path in (now.written if only is None else only)
            if path in now.written
            if before.written.get(path) != now.written[path]
            or before.traces.get(path) is not now.traces.get(path)
        ],
        now,
    )
    old, new = set(), {}
    if only is None:
        old = {_profile(trace.shared) for trace in _distinct(before.traces.values())}
        sets = (trace.shared for trace in _distinct(now.traces.values()))
        new = {_profile(shared): shared for shared in sets if all(map(is_storable, shared))}
    answers = {
        repr(question): asked
        for question, asked in now.shared.items()
        if before.shared.get(question) != asked and is_storable(question)
    }
    gone_files = before.written.keys() - now.written.keys() if only is None else ()
    gone = [repr(question) for question in before.shared.keys() - now.shared.keys()]
    assert now.last is not None  # noqa: S101 - a build that ended says how it was
    return {
        tables.OUTPUTS: (outputs, gone_files),
        tables.PROFILES: (new, old - new.keys()),
        tables.ANSWERS: (answers, gone),
        tables.THREADS: _different(before.threads, now.threads),
        tables.SEARCH: _different(before.searched, now.searched),
        tables.DATA_DIGESTS: _different(before.data, now.data),
        tables.LAST: ({_LAST: now.last}, ()),
    }


def _different(
    before: Mapping[str, Any], now: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Collection[str]]:
    """Return what is new or another one in `now`, and the keys that are gone."""
    changed = {key: value for key, value in now.items() if before.get(key) != value}
    return changed, before.keys() - now.keys()


class _Outputs(Mapping[str, Packed]):
    """The records of outputs, each made when it is written: all of them would take much memory."""

    def __init__(self, paths: Collection[str], state: State) -> None:
        self._paths, self._state = paths, state

    def __getitem__(self, path: str) -> Packed:
        return _packed_output(path, self._state.written[path], self._state.traces.get(path))

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _packed_output(path: str, written: Written, trace: Trace | None) -> Packed:
    """Return the record of an output: without its trace where that cannot be stored."""
    stored = None
    if trace is not None and all(is_storable(asked.question) for asked in trace.own):
        record, output_digest, shared, own, reason = trace
        stored = StoredTrace(tuple(record), output_digest, _profile(shared), own, reason)
    return pack(tables.OUTPUTS, path, OutputRecord(written, stored))


def _distinct(traces: Iterable[Trace]) -> Iterable[Trace]:
    """Return one trace of each set of shared questions."""
    return {id(trace.shared): trace for trace in traces}.values()


@cache
def _profile(shared: tuple[Question, ...]) -> str:
    """Return the key of a set of shared questions."""
    return digest(*(repr(question) for question in shared)).hex()


def remove(folder: Path) -> None:
    """Remove everything that was kept between builds. Use it under `lock`."""
    for path in folder.glob("*.sqlite*"):
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold the lock that one build of a site holds; `folder` is its `.sitegen`.

    The operating system lets go of it when the process ends, however it ends. Raises `UsageError`
    if another build keeps it, or the folder is not ours to write to.
    """
    make_folder(folder)
    held = FileLock(folder / "lock", timeout=LOCK_SECONDS)
    try:
        held.acquire()
    except Timeout:
        message = "another build of this site is still running"
        raise UsageError(Problem(message, hint="wait for it, or end it")) from None
    except (OSError, NotImplementedError) as error:
        told = error if isinstance(error, OSError) else OSError(errno.ENOLCK, str(error))
        raise refusal(told, str(folder), "sitegen cannot lock it for a build") from None
    try:
        yield
    finally:
        held.release()
