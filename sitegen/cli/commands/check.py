"""`sitegen check`: what is wrong with a site that builds."""

from __future__ import annotations

import argparse
import sys

from sitegen.check.limits import HOSTS
from sitegen.cli.options import add_build_options, build_options, found_site
from sitegen.cli.reporting import FINE, PROBLEMS, tell_problems

SUMMARY = "Build the site and look for broken links, missing texts and the like."


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    add_build_options(parser)
    parser.add_argument(
        "--host", metavar="NAME", choices=HOSTS, help=f"the host it is for: {', '.join(HOSTS)}"
    )
    parser.add_argument(
        "--external", action="store_true", help="ask other sites whether what is linked to is there"
    )
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="print what was found as JSON on stdout")
    shape.add_argument("--sarif", action="store_true", help="print it as SARIF 2.1.0 on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from datetime import UTC, datetime

    from sitegen.check import formats
    from sitegen.check.finding import to_problem
    from sitegen.check.flow import CheckOptions, check
    from sitegen.console import terminal
    from sitegen.model.wording import counted

    site = found_site(options)
    moment = datetime.now(UTC) if options.external else None
    checks = CheckOptions(external=moment, host=options.host or "")
    with terminal.progress() as progress:
        result = check(site, build_options(options, site), checks, progress=progress)
    if options.json:
        print(formats.as_json(result))
    elif options.sarif:
        print(formats.as_sarif(result))
    else:
        tell_problems([to_problem(finding) for finding in result.findings], site)
    for note in result.notes:
        print(f"note: {note}", file=sys.stderr)
    warnings = len(result.findings) - result.errors
    checked = (
        counted(result.articles, "article"),
        counted(result.pages, "page"),
        counted(result.files, "file"),
    )
    found = f"{counted(result.errors, 'error')}, {counted(warnings, 'warning')}"
    print(f"{', '.join(checked)}: {found}", file=sys.stderr)
    return PROBLEMS if result.errors else FINE
