"""The site as a whole: its indexes, and every answer that a template can get.

One pure method a question. A list's fingerprint is the digest of its members' digests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal, get_args

from sitegen import lists
from sitegen.answers import Around, CountedTerm, FrontPage, Listing, Neighbours, Period, Section
from sitegen.config import Config
from sitegen.content import Article, Entry, Source, Teaser, Term, Thread
from sitegen.frozen import FrozenMap
from sitegen.marks import Marks
from sitegen.references import published_name, resolve_target
from sitegen.trace import ABSENT, Answer, Question, digest, fingerprint

Taxonomy = Literal["category", "tag", "author"]
TAXONOMIES: tuple[Taxonomy, ...] = get_args(Taxonomy)


@dataclass(frozen=True)
class Site:
    """What is published at one moment, indexed. Make it with `index`."""

    config: Config
    entries: Mapping[str, Entry]
    """Every published article by its id."""
    hidden: Mapping[str, Entry]
    """Every other article by its id: drafts, before their time, after their end."""
    expired: tuple[Entry, ...]
    """Those of the hidden whose end has come."""
    ordered: Sequence[Entry]
    """The published ones, oldest first; equal dates in the order of their ids."""
    position: Mapping[str, int]
    """The place of each id in `ordered`."""
    terms: Mapping[str, Mapping[str, Term]]
    """By taxonomy and slug."""
    by_term: Mapping[str, Mapping[str, Sequence[Entry]]]
    """By taxonomy and slug, oldest first."""
    periods: Mapping[tuple[int, int, int], int]
    """Years (y, 0, 0), months (y, m, 0) and days (y, m, d), in ascending order, with counts."""
    templates: Mapping[str, Source]
    """Template files by the name that templates call them by."""
    texts: Mapping[str, str]
    """The UI texts of the site's language."""
    static: Mapping[str, Source]
    """Files of `static/` by their path below it; the site's own shadow the theme's."""
    files: Mapping[str, Source]
    """Files beside articles by their source path: only those that a published article uses."""
    withheld: frozenset[str]
    """Files that only hidden articles use: not published."""
    load_article: Callable[[str, bytes], Article]
    """Fetches a whole article by its id and digest."""
    at: datetime
    """The moment."""
    marks: Marks
    """Stand for all published articles."""
    timed: Mapping[str, tuple[datetime, ...]]
    """The moments at which articles will yet appear or expire, by their ids."""

    @cached_property
    def next_change(self) -> datetime | None:
        """When the next article appears or expires, if any will."""
        return min((moment for times in self.timed.values() for moment in times), default=None)

    def with_bodies(self, entries: Iterable[Entry]) -> Site:
        """Return the same site with other bodies: `entries` differ from ours in nothing else.

        What was worked out from the index stays, since it is made from teasers.
        """
        fresh = {entry.teaser.id: entry for entry in entries if entry.teaser.id in self.entries}
        # A preview's teasers carry a status, which an entry as parsed has not.
        changed = {
            id_: self.entries[id_]._replace(article_digest=entry.article_digest)
            for id_, entry in fresh.items()
        }
        site = copy(self)
        object.__setattr__(site, "entries", {**self.entries, **changed})
        marks = self.marks.without(self.entries[id_] for id_ in changed).plus(changed.values())
        object.__setattr__(site, "marks", marks)
        return site

    def answer(self, question: Question) -> Answer:
        """Return the answer to a question; `ValueError` for a kind that does not exist."""
        kind, *arguments = question
        method = getattr(self, f"_answer_{kind}", None)
        if method is None:
            message = f"no such question: {question!r}"
            raise ValueError(message)
        answer: Answer = method(*arguments)
        return answer

    # Articles

    def _answer_article(self, id_: str) -> Answer:
        entry = self.entries.get(id_)
        if entry is None:
            return Answer(None, ABSENT)
        article = _Lazy(self.load_article, entry)
        return Answer(article, digest(entry.article_digest, entry.teaser.status))

    def _answer_teaser(self, id_: str) -> Answer:
        entry = self.entries.get(id_)
        return Answer(entry.teaser, entry.teaser_digest) if entry else Answer(None, ABSENT)

    def _answer_neighbours(self, id_: str) -> Answer:
        place = self.position.get(id_)
        if place is None:
            return Answer(None, ABSENT)
        older = self.ordered[place - 1] if place else None
        newer = self.ordered[place + 1] if place + 1 < len(self.ordered) else None
        value = Neighbours(older and older.teaser, newer and newer.teaser)
        marks = [item.teaser_digest if item else ABSENT for item in (older, newer)]
        return Answer(value, digest(*marks), _ids(item for item in (older, newer) if item))

    def _answer_related(self, id_: str) -> Answer:
        entry = self.entries.get(id_)
        if entry is None:
            return Answer(None, ABSENT)
        category = entry.teaser.category.slug
        places = {
            "tag": {tag.slug: self._places("tag", tag.slug) for tag in entry.teaser.tags},
            "category": {category: self._places("category", category)},
        }
        return _list_answer(
            lists.related(
                entry,
                self.position[id_],
                entries=self.entries,
                ordered=self.ordered,
                places=places,
                count=self.config.lists.related,
            )
        )

    def _places(self, taxonomy: str, slug: str) -> list[int]:
        """Return the places in `ordered` of a term's articles, ascending."""
        places = self._known_places.get((taxonomy, slug))
        if places is None:
            line = self.by_term[taxonomy][slug]
            places = [self.position[entry.teaser.id] for entry in line]
            self._known_places[taxonomy, slug] = places
        return places

    @cached_property
    def _known_places(self) -> dict[tuple[str, str], list[int]]:
        return {}

    @cached_property
    def rest(self) -> bytes:
        """The digest of all that answers about articles are made from, besides the articles."""
        config = self.config
        settings = (config.lists, config.front, config.categories, config.default_category)
        files = (tuple(sorted(self.files)), tuple(sorted(self.static)), sorted(self.withheld))
        return fingerprint((settings, config.urls, config.expired, files))

    def _answer_thread(self, id_: str) -> Answer:
        return Answer(Thread(), fingerprint(("no responses", id_ in self.entries)))

    def _answer_link(self, path: str) -> Answer:
        """The URL of an article or file of the source tree, or None."""
        url = self.url_of(path)
        return Answer(url, fingerprint(url), (url or "nowhere",))

    # Lists

    def _answer_front(self) -> Answer:
        front, members = self._front
        # The same articles may stand in other parts of the page, and under another name.
        sections = tuple((section.term, len(section.items)) for section in front.sections)
        parts = repr((bool(front.lead), len(front.seconds), len(front.newest), sections))
        marks = (item.teaser_digest for item in members)
        return Answer(front, digest(parts, *marks), _ids(members))

    @cached_property
    def _front(self) -> tuple[FrontPage, tuple[Entry, ...]]:
        size = self.config.front
        chosen = lists.front(
            self.ordered,
            [self.by_term["category"][term.slug] for term in self._terms("category")],
            seconds=size.seconds,
            newest=size.newest,
            per_section=size.per_section,
        )
        sections = zip(self._terms("category"), chosen.sections, strict=True)
        front = FrontPage(
            chosen.lead.teaser if chosen.lead else None,
            _teasers(chosen.seconds),
            _teasers(chosen.newest),
            tuple(Section(term, _teasers(items)) for term, items in sections if items),
        )
        return front, chosen.all()

    def _answer_edition(self) -> Answer:
        date = self.ordered[-1].teaser.date if self.ordered else None
        return Answer(date, fingerprint(date), (str(date),))

    def _answer_terms(self, taxonomy: str) -> Answer:
        terms = self._terms(taxonomy)
        return Answer(terms, fingerprint(terms), tuple(term.name for term in terms))

    def _terms(self, taxonomy: str) -> tuple[Term, ...]:
        terms = self.terms[taxonomy]
        rank = {name: place for place, name in enumerate(self.config.categories)}
        last = len(rank)

        def order(term: Term) -> tuple[int, str]:
            known = taxonomy == "category"
            place = rank.get(term.name, last) if known else last
            default = known and place == last and term.name == self.config.default_category
            return (place + default, term.slug)

        return tuple(sorted(terms.values(), key=order))

    def _answer_counted_terms(self, taxonomy: str) -> Answer:
        by_slug = self.by_term[taxonomy]
        terms = self._terms(taxonomy)
        counted = tuple(CountedTerm(term, len(by_slug[term.slug])) for term in terms)
        members = tuple(f"{item.term.name} {item.count}" for item in counted)
        return Answer(counted, fingerprint(counted), members)

    def _answer_listing(self, taxonomy: str, slug: str, number: int) -> Answer:
        term = self.terms[taxonomy].get(slug)
        if term is None:
            return Answer(None, ABSENT)
        size = self.config.lists.per_page
        line = self.by_term[taxonomy][slug]
        if not 0 <= number <= lists.full_pages(len(line), size):
            return Answer(None, ABSENT)
        page = lists.page(line, size, number)
        listing = Listing(
            term,
            _teasers(page.items),
            number,
            older=lists.page_url(term.url, page.older),
            newer=lists.page_url(term.url, page.newer),
            newest=term.url if number else None,
        )
        around = repr((term, listing.older, listing.newer))
        marks = (item.teaser_digest for item in page.items)
        return Answer(listing, digest(around, *marks), _ids(page.items))

    # Archives

    def _period(self, year: int, month: int, day: int) -> Period:
        count = self.periods[year, month, day]
        return Period(year, month, day, lists.period_url(year, month, day), count)

    def _inside(self, year: int, month: int) -> tuple[Period, ...]:
        return tuple(self._period(*key) for key in reversed(self._children.get((year, month), ())))

    @cached_property
    def _children(self) -> Mapping[tuple[int, int], list[tuple[int, int, int]]]:
        """The days of each month (y, m), the months of each year (y, 0), the years (0, 0)."""
        children: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
        for key in self.periods:
            year, month, day = key
            parent = (year, month) if day else (year, 0) if month else (0, 0)
            children.setdefault(parent, []).append(key)
        return children

    @cached_property
    def _beside(self) -> Mapping[tuple[int, int, int], tuple[Any, Any]]:
        """For each period, the ones of the same grain before and after it."""
        beside: dict[tuple[int, int, int], tuple[Any, Any]] = {}
        for grain in (
            [key for key in self.periods if not key[1]],
            [key for key in self.periods if key[1] and not key[2]],
            [key for key in self.periods if key[2]],
        ):
            line = [None, *grain, None]
            for (before, key), (_, after) in zip(pairwise(line), pairwise(line[1:]), strict=False):
                beside[key] = (before, after)  # type: ignore[index]  # only the ends are None
        return beside

    def _answer_years(self) -> Answer:
        # Without counts: what lists the years must not change with every publication.
        return _periods_answer(tuple(replace(year, count=0) for year in self._inside(0, 0)))

    def _answer_months(self, year: int) -> Answer:
        return _periods_answer(self._inside(year, 0))

    def _answer_days(self, year: int, month: int) -> Answer:
        return _periods_answer(self._inside(year, month))

    def _answer_on_day(self, year: int, month: int, day: int) -> Answer:
        return _list_answer(tuple(reversed(self._days.get((year, month, day), ()))))

    @cached_property
    def _days(self) -> Mapping[tuple[int, int, int], list[Entry]]:
        days: dict[tuple[int, int, int], list[Entry]] = {}
        for entry in self.ordered:
            date = entry.teaser.date
            days.setdefault((date.year, date.month, date.day), []).append(entry)
        return days

    def _answer_around(self, year: int, month: int, day: int) -> Answer:
        before, after = self._beside.get((year, month, day), (None, None))
        # Counts stay out: a neighbour's page must not follow every article of its neighbour.
        value = Around(
            replace(self._period(*before), count=0) if before else None,
            replace(self._period(*after), count=0) if after else None,
        )
        return Answer(value, fingerprint(value), tuple(str(key) for key in (before, after)))

    # The site's surroundings

    def _answer_setting(self, *names: str) -> Answer:
        value: Any = self.config
        for name in names:
            value = value.get(name) if isinstance(value, FrozenMap) else getattr(value, name)
        return Answer(value, fingerprint(value), (str(value) or "(empty)",))

    def _answer_index_url(self, taxonomy: str) -> Answer:
        url = lists.index_url(getattr(self.config.urls, taxonomy))
        return Answer(url, fingerprint(url), (str(url),))

    def _answer_text(self, key: str) -> Answer:
        text = self.texts.get(key)
        return Answer(text, fingerprint(text), (str(text),))

    def _answer_template(self, template: str) -> Answer:
        source = self.templates.get(template)
        if source is None:
            return Answer(None, ABSENT, ("absent",))
        return Answer(source, digest(source.path, source.digest), (f"{source.path} as edited",))

    def _answer_asset(self, path: str) -> Answer:
        """The fingerprinted URL of a file of `static/`, or None."""
        source = self.static.get(path)
        if source is None:
            return Answer(None, ABSENT, ("absent",))
        url = f"/{published_name(path, source.digest)}"
        return Answer(url, fingerprint(url), (url,))

    # For the plan and for messages

    def url_of(self, path: str) -> str | None:
        """Return the URL at which a source file is published, or None if it is not."""
        if entry := self.entries.get(path):
            return entry.teaser.url
        if path in self.files:
            return f"/{path.partition('/')[2]}"
        root, _, rest = path.partition("/")
        published = root == "static" and rest in self.static and path not in self.withheld
        return f"/{rest}" if published else None

    def url_of_reference(self, id_: str, target: str) -> str | None:
        """Return the URL that a reference of the article `id_` leads to, or None."""
        path = resolve_target(id_, target)
        return self.url_of(path.path) if path else None


class _Lazy:
    """An article that is only fetched when a template looks at it, not when it is compared."""

    __slots__ = ("_article", "_entry", "_load")

    def __init__(self, load: Callable[[str, bytes], Article], entry: Entry) -> None:
        self._load = load
        self._entry = entry
        self._article: Article | None = None

    def __getattr__(self, name: str) -> Any:
        if self._article is None:
            teaser = self._entry.teaser
            self._article = self._load(teaser.id, self._entry.article_digest)._replace(
                teaser=teaser
            )
        return getattr(self._article, name)


def _teasers(entries: Iterable[Entry]) -> tuple[Teaser, ...]:
    return tuple(entry.teaser for entry in entries)


def _ids(entries: Iterable[Entry]) -> tuple[str, ...]:
    return tuple(entry.teaser.id for entry in entries)


def _list_answer(entries: Sequence[Entry]) -> Answer:
    marks = digest(*(entry.teaser_digest for entry in entries))
    return Answer(_teasers(entries), marks, _ids(entries))


def _periods_answer(periods: tuple[Period, ...]) -> Answer:
    members = tuple(f"{period.url} {period.count}" for period in periods)
    return Answer(periods, fingerprint(periods), members)
