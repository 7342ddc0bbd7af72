"""`sitegen next`: tells when the site changes by itself."""

from __future__ import annotations

import argparse

from sitegen.cli.options import (
    found_site,
    moment_of,
)
from sitegen.cli.reporting import FINE

SUMMARY = "Print when the site next changes by itself, if it does."


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument("--at", metavar="TIME", help="as seen from this time (default: now)")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from datetime import UTC, datetime

    from sitegen.flow.schedule import next_change

    site = found_site(options)
    moment = next_change(site, moment_of(options.at, site) or datetime.now(UTC))
    if moment is not None:
        print(moment.isoformat())
    return FINE
