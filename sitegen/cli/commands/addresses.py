"""`sitegen addresses`: writes down where the articles are."""

from __future__ import annotations

import argparse

from sitegen.cli.options import found_site, moment_of
from sitegen.cli.reporting import FINE

SUMMARY = "Write down the address of each article, so that it leads on when the article moves."


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument("--at", metavar="TIME", help="as published at this time (default: now)")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from datetime import UTC, datetime

    from sitegen.tools.remembered_addresses import remember

    site = found_site(options)
    print(remember(site, moment_of(options.at, site) or datetime.now(UTC)))
    return FINE
