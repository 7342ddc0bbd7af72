"""Holds our Python-Markdown against the library's: `python -m tests.compare_markdown FILES`.

Each file is a text; one named `spec.txt` is a specification of CommonMark's form, and each of its
examples is a text besides. For the library's own tests: the files `tests/**/*.txt` of its source
archive. Prints what differs and ends with status 1 if anything does.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.markdown.fast.test_engine import SETS, both

_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n", re.MULTILINE | re.DOTALL)


def texts(path: Path) -> Iterator[str]:
    """Yield the texts in a file: itself, and the examples in it, alone and seven by seven."""
    text = path.read_text("utf-8", errors="replace")
    yield text
    examples = [found.replace("→", "\t") for found in _EXAMPLE.findall(text)]
    yield from examples
    for start in range(0, len(examples), 3):
        yield "\n\n".join(examples[start : start + 7])


def main() -> int:
    """Compare, and return the program's status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    files = parser.parse_args().files
    found = [(path, text) for path in files for text in texts(path)]
    different = 0
    for name in SETS:
        stock, quick = both(name)
        for path, text in found:
            expected, made = stock.convert(text), quick.convert(text)
            stock.reset()
            quick.reset()
            if made != expected:
                different += 1
                print(f"{path}, extensions {name}:\n{text}\n--- the library\n{expected}")
                print(f"--- ours\n{made}\n")
    print(f"{len(found)} texts, {len(SETS)} sets of extensions, {different} differences")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
