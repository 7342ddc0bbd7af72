"""`sitegen new`: makes the file of an article or a standalone page."""

from __future__ import annotations

import argparse

from sitegen.cli.options import parse_time, site_folder
from sitegen.cli.reporting import OK, print_answer

SUMMARY = "Make the file of an article or a page and print its path."
EXAMPLES = (
    'sitegen new "Flood in the Lower Town" --category News --author "Ann Lee" --draft',
    'sitegen new "高潮" --slug high-tide --lang ja --date "2024-11-05 06:00"',
    'sitegen new --page "Our rules" --slug about/rules',
    "$EDITOR \"$(sitegen new 'A quiet opening')\"",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument("headline", help="the headline, in quotes")
    parser.add_argument(
        "--page", action="store_true", help="a standalone page (About us), not an article"
    )
    parser.add_argument("--category", help="the category (default: the site's default)")
    parser.add_argument("--author", action="append", help="an author; may be given several times")
    parser.add_argument(
        "--date",
        metavar="TIME",
        help="its date, 2024-11-05T06:00 say; to come: scheduled for then; of a page: when it "
        "appears",
    )
    parser.add_argument(
        "--slug",
        help="name file and address after this, not after the headline; of a page also with "
        "folders: about/rules",
    )
    parser.add_argument("--lang", metavar="TAG", help="its language (default: the site's)")
    parser.add_argument("--draft", action="store_true", help="do not publish it yet")
    parser.add_argument("--json", action="store_true", help="print the path as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from datetime import UTC, datetime

    from sitegen.model import moments
    from sitegen.tools.scaffold import NewArticle, NewPage, new_article, new_page

    site = site_folder(options)
    if options.page:
        _refuse_for_pages(options)
        page = NewPage(
            options.headline,
            options.slug or "",
            options.lang or "",
            options.draft,
            parse_time(options.date, site, "--date"),
        )
        path = new_page(site, page)
        print_answer(options, {"path": str(path)}, [str(path)])
        return OK
    now = moments.of(datetime.now(UTC))
    wanted = NewArticle(
        options.headline,
        parse_time(options.date, site, "--date") or now,
        category=options.category or "",
        authors=tuple(options.author or ()),
        draft=options.draft,
        slug=options.slug or "",
        lang=options.lang or "",
    )
    path = new_article(site, wanted)
    print_answer(options, {"path": str(path)}, [str(path)])
    return OK


def _refuse_for_pages(options: argparse.Namespace) -> None:
    """Raise `UsageError` for an option that only articles have."""
    from sitegen.model.errors import Problem, UsageError

    for name in ("category", "author"):
        if getattr(options, name):
            message = f"--page and --{name} cannot be used together"
            raise UsageError(Problem(message, hint=f"a page has no {name}"))
