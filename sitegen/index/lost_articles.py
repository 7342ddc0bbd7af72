"""Articles that were on the web and are in the site no more, and whether so many may go. Pure.

A folder that was not checked out looks like a site whose articles were all withdrawn. Only how many
go at once tells the one from the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from sitegen.config.targets import share
from sitegen.index.published import status
from sitegen.model.documents import Entry
from sitegen.model.errors import Problem
from sitegen.model.moments import Moment
from sitegen.model.wording import counted

FEW = 3
"""So many articles may go at once from a site of any size, as long as others are left: a share of
a small site would be a part of an article."""

NAMED = 3
"""How many of the lost articles a message names."""

ANY_NUMBER = "100%"
"""The share with which a site may lose all of its articles."""


class PublishedArticles(NamedTuple):
    """The articles of a site as readers are to find them, and those whose end has come."""

    urls: Mapping[str, str]
    """The URLs of published articles by their identities."""
    expired: frozenset[str] = frozenset()
    """The identities of expired articles: these end as it was written, and are not lost."""


def published_articles(entries: Iterable[Entry], at: Moment) -> PublishedArticles:
    """Return which articles are published at the moment `at`, of all that a site has."""
    urls: dict[str, str] = {}
    expired = set()
    for entry in entries:
        state = status(entry, at)
        if not state:
            urls[entry.teaser.identity] = entry.teaser.url
        elif state == "expired":
            expired.add(entry.teaser.identity)
    return PublishedArticles(urls, frozenset(expired))


class Loss(NamedTuple):
    """The articles that a site has lost."""

    urls: tuple[str, ...]
    """Theirs, sorted."""
    known: int
    """How many articles there were."""
    left: int
    """How many the site publishes now."""

    def exceeds(self, allowed: str) -> bool:
        """Whether more is lost than a share, a percentage as the configuration has it.

        A few may always go, but not the last one, unless any number may go.
        """
        number, part = len(self.urls), share(allowed)
        if not number or part == 1:
            return False
        few = FEW if part else 0
        return not self.left or (number > few and Fraction(number, self.known) > part)

    def problem(self, whose: str, allowed: str, key: str) -> Problem:
        """Return what is told of a loss that exceeds a share.

        `whose` articles they were: `of the last deployment`; `key` is where the share is set.
        """
        number = len(self.urls)
        known = counted(self.known, "article")
        which = f"all {known}" if number == self.known else f"{number:,} of the {known}"
        subject = f"the only article {whose} is" if self.known == 1 else f"{which} {whose} are"
        reason = f", more than {allowed}" if self.left else ", and no article is left"
        named = ", ".join(self.urls[:NAMED])
        rest = f" and {number - NAMED:,} more" if number > NAMED else ""
        message = f"{subject} gone{reason}: {named}{rest}"
        return Problem(message, hint=how_to_allow_it(key))


def how_to_allow_it(key: str) -> str:
    """Return the hint for a site that has lost articles; `key` is where the share is set."""
    return (
        "check that the folder articles/ is whole; to allow it once, use `--allow-lost-articles`; "
        f"to allow it always, set {key}"
    )


def find_loss(before: Mapping[str, str], now: PublishedArticles) -> Loss:
    """Return what is lost of the articles `before`, which are URLs by identities.

    An article that has another address, or another identity at the same address, is not lost.
    """
    still = frozenset(now.urls.values())
    gone = sorted(
        url
        for identity, url in before.items()
        if identity not in now.urls and identity not in now.expired and url not in still
    )
    return Loss(tuple(gone), len(before), len(now.urls))
