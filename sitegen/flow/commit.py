"""Rendered pages → the output folder, and what the next build is to know of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from sitegen.cache.trace import Asked, Question, Trace
from sitegen.flow.dependents import Dependents
from sitegen.flow.indexing import Indexed
from sitegen.flow.session import Session
from sitegen.flow.stale import (
    Rendered,
    assets,
    current_traces,
    profiles_of,
    same_questions,
    shared_answers,
)
from sitegen.output.publishing import (
    Published,
    named_by_failed,
    publish,
    publish_pages,
    stage_copies,
)
from sitegen.plan.outputs import Copy, fingerprinted
from sitegen.queries import tracker
from sitegen.search.indexing import UpdatedIndex


class Committed(NamedTuple):
    """What a build leaves in the output folder and in the store."""

    traces: dict[str, Trace]
    shared: dict[Question, Asked]
    copies: dict[str, Copy]
    published: Published
    is_settled: bool
    """Whether all else depends on the same files and questions as before."""


def commit(
    indexed: Indexed,
    session: Session,
    stale: Mapping[str, str],
    rendered: Rendered,
    dependents: Dependents | None,
    found: UpdatedIndex,
    is_readable: Callable[[str], bool],
) -> Committed:
    """Put what was rendered into the output folder, with the search index `found` and copies.

    `dependents` are known only where the folder is as the last build left it, and where it is known
    what became of that build's plan.
    """
    before, folder = session.state, session.folder
    asking, fresh = tracker(indexed.site), rendered.traces
    gone = indexed.difference.gone if indexed.difference else ()
    settled = not gone and found.parts is before.searched
    if dependents is not None and settled:
        profiles = dependents.profiles
        if same_questions(before, stale, fresh, profiles):
            traces = {**before.traces, **fresh}
            shared = shared_answers(profiles, asking, before.shared)
            published = publish_pages(folder, rendered.staged, before)
            settled = not published.refused
            traces = _without(traces, published.refused)
            return Committed(traces, shared, session.copies, published, is_settled=settled)
    planned = indexed.plan
    traces = current_traces(planned, before, stale, fresh)
    profiles = profiles_of(traces)
    copies = {**planned.copies, **fingerprinted(indexed.site, assets(profiles))}
    readable = {path: copy for path, copy in copies.items() if is_readable(copy.source.path)}
    staged = [*rendered.staged, *stage_copies(folder.site, readable, before, folder)]
    spared = named_by_failed(folder, planned.outputs.keys() - traces.keys())
    shared = shared_answers(profiles, asking, before.shared)
    paths = {*planned.outputs, *copies, *spared, *found.paths}
    published = publish(folder, [*staged, *found.staged], paths, before)
    traces = _without(traces, published.refused)
    return Committed(traces, shared, copies, published, is_settled=False)


def _without(traces: dict[str, Trace], refused: Collection[str]) -> dict[str, Trace]:
    """Return the traces without those of pages that could not be written: they are tried again."""
    if refused:
        return {path: trace for path, trace in traces.items() if path not in refused}
    return traces
