"""Documents → Site, by one function: a site with some documents exchanged.

A site that is built from nothing is an exchange on an empty one. A few articles cost their lists
and not the site; many cost a sort.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple, TypeVar, cast

from sitegen.index.change import Change, PageChange
from sitegen.index.pages import Pages, is_page
from sitegen.index.published import (
    common_name,
    moments,
    place_key,
    seen,
    status,
    terms_of,
)
from sitegen.index.site import Site
from sitegen.index.static_files import published_files
from sitegen.model.documents import AnyEntry, Entry, PageEntry, Term
from sitegen.model.moments import Moment, calendar_day

FEW = 16
"""In a list that is so many times longer than what is exchanged in it, each place is looked for."""

Edits = Mapping[str, AnyEntry | None]
"""What parsing gives for some documents now, by their ids; None for one that is gone."""

T = TypeVar("T")


class Exchanged(NamedTuple):
    """A site after an exchange, and what is shown otherwise in it."""

    site: Site
    change: Change


def exchange(
    before: Site, edits: Edits, at: Moment, entry_of: Callable[[str], AnyEntry | None]
) -> Exchanged:
    """Return the site at the moment `at` with some documents exchanged.

    `at` is not before the moment of `before`: documents whose time has come or gone since are
    exchanged, too. `entry_of` gives what parsing gives for any document now.
    """
    crossed = (id_ for id_, times in before.timed.items() if min(times) <= at)
    edited = {**{id_: entry_of(id_) for id_ in crossed}, **edits}
    # An id says which kind of entry it has.
    articles = {id_: entry for id_, entry in edited.items() if not is_page(id_)}
    identities, parsed = before.identities.exchanged(
        cast("dict[str, Entry | None]", articles),
        lambda id_: before.entries.get(id_) or before.hidden.get(id_),
        cast("Callable[[str], Entry | None]", entry_of),
    )
    others = {id_: entry for id_, entry in edited.items() if is_page(id_)}
    pages = _exchanged_pages(before, cast("dict[str, PageEntry | None]", others), at)
    was_shown = [before.entries[id_] for id_ in parsed if id_ in before.entries]
    was_hidden = [before.hidden[id_] for id_ in parsed if id_ in before.hidden]
    now = {id_: entry for id_, entry in parsed.items() if entry is not None}
    as_shown = {id_: seen(entry, at, drafts=before.drafts) for id_, entry in now.items()}
    shown = sorted((entry for entry in as_shown.values() if entry), key=place_key)
    hidden = [now[id_] for id_, entry in as_shown.items() if entry is None]
    change = Change(tuple(was_shown), tuple(shown), pages=pages.change)
    times = {id_: left for id_, entry in edited.items() if entry and (left := moments(entry, at))}
    terms, by_term = _regrouped(before, was_shown, shown)
    uses = before.uses.exchanged(
        (*was_shown, *pages.change.old),
        (*shown, *pages.change.new),
        (*was_hidden, *pages.was_hidden),
        (*hidden, *pages.hidden),
    )
    files = (before.files, before.withheld)
    if uses is not before.uses:
        files = published_files(before.sources, uses, before.read)
    after = replace(
        before,
        at=at,
        entries=_exchanged(before.entries, was_shown, shown),
        hidden=_exchanged(before.hidden, was_hidden, hidden),
        expired=_still_expired(before, was_hidden, hidden, at),
        ordered=merged(before.ordered, was_shown, shown),
        terms=terms,
        by_term=by_term,
        periods=_recounted(before.periods, was_shown, shown),
        files=files[0],
        withheld=files[1],
        set_digests=before.set_digests.without(was_shown).plus(shown),
        timed=_with(before.timed, edited, times),
        pages=pages.pages,
        uses=uses,
        identities=identities,
        memo={},
    )
    after.memo.update(_still_right(before, after, change))
    return Exchanged(after, change)


class _ExchangedPages(NamedTuple):
    """The standalone pages after an exchange, and what is different in them."""

    pages: Pages
    change: PageChange = PageChange()
    was_hidden: Sequence[PageEntry] = ()
    hidden: Sequence[PageEntry] = ()


def _exchanged_pages(
    before: Site, edits: Mapping[str, PageEntry | None], at: Moment
) -> _ExchangedPages:
    """Return the pages with some exchanged: the same value where it is none."""
    known = before.pages
    if not edits:
        return _ExchangedPages(known)
    now = [entry for _, entry in sorted(edits.items()) if entry is not None]
    as_shown = [(entry, seen(entry, at, drafts=before.drafts)) for entry in now]
    shown = [entry for _, entry in as_shown if entry is not None]
    hidden = [entry for entry, visible in as_shown if visible is None]
    ids = sorted(edits)
    was_shown = [known.shown[id_] for id_ in ids if id_ in known.shown]
    was_hidden = [known.hidden[id_] for id_ in ids if id_ in known.hidden]
    unseen = frozenset(entry.teaser.id for entry in (*was_hidden, *hidden))
    change = PageChange(tuple(was_shown), tuple(shown), unseen)
    return _ExchangedPages(known.exchanged(edits, shown, hidden), change, was_hidden, hidden)


def merged(line: Sequence[Entry], old: Collection[Entry], new: Sequence[Entry]) -> list[Entry]:
    """Return an ordered list of articles without `old`, which are in it, and with `new`, ordered.

    A few are looked for one by one; of many the list is sorted.
    """
    if not line:
        return list(new)
    if (len(old) + len(new)) * FEW > len(line):
        gone = {entry.teaser.id for entry in old}
        kept = [entry for entry in line if entry.teaser.id not in gone] if gone else list(line)
        return sorted(chain(kept, new), key=place_key)
    found = list(line)
    for entry in old:
        del found[bisect_left(found, place_key(entry), key=place_key)]
    for entry in new:
        insort(found, entry, key=place_key)
    return found


def _still_expired(
    before: Site, was_hidden: Iterable[Entry], hidden: Iterable[Entry], at: Moment
) -> tuple[Entry, ...]:
    old = [entry for entry in was_hidden if status(entry, before.at) == "expired"]
    new = sorted((entry for entry in hidden if status(entry, at) == "expired"), key=place_key)
    return tuple(merged(before.expired, old, new)) if old or new else before.expired


def _exchanged(
    entries: Mapping[str, Entry], old: Iterable[Entry], new: Iterable[Entry]
) -> Mapping[str, Entry]:
    gone = {entry.teaser.id for entry in old}
    come = {entry.teaser.id: entry for entry in new}
    return _with(entries, gone, come)


def _with(
    mapping: Mapping[str, T], without: Collection[str], new: Mapping[str, T]
) -> Mapping[str, T]:
    """Return a mapping without some keys and with others; the same one if that changes nothing."""
    gone = [key for key in without if key in mapping and key not in new]
    if not gone and not new:
        return mapping
    found = dict(mapping)
    for key in gone:
        del found[key]
    found.update(new)
    return found


def _regrouped(
    before: Site, old: Iterable[Entry], new: Iterable[Entry]
) -> tuple[Mapping[str, Mapping[str, Term]], Mapping[str, Mapping[str, Sequence[Entry]]]]:
    """Return the terms and their articles."""
    terms, by_term = dict(before.terms), dict(before.by_term)
    for taxonomy in before.config.taxonomies:
        gone, come = _by_slug(old, taxonomy), _by_slug(new, taxonomy)
        if not gone and not come:
            continue
        names, lines = dict(before.terms[taxonomy]), dict(before.by_term[taxonomy])
        for slug in {**gone, **come}:
            left, entered = gone.get(slug, []), come.get(slug, [])
            line = merged(lines.get(slug, ()), left, entered)
            if not line:
                del lines[slug], names[slug]
                continue
            if not left or _spellings(left, taxonomy, slug) != _spellings(entered, taxonomy, slug):
                names[slug] = common_name(taxonomy, slug, line)
            lines[slug] = line
        if names.keys() != before.terms[taxonomy].keys():
            names, lines = dict(sorted(names.items())), dict(sorted(lines.items()))
        terms[taxonomy], by_term[taxonomy] = names, lines
    return terms, by_term


def _by_slug(entries: Iterable[Entry], taxonomy: str) -> dict[str, list[Entry]]:
    """Return articles by the slugs of their terms, each article once, in their order."""
    lines: dict[str, list[Entry]] = {}
    for entry in entries:
        for term in terms_of(entry, taxonomy):
            line = lines.setdefault(term.slug, [])
            if not line or line[-1] is not entry:
                line.append(entry)
    return lines


def _spellings(entries: Iterable[Entry], taxonomy: str, slug: str) -> Counter[Term]:
    return Counter(
        term for entry in entries for term in terms_of(entry, taxonomy) if term.slug == slug
    )


def _recounted(
    periods: Mapping[tuple[int, int, int], int], old: Iterable[Entry], new: Iterable[Entry]
) -> Mapping[tuple[int, int, int], int]:
    days: Counter[tuple[int, int, int]] = Counter()
    for entries, step in ((old, -1), (new, 1)):
        for entry in entries:
            days[calendar_day(entry.teaser.date)] += step
    if not any(days.values()):
        return periods
    counts = Counter(periods)
    # Each day once, not each article: in a whole archive that is three times faster.
    for (year, month, day), count in days.items():
        for key in ((year, 0, 0), (year, month, 0), (year, month, day)):
            counts[key] += count
    found = {key: count for key, count in counts.items() if count}
    return found if found.keys() == periods.keys() else dict(sorted(found.items()))


def _still_right(before: Site, after: Site, change: Change) -> Mapping[Any, Any]:
    """Return what was worked out for `before` and is the same for `after`."""
    if not before.memo:
        return {}
    same_files = after.files is before.files and after.withheld is before.withheld
    same_pages = after.pages is before.pages
    years = {("year", entry.teaser.date.year) for entry in change.entries}
    if change.only_bodies:
        # Of what is shown nothing is worked out of bodies. The news and
        # the next change also depend on time.
        other: set[Any] = {"news", "next_change", "site_pages", *years}
        other |= set() if same_files else {"files_digest", "taken_paths"}
        other |= set() if same_pages else {"listed_pages", "taken_paths"}
        other |= set() if after.hidden is before.hidden else {"thread_owners", "other_forms"}
        other |= set() if after.expired is before.expired else {"taken_paths"}
        _, front = before.memo.get("front_page", (None, ()))
        other |= (
            set() if change.ids.isdisjoint(entry.teaser.id for entry in front) else {"front_page"}
        )
        other |= {"translated"} if any(entry.translation_of for entry in change.entries) else set()
        return {name: value for name, value in before.memo.items() if name not in other}
    right: dict[Any, Any] = _known(before, "files_digest") if same_files else {}
    right |= _known(before, "listed_pages") if same_pages else {}
    if after.periods.keys() == before.periods.keys():
        right |= _known(before, "children", "beside")
    right |= {
        key: value
        for key, value in before.memo.items()
        if isinstance(key, tuple) and key[0] == "year" and key not in years
    }
    return right | _position(before, after, change)


def _known(site: Site, *names: str) -> dict[Any, Any]:
    return {name: site.memo[name] for name in names if name in site.memo}


def _position(before: Site, after: Site, change: Change) -> dict[Any, Any]:
    """Return the places of all articles, if they are known and none has moved."""
    known: Mapping[str, int] | None = before.memo.get("position")
    if known is None:
        return {}
    places = {entry.teaser.id: known[entry.teaser.id] for entry in change.old}
    ids = [entry.teaser.id for entry in change.new]
    last = len(before.ordered)
    added = {entry.teaser.id: last + number for number, entry in enumerate(after.ordered[last:])}
    stay = (after.ordered[places[id_]].teaser.id == id_ for id_ in ids if id_ in places)
    # Where all others stay and the new ones come last, nobody between them has moved.
    if places.keys() <= set(ids) and added.keys() == set(ids) - places.keys() and all(stay):
        return {"position": {**known, **added} if added else known}
    return {}
