"""`sitegen list`: which articles there are, and what became of each."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from sitegen.cli.options import parse_time, say, site_folder
from sitegen.cli.reporting import OK

if TYPE_CHECKING:
    from sitegen.tools.listing import ListedArticle, State

SUMMARY = "List the articles, with what is shown and what is not."
EXAMPLES = (
    "sitegen list",
    "sitegen list --drafts --scheduled",
    "sitegen list --errors",
    "sitegen list --expired --json",
)

_STATES = ("draft", "scheduled", "expired")
"""Those that have an option."""

_WORDS = {"left_out": "left out"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument(
        "--drafts", action="append_const", dest="states", const="draft", help="only drafts"
    )
    parser.add_argument(
        "--scheduled",
        action="append_const",
        dest="states",
        const="scheduled",
        help="only articles that are yet to appear",
    )
    parser.add_argument(
        "--expired",
        action="append_const",
        dest="states",
        const="expired",
        help="only articles whose end has come",
    )
    parser.add_argument(
        "--errors", action="store_true", help="only articles with errors, with what is wrong"
    )
    parser.add_argument("--at", metavar="TIME", help="as seen from this time (default: now)")
    parser.add_argument("--json", action="store_true", help="print the articles as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from datetime import UTC, datetime

    from sitegen.console.terminal import counts_text
    from sitegen.model import moments
    from sitegen.tools.listing import chosen, list_articles

    site = site_folder(options)
    at = parse_time(options.at, site) or moments.of(datetime.now(UTC).replace(microsecond=0))
    listing = list_articles(site, at)
    states: frozenset[State] = frozenset(options.states or ())
    found = list(chosen(listing.articles, states, errors=options.errors))
    if options.json:
        document = {
            "found": listing.counts.found,
            "articles": listing.counts.shown,
            "not_shown": listing.counts.not_shown(),
            "listed": [_record(article) for article in found],
        }
        print(json.dumps(document, ensure_ascii=False, indent=2))
        return OK
    width = max((len(article.path) for article in found), default=0)
    for article in found:
        print(_line(article, width))
        for problem in article.errors:
            print(f"    {problem.location}: {problem.message}")
    say(counts_text(listing.counts))
    return OK


def _line(article: ListedArticle, width: int) -> str:
    from sitegen.model import moments

    teaser = article.entry.teaser if article.entry else None
    date = moments.written(teaser.date) if teaser else "-"
    state = _WORDS.get(article.state, article.state)
    title = teaser.title if teaser else ""
    return f"{date:16}  {state:9}  {article.path:{width}}  {title}".rstrip()


def _record(article: ListedArticle) -> dict[str, Any]:
    from sitegen.console.terminal import problem_record
    from sitegen.model import moments

    entry = article.entry
    known = (
        {
            "date": moments.rfc3339(entry.teaser.date, "auto"),
            "publish": moments.rfc3339(entry.publish, "auto"),
            "expires": moments.rfc3339(entry.expires, "auto") if entry.expires else None,
            "title": entry.teaser.title,
            "url": entry.teaser.url,
        }
        if entry
        else dict.fromkeys(("date", "publish", "expires", "title", "url"))
    )
    errors = [problem_record(problem) for problem in article.errors]
    return {"path": article.path, "state": article.state, **known, "errors": errors}
