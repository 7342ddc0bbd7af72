"""Which outputs would come out differently now, and their new pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from sitegen.cache.store import State
from sitegen.cache.trace import (
    Asked,
    Comparison,
    Profiles,
    Question,
    Trace,
    Tracker,
    with_shared_texts,
)
from sitegen.flow.dependents import Askers
from sitegen.flow.indexing import Difference
from sitegen.index.site import Site
from sitegen.model.errors import Location, Problem
from sitegen.output.staging import Staged, Staging
from sitegen.output.writing import OutputFolder
from sitegen.parse.articles import Progress
from sitegen.plan.planning import Plan
from sitegen.scan.sources import read
from sitegen.work import garbage_collection
from sitegen.work.executor import Workers, run


def compare(
    planned: Plan,
    tracker: Tracker,
    before: State,
    folder: OutputFolder,
    suspects: AbstractSet[Question] | None,
    askers: Askers | None = None,
    difference: Difference | None = None,
) -> dict[str, str]:
    """Return the outputs to render, each with the reason.

    `suspects` are the questions that may be answered otherwise; None suspects all. Where `askers`
    are known, only the outputs that hang on those are looked at, and those that are planned
    otherwise: `difference` is that from the last build. Else it is all outputs, and their files.
    """
    comparison = Comparison(tracker, before.shared, suspects)
    stale: dict[str, str] = {}
    outputs = planned.outputs
    if askers is not None and suspects is not None and difference is not None:
        only = askers.of(suspects, comparison.changed()).union(difference.touched)
        new = sum(path not in before.traces for path in difference.touched)
        if len(outputs) - new + len(difference.gone) != len(before.traces):
            only.update(path for path in outputs if path not in before.traces)  # those that failed
        outputs = {path: outputs[path] for path in sorted(only) if path in outputs}
    for path, output in outputs.items():
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
    site: Site,
    folder: Path,
    planned: Plan,
    stale: Mapping[str, str],
    staging: Staging,
    bytecode: Path,
    workers: Workers,
    progress: Progress,
) -> Rendered:
    """Render the stale outputs, each written beside its place at once: memory stays small.

    `folder` is the site folder, `stale` the paths of outputs with the reason for each.
    """
    result = Rendered([], {}, [])
    if not stale:
        return result
    from sitegen.render.pages import Renderer, render_chunk  # noqa: PLC0415 - Jinja2 is slow

    texts = {item.path: read(folder, item) for item in set(site.templates.values())}
    here = workers.share_files
    renderer = Renderer(site, texts, bytecode if here else None, staging if here else None)
    todo = [planned.outputs[path] for path in stale]
    profiles: Profiles = {}
    known = {id_: id_ for id_ in site.entries} if len(todo) > len(site.entries) // 2 else {}
    failures: dict[tuple[str, Location | None], list[Problem]] = {}
    with garbage_collection.on_new_values():
        for done, page in enumerate(run(render_chunk, renderer, todo, workers)):
            progress("render", done + 1, len(todo))
            if isinstance(page, Problem):
                failures.setdefault((page.message, page.location), []).append(page)
                continue
            output = todo[done]
            shared = profiles.setdefault(page.trace.shared, page.trace.shared)
            own = tuple(with_shared_texts(asked, known) for asked in page.trace.own)
            result.traces[output.path] = Trace(
                output, page.trace.digest, shared, own, stale[output.path]
            )
            staged = page.staged or staging.stage(output.path, page.data or b"")
            result.staged.append(Staged(output.path, *staged[1:]))  # one text for all that name it
    for alike in failures.values():
        more = f", and {len(alike) - 1} more" if len(alike) > 1 else ""
        result.problems.append(replace(alike[0], hint=f"{alike[0].hint}{more}"))
    return result


def current_traces(
    planned: Plan, before: State, stale: Mapping[str, str], fresh: Mapping[str, Trace]
) -> dict[str, Trace]:
    """Return the traces of all outputs of the plan that did not fail."""
    traces = dict(before.traces)
    for path in [*stale, *(traces.keys() - planned.outputs.keys())]:
        traces.pop(path, None)
    return {**traces, **fresh}


def same_questions(
    before: State,
    stale: Mapping[str, str],
    fresh: Mapping[str, Trace],
    profiles: Collection[tuple[Question, ...]],
) -> bool:
    """Whether the fresh outputs asked the shared questions that they asked before, and none failed.

    New outputs ask what others ask already: one of `profiles`, those of all outputs before. Then
    what hangs on the questions of all outputs together is the same, too.
    """
    return all(
        path in fresh and fresh[path].shared in _asked(before.traces.get(path), profiles)
        for path in stale
    )


def _asked(
    trace: Trace | None, profiles: Collection[tuple[Question, ...]]
) -> Collection[tuple[Question, ...]]:
    return (trace.shared,) if trace else profiles


def profiles_of(traces: Mapping[str, Trace]) -> Collection[tuple[Question, ...]]:
    """Return every set of shared questions."""
    return {id(trace.shared): trace.shared for trace in traces.values()}.values()


def assets(profiles: Iterable[tuple[Question, ...]]) -> list[str]:
    """Return the static files that some page asked for by their fingerprint."""
    asked = {question for questions in profiles for question in questions}
    return sorted(str(question[1]) for question in asked if question[0] == "asset")


def shared_answers(
    profiles: Iterable[tuple[Question, ...]], tracker: Tracker, before: dict[Question, Asked]
) -> dict[Question, Asked]:
    """Return today's answers to the questions that traces share: `before` if that is right."""
    shared = {}
    for question in {question for questions in profiles for question in questions}:
        answer = tracker.peek(question)
        shared[question] = Asked(question, answer.fingerprint, answer.members)
    return before if shared == before else shared
