"""The build: files → Source → Article → Site → Plan → Page → output folder.

There is no other build path: `build`, `serve`, `watch`, `verify` and the tests call `build()`.
Scan, index and plan run in full each time; parsing and rendering only where something changed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from filelock import Timeout

from sitegen import articles, config, errors, store
from sitegen.articles import Articles, Progress
from sitegen.config import Config
from sitegen.content import Source
from sitegen.errors import Problem, SitegenError
from sitegen.executor import StartMethod, Workers
from sitegen.index import broken_links, index, template_files, ui_texts
from sitegen.plan import fingerprinted, plan
from sitegen.publish import publish, stage_copies
from sitegen.renew import (
    assets,
    compare,
    current_traces,
    one_of_each_template,
    render,
    shared_answers,
)
from sitegen.site import Site
from sitegen.sources import Scan, SourceChangedError, read, rescan, scan
from sitegen.store import FOLDER, LastBuild, MissingArticleError, State, Store
from sitegen.trace import (
    Tracker,
    digest,
)
from sitegen.write import OutputFolder

ATTEMPTS = 5
"""How often a build begins again because a file changed while it was being read."""


@dataclass(frozen=True)
class Options:
    """How to build. The defaults are those of `sitegen build`."""

    at: datetime | None = None
    """The moment to show, with a time zone; None is now."""
    drafts: bool = False
    output: Path | None = None
    """None is `output/` in the site folder."""
    base_url: str | None = None
    """Instead of the configuration's."""
    clean: bool = False
    """Forget everything that earlier builds kept."""
    keep_going: bool = False
    """Publish what can be made although there are errors; what cannot keeps its last good file."""
    jobs: int | None = None
    """Number of processes; None decides by the work."""
    start_method: StartMethod | None = None
    """How processes are started; None takes the cheapest safe way."""
    state: Path | None = None
    """Where to keep what the next build needs; None is `.sitegen/` in the site folder."""


@dataclass(frozen=True)
class Report:
    """What a build did. Paths are relative to the output folder."""

    articles: int
    """Published articles."""
    pages: int
    """Files that are rendered from templates."""
    files: int
    """All files of the output, copies included."""
    parsed: int
    rendered: dict[str, str]
    """The rendered outputs, with the reason for each."""
    written: tuple[str, ...]
    removed: tuple[str, ...]
    problems: tuple[Problem, ...]
    """Warnings; with `keep_going` errors, too."""
    notes: tuple[str, ...]
    """What happened to the cache."""
    next_change: datetime | None
    """When the output would change by itself: an article appears or expires."""
    seconds: float
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)

    @property
    def unchanged(self) -> int:
        """Number of files that were left as they are."""
        return self.files - len(self.written)


class Memory:
    """What a process that builds again and again keeps between its builds.

    A process that builds once makes a new one; the outcome is the same.
    """

    def __init__(self) -> None:
        """Begin without memories."""
        self.store: Store | None = None
        self.scan: Scan | None = None
        self.cached: dict[str, store.Cached] | None = None
        self.state: State | None = None

    def forget(self) -> None:
        """Close everything."""
        if self.store is not None:
            self.store.close()
        self.__init__()  # type: ignore[misc]  # as new


class _Place(NamedTuple):
    """Where a build reads and writes."""

    site: Path
    output: Path
    state: Path


def quiet(_stage: str, _done: int, _total: int) -> None:
    """Take progress and say nothing."""


def build(
    site: Path,
    options: Options | None = None,
    *,
    memory: Memory | None = None,
    changed: Iterable[str] | None = None,
    progress: Progress = quiet,
) -> Report:
    """Bring the output folder in step with the site folder `site`, and return what was done.

    `changed` are the only paths that can be different since the last build with this `memory`;
    None looks at all files. Raises `SitegenError` with every problem there is; then nothing in
    the output folder is different (unless `keep_going`). Raises `UsageError` for a folder that
    cannot be built into, or while another build of the site is running.
    """
    options = options or Options()
    state = options.state or site / FOLDER
    place = _Place(site, options.output or site / "output", state)
    mine = memory or Memory()
    started = time.perf_counter()
    try:
        with store.lock(state):
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    report = _build(place, options, mine, changed, progress)
                    return replace(report, seconds=time.perf_counter() - started)
                except SourceChangedError as error:
                    changed = None
                    if attempt == ATTEMPTS:
                        message = f"{error} kept changing while the site was built"
                        raise SitegenError(Problem(message, hint="build again")) from None
                except MissingArticleError:
                    mine.cached = None
    except Timeout:
        raise store.locked_out() from None
    finally:
        if memory is None:
            mine.forget()
    raise AssertionError  # the loop returns or raises


def _build(
    place: _Place,
    options: Options,
    memory: Memory,
    changed: Iterable[str] | None,
    progress: Progress,
) -> Report:
    settings = config.load(place.site)
    if options.base_url is not None:
        settings = config.with_base_url(settings, options.base_url)
    at = (options.at or datetime.now(UTC)).replace(microsecond=0)

    # The folder is looked at first: refusing it must not cost a build.
    folder = OutputFolder(place.output, place.site)
    kept = _recall(place, options, memory)
    files = _scan(place.site, kept, memory, changed)
    workers = _workers(options, settings)
    known = memory.cached or {}
    parsed = articles.load(place.site, files.sources, settings, kept, known, workers, progress)
    memory.cached = parsed.cached

    site, problems = _index(
        place.site, settings, files.sources, parsed, kept, at, drafts=options.drafts
    )
    planned = plan(site)
    problems = [*files.problems, *problems, *planned.problems]
    problems += broken_links(site, planned.urls())

    tracker = Tracker(site.answer)
    before = memory.state or State({}, {}, {}, None)
    stale = compare(site, planned, tracker, before, folder)
    refused = not options.keep_going and any(problem.is_error for problem in problems)
    # Where nothing will be published, a template's faults are still told in the same run.
    todo = one_of_each_template(planned, stale) if refused else stale
    folder.begin()
    try:
        rendered = render(
            site, place.site, planned, todo, folder.staging, kept.bytecode, workers, progress
        )
        problems += rendered.problems
        if not options.keep_going:
            _refuse(problems)
        traces = current_traces(planned, before, stale, rendered.traces)
        copies = {**planned.copies, **fingerprinted(site, assets(traces))}
        staged = [*rendered.staged, *stage_copies(place.site, copies, before, folder)]
        published = publish(folder, staged, {*planned.outputs, *copies}, before)
    except BaseException:
        folder.abandon()
        raise
    reasons = {path: stale[path] for path in rendered.traces}
    last = LastBuild(
        at.isoformat(),
        options.drafts,
        settings.base_url,
        sources_digest(files.sources, settings),
        site.digest,
        options.keep_going,
        reasons,
    )
    memory.state = State(traces, shared_answers(traces, tracker), published.files, last)
    kept.keep_state(before, memory.state)
    return Report(
        articles=len(site.entries),
        pages=len(planned.outputs),
        files=len(planned.outputs) + len(copies),
        parsed=parsed.parsed,
        rendered=reasons,
        written=published.written,
        removed=published.removed,
        problems=tuple(sorted(problems, key=errors.sort_key)),
        notes=kept.take_notes(),
        next_change=site.next_change,
        seconds=0.0,
        sources=files.sources,
    )


def _workers(options: Options, settings: Config) -> Workers:
    chosen = settings.build
    jobs = options.jobs or chosen.jobs or None
    dask = chosen.dask_address if chosen.executor == "dask" else None
    return Workers(jobs, options.start_method, dask)


def _refuse(problems: list[Problem]) -> None:
    """Raise `SitegenError` with all problems if one of them is an error."""
    if any(problem.is_error for problem in problems):
        raise SitegenError(*sorted(problems, key=errors.sort_key))


def _recall(place: _Place, options: Options, memory: Memory) -> Store:
    """Return the store, with the memory filled from it where it is empty or behind."""
    if options.clean and memory.store is None:
        store.remove(place.state)
    if memory.store is None:
        memory.store = Store(place.state, place.output)
    elif memory.store.changed_by_others():
        memory.state = memory.cached = memory.scan = None
    if memory.cached is None:
        memory.cached = memory.store.cached()
    if memory.state is None:
        memory.state = memory.store.state()
    return memory.store


def _scan(site: Path, kept: Store, memory: Memory, changed: Iterable[str] | None) -> Scan:
    if memory.scan is not None and changed is not None:
        files = rescan(site, memory.scan, changed)
    else:
        known = memory.scan.stamps if memory.scan else kept.stamps()
        files = scan(site, known)
        kept.keep_stamps(known, files.stamps)
    memory.scan = files
    return files


def _index(
    folder: Path,
    settings: Config,
    sources: Mapping[str, Source],
    parsed: Articles,
    kept: Store,
    at: datetime,
    *,
    drafts: bool,
) -> tuple[Site, list[Problem]]:
    templates = template_files(sources)
    texts, problems = ui_texts(settings.language, templates, lambda source: read(folder, source))
    site = index(
        settings,
        parsed.entries,
        sources,
        at=at,
        drafts=drafts,
        texts=texts,
        load_article=kept.reader,
    )
    return site, [*parsed.problems, *problems]


def sources_digest(sources: Mapping[str, Source], settings: Config) -> bytes:
    """Return the digest of everything that the output is made from, but for the time."""
    return digest(repr(settings), *(part for source in sources.values() for part in source[:2]))
