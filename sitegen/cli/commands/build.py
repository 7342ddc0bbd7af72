"""`sitegen build`: builds the site."""

from __future__ import annotations

import argparse
import sys

from sitegen.cli.options import (
    add_build_options,
    build_options,
    found_site,
)
from sitegen.cli.reporting import FINE, PROBLEMS, count_errors, tell_problems

SUMMARY = "Build the site into its output folder."


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    add_build_options(parser)
    parser.add_argument("--clean", action="store_true", help="forget what earlier builds kept")
    parser.add_argument(
        "--keep-going",
        action="store_true",
        help="publish what can be made although there are errors",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from sitegen.console import terminal
    from sitegen.flow.build import build

    site = found_site(options)
    with terminal.progress() as progress:
        report = build(site, build_options(options, site), progress=progress)
    tell_problems(report.problems, site)
    for note in report.notes:
        print(f"note: {note}", file=sys.stderr)
    if options.json:
        print(terminal.report_json(report))
    else:
        print(terminal.report_text(report, options.output or site / "output"), file=sys.stderr)
    errors = [problem for problem in report.problems if problem.is_error]
    if errors:
        count_errors(errors)
    return PROBLEMS if errors else FINE
