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

from sitegen import articles, collector, config, errors, responses, store, translations
from sitegen.articles import Articles, Progress
from sitegen.asking import answer
from sitegen.errors import Problem, SitegenError
from sitegen.executor import Workers
from sitegen.identity import distinct
from sitegen.index import broken_links, index, template_files, ui_texts
from sitegen.memory import Indexed, Inputs, Memory
from sitegen.orders import Options, Report
from sitegen.plan import fingerprinted, plan
from sitegen.publish import named_by_failed, publish, publish_pages, stage_copies
from sitegen.record_reader import MissingRecordError
from sitegen.renew import (
    assets,
    compare,
    current_traces,
    one_of_each_template,
    render,
    same_questions,
    shared_answers,
)
from sitegen.responses import Responses
from sitegen.search.stage import search
from sitegen.settings import Config
from sitegen.site import Site
from sitegen.sources import Scan, SourceChangedError, read, rescan, scan
from sitegen.store import FOLDER, LastBuild, State, Store
from sitegen.suspects import changed_threads, known_change, suspects
from sitegen.trace import Question, Tracker, digest
from sitegen.write import OutputFolder

__all__ = ["Options", "Report", "build", "sources_digest"]

ATTEMPTS = 5
"""How often a build begins again because a file changed while it was being read."""


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
    mine = memory or Memory()
    started = time.perf_counter()
    if changed is not None:
        mine.pending.update(changed)
        changed = mine.pending
    try:
        with collector.at_rest(), store.lock(state):
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
    settings = own = config.load(place.site)
    if options.base_url is not None:
        settings = config.with_base_url(own, options.base_url)
    at = (options.at or datetime.now(UTC)).replace(microsecond=0)
    inputs = Inputs(settings, options.drafts, at)

    # The folder is looked at first: refusing it must not cost a build.
    folder = OutputFolder(place.output, place.site)
    kept = _recall(place, options, memory)
    workers = _workers(options, settings)
    files = _scan(place.site, kept, memory, changed)
    # What an address in an article means hangs on where the site lives, not on where we build for.
    talk = _responses(place.site, files, own, kept, memory, workers, progress)
    parsed = _articles(place.site, files, own, kept, memory, workers, progress)
    indexed = _indexed(place.site, files, parsed, kept, memory, inputs)
    indexed = indexed.with_threads(talk.threads, kept.response_reader)
    site, planned = indexed.site, indexed.plan
    told = (*parsed.problems(), *talk.problems(lambda: site.thread_owners))
    problems = [*files.problems, *told, *indexed.problems]

    tracker = Tracker(partial(answer, site))
    before = memory.state or State({}, {}, {}, None)
    # Whoever removed the output folder removed its manifest: then all of it is looked at.
    same_plan = memory.indexed is not None and len(folder.manifest) == len(before.written)
    only, again = _narrowed(site, memory, parsed, before, same_plan=same_plan)
    stale = compare(planned, tracker, before, folder, only, again)
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
        # Last: what is found is what was published.
        found = search(
            site,
            before,
            folder,
            memory.ready,
            rests=same_plan,
            later=options.index_later,
            progress=progress,
        )
        problems += found.problems
        if settled := (
            same_plan
            and found.parts is before.searched
            and same_questions(before, stale, rendered.traces)
        ):
            copies, shared = memory.copies, before.shared
            published = publish_pages(folder, rendered.staged, before)
        else:
            copies = {**planned.copies, **fingerprinted(site, assets(traces))}
            shared = shared_answers(traces, tracker)
            staged = [*rendered.staged, *stage_copies(place.site, copies, before, folder)]
            spared = named_by_failed(folder, planned.outputs.keys() - traces.keys())
            paths = {*planned.outputs, *copies, *spared, *found.paths}
            published = publish(folder, [*staged, *found.staged], paths, before)
    except BaseException:
        folder.abandon()
        raise
    reasons = {path: stale[path] for path in rendered.traces}
    last = _last_build(inputs, options, sources_digest(files, settings), site, reasons)
    state = State(traces, shared, published.files, last, talk.marks(), found.parts)
    kept.keep_state(before, state, stale if settled else None)
    memory.keep(indexed, state, copies)
    return Report(
        articles=len(site.entries),
        pages=len(planned.outputs),
        files=len(planned.outputs) + len(copies) + len(found.paths),
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
    site: Site, memory: Memory, parsed: Articles, before: State, *, same_plan: bool
) -> tuple[set[str] | None, set[Question] | None]:
    """Return the outputs and the questions that alone may be different; None is all of them."""
    answered = changed_threads(site, before.threads)
    threads: set[Question] = {("thread", id_) for id_ in answered}
    if same_plan:
        articles = {("article", id_) for id_ in memory.bodies}
        return memory.outputs_asking(memory.bodies | answered), articles | threads
    if before.last and (change := known_change(site, parsed.was, parsed.entries(), before.last)):
        return None, suspects(site, change) | threads
    return None, None


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
        memory.responses = responses.remembered(memory.store.cached_responses())
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
    before = memory.responses or responses.remembered({})
    memory.responses = responses.load(
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
    """Return site and plan: the last build's, with new bodies, if they would come out the same."""
    known = memory.indexed
    if known is not None and known.holds_for(inputs):
        fresh = (parsed.cached[id_].entry for id_ in memory.bodies)
        site = known.site.with_bodies(entry for entry in fresh if entry)
        return known._replace(site=site, inputs=inputs)
    memory.indexed = None
    templates = template_files(files.sources)
    language = inputs.settings.language
    read_here = partial(read, folder)
    texts, problems = ui_texts(language, templates, read_here)
    entries, clashes = distinct(parsed.entries())
    site = index(
        inputs.settings,
        entries,
        files.sources,
        at=inputs.at,
        drafts=inputs.drafts,
        texts=texts,
        load_article=kept.reader,
        read=read_here,
    )
    planned = plan(site)
    problems = [*problems, *clashes, *planned.problems, *broken_links(site, planned.urls())]
    problems += translations.problems(site)
    return Indexed(inputs, site, planned, tuple(problems))


def sources_digest(files: Scan, settings: Config) -> bytes:
    """Return the digest of everything that the output is made from, but for the time."""
    return digest(repr(settings), str(files.mark))
