"""Whether the receiver is well, for programs that watch over it: `/health` and `/metrics`."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sitegen.model import moments
from sitegen.model.moments import Moment
from sitegen.receive.context import Context
from sitegen.receive.workers import Workers
from sitegen.responses.paths import ROOT

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Prometheus' text format."""


class Health(NamedTuple):
    """How the receiver is."""

    problems: tuple[str, ...]
    """Why it takes nothing, or files nothing, at present."""
    queue: int | None
    """Jobs that wait; None if the database cannot be read."""
    last_build: float | None
    """When a build last changed the site, in seconds since the epoch; None if it is not built."""

    def as_json(self) -> dict[str, object]:
        """Return it for the answer of `/health`."""
        return {
            "ready": not self.problems,
            "problems": list(self.problems),
            "queue": self.queue,
            "last_build": None if self.last_build is None else _iso(self.last_build),
        }


def health_of(context: Context, workers: Workers) -> Health:
    """Look how the receiver is; nothing is changed by it."""
    problems = []
    queue = None
    try:
        queue = context.database.waiting()
    except sqlite3.Error:
        problems.append("the database cannot be read")
    if not workers.are_running:
        problems.append("a worker has ended")
    if not _is_writable(context.site / ROOT / "pending"):
        problems.append(f"{ROOT}/ cannot be written to")
    last_build = context.articles.built_at()
    if last_build is None:
        problems.append("the site is not built")
    return Health(tuple(problems), queue, last_build)


def metrics_of(context: Context, workers: Workers) -> str:
    """Return the counters in Prometheus' text format."""
    return "".join(f"{line}\n" for line in _metrics(context, health_of(context, workers)))


def _metrics(context: Context, health: Health) -> Iterator[str]:
    yield "# HELP sitegen_receive_events_total What came in and what became of it."
    yield "# TYPE sitegen_receive_events_total counter"
    for (event, kind, reason), count in sorted(context.journal.counts().items()):
        labels = f'event="{event}",kind="{kind}",reason="{reason}"'
        yield f"sitegen_receive_events_total{{{labels}}} {count}"
    yield "# HELP sitegen_receive_ready Whether responses are taken and filed."
    yield "# TYPE sitegen_receive_ready gauge"
    yield f"sitegen_receive_ready {0 if health.problems else 1}"
    if health.queue is not None:
        yield "# HELP sitegen_receive_queue_jobs Jobs that wait or run."
        yield "# TYPE sitegen_receive_queue_jobs gauge"
        yield f"sitegen_receive_queue_jobs {health.queue}"
    if health.last_build is not None:
        yield "# HELP sitegen_last_build_timestamp_seconds When a build last changed the site."
        yield "# TYPE sitegen_last_build_timestamp_seconds gauge"
        yield f"sitegen_last_build_timestamp_seconds {health.last_build:.3f}"


def _is_writable(folder: Path) -> bool:
    """Whether a folder can be written to, or made."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _iso(seconds: float) -> str:
    text = moments.iso(Moment(int(seconds * 1_000_000), "UTC"), "seconds")
    return text.replace("+00:00", "Z")
