"""`sitegen new`: makes an article file."""

from __future__ import annotations

import argparse

from sitegen.cli.options import (
    site_folder,
)
from sitegen.cli.reporting import OK

SUMMARY = "Make an article file and print its path."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument("headline", help="the headline, in quotes")
    parser.add_argument("--category", help="the category (default: the site's default)")
    parser.add_argument("--author", action="append", help="an author; may be given several times")
    parser.add_argument("--draft", action="store_true", help="do not publish it yet")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from datetime import UTC, datetime

    from sitegen.model import moments
    from sitegen.tools.scaffold import new_article

    path = new_article(
        site_folder(options),
        options.headline,
        category=options.category,
        authors=options.author or [],
        draft=options.draft,
        now=moments.of(datetime.now(UTC)),
    )
    print(path)
    return OK
