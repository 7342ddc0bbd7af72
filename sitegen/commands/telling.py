"""Problems, told on stderr."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from sitegen.errors import Problem


def tell_problems(problems: Sequence[Problem], site: Path | None) -> None:
    """Print each problem with its code frame and hint."""
    from sitegen.terminal import problem_texts

    for text in problem_texts(problems, site):
        print(text, file=sys.stderr)
        print(file=sys.stderr)


def count_errors(problems: Sequence[Problem]) -> None:
    """Print how many of the problems are errors."""
    errors = sum(problem.is_error for problem in problems)
    print(f"{errors} error{'' if errors == 1 else 's'}", file=sys.stderr)
