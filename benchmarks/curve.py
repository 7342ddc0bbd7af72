"""Results → a picture: what one edit costs at each size of site. `python -m benchmarks.curve FILE`.

Both axes are logarithmic: a straight line that climbs as far as it goes is a cost that grows with
the site, a level one a cost that does not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from math import log10
from pathlib import Path
from typing import NamedTuple

from benchmarks import results
from benchmarks.peers import HERE
from benchmarks.results import Results
from benchmarks.table import seconds

WIDTH, HEIGHT = 840, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 260, 30, 50
"""Margins, in pixels."""

FEWEST = 2
"""Points of which a line is made, at least."""

STYLE = """
  text { font: 13px sans-serif; fill: #3b3835; }
  line { stroke: #d8d4cc; } .axis { stroke: #3b3835; }
  path { fill: none; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd6cc; } line { stroke: #4a4641; } .axis { stroke: #ddd6cc; }
  }
"""


class Line(NamedTuple):
    """A tool doing one thing at several sizes."""

    label: str
    colour: str
    points: tuple[tuple[int, float], ...]
    """Number of articles and seconds."""


def lines(measured: Sequence[Results]) -> Iterator[Line]:
    """Yield what is drawn: body edits and new articles, watched and in a new process."""
    for variant, label, colour in (("sitegen", "sitegen", "#8f2f1b"), ("hugo", "Hugo", "#5b6b8c")):
        for scenario in ("body edit", "new article"):
            built = [(one.size, one.median(variant, scenario, "wall")) for one in measured]
            saved = [(one.size, one.saves(variant, scenario)) for one in measured]
            for found, how in ((built, "new process"), (saved, "watched")):
                points = tuple((size, value) for size, value in sorted(found) if value)
                if len(points) >= FEWEST:
                    yield Line(f"{label}, {scenario}, {how}", colour, points)


def drawn(shown: Sequence[Line]) -> str:
    """Return the picture of some lines, as SVG."""
    points = [point for line in shown for point in line.points]
    sizes, times = [size for size, _ in points], [value for _, value in points]
    across = _Scale(min(sizes), max(sizes), LEFT, WIDTH - RIGHT)
    up = _Scale(min(times), max(times), HEIGHT - BOTTOM, TOP)
    parts = [*_grid(across, up), *_labelled(shown, across, up)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        ' aria-label="Seconds from an edit to its page, by number of articles">\n'
        f"<style>{STYLE}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


class _Scale:
    """From a value to a pixel, by its logarithm."""

    def __init__(self, least: float, most: float, start: int, end: int) -> None:
        self._first, self._last = log10(least), log10(most)
        self._start, self._end = start, end

    def __call__(self, value: float) -> float:
        part = (log10(value) - self._first) / ((self._last - self._first) or 1)
        return round(self._start + part * (self._end - self._start), 1)

    def decades(self) -> Iterable[float]:
        """Return the powers of ten between the ends."""
        exponents = range(-4, 7)
        return (10.0**power for power in exponents if self._first <= power <= self._last)


def _grid(across: _Scale, up: _Scale) -> Iterator[str]:
    for value in up.decades():
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{up(value)}" y2="{up(value)}"/>'
        yield f'<text x="{LEFT - 8}" y="{up(value) + 4}" text-anchor="end">{seconds(value)}</text>'
    for value in across.decades():
        place = f'x1="{across(value)}" x2="{across(value)}"'
        yield f'<line {place} y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
        y = HEIGHT - BOTTOM + 20
        yield f'<text x="{across(value)}" y="{y}" text-anchor="middle">{value:,.0f}</text>'
    yield f'<text x="{LEFT}" y="{HEIGHT - 8}">articles</text>'


def _labelled(shown: Sequence[Line], across: _Scale, up: _Scale) -> Iterator[str]:
    lowest = float(HEIGHT)
    for line in sorted(shown, key=lambda line: line.points[-1][1]):
        steps = " L".join(f"{across(size)} {up(value)}" for size, value in line.points)
        dashes = ' stroke-dasharray="5 4"' if line.label.endswith("watched") else ""
        yield f'<path d="M{steps}" stroke="{line.colour}"{dashes}/>'
        lowest = min(lowest - 16, up(line.points[-1][1]) + 4)  # no label lies on another
        yield f'<text x="{WIDTH - RIGHT + 8}" y="{lowest}">{line.label}</text>'


def main(words: Sequence[str]) -> int:
    """Draw the newest measurements of each size into the file that is named."""
    shown = list(lines(results.latest(HERE / "results")))
    if not shown:
        print("nothing was measured at two sizes", file=sys.stderr)
        return 1
    Path(words[0]).write_text(drawn(shown), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
