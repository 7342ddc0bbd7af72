"""Rebuilds the site at every batch of changes, and whenever it changes by itself."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sitegen.console import terminal
from sitegen.flow.build import Options, Report, build
from sitegen.flow.session import Session
from sitegen.model import moments
from sitegen.model.errors import Problem, SitegenError, UsageError
from sitegen.model.wording import counted
from sitegen.search.background import BackgroundIndexer
from sitegen.watch.output_watch import OutputWatch
from sitegen.watch.timers import Timers
from sitegen.watch.watching import Watch

LONGEST_WAIT = 60.0
"""Seconds after which the clock is read again: it can be set, and a computer can sleep."""

MAX_NAMED = 3
"""Paths that are named in one note; others are counted."""

Paths = frozenset[str] | None
"""Changed paths; None is anything."""


class Outcome(NamedTuple):
    """The outcome of one build."""

    changed: Paths
    """What it was made for; empty where only the time had come."""
    report: Report | None
    """None if nothing could be built."""
    problems: tuple[Problem, ...] = ()
    refused: bool = False
    """Whether the place to build into or another build stood in the way, not the site."""
    indexed: bool = False
    """Whether it was made for the search index, too, of which something was ready."""
    bug: str = ""
    """The traceback, if it was a bug of ours that ended the build."""

    output_changed: tuple[str, ...] | None = None
    """Files of the output folder that somebody had changed or removed, for which it was made; none
    if that was the folder as a whole. None where it was made for something else."""
    is_retry: bool = False
    """Whether it was made since the one before had failed; nothing was changed meanwhile."""

    @property
    def failed(self) -> bool:
        """Whether something is not as it should be, so that another try is worth its while."""
        return self.report is None or bool(self.errors)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that are not warnings."""
        return tuple(problem for problem in self.problems if problem.is_error)


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def keep_building(
    site: Path,
    options: Options,
    watch: Watch,
    tell: Callable[[Outcome], None],
    *,
    adapt: Callable[[Options], Options] = lambda options: options,
    clock: Callable[[], datetime] = utc_now,
) -> None:
    """Build the site, and again whenever it changes, until `watch.end` is called.

    `adapt` is given the options before each build and may return others; it may raise
    `SitegenError`. `tell` is given the outcome of each build. Raises `UsageError` only if the first
    build does: after that it waits for the site, whatever is wrong, and tries again now and then.
    """
    session = Session()
    indexing = BackgroundIndexer(watch.wake)
    timers = Timers()
    output = OutputWatch(session)
    first, woken, pending = True, _Woken(None), None
    try:
        while True:
            now = clock()
            session.ready.update(indexing.take_results())
            asked = replace(options, at=options.at or now, index_later=True)
            outcome = _attempt(site, adapt, asked, session, pending)
            if outcome.refused and first:
                raise UsageError(*outcome.problems)
            first, report = False, outcome.report
            outcome = _with_index(outcome, indexing.problem)
            tell(outcome._replace(output_changed=woken.output_changed, is_retry=woken.is_retry))
            wakes = [_index(report, session, indexing, now)]
            # At a fixed time nothing changes by itself, but a failure may pass all the same.
            due = session.next_change if options.at is None else None
            change = moments.local(due) if due else None
            wakes.append(timers.next_wake(now, change, failed=outcome.failed))
            wake = min((time for time in wakes if time is not None), default=None)
            output.begin(now, failed=outcome.failed)
            woken = _wait(watch, clock, now if options.at is None else None, wake, output)
            if watch.ended:
                return
            failed = outcome.failed or indexing.problem or (report and report.index_failed)
            woken = woken._replace(is_retry=bool(failed) and woken.changed == frozenset())
            # What a failed build did not look at is still pending.
            pending = woken.changed if report is not None else _both(pending, woken.changed)
    finally:
        indexing.stop()
        session.close()


class _Woken(NamedTuple):
    """What a build is made for."""

    changed: Paths
    """None is anything; empty where the time has come, or for what follows."""
    output_changed: tuple[str, ...] | None = None
    """See `Outcome`."""
    is_retry: bool = False
    """See `Outcome`."""


def _attempt(
    site: Path,
    adapt: Callable[[Options], Options],
    options: Options,
    session: Session,
    changed: Paths,
) -> Outcome:
    indexed = bool(session.ready)
    try:
        with terminal.progress() as progress:
            report = build(
                site, adapt(options), session=session, changed=changed, progress=progress
            )
    except SitegenError as error:
        return Outcome(changed, None, error.problems, refused=isinstance(error, UsageError))
    except Exception as error:  # noqa: BLE001 - a bug of ours must not end an editor's preview
        session.close()
        message = f"this is a bug in sitegen: {type(error).__name__}: {error}"
        problem = Problem(message, hint="please report it, with the traceback in the terminal")
        return Outcome(None, None, (problem,), bug=traceback.format_exc())
    return Outcome(changed, report, report.problems, indexed=indexed)


def _index(
    report: Report | None, session: Session, indexing: BackgroundIndexer, now: datetime
) -> datetime | None:
    """Have the search index made where it is behind; return when to go on if there is a pause."""
    if report is None or session.published is None:
        return None
    if report.index_failed:
        return indexing.pause(now)
    if report.index_pending:
        return indexing.submit(session.published, session.state.searched, now)
    indexing.settle()
    return None


def _with_index(outcome: Outcome, problem: Problem | None) -> Outcome:
    """Return an outcome with what keeps the search index behind the articles."""
    if problem is None:
        return outcome
    return outcome._replace(problems=(*outcome.problems, problem), indexed=True)


def _both(pending: Paths, changed: Paths) -> Paths:
    return None if pending is None or changed is None else pending | changed


def _wait(
    watch: Watch,
    clock: Callable[[], datetime],
    built: datetime | None,
    wake: datetime | None,
    output: OutputWatch,
) -> _Woken:
    """Wait, and return what to build for: nothing if the time has come, or the watch ended.

    `built` is when the last build was made; None says that the time does not matter.
    """
    while not watch.ended:
        now = clock()
        # A clock that was put back shows articles that have not appeared yet.
        if (wake is not None and now >= wake) or (built is not None and now < built):
            break
        if output.due is not None and now >= output.due:
            found = output.step(now)
            if found is not None:
                return _Woken(frozenset(), found)
        next_times = [time for time in (wake, output.due) if time is not None]
        left = min(((time - now).total_seconds() for time in next_times), default=LONGEST_WAIT)
        batch = watch.wait(min(left, LONGEST_WAIT))
        if batch is not None:
            return _Woken(batch.paths)
    return _Woken(frozenset())


class BuildLog:
    """Formats the outcomes of builds for the terminal; warnings only when they are new.

    The site folder is for code frames. With `each`, problems of one kind are not summed up. With
    `files`, each file is told that is made anew or removed.
    """

    def __init__(self, site: Path, *, each: bool = False, files: bool = False) -> None:
        self._site = site
        self._files = files
        self._each = each
        self._warned: frozenset[Problem] = frozenset()
        self._problems: tuple[Problem, ...] = ()
        self._not_shown = ""

    def lines(self, outcome: Outcome) -> Iterator[str]:
        """Yield the texts for an outcome; each may have several lines.

        A build that nobody asked for and that came to the same is not told. How many articles
        are not shown is told where that is different from the build before.
        """
        by_itself = outcome.is_retry or outcome.output_changed is not None
        is_known = by_itself and outcome.problems == self._problems
        self._problems = outcome.problems
        report = outcome.report
        if is_known and not (report and (report.written or report.removed)):
            return
        if outcome.bug:
            yield outcome.bug
        warnings = frozenset(outcome.problems) - frozenset(outcome.errors)
        shown = [problem for problem in outcome.problems if problem not in self._warned]
        self._warned = warnings
        for text in terminal.problem_texts(shown, self._site, each=self._each):
            yield f"{text}\n"
        if report is not None:
            yield from (f"note: {note}" for note in report.notes)
            if outcome.output_changed:
                yield _repair_text(outcome.output_changed)
            if self._files:
                yield from terminal.file_texts(report)
        yield f"{datetime.now().astimezone():%H:%M:%S} {_cause(outcome)}: {_result_text(outcome)}"
        if report is not None:
            not_shown = terminal.not_shown_text(report.counts)
            if not_shown != self._not_shown:
                yield terminal.counts_text(report.counts)
            self._not_shown = not_shown


def _repair_text(paths: tuple[str, ...]) -> str:
    """Return what is said of files of the output folder that somebody had changed or removed."""
    named = ", ".join(paths[:MAX_NAMED])
    more = f" and {len(paths) - MAX_NAMED:,} more" if len(paths) > MAX_NAMED else ""
    return f"note: changed or removed by others in the output folder, and made again: {named}{more}"


def _cause(outcome: Outcome) -> str:
    changed = outcome.changed
    if outcome.output_changed is not None:
        return "output folder"
    if outcome.is_retry and not outcome.indexed:
        return "tried again"
    if changed is None:
        return "all files"
    if not changed:
        return "search index" if outcome.indexed else "scheduled change"
    names = sorted(changed)
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _result_text(outcome: Outcome) -> str:
    failed = counted(len(outcome.errors), "error")
    report = outcome.report
    if report is None:
        return f"not built, {failed}"
    done = (
        f"{len(report.rendered):,} rendered, {len(report.written):,} written, "
        f"{len(report.removed):,} removed in {report.seconds * 1000:,.0f} ms"
    )
    return f"{done}; {failed}" if outcome.errors else done
