"""`sitegen build`: builds the site."""

from __future__ import annotations

import argparse
import sys

from sitegen.cli.options import (
    add_build_options,
    build_options,
    site_folder,
)
from sitegen.cli.reporting import OK, PROBLEMS, print_error_count, print_problems

SUMMARY = "Build the site into its output folder."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    add_build_options(parser)
    parser.add_argument(
        "--clean", action="store_true", help="ignore what earlier builds have cached"
    )
    parser.add_argument(
        "--keep-going",
        action="store_true",
        help="publish what can be built in spite of errors",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from sitegen.console import terminal
    from sitegen.flow.build import build

    site = site_folder(options)
    with terminal.progress() as progress:
        report = build(site, build_options(options, site), progress=progress)
    print_problems(report.problems, options)
    for note in report.notes:
        print(f"note: {note}", file=sys.stderr)
    if options.json:
        print(terminal.report_json(report))
    else:
        print(terminal.report_text(report, options.output or site / "output"), file=sys.stderr)
    errors = [problem for problem in report.problems if problem.is_error]
    if errors:
        print_error_count(errors)
    return PROBLEMS if errors else OK
