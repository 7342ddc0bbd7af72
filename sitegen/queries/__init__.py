"""The questions that a template can ask, one module a subject, and who answers each.

One pure function a question. A list's fingerprint is the digest of its members' digests.
"""

from __future__ import annotations

from collections.abc import Mapping

from sitegen.cache.trace import Answer, Question
from sitegen.index.site import Site
from sitegen.queries import (
    archives,
    articles,
    comments,
    feeds,
    hosts,
    lists,
    pictures,
    settings,
    sitemaps,
    translations,
)
from sitegen.queries.answering import Answering

ANSWERS: Mapping[str, Answering] = {
    **articles.ANSWERS,
    **comments.ANSWERS,
    **lists.ANSWERS,
    **archives.ANSWERS,
    **feeds.ANSWERS,
    **settings.ANSWERS,
    **sitemaps.ANSWERS,
    **hosts.ANSWERS,
    **pictures.ANSWERS,
    **translations.ANSWERS,
}
"""By the kind of question, its first word."""


def answer(site: Site, question: Question) -> Answer:
    """Return the answer to a question; `ValueError` for a kind that does not exist."""
    kind, *arguments = question
    answering = ANSWERS.get(str(kind))
    if answering is None:
        message = f"no such question: {question!r}"
        raise ValueError(message)
    return answering(site, *arguments)
