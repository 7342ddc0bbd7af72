"""The shapes of answers: what templates get to hold. Frozen values without behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sitegen.content import Teaser, Term


class Section(NamedTuple):
    """A category's part of the front page."""

    term: Term
    items: tuple[Teaser, ...]


class FrontPage(NamedTuple):
    """The front page, on which no article stands twice."""

    lead: Teaser | None
    seconds: tuple[Teaser, ...]
    newest: tuple[Teaser, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class CountedTerm:
    """A term with the number of its articles."""

    term: Term
    count: int


class Listing(NamedTuple):
    """One page of a term's list, newest first, with the URLs of the pages around it."""

    term: Term
    items: tuple[Teaser, ...]
    number: int
    older: str | None
    newer: str | None
    newest: str | None


@dataclass(frozen=True, slots=True)
class Period:
    """A year, month or day of the archive; `month` and `day` are 0 where they do not apply."""

    year: int
    month: int
    day: int
    url: str
    count: int


class Around(NamedTuple):
    """The periods with articles before and after one of the same kind."""

    previous: Period | None
    next: Period | None


class Neighbours(NamedTuple):
    """The articles published just before and just after one."""

    previous: Teaser | None
    next: Teaser | None
