"""Which articles stand on which list: front page, pages of lists, related ones. Pure functions.

Lists are chosen so that one new article touches few of them at any size of site (DESIGN §5).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from typing import Generic, NamedTuple, TypeVar

from sitegen.model import moments
from sitegen.model.documents import Correction, Entry, Teaser
from sitegen.model.references import resolve_target

RELATED_WINDOW = 40
"""How many articles before one are looked at in each of its tags, for related ones."""

RELATED_CATEGORY_WINDOW = 10
"""The same for its category, in which most articles have less in common."""

TAG_WEIGHT = 3
"""A shared tag says more than a shared category."""


def teasers(entries: Iterable[Entry]) -> tuple[Teaser, ...]:
    """Return what lists show of articles."""
    return tuple(entry.teaser for entry in entries)


class Front(NamedTuple):
    """The articles of the front page."""

    lead: Entry | None
    seconds: tuple[Entry, ...]
    newest: tuple[Entry, ...]
    sections: tuple[tuple[Entry, ...], ...]

    def all(self) -> tuple[Entry, ...]:
        """Return them in the order of the page."""
        rest = (entry for section in self.sections for entry in section)
        lead = (self.lead,) if self.lead else ()
        return (*lead, *self.seconds, *self.newest, *rest)


def front(
    ordered: Sequence[Entry],
    categories: Sequence[Sequence[Entry]],
    *,
    seconds: int,
    newest: int,
    per_section: int,
) -> Front:
    """Return what stands on the front page, no article twice.

    `ordered` and each of `categories` are oldest first. The lead story is the newest pinned
    article, else the newest of all; further pinned ones come first among the seconds.
    """
    pinned = [entry for entry in reversed(ordered) if entry.teaser.pin]
    shown: set[str] = set()

    def take(entries: Iterator[Entry], count: int) -> tuple[Entry, ...]:
        taken: list[Entry] = []
        for entry in entries:
            if len(taken) == count:
                break
            if entry.teaser.id not in shown:
                shown.add(entry.teaser.id)
                taken.append(entry)
        return tuple(taken)

    def pinned_first() -> Iterator[Entry]:
        yield from pinned
        yield from reversed(ordered)

    lead = take(pinned_first(), 1)
    second = take(pinned_first(), seconds)
    new = take(reversed(ordered), newest)
    sections = tuple(take(reversed(entries), per_section) for entries in categories)
    return Front(lead[0] if lead else None, second, new, sections)


Item = TypeVar("Item")


class Page(NamedTuple, Generic[Item]):
    """A page of a list: its items newest first, and the numbers of the pages around it.

    Number 0 is the landing page; None means that there is no such page.
    """

    items: tuple[Item, ...]
    older: int | None
    newer: int | None


def full_pages(count: int, size: int) -> int:
    """Return how many full pages a list of `count` articles has.

    One more page, `full_pages + 1`, leads to the landing page until it is full itself, so that
    a full page can link to its newer one and never changes again.
    """
    return count // size


def page(entries: Sequence[Item], size: int, number: int) -> Page[Item]:
    """Return page `number` of a list that is given oldest first.

    Page n ≥ 1 holds the articles (n - 1) * size … n * size from the oldest: always the same ones.
    Page 0 is the landing page with the newest: those on no full page, and the last full page.
    """
    full = full_pages(len(entries), size)
    if number == 0:
        start = max(0, full - 1) * size
        return Page(tuple(reversed(entries[start:])), full - 1 if full > 1 else None, None)
    items = tuple(reversed(entries[(number - 1) * size : number * size]))
    return Page(items, number - 1 if number > 1 else None, number + 1)


def page_url(landing: str, number: int | None) -> str | None:
    """Return the URL of a page of the list whose landing page has the URL `landing`.

    A landing page that is a file (`/tag/river.html`) has its pages in a folder (`/tag/river/`).
    """
    if not number:
        return landing if number == 0 else None
    folder, _, file = landing.rpartition("/")
    if file:
        folder += "/" + (file.rpartition(".")[0] or file)
    return f"{folder}/page/{number}/"


def correction_marks(corrections: Iterable[Correction]) -> list[str]:
    """Return what tells an article's corrections apart: `#correction-2024-11-07-1`.

    By day and number, so that their texts can be mended.
    """
    counts: Counter[str] = Counter()
    marks = []
    for correction in corrections:
        day = "{:04}-{:02}-{:02}".format(*moments.calendar_day(correction.date))
        counts[day] += 1
        marks.append(f"#correction-{day}-{counts[day]}")
    return marks


def period_url(year: int, month: int = 0, day: int = 0, home: str = "/") -> str:
    """Return the URL of a year's, month's or day's archive page; `home` is the front page's."""
    parts = [f"{year:04}"]
    if month:
        parts.append(f"{month:02}")
        if day:
            parts.append(f"{day:02}")
    return f"{home}{'/'.join(parts)}/"


def at_home(url: str, home: str) -> str:
    """Return the address of an edition's own page from that which it has in a site without any.

    `home` is that of the front page: `/archive/` is `/ja/archive/` there. Any other address stays.
    """
    is_own = home != "/" and (url in OF_EDITIONS or _PERIOD.fullmatch(url))
    return home[:-1] + url if is_own else url


OF_EDITIONS = frozenset(
    {"/", "/archive/", "/search/", "/search/parts.json", "/opensearch.xml", "/404.html"}
    | {"/css/theme.css", "/corrections/", "/comments/feed.xml", "/news-sitemap.xml"}
    | {"/feed.xml", "/rss.xml", "/feed.json"}
)
"""The addresses of the pages that each edition has once."""

_PERIOD = re.compile(r"/\d{4}/(?:\d{2}/){0,2}", re.ASCII)
"""The address of the archive of a year, month or day."""


def index_url(pattern: str) -> str | None:
    """Return the URL of the list of all terms: the fixed part of their pattern, or None.

    `/tag/{slug}/` gives `/tag/`; `/{slug}/` leaves no place for such a list.
    """
    fixed = pattern.partition("{slug}")[0]
    return fixed if fixed.endswith("/") and len(fixed) > 1 else None


def related(
    entry: Entry,
    place: int,
    *,
    entry_at: Callable[[str], Entry | None],
    ordered: Sequence[Entry],
    places: Mapping[str, Mapping[str, Sequence[int]]],
    count: int,
) -> tuple[Entry, ...]:
    """Return the articles to recommend below `entry`: the editor's choice, then similar ones.

    Similar ones share tags or the category and were published before it, so that a new article
    changes no older one's list. The more they share the better, then the newer the better.
    `entry_at` gives the article at a path in normal form. `place` is the article's in `ordered`;
    `places` are those of each term's articles, ascending.
    """
    chosen: dict[str, Entry] = {}
    for reference in entry.related:
        target = resolve_target(entry.teaser.id, reference.target)
        other = entry_at(target.path) if target else None
        if other is not None and other.teaser.id != entry.teaser.id:
            chosen[other.teaser.id] = other
    most = max(count, len(chosen))
    scores: dict[int, int] = {}
    windows = [(line, RELATED_WINDOW, TAG_WEIGHT) for line in places["tag"].values()]
    category = places["category"][entry.teaser.category.slug]
    for line, window, weight in (*windows, (category, RELATED_CATEGORY_WINDOW, 1)):
        end = bisect_left(line, place)
        for other_place in line[max(0, end - window) : end]:
            scores[other_place] = scores.get(other_place, 0) + weight
    # One number says both: how much two articles share, and, after that, how new the other is.
    size = len(ordered)
    ranks = nlargest(most, [score * size + location for location, score in scores.items()])
    for rank in ranks:
        if len(chosen) >= most:
            break
        other = ordered[rank % size]
        chosen.setdefault(other.teaser.id, other)
    return tuple(chosen.values())
