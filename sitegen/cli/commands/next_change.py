"""`sitegen next`: tells when the site changes by itself."""

from __future__ import annotations

import argparse
import sys

from sitegen.cli.options import (
    parse_time,
    say,
    site_folder,
)
from sitegen.cli.reporting import OK, print_answer

SUMMARY = "Print when the site next changes by itself, and what changes."
EXAMPLES = (
    "sitegen next",
    "sitegen next --at 2024-12-24",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument("--at", metavar="TIME", help="as seen from this time (default: now)")
    parser.add_argument("--json", action="store_true", help="print the changes as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from datetime import UTC, datetime

    from sitegen.console import terminal
    from sitegen.flow.schedule import next_changes
    from sitegen.model import moments

    site = site_folder(options)
    changes = next_changes(site, parse_time(options.at, site) or moments.of(datetime.now(UTC)))
    when = moments.iso(changes[0].at) if changes else None
    records = [terminal.scheduled_record(change) for change in changes]
    document = {"next_change": when, "next_changes": records}
    print_answer(options, document, [when] if when else [])
    if not options.json:
        sys.stdout.flush()
        for change in changes:
            say(f'{change.teaser.id}: "{change.teaser.title}" {terminal.happens(change.kind)}')
    return OK
