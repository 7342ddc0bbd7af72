"""Watches the folders of a site: file events → batches of changed paths.

Whenever it is in doubt what changed, the batch says that everything may have: that costs a `stat`
of each file, and is never wrong.
"""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from sitegen.config.loading import load_config
from sitegen.config.theme_files import THEME_FILE
from sitegen.config.theme_places import THEMES
from sitegen.config.themes import ThemeLayer, load_theme
from sitegen.model.errors import SitegenError, exception_text
from sitegen.scan.real_path import real_path
from sitegen.scan.site_files import SITE_FILES
from sitegen.scan.sources import (
    ROOTS,
    STATIC,
    TEMPLATES,
    THEME,
    THEME_FOLDERS,
    is_ignored,
    theme_folder,
)
from sitegen.watch.debouncing import Batch, BatchQueue, Kind
from sitegen.watch.file_systems import silent_file_system
from sitegen.work.proven_versions import WATCHDOG

WATCHED = (*ROOTS, THEMES)
"""The folders of a site that are watched with all below them."""

POLL_SECONDS = 1.0
"""How often files are polled by default, and a site folder that is gone is looked for."""

PROBE = ".sitegen-probe"
"""A file in the site folder that is made, and removed at once, to see whether events come."""

PROBE_SECONDS = 5.0
"""How long its event is waited for. Usually it comes within a millisecond."""

NO_MORE = (errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOSYS)
"""The errors of watching that polling does not have: a limit is reached, or nothing is offered."""


class WatchBackend(Protocol):
    """A source of file events: inotify, watchdog's observers, or polling."""

    def watch(self, path: str, *, recursive: bool) -> None:
        """Watch a folder, with all below it if `recursive`."""

    def stop(self) -> None:
        """Stop watching."""

    @property
    def alive(self) -> bool:
        """Whether events still come."""


class _Root(NamedTuple):
    """A folder that is watched with all below it, and its path in sitegen."""

    folder: str
    name: str


class Watch:
    """Watches a site folder: `with Watch(site, tell) as watch: watch.wait(60)`.

    `tell` gets texts for the terminal: that it polls, that the site folder is gone. With `poll`
    files are polled from the beginning, every so many seconds; else where no events come.
    """

    def __init__(self, site: Path, tell: Callable[[str], None], *, poll: float = 0) -> None:
        self._site = str(real_path(site))
        self._tell = tell
        self._polling = poll > 0
        self._poll_seconds = poll or POLL_SECONDS
        self._probe_seen = threading.Event()
        self._batches = BatchQueue()
        self._backend: WatchBackend | None = None
        self._roots: tuple[_Root, ...] = ()
        self._links: dict[str, str] = {}
        """Symbolic links by their path in sitegen, each with the real path that it leads to."""
        self._stale = True
        self._gone = False
        self._error: OSError | None = None
        """Why the native backend failed."""

    def __enter__(self) -> Self:
        """Start watching: from here on no change is missed."""
        if sys.platform == "linux" and not self._polling and not WATCHDOG.is_proven:
            self._tell(WATCHDOG.note())
            self._polling = True
        if not self._polling and (kind := silent_file_system(self._site)):
            reason = f"a file system of the type {kind} does not tell what is changed elsewhere"
            self._tell(polling_text(reason, HOW_OFTEN))
            self._polling = True
        self._restart()
        if not self._polling and not self._gone and not self._probe():
            self._tell(polling_text("the system does not tell that a file was changed", HOW_OFTEN))
            self._polling = True
            self._restart()
        return self

    def _probe(self) -> bool:
        """Whether an event comes for a file that is changed; where none can be, that is assumed."""
        place = Path(self._site, PROBE)
        try:
            place.touch()
        except OSError:
            return True
        try:
            return self._probe_seen.wait(PROBE_SECONDS)
        finally:
            with suppress(OSError):
                place.unlink()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop watching."""
        self.end()
        self._close()

    def wake(self) -> None:
        """Let `wait` return a batch, be it an empty one; for other threads."""
        self._batches.wake()

    def end(self) -> None:
        """Let `wait` return None from now on. May be called from any thread."""
        self._batches.end()

    @property
    def ended(self) -> bool:
        """Whether `end` was called."""
        return self._batches.ended

    def wait(self, seconds: float) -> Batch | None:
        """Return the next settled batch; None if there is none within `seconds`, or at the end."""
        deadline = time.monotonic() + seconds
        while not self.ended:
            if self._backend is not None and not self._backend.alive:
                self._stale = True
            if self._stale and self._restart():
                self._batches.add(None)
            left = max(0.0, deadline - time.monotonic())
            batch = self._batches.take(min(left, POLL_SECONDS) if self._stale else left)
            if batch is not None and not self._stale:
                if batch.paths is None:
                    return batch
                if any(map(_names_themes, batch.paths)) and self._roots != (*self._find_roots(),):
                    self._on_lost(None)  # another theme lies elsewhere
                elif not any(self._is_new_link(path) for path in batch.paths):
                    # A file that a link leads to is not told under the link's name.
                    return Batch(batch.paths | self._links.keys())
                self._on_lost(None)  # a new link needs watches of its own
            if time.monotonic() >= deadline:
                return None
        return None

    def _is_new_link(self, path: str) -> bool:
        found = _links(self._disk_path(path), path)
        return any(self._links.get(name) != target for name, target in found)

    def _disk_path(self, path: str) -> str:
        for place in self._roots:
            if path.startswith(f"{place.name}/"):
                return f"{place.folder}{os.sep}{path[len(place.name) + 1 :]}"
        return f"{self._site}{os.sep}{path}"

    # Watches

    def _restart(self) -> bool:
        """Set up all watches from scratch; return whether that was possible."""
        self._close()
        if not Path(self._site).is_dir():
            if not self._gone:
                self._tell(
                    f'warning: the site folder "{self._site}" does not exist any more; '
                    "waiting for it to come back"
                )
            self._gone = self._stale = True
            return False
        self._gone = self._stale = False
        if self._error is None and not self._polling:
            try:
                self._watch_folders(self._native_backend())
            except OSError as error:
                self._close()
                if error.errno not in NO_MORE:
                    raise
                self._error = error
        if self._error is not None:
            self._tell(limit_text(self._error))
            self._error = None
            self._polling = True
        if self._polling:
            self._watch_folders(self._polling_backend())
        return True

    def _close(self) -> None:
        if self._backend is not None:
            self._backend.stop()
            self._backend = None

    # watchdog is imported late: `--help` needs none of it, and each system one part.

    def _native_backend(self) -> WatchBackend:
        if sys.platform == "linux":
            from sitegen.watch.inotify import InotifyBackend  # noqa: PLC0415 - see above

            return InotifyBackend(self._on_change, self._on_lost, self._skip)
        else:  # noqa: RET505 - mypy knows which branch is for which system
            from watchdog.observers import Observer  # noqa: PLC0415 - see above

            from sitegen.watch.fallback import FallbackBackend  # noqa: PLC0415 - see above

            return FallbackBackend(Observer(), self._on_change, self._on_lost)

    def _polling_backend(self) -> WatchBackend:
        from watchdog.observers.polling import PollingObserver  # noqa: PLC0415 - see above

        from sitegen.watch.fallback import FallbackBackend  # noqa: PLC0415 - see above

        return FallbackBackend(
            PollingObserver(timeout=self._poll_seconds), self._on_change, self._on_lost
        )

    def _watch_folders(self, backend: WatchBackend) -> None:
        self._backend = backend
        # The site folder comes first, so that a root made in between is told there.
        backend.watch(self._site, recursive=False)
        self._roots = tuple(self._find_roots())
        for place in self._roots:
            backend.watch(place.folder, recursive=True)
        self._links = {
            name: target
            for root in (*WATCHED, *SITE_FILES)
            for name, target in _links(f"{self._site}{os.sep}{root}", root)
        }
        folders = {
            target.rpartition(os.sep)[0]
            for name, target in self._links.items()
            if self._inside(target) or name in SITE_FILES
        }
        for folder in folders - {self._site}:
            if self._name(folder) is None:
                backend.watch(folder, recursive=False)

    def _find_roots(self) -> Iterator[_Root]:
        for name in WATCHED:
            folder = os.path.realpath(f"{self._site}{os.sep}{name}")
            if Path(folder).is_dir() and self._inside(folder):
                yield _Root(folder, name)
        theme = real_path(theme_folder())
        for name in (TEMPLATES, STATIC):
            folder = str(theme / name)
            own = os.path.realpath(f"{self._site}{os.sep}{name}")
            if folder != own and Path(folder).is_dir():
                yield _Root(folder, f"{THEME}/{name}")
        for layer in self._installed_themes():
            yield _Root(str(real_path(layer.folder)), f"{THEMES}/{layer.name}")

    def _installed_themes(self) -> Iterator[ThemeLayer]:
        """Yield the layers of the site's theme that do not lie in the site."""
        site = Path(self._site)
        try:
            layers = load_theme(site, load_config(site)).layers
        except SitegenError:
            return  # which the build tells
        for layer in layers:
            if layer.folder != site / THEMES / layer.name:
                yield layer

    def _inside(self, path: str) -> bool:
        return path == self._site or path.startswith(f"{self._site}{os.sep}")

    # Events; called from other threads

    def _on_change(self, path: str, kind: Kind) -> None:
        """Handle an event for an absolute path."""
        name = self._name(path)
        if name is None:
            folder, _, base = path.rpartition(os.sep)
            if folder == self._site and base == PROBE:
                self._probe_seen.set()
            elif folder == self._site and base in SITE_FILES:
                self._batches.add(base, kind)
            elif folder == self._site and base in WATCHED:
                self._on_lost(None)
            elif path in self._links.values():
                self._on_link_target_change(path, kind)
        elif not self._is_ignored(name):
            # A name that is not UTF-8 has no path in sitegen.
            self._batches.add(name if _is_utf8(name) else None, kind)

    def _on_link_target_change(self, path: str, kind: Kind) -> None:
        for name, target in self._links.items():
            if target == path:
                if name in WATCHED:
                    self._on_lost(None)
                self._batches.add(name, kind)

    def _on_lost(self, error: Exception | None) -> None:
        """Start over: something may have been missed."""
        if isinstance(error, OSError) and not self._polling:
            self._error = error
        elif error is not None:
            self._tell(f"warning: watching begins again after an error: {exception_text(error)}")
        self._stale = True
        self._batches.add(None)

    def _skip(self, path: str) -> bool:
        name = self._name(path)
        return name is None or self._is_ignored(name)

    def _name(self, path: str) -> str | None:
        """Return the path in sitegen of an absolute path, or None if it lies below no root."""
        for place in self._roots:
            if path == place.folder:
                return place.name
            if path.startswith(f"{place.folder}{os.sep}"):
                below = path[len(place.folder) + 1 :].replace(os.sep, "/")
                return f"{place.name}/{below}"
        return None

    def _is_ignored(self, name: str) -> bool:
        """Whether a path is a tool's own (a backup of an editor, say)."""
        root = next(place.name for place in self._roots if name.startswith(place.name))
        if name.startswith(f"{THEMES}/"):
            _, theme, *below = name.split("/")
            root, parts = f"{THEMES}/{theme}/{below[0] if below else ''}", below[1:]
            if below and below[0] not in THEME_FOLDERS and below != [THEME_FILE]:
                return True
        else:
            parts = name.removeprefix(f"{root}/").split("/")
        return any(is_ignored(root, part) for part in parts)


def _names_themes(path: str) -> bool:
    """Whether a change of a path can be one of which themes a site has."""
    folder, _, name = path.rpartition("/")
    return path in SITE_FILES or folder == THEMES or name == THEME_FILE


_INOTIFY_LIMITS = {
    errno.ENOSPC: (
        "the inotify limit fs.inotify.max_user_watches is reached",
        "raise it with `sudo sysctl fs.inotify.max_user_watches=1000000`",
    ),
    errno.EMFILE: (
        "the limit of inotify instances or of open files is reached",
        "raise it with `sudo sysctl fs.inotify.max_user_instances=1024` or `ulimit -n 4096`",
    ),
}
"""What Linux limits, by its error (inotify_init(2), inotify_add_watch(2)), and how to raise it."""


def limit_text(error: OSError) -> str:
    """Return what a user is told when files have to be polled because of `error`."""
    default = (f"the system cannot watch more files: {error.strerror}", "")
    limits = _INOTIFY_LIMITS if sys.platform == "linux" else {}
    reason, hint = limits.get(error.errno or 0, default)
    return polling_text(reason, hint)


HOW_OFTEN = "set `--poll=SECONDS`, or `poll` in `[watch]`, to choose how often"


def polling_text(reason: str, hint: str) -> str:
    """Return what a user is told when files have to be polled."""
    text = f"warning: {reason}; polling for changes every second instead"
    return f"{text}\nhint: {hint}" if hint else text


def _links(path: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield the symbolic links at or below `path` by name, each with its final target.

    `path` is called `name` in sitegen. Of links, only a root that is one itself is followed.
    """
    todo = [(path, name)]
    if os.path.islink(path):  # noqa: PTH114 - text in, text out
        target = os.path.realpath(path)
        yield name, target
        parent = path.rpartition(os.sep)[0]
        todo = [(target, name)] if name in WATCHED and target.startswith(parent + os.sep) else []
    while todo:
        folder, prefix = todo.pop()
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                here = f"{prefix}/{entry.name}"
                if entry.is_symlink():
                    yield here, os.path.realpath(entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    todo.append((entry.path, here))


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
