"""What a process that builds again and again keeps between its builds.

Nothing of it decides what comes out: each part is the value of a stage of the build, kept to be
used again while the stage's input is the same. A process that builds once begins with none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sitegen.cache.store import State, Store
from sitegen.cache.trace import Trace
from sitegen.flow.dependents import Askers
from sitegen.flow.indexing import Indexed
from sitegen.index.updating import Edits
from sitegen.model.documents import Entry
from sitegen.output.writing import OutputFolder
from sitegen.parse.articles import Articles, is_article
from sitegen.plan.planning import Copy
from sitegen.responses.loading import Responses, is_response
from sitegen.scan.sources import Scan
from sitegen.search.year_shards import Ready


class Memory:
    """The values of the stages of the last build."""

    def __init__(self, *, lasts: bool = True) -> None:
        """Begin without memories; one that does not last is for a single build."""
        self.lasts = lasts
        self.store: Store | None = None
        self.scan: Scan | None = None
        self.articles: Articles | None = None
        self.responses: Responses | None = None
        self.state: State | None = None
        self.indexed: Indexed | None = None
        self.copies: dict[str, Copy] = {}
        self.pending: set[str] = set()
        """Paths that a build was told of and could not look at."""
        self.changed: set[str] | None = None
        """Sources that changed since `articles` were made; None if that is not known."""
        self.ready: Ready = {}
        """Years of the search index that were made since the last build."""
        self._told: set[str] = set()
        self.was: dict[str, Entry | None] = {}
        """Articles that changed since `indexed` was made, as they were then."""
        self.askers: Askers | None = None
        """Who asked what in the build that left `state`."""
        self.folder: OutputFolder | None = None
        """The output folder as that build left it."""

    def forget(self) -> None:
        """Close everything, and begin anew."""
        if self.store is not None:
            self.store.close()
        self.__init__(lasts=self.lasts)  # type: ignore[misc]  # as new

    def lose(self) -> None:
        """Drop what may be behind what another process has written."""
        self.scan = self.articles = self.state = self.indexed = self.changed = None
        self.responses = None
        self.askers = self.folder = None

    def lose_articles(self, *ids: str) -> None:
        """Drop the parse results of files whose bodies were lost, so that they are made again.

        Articles by their ids, responses by their paths. Without `ids`, drop all articles.
        """
        if self.responses is not None:
            for id_ in ids:
                self.responses.known.pop(id_, None)
        if self.articles is not None:
            for id_ in ids or tuple(self.articles.cached):
                self.articles.cached.pop(id_, None)
        self.indexed = self.changed = None

    def note_scan(self, files: Scan) -> None:
        """Take note of a scan; only articles and responses can leave the index as it was."""
        self.scan = files
        self.pending = set()
        if files.changed is None or self.changed is None:
            self.changed = None
        else:
            self.changed |= files.changed
        if self.changed is None or not all(map(_beyond_index, self.changed)):
            self.indexed = None

    def note_articles(self, articles: Articles) -> None:
        """Take note of the articles, and of those that were exchanged."""
        self.articles = articles
        self.was = {**articles.was, **self.was}
        self.changed = set()

    def edits(self) -> Edits:
        """Return what became of articles since `indexed` was made."""
        cached = self.articles.cached if self.articles else {}
        found = {id_: cached.get(id_) for id_ in self.was}
        return {id_: (self.was[id_], item.entry if item else None) for id_, item in found.items()}

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
        folder: OutputFolder,
        fresh: Mapping[str, Trace],
    ) -> None:
        """Keep the values of a build that succeeded; `fresh` are the traces of what it rendered."""
        self.ready = {}
        if not self.lasts:
            return
        if self.askers is None or indexed.difference is None:
            self.askers = Askers()
            self.askers.note(state.traces, {})
        elif self.state is not None:
            self.askers.note(fresh, self.state.traces, indexed.difference.gone)
        self.indexed, self.state, self.copies, self.folder = indexed, state, copies, folder
        self.was = {}


def _beyond_index(path: str) -> bool:
    """Whether the index may stay as it was although this source changed."""
    return is_article(path) or is_response(path)
