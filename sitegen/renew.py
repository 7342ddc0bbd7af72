"""Which outputs would come out differently now, and their new pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from sitegen.articles import Progress
from sitegen.errors import Problem, Where
from sitegen.plan import Plan
from sitegen.sources import read
from sitegen.store import State, Store
from sitegen.trace import Asked, Comparison, Profiles, Question, Trace, Tracker, make_trace
from sitegen.write import OutputFolder, Staged


def compare(planned: Plan, tracker: Tracker, before: State, folder: OutputFolder) -> dict[str, str]:
    """Return the outputs to render, each with the reason."""
    comparison = Comparison(tracker, before.shared)
    stale: dict[str, str] = {}
    for path, output in planned.outputs.items():
        trace = before.traces.get(path)
        if trace is None:
            reason = "it failed the last time" if path in before.written else "it is new"
        elif not folder.as_left(path, before.written.get(path)):
            reason = "its file was missing or changed"
        else:
            reason = comparison.why_stale(trace, output)
        if reason:
            stale[path] = reason
    return stale


def one_of_each_template(planned: Plan, stale: Mapping[str, str]) -> dict[str, str]:
    """Return one of the stale outputs of each template: enough to find a template's faults."""
    chosen = {planned.outputs[path].template: path for path in reversed(list(stale))}
    return {path: stale[path] for path in chosen.values()}


class Rendered(NamedTuple):
    """What rendering gave: pages beside their places, their traces, what went wrong."""

    staged: list[Staged]
    traces: dict[str, Trace]
    problems: list[Problem]


def render(
    site: Path,
    planned: Plan,
    kept: Store,
    tracker: Tracker,
    stale: Mapping[str, str],
    folder: OutputFolder,
    progress: Progress,
) -> Rendered:
    """Render the stale outputs, each written beside its place at once: memory stays small."""
    result = Rendered([], {}, [])
    if not stale:
        return result
    from sitegen.render import Renderer  # noqa: PLC0415 - Jinja2 is slow to import

    renderer = Renderer(tracker, lambda source: read(site, source), kept.bytecode)
    profiles: Profiles = {}
    failures: dict[tuple[str, Where | None], list[Problem]] = {}
    for done, (path, reason) in enumerate(stale.items()):
        progress("render", done, len(stale))
        output = planned.outputs[path]
        page = renderer.render(output)
        if isinstance(page, Problem):
            failures.setdefault((page.message, page.where), []).append(page)
            continue
        staged = folder.stage(path, page.data)
        result.staged.append(staged)
        result.traces[path] = make_trace(output, staged.digest, page.asked, reason, profiles)
    progress("render", len(stale), len(stale))
    for alike in failures.values():
        more = f", and {len(alike) - 1} more" if len(alike) > 1 else ""
        result.problems.append(replace(alike[0], hint=f"{alike[0].hint}{more}"))
    return result


def current_traces(
    planned: Plan, before: State, stale: Mapping[str, str], fresh: Mapping[str, Trace]
) -> dict[str, Trace]:
    """Return the traces of all outputs of the plan that did not fail."""
    kept = before.traces
    old = {path: kept[path] for path in planned.outputs if path in kept and path not in stale}
    return {**old, **fresh}


def _shared_questions(traces: Mapping[str, Trace]) -> set[Question]:
    sets = {id(trace.shared): trace.shared for trace in traces.values()}
    return {question for questions in sets.values() for question in questions}


def assets(traces: Mapping[str, Trace]) -> list[str]:
    """Return the static files that some page asked for by their fingerprint."""
    questions = _shared_questions(traces)
    return sorted(str(question[1]) for question in questions if question[0] == "asset")


def shared_answers(traces: Mapping[str, Trace], tracker: Tracker) -> dict[Question, Asked]:
    """Return today's answers to the questions that traces share."""
    shared = {}
    for question in _shared_questions(traces):
        answer = tracker.peek(question)
        shared[question] = Asked(question, answer.fingerprint, answer.members)
    return shared
