"""`sitegen receive`: takes comments and mentions."""

from __future__ import annotations

import argparse
from pathlib import Path

from sitegen.cli.options import port, say, site_folder, until_interrupted
from sitegen.cli.reporting import OK
from sitegen.model.errors import Problem, UsageError

SUMMARY = "Take comments and mentions, and file them for a moderator."
EXAMPLES = (
    "sitegen receive",
    "sitegen receive --host 127.0.0.1 --port 8010",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument(
        "--host", metavar="NAME", default="127.0.0.1", help="the address to listen on (%(default)s)"
    )
    parser.add_argument(
        "--port", metavar="N", type=port, default=8010, help="the port to listen on (%(default)s)"
    )
    parser.add_argument("--output", metavar="DIR", type=Path, help="the folder that was built into")
    parser.add_argument("--base-url", metavar="URL", help="instead of the configuration's base_url")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from sitegen.config.loading import load_config, with_base_url

    try:
        from sitegen.receive.environment import read_secrets
        from sitegen.receive.server import serve
    except ImportError as error:
        from sitegen.model.distribution import install_hint

        hint = install_hint("receive")
        message = f'`sitegen receive` needs the package "{error.name}", which is not installed'
        raise UsageError(Problem(message, hint=hint)) from None
    site = site_folder(options)
    config = load_config(site)
    if options.base_url:
        config = with_base_url(config, options.base_url)
    with until_interrupted("receiver stopped"):
        serve(
            site,
            config,
            read_secrets(),
            say,
            host=options.host,
            port=options.port,
            output=options.output,
        )
    return OK
