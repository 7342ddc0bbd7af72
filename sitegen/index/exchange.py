"""Documents → Site, by one function: a site with some documents exchanged.

A site that is built from nothing is an exchange on an empty one. A few articles cost their lists
and not the site; many cost a sort.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, Generic, NamedTuple, TypeVar, cast

from sitegen.index.change import Change, UndatedChange
from sitegen.index.missing_words import counted_languages
from sitegen.index.pages import Pages, is_page
from sitegen.index.published import (
    common_name,
    moments,
    place_key,
    seen,
    status,
    terms_of,
)
from sitegen.index.shortcode_templates import EMBEDS
from sitegen.index.shortcode_uses import used_by
from sitegen.index.site import Site
from sitegen.index.static_files import published_files
from sitegen.index.term_texts import TermTexts, called, is_term_text, renamed, touched
from sitegen.index.undated import Undated, UndatedDocuments
from sitegen.index.uses import exchanged as exchanged_uses
from sitegen.model.documents import AnyEntry, Entry, PageEntry, Term, TermEntry
from sitegen.model.frozen import EMPTY
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

    def home(id_: str) -> AnyEntry | None:
        entry = entry_of(id_)
        return entry and _at_home(entry, before)

    crossed = (id_ for id_, times in before.timed.items() if min(times) <= at)
    edited = {id_: home(id_) for id_ in crossed}
    # What is edited may be left out although parsing gives it.
    edited |= {id_: entry and _at_home(entry, before) for id_, entry in edits.items()}
    # An id says which kind of entry it has.
    others = {id_: entry for id_, entry in edited.items() if is_page(id_)}
    pages: _Undated[Pages, PageEntry] = _exchanged_undated(
        before, before.pages, cast("_PageEdits", others), at
    )
    others = _with_taxonomy(edited, before)
    edited |= others
    texts: _Undated[TermTexts, TermEntry] = _exchanged_undated(
        before, before.term_texts, cast("_TermEdits", others), at
    )
    edited |= {id_: home(id_) for id_ in _called_otherwise(before, texts.documents, edited)}
    articles = {
        id_: entry for id_, entry in edited.items() if not (is_page(id_) or is_term_text(id_))
    }
    identities, parsed = before.identities.exchanged(
        cast("dict[str, Entry | None]", articles),
        lambda id_: before.entries.get(id_) or before.hidden.get(id_),
        cast("Callable[[str], Entry | None]", home),
    )
    was_shown = [before.entries[id_] for id_ in parsed if id_ in before.entries]
    was_hidden = [before.hidden[id_] for id_ in parsed if id_ in before.hidden]
    now = {id_: entry for id_, entry in parsed.items() if entry is not None}
    as_shown = {
        id_: visible and _as_called(visible, before, texts.documents)
        for id_, entry in now.items()
        for visible in (seen(entry, at, drafts=before.drafts),)
    }
    shown = sorted((entry for entry in as_shown.values() if entry), key=place_key)
    hidden = [now[id_] for id_, entry in as_shown.items() if entry is None]
    change = Change(tuple(was_shown), tuple(shown), pages=pages.change, texts=texts.change)
    times = {id_: left for id_, entry in edited.items() if entry and (left := moments(entry, at))}
    terms, by_term = before.terms, before.by_term
    if not before.editions:
        terms, by_term = _regrouped(before, was_shown, shown)
    uses = before.uses.exchanged(
        (*was_shown, *pages.change.old, *texts.change.old),
        (*shown, *pages.change.new, *texts.change.new),
        (*was_hidden, *pages.was_hidden, *texts.was_hidden),
        (*hidden, *pages.hidden, *texts.hidden),
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
        pages=pages.documents,
        term_texts=texts.documents,
        uses=uses,
        shortcodes=exchanged_uses(
            before.shortcodes, change, lambda entry: used_by(entry.shortcodes)
        ),
        languages=counted_languages(
            before.languages,
            (*was_shown, *pages.change.old, *texts.change.old),
            (*shown, *pages.change.new, *texts.change.new),
        ),
        identities=identities,
        memo={},
    )
    after.memo.update(_still_right(before, after, change))
    if before.editions:
        editions = {
            code: _edition(edition, after, change.of(code))
            for code, edition in before.editions.items()
        }
        after = replace(after, editions=editions)
    return Exchanged(after, change)


def _at_home(entry: AnyEntry, site: Site) -> AnyEntry:
    """Return a document in an edition that there is.

    One that has an error now is as it was, perhaps in an edition that there is no more.
    """
    if entry.edition in site.editions or not (entry.edition or site.editions):
        return entry
    return entry._replace(edition=next(iter(site.editions), ""))


def _edition(before: Site, whole: Site, change: Change) -> Site:
    """Return an edition with its documents exchanged in its lists; `whole` is the site of today."""
    old, new = change.old, change.new
    terms, by_term = _regrouped(before, old, new)
    after = replace(
        whole,
        config=before.config,
        edition=before.edition,
        ordered=merged(before.ordered, old, new),
        terms=terms,
        by_term=by_term,
        periods=_recounted(before.periods, old, new),
        term_texts=whole.term_texts.of_edition(before.edition),
        editions=EMPTY,
        memo={},
    )
    after.memo.update(_still_right(before, after, change))
    return after


def _as_called(entry: Entry, site: Site, texts: TermTexts) -> Entry:
    """Return an article with its terms as the texts of its edition call them."""
    if not texts.shown:
        return entry
    taxonomies = site.of(entry.edition).config.taxonomies
    return renamed(entry, texts.of_edition(entry.edition).names, taxonomies)


_PageEdits = Mapping[str, PageEntry | None]
_TermEdits = Mapping[str, TermEntry | None]

Documents = TypeVar("Documents", bound=UndatedDocuments[Any])


@dataclass(frozen=True)
class _Undated(Generic[Documents, Undated]):
    """The documents of a kind without dates after an exchange, and what is different in them."""

    documents: Documents
    change: UndatedChange[Undated] = field(default_factory=UndatedChange)
    was_hidden: tuple[Undated, ...] = ()
    hidden: tuple[Undated, ...] = ()


def _exchanged_undated(
    before: Site, known: Documents, edits: Mapping[str, Undated | None], at: Moment
) -> _Undated[Documents, Undated]:
    """Return the documents of a kind with some exchanged: the same value where it is none."""
    if not edits:
        return _Undated(known)
    shown: list[Undated] = []
    hidden: list[Undated] = []
    was_shown: list[Undated] = []
    was_hidden: list[Undated] = []
    for id_, entry in sorted(edits.items()):
        was_shown += [known.shown[id_]] if id_ in known.shown else []
        was_hidden += [known.hidden[id_]] if id_ in known.hidden else []
        if entry is None:
            continue
        visible = seen(entry, at, drafts=before.drafts)
        if visible is None:
            hidden.append(entry)
        else:
            shown.append(visible)
    unseen = frozenset(entry.teaser.id for entry in (*was_hidden, *hidden))
    change = UndatedChange(tuple(was_shown), tuple(shown), unseen)
    documents = known.exchanged(edits, shown, hidden)
    return _Undated(documents, change, tuple(was_hidden), tuple(hidden))


def _with_taxonomy(edits: Edits, site: Site) -> dict[str, AnyEntry | None]:
    """Return the texts of terms among `edits`; None for one of which there is no such term.

    Where its taxonomy is gone, or is no tree any more, the file has an error, and its last good
    state is from the time before.
    """
    texts = {id_: entry for id_, entry in edits.items() if is_term_text(id_)}
    gone = (
        id_
        for id_, entry in texts.items()
        if isinstance(entry, TermEntry)
        and (
            (taxonomy := site.of(entry.edition).config.taxonomies.get(entry.teaser.taxonomy))
            is None
            or ("/" in entry.teaser.slug and not taxonomy.tree)
        )
    )
    return {**texts, **dict.fromkeys(gone)}


def _called_otherwise(before: Site, texts: TermTexts, edited: Collection[str]) -> Iterator[str]:
    """Yield the ids of articles, besides `edited` ones, of which texts call a term otherwise now.

    They are looked for in the lists of the terms that their spellings led to.
    """
    if texts is before.term_texts:
        return
    for edition in before.each():
        was, now = edition.term_texts, texts.of_edition(edition.edition)
        taxonomies = edition.config.taxonomies
        for taxonomy, slugs in touched(was, now).items():
            names = was.names.get(taxonomy, {})
            lists = {called(Term("", slug, ""), names, taxonomies[taxonomy]).slug for slug in slugs}
            for slug in sorted(lists):
                for entry in edition.by_term[taxonomy].get(slug, ()):
                    if entry.teaser.id not in edited:
                        yield entry.teaser.id


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
    same_texts = after.term_texts is before.term_texts
    years = {("year", entry.teaser.date.year) for entry in change.entries}
    if change.only_bodies:
        # Of what is shown nothing is worked out of bodies. The news and
        # the next change also depend on time.
        other: set[Any] = {"news", "next_change", "site_pages", "edition_pages", *years}
        other |= set() if same_files else {"files_digest", "taken_paths"}
        other |= set() if same_pages else {"by_version", "listed_pages", "own_pages", "taken_paths"}
        # A text can put a name of `categories` elsewhere, and so the order of the sections.
        other |= set() if same_texts else {"taken_paths", "front_page"}
        other |= set() if after.hidden is before.hidden else {"thread_owners", "other_forms"}
        other |= set() if after.shortcodes is before.shortcodes else {EMBEDS}
        other |= set() if after.expired is before.expired else {"taken_paths"}
        _, front = before.memo.get("front_page", (None, ()))
        other |= (
            set() if change.ids.isdisjoint(entry.teaser.id for entry in front) else {"front_page"}
        )
        other |= {"translated"} if any(entry.translation_of for entry in change.entries) else set()
        return {name: value for name, value in before.memo.items() if name not in other}
    right = _known(before, "own_outputs", "own_rows")
    right |= _known(before, "files_digest") if same_files else {}
    right |= _known(before, "listed_pages", "own_pages") if same_pages else {}
    right |= _known(before, "shortcode_names", "shortcode_templates")
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
