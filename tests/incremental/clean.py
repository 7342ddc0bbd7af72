"""Clean builds in processes that have built nothing before: what incremental ones must equal.

Run as a program, this module is the process that the clean builds are forked from. It has its
own hash seed, time zone, locale and umask, so that nothing of these can get into the output
unseen. One line of JSON is one build, and one line answers it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import traceback
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Self

from sitegen.flow.build import Options, Report, build
from sitegen.model.errors import Problem, SitegenError
from tests.sitefactory import tree

SURROUNDINGS = {
    "PYTHONHASHSEED": "4711",
    "TZ": "Pacific/Auckland",
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "tr_TR.UTF-8",
}


@dataclass(frozen=True)
class Built:
    """What came out of a build."""

    failed: bool
    errors: frozenset[str]
    warnings: frozenset[str]
    figures: tuple[Any, ...]
    """Articles, pages, files, and when the output changes by itself."""


def of_report(report: Report) -> Built:
    """Return what a report says, as far as it does not depend on what was built before."""
    change = report.next_change.isoformat() if report.next_change else ""
    figures = (report.articles, report.pages, report.files, change)
    return Built(
        failed=False,
        errors=frozenset(),
        warnings=_texts(report.problems, errors=False),
        figures=figures,
    )


def of_error(error: SitegenError) -> Built:
    """Return what a failed build tells."""
    errors = _texts(error.problems, errors=True)
    return Built(failed=True, errors=errors, warnings=frozenset(), figures=())


def _texts(problems: tuple[Problem, ...], *, errors: bool) -> frozenset[str]:
    # Hints are left out: they name the first page that met a problem, and how many more did.
    # So is what tells of the last build: that there are no articles any more.
    chosen = (
        problem
        for problem in problems
        if problem.is_error == errors and "the last build had" not in problem.message
    )
    return frozenset(f"{problem.location}: {problem.message}" for problem in chosen)


class CleanBuilder:
    """Builds sites from nothing, each in a new process."""

    def __init__(self, folder: Path, **surroundings: str) -> None:
        """Build below `folder`; `surroundings` are further environment variables."""
        self.output = folder / "clean-output"
        self.state = folder / "clean-state"
        self._is_building = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.incremental.clean"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, **SURROUNDINGS, **surroundings},
        )

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._process.communicate()

    def start(self, site: Path, options: Options) -> None:
        """Begin a clean build of the site with these options, but for where it writes."""
        if self._is_building:
            self.finish()  # a test has ended before it asked
        self._is_building = True
        for folder in (self.output, self.state):
            shutil.rmtree(folder, ignore_errors=True)
        assert self._process.stdin is not None
        request = {
            "site": str(site),
            "output": str(self.output),
            "state": str(self.state),
            "at": options.at.isoformat() if options.at else None,
            "drafts": options.drafts,
            "base_url": options.base_url,
            "keep_going": options.keep_going,
        }
        self._process.stdin.write(f"{json.dumps(request)}\n")
        self._process.stdin.flush()

    def finish(self) -> tuple[Built, dict[str, bytes]]:
        """Wait for the build, and return what came out with every file of its output."""
        assert self._process.stdout is not None
        answer = json.loads(self._process.stdout.readline())
        self._is_building = False
        built = Built(
            answer["failed"],
            frozenset(answer["errors"]),
            frozenset(answer["warnings"]),
            tuple(answer["figures"]),
        )
        return built, tree(self.output)

    def build(self, site: Path, options: Options) -> tuple[Built, dict[str, bytes]]:
        """Build, and return what came out with every file of its output."""
        self.start(site, options)
        return self.finish()


def _serve() -> None:
    """Build what each line of standard input asks for, in a child of this process."""
    os.umask(0o077)
    _preload()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _build(json.loads(line))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            crash = frozenset({f"the process ended with status {status}"})
            _answer(Built(failed=True, errors=crash, warnings=frozenset(), figures=()))


def _preload() -> None:
    """Import what builds import late. Nothing is built here: that would fill caches."""
    for name in ("babel.dates", "sitegen.parse.parsing", "sitegen.render.pages"):
        import_module(name)


def _build(request: dict[str, Any]) -> None:
    options = Options(
        at=datetime.fromisoformat(request["at"]) if request["at"] else None,
        drafts=request["drafts"],
        output=Path(request["output"]),
        base_url=request["base_url"],
        keep_going=request["keep_going"],
        state=Path(request["state"]),
    )
    try:
        built = of_report(build(Path(request["site"]), options))
    except SitegenError as error:
        built = of_error(error)
    except Exception:  # noqa: BLE001 - a bug of ours must reach the test
        crash = frozenset({traceback.format_exc()})
        built = Built(failed=True, errors=crash, warnings=frozenset(), figures=())
    _answer(built)


def _answer(built: Built) -> None:
    line = {
        "failed": built.failed,
        "errors": sorted(built.errors),
        "warnings": sorted(built.warnings),
        "figures": built.figures,
    }
    sys.stdout.write(f"{json.dumps(line)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _serve()
