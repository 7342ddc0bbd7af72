"""`sitegen verify`: compares the output with a clean build."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sitegen.cli.options import (
    site_folder,
)
from sitegen.cli.reporting import OK, PROBLEMS

SUMMARY = "Compare the output with a clean build, byte for byte."
EXAMPLES = ("sitegen build && sitegen verify",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument("--output", metavar="DIR", type=Path, help="the folder that was built into")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from sitegen.console import terminal
    from sitegen.model.wording import counted
    from sitegen.tools.verify import verify

    with terminal.progress() as progress:
        result = verify(site_folder(options), options.output, progress=progress)
    for difference in result.differences:
        print(f"{difference.path}: {difference.what}")
        for question in difference.asked:
            print(f"    asked {question}")
    for path in result.kept:
        print(f"{path}: kept from an earlier build, since it cannot be made now")
    same = result.files - sum(item.what != "left over" for item in result.differences)
    print(f"identical to a clean build: {counted(same, 'file')}", file=sys.stderr)
    return PROBLEMS if result.differences else OK
