"""`sitegen init`: makes a new site."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sitegen.cli.reporting import OK, print_answer

SUMMARY = "Make a new site in a folder."
EXAMPLES = (
    "sitegen init paper",
    "cd paper && sitegen build",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="a folder that is new or empty")
    parser.add_argument("--json", action="store_true", help="print the paths as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from datetime import UTC, datetime

    from sitegen.model import moments
    from sitegen.tools.scaffold import new_site

    paths = [str(path) for path in new_site(options.folder, now=moments.of(datetime.now(UTC)))]
    print_answer(options, {"paths": paths}, paths)
    print(
        f"\nNext: cd {options.folder} && sitegen build   (more in its README.md)",
        file=sys.stderr,
    )
    return OK
