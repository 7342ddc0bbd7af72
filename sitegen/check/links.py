"""Links to other sites: which are asked for, what is remembered, what is said of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path
from typing import NamedTuple

from sitegen import __version__
from sitegen.check.finding import Finding
from sitegen.config.settings import Config
from sitegen.web.fetching import Fetcher
from sitegen.web.link_status import LinkChecker, LinkStatus, unexpired
from sitegen.work.progress import Progress

FILE = "links.json"
EVERYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
SAVE_EVERY = 50


class Answered(NamedTuple):
    """What is known of links to other sites."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def links(
    outside: Mapping[str, Sequence[Finding]],
    config: Config,
    state: Path,
    now: datetime,
    progress: Progress,
) -> Answered:
    """Ask for addresses of other sites, and say which are not there.

    `outside` has each address with the places that name it, `state` is the folder that keeps good
    answers (`.sitegen/`).
    """
    settings = config.check
    kept = unexpired(recall(state), now, settings.external_days)
    unknown = sorted(outside.keys() - kept.keys())
    todo, left = unknown[: settings.external_most], unknown[settings.external_most :]
    checker = LinkChecker(_fetcher(config), settings, now)
    answers = {url: kept[url] for url in outside.keys() & kept.keys()}
    try:
        for done, (url, answer) in enumerate(checker.check_all(todo)):
            progress("links", done + 1, len(todo))
            answers[url] = kept[url] = answer
            if done % SAVE_EVERY == 0:
                remember(state, unexpired(kept, now, settings.external_days))
    finally:
        remember(state, unexpired(kept, now, settings.external_days))
    findings = tuple(_findings(outside, answers))
    remembered = len(outside) - len(unknown)
    counts = f"{len(todo):,} asked, {remembered:,} remembered"
    notes = [f"{len(outside):,} addresses of other sites: {counts}"]
    if kept_out := sum(not answer.is_known for answer in answers.values()):
        notes.append(f"{kept_out:,} of them do not let programs look")
    if left:
        notes.append(f"{len(left):,} were not asked for: [check] external_most")
    return Answered(findings, tuple(notes))


def _fetcher(config: Config) -> Fetcher:
    who = f"; +{config.base_url}" if config.base_url else ""
    allowed = EVERYWHERE if config.check.external_private else ()
    agent = f"sitegen/{__version__} (checks the links of a paper{who})"
    return Fetcher(agent, ports=None, allowed=allowed)


def _findings(
    outside: Mapping[str, Sequence[Finding]], answers: Mapping[str, LinkStatus]
) -> Iterator[Finding]:
    for url, named in outside.items():
        answer = answers.get(url)
        if answer is None:
            continue
        for finding in named:
            if answer.fault:
                yield finding._replace(message=f'"{url}" {answer.fault}', hint=None)
            elif answer.moved_to:
                message = f'"{url}" has moved for good'
                hint = f"write {answer.moved_to}"
                yield finding._replace(rule="external-redirect", message=message, hint=hint)


def recall(state: Path) -> dict[str, LinkStatus]:
    """Return the answers that were remembered; none if they cannot be read."""
    try:
        table = json.loads((state / FILE).read_bytes())
        return {
            str(url): LinkStatus("", str(moved), bool(known), datetime.fromisoformat(at))
            for url, (moved, known, at) in table.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def remember(state: Path, answers: Mapping[str, LinkStatus]) -> None:
    """Keep good answers for the next run."""
    table = {
        url: (answer.moved_to, answer.is_known, answer.checked_at.isoformat())
        for url, answer in sorted(answers.items())
    }
    state.mkdir(parents=True, exist_ok=True)
    beside = state / f"{FILE}.{os.getpid()}"
    beside.write_text(json.dumps(table, ensure_ascii=False, indent=0), "utf-8")
    beside.replace(state / FILE)
