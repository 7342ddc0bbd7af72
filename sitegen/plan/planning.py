"""Site → Plan: which files exist, and what each is made from. Collisions are named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import NamedTuple

from sitegen.index import sitemaps
from sitegen.index.feeds import (
    CORRECTIONS,
    CORRECTIONS_URL,
    FORMATS,
    SITE,
    comments_feed,
    feed_pages,
)
from sitegen.index.listed import listed_counts, page_urls
from sitegen.index.lists import full_pages, index_url, page_url, period_url
from sitegen.index.redirects import Places, Redirect, configured
from sitegen.index.site import TAXONOMIES, Site, Taxonomy
from sitegen.model.documents import Entry, Source
from sitegen.model.errors import Location, Problem
from sitegen.model.references import published_name
from sitegen.model.search_index import FOLDER as INDEX
from sitegen.model.search_index import LIST as INDEX_LIST
from sitegen.model.urls import Base, check_url, output_path, parents
from sitegen.plan.host_dialects import FILES, PAGES_FIRST
from sitegen.plan.host_redirects import faults, needless

TEMPLATES_BY_KIND = {
    "front": "front.html",
    "article": "article.html",
    "category": "list.html",
    "tag": "list.html",
    "author": "list.html",
    "categories": "terms.html",
    "tags": "terms.html",
    "authors": "terms.html",
    "archive": "archive.html",
    "year": "archive.html",
    "month": "archive.html",
    "day": "archive.html",
    "search": "search.html",
    "search_parts": "search.json",
    "not_found": "404.html",
    "expired": "expired.html",
    "corrections": "corrections.html",
    "atom": "feed.xml",
    "rss": "rss.xml",
    "json_feed": "feed.json",
    "comments_feed": "comments.xml",
    "redirect": "redirect.html",
    "stylesheet": "theme.css",
    "sitemap_index": "sitemap-index.xml",
    "sitemap": "sitemap.xml",
    "sitemap_pages": "sitemap.xml",
    "news_sitemap": "news-sitemap.xml",
    "news_sitemap_index": "sitemap-index.xml",
    "robots": "robots.txt",
    "host_file": "host-file.txt",
}
"""The template of each kind of output."""

FEED_KINDS = frozenset({*(item.kind for item in FORMATS.values()), "comments_feed"})

INDEX_KINDS = {"category": "categories", "tag": "tags", "author": "authors"}


class Output(NamedTuple):
    """A file to render. Templates see it as `page`; it says what the page is, not what is on it."""

    path: str
    """Below the output folder."""
    url: str
    kind: str
    template: str
    article: str = ""
    taxonomy: str = ""
    term: str = ""
    """The slug of the term that a list is for."""
    number: int = 0
    year: int = 0
    month: int = 0
    day: int = 0
    target: str = ""
    """Where a redirect leads; the news sitemap that robots.txt names."""


class Copy(NamedTuple):
    """A file to copy as it is."""

    path: str
    source: Source


class Plan(NamedTuple):
    """Everything that the output folder is to hold, by path, and what cannot be."""

    outputs: dict[str, Output]
    copies: dict[str, Copy]
    problems: tuple[Problem, ...]
    folders: frozenset[str]
    """Every folder above them, perhaps more."""

    def publishes(self, url: str) -> bool:
        """Whether something is planned at a URL."""
        path = url[1:]
        for place in (path, f"{path}index.html", f"{path}/index.html"):
            output = self.outputs.get(place)
            if output is not None and output.url == url:
                return True
        return path in self.copies and url.startswith("/")


class _Claim(NamedTuple):
    """Who wants a path, for the message when two do."""

    who: str
    location: Location | None
    hint: str = "give one of them another `slug`"


def plan(site: Site, places: Places = lambda _keys: None) -> Plan:
    """Return which files the site consists of; `places` tells where a setting stands.

    Where two things want one file, the first in the order articles, lists, archives,
    sitemaps, redirects, static files gets it, and a problem names both.
    """
    outputs: dict[str, Output] = {}
    copies: dict[str, Copy] = {}
    owners: dict[str, _Claim] = {}
    problems: list[Problem] = []
    # The index is no page, but its folder is its own: its files are known only when it is made.
    has_index = site.config.search.enabled
    if has_index:
        owners[INDEX_LIST] = _Claim("the search index", None)

    def claim(path: str, claimant: _Claim) -> bool:
        wanted = INDEX_LIST if has_index and path.startswith(f"{INDEX}/") else path
        other = owners.setdefault(wanted, claimant)
        if other is claimant:
            return True
        problems.append(_collision(path, claimant, other))
        return False

    leading = configured(site, places)
    for output, claimant in chain(_pages(site), _leading_on(leading)):
        if claim(output.path, claimant):
            outputs[output.path] = output
    for entry in site.ordered:
        problems.extend(wrong_aliases(entry))
    for copy in _copies(site):
        if claim(copy.path, _Claim(copy.source.path, Location(copy.source.path))):
            copies[copy.path] = copy
    for page in former_pages(site, owners.keys()):
        outputs[page.path] = page
    folders = frozenset(parents((*owners, *outputs)))
    problems.extend(_files_as_folders(owners, folders))
    problems.extend(_settled(site, leading, outputs, copies))
    return Plan(outputs, copies, tuple(problems), folders)


def fingerprinted(site: Site, assets: Iterable[str]) -> dict[str, Copy]:
    """Return the copies of static files under the names by which pages asked for them."""
    copies = {}
    for path in assets:
        if source := site.static.get(path):
            copy = Copy(published_name(path, source.digest), source)
            copies[copy.path] = copy
    return copies


def _output(kind: str, url: str, **record: str | int) -> Output:
    # An address that ends in a slash was checked where it was made; others may be anybody's.
    path = f"{url[1:]}index.html" if url.endswith("/") else output_path(url)
    return Output(path, url, kind, TEMPLATES_BY_KIND[kind], **record)  # type: ignore[arg-type]  # the fields have these two types


def _pages(site: Site) -> Iterator[tuple[Output, _Claim]]:
    for entry in site.ordered:
        yield article_page(entry), _article_claim(entry)
    if site.config.expired == "notice":
        for entry in site.expired:
            yield notice(entry), _article_claim(entry)
    for page in site_pages(site):
        yield page, _Claim(_name(page), None)
    for taxonomy in TAXONOMIES:
        for slug, term in site.terms[taxonomy].items():
            location = _where(site.by_term[taxonomy][slug][0])
            claimant = _Claim(f'the list of the {taxonomy} "{term.name}"', location)
            for page in term_pages(site, taxonomy, slug):
                yield page, claimant if page.path.endswith(".html") else _Claim(_name(page), None)
    for period in site.periods:
        page = period_page(*period)
        yield page, _Claim(f"the archive {page.url}", None)
    yield from _aliases(site)


def _aliases(site: Site) -> Iterator[tuple[Output, _Claim]]:
    for entry in site.ordered:
        for page in redirects(entry):
            yield page, _Claim(f"an alias of {entry.teaser.id}", _where(entry))


def _name(page: Output) -> str:
    """Return what to call a page that is there once."""
    if page.kind in FEED_KINDS:
        return f"the feed {page.url}"
    if page.kind in INDEX_KINDS.values() or page.kind == "corrections":
        return f"the list of all {page.kind}"
    if page.kind == "host_file" or page.path.endswith((".xml", ".txt")):
        return f"the file {page.url} for machines"
    return f"the page {page.url}"


# Each of the following makes a part of the plan from a part of the site. `replan` makes only those
# parts anew in which something changed, so a part may be made from nothing but what it is given.


def article_page(entry: Entry) -> Output:
    """Return the page of a published article."""
    return _output("article", entry.teaser.url, article=entry.teaser.id)


def notice(entry: Entry) -> Output:
    """Return the page that says that an article has expired."""
    return _output("expired", entry.teaser.url)


def site_pages(site: Site) -> Iterator[Output]:
    """Yield what there is once; made anew for each plan."""
    for kind, url in (
        ("front", "/"),
        ("archive", "/archive/"),
        ("search", "/search/"),
        *([("search_parts", "/search/parts.json")] if site.config.search.enabled else []),
        *comments_feed(site.config),
        ("not_found", "/404.html"),
        ("stylesheet", "/css/theme.css"),
    ):
        yield _output(kind, url)
    for taxonomy in TAXONOMIES:
        if index := index_url(getattr(site.config.urls, taxonomy)):
            yield _output(INDEX_KINDS[taxonomy], index, taxonomy=taxonomy)
    yield from _corrections(site)
    yield from _feeds_of(site, SITE, "", "/")
    yield from _for_search_engines(site)
    yield from _for_the_host(site)


def _for_search_engines(site: Site) -> Iterator[Output]:
    """Yield the sitemaps: none without a `base_url`, since they consist of full addresses."""
    if not site.config.base_url:
        return
    found = [
        _output("sitemap_index", "/sitemap.xml"),
        *(
            _output("sitemap_pages", sitemaps.pages_url(number), number=number)
            for number in range(1, sitemaps.files(len(page_urls(site))) + 1)
        ),
        *(
            _output("sitemap", sitemaps.year_url(year, number), year=year, number=number)
            for year, count in listed_counts(site).items()
            for number in range(1, sitemaps.files(count) + 1)
        ),
    ]
    if site.config.sitemap.news:
        parts = sitemaps.files(len(site.news))
        if parts > 1:
            found.append(_output("news_sitemap_index", "/news-sitemap.xml"))
            found += (
                _output("news_sitemap", sitemaps.news_url(number), number=number)
                for number in range(1, parts + 1)
            )
        else:
            found.append(_output("news_sitemap", "/news-sitemap.xml", number=1))
    if not Base.parse(site.config.base_url).prefix:
        # Nobody looks for it elsewhere than at the root of a host.
        news = "/news-sitemap.xml" if site.config.sitemap.news else ""
        found.append(_output("robots", "/robots.txt", target=news))
    # A site may have its own instead.
    yield from (output for output in found if output.path not in site.static)


def _corrections(site: Site) -> Iterator[Output]:
    if not site.corrections:
        return
    landing = _output("corrections", CORRECTIONS_URL)
    yield landing
    full = full_pages(len(site.corrections), site.config.lists.per_page)
    for number in range(1, full + 1):
        url = page_url(CORRECTIONS_URL, number) or ""
        yield landing._replace(path=output_path(url), url=url, number=number)
    if full:
        url = page_url(CORRECTIONS_URL, full + 1) or ""
        yield _output("redirect", url, target=CORRECTIONS_URL)
    yield from _feeds_of(site, CORRECTIONS, "", CORRECTIONS_URL)


def _feeds_of(site: Site, taxonomy: str, slug: str, landing: str) -> Iterator[Output]:
    for kind, url in feed_pages(site.config, taxonomy, landing):
        page = _output(kind, url, taxonomy=taxonomy, term=slug)
        if page.path not in site.static:  # A site may have its own instead.
            yield page


def term_pages(site: Site, taxonomy: Taxonomy, slug: str, first: int = 1) -> Iterator[Output]:
    """Yield the list of a term: its landing page, and its full pages from number `first` on."""
    term = site.terms[taxonomy][slug]
    landing = _output(taxonomy, term.url, taxonomy=taxonomy, term=slug)
    yield landing
    full = full_pages(len(site.by_term[taxonomy][slug]), site.config.lists.per_page)
    for number in range(first, full + 1):
        url = page_url(term.url, number) or ""
        yield landing._replace(path=output_path(url), url=url, number=number)
    if full:
        yield _output("redirect", page_url(term.url, full + 1) or "", target=term.url)
    yield from _feeds_of(site, taxonomy, slug, term.url)


def period_page(year: int, month: int, day: int) -> Output:
    """Return the archive page of a year, month (day 0) or day."""
    kind = "day" if day else "month" if month else "year"
    return _output(kind, period_url(year, month, day), year=year, month=month, day=day)


def redirects(entry: Entry) -> Iterator[Output]:
    """Yield the redirects from a published article's other addresses."""
    for alias in entry.aliases:
        if not check_url(alias):
            yield _output("redirect", alias, target=entry.teaser.url)


def _leading_on(found: list[Redirect]) -> Iterator[tuple[Output, _Claim]]:
    """Yield the pages of configured redirects, which lead on on every host."""
    for item in found:
        if not item.is_pattern:
            page = _output("redirect", item.source, target=item.target)
            yield page, _Claim(item.who, item.location, "take the redirect out")


def _settled(
    site: Site, leading: list[Redirect], outputs: dict[str, Output], copies: dict[str, Copy]
) -> list[Problem]:
    """Take the redirects' pages away that the host needs not, and return what cannot be."""
    if not (leading or site.config.hosting.host in PAGES_FIRST):
        return []
    stubs = {path: output.target for path, output in outputs.items() if output.kind == "redirect"}
    pages = (outputs.keys() | copies.keys()) - stubs.keys()
    for path in needless(site, stubs):
        del outputs[path]
    return list(faults(site, leading, pages, stubs))


def former_pages(site: Site, taken: AbstractSet[str]) -> Iterator[Output]:
    """Yield the pages at former addresses, but where something else is now."""
    folders = parents(taken) if site.former else set()
    for url, id_ in site.former.items():
        path = output_path(url)
        if path not in taken and path not in folders and parents([path]).isdisjoint(taken):
            yield _output("redirect", url, target=site.entries[id_].teaser.url)


def _for_the_host(site: Site) -> Iterator[Output]:
    for path in sorted(FILES[site.config.hosting.host].keys() - site.static.keys()):
        yield Output(path, f"/{path}", "host_file", TEMPLATES_BY_KIND["host_file"])


def wrong_aliases(entry: Entry) -> Iterator[Problem]:
    """Yield a problem for each alias that cannot be an address."""
    for alias in entry.aliases:
        if reason := check_url(alias):
            yield Problem(f'the alias "{alias}" cannot be a URL: {reason}', _where(entry))


def _copies(site: Site) -> Iterator[Copy]:
    for name, source in site.static.items():
        if source.path not in site.withheld:
            yield Copy(name, source)
    for path, source in site.files.items():
        yield Copy(path.partition("/")[2], source)


def _where(entry: Entry) -> Location:
    return Location(entry.teaser.id, entry.url_line)


def _article_claim(entry: Entry) -> _Claim:
    return _Claim(entry.teaser.id, _where(entry))


def _collision(path: str, claimant: _Claim, other: _Claim) -> Problem:
    """Return the problem, at the one of the two that is an article if only one is."""
    first, second = (claimant, other) if claimant.location else (other, claimant)
    url = "/" + path.removesuffix("index.html")
    message = f"{url} is wanted by {first.who} and by {second.who}"
    return Problem(message, first.location, first.hint)


def _files_as_folders(owners: dict[str, _Claim], folders: AbstractSet[str]) -> Iterator[Problem]:
    """Yield a problem for each file that another file's folder is named like."""
    for path in sorted(folders & owners.keys()):
        claimant = owners[path]
        message = f"{claimant.who} gives the file {path}, which is a folder for other pages"
        yield Problem(message, claimant.location, "rename one of them")
