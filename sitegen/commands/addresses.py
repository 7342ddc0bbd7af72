"""`sitegen addresses`: writes down where the articles are."""

from __future__ import annotations

import argparse

from sitegen.commands.exits import FINE
from sitegen.commands.options import found_site, moment_of

SUMMARY = "Write down the address of each article, so that it leads on when the article moves."


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument("--at", metavar="TIME", help="as published at this time (default: now)")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from datetime import UTC, datetime

    from sitegen.remember import remember

    site = found_site(options)
    print(remember(site, moment_of(options.at, site) or datetime.now(UTC)))
    return FINE
