"""The files of what other sites were told: read, and written so that nothing of it is ever lost."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from sitegen.model.errors import Location, Problem, SitegenError, UsageError
from sitegen.notify.records import Told, read, written

FOLDER = "notified"
LOCK = "notify.lock"


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """Let no other process notify for the same site meanwhile; `state` is `.sitegen/`."""
    state.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(state / LOCK, timeout=0)
        lock.acquire()
    except Timeout:
        message = "another `sitegen notify` of this site is still running"
        raise UsageError(Problem(message, hint="wait for it, or end it")) from None
    try:
        yield
    finally:
        lock.release()


class Book:
    """What is written down of all articles, by the names of their threads."""

    def __init__(self, site: Path) -> None:
        """Read the files. Raises `SitegenError` with every one that cannot be read."""
        self._folder = site / FOLDER
        self._lock = threading.Lock()
        self.threads: dict[str, tuple[Told, ...]] = {}
        problems = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                self.threads[path.stem] = read(path.read_bytes())
            except (OSError, ValueError) as error:
                hint = "take it back from your version control: without it, all is sent again"
                message = f"cannot be read: {error}"
                problems.append(Problem(message, Location(f"{FOLDER}/{path.name}"), hint))
        if problems:
            raise SitegenError(*problems)

    def of(self, thread: str) -> tuple[Told, ...]:
        """Return the records of an article."""
        return self.threads.get(thread, ())

    def note(self, thread: str, old: Told | None, new: Told | None) -> None:
        """Put `new` in the place of `old`; it is on the disk when this returns."""
        with self._lock:
            rest = [item for item in self.of(thread) if item != old]
            self._put(thread, [*rest, new] if new else rest)

    def forget(self, thread: str, records: Iterable[Told]) -> None:
        """Remove records of an article."""
        gone = set(records)
        if gone:
            with self._lock:
                self._put(thread, [item for item in self.of(thread) if item not in gone])

    def _put(self, thread: str, records: list[Told]) -> None:
        path = self._folder / f"{thread}.json"
        try:
            if records:
                self._folder.mkdir(exist_ok=True)
                _replace(path, written(records))
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            message = f"cannot be written: {error.strerror}"
            raise SitegenError(Problem(message, Location(f"{FOLDER}/{path.name}"))) from None
        self.threads[thread] = tuple(sorted(records))
        if not records:
            del self.threads[thread]


def _replace(path: Path, data: bytes) -> None:
    """Write a file beside its place and rename it, so that nobody ever finds half of it."""
    beside = path.with_name(f".{path.name}.tmp")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)  # noqa: PTH105 - in one step
