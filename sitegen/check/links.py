"""External links: which are checked, which answers are cached, what is wrong."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import NamedTuple

from sitegen import __version__
from sitegen.cache.folder import make_folder
from sitegen.check.finding import Finding
from sitegen.config.settings import Config
from sitegen.model import moments
from sitegen.model.moments import Moment
from sitegen.model.wording import counted
from sitegen.web.fetching import Fetcher
from sitegen.web.link_status import LinkChecker, LinkStatus, unexpired
from sitegen.work.progress import Progress

FILE = "links.json"
EVERYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
SAVE_EVERY = 50


class ExternalLinks(NamedTuple):
    """What was found out about external links."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def check_external_links(
    external: Mapping[str, Sequence[Finding]],
    config: Config,
    state: Path,
    now: Moment,
    progress: Progress,
) -> ExternalLinks:
    """Check the addresses of other sites.

    `external` has each address with the places that link to it, `state` is the folder in which good
    answers are cached (`.sitegen/`).
    """
    settings = config.check
    kept = unexpired(load_answers(state), now, settings.external_days)
    unknown = sorted(external.keys() - kept.keys())
    todo, left = unknown[: settings.external_most], unknown[settings.external_most :]
    checker = LinkChecker(_fetcher(config), settings, now)
    answers = {url: kept[url] for url in external.keys() & kept.keys()}
    try:
        for done, (url, answer) in enumerate(checker.check_all(todo)):
            progress("links", done + 1, len(todo))
            answers[url] = kept[url] = answer
            if done % SAVE_EVERY == 0:
                save_answers(state, unexpired(kept, now, settings.external_days))
    finally:
        save_answers(state, unexpired(kept, now, settings.external_days))
    findings = tuple(_findings(external, answers))
    remembered = len(external) - len(unknown)
    counts = f"{len(todo):,} checked, {remembered:,} from the cache"
    notes = [f"{counted(len(external), 'external link')}: {counts}"]
    if refused := sum(not answer.is_known for answer in answers.values()):
        notes.append(f"{refused:,} could not be checked: their sites refuse programs")
    if left:
        notes.append(f"{len(left):,} were not checked (limit: `[check] external_most`)")
    return ExternalLinks(findings, tuple(notes))


def _fetcher(config: Config) -> Fetcher:
    who = f"; +{config.base_url}" if config.base_url else ""
    allowed = EVERYWHERE if config.check.external_private else ()
    agent = f"sitegen/{__version__} (checks the links of a paper{who})"
    return Fetcher(agent, ports=None, allowed=allowed)


def _findings(
    external: Mapping[str, Sequence[Finding]], answers: Mapping[str, LinkStatus]
) -> Iterator[Finding]:
    for url, named in external.items():
        answer = answers.get(url)
        if answer is None:
            continue
        for finding in named:
            if answer.fault:
                yield finding._replace(message=f'"{url}" {answer.fault}', hint=None)
            elif answer.moved_to:
                message = f'"{url}" has moved permanently'
                hint = f"link to {answer.moved_to}"
                yield finding._replace(rule="external-redirect", message=message, hint=hint)


def load_answers(state: Path) -> dict[str, LinkStatus]:
    """Return the cached answers; none if they cannot be read."""
    try:
        table = json.loads((state / FILE).read_bytes())
        return {
            str(url): LinkStatus("", str(moved), bool(known), moments.parse(at))
            for url, (moved, known, at) in table.items()
        }
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def save_answers(state: Path, answers: Mapping[str, LinkStatus]) -> None:
    """Cache good answers for the next run."""
    table = {
        url: (answer.moved_to, answer.is_known, moments.iso(answer.checked_at))
        for url, answer in sorted(answers.items())
    }
    make_folder(state)
    beside = state / f"{FILE}.{os.getpid()}"
    beside.unlink(missing_ok=True)
    with beside.open("x", encoding="utf-8") as file:  # never through a link that somebody planted
        file.write(json.dumps(table, ensure_ascii=False, indent=0))
    beside.replace(state / FILE)
