"""Bytes → files beside their places, ready to be put there in one step."""

from __future__ import annotations

import os
import shutil
import stat
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import NamedTuple

from sitegen.errors import Problem, SitegenError, Where
from sitegen.sources import SourceChangedError
from sitegen.store import Written

TEMPORARY = ".sitegen-tmp"


class Staged(NamedTuple):
    """A file that is ready to be put in its place."""

    path: str
    written: Written
    """What will lie there."""
    beside: str | None
    """Where its bytes lie; None if the place holds them already."""


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

    def stage(self, path: str, data: bytes) -> Staged:
        """Write `data` beside its place, unless the file holds it already."""
        content = content_mark(data)
        place = f"{self._root}/{path}"
        try:
            found = self._holds(path, len(data))
            if found and _bytes(place) == data:
                return Staged(path, as_found(content, found), None)
            beside = self.beside()
            file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            try:
                view = memoryview(data)
                while view:
                    view = view[os.write(file, view) :]
                found = os.fstat(file)
            finally:
                os.close(file)
        except OSError as error:
            raise refused(place, error) from error
        return Staged(path, as_found(content, found), beside)

    def stage_copy(self, path: str, source: Path, size: int, source_digest: str) -> Staged:
        """Copy a source file beside its place, unless the file there is the same already.

        Raises `SourceChangedError` if the source no longer has the digest.
        """
        content = bytes.fromhex(source_digest)
        place = f"{self._root}/{path}"
        try:
            found = self._holds(path, size)
            if found and file_mark(place) == content:
                return Staged(path, as_found(content, found), None)
            beside = self.beside()
            try:
                shutil.copyfile(source, beside)
            except FileNotFoundError:
                raise SourceChangedError(str(source)) from None
            if file_mark(beside) != content:
                raise SourceChangedError(str(source))
            return Staged(path, as_found(content, os.lstat(beside)), beside)
        except OSError as error:
            raise refused(place, error) from error

    def _holds(self, path: str, size: int) -> os.stat_result | None:
        """Return what lies at `path` if it is a plain file of this size, reached by no link."""
        try:
            found = os.lstat(f"{self._root}/{path}")
        except OSError:
            return None
        same = stat.S_ISREG(found.st_mode) and found.st_size == size
        return found if same and not self.through_link(path) else None

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


def content_mark(data: bytes) -> bytes:
    """Return the digest by which a file of the output is known."""
    return blake2b(data, digest_size=16).digest()


def file_mark(path: str) -> bytes:
    """Return the `content_mark` of a file."""
    with open(path, "rb") as file:  # noqa: PTH123 - see Staging
        return file_digest(file, lambda: blake2b(digest_size=16)).digest()


def refused(path: str, error: OSError) -> SitegenError:
    """Return the problem of a file that the system does not let us write."""
    message = f"cannot be written: {error.strerror or error}"
    return SitegenError(Problem(message, Where(path)))
