"""`sitegen build`: builds the site."""

from __future__ import annotations

import argparse
import sys

from sitegen.cli.options import (
    add_build_options,
    build_options,
    say,
    site_folder,
)
from sitegen.cli.reporting import OK, PROBLEMS, print_error_count, print_problems
from sitegen.model.errors import SitegenError, UsageError

SUMMARY = "Build the site into its output folder."
EXAMPLES = (
    "sitegen build",
    "sitegen build --at 2024-12-24T18:00 --output /tmp/christmas-eve",
    "sitegen build --base-url https://staging.example.org/news/ --output staging",
    "sitegen build --json > report.json",
)


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
    from sitegen.flow.options import FailedBuildError

    site = site_folder(options)
    try:
        with terminal.progress() as progress:
            report = build(site, build_options(options, site), progress=progress)
    except FailedBuildError as error:
        print_problems(error.problems, options)
        if options.json:
            print(terminal.report_json(error.report))
        if not error.report.is_published:
            say("nothing was published; `--keep-going` publishes what can be built")
        print_error_count(error.problems)
        return PROBLEMS
    except UsageError:
        raise
    except SitegenError as error:
        if options.json:
            print(terminal.failure_json(error.problems))
        raise
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
