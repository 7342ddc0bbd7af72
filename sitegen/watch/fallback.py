"""The backend for other systems, on an observer of watchdog: macOS, Windows, BSD, or polling."""

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

from sitegen.watch.debouncing import Kind

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


class FallbackBackend(FileSystemEventHandler):
    """Watches folders with a new observer until `stop`; reports events from a thread of its own.

    `on_change(path, kind)` gets absolute paths. `on_lost(error)` is called when something may have
    been missed: then only a new backend helps.
    """

    def __init__(
        self,
        observer: BaseObserver,
        on_change: Callable[[str, Kind], None],
        on_lost: Callable[[Exception | None], None],
    ) -> None:
        self._observer = observer
        self._on_change = on_change
        self._on_lost = on_lost
        self._requested: set[str] = set()
        observer.start()

    def watch(self, path: str, *, recursive: bool) -> None:
        """Watch a folder, with all below it if `recursive`; one that does not exist is skipped."""
        try:
            self._observer.schedule(self, path, recursive=recursive, event_filter=_EVENTS)
        except (FileNotFoundError, NotADirectoryError):
            return
        self._requested.add(path)

    @property
    def alive(self) -> bool:
        """Whether events still come."""
        return self._observer.is_alive() and all(
            emitter.is_alive() for emitter in self._observer.emitters
        )

    def stop(self) -> None:
        """Stop watching."""
        self._observer.stop()
        self._observer.join()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Handle one event, in watchdog's thread."""
        try:
            self._take(event)
        except Exception as error:  # noqa: BLE001 - the thread would end, and nobody would know
            self._on_lost(error)

    def _take(self, event: FileSystemEvent) -> None:
        path = os.fsdecode(event.src_path)
        if isinstance(event, DirDeletedEvent | DirMovedEvent) and path in self._requested:
            self._on_lost(None)
        elif isinstance(event, FileCreatedEvent | FileModifiedEvent):
            self._on_change(path, "writing")
        elif isinstance(event, FileAttribEvent | DirAttribEvent):
            self._on_change(path, "touched")
        else:
            self._on_change(path, "written")
        if event.dest_path:
            self._on_change(os.fsdecode(event.dest_path), "written")
