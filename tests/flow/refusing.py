"""Builds a site again and again, while the system refuses one thing after the other.

A program of its own: what Python audits cannot be given back to it. `python -m tests.flow.refusing
SITE ERRNO EVERY` refuses the first thing that a build opens, lists, makes, renames or removes in
the site folder, then the second and so on (each EVERY-th), and prints a line of JSON for each: what
was refused, the problems, the traceback of what is told as a bug.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from sitegen.flow.build import Options, build
from sitegen.flow.session import Session
from sitegen.model.errors import SitegenError
from tests.sitefactory import AT, article, write

EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.scandir", "os.listdir"}


class Refusing:
    """Refuses the `number`-th event in a folder, from 0; None refuses nothing."""

    def __init__(self, folder: Path, error: int) -> None:
        self.folder, self.error = f"{folder}/", error
        self.number: int | None = None
        self.seen = 0
        self.refused = ""
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.number is None or event not in EVENTS or not arguments:
            return
        place = os.fsdecode(arguments[0]) if isinstance(arguments[0], (str, bytes)) else ""
        if not f"{place}/".startswith(self.folder):
            return
        if self.seen == self.number:
            self.refused = f"{event} {place.removeprefix(self.folder)}"
        self.seen += 1
        if self.refused and self.seen == self.number + 1:
            raise OSError(self.error, os.strerror(self.error), place)


def main(site: Path, error: int, every: int) -> None:
    """Refuse each thing once; between two builds an article is edited, added or deleted."""
    refusing = Refusing(site, error)
    for number in itertools.count(0, every):
        with Session() as session:
            options = Options(at=AT, keep_going=number % 2 == 0, jobs=1)
            lasting = session if number % 3 == 0 else None
            build(site, options, session=lasting)
            write(site, {f"articles/e{number % 5}.md": article(f"Edit {number}")})
            write(site, {f"articles/e{(number + 2) % 5}.md": None})
            refusing.number, refusing.seen, refusing.refused = number, 0, ""
            told: dict[str, Any] = {"problems": [], "bug": ""}
            try:
                changed = [f"articles/e{(number + step) % 5}.md" for step in (0, 2)]
                report = build(site, options, session=lasting, changed=changed if lasting else None)
                told["problems"] = [str(problem.location) for problem in report.problems]
            except SitegenError as failure:
                told["problems"] = [str(problem.location) for problem in failure.problems]
            except Exception:  # noqa: BLE001 - that is what is looked for
                told["bug"] = traceback.format_exc()
            finally:
                refusing.number = None
        if not refusing.refused:
            return
        sys.stdout.write(json.dumps({"refused": refusing.refused, **told}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
