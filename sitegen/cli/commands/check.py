"""`sitegen check`: what is wrong with a site that builds."""

from __future__ import annotations

import argparse

from sitegen.check.limits import HOSTS
from sitegen.cli.options import (
    add_build_options,
    add_volume_options,
    build_options,
    site_folder,
    voice,
)
from sitegen.cli.reporting import OK, PROBLEMS, print_problems
from sitegen.model.errors import SitegenError, UsageError

SUMMARY = "Build the site and look for broken links, missing texts and the like."
EXAMPLES = (
    "sitegen check",
    "sitegen check --external",
    "sitegen check --host netlify",
    "sitegen check --json > findings.json",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    add_build_options(parser)
    parser.add_argument(
        "--host",
        metavar="NAME",
        choices=HOSTS,
        help=f"check the limits of this host: {', '.join(HOSTS)}",
    )
    parser.add_argument("--external", action="store_true", help="check links to other sites, too")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="print the findings as JSON on stdout")
    shape.add_argument(
        "--sarif", action="store_true", help="print the findings as SARIF 2.1.0 on stdout"
    )
    add_volume_options(parser)


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from datetime import UTC, datetime

    from sitegen.check import formats
    from sitegen.check.finding import to_problem
    from sitegen.check.flow import CheckOptions, check, nothing_checked
    from sitegen.console import terminal
    from sitegen.model import moments
    from sitegen.model.wording import counted

    site, tell = site_folder(options), voice(options)
    moment = moments.of(datetime.now(UTC)) if options.external else None
    checks = CheckOptions(external=moment, host=options.host or "")
    try:
        with terminal.progress(shown=not options.quiet) as progress:
            result = check(site, build_options(options, site), checks, progress=progress)
    except UsageError:
        raise
    except SitegenError as error:  # `--at` needs the configuration
        result = nothing_checked(error.problems)
    if options.json:
        print(formats.as_json(result))
    elif options.sarif:
        print(formats.as_sarif(result))
    else:
        print_problems([to_problem(finding) for finding in result.findings], options)
    for note in result.notes:
        tell(f"note: {note}")
    warnings = len(result.findings) - result.errors
    checked = (
        terminal.documents_text(result.counts, result.standalone),
        counted(result.pages, "page"),
        counted(result.files, "file"),
    )
    found = f"{counted(result.errors, 'error')}, {counted(warnings, 'warning')}"
    tell(f"{', '.join(checked)}: {found}")
    for line in terminal.not_shown_lines(result.counts, result.standalone):
        tell(line)
    return PROBLEMS if result.errors else OK
