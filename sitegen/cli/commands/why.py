"""`sitegen why`: tells what a page was made from."""

from __future__ import annotations

import argparse
from pathlib import Path

from sitegen.cli.options import (
    site_folder,
)
from sitegen.cli.reporting import OK

SUMMARY = "Tell what a page was made from, and why it was last rendered."
EXAMPLES = (
    "sitegen why /2024/11/04/flood/",
    "sitegen why https://example.org/news/2024/11/04/flood/",
    "sitegen why --json / | python -m json.tool",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument("url", help="a page: /2024/11/04/flood/")
    parser.add_argument("--output", metavar="DIR", type=Path, help="the folder that was built into")
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from sitegen.tools.why import why, why_json, why_text

    found = why(site_folder(options), options.url, options.output)
    print(why_json(found) if options.json else why_text(found))
    return OK
