"""The folders of a site → settled batches of changed paths.

Whenever it is in doubt what changed, the batch says that everything may have: that costs a look
at each file's size and times, and is never wrong.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from sitegen.config.loading import FILE_NAME, PYPROJECT
from sitegen.scan.sources import ROOTS, STATIC, TEMPLATES, THEME, is_ignored, theme_folder
from sitegen.watch.batches import Batch, Batches, Kind

WATCHED = ROOTS
"""The folders of a site that are watched with all below them."""

CONFIGURATION = (FILE_NAME, PYPROJECT)

LOOK_SECONDS = 1.0
"""How often a site folder that is gone is looked for, and how often a poll looks at the files."""

NO_MORE = (errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOSYS)
"""What Linux answers when it watches no more files for us."""


class Eyes(Protocol):
    """A way of watching folders."""

    def watch(self, path: str, *, deep: bool) -> None:
        """Watch a folder, with all below it if `deep`."""

    def stop(self) -> None:
        """Watch nothing any more."""

    @property
    def alive(self) -> bool:
        """Whether events still come."""


class _Place(NamedTuple):
    """A folder that is watched, and what its path is called in sitegen."""

    folder: str
    name: str


class Watch:
    """Watches a site folder: `with Watch(site, tell) as watch: watch.wait(60)`.

    `tell` gets sentences for the terminal: that it polls, that the site folder is gone.
    """

    def __init__(self, site: Path, tell: Callable[[str], None], *, polling: bool = False) -> None:
        """Take the site folder; `polling` looks at the files every second instead of listening."""
        self._site = str(site.resolve())
        self._tell = tell
        self._polling = polling
        self._batches = Batches()
        self._eyes: Eyes | None = None
        self._places: tuple[_Place, ...] = ()
        self._links: dict[str, str] = {}
        """Symbolic links by their path in sitegen, each with the real path that it leads to."""
        self._stale = True
        self._gone = False
        self._error: OSError | None = None
        """Why listening failed since it began."""

    def __enter__(self) -> Self:
        """Begin to watch: from here on no change is missed."""
        self._begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End."""
        self.end()
        self._close()

    def nudge(self) -> None:
        """Let `wait` return a batch, be it an empty one; for other threads."""
        self._batches.nudge()

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
            if self._eyes is not None and not self._eyes.alive:
                self._stale = True
            if self._stale and self._begin():
                self._batches.add(None)
            left = max(0.0, deadline - time.monotonic())
            batch = self._batches.take(min(left, LOOK_SECONDS) if self._stale else left)
            if batch is not None and not self._stale:
                if batch.paths is None:
                    return batch
                if not any(self._is_new_link(path) for path in batch.paths):
                    # A file that a link leads to is not told under the link's name.
                    return Batch(batch.paths | self._links.keys())
                self._lost(None)  # a new link needs watches of its own
            if time.monotonic() >= deadline:
                return None
        return None

    def _is_new_link(self, path: str) -> bool:
        found = _links(self._location(path), path)
        return any(self._links.get(name) != target for name, target in found)

    def _location(self, path: str) -> str:
        for place in self._places:
            if path.startswith(f"{place.name}/"):
                return f"{place.folder}{os.sep}{path[len(place.name) + 1 :]}"
        return f"{self._site}{os.sep}{path}"

    # Watches

    def _begin(self) -> bool:
        """Set up all watches anew; return whether that could be done."""
        self._close()
        if not Path(self._site).is_dir():
            if not self._gone:
                self._tell(f"the site folder {self._site} is gone; waiting for it to come back")
            self._gone = self._stale = True
            return False
        self._gone = self._stale = False
        if self._error is None and not self._polling:
            try:
                self._open(self._listening())
            except OSError as error:
                self._close()
                if error.errno not in NO_MORE:
                    raise
                self._error = error
        if self._error is not None:
            self._tell(
                f"the system watches no more files for us ({self._error.strerror}): looking at "
                "them every second instead. On Linux, raise fs.inotify.max_user_watches"
            )
            self._error = None
            self._polling = True
        if self._polling:
            self._open(self._looking())
        return True

    def _close(self) -> None:
        if self._eyes is not None:
            self._eyes.stop()
            self._eyes = None

    # watchdog is imported late: `--help` needs none of it, and each system one part.

    def _listening(self) -> Eyes:
        if sys.platform == "linux":
            from sitegen.watch.inotify import Inotify  # noqa: PLC0415 - see above

            return Inotify(self._told, self._lost, self._skip)
        else:  # noqa: RET505 - mypy knows which branch is for which system
            from watchdog.observers import Observer  # noqa: PLC0415 - see above

            from sitegen.watch.observer import Observed  # noqa: PLC0415 - see above

            return Observed(Observer(), self._told, self._lost)

    def _looking(self) -> Eyes:
        from watchdog.observers.polling import PollingObserver  # noqa: PLC0415 - see above

        from sitegen.watch.observer import Observed  # noqa: PLC0415 - see above

        return Observed(PollingObserver(timeout=LOOK_SECONDS), self._told, self._lost)

    def _open(self, eyes: Eyes) -> None:
        self._eyes = eyes
        # The site folder comes first, so that a root made in between is told there.
        eyes.watch(self._site, deep=False)
        self._places = tuple(self._roots())
        for place in self._places:
            eyes.watch(place.folder, deep=True)
        self._links = {
            name: target
            for root in (*WATCHED, *CONFIGURATION)
            for name, target in _links(f"{self._site}{os.sep}{root}", root)
        }
        folders = {
            target.rpartition(os.sep)[0]
            for name, target in self._links.items()
            if self._inside(target) or name in CONFIGURATION
        }
        for folder in folders - {self._site}:
            if self._name(folder) is None:
                eyes.watch(folder, deep=False)

    def _roots(self) -> Iterator[_Place]:
        for name in WATCHED:
            folder = os.path.realpath(f"{self._site}{os.sep}{name}")
            if Path(folder).is_dir() and self._inside(folder):
                yield _Place(folder, name)
        theme = theme_folder().resolve()
        for name in (TEMPLATES, STATIC):
            folder = str(theme / name)
            own = os.path.realpath(f"{self._site}{os.sep}{name}")
            if folder != own and Path(folder).is_dir():
                yield _Place(folder, f"{THEME}/{name}")

    def _inside(self, path: str) -> bool:
        return path == self._site or path.startswith(f"{self._site}{os.sep}")

    # Events; called from other threads

    def _told(self, path: str, kind: Kind) -> None:
        """Take an event for an absolute path."""
        name = self._name(path)
        if name is None:
            folder, _, base = path.rpartition(os.sep)
            if folder == self._site and base in CONFIGURATION:
                self._batches.add(base, kind)
            elif folder == self._site and base in WATCHED:
                self._lost(None)
            elif path in self._links.values():
                self._told_link(path, kind)
        elif not self._is_nobodys(name):
            # A name that is not UTF-8 has no path in sitegen.
            self._batches.add(name if _is_text(name) else None, kind)

    def _told_link(self, path: str, kind: Kind) -> None:
        for name, target in self._links.items():
            if target == path:
                if name in WATCHED:
                    self._lost(None)
                self._batches.add(name, kind)

    def _lost(self, error: Exception | None) -> None:
        """Start anew: something may have been missed."""
        if isinstance(error, OSError) and not self._polling:
            self._error = error
        self._stale = True
        self._batches.add(None)

    def _skip(self, path: str) -> bool:
        name = self._name(path)
        return name is None or self._is_nobodys(name)

    def _name(self, path: str) -> str | None:
        """Return what sitegen calls an absolute path, or None if it lies below no root."""
        for place in self._places:
            if path == place.folder:
                return place.name
            if path.startswith(f"{place.folder}{os.sep}"):
                below = path[len(place.folder) + 1 :].replace(os.sep, "/")
                return f"{place.name}/{below}"
        return None

    def _is_nobodys(self, name: str) -> bool:
        """Whether a path is a tool's own (a backup of an editor, say)."""
        root = next(place.name for place in self._places if name.startswith(place.name))
        return any(is_ignored(root, part) for part in name.removeprefix(f"{root}/").split("/"))


def _links(path: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield the symbolic links at or below `path` by name, each with where it leads in the end.

    `path` is called `name` in sitegen. Only a root that is a link itself is gone into.
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


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
