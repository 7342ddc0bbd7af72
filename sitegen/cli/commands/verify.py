"""`sitegen verify`: compares the output with a clean build."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sitegen.cli.options import (
    found_site,
)
from sitegen.cli.reporting import FINE, PROBLEMS

SUMMARY = "Compare the output with a clean build, byte for byte."


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument("--output", metavar="DIR", type=Path, help="the folder that was built into")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from sitegen.console import terminal
    from sitegen.tools.verify import verify

    with terminal.progress() as progress:
        verdict = verify(found_site(options), options.output, progress=progress)
    for difference in verdict.differences:
        print(f"{difference.path}: {difference.what}")
        for question in difference.asked:
            print(f"    asked {question}")
    same = verdict.files - sum(item.what != "left over" for item in verdict.differences)
    print(f"{same:,} files are as a clean build makes them", file=sys.stderr)
    return PROBLEMS if verdict.differences else FINE
