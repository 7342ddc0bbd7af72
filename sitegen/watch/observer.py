"""Folders that watchdog's observers watch: on macOS, Windows and BSD, and by polling anywhere."""

from __future__ import annotations

import os
from collections.abc import Callable

from watchdog.events import (
    DirAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver

from sitegen.watch.batches import Kind

_EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    DirCreatedEvent,
    DirAttribEvent,
    DirDeletedEvent,
    DirMovedEvent,
]


class Observed(FileSystemEventHandler):
    """Watches folders until `stop`; every event is told from a thread of its own.

    `told(path, kind)` gets absolute paths. `lost(error)` is called when something may have been
    missed: then nothing but starting anew helps.
    """

    def __init__(
        self,
        observer: BaseObserver,
        told: Callable[[str, Kind], None],
        lost: Callable[[Exception | None], None],
    ) -> None:
        """Take an observer that was not started."""
        self._observer = observer
        self._told = told
        self._lost = lost
        self._given: set[str] = set()
        observer.start()

    def watch(self, path: str, *, deep: bool) -> None:
        """Watch a folder, with all below it if `deep`. One that is not there is passed over."""
        try:
            self._observer.schedule(self, path, recursive=deep, event_filter=_EVENTS)
        except (FileNotFoundError, NotADirectoryError):
            return
        self._given.add(path)

    @property
    def alive(self) -> bool:
        """Whether events still come."""
        return self._observer.is_alive() and all(
            emitter.is_alive() for emitter in self._observer.emitters
        )

    def stop(self) -> None:
        """Watch nothing any more."""
        self._observer.stop()
        self._observer.join()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Take one event, in watchdog's thread."""
        path = os.fsdecode(event.src_path)
        if isinstance(event, DirDeletedEvent | DirMovedEvent) and path in self._given:
            self._lost(None)
        elif isinstance(event, FileCreatedEvent | FileModifiedEvent):
            self._told(path, "writing")
        elif isinstance(event, FileAttribEvent | DirAttribEvent):
            self._told(path, "touched")
        else:
            self._told(path, "written")
        if event.dest_path:
            self._told(os.fsdecode(event.dest_path), "written")
