"""The files of `.sitegen-deploy/` at a target: what it holds, and which deployments run. Pure.

The manifest lists every file that sitegen put there, with its checksum. Before a deployment changes
anything it writes a file of its own beside it, a run: which files it is about to change. As long as
the run is there nobody knows what those hold, so that the next deployment compares them.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sitegen.deploy.process_identity import ProcessIdentity

FOLDER = ".sitegen-deploy"
MANIFEST = "deployed.json.gz"
RUN = "run-"
"""What the names of runs begin with."""

FORMAT = 1


class Version(NamedTuple):
    """Which build of the site something is."""

    base_url: str
    at: str
    """The moment that the site was built for, ISO 8601."""
    articles: Mapping[str, str] | None
    """The URLs of its articles by their identities; None where an older sitegen did not say."""


class Manifest(NamedTuple):
    """What a target holds since the last deployment."""

    files: dict[str, str]
    """Checksums by path."""
    version: Version

    def says(self, files: Mapping[str, str], version: Version) -> bool:
        """Whether it says just this of a target, from whatever moment it is."""
        return self.files == files and self.version._replace(at=version.at) == version


class Run(NamedTuple):
    """A deployment that runs, or was interrupted."""

    name: str
    process: ProcessIdentity
    seen: float
    """When it last gave a sign of life, in seconds since the epoch; 0 once it has ended."""
    paths: tuple[str, ...]
    """The files that it is about to change."""


class TargetState(NamedTuple):
    """What the state files of a target say."""

    manifest: Manifest | None
    """None where nothing was deployed yet, or where the manifest is lost or unreadable."""
    runs: tuple[Run, ...]


def read(files: Mapping[str, bytes]) -> TargetState:
    """Return what the state files say, by name; an unreadable one counts as lost.

    Whoever else writes there must not make us change a file elsewhere: such paths are left out.
    """
    runs = (_run(name, data) for name, data in sorted(files.items()) if name.startswith(RUN))
    return TargetState(_manifest(files.get(MANIFEST)), tuple(runs))


def _unpacked(data: bytes | None) -> dict[str, Any] | None:
    if data is None:
        return None
    try:
        value = json.loads(gzip.decompress(data))
    except (OSError, EOFError, ValueError, zlib.error, RecursionError):
        return None
    return value if isinstance(value, dict) and value.get("format") == FORMAT else None


def _packed(value: Mapping[str, Any]) -> bytes:
    text = json.dumps({"format": FORMAT, **value}, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode("utf-8", "surrogatepass"), mtime=0)


def _manifest(data: bytes | None) -> Manifest | None:
    value = _unpacked(data)
    if value is None or not isinstance(value.get("files"), dict):
        return None
    files = {
        path: checksum
        for path, checksum in value["files"].items()
        if isinstance(checksum, str) and is_inside(path)
    }
    at = str(value.get("at", ""))
    version = Version(str(value.get("base_url", "")), at, _articles(value.get("articles")))
    return Manifest(files, version)


def _articles(value: object) -> dict[str, str] | None:
    if not isinstance(value, dict):
        return None
    return {name: url for name, url in value.items() if isinstance(url, str)}


def _run(name: str, data: bytes) -> Run:
    """Return a run; an unreadable one is an ended deployment that named no file."""
    value = _unpacked(data) or {}
    seen, paths = value.get("seen"), value.get("paths")
    process = ProcessIdentity(
        str(value.get("host", "")),
        str(value.get("boot", "")),
        _number(value.get("process")),
        _number(value.get("began")),
    )
    return Run(
        name,
        process,
        seen if isinstance(seen, (int, float)) else 0,
        tuple(filter(is_inside, paths if isinstance(paths, list) else ())),
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the file that `read` reads."""
    value: dict[str, Any] = {"base_url": manifest.version.base_url, "at": manifest.version.at}
    if manifest.version.articles is not None:
        value["articles"] = dict(sorted(manifest.version.articles.items()))
    return _packed({**value, "files": dict(sorted(manifest.files.items()))})


def run_bytes(run: Run) -> bytes:
    """Return the file that `read` reads."""
    host, boot, id_, began = run.process
    process = {"host": host, "boot": boot, "process": id_, "began": began}
    return _packed({**process, "seen": run.seen, "paths": list(run.paths)})


def is_inside(path: object) -> bool:
    """Whether a path names a file at the target that can be ours."""
    if not isinstance(path, str) or not path or "\0" in path or "\\" in path:
        return False
    parts = path.split("/")
    return parts[0] != FOLDER and not any(part in ("", ".", "..") for part in parts)


def describe(runs: Iterable[Run]) -> str:
    """Return which machines deploy: `web-3, last seen 2026-11-23 14:05:10 UTC`."""
    return "; ".join(
        f"{run.process.host or 'an unknown machine'}, last seen "
        f"{datetime.fromtimestamp(run.seen, tz=UTC):%Y-%m-%d %H:%M:%S} UTC"
        for run in runs
    )
