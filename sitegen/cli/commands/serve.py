"""`sitegen serve`: shows the site in the browser."""

from __future__ import annotations

import argparse

from sitegen.cli.options import (
    add_poll_option,
    add_view_options,
    poll_seconds,
    port,
    public_name,
    say,
    shown_time,
    site_folder,
    until_interrupted,
)
from sitegen.cli.reporting import OK

SUMMARY = "Show the site in the browser, and rebuild it whenever it changes."
EXAMPLES = (
    "sitegen serve",
    "sitegen serve --drafts --open",
    "sitegen serve --at 2024-12-24T18:00",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument(
        "--host", metavar="NAME", default="127.0.0.1", help="the address to listen on (%(default)s)"
    )
    parser.add_argument(
        "--port", metavar="N", type=port, default=8000, help="the port to begin at (%(default)s)"
    )
    parser.add_argument(
        "--allow-host",
        metavar="NAME",
        action="append",
        default=[],
        type=public_name,
        help="answer to this host name, too (of a proxy, say); can be given several times",
    )
    add_view_options(parser)
    add_poll_option(parser)
    parser.add_argument("--open", action="store_true", help="open the browser")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from sitegen.flow.build import Options
    from sitegen.preview.server import Address, serve
    from sitegen.watch.watching import Watch

    site = site_folder(options)
    build = Options(at=shown_time(options.at, site), drafts=options.drafts)
    with until_interrupted("preview stopped"):
        serve(
            site,
            build,
            Address(options.host, options.port),
            say,
            allow_hosts=options.allow_host,
            open_browser=options.open,
            all_problems=options.all_problems,
            watch=Watch(site, say, poll=poll_seconds(options, site)),
        )
    return OK
