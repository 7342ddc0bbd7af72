"""The backend for Linux, on the inotify reader of watchdog.

Not on watchdog's `Observer`: on Linux that says nothing when the kernel's queue overflows
or when the limit of watches is reached below the first folder, and holds the removal of a file
back for half a second. Each would leave the output wrong or late (seen in watchdog 7.1).

The reader is in a private module of watchdog: with a version that `sitegen.work.proven_versions`
does not name, `watching` polls instead.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import reduce
from itertools import count
from operator import or_
from typing import NamedTuple

from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyConstants,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchDescriptor,
)

from sitegen.watch.debouncing import Kind

_UNREADABLE = -1
"""What watchdog returns instead of a watch on a folder that cannot be read."""

_MASK = Mask(
    reduce(
        or_,
        (
            InotifyConstants.IN_MODIFY,
            InotifyConstants.IN_ATTRIB,
            InotifyConstants.IN_CLOSE_WRITE,
            InotifyConstants.IN_CREATE,
            InotifyConstants.IN_DELETE,
            InotifyConstants.IN_MOVED_FROM,
            InotifyConstants.IN_MOVED_TO,
            InotifyConstants.IN_DELETE_SELF,
            InotifyConstants.IN_MOVE_SELF,
            InotifyConstants.IN_ONLYDIR,
            InotifyConstants.IN_DONT_FOLLOW,
            InotifyConstants.IN_EXCL_UNLINK,
        ),
    )
)


class _Folder(NamedTuple):
    path: str
    recursive: bool
    """Whether folders below it are watched, too."""
    requested: bool
    """Whether `watch` was called for it: then its loss is reported."""
    id: CallbackId


class InotifyBackend:
    """Watches folders until `stop`; reports every event from a thread of its own.

    `on_change(path, kind)` gets absolute paths. `on_lost(error)` is called when something may have
    been missed: then only a new backend helps. `skip(path)` says which folders need not be watched.
    Raises `OSError` if the system has no inotify instance left (EMFILE).
    """

    def __init__(
        self,
        on_change: Callable[[str, Kind], None],
        on_lost: Callable[[Exception | None], None],
        skip: Callable[[str], bool],
    ) -> None:
        self._on_change = on_change
        self._on_lost = on_lost
        self._skip = skip
        self._folders: dict[WatchDescriptor, _Folder] = {}
        self._lock = threading.RLock()
        self._ids = count(1)
        self._reader = InotifyFD()
        self._reader.start()

    def watch(self, path: str, *, recursive: bool) -> None:
        """Watch a folder, with all below it if `recursive`; one that does not exist is skipped.

        Raises `OSError` if the system's limit of watches is reached (ENOSPC).
        """
        with self._lock:
            self._add(path, recursive=recursive, requested=True)

    @property
    def alive(self) -> bool:
        """Whether events still come."""
        return self._reader.is_alive()

    def stop(self) -> None:
        """Stop watching."""
        with self._lock:
            self._folders.clear()
        self._reader.stop()
        self._reader.join()

    def _add(self, path: str, *, recursive: bool, requested: bool = False) -> None:
        todo = [path]
        while todo:
            place = todo.pop()
            number = CallbackId(next(self._ids))
            try:
                key = self._reader.add_callback(os.fsencode(place), _MASK, self, number)
            except (FileNotFoundError, NotADirectoryError):
                continue  # gone again, or a link
            if key == _UNREADABLE:
                continue
            if key in self._folders:  # under another name until now, or twice in the queue
                self._reader.remove_callbacks([(key, self._folders[key].id)])
            self._folders[key] = _Folder(place, recursive, requested and place == path, number)
            if recursive:
                # Listed after it is watched: a folder that is made in between is seen twice.
                with suppress(OSError), os.scandir(place) as entries:
                    todo += [
                        entry.path
                        for entry in entries
                        if entry.is_dir(follow_symlinks=False) and not self._skip(entry.path)
                    ]

    def _forget(self, path: str) -> None:
        """Drop the watches on a folder that was moved away, and on all below it."""
        below = f"{path}{os.sep}"
        gone = [
            (key, folder.id)
            for key, folder in self._folders.items()
            if folder.path == path or folder.path.startswith(below)
        ]
        for key, _ in gone:
            del self._folders[key]
        self._reader.remove_callbacks(gone)

    # What watchdog's reader calls, in its thread

    def on_event(self, event: InotifyEvent) -> None:
        """Handle one event of the kernel."""
        try:
            with self._lock:
                self._take(event)
        except Exception as error:  # noqa: BLE001 - the reader would end, and nobody would know
            self._on_lost(error)

    def _take(self, event: InotifyEvent) -> None:
        folder = self._folders.get(event.wd)
        if folder is None:
            return
        if event.is_delete_self or event.is_move_self:
            if folder.requested:
                self._on_lost(None)
            return
        path = f"{folder.path}{os.sep}{os.fsdecode(event.name)}" if event.name else folder.path
        if event.name and folder.recursive and event.is_directory:
            if event.is_moved_from:
                self._forget(path)
            elif not event.is_delete and not self._skip(path) and not self._knows(path, event):
                # Made, moved here, or readable now. Watched first and reported afterwards: whoever
                # looks into it then misses nothing.
                self._add(path, recursive=True)
        self._on_change(path, _kind(event))

    def _knows(self, path: str, event: InotifyEvent) -> bool:
        """Whether only the permissions or times changed of a folder that is watched already."""
        return event.is_attrib and any(folder.path == path for folder in self._folders.values())

    def on_watch_deleted(self, wd: WatchDescriptor) -> None:
        """Take note that a folder is gone."""
        with self._lock:
            self._folders.pop(wd, None)

    def on_queue_overflow(self) -> None:
        """Take note that the kernel dropped events."""
        self._on_lost(None)


def _kind(event: InotifyEvent) -> Kind:
    if event.is_attrib:
        return "touched"
    if event.is_modify or (event.is_create and not event.is_directory):
        return "writing"
    return "written"
