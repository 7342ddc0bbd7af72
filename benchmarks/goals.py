"""What sitegen has set itself (docs/benchmarks.md), held against what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchmarks.results import Results

WARM = ("no change", "body edit")
GIB = 2**30


class Goal(NamedTuple):
    """A number that must not be larger than its limit."""

    what: str
    size: int
    value: float | None
    """None if it was not measured."""
    limit: float
    unit: str


def goals(found: Results) -> Iterator[Goal]:
    """Yield the goals that hold for sites of the size of these results."""
    size = found.size
    if size >= 10_000:
        for scenario in WARM:
            ratio = found.ratio("sitegen", "hugo", scenario)
            yield Goal(f"{scenario}, of Hugo's time", size, ratio, 0.1, "×")
    if size == 10_000:
        yield Goal("cold, of Hugo's time", size, found.ratio("sitegen", "hugo", "cold"), 1.5, "×")
        ratio = found.ratio("sitegen-commonmark", "hugo", "cold")
        yield Goal("cold with CommonMark, of Hugo's time", size, ratio, 0.7, "×")
        ratio = found.ratio("sitegen", "pelican", "cold")
        yield Goal("cold, of Pelican's time", size, ratio, 0.2, "×")
        yield Goal("save → page, body edit", size, found.saves("sitegen", "body edit"), 0.05, "s")
    if size == 100_000:
        yield Goal("save → page, body edit", size, found.saves("sitegen", "body edit"), 0.1, "s")
        new = found.saves("sitegen", "new article")
        yield Goal("save → page, new article", size, new, 0.3, "s")
        memory = found.median("sitegen", "cold", "memory")
        peak = None if memory is None else memory / GIB
        yield Goal("peak memory, cold", size, peak, 1.0, "GiB")
        ratio = found.ratio("sitegen", "hugo", "cold", "memory")
        yield Goal("peak memory, of Hugo's", size, ratio, 1.0, "×")


def report(measured: Sequence[Results]) -> str:
    """Return the goals as a list in Markdown, met or not."""
    lines = [_line(goal) for found in measured for goal in goals(found)]
    return "\n".join(["## Goals", "", *lines]) + "\n" if lines else ""


def _line(goal: Goal) -> str:
    begin = f"- {goal.size:,} articles, {goal.what}: at most {goal.limit:g} {goal.unit}"
    if goal.value is None:
        return f"{begin} – not measured"
    verdict = "met" if goal.value <= goal.limit else "**missed**"
    return f"{begin} – {goal.value:.3g} {goal.unit}, {verdict}"
