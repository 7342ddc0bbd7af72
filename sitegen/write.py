"""Bytes → files: beside first, then renamed, and only where they differ.

Never outside the folder, and never over a file that somebody else put there.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import NamedTuple

from sitegen.errors import Problem, SitegenError, UsageError, Where
from sitegen.sources import SourceChangedError
from sitegen.store import Written

MANIFEST = ".sitegen-manifest"
"""Lists the files that sitegen made, so that it never takes another for its own."""

FIRST_LINE = "sitegen manifest 1"

TEMPORARY = ".sitegen-tmp"

OVERLOOKED = frozenset({".gitignore", ".gitkeep", ".git", ".DS_Store", MANIFEST, TEMPORARY})
"""What may lie in an output folder that counts as empty."""


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
                return Staged(path, _as_found(content, found), None)
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
            raise _refused(place, error) from error
        return Staged(path, _as_found(content, found), beside)

    def stage_copy(self, path: str, source: Path, size: int, source_digest: str) -> Staged:
        """Copy a source file beside its place, unless the file there is the same already.

        Raises `SourceChangedError` if the source no longer has the digest.
        """
        content = bytes.fromhex(source_digest)
        place = f"{self._root}/{path}"
        try:
            found = self._holds(path, size)
            if found and _file_digest(place) == content:
                return Staged(path, _as_found(content, found), None)
            beside = self.beside()
            try:
                shutil.copyfile(source, beside)
            except FileNotFoundError:
                raise SourceChangedError(str(source)) from None
            if _file_digest(beside) != content:
                raise SourceChangedError(str(source))
            return Staged(path, _as_found(content, os.lstat(beside)), beside)
        except OSError as error:
            raise _refused(place, error) from error

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


def _as_found(content: bytes, found: os.stat_result) -> Written:
    return Written(content, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 - see Staging
        return file.read()


class OutputFolder:
    """The output folder of a build, written to under the site's lock."""

    def __init__(self, path: Path, site: Path) -> None:
        """Take the folder and the site folder that it is built from.

        Raises `UsageError` if the folder is not ours: not empty and without our manifest, or one
        that holds the site's sources.
        """
        self.path = path
        self._root = str(path)
        self.staging = Staging(path)
        self.looked_into: dict[str, Written] = {}
        """Files that somebody touched, but that hold what we left in them."""
        self._made: set[str] = set()
        self._is_new = False
        target, source = path.resolve(), site.resolve()
        inside = target.is_relative_to(source) and target != source
        first, *rest = target.relative_to(source).parts if inside else ("",)
        is_preview = first == ".sitegen" and rest[:1] == ["preview"]
        if source.is_relative_to(target) or (
            not is_preview
            and first in ("articles", "templates", "static", "responses", ".sitegen", ".git")
        ):
            message = f'"{path}" cannot be the output folder: it holds sources of the site'
            raise UsageError(Problem(message, hint="name another folder with --output"))
        if path.exists() and not path.is_dir():
            raise UsageError(Problem(f'"{path}" cannot be the output folder: it is a file'))
        manifest = self._read_manifest()
        self.manifest: frozenset[str] = manifest or frozenset()
        if manifest is None:
            found = sorted(item.name for item in path.iterdir()) if path.is_dir() else []
            if foreign := [name for name in found if name not in OVERLOOKED]:
                message = f'"{path}" is not empty, and not made by sitegen: it holds {foreign[0]}'
                hint = "empty it yourself if it may be lost, or name another with --output"
                raise UsageError(Problem(message, hint=hint))
        # Whoever else writes there must not make us remove a file of another folder.
        self._mine = set(filter(_is_below, self.manifest))

    def _read_manifest(self) -> frozenset[str] | None:
        try:
            text = (self.path / MANIFEST).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        first, *lines = text.split("\n")
        return frozenset(filter(None, lines)) if first == FIRST_LINE else None

    def begin(self) -> None:
        """Make room for files beside their places; nothing that is served changes yet."""
        with _told(self.path):
            self._is_new = not self.path.exists()
            self.path.mkdir(parents=True, exist_ok=True)
            self._clear()
            (self.path / TEMPORARY).mkdir(exist_ok=True)

    def abandon(self) -> None:
        """Leave the folder as it was before `begin`."""
        self._clear()
        if self._is_new:
            with contextlib.suppress(OSError):
                self.path.rmdir()

    def _clear(self) -> None:
        temporary = self.path / TEMPORARY
        if temporary.is_symlink():
            temporary.unlink()
        shutil.rmtree(temporary, ignore_errors=True)

    def claim(self, paths: Iterable[str]) -> None:
        """Note in the manifest that we are about to make `paths`, before they exist.

        So a file of a build that was killed is known to be ours. Raises `SitegenError` if
        somebody else's file lies at one of them.
        """
        paths = set(paths)
        for path in sorted(paths - self._mine):
            self._check_free(path)
        self._mine |= paths
        self._note(self._mine)

    def finish(self, paths: Iterable[str] | None) -> None:
        """Note that the folder now holds `paths` (None: as before), and clear up."""
        if paths is not None:
            self._note(set(paths))
        self._clear()

    def _note(self, paths: set[str]) -> None:
        if paths != self.manifest or not (self.path / MANIFEST).is_file():
            text = "\n".join((FIRST_LINE, *sorted(paths), ""))
            with _told(self.path / MANIFEST):
                beside = Path(self.staging.beside())
                beside.write_text(text, "utf-8")
                beside.replace(self.path / MANIFEST)
            self.manifest = frozenset(paths)

    def as_left(self, path: str, written: Written | None) -> bool:
        """Whether a file still holds what we left in it.

        Its size, times and inode tell, as long as nobody touched it; else what it holds.
        """
        if written is None:
            return False
        place = f"{self._root}/{path}"
        try:
            found = os.lstat(place)
            if not stat.S_ISREG(found.st_mode) or found.st_size != written.size:
                return False
            now = _as_found(written.digest, found)
            if now == written:
                return True
            if _file_digest(place) != written.digest:
                return False
        except OSError:
            return False
        self.looked_into[path] = now
        return True

    def commit(self, staged: Staged) -> Written:
        """Put a staged file in its place, and return what lies there now. See `refuse_links`."""
        if staged.beside is not None:
            place = f"{self._root}/{staged.path}"
            try:
                self._make(staged.path.rpartition("/")[0])
                os.replace(staged.beside, place)  # noqa: PTH105 - see Staging
                # Not before: to be renamed changes a file's own time, too.
                return _as_found(staged.written.digest, os.lstat(place))
            except OSError as error:
                raise _refused(place, error) from error
        return staged.written

    def _make(self, folder: str) -> None:
        """Make a folder and its parents."""
        if folder and folder not in self._made:
            self._make(folder.rpartition("/")[0])
            (self.path / folder).mkdir(exist_ok=True)
            self._made.add(folder)

    def refuse_links(self, paths: Iterable[str]) -> None:
        """Raise `SitegenError` if one of `paths`, to be written or removed, lies behind a link."""
        plain = {""}
        for path in paths:
            folder = path.rpartition("/")[0]
            while folder not in plain:
                if (self.path / folder).is_symlink():
                    message = "the folder is a symbolic link, through which nothing is written"
                    place = Where(str(self.path / folder))
                    raise SitegenError(Problem(message, place, "remove the link"))
                plain.add(folder)
                folder = folder.rpartition("/")[0]

    def _check_free(self, path: str) -> None:
        """Raise `SitegenError` if something that is not ours lies in the way of `path`."""
        try:
            found = os.lstat(f"{self._root}/{path}")
        except OSError:
            return
        if stat.S_ISLNK(found.st_mode):
            return  # the link is replaced, not what it leads to
        location = self.path / path
        if stat.S_ISDIR(found.st_mode):
            if any(item.startswith(f"{path}/") for item in self._mine):
                return  # pages of ours, which are removed first
            message = "a folder that sitegen did not make lies where a file is to be written"
        else:
            message = "a file that sitegen did not make lies where one is to be written"
        hint = "move it to static/, from where it is copied, or remove it"
        raise SitegenError(Problem(message, Where(str(location)), hint))

    def mine(self) -> set[str]:
        """Return the paths of the files that are known to be ours."""
        return set(self._mine)

    def remove_before(self, paths: set[str]) -> list[str]:
        """Remove those of our old files whose names are in the way of `paths`.

        That is, files that become folders, and folders that become files.
        """
        gone = self._mine - paths
        if not gone:
            return []
        folders = set(_parents(paths))
        return self.remove(
            path for path in gone if path in folders or not paths.isdisjoint(_parents((path,)))
        )

    def remove(self, paths: Iterable[str]) -> list[str]:
        """Remove files of ours and the folders that this leaves empty; return what was there."""
        removed: list[str] = []
        folders: set[str] = set()
        for path in sorted(paths):
            if path not in self._mine:
                continue
            with _told(self.path / path):
                try:
                    (self.path / path).unlink()
                except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError):
                    if (self.path / path).is_file():
                        raise
                    continue
            removed.append(path)
            folder = path.rpartition("/")[0]
            while folder and folder not in folders:
                folders.add(folder)
                folder = folder.rpartition("/")[0]
        for folder in sorted(folders, key=len, reverse=True):
            with contextlib.suppress(OSError):  # not empty
                (self.path / folder).rmdir()
                self._made.discard(folder)
        return removed


def _is_below(path: str) -> bool:
    """Whether a line of the manifest names a file below the folder."""
    return not path.startswith("/") and ".." not in path.split("/")


def _parents(paths: Iterable[str]) -> Iterator[str]:
    """Yield the folders above `paths`."""
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder:
            yield folder
            folder = folder.rpartition("/")[0]


def content_mark(data: bytes) -> bytes:
    """Return the digest by which a file of the output is known."""
    return blake2b(data, digest_size=16).digest()


def _file_digest(path: str) -> bytes:
    """Return the `content_mark` of a file."""
    with open(path, "rb") as file:  # noqa: PTH123 - see Staging
        return file_digest(file, lambda: blake2b(digest_size=16)).digest()


def _refused(path: str, error: OSError) -> SitegenError:
    message = f"cannot be written: {error.strerror or error}"
    return SitegenError(Problem(message, Where(path)))


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn the operating system's refusal into a problem that names the file."""
    try:
        yield
    except OSError as error:
        raise _refused(str(path), error) from error
