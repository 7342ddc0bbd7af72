"""The files below `notified/`: which notifications were sent, written so that none is ever lost."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from sitegen.cache.folder import make_folder
from sitegen.model.errors import Location, Problem, SitegenError, UsageError
from sitegen.model.refusals import refusal
from sitegen.notify.records import Notification, read, records_bytes

FOLDER = "notified"
LOCK = "notify.lock"


@contextmanager
def exclusive_lock(state: Path) -> Iterator[None]:
    """Keep other processes from notifying for the same site; `state` is `.sitegen/`.

    Raises `UsageError` if one of them is at it.
    """
    make_folder(state)
    try:
        lock = FileLock(state / LOCK, timeout=0)
        lock.acquire()
    except Timeout:
        message = "another `sitegen notify` for this site is still running"
        raise UsageError(Problem(message, hint="wait for it to end, or stop it")) from None
    except OSError as error:
        raise refusal(error, str(state), "sitegen cannot lock it") from None
    try:
        yield
    finally:
        lock.release()


class DeliveryLog:
    """The records of all articles, by the names of their threads.

    Raises `SitegenError` with every file that cannot be read.
    """

    def __init__(self, site: Path) -> None:
        self._folder = site / FOLDER
        self._lock = threading.Lock()
        self.threads: dict[str, tuple[Notification, ...]] = {}
        problems = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                self.threads[path.stem] = read(path.read_bytes())
            except (OSError, ValueError) as error:
                hint = (
                    "restore it from version control: without it every notification is sent again"
                )
                message = f"cannot be read: {error}"
                problems.append(Problem(message, Location(f"{FOLDER}/{path.name}"), hint))
        if problems:
            raise SitegenError(*problems)

    def records(self, thread: str) -> tuple[Notification, ...]:
        """Return the records of an article."""
        return self.threads.get(thread, ())

    def replace(self, thread: str, old: Notification | None, new: Notification | None) -> None:
        """Replace the record `old` by `new` (None: none); it is on the disk when this returns."""
        with self._lock:
            rest = [item for item in self.records(thread) if item != old]
            self._put(thread, [*rest, new] if new else rest)

    def remove(self, thread: str, records: Iterable[Notification]) -> None:
        """Remove records of an article."""
        removed = set(records)
        if removed:
            with self._lock:
                self._put(thread, [item for item in self.records(thread) if item not in removed])

    def _put(self, thread: str, records: list[Notification]) -> None:
        path = self._folder / f"{thread}.json"
        try:
            if records:
                self._folder.mkdir(exist_ok=True)
                _write(path, records_bytes(records))
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            message = f"cannot be written: {error.strerror}"
            raise SitegenError(Problem(message, Location(f"{FOLDER}/{path.name}"))) from None
        self.threads[thread] = tuple(sorted(records))
        if not records:
            del self.threads[thread]


def _write(path: Path, data: bytes) -> None:
    """Write a file beside its place and rename it, so that nobody ever finds half of it."""
    beside = path.with_name(f".{path.name}.tmp")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)  # noqa: PTH105 - in one step
