"""Runs the tests of a module on a copy of the repository in which one thing is changed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import cache_from_source
from pathlib import Path
from typing import Final

from tests.mutants.mirrors import REPOSITORY, mirrors
from tests.mutants.mutations import Mutation

PYTEST: Final = (
    *("-m", "pytest", "-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider"),
    "--hypothesis-profile=mutants",
)

LEFT_OUT: Final = frozenset(
    REPOSITORY / path
    for path in (".git", ".venv", ".sitegen", "output", "benchmarks/work", "benchmarks/results")
)
CACHES: Final = shutil.ignore_patterns("__pycache__", "node_modules", ".*_cache", ".hypothesis")
"""What no test needs: environments, caches, measurements."""

FACTOR: Final = 4
"""How much longer than without a change the tests may take before they count as hanging."""

LONGEST: Final = 900
"""Seconds that the tests of a module may take without a change."""

SPARE: Final = 20
"""Seconds more, for a machine that is busy with something else."""


class BrokenTestsError(Exception):
    """The tests of a module are missing, or fail without any change."""


class Copy:
    """A copy of the repository in a folder, in which tests run with one thing changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        shutil.copytree(REPOSITORY, folder, ignore=_left_out)

    def unnoticed(
        self, module: str, path: str, changes: Iterable[Mutation]
    ) -> Iterator[tuple[Mutation, bool]]:
        """Yield each change of a module's file, and whether no test that mirrors it fails or hangs.

        Raises `BrokenTestsError` if there are none, or one fails without any change.
        """
        tests = mirrors(module)
        if not tests:
            raise BrokenTestsError(f"for want of any that mirror {module}")
        began = time.monotonic()
        if self._fails(tests, LONGEST, compiles=True):
            raise BrokenTestsError(f"without any change: {' '.join(tests)}")
        limit = SPARE + FACTOR * (time.monotonic() - began)
        file = self._folder / path
        source = file.read_bytes()
        # Of a file that changes within a second Python would take what it compiled before.
        Path(cache_from_source(str(file))).unlink(missing_ok=True)
        for change in changes:
            file.write_bytes(change.applied(source))
            yield change, not self._fails(tests, limit)
        file.write_bytes(source)

    def _fails(self, tests: Sequence[str], limit: float, *, compiles: bool = False) -> bool:
        """Whether tests fail, or take longer than `limit` seconds.

        With `compiles`, what Python compiles is kept for the next runs.
        """
        environment = os.environ | {
            "PYTHONPATH": str(self._folder),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "" if compiles else "1",
        }
        process = subprocess.Popen(
            [sys.executable, *PYTEST, *tests],
            cwd=self._folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            return process.wait(limit) != 0
        except subprocess.TimeoutExpired:
            return True
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _left_out(folder: str, names: list[str]) -> set[str]:
    paths = {name for name in names if Path(folder, name) in LEFT_OUT}
    return paths | CACHES(folder, names)
