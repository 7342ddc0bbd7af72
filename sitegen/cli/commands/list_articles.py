"""`sitegen list`: which articles and pages there are, and what became of each."""

from __future__ import annotations

import argparse
import json
from functools import partial
from typing import TYPE_CHECKING, Any

from sitegen.cli.options import parse_time, say, site_folder
from sitegen.cli.reporting import OK

if TYPE_CHECKING:
    from sitegen.tools.listing import ListedDocument, State

SUMMARY = (
    "List the articles, standalone pages and texts of terms, with what is shown and what is not."
)
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
        help="only what is yet to appear",
    )
    parser.add_argument(
        "--expired",
        action="append_const",
        dest="states",
        const="expired",
        help="only what has come to its end",
    )
    parser.add_argument(
        "--errors", action="store_true", help="only what has errors, with what is wrong"
    )
    parser.add_argument("--at", metavar="TIME", help="as seen from this time (default: now)")
    parser.add_argument("--json", action="store_true", help="print the list as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from datetime import UTC, datetime

    from sitegen.console.terminal import counts_record, counts_text
    from sitegen.model import moments
    from sitegen.tools.listing import chosen, list_documents

    site = site_folder(options)
    at = parse_time(options.at, site) or moments.of(datetime.now(UTC).replace(microsecond=0))
    listing = list_documents(site, at)
    states: frozenset[State] = frozenset(options.states or ())
    found = list(chosen(listing.documents, states, errors=options.errors))
    if options.json:
        printed = {
            "found": listing.counts.found,
            "articles": listing.counts.shown,
            "not_shown": listing.counts.not_shown(),
            "standalone": counts_record(listing.standalone),
            "listed": [_record(document) for document in found],
        }
        print(json.dumps(printed, ensure_ascii=False, indent=2))
        return OK
    width = max((len(document.path) for document in found), default=0)
    for document in found:
        print(_line(document, width))
        for problem in document.errors:
            print(f"    {problem.location}: {problem.message}")
    say(counts_text(listing.counts))
    if listing.standalone.found:
        say(counts_text(listing.standalone, "standalone page"))
    return OK


def _line(document: ListedDocument, width: int) -> str:
    from sitegen.model import moments
    from sitegen.model.documents import Entry

    entry = document.entry
    date = moments.written(entry.teaser.date) if isinstance(entry, Entry) else "-"
    state = _WORDS.get(document.state, document.state)
    title = entry.teaser.title if entry else ""
    return f"{date:16}  {state:9}  {document.path:{width}}  {title}".rstrip()


def _record(document: ListedDocument) -> dict[str, Any]:
    from sitegen.console.terminal import problem_record
    from sitegen.model import moments
    from sitegen.model.documents import Entry

    entry, written = document.entry, partial(moments.rfc3339, precision="auto")
    known = (
        {
            "date": written(entry.teaser.date) if isinstance(entry, Entry) else None,
            "publish": written(entry.publish) if entry.publish else None,
            "expires": written(entry.expires) if entry.expires else None,
            "title": entry.teaser.title,
            "url": entry.teaser.url,
        }
        if entry
        else dict.fromkeys(("date", "publish", "expires", "title", "url"))
    )
    errors = [problem_record(problem) for problem in document.errors]
    return {"path": document.path, "state": document.state, **known, "errors": errors}
