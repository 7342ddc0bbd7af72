"""The course of a deployment to a place that takes files one by one.

A note at the target says what is about to change before anything does. So what an interrupted
deployment left is known to be unknown: the next one, from whatever machine, looks at those files,
and sends what is missing. Of two deployments at once at most one goes on: each lays its note before
it looks for others.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from sitegen.deploy import ledger
from sitegen.deploy.ledger import DEPLOYED, Deployed, Ledger, Run
from sitegen.deploy.outgoing import Outgoing
from sitegen.deploy.steps import Steps, emptied, steps
from sitegen.model.errors import Problem, SitegenError

SILENCE = 900
"""Seconds after which a deployment on another machine that gave no sign counts as ended."""

SIGN = 60
"""Seconds between the signs that a deployment at work gives."""

BATCH, BATCH_BYTES = 200, 64 * 1024 * 1024
"""The most files, and about the most bytes, that are sent between two looks at the clock."""


class Destination(Protocol):
    """A place that takes files. Everything may raise `SitegenError`."""

    def notes(self) -> dict[str, bytes]:
        """Return the files in `ledger.FOLDER`, by name."""
        ...

    def note(self, name: str, data: bytes) -> None:
        """Write one of these files, in one step."""
        ...

    def forget(self, names: Sequence[str]) -> None:
        """Remove some of them; those that are not there are no error."""
        ...

    def held(self, files: Sequence[Outgoing]) -> set[str]:
        """Return the paths of those files that the place holds just so, content and headers."""
        ...

    def send(self, files: Sequence[Outgoing]) -> None:
        """Put files in their places, each in one step."""
        ...

    def delete(self, paths: Sequence[str], folders: Sequence[str]) -> None:
        """Remove files, and then those `folders` that are empty, which come deepest first.

        Absent ones are no error.
        """
        ...


class Wishes(NamedTuple):
    """How to deploy, as the command line and the configuration say."""

    max_deletes: int
    dry_run: bool = False
    recheck: bool = False
    """Look at every file instead of believing the target's own list."""
    take_over: bool = False
    """Go on although another deployment seems to be at work."""


class Outcome(NamedTuple):
    """What was done, or what would be."""

    steps: Steps
    """Without what the target was found to hold."""
    touched: tuple[str, ...]
    """Files that readers may have seen in another version, paths at the target."""
    notes: tuple[str, ...]
    """What somebody should know."""


Tell = Callable[[str, int, int], None]
"""Takes progress: the stage, how many are done, of how many."""


def publish(
    place: Destination,
    files: Mapping[str, Outgoing],
    build: tuple[str, str],
    wishes: Wishes,
    tell: Tell,
) -> Outcome:
    """Let `place` hold `files`, and return what was done. `build` is (base_url, moment).

    Raises `SitegenError` where it must not or cannot be; what was sent until then stays.
    """
    found = place.notes()
    known = ledger.read(found)
    busy = [run for run in known.runs if _is_alive(run)]
    if busy and not wishes.take_over and not wishes.dry_run:
        raise _somebody_else(busy)
    planned = steps(files, None if wishes.recheck else _before(known), _doubts(known))
    if wishes.recheck and known.deployed:
        gone = steps(files, known.deployed.files, _doubts(known))
        planned = planned._replace(in_the_way=gone.in_the_way, deletions=gone.deletions)
    refuse_deletions(planned, wishes)
    unsure = [item for item in planned.sent if item.path in planned.unsure]
    held = place.held(unsure) if unsure else set()
    todo = planned.without(held)
    outcome = Outcome(todo, _touched(planned, known, held), tuple(_notes(known, wishes, held)))
    marks = {item.path: item.mark for item in files.values()}
    if wishes.dry_run or (not todo.paths and not known.runs and _before(known) == marks):
        return outcome
    me = Run(
        f"{ledger.RUN}{secrets.token_hex(8)}",
        socket.gethostname(),
        os.getpid(),
        time.time(),
        planned.paths,
    )
    place.note(me.name, ledger.run_bytes(me))
    course = _Course(place, me, found)
    try:
        course.begin()
        _carry_out(course, todo, marks.keys(), tell)
        now = Deployed(marks, *build)
        course.look()
        place.note(DEPLOYED, ledger.deployed_bytes(now))
        place.forget([*(run.name for run in known.runs), me.name])
    except BaseException:
        course.end()
        raise
    return outcome


class _Course:
    """One deployment at work: its note, and the signs that it gives."""

    def __init__(self, place: Destination, me: Run, found: Mapping[str, bytes]) -> None:
        """Take what the target said before the note was laid there."""
        self.place = place
        self._me = me
        self._found = found
        self._is_begun = False
        self._is_mine = True

    def begin(self) -> None:
        """Make sure that nobody else began at the same time.

        Each lays its note before it looks, so that of two at least one sees the other.
        """
        others = {name: data for name, data in self.place.notes().items() if name != self._me.name}
        if others != self._found:
            self.place.forget([self._me.name])
            self._is_mine = False
            runs = ledger.read({k: v for k, v in others.items() if k not in self._found}).runs
            raise _somebody_else(runs)
        self._is_begun = True

    def look(self) -> None:
        """Raise `SitegenError` if another deployment has taken over."""
        if self._me.name not in self.place.notes():
            self._is_mine = False
            raise _somebody_else(())

    def sign(self) -> None:
        """Let others know from time to time that we are still at work."""
        now = time.time()
        if now - self._me.seen >= SIGN:
            self.look()
            self._me = self._me._replace(seen=now)
            self.place.note(self._me.name, ledger.run_bytes(self._me))

    def end(self) -> None:
        """Let others know that we are no longer at work, if that can be done.

        What we were about to change stays written down.
        """
        if self._is_begun and self._is_mine:
            ended = self._me._replace(seen=0)
            try:
                self.place.note(ended.name, ledger.run_bytes(ended))
            except (SitegenError, OSError):
                return  # then our silence tells


def _carry_out(course: _Course, todo: Steps, paths: Collection[str], tell: Tell) -> None:
    done, total = 0, len(todo.paths)
    if todo.in_the_way:
        course.place.delete(todo.in_the_way, emptied(todo.in_the_way, paths))
        done += len(todo.in_the_way)
    for phase in todo.phases:
        for batch in _batches(phase):
            course.sign()
            course.place.send(batch)
            done += len(batch)
            tell("send", done, total)
    if todo.deletions:
        course.sign()
        course.place.delete(todo.deletions, emptied(todo.deletions, paths))
    tell("send", total, total)


def _batches(items: Sequence[Outgoing]) -> Iterator[Sequence[Outgoing]]:
    batch: list[Outgoing] = []
    size = 0
    for item in items:
        batch.append(item)
        size += item.size
        if len(batch) == BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _before(known: Ledger) -> Mapping[str, str] | None:
    return known.deployed.files if known.deployed else None


def _doubts(known: Ledger) -> set[str]:
    return {path for run in known.runs for path in run.paths}


def _is_alive(run: Run) -> bool:
    """Whether a deployment may still be at work.

    On this machine the system knows; of others only their silence tells.
    """
    if not run.seen:
        return False
    if run.host == socket.gethostname() and os.name == "posix":
        if run.process == os.getpid():
            return False  # an earlier process had our number
        try:
            os.kill(run.process, 0)
        except ProcessLookupError:
            return False
        except OSError:
            return True
        return True
    return abs(time.time() - run.seen) < SILENCE


def refuse_deletions(planned: Steps, wishes: Wishes) -> None:
    """Raise `SitegenError` if more would be deleted than is allowed; a dry run may look."""
    number = len(planned.deleted)
    if number > wishes.max_deletes and not wishes.dry_run:
        message = f"{number:,} files would be deleted, and at most {wishes.max_deletes:,} may be"
        hint = (
            "look at them with --dry-run; if it is right, allow it once with "
            f"--max-deletes {number}, or always by `max_deletes` of the target"
        )
        raise SitegenError(Problem(message, hint=hint))


def _touched(planned: Steps, known: Ledger, held: set[str]) -> tuple[str, ...]:
    """Return the files that changed since caches last were told."""
    sent = (
        item.path
        for item in planned.sent
        # What an interrupted deployment has sent, nobody was told of.
        if item.path not in held
        or (known.deployed and known.deployed.files.get(item.path) != item.mark)
    )
    return (*sent, *planned.deleted)


def _notes(known: Ledger, wishes: Wishes, held: set[str]) -> Iterator[str]:
    if known.deployed is None and not known.runs:
        yield "the target has no list of what was deployed: it is filled, and nothing is deleted"
    elif known.deployed is None:
        yield "the target has no list of what was deployed: every file was looked at"
    elif known.runs:
        yield "the last deployment did not end: what it was about to change was looked at"
    if wishes.dry_run and any(_is_alive(run) for run in known.runs):
        yield f"another deployment may be at work: {ledger.describe(known.runs)}"
    if held:
        yield f"{len(held):,} of the files that were looked at are there already"


def _somebody_else(runs: Sequence[Run]) -> SitegenError:
    who = f": {ledger.describe(runs)}" if runs else ""
    message = f"another deployment to this target is at work{who}"
    hint = "wait for it and deploy again; if it is surely dead, use --take-over"
    return SitegenError(Problem(message, hint=hint))
