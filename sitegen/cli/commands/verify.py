"""`sitegen verify`: compares the output with a clean build."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.cli.options import add_volume_options, site_folder, voice
from sitegen.cli.reporting import OK, PROBLEMS, print_answer

if TYPE_CHECKING:
    from sitegen.tools.verify import VerifyResult

SUMMARY = "Compare the output with a clean build, byte for byte."
EXAMPLES = ("sitegen build && sitegen verify",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument("--output", metavar="DIR", type=Path, help="the folder that was built into")
    parser.add_argument(
        "--json", action="store_true", help="print the differences as JSON on stdout"
    )
    add_volume_options(parser)


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from sitegen.console import terminal
    from sitegen.model.wording import counted
    from sitegen.tools.verify import verify

    with terminal.progress(shown=not options.quiet) as progress:
        result = verify(site_folder(options), options.output, progress=progress)
    same = result.files - sum(item.what != "left over" for item in result.differences)
    document = {
        "files": result.files,
        "identical": same,
        "differences": [
            {"path": item.path, "difference": item.what, "asked": item.asked}
            for item in result.differences
        ],
        "kept": result.kept,
    }
    print_answer(options, document, _lines(result))
    voice(options)(f"identical to a clean build: {counted(same, 'file')}")
    return PROBLEMS if result.differences else OK


def _lines(result: VerifyResult) -> Iterator[str]:
    for difference in result.differences:
        yield f"{difference.path}: {difference.what}"
        yield from (f"    asked {question}" for question in difference.asked)
    for path in result.kept:
        yield f"{path}: kept from an earlier build, since it cannot be made now"
