"""`sitegen words`: the words that languages lack, and the file to fill in."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from sitegen.cli.options import say, site_folder
from sitegen.cli.reporting import OK, print_answer

if TYPE_CHECKING:
    from sitegen.tools.words import LanguageWords

SUMMARY = "Say which words of the pages each language lacks, or write the file to fill in for one."
EXAMPLES = ("sitegen words", "sitegen words hu", "sitegen words hu --print")

_NAMED = 5
"""Up to so many missing words are named."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    parser.add_argument(
        "language",
        nargs="?",
        help="the tag of a language: add the words that it lacks to templates/locale/TAG.toml",
    )
    parser.add_argument("--print", action="store_true", help="print the file on stdout instead")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from sitegen.model.wording import counted
    from sitegen.tools.words import languages, with_missing_words

    site = site_folder(options)
    if options.language is None:
        found = languages(site)
        records = [
            {
                "language": item.language,
                "is_site": item.is_site,
                "documents": item.documents,
                "lacking": item.lacking,
            }
            for item in found
        ]
        print_answer(options, {"languages": records}, map(_line, found))
        return OK
    written = with_missing_words(site, options.language)
    answer = {"path": written.path, "added": written.keys}
    if not written.keys:
        left = len(written.unfilled)
        say(
            f"{written.path}: {counted(left, 'word')} to fill in"
            if left
            else f'no words are missing for "{options.language}"'
        )
        print_answer(options, answer, ())
        return OK
    if options.print:
        print_answer(options, answer | {"text": written.text}, [written.text.rstrip("\n")])
        return OK
    file = site / written.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(written.text, "utf-8")
    say(f"{counted(len(written.keys + written.unfilled), 'word')} to fill in")
    print_answer(options, answer, [written.path])
    return OK


def _line(item: LanguageWords) -> str:
    from sitegen.model.wording import counted

    notes = []
    if item.is_site:
        notes.append("the site's")
    if item.documents:
        notes.append(counted(item.documents, "document"))
    named = f": {', '.join(item.lacking)}" if len(item.lacking) <= _NAMED else ""
    lacks = f"lacks {counted(len(item.lacking), 'word')}{named}" if item.lacking else "complete"
    told = f" ({', '.join(notes)})" if notes else ""
    return f"{item.language}{told}: {lacks}"
