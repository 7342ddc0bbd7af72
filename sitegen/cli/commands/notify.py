"""`sitegen notify`: tells other sites that articles link to them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sitegen.cli.options import say, site_folder, until_interrupted
from sitegen.cli.reporting import INTERRUPTED, OK
from sitegen.model.errors import Problem, UsageError

if TYPE_CHECKING:
    from sitegen.notify.notifying import Report

SUMMARY = "Tell the pages that new and changed articles link to: Webmention, Pingback, TrackBack."
EXAMPLES = (
    "sitegen notify --dry-run",
    "sitegen notify --wait 120",
    "sitegen notify /2024/11/04/flood/",
)

_BECAME = {
    "told": "told",
    "none": "takes none",
    "refused": "refused",
    "waiting": "later",
    "unsure": "unsure",
}
_MAX_NOTES = 10
"""Notes of one kind that are printed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument(
        "urls",
        nargs="*",
        metavar="URL",
        help="articles to tell of whatever their age, trying again what was refused or given up",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="list who would be notified, and send nothing"
    )
    parser.add_argument(
        "--allow-lost-articles",
        action="store_true",
        help="tell of all articles that are gone, however many they are, this once",
    )
    parser.add_argument(
        "--wait",
        metavar="SECONDS",
        type=_seconds,
        default=0,
        help="wait so long for the articles to be live on the web",
    )
    parser.add_argument("--json", action="store_true", help="print what was done as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    site = site_folder(options)
    code = INTERRUPTED
    with until_interrupted("interrupted; run `sitegen notify` again to continue"):
        notify_site(
            site,
            urls=tuple(options.urls),
            dry_run=options.dry_run,
            allow_lost_articles=options.allow_lost_articles,
            wait=options.wait,
            as_json=options.json,
        )
        code = OK
    return code  # noqa: RET504 - the block may end before it has one


def notify_site(
    site: Path,
    *,
    urls: tuple[str, ...] = (),
    dry_run: bool = False,
    allow_lost_articles: bool = False,
    wait: float = 0,
    as_json: bool = False,
    output: Path | None = None,
) -> None:
    """Notify for a site, and print what was done."""
    from datetime import UTC, datetime

    from sitegen.console import terminal
    from sitegen.model import moments

    try:
        from sitegen.notify.notifying import NotifyOptions, notify
    except ImportError as error:
        from sitegen.model.distribution import install_hint

        message = f'`sitegen notify` needs the package "{error.name}", which is not installed'
        hint = install_hint("notify")
        raise UsageError(Problem(message, hint=hint)) from None
    chosen = NotifyOptions(urls, dry_run, wait, output, allow_lost_articles)
    now = moments.of(datetime.now(UTC).replace(microsecond=0))
    with terminal.progress() as progress:
        report = notify(site, now, chosen, progress)
    if as_json:
        print(json.dumps(_as_json(report, dry_run=dry_run), ensure_ascii=False, indent=1))
    elif dry_run:
        for task in report.planned:
            print(f"{task.kind:8} {task.source} -> {task.target}")
    else:
        for outcome in report.outcomes:
            way = f" ({outcome.task.kind}, {outcome.protocol})" if outcome.protocol else ""
            why = f": {outcome.reason}" if outcome.reason else ""
            link = f"{outcome.task.source} -> {outcome.task.target}"
            print(f"{_BECAME[outcome.state]:10} {link}{way}{why}")
    _say_rest(report, dry_run=dry_run)


def _say_rest(report: Report, *, dry_run: bool) -> None:
    notes = [
        f"not yet live, so {task.target} was not told: {task.source}: {why}"
        for task, why in report.not_live
    ]
    for note in notes[:_MAX_NOTES]:
        say(f"note: {note}")
    if len(notes) > _MAX_NOTES:
        say(f"note: {len(notes) - _MAX_NOTES:,} more are not yet live")
    for record in report.unsure:
        say(
            f"note: it is not known whether {record.target} was told ({record.endpoint}); "
            "to tell it again, name the article"
        )
    if report.waiting:
        say(f"note: {len(report.waiting):,} wait for a later run, as servers did not answer well")
    if report.over_limit:
        say(f"note: {report.over_limit:,} wait for the next run: [notify] per_host")
    if dry_run:
        if report.refused:
            say(f"note: this would be refused: {report.refused.message}")
        say(f"{len(report.planned):,} would be told")
        return
    states = [outcome.state for outcome in report.outcomes]
    say(
        f"{states.count('told'):,} told, {states.count('none'):,} take no notifications, "
        f"{states.count('refused'):,} refused, {states.count('waiting'):,} to be tried again, "
        f"{len(report.not_live):,} not yet live"
    )


def _as_json(report: Report, *, dry_run: bool) -> dict[str, Any]:
    if dry_run:
        planned = [
            {"kind": task.kind, "source": task.source, "target": task.target}
            for task in report.planned
        ]
        return {"planned": planned, "left": report.over_limit, "waiting": len(report.waiting)}
    return {
        "notified": [
            {
                "kind": outcome.task.kind,
                "source": outcome.task.source,
                "target": outcome.task.target,
                "state": outcome.state,
                "way": outcome.protocol,
                "endpoint": outcome.endpoint,
                "why": outcome.reason,
            }
            for outcome in report.outcomes
        ],
        "not_live": [
            {"kind": task.kind, "source": task.source, "target": task.target, "why": why}
            for task, why in report.not_live
        ],
        "unsure": [{"source": item.source, "target": item.target} for item in report.unsure],
        "waiting": len(report.waiting),
        "left": report.over_limit,
    }


def _seconds(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number')
    return int(text)
