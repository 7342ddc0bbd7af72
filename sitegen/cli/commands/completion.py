"""`sitegen completion`: prints a script by which a shell completes commands and options."""

from __future__ import annotations

import argparse

from sitegen.cli.reporting import OK

SUMMARY = "Print a script by which a shell completes commands and options."
EXAMPLES = (
    'eval "$(sitegen completion bash)"',
    "sitegen completion fish > ~/.config/fish/completions/sitegen.fish",
)

_SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument("shell", choices=_SHELLS, help=f"the shell: {', '.join(_SHELLS)}")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from sitegen.cli.completion import SCRIPTS, completed_commands
    from sitegen.cli.main import parser

    print(SCRIPTS[options.shell](tuple(completed_commands(parser()))), end="")
    return OK
