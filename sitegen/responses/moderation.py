"""Response files on disk: written atomically, moved when they are moderated.

Whatever a name says, nothing outside `responses/` is written: names are checked, and a symbolic
link on the way is refused. A move is one rename, so that two moderators at once do no harm.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple, get_args
from uuid import uuid4

from sitegen.config.settings import Config
from sitegen.model.errors import Location, Problem, SitegenError, problem
from sitegen.responses.files import Response, read, response_bytes, without_hints
from sitegen.responses.paths import HIDDEN, ROOT, Place, Status, path_of, place_of

STATUSES: Final[tuple[Status, ...]] = get_args(Status)

LARGEST: Final = 1_000_000
"""Bytes of a response file; what is larger is none."""


LEFTOVER_SECONDS: Final = 5.0
"""Much longer than writing a response file takes."""

_LEFTOVER = re.compile(r"\.[a-z0-9-]+-[0-9a-f]{32}\.tmp")
"""The name of a file while `_write` writes it."""


class StoredResponse(NamedTuple):
    """A response file: where it lies, what it holds, or what is wrong with it."""

    place: Place
    response: Response | None
    problems: tuple[Problem, ...]


def put(site: Path, status: Status, response: Response) -> str:
    """Write a response to its place and return its source path; replaces an older state of it.

    When this returns, the file is on the disk, whole. Raises `SitegenError` where it must not or
    cannot be written, `ValueError` for a response that no file may hold.
    """
    path = path_of(Place(status, response.thread, response.id))
    _write(site, path, response_bytes(response))
    return path


def move(site: Path, place: Place, to: Status) -> bool:
    """Move a response; return whether it was still at `place`.

    A response that is to be shown must be valid: else `SitegenError` says what is wrong. The hints
    for the moderator are removed from it.
    """
    path, target = path_of(place), path_of(place._replace(status=to))
    if path == target:
        return _path_without_links(site, path).is_file()
    data = _read_bytes(site, path)
    if data is None:
        return False
    if to == "shown":
        response, problems = read(path, data, Config())
        if response is None:
            raise SitegenError(*problems)
        stripped = without_hints(data)
        if stripped != data:
            _write(site, target, stripped)
            with suppress(FileNotFoundError):
                _path_without_links(site, path).unlink()
                return True
            return False
    source, there = _path_without_links(site, path), _path_without_links(site, target)
    try:
        there.parent.mkdir(parents=True, exist_ok=True)
        source.replace(there)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _os_error(target, "written", error) from error
    _sync(there.parent)
    return True


def erase(site: Path, place: Place) -> bool:
    """Remove the file of a response for good; return whether it was there."""
    path = path_of(place)
    try:
        _path_without_links(site, path).unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _os_error(path, "removed", error) from error
    return True


def places(site: Path, *statuses: Status) -> Iterator[Place]:
    """Yield the places of all response files with one of these statuses, in order of their names.

    What is not a plain file in a plain folder is passed over.
    """
    for status in statuses:
        path = ROOT if status == "shown" else f"{ROOT}/{status}"
        for thread in _names(site / path, folders=True):
            for name in _names(site / path / thread, folders=False):
                place = place_of(f"{path}/{thread}/{name}")
                if place is not None and place.status == status:
                    yield place


def list_responses(site: Path, status: Status, config: Config) -> list[StoredResponse]:
    """Return all responses with a status, oldest first; unreadable ones come before."""
    found = [read_response(site, place, config) for place in places(site, status)]
    return sorted(found, key=_age)


def _age(found: StoredResponse) -> tuple[bool, int]:
    return (True, found.response.date.instant) if found.response else (False, 0)


def read_response(site: Path, place: Place, config: Config) -> StoredResponse:
    """Return what the file at a place holds."""
    path = path_of(place)
    data = _read_bytes(site, path)
    if data is None:
        missing = Problem("this response does not exist", Location(path))
        return StoredResponse(place, None, (missing,))
    response, problems = read(path, data, config)
    return StoredResponse(place, response, tuple(problems))


def find(site: Path, id_: str) -> list[Place]:
    """Return every place at which a response of this id lies: pending first, then shown."""
    order: tuple[Status, ...] = ("pending", "shown", "spam", "deleted")
    return [place for place in places(site, *order) if place.id == id_]


def remove_leftovers(site: Path, now: float) -> list[str]:
    """Remove the files that killed processes were writing; return their source paths.

    `now` is in seconds since the epoch: what was touched a moment before may still be written by
    another process. Whoever lists responses passes over all of them.
    """
    removed = []
    for status in STATUSES:
        path = ROOT if status == "shown" else f"{ROOT}/{status}"
        for thread in _names(site / path, folders=True):
            folder = site / path / thread
            for file in sorted(folder.iterdir()):
                with suppress(OSError):
                    if (
                        _LEFTOVER.fullmatch(file.name)
                        and now - file.lstat().st_mtime >= LEFTOVER_SECONDS
                    ):
                        file.unlink()
                        removed.append(f"{path}/{thread}/{file.name}")
    return removed


def _names(folder: Path, *, folders: bool) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(
                entry.name
                for entry in entries
                if not entry.name.startswith(".")
                and (
                    entry.is_dir(follow_symlinks=False) and entry.name not in HIDDEN
                    if folders
                    else entry.is_file(follow_symlinks=False)
                )
            )
    except OSError:
        return []


def _path_without_links(site: Path, path: str) -> Path:
    """Return where a source path lies; `SitegenError` if a symbolic link stands on the way."""
    place = site
    for part in path.split("/"):
        place /= part
        if place.is_symlink():
            shown = place.relative_to(site).as_posix()
            hint = "replace it with a folder or a file"
            raise problem("symbolic links are not allowed in responses", Location(shown), hint)
    return place


def _read_bytes(site: Path, path: str) -> bytes | None:
    """Return the content of a response file, or None if there is none."""
    try:
        with _path_without_links(site, path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _os_error(path, "read", error) from error
    if len(data) > LARGEST:
        raise problem(f"the file is larger than {LARGEST:,} bytes", Location(path))
    return data


def _write(site: Path, path: str, data: bytes) -> None:
    place = _path_without_links(site, path)
    # A name with a dot is passed over by the scan, and by whoever lists responses.
    beside = place.with_name(f".{place.stem}-{uuid4().hex}.tmp")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise _os_error(path, "written", error) from error
    _sync(place.parent)


def _sync(folder: Path) -> None:
    """Let the names in a folder reach the disk, where the system can be asked for it."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _os_error(path: str, done: str, error: OSError) -> SitegenError:
    return problem(f"cannot be {done}: {error.strerror}", Location(path))
