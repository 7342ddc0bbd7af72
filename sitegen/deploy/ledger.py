"""What lies in `.sitegen-deploy/` at a target: what it holds, and who is at work on it. Pure.

`deployed` lists every file that sitegen put there, with its mark. Each deployment lays a note of
its own beside it before it changes anything: which files it is about to change. While the note lies
there nobody knows what they hold, so the next deployment looks.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

FOLDER = ".sitegen-deploy"
DEPLOYED = "deployed.json.gz"
RUN = "run-"
"""What the names of notes begin with."""

FORMAT = 1


class Deployed(NamedTuple):
    """What a target holds since the last deployment."""

    files: dict[str, str]
    """Marks by path."""
    base_url: str
    at: str
    """The moment that the site was built for, ISO 8601."""


class Run(NamedTuple):
    """A deployment at work."""

    name: str
    host: str
    process: int
    seen: float
    """When it was last known to be at work, in seconds since the epoch; 0 once it has ended."""
    paths: tuple[str, ...]
    """The files that it is about to change."""


class Ledger(NamedTuple):
    """All that a target says of itself."""

    deployed: Deployed | None
    """None where nothing was deployed yet, or where the list is lost or illegible."""
    runs: tuple[Run, ...]


def read(notes: Mapping[str, bytes]) -> Ledger:
    """Return what the files of the folder say; what is illegible counts as lost.

    Whoever else writes there must not make us change a file elsewhere: such paths are left out.
    """
    runs = (_run(name, data) for name, data in sorted(notes.items()) if name.startswith(RUN))
    return Ledger(_deployed(notes.get(DEPLOYED)), tuple(runs))


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


def _deployed(data: bytes | None) -> Deployed | None:
    value = _unpacked(data)
    if value is None or not isinstance(value.get("files"), dict):
        return None
    files = {
        path: mark
        for path, mark in value["files"].items()
        if isinstance(mark, str) and is_inside(path)
    }
    return Deployed(files, str(value.get("base_url", "")), str(value.get("at", "")))


def _run(name: str, data: bytes) -> Run:
    """Return a note; an illegible one is an ended deployment that named no file."""
    value = _unpacked(data) or {}
    process, seen, paths = value.get("process"), value.get("seen"), value.get("paths")
    return Run(
        name,
        str(value.get("host", "")),
        process if isinstance(process, int) else 0,
        seen if isinstance(seen, (int, float)) else 0,
        tuple(filter(is_inside, paths if isinstance(paths, list) else ())),
    )


def deployed_bytes(deployed: Deployed) -> bytes:
    """Return the file that `read` reads."""
    return _packed(
        {
            "base_url": deployed.base_url,
            "at": deployed.at,
            "files": dict(sorted(deployed.files.items())),
        }
    )


def run_bytes(run: Run) -> bytes:
    """Return the note that `read` reads."""
    return _packed(
        {"host": run.host, "process": run.process, "seen": run.seen, "paths": list(run.paths)}
    )


def is_inside(path: object) -> bool:
    """Whether a path names a file at the target that can be ours."""
    if not isinstance(path, str) or not path or "\0" in path or "\\" in path:
        return False
    parts = path.split("/")
    return parts[0] != FOLDER and not any(part in ("", ".", "..") for part in parts)


def describe(runs: Iterable[Run]) -> str:
    """Return who is at work: `desk-3, last seen 2026-11-23 14:05:10 UTC`."""
    return "; ".join(
        f"{run.host or 'somebody'}, last seen "
        f"{datetime.fromtimestamp(run.seen, tz=UTC):%Y-%m-%d %H:%M:%S} UTC"
        for run in runs
    )
