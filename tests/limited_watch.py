"""Watches a site under a limit of watches that is too low; run by `tests/watch/test_watching.py`.

Prints `listening` when it begins, `polling` when the limit made it look at the files instead, and
`seen` when an edit below a folder beyond the limit was noticed all the same.
"""

import sys
from pathlib import Path

from sitegen.watch.watching import Watch
from tests.rebuilding import DEADLINE_SECONDS

FOLDERS = 60
"""More than the limit that the test sets."""


def say(word: str) -> None:
    """Tell the test how far it went."""
    sys.stdout.write(f"{word}\n")


def main(site: Path) -> None:
    """Make more folders than may be watched, and edit a file in the last."""
    said: list[str] = []
    with Watch(site, said.append) as watch:
        assert not said
        say("listening")
        for number in range(FOLDERS):
            (site / f"articles/many/{number}").mkdir(parents=True)
        while not said:
            assert watch.wait(DEADLINE_SECONDS) is not None
        say("polling")
        late = site / f"articles/many/{FOLDERS - 1}/late.md"
        late.write_text("text")
        while True:
            batch = watch.wait(DEADLINE_SECONDS)
            assert batch is not None
            if batch.paths is not None and late.relative_to(site).as_posix() in batch.paths:
                break
    say("seen")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
