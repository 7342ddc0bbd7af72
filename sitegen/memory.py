"""What a process that builds again and again keeps between its builds.

Nothing of it decides what comes out: each part is the value of a stage of the build, kept to be
used again while the stage's input is the same. A process that builds once begins with none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sitegen.articles import Articles, is_article
from sitegen.content import ShownResponse, ThreadFiles
from sitegen.errors import Problem
from sitegen.plan import Copy, Plan
from sitegen.responses import Responses, is_response
from sitegen.search.making import Ready
from sitegen.settings import Config
from sitegen.site import Site
from sitegen.sources import Scan
from sitegen.store import State, Store
from sitegen.trace import BEYOND_INDEX, Trace


class Inputs(NamedTuple):
    """What index and plan were made from, besides the articles."""

    settings: Config
    drafts: bool
    at: datetime


class Indexed(NamedTuple):
    """The site and its plan, and what is wrong with them."""

    inputs: Inputs
    site: Site
    plan: Plan
    problems: tuple[Problem, ...]

    def with_threads(
        self,
        threads: Mapping[str, ThreadFiles],
        load_response: Callable[[str, bytes], ShownResponse],
    ) -> Indexed:
        """Return the same with these responses, which neither index nor plan depend on."""
        return self._replace(site=self.site.with_threads(threads, load_response))

    def holds_for(self, inputs: Inputs) -> bool:
        """Whether index and plan come out the same for `inputs`, if no source has changed.

        Time matters only where an article appears or expires.
        """
        # As texts: `true` and `1` are equal to Python, but not on a page.
        same = repr(inputs._replace(at=self.inputs.at)) == repr(self.inputs)
        if not same or inputs.at < self.inputs.at:
            return False
        return self.site.next_change is None or inputs.at < self.site.next_change


class Memory:
    """The values of the stages of the last build."""

    def __init__(self) -> None:
        """Begin without memories."""
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
        self.bodies: set[str] = set()
        """Articles whose bodies changed since `indexed` was made."""
        self.ready: Ready = {}
        """Years of the search index that were made since the last build."""
        self._told: set[str] = set()
        self._askers: dict[str, set[str]] = {}
        """The outputs that asked for an article's body, by its id."""

    def forget(self) -> None:
        """Close everything, and begin anew."""
        if self.store is not None:
            self.store.close()
        self.__init__()  # type: ignore[misc]  # as new

    def lose(self) -> None:
        """Drop what may be behind what another process has written."""
        self.scan = self.articles = self.state = self.indexed = self.changed = None
        self.responses = None

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
        """Take note of the articles; new bodies leave the index as it was."""
        self.articles = articles
        if articles.bodies is None:
            self.indexed = None
        else:
            self.bodies |= articles.bodies
        self.changed = set()

    def keep(self, indexed: Indexed, state: State, copies: dict[str, Copy]) -> None:
        """Keep the values of a build that succeeded."""
        same_plan = self.indexed is not None
        fresh = state.last.stale if state.last else {}
        self.indexed, self.state, self.copies = indexed, state, copies
        self.bodies, self.ready = set(), {}
        if same_plan:
            self._note_askers({path: state.traces[path] for path in fresh})
        else:
            self._askers = {}

    def not_yet_told(self, notes: Iterable[str]) -> tuple[str, ...]:
        """Return those of the notes that this was not asked about before."""
        new = tuple(note for note in notes if note not in self._told)
        self._told.update(new)
        return new

    def outputs_asking(self, articles: Iterable[str]) -> set[str]:
        """Return the outputs that asked for the bodies of `articles`."""
        if not self._askers and self.state is not None:
            self._note_askers(self.state.traces)
        return {path for id_ in articles for path in self._askers.get(id_, ())}

    def _note_askers(self, traces: dict[str, Trace]) -> None:
        for path, trace in traces.items():
            for asked in trace.own:
                if asked.question[0] in BEYOND_INDEX:
                    self._askers.setdefault(str(asked.question[1]), set()).add(path)


def _beyond_index(path: str) -> bool:
    """Whether the index may stay as it was although this source changed."""
    return is_article(path) or is_response(path)
