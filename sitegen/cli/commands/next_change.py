"""`sitegen next`: tells when the site changes by itself."""

from __future__ import annotations

import argparse

from sitegen.cli.options import (
    parse_time,
    site_folder,
)
from sitegen.cli.reporting import OK

SUMMARY = "Print when the site next changes by itself, if it does."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument("--at", metavar="TIME", help="as seen from this time (default: now)")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from datetime import UTC, datetime

    from sitegen.flow.schedule import next_change
    from sitegen.model import moments

    site = site_folder(options)
    moment = next_change(site, parse_time(options.at, site) or moments.of(datetime.now(UTC)))
    if moment is not None:
        print(moments.iso(moment))
    return OK
