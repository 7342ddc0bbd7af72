"""The command line: one function a command. The rest is imported only by the command that needs it.

Data goes to stdout, messages to stderr. Exit codes: 0 fine, 1 the site has problems, 2 wrong
usage, 3 a bug of ours.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sitegen import __version__
from sitegen.errors import Problem, SitegenError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from sitegen.build import Options

FINE, PROBLEMS, USAGE, BUG = 0, 1, 2, 3
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a terminal without UTF-8 must not end a build
            reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    if options.command is None:
        _parser().print_help()
        return USAGE
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        code = run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = PROBLEMS
    except SitegenError as error:
        _tell(error.problems, getattr(options, "found_site", None))
        code = USAGE if isinstance(error, UsageError) else PROBLEMS
        if code == PROBLEMS:
            _count(error.problems)
    except KeyboardInterrupt:
        print("interrupted; the site is as it was", file=sys.stderr)
        code = INTERRUPTED
    except Exception:  # noqa: BLE001 - the one place where a bug of ours ends: with its traceback
        _own_up()
        code = BUG
    return code


def _own_up() -> None:
    import traceback

    traceback.print_exc()
    print(
        f"\nThis is a bug in sitegen {__version__}, not a mistake of yours. "
        "Please report it with the lines above.",
        file=sys.stderr,
    )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="sitegen", description="Makes a complete news site from Markdown articles."
    )
    parser.add_argument("--version", action="version", version=f"sitegen {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> _Parser:
        made: _Parser = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        if name != "init":
            made.add_argument(
                "--site",
                metavar="DIR",
                type=Path,
                help="the site (default: this folder or the nearest parent with a configuration)",
            )
        return made

    build = command("build", _build, "Build the site into its output folder.")
    _add_build_options(build)
    build.add_argument("--clean", action="store_true", help="forget what earlier builds kept")
    build.add_argument(
        "--keep-going",
        action="store_true",
        help="publish what can be made although there are errors",
    )
    build.add_argument("--json", action="store_true", help="print the report as JSON on stdout")

    serve = command("serve", _serve, "Show the site in the browser, always as it is now.")
    serve.add_argument(
        "--host", metavar="NAME", default="127.0.0.1", help="the address to listen on (%(default)s)"
    )
    serve.add_argument(
        "--port", metavar="N", type=_port, default=8000, help="the port to begin at (%(default)s)"
    )
    _add_view_options(serve)
    serve.add_argument("--open", action="store_true", help="open the browser")

    watch = command("watch", _watch, "Build the site again whenever it changes.")
    _add_build_options(watch)

    why = command("why", _why, "Tell what a page was made from, and why it was last rendered.")
    why.add_argument("url", help="a page: /2024/11/04/flood/")
    why.add_argument("--output", metavar="DIR", type=Path, help="the folder that was built into")
    why.add_argument("--json", action="store_true", help="print it as JSON")

    verify = command("verify", _verify, "Compare the output with a clean build, byte for byte.")
    verify.add_argument("--output", metavar="DIR", type=Path, help="the folder that was built into")

    command("next", _next, "Print when the site next changes by itself, if it does.").add_argument(
        "--at", metavar="TIME", help="as seen from this time (default: now)"
    )

    new = command("new", _new, "Make an article file and print its path.")
    new.add_argument("headline", help="the headline, in quotes")
    new.add_argument("--category", help="the category (default: the site's default)")
    new.add_argument("--author", action="append", help="an author; may be given several times")
    new.add_argument("--draft", action="store_true", help="do not publish it yet")

    init = command("init", _init, "Make a new site in a folder.")
    init.add_argument("folder", metavar="DIR", type=Path, help="a folder that is new or empty")
    return parser


class _Parser(argparse.ArgumentParser):
    """Exits with our code for wrong usage, which is argparse's, too."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        print(f"sitegen: {message}", file=sys.stderr)
        raise SystemExit(USAGE)


def _add_view_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--at", metavar="TIME", help="show the site as at this time (2024-11-04T21:54)"
    )
    parser.add_argument("--drafts", action="store_true", help="show drafts and scheduled articles")


def _add_build_options(parser: argparse.ArgumentParser) -> None:
    _add_view_options(parser)
    parser.add_argument(
        "--jobs", metavar="N", type=_positive, help="number of processes (default: as it pays)"
    )
    parser.add_argument("--output", metavar="DIR", type=Path, help="the folder to build into")
    parser.add_argument("--base-url", metavar="URL", help="instead of the configuration's base_url")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number from 1 up')
    return int(text)


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:  # noqa: PLR2004 - TCP's
        raise ValueError
    return number


def _site(options: argparse.Namespace) -> Path:
    """Return the site folder, and remember it for the code frames of messages."""
    from sitegen.config import find_site

    site: Path | None = options.site
    if site is None:
        site = find_site(Path.cwd())
    elif not site.is_dir():
        raise UsageError(Problem(f'there is no folder "{site}"'))
    options.found_site = site
    return site


def _options(options: argparse.Namespace, site: Path) -> Options:
    from sitegen.build import Options

    return Options(
        at=_moment(options.at, site),
        drafts=options.drafts,
        output=options.output,
        base_url=options.base_url,
        clean=getattr(options, "clean", False),
        keep_going=getattr(options, "keep_going", False),
        jobs=options.jobs,
    )


def _moment(text: str | None, site: Path) -> datetime | None:
    """Return the moment that `--at` names; without a zone it is in the site's."""
    if text is None:
        return None
    from datetime import datetime

    from sitegen.config import load

    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        hint = "write it as 2024-11-04T21:54 or 2024-11-04T21:54:00+09:00"
        raise UsageError(Problem(f'--at: "{text}" is not a time', hint=hint)) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=load(site).zone)


def _build(options: argparse.Namespace) -> int:
    from sitegen import terminal
    from sitegen.build import build

    site = _site(options)
    with terminal.progress() as progress:
        report = build(site, _options(options, site), progress=progress)
    _tell(report.problems, site)
    for note in report.notes:
        print(f"note: {note}", file=sys.stderr)
    if options.json:
        print(terminal.report_json(report))
    else:
        print(terminal.report_text(report, options.output or site / "output"), file=sys.stderr)
    errors = [problem for problem in report.problems if problem.is_error]
    if errors:
        _count(errors)
    return PROBLEMS if errors else FINE


def _serve(options: argparse.Namespace) -> int:
    from sitegen.build import Options
    from sitegen.serve import Address, serve

    site = _site(options)
    build = Options(at=_moment(options.at, site), drafts=options.drafts)
    with _until_interrupted("the preview has ended"):
        serve(
            site,
            build,
            Address(options.host, options.port),
            _say,
            open_browser=options.open,
        )
    return FINE


def _watch(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from sitegen.rebuild import Log, Outcome, keep_building
    from sitegen.watch import Watch

    site = _site(options)
    build = replace(_options(options, site), keep_going=True)
    log = Log(site)

    def tell(outcome: Outcome) -> None:
        for line in log.lines(outcome):
            _say(line)

    with _until_interrupted("the watch has ended"), Watch(site, _say) as watch:
        keep_building(site, build, watch, tell)
    return FINE


@contextmanager
def _until_interrupted(last_words: str) -> Iterator[None]:
    """Let Ctrl-C and the system's request to end (SIGTERM) end the block, as if it were done."""
    import signal

    def end(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except KeyboardInterrupt:
        _say(f"\n{last_words}")
    finally:
        signal.signal(signal.SIGTERM, before)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _why(options: argparse.Namespace) -> int:
    from sitegen.why import why, why_json, why_text

    found = why(_site(options), options.url, options.output)
    print(why_json(found) if options.json else why_text(found))
    return FINE


def _verify(options: argparse.Namespace) -> int:
    from sitegen import terminal
    from sitegen.verify import verify

    with terminal.progress() as progress:
        verdict = verify(_site(options), options.output, progress=progress)
    for difference in verdict.differences:
        print(f"{difference.path}: {difference.what}")
        for question in difference.asked:
            print(f"    asked {question}")
    same = verdict.files - sum(item.what != "left over" for item in verdict.differences)
    print(f"{same:,} files are as a clean build makes them", file=sys.stderr)
    return PROBLEMS if verdict.differences else FINE


def _next(options: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from sitegen.schedule import next_change

    site = _site(options)
    moment = next_change(site, _moment(options.at, site) or datetime.now(UTC))
    if moment is not None:
        print(moment.isoformat())
    return FINE


def _new(options: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from sitegen.scaffold import new_article

    path = new_article(
        _site(options),
        options.headline,
        category=options.category,
        authors=options.author or [],
        draft=options.draft,
        now=datetime.now(UTC),
    )
    print(path)
    return FINE


def _init(options: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from sitegen.scaffold import new_site

    for path in new_site(options.folder, now=datetime.now(UTC)):
        print(path)
    print(
        f"\nNext: cd {options.folder} && sitegen build   (its README.md tells the rest)",
        file=sys.stderr,
    )
    return FINE


def _tell(problems: Sequence[Problem], site: Path | None) -> None:
    from sitegen.terminal import problem_texts

    for text in problem_texts(problems, site):
        print(text, file=sys.stderr)
        print(file=sys.stderr)


def _count(problems: Sequence[Problem]) -> None:
    errors = sum(problem.is_error for problem in problems)
    print(f"{errors} error{'' if errors == 1 else 's'}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
