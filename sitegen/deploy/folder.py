"""Deploys to another folder, or to a share that is mounted as one."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sitegen.deploy.contents import Contents
from sitegen.deploy.ledger import FOLDER
from sitegen.deploy.outgoing import Outgoing
from sitegen.model.errors import Problem, SitegenError, UsageError

TEMPORARY = "sending"


class FolderDestination:
    """A folder. Files are written beside it, in the same file system, and moved to their places."""

    def __init__(self, path: Path, contents: Contents, site: Path) -> None:
        """Take the folder, new or not. Raises `UsageError` for one that cannot be a target."""
        self._path = path
        self._notes = path / FOLDER
        self._contents = contents
        target, output = path.resolve(), contents.folder.resolve()
        if target.is_relative_to(output) or output.is_relative_to(target):
            raise UsageError(Problem(f'"{path}" cannot be the target: the site is built there'))
        if site.resolve().is_relative_to(target) or (path / "sitegen.toml").exists():
            raise UsageError(Problem(f'"{path}" cannot be the target: it holds sources of a site'))

    def notes(self) -> dict[str, bytes]:
        """Return the files in `ledger.FOLDER`, by name."""
        with _told(self._notes):
            try:
                return {
                    item.name: item.read_bytes() for item in self._notes.iterdir() if item.is_file()
                }
            except FileNotFoundError:  # none yet, or one was just removed by another deployment
                return {} if not self._notes.exists() else self.notes()

    def note(self, name: str, data: bytes) -> None:
        """Write one of these files, in one step."""
        with _told(self._notes / name):
            self._put(self._notes / name, lambda beside: beside.write_bytes(data))

    def forget(self, names: Sequence[str]) -> None:
        """Remove some of them."""
        with _told(self._notes):
            for name in names:
                (self._notes / name).unlink(missing_ok=True)
            for left in (self._notes / TEMPORARY).glob("*"):
                left.unlink(missing_ok=True)

    def held(self, files: Sequence[Outgoing]) -> set[str]:
        """Return the paths of those files that lie there just so."""
        return {item.path for item in files if self._holds(item)}

    def _holds(self, item: Outgoing) -> bool:
        place = self._path / item.path
        try:
            if not item.encoding and place.lstat().st_size != item.size:
                return False
            return not place.is_symlink() and place.read_bytes() == self._contents.data(item)
        except OSError:
            return False

    def send(self, files: Sequence[Outgoing]) -> None:
        """Put files in their places, with the times that they have here."""
        for item in files:
            place = self._path / item.path
            with _told(place):
                self._put(place, self._writing(item))

    def _writing(self, item: Outgoing) -> Callable[[Path], object]:
        def write(beside: Path) -> None:
            beside.write_bytes(self._contents.data(item))
            with contextlib.suppress(OSError):  # a share may not let us
                found = self._contents.place(item).stat()
                os.utime(beside, ns=(found.st_atime_ns, found.st_mtime_ns))

        return write

    def _put(self, place: Path, write: Callable[[Path], object]) -> None:
        temporary = self._notes / TEMPORARY
        temporary.mkdir(parents=True, exist_ok=True)
        beside = temporary / secrets.token_hex(8)  # unlike that of any other machine
        write(beside)
        place.parent.mkdir(parents=True, exist_ok=True)
        beside.replace(place)

    def delete(self, paths: Sequence[str], folders: Sequence[str]) -> None:
        """Remove files, and then those folders that are empty."""
        for path in paths:
            place = self._path / path
            with _told(place), contextlib.suppress(FileNotFoundError, NotADirectoryError):
                if not place.is_dir() or place.is_symlink():
                    place.unlink()
        for folder in folders:
            with contextlib.suppress(OSError):  # not empty
                (self._path / folder).rmdir()


@contextlib.contextmanager
def _told(place: Path) -> Iterator[None]:
    """Turn the operating system's refusal into a problem that names the file."""
    try:
        yield
    except OSError as error:
        message = f"{place}: cannot be deployed: {error.strerror or error}"
        raise SitegenError(Problem(message)) from None
