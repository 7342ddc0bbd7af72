"""Bytes → files beside their places, ready to be put there in one step."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterable
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import NamedTuple

from sitegen.cache.tables import Written
from sitegen.model.errors import Location, Problem, SitegenError
from sitegen.scan.sources import SourceChangedError

TEMPORARY = ".sitegen-tmp"

NEW = f"{TEMPORARY}/new"
"""Holds folders that are not in the output folder yet, as they will be there."""


class Staged(NamedTuple):
    """A file that is ready to be put in its place."""

    path: str
    written: Written
    """What will lie there."""
    beside: str | None
    """Where its bytes lie, "" for a file in a new folder; None if the place holds them already."""
    within: str = ""
    """The new folder of the output folder with which it can be put there, or ""."""


class Staging:
    """Writes files beside their places. Can be sent to other processes.

    Here and in `OutputFolder.commit` each page passes, so paths are plain text: a path object
    costs as much as the system call that it is for.
    """

    def __init__(self, path: Path) -> None:
        """Take the output folder."""
        self.path = path
        self._root = str(path)
        self._number = 0
        self._is_new: dict[str, bool] = {}
        self._made = {""}

    def stage(self, path: str, data: bytes) -> Staged:
        """Write `data` beside its place, unless the file holds it already."""
        content = content_digest(data)
        place = f"{self._root}/{path}"
        try:
            within = self._new_folder(path)
            found = None if within else self._holds(path, len(data))
            if found and _bytes(place) == data:
                return Staged(path, as_found(content, found), None)
            beside = "" if within else self.beside()
            file = os.open(beside or self.within(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            try:
                view = memoryview(data)
                while view:
                    view = view[os.write(file, view) :]
                found = os.fstat(file)
            finally:
                os.close(file)
        except OSError as error:
            raise refused(place, error) from error
        return Staged(path, as_found(content, found), beside, within)

    def stage_copy(self, path: str, source: Path, size: int, source_digest: str) -> Staged:
        """Copy a source file beside its place, unless the file there is the same already.

        Raises `SourceChangedError` if the source no longer has the digest.
        """
        content = bytes.fromhex(source_digest)
        place = f"{self._root}/{path}"
        try:
            within = self._new_folder(path)
            found = None if within else self._holds(path, size)
            if found and digest_of_file(place) == content:
                return Staged(path, as_found(content, found), None)
            beside = "" if within else self.beside()
            target = beside or self.within(path)
            if not os.access(source, os.R_OK):  # not there any more, most likely
                raise SourceChangedError(str(source))
            shutil.copyfile(source, target)
            if digest_of_file(target) != content:
                raise SourceChangedError(str(source))
            return Staged(path, as_found(content, os.lstat(target)), beside, within)
        except OSError as error:
            raise refused(place, error) from error

    def discard(self, staged: Iterable[Staged]) -> None:
        """Remove files that are not to come: a new folder is put in its place with all it holds."""
        for item in staged:
            if item.beside is not None:
                with contextlib.suppress(OSError):  # then it is removed with the whole folder
                    os.unlink(item.beside or self.within(item.path))  # noqa: PTH108 - see Staging
                self._remove_empty(item.path.rpartition("/")[0])

    def _remove_empty(self, folder: str) -> None:
        while folder:
            try:
                os.rmdir(f"{self._root}/{NEW}/{folder}")  # noqa: PTH106 - see Staging
            except OSError:  # something is in it
                return
            self._made.discard(folder)
            folder = folder.rpartition("/")[0]

    def _holds(self, path: str, size: int) -> os.stat_result | None:
        """Return what lies at `path` if it is a plain file of this size, reached by no link."""
        try:
            found = os.lstat(f"{self._root}/{path}")
        except OSError:
            return None
        same = stat.S_ISREG(found.st_mode) and found.st_size == size
        return found if same and not self.through_link(path) else None

    def _new_folder(self, path: str) -> str:
        """Return the outermost folder of `path` if there is no such one in the output folder."""
        folder, _, rest = path.partition("/")
        if not rest:
            return ""
        is_new = self._is_new.get(folder)
        if is_new is None:
            is_new = self._is_new[folder] = not os.path.lexists(f"{self._root}/{folder}")
        return folder if is_new else ""

    def place_of(self, staged: Staged) -> str:
        """Return where the bytes of a staged file lie."""
        if staged.beside is None:
            return f"{self._root}/{staged.path}"
        return staged.beside or self.within(staged.path)

    def within(self, path: str) -> str:
        """Return where to write a file that is put in its place with all of its new folder."""
        self._make(path.rpartition("/")[0])
        return f"{self._root}/{NEW}/{path}"

    def _make(self, folder: str) -> None:
        if folder in self._made:
            return
        place = f"{self._root}/{NEW}/{folder}"
        self._make(folder.rpartition("/")[0])
        with contextlib.suppress(FileExistsError):  # another process made it
            os.mkdir(place)  # noqa: PTH102 - see the class
        self._made.add(folder)

    def beside(self) -> str:
        """Return a new name for a file beside the others, which no other process uses."""
        self._number += 1
        return f"{self._root}/{TEMPORARY}/{os.getpid()}-{self._number}"

    def through_link(self, path: str) -> bool:
        """Whether one of the folders above `path` is a symbolic link."""
        folder = path.rpartition("/")[0]
        while folder:
            if (self.path / folder).is_symlink():
                return True
            folder = folder.rpartition("/")[0]
        return False


def as_found(content: bytes, found: os.stat_result) -> Written:
    """Return what is known of a file that holds `content`."""
    return Written(content, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 - see Staging
        return file.read()


def content_digest(data: bytes) -> bytes:
    """Return the digest by which a file of the output is known."""
    return blake2b(data, digest_size=16).digest()


def digest_of_file(path: str) -> bytes:
    """Return the `content_digest` of a file."""
    with open(path, "rb") as file:  # noqa: PTH123 - see Staging
        return file_digest(file, lambda: blake2b(digest_size=16)).digest()


def refused(path: str, error: OSError) -> SitegenError:
    """Return the problem of a file that the system does not let us write."""
    message = f"cannot be written: {error.strerror or error}"
    return SitegenError(Problem(message, Location(path)))
