"""How a command ends: its exit code, and its problems on stderr."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sitegen.model.errors import Problem

OK = 0
PROBLEMS = 1
"""The site has problems."""
USAGE = 2
"""The command was used wrongly."""
BUG = 3
"""A fault of sitegen's own."""
INTERRUPTED = 130
"""Ctrl-C, as shells count it: 128 + SIGINT."""


def print_problems(problems: Sequence[Problem], options: argparse.Namespace) -> None:
    """Print each problem with its code frame and hint.

    `options` are those of the command: they say which site it is, and whether to sum up.
    """
    from sitegen.console.terminal import problem_texts

    site: Path | None = getattr(options, "site_folder", None)
    each: bool = getattr(options, "all_problems", False)
    for text in problem_texts(problems, site, each=each):
        print(text, file=sys.stderr)
        print(file=sys.stderr)


def print_answer(
    options: argparse.Namespace, document: Mapping[str, Any], lines: Iterable[str]
) -> None:
    """Print what a command answers on stdout: as JSON with `--json`, else as lines."""
    if options.json:
        import json

        print(json.dumps(document, ensure_ascii=False, indent=2))
        return
    for line in lines:
        print(line)


def print_error_count(problems: Sequence[Problem]) -> None:
    """Print how many of the problems are errors."""
    from sitegen.model.wording import counted

    errors = sum(problem.is_error for problem in problems)
    print(counted(errors, "error"), file=sys.stderr)
