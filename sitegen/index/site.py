"""The site as a whole, indexed: what all answers are made from. `queries` has the answers."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, pairwise
from typing import Any, Generic, NamedTuple, TypeVar

from sitegen.cache.trace import fingerprint
from sitegen.config.settings import Config
from sitegen.config.themes import BUILT_IN, Theme
from sitegen.index import lists, sitemaps
from sitegen.index.former_addresses import former
from sitegen.index.identities import Identities
from sitegen.index.pages import Pages, is_page
from sitegen.index.set_digests import SetDigests
from sitegen.index.shortcode_templates import (
    ShortcodeTemplate,
    shortcode_names,
    shortcode_template,
)
from sitegen.index.term_texts import TermTexts, is_term_text
from sitegen.index.words import Catalogues, Words
from sitegen.model import moments
from sitegen.model.answers import CorrectionNotice, FrontPage, Period, Section
from sitegen.model.data import DataFile
from sitegen.model.documents import (
    AnyEntry,
    Article,
    Entry,
    PageEntry,
    PageTeaser,
    ShownResponse,
    Source,
    StandalonePage,
    Teaser,
    Term,
    TermTeaser,
    TermText,
    ThreadFiles,
)
from sitegen.model.frozen import EMPTY
from sitegen.model.moments import Moment
from sitegen.model.references import resolve_target
from sitegen.model.source_folders import ARTICLES
from sitegen.model.urls import Base, normal_form, slugify
from sitegen.responses.paths import thread_name

PICTURES = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff", ".heic",
    ".heif", ".jp2", ".PNG", ".JPG", ".JPEG", ".GIF", ".WEBP",
)  # fmt: skip
"""How the names of pictures end whose sizes pages show."""

CORRECTIONS_ANCHOR = "#page-corrections"
"""Where an article's page shows them."""


FROM_DATA = frozenset({"own_outputs", "own_rows", "site_pages", "taken_paths"})
"""What is worked out of data files, by its name in the `memo` of a site."""

T = TypeVar("T")


class Derived(Generic[T]):
    """A value that is worked out from the fields of a site when it is first asked for.

    It lies in the site's `memo`, from where an exchange hands on what stays the same.
    """

    def __init__(self, work: Callable[[Any], T]) -> None:
        self._work = work
        self._name = work.__name__
        self.__doc__ = work.__doc__

    def __get__(self, site: Any, _owner: type[Any] | None = None) -> T:
        """Return the value for a site."""
        if self._name not in site.memo:
            site.memo[self._name] = self._work(site)
        return site.memo[self._name]  # type: ignore[no-any-return]  # what `_work` gave


class Uses(NamedTuple):
    """How many documents use each file, by its source path."""

    shown: Mapping[str, int] = EMPTY
    """Published documents."""
    hidden: Mapping[str, int] = EMPTY
    """Others."""

    def exchanged(
        self,
        was_shown: Iterable[AnyEntry],
        shown: Iterable[AnyEntry],
        was_hidden: Iterable[AnyEntry],
        hidden: Iterable[AnyEntry],
    ) -> Uses:
        """Return the uses with some documents exchanged: the same value for the same files."""
        now = Uses(
            _counted(self.shown, was_shown, shown), _counted(self.hidden, was_hidden, hidden)
        )
        return self if now == self else now


def _counted(
    counts: Mapping[str, int], old: Iterable[AnyEntry], new: Iterable[AnyEntry]
) -> Mapping[str, int]:
    steps: Counter[str] = Counter()
    for entries, step in ((old, -1), (new, 1)):
        for entry in entries:
            for path in entry.uses:
                steps[path] += step
    if not any(steps.values()):
        return counts
    found = {path: counts.get(path, 0) + steps.get(path, 0) for path in {**counts, **steps}}
    return {path: count for path, count in found.items() if count}


@dataclass(frozen=True)
class Site:
    """What is published at one moment, indexed. `empty_site` and `exchange` make it."""

    config: Config
    entries: Mapping[str, Entry]
    """Every published article by its id."""
    hidden: Mapping[str, Entry]
    """Every other article by its id: drafts, before their time, after their end."""
    expired: tuple[Entry, ...]
    """Those of the hidden whose end has come."""
    ordered: Sequence[Entry]
    """The published ones, oldest first; equal dates in the order of their ids."""
    terms: Mapping[str, Mapping[str, Term]]
    """By taxonomy and slug."""
    by_term: Mapping[str, Mapping[str, Sequence[Entry]]]
    """By taxonomy and slug, oldest first."""
    periods: Mapping[tuple[int, int, int], int]
    """Years (y, 0, 0), months (y, m, 0) and days (y, m, d), in ascending order, with counts."""
    templates: Mapping[str, Source]
    """Template files by the name that templates call them by."""
    catalogues: Catalogues = field(repr=False, compare=False)
    """The words of all languages."""
    static: Mapping[str, Source]
    """Files of `static/` by their path below it in normal form; the site's own shadow the theme's.
    """
    files: Mapping[str, Source]
    """Files beside documents by their source path in normal form: only those that a published
    document uses."""
    withheld: frozenset[str]
    """Files that only hidden documents use, in normal form: not published."""
    load_article: Callable[[Teaser, bytes], Article]
    """Fetches a whole article by its teaser and digest."""
    load_page: Callable[[PageTeaser, bytes], StandalonePage]
    """Fetches a whole standalone page, the same way."""
    load_term: Callable[[TermTeaser, bytes], TermText]
    """Fetches all that is said of a term, the same way."""
    read: Callable[[Source], bytes]
    """Reads a file."""
    at: Moment
    """The moment."""
    set_digests: SetDigests
    """Stand for all published articles."""
    timed: Mapping[str, tuple[Moment, ...]]
    """The moments at which documents will yet appear or expire, by their ids."""
    pages: Pages = field(default=Pages(), repr=False)
    """The standalone pages."""
    term_texts: TermTexts = field(default=TermTexts(), repr=False)
    """What is said of terms."""
    threads: Mapping[str, ThreadFiles] = EMPTY
    """The responses that are shown, by the names of their threads."""
    load_response: Callable[[str, bytes], ShownResponse] | None = None
    """Fetches a response by its path and digest."""
    data: Mapping[str, DataFile] = field(default=EMPTY, repr=False)
    """The data files by their names."""
    load_data: Callable[[DataFile], Any] | None = field(default=None, repr=False)
    """Fetches the value of a data file."""
    addresses: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Who was last at each address, of those that the site's file remembers."""
    drafts: bool = False
    """Whether drafts and scheduled articles are shown."""
    sources: Mapping[str, Source] = field(default=EMPTY, repr=False)
    """All files of the site, but those that look like secrets."""
    theme: Theme = field(default=BUILT_IN, repr=False)
    """What the site looks like, but for its own files."""
    uses: Uses = field(default=Uses(), repr=False)
    """Which files documents use."""
    shortcodes: Mapping[str, tuple[str, ...]] = field(default=EMPTY, repr=False)
    """The ids of the published documents that have a shortcode, by its name; of those that may show
    a file of `includes/`, by its path."""
    languages: Mapping[str, int] = EMPTY
    """The languages of what is published, each with the number of documents in it."""
    identities: Identities = field(default=Identities(), repr=False)
    """Who has which identity."""
    edition: str = ""
    """The language of the edition that this is, "" for the whole site. An edition has lists of its
    own (`ordered`, `terms`, `by_term`, `periods`, `term_texts`), and knows all documents."""
    editions: Mapping[str, Site] = field(default=EMPTY, repr=False)
    """The editions of the whole site by their languages, that of the site first. Where there are
    some, the whole site has no terms."""
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out from the other fields: see `Derived`."""

    @property
    def words(self) -> Words:
        """The words of the site's language."""
        return self.catalogues.words(self.config.language)

    @Derived
    def position(self) -> Mapping[str, int]:
        """The place of each id in `ordered`."""
        return {entry.teaser.id: place for place, entry in enumerate(self.ordered)}

    @Derived
    def next_change(self) -> Moment | None:
        """When the next article appears, expires or is no news any more, if any will."""
        timed = (moment for times in self.timed.values() for moment in times)
        return min((*timed, *map(sitemaps.leaves_news, self.news)), default=None)

    @Derived
    def news(self) -> Sequence[Entry]:
        """The articles of the news sitemap, the newest first."""
        if not (self.config.base_url and self.config.sitemap.news):
            return ()
        return sitemaps.news(self.ordered, self.at, Base.parse(self.config.base_url))

    @Derived
    def shortcode_names(self) -> frozenset[str]:
        """The shortcodes that have templates."""
        return shortcode_names(self.templates)

    def shortcode_template(self, name: str) -> ShortcodeTemplate:
        """Return what the template of a shortcode does with what it is given."""
        known: dict[str, ShortcodeTemplate] = self.memo.setdefault("shortcode_templates", {})
        if name not in known:
            known[name] = shortcode_template(name, self.templates, self.read)
        return known[name]

    def named_article(self, id_: str, name: str) -> str:
        """Return the id of the article that a document names: as in a link, or below `articles/`.

        Where there is none, the path of the last place that was looked at.
        """
        path = ""
        for beside in (id_, f"{ARTICLES}/index.md"):
            if found := resolve_target(beside, name):
                path = self.id_of(found.path)
                if path in self.entries or path in self.hidden:
                    return path
        return path

    def with_threads(
        self,
        threads: Mapping[str, ThreadFiles],
        load_response: Callable[[str, bytes], ShownResponse],
    ) -> Site:
        """Return the same site with these responses. What was worked out of articles stays."""
        editions = {
            code: replace(edition, threads=threads, load_response=load_response)
            for code, edition in self.editions.items()
        }
        return replace(self, threads=threads, load_response=load_response, editions=editions)

    def of(self, edition: str) -> Site:
        """Return an edition; "" is the site itself. For one that is gone it is the first."""
        if edition in self.editions or not edition:
            return self.editions.get(edition, self)
        return next(iter(self.editions.values()), self)

    def each(self) -> Iterable[Site]:
        """Return the editions, or the site itself where it has none."""
        return self.editions.values() if self.editions else (self,)

    def with_data(self, data: Mapping[str, DataFile]) -> Site:
        """Return the same site with these data files; itself where it has them already."""
        if data is self.data:
            return self
        memo = {name: value for name, value in self.memo.items() if name not in FROM_DATA}
        return replace(self, data=data, memo=memo)

    @Derived
    def thread_owners(self) -> Mapping[str, str]:
        """The ids of all articles, hidden ones too, by the names of their threads."""
        entries = (*self.hidden.values(), *self.ordered)
        return {thread_name(entry.teaser.identity): entry.teaser.id for entry in entries}

    def places(self, taxonomy: str, slug: str) -> list[int]:
        """Return the places in `ordered` of a term's articles, ascending."""
        key = ("places", taxonomy, slug)
        if key not in self.memo:
            line = self.by_term[taxonomy][slug]
            self.memo[key] = [self.position[entry.teaser.id] for entry in line]
        return self.memo[key]  # type: ignore[no-any-return]  # the list above

    @Derived
    def former(self) -> Mapping[str, str]:
        """Former addresses of published articles, with the ids of these."""
        return former(self.addresses, self.ordered)

    @Derived
    def translated(self) -> Mapping[str, Sequence[Entry]]:
        """The translations of articles by the ids of the originals, in the order of their ids."""
        groups: dict[str, list[Entry]] = {}
        for entry in self.ordered:
            if not entry.translation_of:
                continue
            target = resolve_target(entry.teaser.id, entry.translation_of.target)
            if target and target.path:
                groups.setdefault(self.id_of(target.path), []).append(entry)
        return {
            root: sorted(group, key=lambda entry: entry.teaser.id) for root, group in groups.items()
        }

    @Derived
    def by_version(self) -> Mapping[str, Sequence[AnyEntry]]:
        """The published documents that are versions of one, one in each edition.

        By what their entries call `version_of`, in the order of the editions. Nothing in a site
        without editions.
        """
        rank = {edition: place for place, edition in enumerate(self.editions)}
        groups: dict[str, list[AnyEntry]] = {}
        if rank:
            for entry in chain[AnyEntry](self.ordered, self.pages.ordered):
                groups.setdefault(entry.version_of, []).append(entry)
        for group in groups.values():
            if len(group) > 1:
                group.sort(key=lambda entry: (rank[entry.edition], entry.teaser.id))
        return groups

    @Derived
    def files_digest(self) -> bytes:
        """The digest of all that answers say of files."""
        return fingerprint((_looks(self.files), _looks(self.static), sorted(self.withheld)))

    # Lists

    @Derived
    def front_page(self) -> tuple[FrontPage, tuple[Entry, ...]]:
        """The front page, and its articles in the order of the page."""
        size = self.config.front
        chosen = lists.front(
            self.ordered,
            [self.by_term["category"][term.slug] for term in self.sorted_terms("category")],
            seconds=size.seconds,
            newest=size.newest,
            per_section=size.per_section,
        )
        sections = zip(self.sorted_terms("category"), chosen.sections, strict=True)
        front = FrontPage(
            chosen.lead.teaser if chosen.lead else None,
            lists.teasers(chosen.seconds),
            lists.teasers(chosen.newest),
            tuple(Section(term, lists.teasers(items)) for term, items in sections if items),
        )
        return front, chosen.all()

    def per_page(self, taxonomy: str) -> int:
        """Return how many articles stand on a page of a taxonomy's lists."""
        return self.config.taxonomies[taxonomy].per_page or self.config.lists.per_page

    def slug_called(self, taxonomy: str, name: str) -> str:
        """Return the slug of the term that a name leads to, which texts may call otherwise."""
        slug = slugify(name)
        term = self.term_texts.names.get(taxonomy, EMPTY).get(slug)
        return term.slug if term else slug

    def sorted_terms(self, taxonomy: str) -> tuple[Term, ...]:
        """Return the terms of a taxonomy in the order of the navigation."""
        rank: dict[str, int] = {}
        last = len(self.config.categories)
        if taxonomy == "category":
            for place, name in enumerate(self.config.categories):
                rank.setdefault(self.slug_called(taxonomy, name), place)
            # A name of signs alone has the slug that `parse` gives it.
            default = self.slug_called(taxonomy, self.config.default_category) or "other"
            rank.setdefault(default, last + 1)

        def order(term: Term) -> tuple[int, str]:
            return (rank.get(term.slug, last), term.slug)

        return tuple(sorted(self.terms[taxonomy].values(), key=order))

    @Derived
    def corrections(self) -> Sequence[CorrectionNotice]:
        """All corrections of published articles, oldest first."""
        notices = [
            CorrectionNotice(
                correction.date,
                correction.text,
                entry.teaser,
                f"{entry.teaser.url}{CORRECTIONS_ANCHOR}",
                f"{entry.teaser.identity}{mark}",
            )
            for entry in self.ordered
            if entry.corrections
            for correction, mark in zip(
                entry.corrections, lists.correction_marks(entry.corrections), strict=True
            )
        ]
        return sorted(notices, key=lambda item: (item.date.instant, item.identity))

    # Archives

    def period(self, year: int, month: int, day: int) -> Period:
        """Return a year (month and day 0), month (day 0) or day."""
        count = self.periods[year, month, day]
        url = lists.period_url(year, month, day, self.config.home)
        return Period(year, month, day, url, count)

    def inside(self, year: int, month: int) -> tuple[Period, ...]:
        """Return the days of a month, the months of a year (month 0), or all years (0, 0).

        The newest comes first.
        """
        return tuple(self.period(*key) for key in reversed(self.children.get((year, month), ())))

    @Derived
    def children(self) -> Mapping[tuple[int, int], list[tuple[int, int, int]]]:
        """The days of each month (y, m), the months of each year (y, 0), the years (0, 0)."""
        children: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
        for key in self.periods:
            year, month, day = key
            parent = (year, month) if day else (year, 0) if month else (0, 0)
            children.setdefault(parent, []).append(key)
        return children

    @Derived
    def beside(self) -> Mapping[tuple[int, int, int], tuple[Any, Any]]:
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

    def on_day(self, year: int, month: int, day: int) -> Sequence[Entry]:
        """Return the articles of a day, oldest first."""
        if (year, month, day) not in self.periods or not day:
            return ()
        today = date(year, month, day)
        return [
            entry
            for entry in self._near(today, today)
            if moments.calendar_day(entry.teaser.date) == (year, month, day)
        ]

    def in_year(self, year: int) -> Sequence[Entry]:
        """Return the articles of a year, oldest first."""
        if (year, 0, 0) not in self.periods:
            return ()
        first, last = date(year, 1, 1), date(year, 12, 31)
        within = self._near(first, last)
        # Only near its ends can an article be one of another year.
        begins = bisect_left(within, moments.last_instant(first), key=_instant)
        ends = bisect_left(within, moments.first_instant(last), key=_instant)
        return [
            *(entry for entry in within[:begins] if entry.teaser.date.year == year),
            *within[begins:ends],
            *(entry for entry in within[ends:] if entry.teaser.date.year == year),
        ]

    def _near(self, first: date, last: date) -> Sequence[Entry]:
        """Return the articles of some days and a few of the days beside them, oldest first.

        Where clocks are turned back over midnight, a day's articles are not all side by side.
        """
        bounds = (moments.first_instant(first), moments.last_instant(last))
        start, end = (bisect_left(self.ordered, bound, key=_instant) for bound in bounds)
        return self.ordered[start:end]

    @Derived
    def own_pages(self) -> Sequence[PageEntry]:
        """The standalone pages of the edition, or of a site without any, in their order."""
        return [page for page in self.pages.ordered if page.edition == self.edition]

    # For the plan and for messages

    def documents(self) -> Iterator[AnyEntry]:
        """Yield the published documents: articles, the oldest first, standalone pages, texts."""
        yield from self.ordered
        yield from self.pages.ordered
        yield from (entry for _, entry in sorted(self.term_texts.shown.items()))

    def document(self, id_: str) -> AnyEntry | None:
        """Return a published document by its id, or None."""
        if is_term_text(id_):
            return self.term_texts.shown.get(id_)
        return self.pages.shown.get(id_) if is_page(id_) else self.entries.get(id_)

    def unpublished(self, id_: str) -> AnyEntry | None:
        """Return a document that is not published by its id, or None."""
        if is_term_text(id_):
            return self.term_texts.hidden.get(id_)
        return self.pages.hidden.get(id_) if is_page(id_) else self.hidden.get(id_)

    def known(self, id_: str) -> AnyEntry | None:
        """Return a document by its id, be it published or not."""
        return self.document(id_) or self.unpublished(id_)

    def id_of(self, path: str) -> str:
        """Return the id of the document that a path in normal form names; the path for none.

        The name of its file may be written in another form.
        """
        if is_page(path):
            return self.pages.id_of(path)
        if is_term_text(path):
            return self.term_texts.id_of(path)
        if path.isascii() or path in self.entries:
            return path
        return self.other_forms.get(path, path)

    @Derived
    def other_forms(self) -> Mapping[str, str]:
        """The ids of articles that are not in normal form, by this form."""
        ids = (id_ for id_ in (*self.hidden, *self.entries) if not id_.isascii())
        return {form: id_ for id_ in ids if (form := normal_form(id_)) != id_}

    def url_of(self, path: str) -> str | None:
        """Return the URL at which a source file is published, or None if it is not.

        `path` is in normal form.
        """
        if entry := self.document(self.id_of(path)):
            return entry.teaser.url
        if path in self.files:
            return f"/{path.partition('/')[2]}"
        root, _, rest = path.partition("/")
        published = root == "static" and rest in self.static and path not in self.withheld
        return f"/{rest}" if published else None

    def url_of_reference(self, id_: str, target: str) -> str | None:
        """Return the URL that a reference of the document `id_` leads to, or None."""
        path = resolve_target(id_, target)
        return self.url_of(path.path) if path else None


def _looks(files: Mapping[str, Source]) -> list[tuple[str, int, str]]:
    """Return what answers say of files: their sizes, and of pictures the sizes of these, too."""
    return sorted(
        (path, source.size, source.digest if path.endswith(PICTURES) else "")
        for path, source in files.items()
    )


def _instant(entry: Entry) -> int:
    return entry.teaser.date.instant
