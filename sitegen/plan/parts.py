"""The parts of a site's plan, by keys: each is made from nothing but its key and the site.

A plan that is built from nothing puts in all parts; after a change those are exchanged that may be
others. Where two parts want one path, `rank` says whose it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sitegen.index.change import Change, UndatedChange
from sitegen.index.lists import full_pages
from sitegen.index.own_outputs import own_outputs, row_place
from sitegen.index.published import period_keys, place_key, status, terms_of
from sitegen.index.redirects import Places, configured
from sitegen.index.site import Site
from sitegen.model.documents import AnyEntry, Entry
from sitegen.model.errors import Location
from sitegen.plan.outputs import (
    FEED_KINDS,
    INDEX_KINDS,
    Copy,
    Output,
    alias_pages,
    article_page,
    configured_page,
    copies_of,
    edition_pages,
    notice,
    own_pages,
    period_page,
    site_pages,
    standalone_page,
    term_list,
    term_of_text,
    term_page,
)

Key = tuple[str | int, ...]
"""What a part is of: `("article", id)`, `("term", taxonomy, slug, edition)`, `("site",)`.

The edition is "" in a site without any."""

GROUPS = (
    "index",
    "site",
    "edition",
    "term",
    "page",
    "period",
    "copies",
    "article",
    "standalone",
    "own",
    "expired",
    "alias",
    "configured",
)
"""The first words of keys, in the order in which paths are given away.

What the site has anyway goes before documents, whose addresses anybody can choose; articles, whose
addresses are on the web for good, go before standalone pages, and these before what
`[[outputs]]` asks for; what leads elsewhere comes last.
"""

STUBS = frozenset({"alias", "configured"})
"""The parts that lead elsewhere."""


class Claim(NamedTuple):
    """A part that wants a path."""

    key: Key
    item: Output | Copy | None
    """None for the search index, whose files are known only when it is made."""


def _site(site: Site) -> Sequence[Output]:
    """Return what there is once, worked out once: the next plan asks what it was."""
    known: Sequence[Output] | None = site.memo.get("site_pages")
    if known is None:
        known = site.memo["site_pages"] = tuple(site_pages(site))
    return known


def _edition(site: Site, edition: str) -> Sequence[Output]:
    """Return what there is once in an edition, worked out once."""
    site = site.of(edition)
    known: Sequence[Output] | None = site.memo.get("edition_pages")
    if known is None:
        known = site.memo["edition_pages"] = tuple(edition_pages(site))
    return known


def _article(site: Site, id_: str) -> Iterator[Output]:
    if entry := site.entries.get(id_):
        yield article_page(entry)


def _standalone(site: Site, id_: str) -> Iterator[Output]:
    if entry := site.pages.shown.get(id_):
        yield standalone_page(site, entry)


def _aliases(site: Site, id_: str) -> Iterator[Output]:
    if entry := site.document(id_):
        yield from alias_pages(entry)


def _expired(site: Site, id_: str) -> Iterator[Output]:
    entry = site.unpublished(id_) if site.config.expired == "notice" else None
    if entry and status(entry, site.at) == "expired":
        yield notice(entry)


def _term(site: Site, taxonomy: str, slug: str, edition: str) -> Iterator[Output]:
    site = site.of(edition)
    if slug in site.terms[taxonomy]:
        yield from term_list(site, taxonomy, slug)
    elif entry := site.term_texts.of(taxonomy, slug):
        yield term_of_text(entry)


def _page(site: Site, taxonomy: str, slug: str, number: int, edition: str) -> Iterator[Output]:
    site = site.of(edition)
    if number <= _full(site, taxonomy, slug):
        yield term_page(site, taxonomy, slug, number)


def _period(site: Site, year: int, month: int, day: int, edition: str) -> Iterator[Output]:
    site = site.of(edition)
    if (year, month, day) in site.periods:
        yield period_page(site, year, month, day)


def _configured(site: Site) -> Iterator[Output]:
    for item in configured(site):
        if not item.is_pattern:
            yield configured_page(item.source, item.target)


_PARTS: Mapping[str, Callable[..., Iterable[Output | Copy]]] = {
    "article": _article,
    "standalone": _standalone,
    "own": own_pages,
    "expired": _expired,
    "site": _site,
    "edition": _edition,
    "term": _term,
    "page": _page,
    "period": _period,
    "alias": _aliases,
    "configured": _configured,
    "copies": copies_of,
}


def part(site: Site, key: Key) -> Iterable[Output | Copy]:
    """Return what a part of the plan consists of; nothing where the site has no such part."""
    group, *rest = key
    return _PARTS[str(group)](site, *rest)


def touched(old: Site | None, new: Site, change: Change) -> Iterator[Key]:
    """Yield the keys of all parts that may be others in `new` than in `old`, of either of them.

    `change` is what is shown otherwise. Without `old` it is all articles, and all parts.
    """
    yield ("site",)
    if old is None:
        yield ("configured",)
    if old is None or old.files is not new.files or old.withheld != new.withheld:
        yield ("copies",)
    yield from _touched_own(old, new)
    for id_ in sorted(change.ids):
        yield ("article", id_)
        yield ("alias", id_)
    yield from _touched_ends(old, new)
    yield from _touched_pages(old, new, change)
    for edition in new.each():
        was = old.of(edition.edition) if old else None
        yield from _touched_lists(was, edition, change.of(edition.edition))


def _touched_lists(old: Site | None, new: Site, change: Change) -> Iterator[Key]:
    """Yield the keys of the parts of an edition, or of a site without any, but for documents."""
    edition = new.edition
    yield ("edition", edition)
    for taxonomy in new.config.taxonomies:
        for slug in sorted(_slugs(old, new, change, taxonomy)):
            yield ("term", taxonomy, slug, edition)
            for number in _pages(old, new, taxonomy, slug):
                yield ("page", taxonomy, slug, number, edition)
    periods: Iterable[tuple[int, int, int]] = new.periods
    if old is not None:
        periods = {key for entry in change.entries for key in period_keys(entry)}
    for period in sorted(periods):
        yield ("period", *period, edition)


def _touched_own(old: Site | None, new: Site) -> Iterator[Key]:
    """Yield the keys of the outputs that the configuration asks for, where data changed."""
    if old is None or old.data is not new.data:
        for output in new.config.outputs:
            yield ("own", output.url)


def _slugs(old: Site | None, new: Site, change: Change, taxonomy: str) -> Iterable[str]:
    told = {
        entry.teaser.slug for entry in change.texts.entries if entry.teaser.taxonomy == taxonomy
    }
    if old is None:
        return told | new.terms[taxonomy].keys()
    return told | {term.slug for entry in change.entries for term in terms_of(entry, taxonomy)}


def _touched_ends(old: Site | None, new: Site) -> Iterator[Key]:
    """Yield the keys of the notices of articles that have ended in one of two sites alone."""
    if old is not None and old.expired is new.expired:
        return
    was = {entry.teaser.id: entry for entry in old.expired} if old else {}
    now = {entry.teaser.id: entry for entry in new.expired}
    for id_ in sorted(was.keys() | now.keys()):
        if was.get(id_) is not now.get(id_):
            yield ("expired", id_)


def _touched_pages(old: Site | None, new: Site, change: Change) -> Iterator[Key]:
    """Yield the keys of the parts that standalone pages have."""
    shown, hidden = change.pages.ids, change.pages.hidden
    if old is None:
        shown, hidden = frozenset(new.pages.shown), frozenset(new.pages.hidden)
    for id_ in sorted(shown):
        yield ("standalone", id_)
        yield ("alias", id_)
    for id_ in sorted(hidden):
        yield ("expired", id_)


def taken_paths(site: Site) -> frozenset[str]:
    """Return the paths of all pages, lists and files of a site: nothing leads away from them.

    The pages of aliases and configured redirects do not count.
    """
    known: frozenset[str] | None = site.memo.get("taken_paths")
    if known is None:
        texts = UndatedChange((), tuple(site.term_texts.shown.values()))
        keys = touched(None, site, Change((), tuple(site.ordered), texts=texts))
        known = frozenset(
            item.path for key in keys if key[0] not in STUBS for item in part(site, key)
        )
        site.memo["taken_paths"] = known
    return known


def _pages(old: Site | None, new: Site, taxonomy: str, slug: str) -> Iterable[int]:
    """Return the numbers of the full pages of a term that one of two sites has alone.

    Those that both have are the same, unless the term's address changed.
    """
    before, after = _full(old, taxonomy, slug), _full(new, taxonomy, slug)
    was = old.terms[taxonomy].get(slug) if old else None
    now = new.terms[taxonomy].get(slug)
    same = was is not None and now is not None and was.url == now.url
    return range(min(before, after) + 1 if same else 1, max(before, after) + 1)


def _full(site: Site | None, taxonomy: str, slug: str) -> int:
    line = site.by_term[taxonomy].get(slug, ()) if site else ()
    return full_pages(len(line), site.per_page(taxonomy)) if site else 0


def rank(site: Site, claim: Claim) -> tuple[Any, ...]:
    """Return what claims to one path are put in order by: the first one gets it."""
    group, *rest = claim.key
    entry = _entry(site, claim.key)
    place = (0, *place_key(entry)) if isinstance(entry, Entry) else (1, *rest)
    return (GROUPS.index(str(group)), *place)


def _entry(site: Site, key: Key) -> AnyEntry | None:
    """Return the document that a part is of, if it is one's."""
    group, *rest = key
    if group in ("article", "standalone", "alias"):
        return site.document(str(rest[0]))
    return site.unpublished(str(rest[0])) if group == "expired" else None


_HINT = "give one of them another `slug`"
_PAGE_HINT = "rename one of them, or give it another `url`"


class Claimant(NamedTuple):
    """Who wants a path, for the message when two do."""

    who: str
    location: Location | None
    hint: str = _HINT


def claimant(site: Site, claim: Claim, places: Places) -> Claimant:
    """Return who wants a path; `places` tells where a setting stands."""
    group, *rest = claim.key
    item = claim.item
    if item is None:
        return Claimant("the search index", None)
    if isinstance(item, Copy):
        return Claimant(item.source.path, Location(item.source.path))
    if entry := _entry(site, claim.key):
        where = Location(entry.teaser.id, entry.url_line)
        name = entry.teaser.id
        hint = _HINT if isinstance(entry, Entry) else _PAGE_HINT
        return Claimant(f"an alias of {name}" if group == "alias" else name, where, hint)
    if group in ("configured", "own"):
        return _configured_claimant(site, item, places)
    if group in ("term", "page") and item.path.endswith(".html"):
        return _list_claimant(site.of(str(rest[-1])), str(rest[0]), str(rest[1]))
    return Claimant(f"the archive {item.url}" if group == "period" else _name(item), None)


_OWN_HINT = "give one of them another address"


def _configured_claimant(site: Site, item: Output, places: Places) -> Claimant:
    if not item.own:
        who = f"the redirect of {item.url}"
        return Claimant(who, places(("redirects", item.url)), "take the redirect out")
    found = own_outputs(site)[item.own]
    page = next(page for page in found.pages if page.path == item.path)
    if page.row >= 0:
        place = row_place(site, item.own, page.row)
        return Claimant(f"the row on line {place.line} of {place.path}", place, _OWN_HINT)
    number = [output.url for output in site.config.outputs].index(item.own)
    return Claimant(f"the output {item.own}", places(("outputs", number, "url")), _OWN_HINT)


def _list_claimant(site: Site, taxonomy: str, slug: str) -> Claimant:
    line = site.by_term[taxonomy].get(slug)
    if not line:
        entry = site.term_texts.by_term[taxonomy, slug]
        return Claimant(entry.teaser.id, Location(entry.teaser.id, entry.url_line), _PAGE_HINT)
    first = line[0]
    where = Location(first.teaser.id, first.url_line)
    who = f'the list of the {taxonomy} "{site.terms[taxonomy][slug].name}"'
    hint = f"call it otherwise, or give its lists another address: `[taxonomies.{taxonomy}] url`"
    return Claimant(who, where, hint)


def _name(page: Output) -> str:
    """Return what to call a page that is there once."""
    if page.kind in FEED_KINDS:
        return f"the feed {page.url}"
    if page.kind in INDEX_KINDS.values() or page.kind == "corrections":
        return f"the list of all {page.kind}"
    if page.kind == "terms":
        return f"the list of all terms of the taxonomy {page.taxonomy}"
    if page.kind == "host_file" or page.path.endswith((".xml", ".txt")):
        return f"the file {page.url} for machines"
    return f"the page {page.url}"
