"""`python -m benchmarks.stages`: where sitegen's own time goes, stage by stage, and how it grows.

The functions that the flow calls are wrapped from outside, so that nothing is measured
inside sitegen itself; a new stage appears in the table by itself. Each line is the time spent in
a function but not in another wrapped one. One process does all the work (`jobs = 1`), since what
happens in others cannot be seen from here.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import inspect
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import sites, table
from benchmarks.peers import HERE, SITEGEN
from benchmarks.sites import Edited

SCENARIOS = ("cold", "no change", "body edit", "watch: body edit", "watch: new article")

WATCHED_EDITS = 5

WRAPPED_FROM = ("sitegen.flow.build", "sitegen.flow.indexing", "sitegen.flow.commit")
"""Every function of sitegen's that these modules call by a name of their own is a stage."""

ALSO = (
    "sitegen.parse.documents:update_documents",
    "sitegen.config.loading:load_config",
    "sitegen.parse.parsing:parse",
    "sitegen.cache.store:Store.cached",
    "sitegen.cache.store:Store.keep_parsed",
    "sitegen.cache.store:Store.keep_state",
    "sitegen.cache.store:Store.keep_stamps",
    "sitegen.cache.store:Store.stamps",
    "sitegen.cache.store:Store.state",
    "sitegen.cache.store:epoch",
    "sitegen.render.pages:Renderer.render",
    "sitegen.output.writing:OutputFolder.begin",
    "sitegen.output.writing:OutputFolder.claim",
    "sitegen.output.writing:OutputFolder.finish",
    "sitegen.output.staging:Staging.stage",
)
"""What stages do inside and is worth a line of its own; what is no longer there is left out."""

SMALLEST = 0.005
"""A stage with a smaller share than this at the largest size has no line of its own."""

NOT_STAGES = frozenset({"build", "_build", "quiet"})


@dataclass
class Clock:
    """Adds up the seconds that are spent in each wrapped function, without those below it."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _inside: list[float] = field(default_factory=lambda: [0.0])

    def wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function` with its time added to the line `name`."""

        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            self._inside.append(0.0)
            begun = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                spent = time.perf_counter() - begun
                self.seconds[name] += spent - self._inside.pop()
                self._inside[-1] += spent

        return timed

    def take(self) -> dict[str, float]:
        """Return what has added up since the last call."""
        taken, self.seconds = dict(self.seconds), defaultdict(float)
        return taken


def install(clock: Clock) -> dict[str, float]:
    """Wrap the stages of sitegen's build; return the names, with the seconds of a late import.

    Some modules are imported by sitegen only when they are needed. Here they are imported at
    once, and `profile` counts that where a function of theirs was called.
    """
    names: dict[str, float] = {}
    for flow in map(importlib.import_module, WRAPPED_FROM):
        for name, found in list(vars(flow).items()):
            if _is_stage(name, found):
                setattr(flow, name, clock.wrap(name.lstrip("_"), found))
                names[name.lstrip("_")] = 0.0
    for place in ALSO:
        module, _, path = place.partition(":")
        begun = time.perf_counter()
        owner: Any = importlib.import_module(module)
        late = time.perf_counter() - begun
        *parents, name = path.split(".")
        for parent in parents:
            owner = getattr(owner, parent, None)
        found = getattr(owner, name, None)
        if callable(found) and not inspect.isclass(found):
            label = f"{module.removeprefix('sitegen.')}.{name}"
            setattr(owner, name, clock.wrap(label, found))
            names[label] = late
    return names


def _is_stage(name: str, found: object) -> bool:
    if not inspect.isfunction(found) or inspect.isgeneratorfunction(found):
        return False
    return found.__module__.startswith("sitegen.") and name not in NOT_STAGES


def profile(folder: Path, scenario: str, size: int) -> dict[str, float]:
    """Do one scenario in this process and return the seconds by stage, with the total.

    `folder` is the site, built before but for `cold`.
    """
    started = time.perf_counter()
    module = importlib.import_module(WRAPPED_FROM[0])
    imported = time.perf_counter() - started
    clock = Clock()
    late = install(clock)
    options = module.Options(jobs=1)
    if not scenario.startswith("watch"):
        begun = time.perf_counter()
        module.build(folder, options)
        total = time.perf_counter() - begun
        taken = clock.take()
        imported += sum(late[name] for name in taken)
        return {"imports": imported, **taken, "total": imported + total}
    session = module.Session()
    module.build(folder, options, session=session)
    clock.take()
    site = Edited(folder, SITEGEN, size)
    edit = site.add_article if scenario.endswith("new article") else site.edit_body
    runs = []
    for _ in range(WATCHED_EDITS):
        path, _story = edit()
        begun = time.perf_counter()
        changed = [path.relative_to(folder).as_posix()]
        module.build(folder, options, session=session, changed=changed)
        runs.append({**clock.take(), "total": time.perf_counter() - begun})
    names = dict.fromkeys(name for run in runs for name in run)
    return {name: median(run.get(name, 0.0) for run in runs) for name in names}


def main(words: Sequence[str] | None = None) -> int:
    """Profile the sizes that are asked for, each scenario in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stages", description=__doc__)
    parser.add_argument("--sizes", default="1000 10000", metavar='"N N"')
    parser.add_argument("--work", type=Path, default=HERE / "work", metavar="DIR")
    parser.add_argument("--one", nargs=3, metavar=("DIR", "SCENARIO", "SIZE"))
    options = parser.parse_args(words)
    if options.one:
        folder, scenario, size = options.one
        print(json.dumps(profile(Path(folder), scenario, int(size))))
        return 0
    sizes = [int(word) for word in options.sizes.split()]
    measured: dict[tuple[str, int], dict[str, float]] = {}
    options.work.mkdir(parents=True, exist_ok=True)
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=options.work) as work:
            folder = Path(work) / "site"
            sites.make(folder, SITEGEN, size)
            for scenario in SCENARIOS:
                if scenario == "body edit":
                    Edited(folder, SITEGEN, size).edit_body()
                print(f"{size:,} articles, {scenario}", file=sys.stderr, flush=True)
                measured[scenario, size] = _apart(folder, scenario, size)
    for scenario in SCENARIOS:
        by_size = {size: measured[scenario, size] for size in sizes}
        print(f"\n## {scenario}\n\n{growth(by_size)}")
    return 0


def _apart(folder: Path, scenario: str, size: int) -> dict[str, float]:
    command = [sys.executable, "-m", __spec__.name, "--one", str(folder), scenario, str(size)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def growth(by_size: dict[int, dict[str, float]]) -> str:
    """Return a table of the stages: ms at each size, and µs an article at each."""
    largest = by_size[max(by_size)]
    ordered = sorted(largest, key=lambda name: -largest[name])
    shown = [name for name in ordered if largest[name] >= SMALLEST * largest["total"]]
    told = {
        size: {**run, "(the rest)": 2 * run["total"] - sum(run.get(name, 0.0) for name in shown)}
        for size, run in by_size.items()
    }
    head = ["stage"]
    head += [f"ms at {size:,}" for size in by_size]
    head += [f"µs an article at {size:,}" for size in by_size]
    body = []
    for name in [*shown, "(the rest)"]:
        line = [name]
        line += [f"{run.get(name, 0.0) * 1e3:.2f}" for run in told.values()]
        line += [f"{run.get(name, 0.0) * 1e6 / size:.1f}" for size, run in told.items()]
        body.append(line)
    return table.rows(head, body)


if __name__ == "__main__":
    sys.exit(main())
