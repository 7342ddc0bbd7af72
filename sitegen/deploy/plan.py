"""The plan of a deployment: what to send, to compare and to delete, in which order. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from sitegen.deploy.target_files import Phase, TargetFile
from sitegen.model.references import is_fingerprinted
from sitegen.model.urls import Base


class DeployPlan(NamedTuple):
    """What is to be done to a target."""

    deleted_first: tuple[str, ...]
    """Deletions that must come first: files whose names become folders, and the reverse."""
    phases: tuple[tuple[TargetFile, ...], ...]
    """What is sent, one after the other."""
    deleted_last: tuple[str, ...]
    """What is deleted at the end."""
    new: frozenset[str]
    """Of what is sent, what the target does not hold in any version, as far as is known."""
    unverified: frozenset[str]
    """Of what is sent, what the target may hold already: to be compared."""
    unchanged: int

    @property
    def sent(self) -> list[TargetFile]:
        """Everything that is sent, in its order."""
        return [item for phase in self.phases for item in phase]

    @property
    def deleted(self) -> tuple[str, ...]:
        """Everything that is deleted."""
        return (*self.deleted_first, *self.deleted_last)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file that is touched."""
        return (*(item.path for item in self.sent), *self.deleted)

    def without(self, matching: Collection[str]) -> DeployPlan:
        """Return the plan without the files that the target was found to hold."""
        phases = tuple(
            tuple(item for item in phase if item.path not in matching) for phase in self.phases
        )
        unchanged = self.unchanged + len(self.unverified.intersection(matching))
        return self._replace(phases=phases, unverified=frozenset(), unchanged=unchanged)


def plan_deployment(
    files: Mapping[str, TargetFile],
    before: Mapping[str, str] | None,
    uncertain: Collection[str] = (),
) -> DeployPlan:
    """Return how a target comes to hold `files`.

    `before` are the checksums of its manifest, None if it has none: then nothing can be deleted,
    and everything is compared. `uncertain` are paths of which the manifest may be wrong.
    """
    known = before or {}
    unverified = set(uncertain) if before is not None else {*uncertain, *files}
    sent = [
        item
        for item in files.values()
        if item.path in unverified or known.get(item.path) != item.checksum
    ]
    gone = sorted((known.keys() | set(uncertain)) - files.keys())
    folders = set(_parents(files))
    first = {
        path
        for path in gone
        if path in folders or any(above in files for above in _parents((path,)))
    }
    new = frozenset(item.path for item in sent if item.path not in known)

    def order(item: TargetFile) -> tuple[bool, str]:
        # What is new is linked to by what has changed.
        return (item.path not in new, item.path)

    phases = (
        tuple(sorted((item for item in sent if item.phase is phase), key=order)) for phase in Phase
    )
    return DeployPlan(
        tuple(path for path in gone if path in first),
        tuple(phases),
        tuple(path for path in gone if path not in first),
        new,
        frozenset(item.path for item in sent if item.path in unverified),
        len(files) - len(sent),
    )


def _parents(paths: Collection[str]) -> Iterator[str]:
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder:
            yield folder
            folder = folder.rpartition("/")[0]


def emptied(deleted: Collection[str], files: Collection[str]) -> list[str]:
    """Return the folders that are empty, as far as we know, once `deleted` are; deepest first."""
    left = set(_parents(deleted)).difference(_parents(files))
    return sorted(left, key=lambda folder: (-folder.count("/"), folder))


def purge_list(paths: Collection[str], new: Collection[str], base: Base) -> list[str]:
    """Return the URLs of which a cache must forget its copies, whole if the site has an address.

    New files are among them, since a cache may remember that there were none; but not those with
    a fingerprint, of which no version was ever asked for. A page is found below its folder.
    """
    wanted = (path for path in paths if not (path in new and is_fingerprinted(path)))
    urls = (
        base.absolute(f"/{path.removesuffix('index.html')}")
        if path == "index.html" or path.endswith("/index.html")
        else f"{base.origin}{base.file_href(f'/{path}')}"
        for path in wanted
    )
    return sorted(set(urls))
