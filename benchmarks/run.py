"""`python -m benchmarks.run`: measures all generators side by side. `make bench` calls it.

Everything is interleaved: in each run every generator does a scenario before the next scenario
begins, in an order that changes with the run, so that runs can be paired and a busy minute of the
machine hits all alike.
"""

from __future__ import annotations

import argparse
import itertools
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import goals, machine, results, sites, table
from benchmarks.bench import Bench
from benchmarks.peers import HERE, Variant, chosen, program
from benchmarks.results import BUILD_SCENARIOS, Build, Results
from benchmarks.sites import Edited

WARM_UP_ARTICLES = 20


def main(words: Sequence[str] | None = None) -> int:
    """Measure what the arguments ask for; print the tables and keep the raw results."""
    options = _options(words)
    variants = [variant for variant in options.peers if program(variant.program)]
    missing = dict.fromkeys(v.program for v in options.peers if not program(v.program))
    for name in missing:
        print(f"not installed, so not measured: {name}", file=sys.stderr)
    if not variants:
        return 1
    measured: list[Results] = []
    described = machine.describe()
    versions = machine.versions(variants)
    with _folder(options.work / "warm-up") as folder:
        variants = list(_that_work(variants, folder, options))
    for size in options.sizes:
        found = Results(size, described, versions, list(missing), feeds=options.feeds)
        with _folder(options.work / str(size)) as folder:
            try:
                _measure(found, variants, folder, options)
            finally:
                results.save(found, options.results)
        measured.append(found)
    print(table.report(measured))
    print(goals.report(measured))
    return 1 if any(found.failures() for found in measured) else 0


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--sizes", type=_numbers, default=[1000, 10000], metavar='"N N"')
    parser.add_argument("--peers", type=chosen, default="", metavar='"NAME NAME"')
    parser.add_argument("--runs", type=int, default=3, metavar="N")
    parser.add_argument("--timeout", type=float, default=1800.0, metavar="SECONDS")
    parser.add_argument("--edits", type=int, default=20, metavar="N", help="saves in watch mode")
    parser.add_argument(
        "--budget", type=float, default=90.0, metavar="SECONDS", help="for each kind of save"
    )
    parser.add_argument("--no-watch", action="store_true", help="leave the watch modes out")
    parser.add_argument(
        "--feeds",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="with a feed and a sitemap",
    )
    parser.add_argument("--work", type=Path, default=HERE / "work", metavar="DIR")
    parser.add_argument("--results", type=Path, default=HERE / "results", metavar="DIR")
    return parser.parse_args(words)


def _numbers(text: str) -> list[int]:
    return [int(word) for word in text.split()]


class _folder:  # noqa: N801 - used like a function, with `with`
    """A folder that begins empty and is removed when all measuring in it is over."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Path:
        shutil.rmtree(self._path, ignore_errors=True)
        self._path.mkdir(parents=True)
        return self._path

    def __exit__(self, *_error: object) -> None:
        shutil.rmtree(self._path, ignore_errors=True)


def _that_work(
    variants: Sequence[Variant], folder: Path, options: argparse.Namespace
) -> Iterator[Variant]:
    """Build a small site with each, so that its program is in the disk cache; tell of faults."""
    for variant in variants:
        if not variant.cold:
            yield variant
            continue
        edited = _site(folder, variant, WARM_UP_ARTICLES)
        bench = Bench(variant, edited, folder / "trash", options)
        build = bench.build("cold", 0)
        if build.failure or build.wrong:
            print(f"{variant.name} does not work: {build.failure or build.wrong}", file=sys.stderr)
        yield variant


def _site(folder: Path, variant: Variant, size: int) -> Edited:
    sites.make(folder / variant.name, variant, size)
    return Edited(folder / variant.name, variant, size)


def _measure(
    found: Results, variants: Sequence[Variant], folder: Path, options: argparse.Namespace
) -> None:
    begun = time.monotonic()

    def tell(text: str) -> None:
        passed = time.monotonic() - begun
        print(f"{found.size:,} articles, {passed:5.0f} s: {text}", file=sys.stderr, flush=True)

    tell("writing the sites")
    benches = [
        Bench(variant, _site(folder, variant, found.size), folder / "trash", options)
        for variant in variants
    ]
    builders = [bench for bench in benches if bench.variant.cold]
    for run in range(options.runs):
        turn = run % max(1, len(builders))
        order = builders[turn:] + builders[:turn]
        for scenario, bench in itertools.product(BUILD_SCENARIOS, order):
            if bench.gave_up:
                continue
            build = bench.build(scenario, run)
            found.builds.append(build)
            tell(f"run {run + 1}, {scenario}, {bench.variant.name}: {_outcome(build)}")
        results.save(found, options.results)
    for bench in benches:
        if options.no_watch or bench.gave_up or not bench.variant.watch:
            continue
        saves = bench.watch()
        found.watches.append(saves)
        tell(f"watch, {bench.variant.name}: {saves.failure or 'done'}")


def _outcome(build: Build) -> str:
    wrong = f", {len(build.wrong)} faults: {build.wrong[0]}" if build.wrong else ""
    return f"FAILED: {build.failure}" if build.failure else f"{build.wall:.3f} s{wrong}"


if __name__ == "__main__":
    sys.exit(main())
