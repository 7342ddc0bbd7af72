"""Every question that a template can ask, and who answers it.

One pure function a question. A list's fingerprint is the digest of its members' digests.
"""

from __future__ import annotations

from collections.abc import Mapping

from sitegen import (
    archive_answers,
    article_answers,
    comment_answers,
    feed_answers,
    host_answers,
    list_answers,
    picture_answers,
    setting_answers,
    sitemap_answers,
    translations,
)
from sitegen.answering import Answering
from sitegen.site import Site
from sitegen.trace import Answer, Question

ANSWERS: Mapping[str, Answering] = {
    **article_answers.ANSWERS,
    **comment_answers.ANSWERS,
    **list_answers.ANSWERS,
    **archive_answers.ANSWERS,
    **feed_answers.ANSWERS,
    **setting_answers.ANSWERS,
    **sitemap_answers.ANSWERS,
    **host_answers.ANSWERS,
    **picture_answers.ANSWERS,
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
