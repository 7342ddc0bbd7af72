"""The outputs that a site consists of: one function for each kind of page, and for copies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sitegen.index import sitemaps
from sitegen.index.feeds import (
    CORRECTIONS,
    FORMATS,
    SITE,
    comments_feed,
    corrections_url,
    feed_pages,
)
from sitegen.index.listed import listed_counts, lists_of_terms, page_count
from sitegen.index.lists import full_pages, page_url, period_url
from sitegen.index.own_outputs import own_outputs
from sitegen.index.site import Site
from sitegen.model.documents import AnyEntry, Entry, PageEntry, Source, Term, TermEntry
from sitegen.model.references import published_name
from sitegen.model.urls import Base, check_url, normal_form, output_path
from sitegen.plan.host_dialects import FILES

TEMPLATES_BY_KIND = {
    "front": "front.html",
    "editions": "editions.html",
    "article": "article.html",
    "page": "page.html",
    "category": "list.html",
    "tag": "list.html",
    "author": "list.html",
    "categories": "terms.html",
    "tags": "terms.html",
    "authors": "terms.html",
    "term": "list.html",
    "terms": "terms.html",
    "archive": "archive.html",
    "year": "archive.html",
    "month": "archive.html",
    "day": "archive.html",
    "search": "search.html",
    "search_parts": "search.json",
    "opensearch": "opensearch.xml",
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

OWN = "own"
"""The kind of the outputs of `[[outputs]]`, which name their templates."""

FEED_KINDS = frozenset({*(item.kind for item in FORMATS.values()), "comments_feed"})

INDEX_KINDS = {"category": "categories", "tag": "tags", "author": "authors"}
"""The kinds of the indexes of some taxonomies. That of any other is "terms", its lists are "term".
"""


OF_THE_SITE = frozenset(
    {"editions", "sitemap_index", "sitemap_pages", "sitemap", "robots", "host_file"}
)
"""The kinds of outputs that are there once for all editions together."""


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
    """Where a redirect leads; the news sitemaps that robots.txt names, with spaces between them."""
    document: str = ""
    """The id of the standalone page that it is."""
    own: str = ""
    """The `url` of the table in `[[outputs]]` that asks for it."""
    noindex: int = 0
    """1 if it is kept from search engines, as that table says."""
    edition: str = ""
    """The language of the edition that it belongs to; "" in a site without editions."""

    @property
    def made_from(self) -> str:
        """The id of the document that it is the page of, or ""."""
        return self.article or self.document


class Copy(NamedTuple):
    """A file to copy as it is."""

    path: str
    source: Source


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


def article_page(entry: Entry) -> Output:
    """Return the page of a published article."""
    return _output("article", entry.teaser.url, article=entry.teaser.id, edition=entry.edition)


def standalone_page(site: Site, entry: PageEntry) -> Output:
    """Return the page of a published standalone page, with the template that it asks for.

    As long as there is no such template, which is an error, it has the usual one.
    """
    made = _output("page", entry.teaser.url, document=entry.teaser.id, edition=entry.edition)
    asked = entry.template
    return (
        made._replace(template=asked.target) if asked and asked.target in site.templates else made
    )


def own_pages(site: Site, pattern: str) -> Iterator[Output]:
    """Yield the outputs of a table of `[[outputs]]`, whose `url` is `pattern`."""
    table = next((item for item in site.config.outputs if item.url == pattern), None)
    if table is None or table.template not in site.templates:
        return
    for page in own_outputs(site)[pattern].pages:
        yield Output(
            page.path,
            page.url,
            OWN,
            table.template,
            own=pattern,
            noindex=int(table.noindex),
        )


def notice(entry: AnyEntry) -> Output:
    """Return the page that says that a document has expired."""
    return _output("expired", entry.teaser.url, edition=entry.edition)


def former_page(url: str, target: str) -> Output:
    """Return the page at a former address of an article."""
    return _output("redirect", url, target=target)


def configured_page(source: str, target: str) -> Output:
    """Return the page of a configured redirect, which leads on on every host."""
    return _output("redirect", source, target=target)


def site_pages(site: Site) -> Iterator[Output]:
    """Yield what there is once in the whole site; made anew for each plan."""
    if site.editions and all(edition.config.home != "/" for edition in site.each()):
        yield _output("editions", "/")
        yield _output("not_found", "/404.html")
        yield _output("stylesheet", "/css/theme.css")
    yield from _for_search_engines(site)
    yield from _for_the_host(site)


def edition_pages(site: Site) -> Iterator[Output]:
    """Yield what there is once in an edition, or in a site without any; made anew for each plan."""
    home, edition = site.config.home, site.edition
    for kind, path in (
        ("front", ""),
        ("archive", "archive/"),
        ("search", "search/"),
        *([("search_parts", "search/parts.json")] if site.config.search.enabled else []),
        *(
            # It consists of full addresses.
            [("opensearch", "opensearch.xml")]
            if site.config.search.enabled and site.config.base_url
            else []
        ),
        ("not_found", "404.html"),
        ("stylesheet", "css/theme.css"),
    ):
        yield _output(kind, f"{home}{path}", edition=edition)
    for kind, url in comments_feed(site.config):
        yield _output(kind, url, edition=edition)
    for taxonomy, index in lists_of_terms(site):
        kind = INDEX_KINDS.get(taxonomy, "terms")
        yield _output(kind, index, taxonomy=taxonomy, edition=edition)
    yield from _corrections(site)
    yield from _feeds_of(site, SITE, "", home)
    yield from _news(site)


def _for_search_engines(site: Site) -> Iterator[Output]:
    """Yield the sitemaps: none without a `base_url`, since they consist of full addresses."""
    if not site.config.base_url:
        return
    found = [
        _output("sitemap_index", "/sitemap.xml"),
        *(
            _output("sitemap_pages", sitemaps.pages_url(number), number=number)
            for number in range(1, sitemaps.files(page_count(site)) + 1)
        ),
        *(
            _output("sitemap", sitemaps.year_url(year, number), year=year, number=number)
            for year, count in listed_counts(site).items()
            for number in range(1, sitemaps.files(count) + 1)
        ),
    ]
    if not Base.parse(site.config.base_url).prefix:
        # Nobody looks for it elsewhere than at the root of a host.
        homes = (edition.config.home for edition in site.each())
        news = " ".join(f"{home}news-sitemap.xml" for home in homes if site.config.sitemap.news)
        found.append(_output("robots", "/robots.txt", target=news))
    # A site may have its own instead.
    yield from (output for output in found if output.path not in site.static)


def _news(site: Site) -> Iterator[Output]:
    """Yield the news sitemap: several files where there is much news."""
    if not (site.config.base_url and site.config.sitemap.news):
        return
    home, edition = site.config.home, site.edition
    parts = sitemaps.files(len(site.news))
    found = [_output("news_sitemap", f"{home}news-sitemap.xml", number=1, edition=edition)]
    if parts > 1:
        found = [
            _output("news_sitemap_index", f"{home}news-sitemap.xml", edition=edition),
            *(
                _output(
                    "news_sitemap",
                    sitemaps.news_url(number, home),
                    number=number,
                    edition=edition,
                )
                for number in range(1, parts + 1)
            ),
        ]
    yield from (output for output in found if output.path not in site.static)


def _corrections(site: Site) -> Iterator[Output]:
    if not site.corrections:
        return
    home = corrections_url(site.config)
    landing = _output("corrections", home, edition=site.edition)
    yield landing
    full = full_pages(len(site.corrections), site.config.lists.per_page)
    for number in range(1, full + 1):
        url = page_url(home, number) or ""
        yield landing._replace(path=output_path(url), url=url, number=number)
    if full:
        url = page_url(home, full + 1) or ""
        yield _output("redirect", url, target=home, edition=site.edition)
    yield from _feeds_of(site, CORRECTIONS, "", home)


def _feeds_of(site: Site, taxonomy: str, slug: str, landing: str) -> Iterator[Output]:
    for kind, url in feed_pages(site.config, taxonomy, landing):
        page = _output(kind, url, taxonomy=taxonomy, term=slug, edition=site.edition)
        if page.path not in site.static:  # A site may have its own instead.
            yield page


def term_list(site: Site, taxonomy: str, slug: str) -> Iterator[Output]:
    """Yield what there is once of the list of a term: its landing page and its feeds.

    The page that will be its next full one leads to the landing page until then.
    """
    term = site.terms[taxonomy][slug]
    yield _landing_page(term, taxonomy, site.edition)
    full = full_pages(len(site.by_term[taxonomy][slug]), site.per_page(taxonomy))
    if full:
        url = page_url(term.url, full + 1) or ""
        yield _output("redirect", url, target=term.url, edition=site.edition)
    text = site.term_texts.of(taxonomy, slug)
    if text is None or text.teaser.feeds:
        yield from _feeds_of(site, taxonomy, slug, term.url)


def term_of_text(entry: TermEntry) -> Output:
    """Return the page of a term that has a text and no articles."""
    teaser = entry.teaser
    term = Term(teaser.title, teaser.slug, teaser.url)
    return _landing_page(term, teaser.taxonomy, entry.edition)


def term_page(site: Site, taxonomy: str, slug: str, number: int) -> Output:
    """Return a full page of the list of a term."""
    term = site.terms[taxonomy][slug]
    url = page_url(term.url, number) or ""
    landing = _landing_page(term, taxonomy, site.edition)
    return landing._replace(path=output_path(url), url=url, number=number)


def _landing_page(term: Term, taxonomy: str, edition: str) -> Output:
    kind = taxonomy if taxonomy in INDEX_KINDS else "term"
    return _output(kind, term.url, taxonomy=taxonomy, term=term.slug, edition=edition)


def period_page(site: Site, year: int, month: int, day: int) -> Output:
    """Return the archive page of a year, month (day 0) or day."""
    kind = "day" if day else "month" if month else "year"
    url = period_url(year, month, day, site.config.home)
    return _output(kind, url, year=year, month=month, day=day, edition=site.edition)


def alias_pages(entry: AnyEntry) -> Iterator[Output]:
    """Yield the redirects from a published document's other addresses."""
    for alias in entry.aliases:
        if not check_url(alias):
            yield _output("redirect", alias, target=entry.teaser.url, edition=entry.edition)


def _for_the_host(site: Site) -> Iterator[Output]:
    for path in sorted(FILES[site.config.hosting.host].keys() - site.static.keys()):
        yield Output(path, f"/{path}", "host_file", TEMPLATES_BY_KIND["host_file"])


def copies_of(site: Site) -> Iterator[Copy]:
    """Yield the files that are copied as they are."""
    for name, source in site.static.items():
        if normal_form(source.path) not in site.withheld:
            yield Copy(name, source)
    for path, source in site.files.items():
        yield Copy(path.partition("/")[2], source)
