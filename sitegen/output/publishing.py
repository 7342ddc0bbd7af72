"""Copies and staged pages → the output folder, and away with what is no longer planned."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from sitegen.cache.store import State
from sitegen.cache.tables import Written
from sitegen.model.errors import Problem
from sitegen.model.references import is_fingerprinted
from sitegen.output.staging import Staged
from sitegen.output.writing import OutputFolder
from sitegen.plan.outputs import Copy
from sitegen.scan.sources import disk_path


def stage_copies(
    site: Path, copies: Mapping[str, Copy], before: State, folder: OutputFolder
) -> list[Staged]:
    """Stage the copies that are not in the output folder yet."""
    staged = []
    for path, copy in copies.items():
        written = before.written.get(path)
        content = bytes.fromhex(copy.source.digest)
        if written and written.digest == content and folder.as_left(path, written):
            continue
        origin = disk_path(site, copy.source.path)
        staged.append(folder.staging.stage_copy(path, origin, copy.source.size, copy.source.digest))
    return staged


class Published(NamedTuple):
    """What the output folder holds now, and what was done to it. Paths are relative to it."""

    files: dict[str, Written]
    written: tuple[str, ...]
    removed: tuple[str, ...]
    refused: dict[str, Problem]
    """What keeps files from being written or removed, by their paths: that costs them alone."""


def publish_pages(folder: OutputFolder, staged: list[Staged], before: State) -> Published:
    """Put staged pages in their places, where nothing else is to be written or removed."""
    refused = folder.in_the_way(item.path for item in staged if not item.within)
    staged = [item for item in staged if item.path not in refused]
    new = [item for item in staged if item.path not in before.written]
    if new:
        folder.claim(new)
    files = {**before.written, **folder.looked_into, **folder.commit(staged)}
    folder.finish(None)
    written = sorted(item.path for item in staged if item.beside is not None)
    return Published(files, tuple(written), (), refused)


def named_by_failed(folder: OutputFolder, failed: Collection[str]) -> set[str]:
    """Return the fingerprinted files that the last good ones of failed pages may name.

    A page that stays must keep its stylesheet, though no page that is made now asks for that.
    """
    ours = folder.ours()
    if not any(path in ours for path in failed):
        return set()
    return {path for path in ours if is_fingerprinted(path)}


def publish(
    folder: OutputFolder, staged: list[Staged], paths: set[str], before: State
) -> Published:
    """Put the staged files in their places, and remove what is no longer planned.

    From here on the output changes; until here a failure has cost nothing.
    """
    into = (item.path for item in staged if not item.within)
    refused = folder.in_the_way((*into, *(folder.ours() - paths)))
    if refused:
        staged = [item for item in staged if item.path not in refused]
        # What cannot be removed now is still ours, and is removed when it can be.
        paths = paths | (refused.keys() & folder.ours())
    folder.claim(staged)
    removed = folder.remove_before(paths)
    known = {**before.written, **folder.looked_into}
    files = {path: known[path] for path in paths if path in known}
    files |= folder.commit(staged)
    removed += folder.remove(folder.ours() - paths)
    # A page that failed may lie there though the cache has lost what we know of it.
    folder.finish({*files, *(folder.ours() & paths)})
    written = sorted(item.path for item in staged if item.beside is not None)
    return Published(files, tuple(written), tuple(sorted(removed)), refused)
