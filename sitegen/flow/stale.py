"""Which outputs would come out differently now, and their new pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import NamedTuple

from sitegen.cache.context import BuildContext
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
from sitegen.flow.dependents import Dependents
from sitegen.flow.indexing import Indexed
from sitegen.index.own_outputs import listed_own_pages
from sitegen.index.site import Site
from sitegen.model.documents import Source
from sitegen.model.errors import Location, Problem
from sitegen.output.staging import Staged, Staging
from sitegen.output.writing import OutputFolder
from sitegen.plan.planning import Plan
from sitegen.queries import GROUPED, NARROWED, in_editions, tracker
from sitegen.scan.sources import UnreadableError
from sitegen.search.own_pages import OwnPage
from sitegen.work import garbage_collection
from sitegen.work.executor import run


def find_stale(
    indexed: Indexed,
    before: State,
    folder: OutputFolder,
    affected: AbstractSet[Question] | None,
    dependents: Dependents | None,
) -> dict[str, str]:
    """Return the outputs to render, each with the reason.

    `affected` are the questions that alone may be answered otherwise; None is all. Where
    `dependents` are known, only the outputs that depend on those are looked at, and those that are
    planned otherwise. Else it is all outputs, and their files.
    """
    narrowed = in_editions(NARROWED, indexed.site)
    comparison = Comparison(tracker(indexed.site), before.shared, affected, narrowed, GROUPED)
    stale: dict[str, str] = {}
    outputs, difference = indexed.plan.outputs, indexed.difference
    if dependents is not None and affected is not None and difference is not None:
        only = dependents.of(affected, comparison.changed()).union(difference.touched)
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


def render_stale(
    context: BuildContext, indexed: Indexed, stale: Mapping[str, str], staging: Staging
) -> Rendered:
    """Render the stale outputs, each written beside its place at once: memory stays small.

    `stale` are the paths of outputs with the reason for each.
    """
    result = Rendered([], {}, [])
    if not stale:
        return result
    from sitegen.render.pages import Failure, Renderer, render_chunk  # noqa: PLC0415 - Jinja2 is slow

    site, workers = indexed.site, context.workers
    texts = {item.path: _text(site, item) for item in set(site.templates.values())}
    renderer = Renderer(site, texts, staging if workers.share_files else None)
    todo = [indexed.plan.outputs[path] for path in stale]
    profiles: Profiles = {}
    known = {id_: id_ for id_ in site.entries} if len(todo) > len(site.entries) // 2 else {}
    failures: dict[tuple[str, Location | None], list[Problem]] = {}
    with garbage_collection.new_objects_only():
        for done, page in enumerate(run(render_chunk, renderer, todo, workers)):
            context.progress("render", done + 1, len(todo))
            if isinstance(page, Failure):
                for problem in page.problems:
                    failures.setdefault((problem.message, problem.location), []).append(problem)
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


def own_pages(
    indexed: Indexed,
    rendered: Rendered,
    before: State,
    stale: Collection[str],
    folder: OutputFolder,
) -> list[OwnPage]:
    """Return the pages of `[[outputs]]` that may be found, with their places; none that failed."""
    fresh = {item.path: item for item in rendered.staged}
    found = []
    for page in listed_own_pages(indexed.site):
        output = indexed.plan.outputs.get(page.path)
        if output is None or output.own != page.pattern:
            continue  # something else is at its address
        if staged := fresh.get(page.path):
            place = folder.staging.place_of(staged)
            found.append(OwnPage(page.url, staged.written.digest, place))
        elif page.path not in stale and (trace := before.traces.get(page.path)):
            found.append(OwnPage(page.url, trace.digest, str(folder.path / page.path)))
    return sorted(found)  # whatever order the rows have


def _text(site: Site, template: Source) -> bytes | Problem:
    """Return the text of a template, or why it cannot be read: that costs the pages that use it."""
    try:
        return site.read(template)
    except UnreadableError as error:
        return error.problems[0]


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
    profiles: Iterable[tuple[Question, ...]], asking: Tracker, before: dict[Question, Asked]
) -> dict[Question, Asked]:
    """Return today's answers to the questions that traces share: `before` if that is right."""
    shared = {}
    for question in {question for questions in profiles for question in questions}:
        answer = asking.peek(question)
        shared[question] = Asked(question, answer.fingerprint, answer.members)
    return before if shared == before else shared
