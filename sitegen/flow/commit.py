"""Rendered pages → the output folder, and what the next build is to know of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from sitegen.cache.store import State
from sitegen.cache.trace import Asked, Question, Trace, Tracker
from sitegen.flow.dependents import Askers
from sitegen.flow.indexing import Indexed
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
from sitegen.output.writing import OutputFolder
from sitegen.plan.planning import Copy, fingerprinted
from sitegen.queries import answer
from sitegen.search.stage import Searched


class Made(NamedTuple):
    """What a build leaves in the output folder and in the store."""

    traces: dict[str, Trace]
    shared: dict[Question, Asked]
    copies: dict[str, Copy]
    published: Published
    is_settled: bool
    """Whether all else hangs on the same files and questions as before."""


def finish(
    indexed: Indexed,
    before: State,
    copies_before: dict[str, Copy],
    stale: Mapping[str, str],
    rendered: Rendered,
    folder: OutputFolder,
    askers: Askers | None,
    found: Searched,
) -> Made:
    """Put what was rendered into the output folder, with the search index `found` and copies.

    `askers` are known only where the folder is as the last build left it, and where it is known
    what became of that build's plan.
    """
    tracker, fresh = Tracker(partial(answer, indexed.site)), rendered.traces
    gone = indexed.difference.gone if indexed.difference else ()
    settled = not gone and found.parts is before.searched
    if askers is not None and settled and same_questions(before, stale, fresh, askers.profiles):
        traces = {**before.traces, **fresh}
        shared = shared_answers(askers.profiles, tracker, before.shared)
        published = publish_pages(folder, rendered.staged, before)
        return Made(traces, shared, copies_before, published, is_settled=True)
    planned = indexed.plan
    traces = current_traces(planned, before, stale, fresh)
    profiles = profiles_of(traces)
    copies = {**planned.copies, **fingerprinted(indexed.site, assets(profiles))}
    staged = [*rendered.staged, *stage_copies(folder.site, copies, before, folder)]
    spared = named_by_failed(folder, planned.outputs.keys() - traces.keys())
    shared = shared_answers(profiles, tracker, before.shared)
    paths = {*planned.outputs, *copies, *spared, *found.paths}
    published = publish(folder, [*staged, *found.staged], paths, before)
    return Made(traces, shared, copies, published, is_settled=False)
