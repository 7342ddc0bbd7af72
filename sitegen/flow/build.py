"""The build: files → Source → Document → Site → Plan → Page → output folder.

There is no other build path: `build`, `serve`, `watch`, `verify` and the tests call `build()`.
Parsing, index, plan and rendering look only at what changed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sitegen.cache import store
from sitegen.cache.context import BuildContext, Inputs
from sitegen.cache.record_reader import MissingRecordError
from sitegen.cache.store import FOLDER, State
from sitegen.cache.tables import LastBuild
from sitegen.cache.trace import Question, digest
from sitegen.config.loading import as_preview, load_config, require_site, with_base_url
from sitegen.config.settings import Config
from sitegen.config.themes import load_theme
from sitegen.data.files import update_data
from sitegen.flow.commit import Committed, commit
from sitegen.flow.indexing import (
    Indexed,
    build_index,
    count_articles,
    count_pages,
    last_holder,
    update_index,
    without_losers,
)
from sitegen.flow.options import FailedBuildError, Options, Report
from sitegen.flow.session import Session
from sitegen.flow.stale import find_stale, one_of_each_template, own_pages, render_stale
from sitegen.index.own_keys import unshown_warning
from sitegen.index.scheduled import next_changes
from sitegen.model import errors, moments
from sitegen.model.errors import Location, Problem, SitegenError
from sitegen.model.frozen import FrozenMap
from sitegen.model.refusals import refusal
from sitegen.model.source_folders import ARTICLES
from sitegen.model.wording import counted
from sitegen.parse.documents import Documents, is_article, update_documents
from sitegen.plan.planning import Plan
from sitegen.queries.affected import (
    affected_questions,
    changed_data,
    changed_threads,
    data_digests,
    known_change,
    other_digest,
    shown_digest,
)
from sitegen.queries.hosts import frames
from sitegen.render.blocks import unknown_blocks
from sitegen.responses.loading import update_responses
from sitegen.scan.site_files import read_site_texts
from sitegen.scan.sources import Scan, SourceChangedError, rescan, scan, unreadable
from sitegen.search.indexing import update_search_index
from sitegen.work import garbage_collection
from sitegen.work.executor import Workers
from sitegen.work.progress import Progress, quiet
from sitegen.work.proven_versions import notes_on_building

__all__ = ["Options", "Report", "build", "quiet", "sources_digest"]

ATTEMPTS = 5
"""How often a build begins again because a file changed while it was being read."""


def build(
    site: Path,
    options: Options | None = None,
    *,
    session: Session | None = None,
    changed: Iterable[str] | None = None,
    progress: Progress = quiet,
) -> Report:
    """Bring the output folder in step with the site folder `site`, and return what was done.

    `changed` are the only paths that can be different since the last build of this `session`, be
    it one that failed; None looks at all files, and at those in the output folder. Raises
    `SitegenError` with every problem there is; then nothing in the output folder is different
    (unless `keep_going`). What somebody else put there in the way of a file costs that file alone:
    all others are written before it is raised. Only where the system refuses to write a file of the
    output folder, those before it are new already: the next build puts all in step. Raises
    `UsageError` where there is no site folder, or no configuration in it, for a folder that cannot
    be built into, while another build of the site is running, and where the system refuses what a
    build needs.
    """
    require_site(site)  # else it would be an empty site, and the output would become empty
    options = options or Options()
    current = session or Session(lasts=False)
    started = time.perf_counter()
    if changed is not None:
        current.pending.update(changed)
        changed = current.pending
    try:
        with garbage_collection.paused(), store.lock(options.state or site / FOLDER):
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    context = _open(site, options, current, progress)
                    report = _build(context, current, changed)
                    return replace(report, seconds=time.perf_counter() - started)
                except SourceChangedError as error:
                    changed = None
                    if attempt == ATTEMPTS:
                        raise _never_settled(str(error), current.scan) from None
                except MissingRecordError as error:
                    _parse_again(error, attempt, current)
    except FailedBuildError as error:
        seconds = time.perf_counter() - started
        raise FailedBuildError(replace(error.report, seconds=seconds)) from None
    except OSError as error:
        raise refusal(error) from error
    finally:
        if session is None:
            current.close()
    raise AssertionError  # the loop returns or raises


def _parse_again(error: MissingRecordError, attempt: int, session: Session) -> None:
    """Have the next attempt parse a document again that the cache has lost; then all of them.

    Raises `error` after the last attempt.
    """
    if attempt == ATTEMPTS:
        raise error
    session.invalidate_documents(*([str(error)] if attempt == 1 else []))
    if session.store is not None:
        session.store.note(f"the cache had lost {error}, which was parsed again")


def _open(site: Path, options: Options, session: Session, progress: Progress) -> BuildContext:
    """Return what the stages of the build work with, and have the session know the last build."""
    config = settings = load_config(site)
    if options.base_url is not None:
        settings = with_base_url(config, options.base_url)
    if options.preview:
        settings = as_preview(settings)
    at = moments.of((options.at or datetime.now(UTC)).replace(microsecond=0))
    theme = load_theme(site, settings)
    inputs = Inputs(settings, options.drafts, at, read_site_texts(site), theme)
    output, state = options.output or site / "output", options.state or site / FOLDER
    # The folder is looked at first: refusing it must not cost a build.
    session.take_folder(output, site)
    opened = session.open(state, output, clean=options.clean)
    return BuildContext(
        site=site,
        config=config,
        inputs=inputs,
        store=opened,
        workers=_workers(options, settings),
        progress=progress,
        keep_going=options.keep_going,
        index_later=options.index_later,
    )


def _build(context: BuildContext, session: Session, changed: Iterable[str] | None) -> Report:
    files = _scan(context, session, changed)
    responses = update_responses(context, files, session.responses, session.changed)
    session.responses = responses
    data = session.data = update_data(context, files, session.data, session.changed)
    last = session.documents
    documents = update_documents(context, files, last, session.changed)
    session.take_documents(documents)
    folder, before = session.folder, session.state
    indexed = without_losers(
        context, _index(context, session, files), documents, partial(last_holder, before)
    ).with_threads(responses.threads, context.store.load_response)
    site, planned = indexed.site, indexed.plan
    session.next_change = site.next_change
    problems = [
        *files.problems,
        *documents.problems(),
        *_lost_articles(last, documents),
        *data.problems(),
        *responses.problems(lambda: (indexed.whole or indexed).site.thread_owners),
        *indexed.problems(),
        # In each build: most build nothing of a template that has one.
        *unknown_blocks(site.templates, site.read),
    ]

    found = _found(documents, indexed, files, has_address=bool(context.inputs.settings.base_url))
    dependents = session.dependents_for(indexed)
    affected = _affected(indexed, session)
    stale = find_stale(indexed, before, folder, affected, dependents)
    refused = not context.keep_going and any(problem.is_error for problem in problems)
    # Where nothing will be published, a template's faults are still told in the same run.
    todo = one_of_each_template(planned, stale) if refused else stale
    folder.begin()
    try:
        rendered = render_stale(context, indexed, todo, folder.staging)
        problems += _not_told(rendered.problems, problems)
        if not context.keep_going:
            _refuse(found, problems)
        # Last: what is found is what was published.
        rests = dependents is not None and not indexed.withdraws()
        searched = update_search_index(
            context,
            site,
            before,
            folder,
            session.ready,
            own_pages(indexed, rendered, before, stale, folder),
            folder_intact=rests,
        )
        problems += searched.problems
    except BaseException:
        folder.abandon()
        raise
    reasons = {path: stale[path] for path in rendered.traces}
    try:
        committed = commit(
            indexed, session, stale, rendered, dependents, searched, files.is_readable
        )
        published = committed.published
        state = State(
            committed.traces,
            committed.shared,
            published.files,
            _last_build(context, indexed, files, reasons)._replace(
                kept=session.kept(),
                failed=_failed(planned, committed, files),
            ),
            responses.digests(),
            searched.parts,
            data_digests(site),
        )
        context.store.keep_state(before, state, stale if committed.is_settled else None)
        session.keep(indexed, state, committed.copies, rendered.traces)
    except BaseException:
        # The folder may be neither as before nor as planned, and the store may be ahead of `state`.
        session.invalidate()
        folder.abandon()
        raise
    problems += dict.fromkeys(published.refused.values())
    if not _differ(planned, committed):  # Of a page that failed nobody knows what it reads.
        found = replace(found, unshown_keys=indexed.unshown_keys(committed.shared))
        problems += filter(None, (unshown_warning(found.unshown_keys),))
    report = replace(
        found,
        files=len(planned.outputs) + len(committed.copies) + len(searched.paths),
        rendered=reasons,
        written=published.written,
        removed=published.removed,
        problems=tuple(sorted(problems, key=errors.sort_key)),
        is_published=True,
        index_pending=searched.is_pending,
        index_failed=bool(searched.problems),
    )
    if not context.keep_going:
        _refuse(report, problems)
    told = session.not_yet_told((*notes_on_building(), *searched.notes))
    return replace(report, notes=(*context.store.take_notes(), *told))


def _found(documents: Documents, indexed: Indexed, files: Scan, *, has_address: bool) -> Report:
    """Return the report of a build that has done nothing yet but read the site."""
    site = indexed.site
    return Report(
        articles=len(site.entries),
        pages=len(indexed.plan.outputs),
        files=0,
        parsed=documents.parsed,
        rendered={},
        written=(),
        removed=(),
        problems=(),
        notes=(),
        next_change=moments.local(site.next_change) if site.next_change else None,
        seconds=0.0,
        has_address=has_address,
        sources=files.sources,
        counts=count_articles(documents, indexed),
        standalone=count_pages(documents, indexed),
        next_changes=next_changes(site),
        frames=frames(site),
        is_published=False,
    )


def _scan(context: BuildContext, session: Session, changed: Iterable[str] | None) -> Scan:
    """Return the files of the site; of those that were scanned only `changed` are looked at."""
    theme = context.inputs.theme
    if session.scan is not None and changed is not None and session.scan.theme == theme:
        # To Python `true` and `1` are equal, and with them the options of two themes.
        files = rescan(context.site, session.scan, changed)._replace(theme=theme)
    else:
        known = session.scan.stamps if session.scan else context.store.stamps()
        files = scan(context.site, known, theme=theme)
        context.store.keep_stamps(known, files.stamps)
    session.take_scan(files)
    return files


def _index(context: BuildContext, session: Session, files: Scan) -> Indexed:
    """Return site and plan: the last build's, with what changed, if that is all there is to do."""
    before = session.indexed
    if before is not None and before.holds_for(context.inputs):
        return update_index(
            context, before, session.edits(), session.documents, session.data.by_name
        )
    return build_index(context, files, session.documents, session.data.by_name)


def _affected(indexed: Indexed, session: Session) -> set[Question] | None:
    """Return the questions that alone may be answered otherwise; None is all of them."""
    site, before = indexed.site, session.state
    change = indexed.difference.change if indexed.difference else None
    if change is None and before.last:
        documents = session.documents
        change = known_change(site, documents.replaced_entries(), documents.entries(), before.last)
    if change is None:
        return None
    change = replace(
        change,
        answered=changed_threads(site, before.threads),
        data=changed_data(site, before.data),
    )
    return affected_questions(site, change)


def _not_told(found: Iterable[Problem], told: Iterable[Problem]) -> list[Problem]:
    """Return what pages met that was not known before they were rendered."""
    known = {(problem.message, problem.location) for problem in told}
    return [item for item in found if (item.message, item.location) not in known]


def _lost_articles(last: Documents, now: Documents) -> Iterator[Problem]:
    """Yield a warning where all articles are gone that there were in the last build."""
    if last.items and not any(map(is_article, now.items)) and any(map(is_article, last.items)):
        had = sum(map(is_article, last.items))
        message = f"no articles are left; the last build had {counted(had, 'article')}"
        hint = "was a part of the site not checked out?"
        yield Problem(message, Location(ARTICLES), hint, "warning")


def _never_settled(path: str, scanned: Scan | None) -> SitegenError:
    """Return the error of a file whose bytes were other ones whenever they were read."""
    if scanned is not None and not scanned.is_readable(path):
        return unreadable(path, "it is not there any more")
    message = f"{path} kept changing while the site was built"
    return SitegenError(Problem(message, hint="build again"))


def _refuse(report: Report, problems: list[Problem]) -> None:
    """Raise `FailedBuildError` with all problems if one of them is an error."""
    if any(problem.is_error for problem in problems):
        told = tuple(sorted(problems, key=errors.sort_key))
        raise FailedBuildError(replace(report, problems=told))


def _last_build(
    context: BuildContext, indexed: Indexed, files: Scan, reasons: dict[str, str]
) -> LastBuild:
    """Return what the next build has to know of this one."""
    site, inputs = indexed.site, context.inputs
    return LastBuild(
        at=inputs.at,
        drafts=inputs.drafts,
        base_url=inputs.settings.base_url,
        sources=sources_digest(files, inputs.settings, inputs.texts),
        other_digest=other_digest(site),
        shown_digest=shown_digest(site),
        kept_going=context.keep_going,
        stale=reasons,
        holders=_holders(indexed),
        kept=(),
        failed=(),
    )


def _failed(planned: Plan, committed: Committed, files: Scan) -> tuple[str, ...]:
    """Return the files of the output folder that were planned, and could not be made."""
    pages = planned.outputs.keys() - committed.traces.keys() if _differ(planned, committed) else ()
    copies = committed.copies.items() if files.unreadable else ()
    unreadable = (path for path, copy in copies if not files.is_readable(copy.source.path))
    return tuple(sorted((*pages, *unreadable)))


def _differ(planned: Plan, committed: Committed) -> bool:
    """Whether not every planned page was made: mostly the numbers say that all were."""
    return len(planned.outputs) != len(committed.traces)


def _holders(indexed: Indexed) -> dict[str, str]:
    """Return the documents that have contested addresses, by their paths."""
    if indexed.whole is None:
        return {}
    outputs = indexed.plan.outputs
    contested = indexed.whole.plan.claims.contested
    return {path: outputs[path].made_from for path in contested if path in outputs}


def _workers(options: Options, settings: Config) -> Workers:
    chosen = settings.build
    jobs = options.jobs or chosen.jobs or None
    dask = chosen.dask_address if chosen.executor == "dask" else None
    return Workers(jobs, options.start_method, dask)


def sources_digest(files: Scan, settings: Config, texts: FrozenMap) -> bytes:
    """Return the digest of everything that the output is made from, but for the time.

    `texts` are those of the files beside the folders.
    """
    return digest(repr(settings), str(files.digest), repr(texts), repr(files.theme))
