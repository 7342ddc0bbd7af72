"""Brings a destination that takes files one by one in step with a build.

A run, a file at the target, says what is about to change before anything does. So it is known what
an interrupted deployment left uncertain: the next one, from whatever machine, compares those files,
and sends what is missing. Of two deployments at once at most one goes on: each writes its run
before it looks for others.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from sitegen.deploy import target_state
from sitegen.deploy.plan import DeployPlan, emptied, plan_deployment
from sitegen.deploy.process_identity import may_run, own_identity
from sitegen.deploy.refusals import DeployOptions, refusals, would_be_refused
from sitegen.deploy.target_files import TargetFile
from sitegen.deploy.target_state import MANIFEST, Manifest, Run, TargetState, Version
from sitegen.index.lost_articles import PublishedArticles
from sitegen.model.errors import Problem, SitegenError
from sitegen.work.progress import Progress

LEASE_SECONDS = 900
"""Seconds after which a deployment that gave no sign counts as ended."""

HEARTBEAT_SECONDS = 60
"""Seconds between the signs of life of a running deployment."""

BATCH, BATCH_BYTES = 200, 16 * 1024 * 1024
"""The most files, and about the most bytes, that are sent between two signs of life: on a slow line
they take far less than the time after which silence counts."""


class Destination(Protocol):
    """A place that takes files. Everything may raise `SitegenError`."""

    def state_files(self) -> dict[str, bytes]:
        """Return the files in `target_state.FOLDER`, by name."""
        ...

    def write_state_file(self, name: str, data: bytes) -> None:
        """Write one of these files, in one step."""
        ...

    def delete_state_files(self, names: Sequence[str]) -> None:
        """Delete some of these files; absent ones are no error."""
        ...

    def clear(self) -> None:
        """Remove what deployments that have ended left half-written there."""
        ...

    def matching(self, files: Sequence[TargetFile]) -> set[str]:
        """Return the paths of those files that the place holds with this content and headers."""
        ...

    def send(self, files: Sequence[TargetFile]) -> None:
        """Put files in their places, each in one step."""
        ...

    def delete(self, paths: Sequence[str], folders: Sequence[str]) -> None:
        """Delete files, and then those `folders` that are empty, which come deepest first.

        Absent ones are no error.
        """
        ...


class Outcome(NamedTuple):
    """What was done, or what would be."""

    plan: DeployPlan
    """Without what the target was found to hold."""
    touched: tuple[str, ...]
    """Files that readers may have seen in another version, paths at the target."""
    notes: tuple[str, ...]
    """What the user should know."""


def sync(
    destination: Destination,
    files: Mapping[str, TargetFile],
    version: Version,
    articles: PublishedArticles,
    options: DeployOptions,
    progress: Progress,
) -> Outcome:
    """Make `destination` hold `files`, and return what was done.

    `version` is which build they are, `articles` are those of the site.

    Raises `SitegenError` where it must not or cannot; what was sent until then stays.
    """
    found = destination.state_files()
    state = target_state.read(found)
    running = [run for run in state.runs if _is_running(run)]
    if running and not options.take_over and not options.dry_run:
        raise _already_running(running)
    before, uncertain = _checksums(state), _uncertain(state)
    planned = plan_deployment(files, None if options.recheck else before, uncertain)
    if options.recheck and before is not None:
        gone = plan_deployment(files, before, uncertain)
        planned = planned._replace(deleted_first=gone.deleted_first, deleted_last=gone.deleted_last)
    refused = refusals(planned, state.manifest, articles, options)
    if refused and not options.dry_run:
        raise SitegenError(*refused)
    unverified = [item for item in planned.sent if item.path in planned.unverified]
    matching = destination.matching(unverified) if unverified else set()
    todo = planned.without(matching)
    notes = (*_notes(state, options, matching), *map(would_be_refused, refused))
    outcome = Outcome(todo, _touched(planned, before, matching), notes)
    checksums = {item.path: item.checksum for item in files.values()}
    is_recorded = state.manifest is not None and state.manifest.says(checksums, version)
    if options.dry_run or (not todo.paths and not state.runs and is_recorded):
        return outcome
    run = Run(
        f"{target_state.RUN}{secrets.token_hex(8)}",
        own_identity(),
        time.time(),
        planned.paths,
    )
    destination.clear()  # before all else: the disk may be full of it
    destination.write_state_file(run.name, target_state.run_bytes(run))
    lease = _Lease(destination, run, found)
    try:
        lease.acquire()
        _carry_out(lease, todo, checksums.keys(), progress)
        lease.check()
        manifest = target_state.manifest_bytes(Manifest(checksums, version))
        destination.write_state_file(MANIFEST, manifest)
        destination.delete_state_files([*(earlier.name for earlier in state.runs), run.name])
    except BaseException:
        lease.abandon()
        raise
    return outcome


class _Lease:
    """The right of a deployment to change the target: its run, renewed while it works.

    `found` are the state files as they were before `run` was written.
    """

    def __init__(self, destination: Destination, run: Run, found: Mapping[str, bytes]) -> None:
        self.destination = destination
        self._run = run
        self._found = found
        self._is_acquired = False
        self._is_lost = False

    def acquire(self) -> None:
        """Raise `SitegenError` if another deployment began at the same time.

        Each writes its run before it looks, so that of two at least one sees the other.
        """
        others = self.destination.state_files()
        others.pop(self._run.name, None)
        if others != self._found:
            self.destination.delete_state_files([self._run.name])
            self._is_lost = True
            new = {name: data for name, data in others.items() if name not in self._found}
            raise _already_running(target_state.read(new).runs)
        self._is_acquired = True

    def check(self) -> None:
        """Raise `SitegenError` if another deployment has taken over."""
        if self._run.name not in self.destination.state_files():
            self._is_lost = True
            raise _already_running(())

    def renew(self) -> None:
        """Let others know from time to time that we are still at work."""
        now = time.time()
        if now - self._run.seen >= HEARTBEAT_SECONDS:
            self.check()
            self._run = self._run._replace(seen=now)
            self._write(self._run)

    def abandon(self) -> None:
        """Let others know that we are no longer at work, if that can be done.

        The run stays: it says which files are uncertain now.
        """
        if self._is_acquired and not self._is_lost:
            try:
                self._write(self._run._replace(seen=0))
            except (SitegenError, OSError):
                return  # then the lease runs out

    def _write(self, run: Run) -> None:
        self.destination.write_state_file(run.name, target_state.run_bytes(run))


def _carry_out(lease: _Lease, todo: DeployPlan, paths: Collection[str], progress: Progress) -> None:
    done, total = 0, len(todo.paths)
    if todo.deleted_first:
        lease.destination.delete(todo.deleted_first, emptied(todo.deleted_first, paths))
        done += len(todo.deleted_first)
    for phase in todo.phases:
        for batch in _batches(phase):
            lease.renew()
            lease.destination.send(batch)
            done += len(batch)
            progress("send", done, total)
    if todo.deleted_last:
        lease.renew()
        lease.destination.delete(todo.deleted_last, emptied(todo.deleted_last, paths))
    progress("send", total, total)


def _batches(items: Sequence[TargetFile]) -> Iterator[Sequence[TargetFile]]:
    batch: list[TargetFile] = []
    size = 0
    for item in items:
        batch.append(item)
        size += item.size
        if len(batch) == BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _checksums(state: TargetState) -> Mapping[str, str] | None:
    return state.manifest.files if state.manifest else None


def _uncertain(state: TargetState) -> set[str]:
    return {path for run in state.runs for path in run.paths}


def _is_running(run: Run) -> bool:
    """Whether a deployment may still be running.

    One that is silent has ended, on this machine too: its process id may be in use again. Of one
    that was heard of lately, this machine knows whether its process is gone.
    """
    return abs(time.time() - run.seen) < LEASE_SECONDS and may_run(run.process)


def _touched(
    planned: DeployPlan, before: Mapping[str, str] | None, matching: set[str]
) -> tuple[str, ...]:
    """Return the files that changed since a deployment last named what to purge."""
    sent = (
        item.path
        for item in planned.sent
        # What an interrupted deployment has sent, it did not name.
        if item.path not in matching
        or (before is not None and before.get(item.path) != item.checksum)
    )
    return (*sent, *planned.deleted)


def _notes(state: TargetState, options: DeployOptions, matching: set[str]) -> Iterator[str]:
    if state.manifest is None and not state.runs:
        yield "the target has no list of deployed files: nothing is deleted"
    elif state.manifest is None:
        yield "the target has no list of deployed files: every file was compared"
    elif state.runs:
        yield "the last deployment was interrupted: the files that it was changing were compared"
    if options.dry_run and any(_is_running(run) for run in state.runs):
        yield f"another deployment may be running: {target_state.describe(state.runs)}"
    if matching:
        yield f"{len(matching):,} of the compared files are up to date already"


def _already_running(runs: Sequence[Run]) -> SitegenError:
    who = f": {target_state.describe(runs)}" if runs else ""
    message = f"another deployment to this target is running{who}"
    hint = "wait until it has ended; if it has crashed, use `--take-over`"
    return SitegenError(Problem(message, hint=hint))
