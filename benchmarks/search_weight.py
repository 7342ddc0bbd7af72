"""What a reader's first search costs on the wire: `python -m benchmarks.search_weight output word`.

Opens the front page of a built site in Chromium, turns to the search bar, types the word as a
reader would, and adds up the files that were asked for until the results stood there.
"""

import gzip
import sys
import time
from http import HTTPStatus
from pathlib import Path

from tests.browser import running_browser
from tests.static_server import serving

COMPRESSED = {".js", ".json", ".css", ".html", ".svg"}
"""What hosts compress on the way; Pagefind's own files are compressed as they lie."""

DONE = ".search-panel:not([hidden]) li"
SLOWLY = 100
"""Milliseconds between letters, so that answers come while one types."""


def first_search(output: Path, word: str) -> tuple[list[str], float, str]:
    """Search once.

    Returns:
        The paths of the files that were asked for, below `output`; the seconds from the last letter
        to the results; the text of the best result.
    """
    asked: list[str] = []

    def note(path: str) -> HTTPStatus | None:
        asked.append(path.lstrip("/"))
        return None

    with running_browser() as browser, serving(output, before=note) as address:
        page = browser.new_page()
        page.goto(address)
        page.wait_for_load_state("networkidle")
        asked.clear()
        page.keyboard.press("/")
        page.keyboard.type(word, delay=SLOWLY)
        typed = time.perf_counter()
        page.wait_for_function(
            "word => document.querySelector('.search-panel:not([hidden]) mark')"
            "?.textContent.toLowerCase().startsWith(word)",
            arg=word.lower(),
        )
        seconds = time.perf_counter() - typed
        best = page.locator(DONE).first.inner_text()
    return asked, seconds, " ".join(best.split())


def weigh(output: Path, path: str) -> tuple[int, int]:
    """Return the bytes of a file as it lies, and as most hosts send it."""
    data = (output / path).read_bytes()
    sent = len(gzip.compress(data, 6)) if Path(path).suffix in COMPRESSED else len(data)
    return len(data), sent


def main(output: Path, word: str) -> int:
    """Print the figures of a first search."""
    asked, seconds, best = first_search(output, word)
    groups: dict[str, list[tuple[int, int]]] = {}
    for path in asked:
        name = Path(path)
        kind = name.parts[0] if not path.startswith("search/index/") else name.suffix or name.name
        groups.setdefault(kind, []).append(weigh(output, path))
    print(f"{'':12} {'files':>6} {'bytes':>10} {'as sent':>10}")
    for kind, weights in sorted(groups.items()):
        lie, sent = (sum(column) for column in zip(*weights, strict=True))
        print(f"{kind:12} {len(weights):6} {lie:10,} {sent:10,}")
    everything = [weight for weights in groups.values() for weight in weights]
    lie, sent = (sum(column) for column in zip(*everything, strict=True))
    print(f"{'in all':12} {len(everything):6} {lie:10,} {sent:10,}")
    print(f"{seconds:.2f} s from the last letter to the results; the best: {best}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
