"""The index of a site with some articles exchanged: the same as if it were made anew, for less.

A new article costs its lists and not the site: what `index` makes from all articles is copied and
mended here. Where more than articles would have to be mended, `reindexed` gives up.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sitegen.index.change import Change
from sitegen.index.published import (
    common_name,
    moments,
    period_keys,
    place_key,
    seen,
    status,
    terms_of,
)
from sitegen.index.site import TAXONOMIES, Site
from sitegen.model.documents import Entry, Term

Edits = Mapping[str, tuple[Entry | None, Entry | None]]
"""Parse results before and after, by the article's id; None for an article that was not there,
or is not there any more."""


def reindexed(
    site: Site, edits: Edits, *, at: datetime, drafts: bool
) -> tuple[Site, Change] | None:
    """Return the site as `index` would make it with `edits`, and what is shown otherwise.

    Between the moment of `site` and `at` no article of `site` may appear or expire, and nothing
    but articles may have changed. None means that it has to be made anew.
    """
    before = {id_: old for id_, (old, _) in edits.items() if old}
    after = {id_: new for id_, (_, new) in edits.items() if new}
    old = tuple(site.entries[id_] for id_ in edits if id_ in site.entries)
    shown = {id_: seen(entry, at, drafts=drafts) for id_, entry in after.items()}
    new = tuple(entry for entry in shown.values() if entry)
    changed = Change(old, new)
    if len(old) == len(edits) and changed.only_bodies:
        return site.with_bodies(new, at), changed
    if _use_other_files(site, before, after):
        return None
    ordered = _exchanged(site.ordered, old, new)
    if ordered is None:
        return None
    terms, by_term = _regrouped(site, old, new)
    hidden = {
        **_without(site.hidden, edits),
        **{id_: after[id_] for id_, entry in shown.items() if entry is None},
    }
    expired = [entry for entry in site.expired if entry.teaser.id not in edits]
    ended = (after[id_] for id_, entry in shown.items() if entry is None)
    expired += (entry for entry in ended if status(entry, at) == "expired")
    times = {id_: moments(entry, at) for id_, entry in after.items()}
    years = {entry.teaser.date.year for entry in (*old, *new)}
    mended = replace(
        site,
        entries={**_without(site.entries, edits), **{entry.teaser.id: entry for entry in new}},
        hidden=hidden,
        expired=tuple(sorted(expired, key=place_key)),
        ordered=ordered,
        terms=terms,
        by_term=by_term,
        periods=_recounted(site.periods, old, new),
        at=at,
        years={year: known for year, known in site.years.items() if year not in years},
        set_digests=site.set_digests.without(old).plus(new),
        timed={
            **_without(site.timed, edits),
            **{id_: moment for id_, moment in times.items() if moment},
        },
    )
    _keep_places(site, mended, changed)
    return mended, changed


def _keep_places(site: Site, mended: Site, changed: Change) -> None:
    """Let `mended` know the places of its articles where they are those of `site`, and more."""
    if "position" not in vars(site):
        return
    before = {entry.teaser.id: site.position[entry.teaser.id] for entry in changed.old}
    ids = [entry.teaser.id for entry in changed.new]
    last = len(site.ordered)
    added = {entry.teaser.id: last + number for number, entry in enumerate(mended.ordered[last:])}
    stay = (mended.ordered[before[id_]].teaser.id == id_ for id_ in ids if id_ in before)
    # Where all others stay and the new ones come last, nobody between them has moved.
    if before.keys() <= set(ids) and added.keys() == set(ids) - before.keys() and all(stay):
        places = {**site.position, **added} if added else site.position
        object.__setattr__(mended, "position", places)


def _use_other_files(site: Site, before: Mapping[str, Entry], after: Mapping[str, Entry]) -> bool:
    """Whether other files of the source tree may be published than before."""
    for id_ in before.keys() | after.keys():
        old, new = before.get(id_), after.get(id_)
        uses = (old.uses if old else (), new.uses if new else ())
        if not any(uses):
            continue
        stays = id_ in site.entries and new and not (new.draft or new.expires)
        if not stays or uses[0] != uses[1] or (old and new and old.publish != new.publish):
            return True
    return False


def _without(mapping: Mapping[str, Any], ids: Iterable[str]) -> dict[str, Any]:
    less = dict(mapping)
    for id_ in ids:
        less.pop(id_, None)
    return less


def _exchanged(
    line: Sequence[Entry], old: Iterable[Entry], new: Iterable[Entry]
) -> list[Entry] | None:
    """Return an ordered list of articles with some exchanged, or None if one is not in it."""
    mended = list(line)
    for entry in old:
        place = bisect_left(mended, place_key(entry), key=place_key)
        if place == len(mended) or mended[place].teaser.id != entry.teaser.id:
            return None
        del mended[place]
    for entry in new:
        insort(mended, entry, key=place_key)
    return mended


def _regrouped(
    site: Site, old: tuple[Entry, ...], new: tuple[Entry, ...]
) -> tuple[Mapping[str, Mapping[str, Term]], Mapping[str, Mapping[str, Sequence[Entry]]]]:
    """Return the terms and their articles, with those of the changed articles mended."""
    terms = dict(site.terms)
    by_term = dict(site.by_term)
    for taxonomy in TAXONOMIES:
        names, lines = dict(site.terms[taxonomy]), dict(site.by_term[taxonomy])
        for slug in touched_terms((*old, *new), taxonomy):
            gone = [entry for entry in old if _has(entry, taxonomy, slug)]
            come = [entry for entry in new if _has(entry, taxonomy, slug)]
            line = _exchanged(lines.get(slug, ()), gone, come)
            if line:
                if _spellings(gone, taxonomy, slug) != _spellings(come, taxonomy, slug):
                    names[slug] = common_name(taxonomy, slug, line)
                lines[slug] = line
            else:
                lines.pop(slug, None)
                names.pop(slug, None)
        if names.keys() != site.terms[taxonomy].keys():
            names, lines = dict(sorted(names.items())), dict(sorted(lines.items()))
        terms[taxonomy], by_term[taxonomy] = names, lines
    return terms, by_term


def touched_terms(entries: Iterable[Entry], taxonomy: str) -> set[str]:
    """Return the slugs of all terms of some articles in a taxonomy."""
    return {term.slug for entry in entries for term in terms_of(entry, taxonomy)}


def _has(entry: Entry, taxonomy: str, slug: str) -> bool:
    return any(term.slug == slug for term in terms_of(entry, taxonomy))


def _spellings(entries: Iterable[Entry], taxonomy: str, slug: str) -> list[Term]:
    return sorted(
        term for entry in entries for term in terms_of(entry, taxonomy) if term.slug == slug
    )


def _recounted(
    periods: Mapping[tuple[int, int, int], int], old: Iterable[Entry], new: Iterable[Entry]
) -> Mapping[tuple[int, int, int], int]:
    counts = dict(periods)
    for entries, step in ((old, -1), (new, 1)):
        for entry in entries:
            for key in period_keys(entry):
                counts[key] = counts.get(key, 0) + step
    if counts.keys() == periods.keys() and all(counts.values()):
        return counts
    return {key: count for key, count in sorted(counts.items()) if count}
