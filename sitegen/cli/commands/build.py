"""`sitegen build`: builds the site."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.cli.options import (
    EACH_FILE,
    add_build_options,
    add_volume_options,
    build_options,
    site_folder,
    voice,
)
from sitegen.cli.reporting import OK, PROBLEMS, print_error_count, print_problems
from sitegen.model.errors import SitegenError, UsageError

if TYPE_CHECKING:
    from sitegen.flow.build import Report

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
    add_volume_options(parser, EACH_FILE)


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from sitegen.console import terminal
    from sitegen.flow.build import build
    from sitegen.flow.options import FailedBuildError

    site = site_folder(options)
    try:
        with terminal.progress(shown=not options.quiet) as progress:
            report = build(site, build_options(options, site), progress=progress)
    except FailedBuildError as error:
        if options.json:
            print(terminal.report_json(error.report))
        print_problems(error.problems, options)
        if not error.report.is_published:
            voice(options)("nothing was published; `--keep-going` publishes what can be built")
        print_error_count(error.problems)
        return PROBLEMS
    except UsageError:
        raise
    except SitegenError as error:
        if options.json:
            print(terminal.failure_json(error.problems))
        raise
    return _told(report, options, options.output or site / "output")


def _told(report: Report, options: argparse.Namespace, output: Path) -> int:
    """Tell of a build that has ended well or kept going, and return the exit code."""
    from sitegen.console import terminal

    tell = voice(options)
    print_problems(report.problems, options)
    for note in report.notes:
        tell(f"note: {note}")
    if options.verbose:
        for text in terminal.file_texts(report):
            tell(text)
    if options.json:
        print(terminal.report_json(report))
    else:
        tell(terminal.report_text(report, output))
    errors = [problem for problem in report.problems if problem.is_error]
    if errors:
        print_error_count(errors)
    return PROBLEMS if errors else OK
