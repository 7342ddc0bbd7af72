"""`make mutants`: changes a seeded sample of lines, and tells which changes no test noticed."""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from tests.mutants.mirrors import REPOSITORY
from tests.mutants.mutations import Mutation, mutations
from tests.mutants.trials import BrokenTestsError, Copy
from tests.test_architecture import MODULES, PURE

GOAL = 0.85
"""The share of changes that the tests are to notice."""


@cache
def source_of(path: str) -> bytes:
    """Return a file as it was when it was first asked for: somebody may edit it meanwhile."""
    return (REPOSITORY / path).read_bytes()


class Mutant(NamedTuple):
    """A module with one change."""

    module: str
    path: str
    """From the top of the repository."""
    mutation: Mutation

    def describe(self) -> str:
        """Return where the change is, and the line before and after it."""
        source = source_of(self.path)
        number = self.mutation.line
        before = source.splitlines()[number - 1].decode().strip()
        after = self.mutation.applied(source).splitlines()[number - 1].decode().strip()
        return f"{self.path}:{number}\n    - {before}\n    + {after}"


def mutants(modules: Iterable[str]) -> list[Mutant]:
    """Return every change of the modules."""
    paths = {module: MODULES[module].relative_to(REPOSITORY).as_posix() for module in modules}
    return [
        Mutant(module, path, mutation)
        for module, path in paths.items()
        for mutation in mutations(source_of(path))
    ]


def sample(of: list[Mutant], count: int, seed: int) -> list[Mutant]:
    """Return `count` of the mutants, for one seed always the same, in their order."""
    chosen = random.Random(seed).sample(range(len(of)), min(count, len(of)))  # noqa: S311 - repeatable
    return [of[place] for place in sorted(chosen)]


def try_all(todo: list[Mutant], processes: int, tell: Callable[[str], None]) -> list[Mutant]:
    """Return the mutants that no test noticed.

    Raises `BrokenTestsError` if the tests of a module fail without any change.
    """
    of_module: dict[str, list[Mutant]] = {}
    for mutant in todo:
        of_module.setdefault(mutant.module, []).append(mutant)
    survivors = []
    with (
        tempfile.TemporaryDirectory(prefix="mutants-") as folder,
        ThreadPoolExecutor(processes) as pool,
    ):
        copies: SimpleQueue[Copy] = SimpleQueue()
        for number in range(processes):
            copies.put(Copy(Path(folder, str(number))))

        def try_module(mutants: list[Mutant]) -> list[Mutant]:
            copy = copies.get()
            try:
                first, found = mutants[0], []
                changes = [mutant.mutation for mutant in mutants]
                for change, survives in copy.unnoticed(first.module, first.path, changes):
                    if survives:
                        found.append(first._replace(mutation=change))
                return found
            finally:
                copies.put(copy)

        # The largest first, so that all processes end at about the same time.
        waiting = [
            pool.submit(try_module, mutants)
            for mutants in sorted(of_module.values(), key=len, reverse=True)
        ]
        try:
            for done, future in enumerate(as_completed(waiting), 1):
                survivors += future.result()
                for mutant in future.result():
                    tell(f"not noticed: {mutant.describe()}")
                tell(f"{done} of {len(waiting)} modules")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return sorted(survivors)


def main() -> None:
    """Change, test, and report."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=300, help="how many changes to try")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("modules", nargs="*", help="such as index.site; all pure ones if none")
    options = parser.parse_args()
    if unknown := sorted(set(options.modules) - MODULES.keys()):
        parser.error(f"no such module: {' '.join(unknown)}")
    every = mutants(options.modules or PURE.split())
    todo = sample(every, options.count, options.seed)
    print(f"{len(todo)} of {len(every)} changes", flush=True)  # noqa: T201
    try:
        survivors = try_all(todo, options.processes, lambda line: print(line, flush=True))  # noqa: T201
    except BrokenTestsError as error:
        parser.exit(1, f"The tests fail {error}\n")
    print(report(todo, survivors))  # noqa: T201


def report(todo: list[Mutant], survivors: list[Mutant]) -> str:
    """Return how many changes of each module were noticed, and all that were not."""
    lines = []
    for module in dict.fromkeys(mutant.module for mutant in todo):
        tried = sum(mutant.module == module for mutant in todo)
        missed = sum(mutant.module == module for mutant in survivors)
        lines.append(f"{tried - missed:5} of {tried:<5} {module}")
    noticed = len(todo) - len(survivors)
    share = noticed / len(todo) if todo else 1
    lines += ["", *(mutant.describe() for mutant in survivors)]
    lines += ["", f"{noticed} of {len(todo)} noticed: {share:.0%} (the goal is {GOAL:.0%})"]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
