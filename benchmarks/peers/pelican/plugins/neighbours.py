"""A plugin for Pelican, which has none of its own: each article knows the ones beside it."""

from itertools import pairwise
from typing import Any

from pelican import signals


def link(generator: Any) -> None:
    """Set `older` and `newer` on every article of the generator."""
    newest_first = generator.articles
    for newer, older in pairwise(newest_first):
        newer.older, older.newer = older, newer


def register() -> None:
    """Have Pelican call `link` when it has read all articles."""
    signals.article_generator_finalized.connect(link)
