"""The build: files → Source → Article → Site → Plan → Page → output folder.

There is no other build path: `build`, `serve`, `watch`, `verify` and the tests call `build()`.
Scan, index and plan run in full each time; parsing and rendering only where something changed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from filelock import Timeout

from sitegen.cache import store
from sitegen.cache.record_reader import MissingRecordError
from sitegen.cache.store import FOLDER, LastBuild, State, Store
from sitegen.cache.trace import Question, Tracker, digest
from sitegen.config.loading import load_config, text_beside, with_base_url
from sitegen.config.settings import Config
from sitegen.flow.commit import finish
from sitegen.flow.indexing import Difference, Indexed, Inputs, indexed_again, indexed_anew
from sitegen.flow.options import Options, Report
from sitegen.flow.session import Memory
from sitegen.flow.stale import (
    compare,
    one_of_each_template,
    render,
)
from sitegen.index import former_addresses
from sitegen.index.site import Site
from sitegen.model import errors
from sitegen.model.errors import Problem, SitegenError
from sitegen.output.writing import OutputFolder
from sitegen.parse import articles
from sitegen.parse.articles import Articles, Progress
from sitegen.queries import answer
from sitegen.queries.affected import changed_threads, known_change, suspects
from sitegen.responses import loading
from sitegen.responses.loading import Responses
from sitegen.scan.sources import Scan, SourceChangedError, rescan, scan
from sitegen.search.stage import search
from sitegen.work import garbage_collection
from sitegen.work.executor import Workers

__all__ = ["Options", "Report", "build", "sources_digest"]

ATTEMPTS = 5
"""How often a build begins again because a file changed while it was being read."""


MOST_EDITS = 200
"""Index and plan are made anew where more articles than this changed."""


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

    `changed` are the only paths that can be different since the last build with this `memory`, be
    it one that failed; None looks at all files, and at those in the output folder. Raises
    `SitegenError` with every problem there is; then nothing in the output folder is different
    (unless `keep_going`). Raises `UsageError` for a folder that
    cannot be built into, or while another build of the site is running.
    """
    options = options or Options()
    state = options.state or site / FOLDER
    place = _Place(site, options.output or site / "output", state)
    mine = memory or Memory(lasts=False)
    started = time.perf_counter()
    if changed is not None:
        mine.pending.update(changed)
        changed = mine.pending
    try:
        with garbage_collection.at_rest(), store.lock(state):
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    report = _build(place, options, mine, changed, progress)
                    return replace(report, seconds=time.perf_counter() - started)
                except SourceChangedError as error:
                    changed = None
                    if attempt == ATTEMPTS:
                        message = f"{error} kept changing while the site was built"
                        raise SitegenError(Problem(message, hint="build again")) from None
                except MissingRecordError as error:
                    mine.lose_articles(*([str(error)] if attempt == 1 else []))
                    if mine.store is not None:
                        mine.store.note(f"the cache had lost {error}, which was parsed anew")
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
    settings = own = load_config(place.site)
    if options.base_url is not None:
        settings = with_base_url(own, options.base_url)
    at = (options.at or datetime.now(UTC)).replace(microsecond=0)
    inputs = Inputs(settings, options.drafts, at, text_beside(place.site, former_addresses.FILE))

    # The folder is looked at first: refusing it must not cost a build.
    folder = _output_folder(place, memory)
    kept = _recall(place, options, memory)
    workers = _workers(options, settings)
    files = _scan(place.site, kept, memory, changed)
    # What an address in an article means hangs on where the site lives, not on where we build for.
    talk = _responses(place.site, files, own, kept, memory, workers, progress)
    parsed = _articles(place.site, files, own, kept, memory, workers, progress)
    indexed = _indexed(place.site, files, parsed, kept, memory, inputs)
    indexed = indexed.with_threads(talk.threads, kept.response_reader)
    site, planned, difference = indexed.site, indexed.plan, indexed.difference
    told = (*parsed.problems(), *talk.problems(lambda: site.thread_owners))
    problems = [*files.problems, *told, *indexed.problems()]

    tracker = Tracker(partial(answer, site))
    before = memory.state or State({}, {}, {}, None)
    as_left = folder is memory.folder and folder.count() == len(before.written)
    askers = memory.askers if difference and as_left else None
    asked_again = _narrowed(site, difference, parsed, before)
    stale = compare(planned, tracker, before, folder, asked_again, askers, difference)
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
        # Last: what is found is what was published.
        rests = askers is not None and difference is not None and not difference.withdrawn(site)
        found = search(
            site,
            before,
            folder,
            memory.ready,
            rests=rests,
            later=options.index_later,
            progress=progress,
        )
        problems += found.problems
        made = finish(indexed, before, memory.copies, stale, rendered, folder, askers, found)
    except BaseException:
        folder.abandon()
        raise
    reasons = {path: stale[path] for path in rendered.traces}
    last = _last_build(inputs, options, sources_digest(files, settings), site, reasons)
    published = made.published
    state = State(made.traces, made.shared, published.files, last, talk.marks(), found.parts)
    kept.keep_state(before, state, stale if made.is_settled else None)
    memory.keep(indexed, state, made.copies, folder, rendered.traces)
    return Report(
        articles=len(site.entries),
        pages=len(planned.outputs),
        files=len(planned.outputs) + len(made.copies) + len(found.paths),
        parsed=parsed.parsed,
        rendered=reasons,
        written=published.written,
        removed=published.removed,
        problems=tuple(sorted(problems, key=errors.sort_key)),
        notes=(*kept.take_notes(), *memory.not_yet_told(found.notes)),
        next_change=site.next_change,
        seconds=0.0,
        index_pending=found.is_pending,
        has_address=bool(settings.base_url),
        sources=files.sources,
    )


def _last_build(
    inputs: Inputs, options: Options, sources: bytes, site: Site, reasons: dict[str, str]
) -> LastBuild:
    """Return what the next build has to know of this one."""
    marks = (site.marks.teasers, site.marks.bodies)
    base_url, going = inputs.settings.base_url, options.keep_going
    at = inputs.at.isoformat()
    return LastBuild(at, options.drafts, base_url, sources, site.rest, marks, going, reasons)


def _narrowed(
    site: Site, difference: Difference | None, parsed: Articles, before: State
) -> set[Question] | None:
    """Return the questions that alone may be answered otherwise; None is all of them."""
    change = difference.articles if difference else None
    if change is None and before.last:
        change = known_change(site, parsed.was, parsed.entries(), before.last)
    if change is None:
        return None
    answered = changed_threads(site, before.threads)
    return suspects(site, change).union(("thread", id_) for id_ in answered)


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
    was_removed = memory.store is not None and not memory.store.is_in_place()
    if was_removed:
        memory.forget()
    if memory.store is None:
        if options.clean:
            store.remove(place.state)
        memory.store = Store(place.state, place.output)
        if was_removed:
            memory.store.note("the cache was removed while it was in use, and started afresh")
    elif memory.store.changed_by_others():
        memory.lose()
    if memory.articles is None:
        memory.articles = articles.remembered(memory.store.cached())
    if memory.responses is None:
        memory.responses = loading.remembered(memory.store.cached_responses())
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
    memory.note_scan(files)
    return files


def _responses(
    site: Path,
    files: Scan,
    settings: Config,
    kept: Store,
    memory: Memory,
    workers: Workers,
    progress: Progress,
) -> Responses:
    before = memory.responses or loading.remembered({})
    memory.responses = loading.load(
        site, files.sources, settings, kept, before, memory.changed, workers, progress
    )
    return memory.responses


def _articles(
    site: Path,
    files: Scan,
    settings: Config,
    kept: Store,
    memory: Memory,
    workers: Workers,
    progress: Progress,
) -> Articles:
    before = memory.articles or articles.remembered({})
    parsed = articles.load(
        site, files.sources, settings, kept, before, memory.changed, workers, progress
    )
    memory.note_articles(parsed)
    return parsed


def _indexed(
    folder: Path, files: Scan, parsed: Articles, kept: Store, memory: Memory, inputs: Inputs
) -> Indexed:
    """Return site and plan: the last build's, with what changed, if that is all there is to do."""
    known, edits = memory.indexed, memory.edits()
    if known is not None and len(edits) <= MOST_EDITS and known.holds_for(inputs):
        again = indexed_again(known, edits, inputs)
        if again is not None:
            return again
    return indexed_anew(folder, files, parsed, kept.load_article, inputs)


def _output_folder(place: _Place, memory: Memory) -> OutputFolder:
    """Return the output folder: the last build's, if it is as that left it."""
    folder = memory.folder
    if folder is not None and folder.again():
        return folder
    return OutputFolder(place.output, place.site)


def sources_digest(files: Scan, settings: Config) -> bytes:
    """Return the digest of everything that the output is made from, but for the time."""
    return digest(repr(settings), str(files.mark))
