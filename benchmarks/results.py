"""The raw results: one JSON file for each size and time of measuring."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

BUILD_SCENARIOS = (
    "cold",
    "no change",
    "body edit",
    "title edit",
    "new article",
    "base template",
)

WATCH_SCENARIOS = ("body edit", "title edit", "new article")


@dataclass(frozen=True)
class Build:
    """One measured build."""

    variant: str
    scenario: str
    run: int
    wall: float
    """Seconds."""
    cpu: float
    memory: int
    """Peak of the process tree, in bytes."""
    failure: str
    files: int
    """Written."""
    bytes: int
    removed: int
    wrong: list[str]
    """What was wrong with the output."""


@dataclass(frozen=True)
class Watch:
    """One tool in its watch mode."""

    variant: str
    start: float
    memory: int
    failure: str
    kinds: dict[str, dict[str, Any]]
    """By scenario: what `watching.Saves` has."""


@dataclass
class Results:
    """What was measured at one size."""

    size: int
    machine: dict[str, str]
    versions: dict[str, str]
    missing: list[str]
    feeds: bool = False
    at: str = field(default_factory=lambda: f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}")
    builds: list[Build] = field(default_factory=list)
    watches: list[Watch] = field(default_factory=list)

    def of(self, variant: str, scenario: str) -> list[Build]:
        """Return the builds of a variant in a scenario that succeeded, by run."""
        return [
            build
            for build in self.builds
            if build.variant == variant and build.scenario == scenario and not build.failure
        ]

    def failures(self) -> list[str]:
        """Return what failed, in words."""
        told = [
            f"{build.variant}, {build.scenario}: {build.failure}"
            for build in self.builds
            if build.failure
        ]
        told += [f"{item.variant}, watch: {item.failure}" for item in self.watches if item.failure]
        return list(dict.fromkeys(told))

    def faults(self) -> dict[tuple[str, str], list[str]]:
        """Return what was wrong in outputs, by variant and scenario."""
        found: dict[tuple[str, str], list[str]] = {}
        for build in self.builds:
            if build.wrong:
                found.setdefault((build.variant, build.scenario), []).extend(build.wrong)
        for item in self.watches:
            for kind, saves in item.kinds.items():
                if saves["wrong"]:
                    found.setdefault((item.variant, f"watch, {kind}"), []).extend(saves["wrong"])
        return found

    def median(self, variant: str, scenario: str, what: str) -> float | None:
        """Return the median of an attribute of builds, or None if there is none."""
        values = [getattr(build, what) for build in self.of(variant, scenario)]
        return median(values) if values else None

    def ratio(self, variant: str, other: str, scenario: str, what: str = "wall") -> float | None:
        """Return how many times as much `variant` needs as `other`: the median of paired runs."""
        theirs = {build.run: getattr(build, what) for build in self.of(other, scenario)}
        pairs = [
            getattr(build, what) / theirs[build.run]
            for build in self.of(variant, scenario)
            if theirs.get(build.run)
        ]
        return median(pairs) if pairs else None

    def saves(self, variant: str, kind: str) -> float | None:
        """Return the median seconds from save to page of a variant, or None."""
        for item in self.watches:
            if item.variant == variant and item.kinds.get(kind, {}).get("seconds"):
                return float(median(item.kinds[kind]["seconds"]))
        return None


def save(found: Results, folder: Path) -> Path:
    """Write results into `folder` and return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{found.size:06}-{found.at}.json"
    path.write_text(json.dumps(asdict(found), indent=1) + "\n", "utf-8")
    return path


def load(path: Path) -> Results:
    """Read what `save` wrote."""
    data = json.loads(path.read_text("utf-8"))
    data["builds"] = [Build(**item) for item in data["builds"]]
    data["watches"] = [Watch(**item) for item in data["watches"]]
    return Results(**data)


def latest(folder: Path) -> list[Results]:
    """Return the newest results of each size in `folder`, the smallest site first."""
    newest: dict[str, Path] = {}
    for path in sorted(folder.glob("[0-9]*-*.json")):
        newest[path.name.partition("-")[0]] = path
    return [load(path) for _, path in sorted(newest.items())]
