"""Bytes → files: beside first, then renamed, and only where they differ.

Never outside the folder, and never over a file that somebody else put there.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from sitegen.cache.tables import Written
from sitegen.config.theme_places import THEMES
from sitegen.model.errors import Location, Problem, SitegenError, UsageError
from sitegen.model.refusals import refusal
from sitegen.model.urls import is_below
from sitegen.output.staging import (
    NEW,
    TEMPORARY,
    Staged,
    Staging,
    as_found,
    digest_of_file,
    refused,
)
from sitegen.scan.real_path import real_path
from sitegen.scan.sources import ROOTS

MANIFEST = ".sitegen-manifest"
"""Lists the files that sitegen made, so that it never takes another for its own."""

FIRST_LINE = "sitegen manifest 1"

OVERLOOKED = frozenset({".gitignore", ".gitkeep", ".git", ".DS_Store", MANIFEST, TEMPORARY})
"""What may lie in an output folder that counts as empty."""


class OutputFolder:
    """The output folder of a build, written to under the site's lock."""

    def __init__(self, path: Path, site: Path) -> None:
        """Take the folder and the site folder that it is built from.

        Raises `UsageError` if the folder is not ours: not empty and without our manifest, or one
        that holds the site's sources.
        """
        self.path = path
        self.site = site
        self._root = str(path)
        self.staging = Staging(path)
        self.looked_into: dict[str, Written] = {}
        """Files that somebody touched, but that hold what we left in them."""
        self._made: set[str] = set()
        self._claimed: set[str] = set()
        """Files that `claim` noted, and that nobody has made yet."""
        self._is_new = False
        target, source = real_path(path), real_path(site)
        inside = target.is_relative_to(source) and target != source
        first, *rest = target.relative_to(source).parts if inside else ("",)
        is_preview = first == ".sitegen" and rest[:1] == ["preview"]
        if source.is_relative_to(target) or (
            not is_preview and first in (*ROOTS, THEMES, ".sitegen", ".git")
        ):
            message = f'"{path}" cannot be the output folder: it holds sources of the site'
            raise UsageError(Problem(message, hint="name another folder with --output"))
        if path.exists() and not path.is_dir():
            raise UsageError(Problem(f'"{path}" cannot be the output folder: it is a file'))
        self._noted: list[str] = []
        manifest = self._read_manifest()
        if manifest is None:
            found = sorted(item.name for item in path.iterdir()) if path.is_dir() else []
            if foreign := [name for name in found if name not in OVERLOOKED]:
                message = f'"{path}" is not empty, and not made by sitegen: it holds {foreign[0]}'
                hint = (
                    "empty it yourself if it may be lost, or name another with --output; if it is "
                    f"an output that was copied without hidden files, it lacks {MANIFEST}: "
                    "docs/deploying.md says how to adopt it"
                )
                raise UsageError(Problem(message, hint=hint))
        # Whoever else writes there must not make us remove a file of another folder.
        self._ours = set(filter(is_below, manifest or ()))
        self._stamp: tuple[int, ...] | None = None
        """The manifest's, as `finish` left it; None while files change."""
        self._is_changing = False

    def _read_manifest(self) -> list[str] | None:
        place = self.path / MANIFEST
        try:
            text = place.read_text("utf-8")
        except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
            return None
        except OSError as error:
            raise refusal(error, str(place), "sitegen cannot read what it made there") from None
        first, *lines = text.split("\n")
        if first != FIRST_LINE:
            return None
        self._noted = list(filter(None, lines))
        return self._noted

    def _manifest_stamp(self) -> tuple[int, ...] | None:
        try:
            found = os.lstat(f"{self._root}/{MANIFEST}")
        except OSError:
            return None
        return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)

    def reopen(self) -> bool:
        """Make ready for another build; return whether the folder is known to be as we left it.

        Where it is not, it has to be looked at anew.
        """
        self.staging = Staging(self.path)
        self.looked_into = {}
        self._made, self._claimed = set(), set()
        self._is_new = self._is_changing = False
        return self.is_as_left()

    def is_as_left(self) -> bool:
        """Whether no other build has changed the folder since `finish`, as its manifest tells."""
        return self._stamp is not None and self._stamp == self._manifest_stamp()

    def count(self) -> int:
        """Return how many files the manifest names."""
        return len(self._noted)

    def begin(self) -> None:
        """Make room for files beside their places; nothing that is served changes yet."""
        with _told(self.path):
            self._is_new = not self.path.exists()
            self.path.mkdir(parents=True, exist_ok=True)
            self._clear()
            (self.path / NEW).mkdir(parents=True, exist_ok=True)

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

    def claim(self, staged: Iterable[Staged]) -> None:
        """Note in the manifest that we are about to make files, before they exist.

        So a file of a build that was killed is known to be ours. None of them is `in_the_way`.
        """
        new = sorted(item.path for item in staged if item.path not in self._ours)
        known = self._noted if len(self._noted) == len(self._ours) else list(self._ours)
        self._ours.update(new)
        self._claimed = set(new)
        self._note([*known, *new])

    def finish(self, paths: Collection[str] | None) -> None:
        """Note that the folder now holds `paths` (None: as before), and clear up."""
        if paths is not None:
            self._note(list(paths))
            self._ours = set(paths)
        self._claimed = set()
        self._clear()
        self._stamp = self._manifest_stamp()

    def _note(self, paths: list[str]) -> None:
        paths.sort()
        if paths != self._noted or not (self.path / MANIFEST).is_file():
            self._write_manifest(paths)

    def _write_manifest(self, paths: list[str]) -> None:
        self._stamp, self._is_changing = None, True
        text = "\n".join((FIRST_LINE, *paths, ""))
        with _told(self.path / MANIFEST):
            beside = Path(self.staging.beside())
            beside.write_text(text, "utf-8")
            beside.replace(self.path / MANIFEST)
        self._noted = paths

    def _begin_changes(self) -> None:
        """Have the manifest show that files change from now on.

        Should this process end before `finish`, then whoever knows the folder as a build before
        left it, this process or another, sees in `reopen` that it may be different.
        """
        if self._is_changing:
            return
        self._stamp, self._is_changing = None, True
        place = f"{self._root}/{MANIFEST}"
        try:
            found = os.lstat(place)
            # Not to the present time: the clock may show the same as when it was last written.
            times = (found.st_atime_ns, found.st_mtime_ns + 1)
            os.utime(place, ns=times, follow_symlinks=False)
        except OSError:  # there is none, or it is another user's
            self._write_manifest(self._noted)

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
            now = as_found(written.digest, found)
            if now == written:
                return True
            if digest_of_file(place) != written.digest:
                return False
        except OSError:
            return False
        self.looked_into[path] = now
        return True

    def commit(self, staged: Collection[Staged]) -> dict[str, Written]:
        """Put staged files in their places, and return what lies there now.

        None of them is `in_the_way`. A folder that is all new is put there as a whole: its files
        are not touched any more. Raises `SitegenError` where something came in the way meanwhile,
        or the system refuses to write.
        """
        if any(item.beside is not None for item in staged):
            self._begin_changes()
        whole = {folder for folder in {item.within for item in staged} if self._take_in(folder)}
        left = [item.path for item in staged if item.within and item.within not in whole]
        if came := self.in_the_way(left):
            raise SitegenError(*came.values())
        return {
            item.path: item.written if item.within in whole else self._commit(item)
            for item in staged
        }

    def _take_in(self, folder: str) -> bool:
        """Put a new folder with all of its files in its place; return whether it could be done."""
        if not folder:
            return False
        try:
            os.rename(f"{self._root}/{NEW}/{folder}", f"{self._root}/{folder}")  # noqa: PTH104 - see Staging
        except OSError:  # somebody made one meanwhile; or to the disk it is the same as another
            return False
        return True

    def _commit(self, staged: Staged) -> Written:
        if staged.beside is not None:
            place = f"{self._root}/{staged.path}"
            try:
                self._make(staged.path.rpartition("/")[0])
                os.replace(staged.beside or self.staging.within(staged.path), place)  # noqa: PTH105 - see Staging
                # Not before: to be renamed changes a file's own time, too.
                return as_found(staged.written.digest, os.lstat(place))
            except OSError as error:
                raise refused(place, error) from error
        return staged.written

    def _make(self, folder: str) -> None:
        """Make a folder and its parents."""
        if folder and folder not in self._made:
            self._make(folder.rpartition("/")[0])
            (self.path / folder).mkdir(exist_ok=True)
            self._made.add(folder)

    def in_the_way(self, paths: Iterable[str]) -> dict[str, Problem]:
        """Return what keeps files from being written or removed, by those of `paths` it does.

        Folders that are links, and what is not ours: nothing of that is lost or followed.
        """
        found: dict[str, Problem] = {}
        plain = {""}
        for path in paths:
            link = self._link_above(path, plain)
            problem = _through_link(self.path / link) if link else self._foreign(path)
            if problem is not None:
                found[path] = problem
        return found

    def _link_above(self, path: str, plain: set[str]) -> str:
        """Return the folder above `path` that is a link, "" if none is; `plain` are known."""
        folder = path.rpartition("/")[0]
        passed = []
        while folder not in plain:
            if (self.path / folder).is_symlink():
                return folder
            passed.append(folder)
            folder = folder.rpartition("/")[0]
        plain.update(passed)
        return ""

    def _foreign(self, path: str) -> Problem | None:
        """Return the problem of something that is not ours and lies in the way of `path`."""
        if path in self._ours and path not in self._claimed:
            return None
        try:
            found = os.lstat(f"{self._root}/{path}")
        except NotADirectoryError:
            return self._foreign_above(path)
        except OSError:
            return None
        if stat.S_ISLNK(found.st_mode):
            return None  # the link is replaced, not what it leads to
        if stat.S_ISDIR(found.st_mode):
            if any(item.startswith(f"{path}/") for item in self._ours):
                return None  # pages of ours, which are removed first
            message = "a folder that sitegen did not make lies where a file is to be written"
        else:
            message = "a file that sitegen did not make lies where one is to be written"
        return Problem(message, Location(str(self.path / path)), _MOVE)

    def _foreign_above(self, path: str) -> Problem | None:
        """Return the problem of a file that is not ours and lies where a folder is to be made."""
        for folder in _parents((path,)):
            if folder not in self._ours and (self.path / folder).is_file():
                message = "a file that sitegen did not make lies where a folder is to be made"
                return Problem(message, Location(str(self.path / folder)), _MOVE)
        return None

    def ours(self) -> set[str]:
        """Return the paths of the files that are known to be ours."""
        return set(self._ours)

    def remove_before(self, paths: set[str]) -> list[str]:
        """Remove those of our old files whose names are in the way of `paths`.

        That is, files that become folders, and folders that become files.
        """
        gone = self._ours - paths
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
        for path in sorted(self._ours.intersection(paths)):
            self._begin_changes()
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


_MOVE = "move it to static/, from where it is copied, or remove it"


def _through_link(folder: Path) -> Problem:
    message = "the folder is a symbolic link, through which nothing is written"
    return Problem(message, Location(str(folder)), "remove the link")


def _parents(paths: Iterable[str]) -> Iterator[str]:
    """Yield the folders above `paths`."""
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder:
            yield folder
            folder = folder.rpartition("/")[0]


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn the operating system's refusal into a problem that names the file."""
    try:
        yield
    except OSError as error:
        raise refused(str(path), error) from error
