"""Results → Markdown. `python -m benchmarks.table FILE` writes the newest ones to a file."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks import goals, results
from benchmarks.peers import HERE, VARIANTS, Variant
from benchmarks.results import BUILD_SCENARIOS, WATCH_SCENARIOS, Results

REFERENCE = "sitegen"
"""The ratios say how many times as long as this one the others take."""

NONE = "–"


def report(measured: Sequence[Results]) -> str:
    """Return all tables of some sizes, with the machine, the versions and the notes."""
    parts = [part for found in measured for part in _of_size(found)]
    return "\n\n".join([*parts, *_notes(measured)]) + "\n"


def rows(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table: the first column is text, the others are numbers."""
    lines = [head, ["---", *("---:" for _ in head[1:])], *body]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def seconds(value: float | None) -> str:
    """Return a time as it is read best: `43 ms`, `4.31 s`, `128 s`."""
    if value is None:
        return NONE
    for limit, text in (
        (0.01, f"{value * 1e3:.1f} ms"),
        (0.9995, f"{value * 1e3:.0f} ms"),
        (9.995, f"{value:.2f} s"),
        (99.95, f"{value:.1f} s"),
    ):
        if value < limit:
            return text
    return f"{value:.0f} s"


def times(value: float | None) -> str:
    """Return a ratio: `0.73×`, `12×`."""
    if value is None:
        return NONE
    return (
        f"{value:.2f}×" if value < 1.995 else f"{value:.1f}×" if value < 9.95 else f"{value:.0f}×"
    )


def _of_size(found: Results) -> Iterable[str]:
    builders = [variant for variant in VARIANTS if _took_part(found, variant)]
    feeds = "with a feed and a sitemap" if found.feeds else "without feeds and sitemaps"
    runs = 1 + max((build.run for build in found.builds), default=0)
    yield f"## {found.size:,} articles"
    yield (
        f"{found.machine['cores']} cores ({found.machine['processor']}), "
        f"{found.machine['memory']}, {found.machine['system']}, Python {found.machine['python']}; "
        + ", ".join(f"{name} {version}" for name, version in found.versions.items())
        + f". {feeds.capitalize()}. Runs: {runs}, of which the medians; {found.at[:10]}."
    )
    yield "Build in a new process (in brackets: how many times sitegen's time, paired by run):"
    yield rows(
        ["", *BUILD_SCENARIOS],
        [[v.label, *(_wall(found, v, name) for name in BUILD_SCENARIOS)] for v in builders],
    )
    yield "What that costs:"
    yield rows(
        ["", "CPU, cold", "CPU, body edit", "memory, cold", "memory, body edit"]
        + [f"files written, {name}" for name in BUILD_SCENARIOS]
        + ["bytes, cold"],
        [[v.label, *_costs(found, v)] for v in builders],
    )
    if found.watches:
        yield "From save to page on disk, in the tool's own watch mode:"
        yield rows(
            ["", *WATCH_SCENARIOS, "pages and lists right", "files, body edit", "memory"],
            [_watch_row(found, item) for item in found.watches],
        )


def _took_part(found: Results, variant: Variant) -> bool:
    return any(build.variant == variant.name for build in found.builds)


def _tried(found: Results, variant: Variant, scenario: str) -> bool:
    return any((item.variant, item.scenario) == (variant.name, scenario) for item in found.builds)


def _wall(found: Results, variant: Variant, scenario: str) -> str:
    value = found.median(variant.name, scenario, "wall")
    if value is None:
        return "failed" if _tried(found, variant, scenario) else NONE
    text = seconds(value)
    if variant.name != REFERENCE:
        ratio = found.ratio(variant.name, REFERENCE, scenario)
        text += f" ({times(ratio)})" if ratio is not None else ""
    if any(build.wrong for build in found.of(variant.name, scenario)):
        text += " **wrong**"
    return text


def _costs(found: Results, variant: Variant) -> Iterable[str]:
    for what, scenario in (
        ("cpu", "cold"),
        ("cpu", "body edit"),
        ("memory", "cold"),
        ("memory", "body edit"),
    ):
        value = found.median(variant.name, scenario, what)
        yield seconds(value) if what == "cpu" else _megabytes(value)
    for scenario in BUILD_SCENARIOS:
        value = found.median(variant.name, scenario, "files")
        yield NONE if value is None else f"{value:,.0f}"
    yield _megabytes(found.median(variant.name, "cold", "bytes"))


def _megabytes(value: float | None) -> str:
    return NONE if value is None else f"{value / 1e6:,.0f} MB"


def _watch_row(found: Results, item: results.Watch) -> list[str]:
    label = next((v.label for v in VARIANTS if v.name == item.variant), item.variant)
    saves = [seconds(found.saves(item.variant, kind)) for kind in WATCH_SCENARIOS]
    if item.failure:
        return [label, *saves, f"failed: {item.failure}", NONE, NONE]
    wrong = [kind for kind, kept in item.kinds.items() if kept["wrong"]]
    files = str(item.kinds.get("body edit", {}).get("files", NONE))
    right = f"no: {', '.join(wrong)}" if wrong else "yes"
    return [label, *saves, right, files, _megabytes(item.memory)]


def _notes(measured: Sequence[Results]) -> Iterable[str]:
    took_part = [v for v in VARIANTS if any(_in(found, v) for found in measured)]
    yield "## Notes"
    yield "\n".join(f"- {variant.label}: {variant.mode}." for variant in took_part)
    told = []
    for found in measured:
        size = f"{found.size:,}"
        told += [f"- {size}: not measured: {name} is not installed" for name in found.missing]
        told += [f"- {size}: failed: {text}" for text in found.failures()]
        for (variant, scenario), wrong in found.faults().items():
            distinct = list(dict.fromkeys(wrong))
            more = f" (and {len(distinct) - 1} more)" if len(distinct) > 1 else ""
            told.append(f"- {size}: wrong: {variant}, {scenario}: {distinct[0]}{more}")
    if told:
        yield "\n".join(told)


def _in(found: Results, variant: Variant) -> bool:
    return _took_part(found, variant) or any(w.variant == variant.name for w in found.watches)


def main(words: Sequence[str]) -> int:
    """Write the newest results of each size to the file that is named."""
    measured = results.latest(HERE / "results")
    if not measured:
        print("nothing has been measured yet: make bench", file=sys.stderr)
        return 1
    begin = "# Measured\n\nMade by `make bench-table`; see [benchmarks](benchmarks.md)."
    Path(words[0]).write_text(f"{begin}\n\n{report(measured)}\n{goals.report(measured)}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
