"""`sitegen watch`: rebuilds the site whenever it changes."""

from __future__ import annotations

import argparse

from sitegen.cli.options import (
    add_build_options,
    build_options,
    say,
    site_folder,
    until_interrupted,
)
from sitegen.cli.reporting import OK

SUMMARY = "Rebuild the site whenever it changes."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    add_build_options(parser)


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from dataclasses import replace

    from sitegen.watch.rebuild import BuildLog, Outcome, keep_building
    from sitegen.watch.watching import Watch

    site = site_folder(options)
    build = replace(build_options(options, site), keep_going=True)
    log = BuildLog(site)

    def tell(outcome: Outcome) -> None:
        for line in log.lines(outcome):
            say(line)

    with until_interrupted("stopped watching"), Watch(site, say) as watch:
        keep_building(site, build, watch, tell)
    return OK
