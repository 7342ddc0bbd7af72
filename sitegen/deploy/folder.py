"""Deploys to another folder, or to a network share that is mounted as one."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sitegen.deploy.contents import Contents
from sitegen.deploy.target_files import TargetFile
from sitegen.deploy.target_state import FOLDER
from sitegen.model.errors import Problem, SitegenError, UsageError
from sitegen.scan.real_path import real_path

TEMPORARY = "sending"

READABLE_FILE, READABLE_FOLDER = 0o644, 0o755
"""What everybody must be allowed at least, be the umask as it may: a web server is another user."""

ATTEMPTS = 3
"""How often a file is written that somebody takes away before it is in its place."""


class FolderDestination:
    """A folder, new or not.

    Files are written to a temporary folder in the same file system, and moved to their places.
    Raises `UsageError` for a folder that cannot be a target.
    """

    def __init__(self, path: Path, contents: Contents, site: Path) -> None:
        self._path = path
        self._state = path / FOLDER
        self._contents = contents
        target, output = real_path(path), real_path(contents.folder)
        if target.is_relative_to(output) or output.is_relative_to(target):
            raise UsageError(
                Problem(f'"{path}" cannot be the target: it overlaps with the output folder')
            )
        if real_path(site).is_relative_to(target) or (path / "sitegen.toml").exists():
            raise UsageError(
                Problem(f'"{path}" cannot be the target: it contains the sources of a site')
            )

    def state_files(self) -> dict[str, bytes]:
        """Return the files in `target_state.FOLDER`, by name."""
        with _os_errors(self._state):
            try:
                return {
                    item.name: item.read_bytes() for item in self._state.iterdir() if item.is_file()
                }
            except FileNotFoundError:  # none yet, or one was just removed by another deployment
                return {} if not self._state.exists() else self.state_files()

    def write_state_file(self, name: str, data: bytes) -> None:
        """Write one of these files, in one step."""
        with _os_errors(self._state / name):
            self._put(self._state / name, lambda temporary: temporary.write_bytes(data))

    def delete_state_files(self, names: Sequence[str]) -> None:
        """Delete some of these files."""
        with _os_errors(self._state):
            for name in names:
                (self._state / name).unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove what deployments that have ended left half-written."""
        with _os_errors(self._state):
            for left in (self._state / TEMPORARY).glob("*"):
                left.unlink(missing_ok=True)

    def matching(self, files: Sequence[TargetFile]) -> set[str]:
        """Return the paths of those files that the folder holds with this content."""
        return {item.path for item in files if self._matches(item)}

    def _matches(self, item: TargetFile) -> bool:
        place = self._path / item.path
        try:
            found = place.lstat()
            if not item.encoding and found.st_size != item.size:
                return False
            if os.name == "posix" and found.st_mode & READABLE_FILE != READABLE_FILE:
                return False
            return not place.is_symlink() and place.read_bytes() == self._contents.data(item)
        except OSError:
            return False

    def send(self, files: Sequence[TargetFile]) -> None:
        """Put files in their places, with their modification times."""
        for item in files:
            place = self._path / item.path
            with _os_errors(place):
                self._put(place, self._writer(item))

    def _writer(self, item: TargetFile) -> Callable[[Path], object]:
        def write(temporary: Path) -> None:
            temporary.write_bytes(self._contents.data(item))
            with contextlib.suppress(OSError):  # a share may not let us
                temporary.chmod(temporary.stat().st_mode & 0o7777 | READABLE_FILE)
                found = self._contents.source(item).stat()
                os.utime(temporary, ns=(found.st_atime_ns, found.st_mtime_ns))

        return write

    def _put(self, place: Path, write: Callable[[Path], object]) -> None:
        self._make(self._path)
        folder = self._state / TEMPORARY
        folder.mkdir(parents=True, exist_ok=True)
        for attempt in range(ATTEMPTS):
            temporary = folder / secrets.token_hex(8)  # unlike that of any other machine
            try:
                write(temporary)
                self._make(place.parent)
                temporary.replace(place)
            except FileNotFoundError:
                # Another deployment, which begins just now, took it for what a dead one left.
                if attempt == ATTEMPTS - 1:
                    raise
            except BaseException:
                # On a full disk it would be in the way of what is smaller.
                with contextlib.suppress(OSError):
                    temporary.unlink(missing_ok=True)
                raise
            else:
                return

    def _make(self, folder: Path) -> None:
        """Make a folder that readers can look into, and those above it, where there are none."""
        if folder.is_dir():
            return
        if folder != self._path:
            self._make(folder.parent)
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError):  # a share may not let us
            folder.chmod(folder.stat().st_mode & 0o7777 | READABLE_FOLDER)

    def delete(self, paths: Sequence[str], folders: Sequence[str]) -> None:
        """Delete files, and then those folders that are empty."""
        for path in paths:
            place = self._path / path
            with _os_errors(place), contextlib.suppress(FileNotFoundError, NotADirectoryError):
                if not place.is_dir() or place.is_symlink():
                    place.unlink()
        for folder in folders:
            with contextlib.suppress(OSError):  # not empty
                (self._path / folder).rmdir()


@contextlib.contextmanager
def _os_errors(place: Path) -> Iterator[None]:
    """Turn errors of the operating system into a problem that names the file."""
    try:
        yield
    except OSError as error:
        message = f'cannot deploy to "{place}": {error.strerror or error}'
        raise SitegenError(Problem(message)) from None
