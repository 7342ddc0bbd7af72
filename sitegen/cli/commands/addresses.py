"""`sitegen addresses`: writes down where the articles are."""

from __future__ import annotations

import argparse

from sitegen.cli.options import parse_time, site_folder
from sitegen.cli.reporting import OK, print_answer

SUMMARY = "Write down the address of each article, so that it leads on when the article moves."
EXAMPLES = ("sitegen addresses",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument("--at", metavar="TIME", help="as published at this time (default: now)")
    parser.add_argument("--json", action="store_true", help="print the number as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from datetime import UTC, datetime

    from sitegen.model import moments
    from sitegen.tools.addresses import record_addresses

    site = site_folder(options)
    new = record_addresses(site, parse_time(options.at, site) or moments.of(datetime.now(UTC)))
    print_answer(options, {"new": new}, [str(new)])
    return OK
