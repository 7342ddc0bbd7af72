"""Hints for the moderator about suspicious responses. Nothing is refused here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitegen.config.settings import Receive
from sitegen.responses.files import Response
from sitegen.responses.text import converted

NO_PROOF_OF_WORK = "no proof of work"
"""The hint of a comment whose browser has sent no proof."""

_LINK = re.compile(r"https?://|www\.|\]\(|<a\s", re.IGNORECASE)


def hints_for(response: Response, rules: Receive) -> tuple[str, ...]:
    """Return the hints about the content of a response."""
    return tuple(_hints(response, rules))


def _hints(response: Response, rules: Receive) -> Iterator[str]:
    shown = (response.author, response.url, response.title, response.site, response.text)
    said = " ".join(shown)
    links = len(_LINK.findall(response.text))
    if links > rules.most_links:
        yield f"{links} links"
    if response.kind == "comment" and (fault := converted(response.text, "markdown").fault):
        yield f"shown as it was typed: {fault}"
    if _LINK.search(response.author):
        yield "a link in the name"
    folded = said.casefold()
    for word in rules.words:
        # Whole words: "specialist" is no medicine. Japanese has no spaces between words.
        edge = r"\b" if word.isascii() else ""
        if word and re.search(f"{edge}{re.escape(word.casefold())}{edge}", folded):
            yield f'the word "{word}"'
