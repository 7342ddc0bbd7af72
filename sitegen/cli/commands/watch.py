"""`sitegen watch`: rebuilds the site whenever it changes."""

from __future__ import annotations

import argparse

from sitegen.cli.options import (
    EACH_FILE,
    add_build_options,
    add_poll_option,
    build_options,
    poll_seconds,
    say,
    site_folder,
    until_interrupted,
)
from sitegen.cli.reporting import OK

SUMMARY = "Rebuild the site whenever it changes."
EXAMPLES = (
    "sitegen watch",
    "sitegen watch --output /var/www/paper",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    add_build_options(parser)
    add_poll_option(parser)
    parser.add_argument("-v", "--verbose", action="store_true", help=EACH_FILE)


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from dataclasses import replace

    from sitegen.watch.rebuild import BuildLog, Outcome, keep_building
    from sitegen.watch.watching import Watch

    site = site_folder(options)
    build = replace(build_options(options, site), keep_going=True)
    log = BuildLog(site, each=options.all_problems, files=options.verbose)

    def tell(outcome: Outcome) -> None:
        for line in log.lines(outcome):
            say(line)

    seconds = poll_seconds(options, site)
    with until_interrupted("stopped watching"), Watch(site, say, poll=seconds) as watch:
        keep_building(site, build, watch, tell)
    return OK
