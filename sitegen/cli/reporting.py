"""How a command ends: its exit code, and its problems on stderr."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from sitegen.model.errors import Problem

FINE = 0
PROBLEMS = 1
"""The site has problems."""
USAGE = 2
"""The command was called wrongly."""
BUG = 3
"""A fault of sitegen's own."""
INTERRUPTED = 130
"""Ctrl-C, as shells count it: 128 + SIGINT."""


def tell_problems(problems: Sequence[Problem], site: Path | None) -> None:
    """Print each problem with its code frame and hint."""
    from sitegen.console.terminal import problem_texts

    for text in problem_texts(problems, site):
        print(text, file=sys.stderr)
        print(file=sys.stderr)


def count_errors(problems: Sequence[Problem]) -> None:
    """Print how many of the problems are errors."""
    errors = sum(problem.is_error for problem in problems)
    print(f"{errors} error{'' if errors == 1 else 's'}", file=sys.stderr)
