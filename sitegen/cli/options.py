"""Options that several commands take, and what they mean."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.model.errors import Problem, SitegenError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from sitegen.flow.build import Options
    from sitegen.model.moments import Moment


def add_view_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which state of the site to show."""
    parser.add_argument(
        "--at", metavar="TIME", help="show the site as at this time (2024-11-04T21:54)"
    )
    parser.add_argument("--drafts", action="store_true", help="show drafts and scheduled articles")


def add_build_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `build` and `watch` have in common."""
    add_view_options(parser)
    parser.add_argument(
        "--jobs",
        metavar="N",
        type=positive,
        help="number of processes (default: as the work needs)",
    )
    parser.add_argument("--output", metavar="DIR", type=Path, help="the folder to build into")
    parser.add_argument("--base-url", metavar="URL", help="instead of the configuration's base_url")


def add_action(parser: argparse.ArgumentParser, actions: tuple[str, ...]) -> None:
    """Add the word that says what a command is to do: the first of them by itself."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=actions,
        default=actions[0],
        help="what to do (default: %(default)s)",
    )


def add_poll_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that `serve` and `watch` have in common."""
    parser.add_argument(
        "--poll",
        metavar="SECONDS",
        nargs="?",
        const=1,
        type=positive,
        help="look at all files so often (by itself: every second) where no events come",
    )


def add_volume_options(parser: argparse.ArgumentParser, verbose: str = "") -> None:
    """Add the options that say how much is told: `-q`, and `-v` with what it tells, if anything."""
    volume = parser.add_mutually_exclusive_group()
    volume.add_argument(
        "-q", "--quiet", action="store_true", help="tell problems only, no report and no progress"
    )
    if verbose:
        volume.add_argument("-v", "--verbose", action="store_true", help=verbose)


EACH_FILE = "also tell each file that is rendered, with the reason, copied or removed"
"""What `-v` does where something is built."""


def voice(options: argparse.Namespace) -> Callable[[str], None]:
    """Return what tells reports on stderr: nothing with `--quiet`."""
    return _silent if options.quiet else say


def _silent(_text: str) -> None:
    """Tell nothing."""


def poll_seconds(options: argparse.Namespace, site: Path) -> int:
    """Return how often to look at all files: as asked for, or as configured; 0: where needed."""
    from sitegen.config.loading import load_config

    asked: int | None = options.poll
    if asked is not None:
        return asked
    try:
        return load_config(site).watch.poll
    except SitegenError:  # the first build tells it, and waits until it is mended
        return 0


def positive(text: str) -> int:
    """Read a whole number from 1 up, for argparse."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number of at least 1')
    return int(text)


def port(text: str) -> int:
    """Read the number of a TCP port, for argparse."""
    number = int(text)
    if not 0 <= number <= 65535:  # noqa: PLR2004 - TCP's
        raise ValueError
    return number


def public_name(text: str) -> str:
    """Read a host name, for argparse."""
    from sitegen.web.host_names import host_name

    if not host_name(text):
        raise argparse.ArgumentTypeError(f'"{text}" is not a host name: write it without "http://"')
    return text


def site_folder(options: argparse.Namespace) -> Path:
    """Return the site folder, and store it in `options` for the code frames of messages."""
    from sitegen.config.loading import find_site, require_site

    site: Path | None = options.site
    if site is None:
        site = find_site(Path.cwd())
    require_site(site)
    options.site_folder = site
    return site


def build_options(options: argparse.Namespace, site: Path) -> Options:
    """Return the options of a build from those of the command line."""
    from sitegen.flow.build import Options

    return Options(
        at=shown_time(options.at, site),
        drafts=options.drafts,
        output=options.output,
        base_url=options.base_url,
        clean=getattr(options, "clean", False),
        keep_going=getattr(options, "keep_going", False),
        jobs=options.jobs,
    )


def shown_time(text: str | None, site: Path) -> datetime | None:
    """Return the moment that `--at` names, as `build` takes it."""
    from sitegen.model import moments

    moment = parse_time(text, site)
    return moments.local(moment) if moment else None


def parse_time(text: str | None, site: Path, option: str = "--at") -> Moment | None:
    """Return the moment that an option names; without a zone it is in the site's."""
    if text is None:
        return None
    from datetime import datetime

    from sitegen.config.loading import load_config
    from sitegen.model import moments

    try:
        time = datetime.fromisoformat(text.strip())
        return moments.of(time if time.tzinfo else time.replace(tzinfo=load_config(site).zone))
    except ValueError:
        hint = "write it as 2024-11-04T21:54 or 2024-11-04T21:54:00+09:00"
        raise UsageError(Problem(f'{option}: "{text}" is not a time', hint=hint)) from None


@contextmanager
def until_interrupted(message: str) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the block as if it were done, and print `message`."""

    def end(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except KeyboardInterrupt:
        say(f"\n{message}")
    finally:
        signal.signal(signal.SIGTERM, before)


def say(text: str) -> None:
    """Print a message on stderr, at once."""
    print(text, file=sys.stderr, flush=True)
