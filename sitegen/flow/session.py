"""What a process that builds again and again keeps between its builds.

Nothing of it decides what comes out: each part is the value of a stage of the build, kept to be
used again while the stage's input is the same. A process that builds once begins with none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Self

from sitegen.cache import store
from sitegen.cache.store import State, Store
from sitegen.cache.trace import Trace
from sitegen.data.files import DataFiles
from sitegen.data.names import is_data
from sitegen.flow.dependents import Dependents
from sitegen.flow.indexing import Indexed
from sitegen.index.exchange import Edits
from sitegen.index.site import Site
from sitegen.model.moments import Moment
from sitegen.output.writing import OutputFolder
from sitegen.parse.documents import Documents, is_document
from sitegen.plan.outputs import Copy
from sitegen.responses.loading import Responses, is_response
from sitegen.scan.sources import Scan
from sitegen.search.year_shards import IndexedYears


class Session:
    """The values of the stages of the last build.

    One that does not last is for a single build.
    """

    folder: OutputFolder
    """The output folder of the build. Set by `take_folder`."""

    def __init__(self, *, lasts: bool = True) -> None:
        self.lasts = lasts
        self.store: Store | None = None
        self.scan: Scan | None = None
        self.documents = Documents.remembered({})
        self.responses = Responses.remembered({})
        self.data = DataFiles.remembered({})
        self.state = State({}, {}, {}, None)
        self.indexed: Indexed | None = None
        self.published: Site | None = None
        """The site that the last build published: `indexed` without the documents that lost their
        place to others."""
        self.copies: dict[str, Copy] = {}
        self.pending: set[str] = set()
        """Paths that a build was told of and could not look at."""
        self.changed: set[str] | None = None
        """Sources that changed since `documents` were made; None if that is not known."""
        self.next_change: Moment | None = None
        """When the site changes by itself, as the last build knew that came to index it, be it
        that it published nothing."""
        self.ready: IndexedYears = {}
        """Years of the search index that were made since the last build."""
        self._told: set[str] = set()
        self._replaced: set[str] = set()
        """Documents that changed since `indexed` was made."""
        self._dependents: Dependents | None = None
        """Who asked what in the build that left `state`."""
        self._left: OutputFolder | None = None
        """The output folder, if it is known to be as that build left it."""
        self._is_known = False
        """Whether `documents`, `responses`, `data` and `state` are those of the last build."""

    def take_folder(self, output: Path, site: Path) -> None:
        """Make the output folder ready: the last build's, if it is as that left it.

        Raises `UsageError` for a folder that cannot be built into.
        """
        if self._left is not None and not self._left.reopen():
            self._left = None
        self.folder = self._left or OutputFolder(output, site)

    def open(self, state: Path, output: Path, *, clean: bool) -> Store:
        """Return the store, with the values filled from it where they are missing or behind."""
        was_removed = self.store is not None and not self.store.is_in_place()
        if was_removed:
            self.close()
        if self.store is None:
            if clean:
                store.remove(state)
            self.store = Store(state, output)
            if was_removed:
                self.store.note("the cache was removed while it was in use, and started afresh")
        elif self.store.changed_by_others():
            self.invalidate()
        if not self._is_known:
            self.documents = Documents.remembered(self.store.cached())
            self.responses = Responses.remembered(self.store.cached_responses())
            self.data = DataFiles.remembered(self.store.cached_data())
            self.state = self.store.state()
            self._is_known = True
        return self.store

    def __enter__(self) -> Self:
        """Return itself: `with Session()` closes it at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close everything, and keep nothing."""
        if self.store is not None:
            self.store.close()
        folder = vars(self).get("folder")
        self.__init__(lasts=self.lasts)  # type: ignore[misc]  # as new
        if folder is not None:
            self.folder = folder

    def invalidate(self) -> None:
        """Drop what may be behind the store and the output folder.

        Another process has written to them, or a build failed while it did: the next build looks
        at all files, as that of a new process does.
        """
        self.scan = self.indexed = self.changed = self._dependents = self._left = None
        self._is_known = False

    def invalidate_documents(self, *ids: str) -> None:
        """Drop the results of files whose bodies were lost, so that they are parsed again.

        Documents by their ids, responses and data by their paths. Without `ids`, drop all of them,
        and begin the records anew: they have lost what had just been written to them.
        """
        for id_ in ids:
            self.responses.files.items.pop(id_, None)
            self.data.files.items.pop(id_, None)
            self.documents.items.pop(id_, None)
        if not ids:
            self.documents = Documents.remembered({})
            self.responses = Responses.remembered({})
            self.data = DataFiles.remembered({})
            if self.store is not None:
                self.store.begin_articles_anew()
        self.indexed = self.changed = None

    def take_scan(self, files: Scan) -> None:
        """Take a scan; only documents, responses and data leave the index as it was."""
        self.scan = files
        self.pending = set()
        if files.changed is None or self.changed is None:
            self.changed = None
        else:
            self.changed |= files.changed
        if self.changed is None or not all(map(_beyond_index, self.changed)):
            self.indexed = None

    def take_documents(self, documents: Documents) -> None:
        """Take the documents, and note those that were replaced."""
        self.documents = documents
        self._replaced |= documents.replaced.keys()
        self.changed = set()

    def kept(self) -> tuple[str, ...]:
        """Return the paths of the source files of which only the last good state is known."""
        parsed = (self.documents, self.responses.files, self.data.files)
        return tuple(path for files in parsed for path in files.kept())

    def edits(self) -> Edits:
        """Return what became of documents since `indexed` was made."""
        items = self.documents.items
        return {id_: (item := items.get(id_)) and item.document for id_ in self._replaced}

    def dependents_for(self, indexed: Indexed) -> Dependents | None:
        """Return who asked what, where it is known what became of the last build's plan and files.

        None means that all outputs have to be looked at.
        """
        as_left = self._left is not None and self.folder.count() == len(self.state.written)
        return self._dependents if indexed.difference and as_left else None

    def is_output_known(self) -> bool:
        """Whether nobody else has built into the output folder since the last build, or removed it.

        Only to be asked between builds.
        """
        return self._left is not None and self._left.is_as_left()

    def changed_outputs(self, at_once: int) -> Iterator[list[str]]:
        """Yield which files of the output folder are not as the last build left them.

        Each step looks at `at_once` files. Only to be asked between builds.
        """
        written = list(self.state.written.items())
        for start in range(0, len(written), at_once):
            part = written[start : start + at_once]
            yield [path for path, left in part if not self.folder.as_left(path, left)]

    def distrust_output(self) -> None:
        """Have the next build look at all files of the output folder."""
        self._left = None

    def not_yet_told(self, notes: Iterable[str]) -> tuple[str, ...]:
        """Return those of the notes that this was not asked about before."""
        new = tuple(note for note in notes if note not in self._told)
        self._told.update(new)
        return new

    def keep(
        self,
        indexed: Indexed,
        state: State,
        copies: dict[str, Copy],
        fresh: Mapping[str, Trace],
    ) -> None:
        """Keep the values of a build that succeeded; `fresh` are the traces of what it rendered."""
        self.ready = {}
        if not self.lasts:
            return
        if self._dependents is None or indexed.difference is None:
            self._dependents = Dependents()
            self._dependents.note(state.traces, {})
        else:
            self._dependents.note(fresh, self.state.traces, indexed.difference.gone)
        self.indexed = indexed.whole or indexed
        self.published = indexed.site
        self.state, self.copies, self._left = state, copies, self.folder
        self._replaced = set()


def _beyond_index(path: str) -> bool:
    """Whether the index may stay as it was although this source changed."""
    return is_document(path) or is_response(path) or is_data(path)
