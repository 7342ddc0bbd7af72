"""Which answers may be different after some articles changed: the only ones worth asking again.

Generous on purpose: what is named here is asked again and compared like anything else. What is not
named must be the same; `known_change` makes sure that the articles named are all that changed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sitegen.cache.store import LastBuild
from sitegen.cache.trace import Question
from sitegen.index.feeds import CORRECTIONS, SITE
from sitegen.index.listed import listed_in, page_urls
from sitegen.index.lists import RELATED_CATEGORY_WINDOW, RELATED_WINDOW
from sitegen.index.published import place_key, seen, terms_of
from sitegen.index.site import TAXONOMIES, Site
from sitegen.index.sitemaps import files
from sitegen.index.translations import original
from sitegen.index.updating import Changed
from sitegen.model.documents import Entry
from sitegen.model.references import resolve_target

WINDOWS = {"tag": RELATED_WINDOW, "category": RELATED_CATEGORY_WINDOW}

Key = tuple[int, int, int]


def known_change(
    site: Site, was: Mapping[str, Entry | None], entries: Iterable[Entry], last: LastBuild
) -> Changed | None:
    """Return how `site` differs from the site of the last build, or None if that is not known.

    `was` are the parse results that were replaced since, by id, and `entries` all of today. The
    digests of the last build tell whether these changes explain the whole difference.
    """
    if last.other_digest != site.other_digest:
        return None
    at = datetime.fromisoformat(last.at)
    before: dict[str, Entry | None] = dict(was)
    for entry in entries:
        if entry.teaser.id not in before and _crossed(entry, at, site.at):
            before[entry.teaser.id] = entry
    then = (entry and seen(entry, at, drafts=last.drafts) for entry in before.values())
    old = tuple(entry for entry in then if entry)
    new = tuple(site.entries[id_] for id_ in before if id_ in site.entries)
    if site.set_digests.without(new).plus(old) != last.set_digests:
        return None
    return Changed(old, new)


def _crossed(entry: Entry, then: datetime, now: datetime) -> bool:
    """Whether the article appears or expires between two moments."""
    first, last = min(then, now), max(then, now)
    return first < entry.publish <= last or (
        entry.expires is not None and first < entry.expires <= last
    )


def changed_threads(site: Site, before: Mapping[str, bytes]) -> set[str]:
    """Return the articles of the threads that differ from those whose digests were `before`."""
    if not before and not site.threads:
        return set()
    now = {name: thread.digest for name, thread in site.threads.items()}
    owners = site.thread_owners
    names = {name for name, _ in before.items() ^ now.items()}
    return {owners[name] for name in names if name in owners}


def affected_questions(site: Site, changed: Changed) -> set[Question]:
    """Return every question whose answer may not be what it was before `changed`."""
    all_changed = (*changed.old, *changed.new)
    if not all_changed:
        return set()
    ids = {entry.teaser.id for entry in all_changed}
    if changed.only_bodies():
        return {("article", id_) for id_ in ids}
    found: set[Question] = {("front",), ("edition",), ("feed", SITE, ""), ("feed", CORRECTIONS, "")}
    for id_ in ids | set(_recommending(site, ids)):
        found |= {(kind, id_) for kind in ("article", "teaser", "neighbours", "related", "thread")}
        found.add(("link", id_))
    for entry in all_changed:
        found |= {("neighbours", id_) for id_ in _beside(site.ordered, entry, ids)}
        for taxonomy, window in WINDOWS.items():
            for term in terms_of(entry, taxonomy):
                line = site.by_term[taxonomy].get(term.slug, ())
                found |= {("related", id_) for id_ in _after(line, entry, ids, window)}
    found |= set(_lists(site, all_changed))
    found |= set(_archives(site, all_changed))
    found |= set(_sitemaps(site, all_changed))
    found |= set(_versions(site, all_changed))
    return found


def _recommending(site: Site, ids: set[str]) -> Iterator[str]:
    """Yield the articles whose editors recommend one of `ids`."""
    for entry in site.ordered:
        for reference in entry.related:
            target = resolve_target(entry.teaser.id, reference.target)
            if target and target.path in ids:
                yield entry.teaser.id


def _beside(line: Sequence[Entry], entry: Entry, ids: set[str]) -> Iterator[str]:
    """Yield the nearest articles on both sides of a place that did not change themselves."""
    place = bisect_left(line, place_key(entry), key=place_key)
    for steps in (range(place - 1, -1, -1), range(place, len(line))):
        for step in steps:
            id_ = line[step].teaser.id
            if id_ not in ids:
                yield id_
                break


def _after(line: Sequence[Entry], entry: Entry, ids: set[str], count: int) -> Iterator[str]:
    """Yield the next `count` articles of a line after an article, besides those that changed."""
    left = count
    for place in range(bisect_left(line, place_key(entry), key=place_key), len(line)):
        id_ = line[place].teaser.id
        if id_ in ids:
            continue
        yield id_
        left -= 1
        if left < 0:
            return


def _lists(site: Site, entries: Sequence[Entry]) -> Iterator[Question]:
    size = site.config.lists.per_page
    for taxonomy in TAXONOMIES:
        slugs = {term.slug for entry in entries for term in terms_of(entry, taxonomy)}
        for slug in slugs:
            most = len(site.by_term[taxonomy].get(slug, ())) + len(entries)
            yield ("feed", taxonomy, slug)
            for number in range(most // size + 2):
                yield ("listing", taxonomy, slug, number)


def _sitemaps(site: Site, entries: Sequence[Entry]) -> Iterator[Question]:
    yield ("sitemap_index",)
    for year in {entry.teaser.date.year for entry in entries}:
        line = listed_in(site, year)
        # What comes before the first place that changed stays where it was.
        first = min(
            bisect_left(line, place_key(entry), key=place_key)
            for entry in entries
            if entry.teaser.date.year == year
        )
        for number in range(files(first + 1), files(len(line) + len(entries)) + 1):
            yield ("sitemap", year, number)
    lists = sum(len(terms_of(entry, taxonomy)) for entry in entries for taxonomy in TAXONOMIES)
    for number in range(1, files(len(page_urls(site)) + lists) + 1):
        yield ("sitemap_pages", number)


def _versions(site: Site, entries: Sequence[Entry]) -> Iterator[Question]:
    """Yield the question for each article of a group in which a version changed."""
    for root in {root for entry in entries for root in (original(entry), entry.teaser.id)}:
        yield ("translations", root)
        for entry in site.translated.get(root, ()):
            yield ("translations", entry.teaser.id)


def _archives(site: Site, entries: Sequence[Entry]) -> Iterator[Question]:
    grains: tuple[list[Key], list[Key], list[Key]] = ([], [], [])
    for key in site.periods:
        grains[0 if not key[1] else 1 if not key[2] else 2].append(key)
    for entry in entries:
        date = entry.teaser.date
        yield from (("months", date.year), ("days", date.year, date.month))
        # A template may ask for the days of no month: the months, or the years, with their counts.
        yield from (("days", date.year, 0), ("months", 0), ("days", 0, 0))
        yield ("on_day", date.year, date.month, date.day)
        keys = ((date.year, 0, 0), (date.year, date.month, 0), (date.year, date.month, date.day))
        for key, grain in zip(keys, grains, strict=True):
            yield ("around", *key)
            place = bisect_left(grain, key)
            for other in grain[max(0, place - 1) : place + 2]:
                yield ("around", *other)
