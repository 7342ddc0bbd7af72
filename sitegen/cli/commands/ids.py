"""`sitegen ids`: writes an id into each article that has none."""

from __future__ import annotations

import argparse

from sitegen.cli.options import site_folder
from sitegen.cli.reporting import OK, PROBLEMS, print_answer, print_problems

SUMMARY = "Write into each article without an id the one that it has in feeds now."
EXAMPLES = ("sitegen ids --dry-run",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument("--dry-run", action="store_true", help="only print which files")
    parser.add_argument("--json", action="store_true", help="print the paths as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from sitegen.console import terminal
    from sitegen.tools.ids import write_ids

    site = site_folder(options)
    written = write_ids(site, dry_run=options.dry_run)
    document = {
        "written": not options.dry_run,
        "paths": written.paths,
        **terminal.problems_record(written.problems),
    }
    print_answer(options, document, written.paths)
    print_problems(written.problems, options)
    return PROBLEMS if written.problems else OK
