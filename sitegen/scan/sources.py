"""Finds the files of a site and tells by their content whether they changed.

Nothing outside the site folder and the themes is read, whatever a symbolic link says.

A file that is not there any more is gone, as somebody meant it to be. One that cannot be read is
another thing: it stays as it was when it could be, until it can be again.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from sitegen.config.theme_places import THEMES, theme_place
from sitegen.config.themes import BUILT_IN, Theme
from sitegen.model.documents import Source
from sitegen.model.errors import Location, Problem, SitegenError
from sitegen.model.source_folders import DOCUMENTS
from sitegen.model.wording import counted
from sitegen.scan.real_path import real_path

TEMPLATES = "templates"
STATIC = "static"
RESPONSES = "responses"
INCLUDES = "includes"
"""What the shortcode `include` may show."""
DATA = "data"
THEME = "theme"
"""First part of the path of a file of the built-in theme."""

LOCALE = "locale"
"""Folder of a theme that is installed or lies in `themes/`; else it is one of `templates/`."""

ROOTS = (*DOCUMENTS, TEMPLATES, STATIC, RESPONSES, INCLUDES, DATA)

THEME_FOLDERS = (TEMPLATES, STATIC, LOCALE)
"""What is read of a theme that is installed or lies in `themes/`, besides its `theme.toml`."""

UNSHOWN_RESPONSES = frozenset({"pending", "spam", "deleted"})
"""Folders of `responses/` whose files are not shown: they are not scanned."""

SETTLED_NS = 2_000_000_000
"""A file whose times are nearer to now than this is hashed again next time, since it could change
once more without another time stamp. FAT has the coarsest clock, with 2 s (compare "racy git")."""

PREFETCH_FILES = 256
"""How many files the system is asked to read ahead at once."""

_BACKUP_SUFFIXES = ("~", ".swp", ".swo", ".swx", ".bak", ".orig", ".tmp", ".part", ".crdownload")
_BACKUP_PREFIXES = (".#", "#", "._", ".~", "~$")
_VIM_PROBE = "4913"
"""Vim writes and removes a file of this name to find out whether it may write here."""

_NEVER = frozenset(
    {".DS_Store", "Thumbs.db", "desktop.ini", ".git", ".hg", ".svn", "__pycache__", _VIM_PROBE}
)


class Stamp(NamedTuple):
    """What `stat` said of a file when it was hashed, and the hash."""

    size: int
    mtime_ns: int
    """`UNSETTLED` of a file that could change once more without another time stamp."""
    ctime_ns: int
    inode: int
    digest: str


UNSETTLED = -(2**62)
"""A time that no file has."""


class Scan(NamedTuple):
    """All files of the site: sources by path, stamps for the next scan, what is wrong."""

    sources: dict[str, Source]
    """Those that cannot be read now are among them, as they were when they could be."""
    stamps: dict[str, Stamp]
    """Of all sources."""
    problems: tuple[Problem, ...]
    unreadable: frozenset[str]
    """The paths of files and whole folders that cannot be read now."""
    digest: int
    """Of all paths and their digests: a sum, so that one change costs one addition."""
    changed: frozenset[str] | None
    """The sources that differ from the scan before; None where that is not known."""
    theme: Theme = BUILT_IN
    """Whose files were looked for."""

    def is_readable(self, path: str) -> bool:
        """Whether a source can be read now; else it only stays as it was."""
        return not self.unreadable or not _covers(self.unreadable, path)


class SourceChangedError(Exception):
    """A file changed between being scanned and being read: the build must begin again."""


class UnreadableError(SitegenError):
    """What a file held the last time is not enough: it would have to be read, and cannot be."""


def theme_folder() -> Path:
    """Return the folder that holds the built-in theme's `templates` and `static`.

    In an installed wheel it lies in the package; in a checkout the repository's own folders are
    the theme.
    """
    packaged = Path(str(files("sitegen"))) / THEME
    return packaged if packaged.is_dir() else Path(str(files("sitegen"))).parent


def scan(
    site: Path,
    known: Mapping[str, Stamp],
    *,
    theme: Theme = BUILT_IN,
    roots: Collection[str] = ROOTS,
    now_ns: int | None = None,
) -> Scan:
    """Return every file of the site folder `site`, and of its theme, that can matter to its output.

    Of the site's own those below `roots`. `known` are the stamps of an earlier scan: a file whose
    size, times and inode are the same is not read again. `now_ns` is the clock, in nanoseconds
    since the epoch.
    """
    walk = _Walk(site, known, time.time_ns() if now_ns is None else now_ns, theme)
    for root in roots:
        walk.folder(site / root, root)
    for layer in theme.layers:
        for name in THEME_FOLDERS:
            walk.folder(layer.folder / name, f"{THEMES}/{layer.name}/{name}")
    built_in = theme_folder()
    for root in (TEMPLATES, STATIC):
        if real_path(built_in / root) != real_path(site / root):
            walk.folder(built_in / root, f"{THEME}/{root}")
    walk.keep(known)
    return walk.result()


def rescan(site: Path, before: Scan, paths: Iterable[str], *, now_ns: int | None = None) -> Scan:
    """Return `before` with only `paths` (files or folders, relative to `site`) looked at again.

    And with those that could not be read.
    """
    walk = _Walk(site, {}, time.time_ns() if now_ns is None else now_ns, before.theme)
    gone: set[str] = set()
    named = {part for path in (*paths, *before.unreadable) for part in walk.below_themes(path)}
    looked = _outermost(path for path in named if walk.root_of(path) is not None)
    for path in sorted(looked):
        gone.add(path)
        if path not in before.sources:  # what lay below the path goes too: it may be a folder
            gone.update(paths_below(before.sources, path))
        walk.path(path)
    walk.keep({path: before.stamps[path] for path in gone if path in before.stamps})
    shown = {_printable(path) for path in looked}
    kept = (
        item for item in before.problems if item.location and not _covers(shown, item.location.path)
    )
    walk.problems = [*kept, *walk.problems]
    found = walk.sources
    touched = {name for name in gone.union(found) if _source(before, name) != found.get(name)}
    digest = before.digest
    for name in touched:
        digest += _source_digest(found.get(name)) - _source_digest(_source(before, name))
    sources = {**before.sources, **{name: found[name] for name in touched if name in found}}
    stamps = {**before.stamps, **walk.stamps}
    for name in gone:
        if name not in found:
            sources.pop(name, None)
        if name not in walk.stamps:
            stamps.pop(name, None)
    if len(sources) > len(before.sources) or found.keys() - before.sources.keys():
        sources = {name: sources[name] for name in sorted(sources)}
    unreadable = frozenset(walk.unreadable)
    return Scan(
        sources,
        stamps,
        tuple(walk.problems),
        unreadable,
        digest,
        frozenset(touched),
        before.theme,
    )


def paths_below(sources: Mapping[str, Source], root: str) -> list[str]:
    """Return the paths of the sources of a scan that lie below a root."""
    names = list(sources)
    return names[bisect_left(names, f"{root}/") : bisect_left(names, f"{root}0")]


def _source(scanned: Scan, path: str) -> Source | None:
    return scanned.sources.get(path)


def _source_digest(source: Source | None) -> int:
    """Return what a source adds to the digest of a scan; 0 for none."""
    if source is None:
        return 0
    text = f"{source.path}\0{source.digest}"
    return int.from_bytes(blake2b(text.encode(), digest_size=16).digest(), "little")


def _outermost(paths: Iterable[str]) -> set[str]:
    """Return the paths that lie below no other of them."""
    named = set(paths)
    return {path for path in named if not _covers(named, path.rpartition("/")[0])}


def _covers(paths: Collection[str], path: str) -> bool:
    """Whether `path` or a folder above it is among `paths`."""
    while path:
        if path in paths:
            return True
        path = path.rpartition("/")[0]
    return False


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def read_source(site: Path, source: Source) -> bytes:
    """Return the bytes of a scanned file.

    Raises `SourceChangedError` if they are not those that were scanned, `UnreadableError` if the
    file is there, and cannot be read.
    """
    is_theme = source.path.startswith((f"{THEME}/", f"{THEMES}/"))
    place = disk_path(site, source.path) if is_theme else f"{site}/{source.path}"
    try:
        with open(place, "rb", buffering=0) as file:  # noqa: PTH123 - as in `_add`
            data = file.readall()
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not Path(place).is_symlink():
            raise SourceChangedError(source.path) from None
        raise unreadable(source.path, error.strerror) from None
    if content_digest(data) != source.digest:
        raise SourceChangedError(source.path)
    return data


def read_known(site: Path, unreadable_paths: Collection[str], source: Source) -> bytes:
    """Return the bytes of a file that a scan found, or knows from before.

    `unreadable_paths` are the files and folders that the scan could not read: for what is in them
    it raises `UnreadableError`, since to begin again would change nothing.
    """
    try:
        return read_source(site, source)
    except SourceChangedError:
        if _covers(unreadable_paths, source.path):
            raise unreadable(source.path, "it is not there any more") from None
        raise


def unreadable(path: str, why: str | None) -> UnreadableError:
    """Return the error of a file that would have to be read; `why` is what the system says."""
    message = f"cannot be read: {why or 'unknown error'}"
    return UnreadableError(Problem(message, Location(path), "make it readable, or remove it"))


def disk_path(site: Path, path: str) -> Path:
    """Return where the file of a source path lies on disk."""
    if path.startswith(f"{THEME}/"):
        return theme_folder() / path.removeprefix(f"{THEME}/")
    if path.startswith(f"{THEMES}/"):
        _, name, *below = path.split("/")
        return (theme_place(site, name) or site / THEMES / name).joinpath(*below)
    return site / path


def content_digest(data: bytes) -> str:
    """Return the digest by which sitegen knows a file's content."""
    return blake2b(data, digest_size=16).hexdigest()


def is_ignored(root: str, name: str) -> bool:
    """Whether a file or folder of this name below `root` is a tool's own, not the newsroom's.

    Hidden files are published from `static/` only (`.well-known`, `.htaccess`).
    """
    if name in _NEVER or name.startswith(".sitegen"):  # an output folder's own files, copied along
        return True
    if name.endswith(_BACKUP_SUFFIXES) or name.startswith(_BACKUP_PREFIXES):
        return True
    return name.startswith(".") and not root.endswith(STATIC)


_WHOLE = (*DOCUMENTS, RESPONSES, DATA)
"""The folders that a site which had them does not lose by intent: an empty one says that."""

_STAYS = "until it can be read, what was last read of it stays"


class _Walk:
    """One pass over the folders; gathers what it finds."""

    def __init__(self, site: Path, known: Mapping[str, Stamp], now_ns: int, theme: Theme) -> None:
        self.site = site
        self.theme = theme
        self.roots = (
            *ROOTS,
            f"{THEME}/{TEMPLATES}",
            f"{THEME}/{STATIC}",
            *(f"{THEMES}/{name}/{folder}" for name in theme.names for folder in THEME_FOLDERS),
        )
        self.inside = str(real_path(site)) + os.sep
        self.known = known
        self.now_ns = now_ns
        self.sources: dict[str, Source] = {}
        self.stamps: dict[str, Stamp] = {}
        self.problems: list[Problem] = []
        self.unreadable: set[str] = set()

    def result(self) -> Scan:
        ordered = dict(sorted(self.sources.items()))
        digest = sum(_source_digest(source) for source in ordered.values())
        unreadable = frozenset(self.unreadable)
        return Scan(
            ordered, self.stamps, tuple(self.problems), unreadable, digest, None, self.theme
        )

    def root_of(self, path: str) -> str | None:
        """Return which root a path lies below, or None if it lies below none."""
        return next((root for root in self.roots if _is_within(path, root)), None)

    def below_themes(self, path: str) -> tuple[str, ...]:
        """Return a path, or the roots below it where it is that of a theme or of all of them."""
        if path != THEMES and (not path.startswith(f"{THEMES}/") or path.count("/") > 1):
            return (path,)
        return tuple(root for root in self.roots if _is_within(root, path))

    def keep(self, last: Mapping[str, Stamp]) -> None:
        """Let what cannot be read be as it was; `last` are the stamps of all that was there."""
        for root in _WHOLE:
            lost = sum(path.startswith(f"{root}/") for path in last)
            if lost and root not in self.unreadable and not (self.site / root).exists():
                message = f"the folder is missing; there were {counted(lost, 'file')} in it"
                hint = (
                    "restore it; if the site is to have none, make an empty folder "
                    "(for git, one with a file .gitkeep in it)"
                )
                self._unreadable(root, message, hint)
        if not self.unreadable:
            return
        for path, stamp in last.items():
            if path not in self.sources and _covers(self.unreadable, path):
                self.sources[path] = Source(path, stamp.digest, stamp.size)
                self.stamps[path] = stamp

    def _unreadable(self, path: str, message: str, hint: str | None = None) -> None:
        """Note that a file or a folder cannot be read, and why."""
        self.unreadable.add(path)
        self.problems.append(Problem(message, Location(_printable(path)), hint or _STAYS))

    def _refused(self, path: str, error: OSError) -> None:
        self._unreadable(path, f"cannot be read: {error.strerror}")

    def path(self, path: str) -> None:
        """Look at one path that a watcher named; it may be anything, or nothing any more."""
        root = self.root_of(path)
        if root is None:
            return
        top = disk_path(self.site, root)
        if path == root:
            self.folder(top, root)
            return
        parts = path.removeprefix(f"{root}/").split("/")
        if root == RESPONSES and parts[0] in UNSHOWN_RESPONSES:
            return
        if any(is_ignored(root, part) for part in parts) or self._leads_outside(top):
            return
        place = top
        for part in parts[:-1]:
            place /= part
            if place.is_symlink():
                return
        place /= parts[-1]
        try:
            found = place.lstat()
        except OSError:
            return
        if stat.S_ISDIR(found.st_mode):
            self.folder(place, path)
        else:
            self._file(str(place), path, found)

    def _leads_outside(self, folder: Path) -> bool:
        return folder.is_symlink() and not str(real_path(folder)).startswith(self.inside)

    def folder(self, folder: Path, path: str) -> None:
        root = self.root_of(path) or path
        if self._leads_outside(folder):
            self._outside(path)
            return
        todo = [(str(folder), path)]
        while todo:
            disk_path, prefix = todo.pop()
            below: list[tuple[str, str, os.stat_result]] = []
            for entry in self._entries(disk_path, prefix):
                if is_ignored(root, entry.name):
                    continue
                if prefix == RESPONSES and entry.name in UNSHOWN_RESPONSES:
                    continue
                name = f"{prefix}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    todo.append((entry.path, name))
                elif found := self._stat(entry, name):
                    below.append((entry.path, name, found))
            for start in range(0, len(below), PREFETCH_FILES):
                part = below[start : start + PREFETCH_FILES]
                prefetch(place for place, name, found in part if not self._is_known(name, found))
                for file in part:
                    self._file(*file)

    def _stat(self, entry: os.DirEntry[str], path: str) -> os.stat_result | None:
        try:
            return entry.stat(follow_symlinks=False)
        except FileNotFoundError:  # it went away since the folder was listed
            return None
        except OSError as error:
            self._refused(path, error)
            return None

    def _entries(self, disk_path: str, path: str) -> Iterator[os.DirEntry[str]]:
        try:
            with os.scandir(disk_path) as entries:
                yield from sorted(entries, key=lambda entry: entry.name)
        except FileNotFoundError:
            return
        except OSError as error:
            self._refused(path, error)

    def _file(self, disk_path: str, path: str, found: os.stat_result) -> None:
        try:
            path.encode()
        except UnicodeEncodeError:
            self._unreadable(path, "the file name is not UTF-8", "rename the file")
            return
        try:
            if stat.S_ISLNK(found.st_mode):
                target = os.path.realpath(disk_path)
                if not target.startswith(self._bounds(path)):
                    self._outside(path)
                    return
                if not os.path.lexists(target):
                    self._dangling(path)
                    return
                found = os.stat(disk_path)  # noqa: PTH116 - a path object for each file is slow
                if stat.S_ISDIR(found.st_mode):
                    self._linked_folder(path)
                    return
            if not stat.S_ISREG(found.st_mode):
                return
            self._add(disk_path, path, found)
        except FileNotFoundError:
            return
        except OSError as error:
            self._refused(path, error)

    def _bounds(self, path: str) -> str:
        """Return the folder that a symbolic link must not lead out of."""
        if self.root_of(path) == INCLUDES:
            # An article may not be public yet: what is included has a folder of its own.
            return str(real_path(self.site / INCLUDES)) + os.sep
        return self.inside

    def _add(self, disk_path: str, path: str, found: os.stat_result) -> None:
        stamp = self.known.get(path)
        if stamp is None or not self._is_known(path, found):
            with open(disk_path, "rb", buffering=0) as file:  # noqa: PTH123 - as above
                digest = content_digest(file.read())
            stamp = Stamp(*_signature(found), digest)
        newest = max(found.st_mtime_ns, found.st_ctime_ns)
        is_settled = newest < self.now_ns - SETTLED_NS
        self.stamps[path] = stamp if is_settled else stamp._replace(mtime_ns=UNSETTLED)
        self.sources[path] = Source(path, stamp.digest, found.st_size)

    def _is_known(self, path: str, found: os.stat_result) -> bool:
        stamp = self.known.get(path)
        return stamp is not None and stamp[:4] == _signature(found)

    def _outside(self, path: str) -> None:
        where = f"of {INCLUDES}/" if self.root_of(path) == INCLUDES else "the site folder"
        message = f"this symbolic link points outside {where}, and is ignored"
        self._unreadable(path, message, "replace the link with a copy of the file")

    def _dangling(self, path: str) -> None:
        message = "this symbolic link is broken: its target does not exist"
        self._unreadable(path, message, "remove the link, or create the file it points to")

    def _linked_folder(self, path: str) -> None:
        message = "symbolic links to folders are not followed"
        self._unreadable(path, message, "replace the link with the folder itself")


def _signature(found: os.stat_result) -> tuple[int, int, int, int]:
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def prefetch(places: Iterable[str]) -> None:
    """Have the system read files ahead into its page cache, where it can.

    From a disk, many small files come several times faster together than one after the other.
    """
    if not hasattr(os, "posix_fadvise"):
        return
    for place in places:
        with contextlib.suppress(OSError):  # whoever reads it will tell
            file = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_WILLNEED)
            finally:
                os.close(file)


def _printable(path: str) -> str:
    """Return a path as it can be printed, also where its bytes are not UTF-8."""
    return path.encode("utf-8", "backslashreplace").decode()
