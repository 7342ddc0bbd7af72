"""The command line: finds the command, runs it, and turns what goes wrong into an exit code.

Data goes to stdout, messages to stderr. Each command is a module of `commands`.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from sitegen import __version__
from sitegen.cli.commands import (
    addresses,
    build,
    check,
    completion,
    deploy,
    ids,
    init,
    list_articles,
    new,
    next_change,
    notify,
    receive,
    responses,
    serve,
    theme,
    verify,
    watch,
    why,
    words,
)
from sitegen.cli.reporting import (
    BUG,
    INTERRUPTED,
    PROBLEMS,
    USAGE,
    print_error_count,
    print_problems,
)
from sitegen.model.errors import SitegenError, UsageError

COMMANDS: dict[str, ModuleType] = {
    "build": build,
    "serve": serve,
    "watch": watch,
    "why": why,
    "verify": verify,
    "check": check,
    "list": list_articles,
    "next": next_change,
    "receive": receive,
    "responses": responses,
    "deploy": deploy,
    "notify": notify,
    "addresses": addresses,
    "theme": theme,
    "new": new,
    "words": words,
    "ids": ids,
    "init": init,
    "completion": completion,
}
"""Every command by its name, in the order of `--help`."""

WITHOUT_SITE = frozenset({"completion", "init"})
"""Commands that are not about a site that is there."""

SHARED_OPTIONS = frozenset({"all_problems"})
"""Options of all other commands, which docs/commands.md tells of once."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a terminal without UTF-8 must not end a build
            reconfigure(errors="replace")
    options = parser().parse_args(arguments)
    if options.command is None:
        parser().print_help()
        return USAGE
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        code = run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = PROBLEMS
    except SitegenError as error:
        print_problems(error.problems, options)
        code = USAGE if isinstance(error, UsageError) else PROBLEMS
        if code == PROBLEMS:
            print_error_count(error.problems)
    except OSError as error:
        from sitegen.model.refusals import refusal

        # What the system refuses is no bug of ours, wherever it happens.
        print_problems(refusal(error).problems, options)
        code = USAGE
    except KeyboardInterrupt:
        print("interrupted; the site was not changed", file=sys.stderr)
        code = INTERRUPTED
    except Exception:  # noqa: BLE001 - the one place where a bug of ours ends: with its traceback
        _report_bug()
        code = BUG
    return code


def program() -> NoReturn:
    """Run one command as a process of its own, and end it."""
    code = main()
    # The process ends: there is no need to traverse all objects once more.
    gc.freeze()
    sys.exit(code)


def _report_bug() -> None:
    import traceback

    traceback.print_exc()
    print(
        f"\nThis is a bug in sitegen {__version__}. Please report it, with the traceback above.",
        file=sys.stderr,
    )


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line, with every command and option."""
    root = _Parser(prog="sitegen", description="Makes a complete news site from Markdown articles.")
    root.add_argument("--version", action="version", version=f"sitegen {__version__}")
    commands = root.add_subparsers(dest="command", metavar="COMMAND")
    for name, module in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=module.SUMMARY,
            description=module.SUMMARY,
            epilog="\n  ".join(("examples:", *module.EXAMPLES)),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.set_defaults(run=module.run)
        if name not in WITHOUT_SITE:
            command.add_argument(
                "--site",
                metavar="DIR",
                type=Path,
                help="the site (default: this folder or the nearest parent with a configuration)",
            )
            command.add_argument(
                "--all-problems",
                action="store_true",
                help="tell each problem, also where many are of one kind",
            )
        module.add_arguments(command)
    return root


class _Parser(argparse.ArgumentParser):
    """Exits with our code for wrong usage, which is argparse's, too, and says what was meant."""

    def parse_args(self, *given: Any, **named: Any) -> Any:
        """Return what the arguments say; an option that there is not is told with the nearest."""
        options, unknown = self.parse_known_args(*given, **named)
        if unknown:
            known = _option_names(self, getattr(options, "command", None))
            near = next((found for word in unknown if (found := _near(word, known))), "")
            self.error(f"unrecognized arguments: {' '.join(unknown)}{near}")
        return options

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse a word that is not among those that may stand there, with the nearest of them."""
        if action.choices is not None and value not in action.choices:
            known = tuple(map(str, action.choices))
            noun = _noun(action)
            hint = _near(str(value), known) or f"\nhint: known {noun}s: {', '.join(known)}"
            raise argparse.ArgumentError(action, f'unknown {noun} "{value}"{hint}')

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        print(f"sitegen: {message}", file=sys.stderr)
        raise SystemExit(USAGE)


def _option_names(root: argparse.ArgumentParser, command: str | None) -> tuple[str, ...]:
    """Return the names of the options of a command, or of the program."""
    parsers = [root]
    for action in root._actions:  # noqa: SLF001 - argparse has no public way to look
        if isinstance(action, argparse._SubParsersAction) and command in action.choices:  # noqa: SLF001 - as above
            parsers = [action.choices[command]]
    return tuple(
        name
        for parser in parsers
        for action in parser._actions  # noqa: SLF001 - as above
        for name in action.option_strings
    )


def _noun(action: argparse.Action) -> str:
    return "command" if isinstance(action, argparse._SubParsersAction) else "value"  # noqa: SLF001


def _near(word: str, known: Iterable[str]) -> str:
    """Return a line with the nearest known word, "" if none is near."""
    from sitegen.model.errors import did_you_mean

    hint = did_you_mean(word.partition("=")[0], known)
    return f"\nhint: {hint}" if hint else ""
