"""Which answers may be different after some documents changed: the only ones worth asking again.

Generous on purpose: what is named here is asked again and compared like anything else. What is not
named must be the same; `known_change` makes sure that the documents named are all that changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sitegen.cache.tables import LastBuild
from sitegen.cache.trace import AT, Question, digest, fingerprint
from sitegen.index.change import Change, UndatedChange
from sitegen.index.published import seen
from sitegen.index.set_digests import SetDigests
from sitegen.index.site import Site
from sitegen.index.term_texts import renamed
from sitegen.index.undated import sum_of_digests
from sitegen.model.documents import AnyEntry, Entry, PageEntry, TermEntry
from sitegen.model.moments import Moment
from sitegen.queries import KINDS
from sitegen.queries.kinds import (
    BODIES,
    DATA,
    EDITION,
    FILES,
    PAGES,
    RESPONSES,
    TERMS,
    WHOLE_SITE,
    Affected,
    Kind,
)


def known_change(
    site: Site, was: Mapping[str, AnyEntry | None], entries: Iterable[AnyEntry], last: LastBuild
) -> Change | None:
    """Return how `site` differs from the site of the last build, or None if that is not known.

    `was` are the parse results that were replaced since, by id, and `entries` all of today. The
    digests of the last build tell whether these changes explain the whole difference.
    """
    if last.other_digest != other_digest(site):
        return None
    before: dict[str, AnyEntry | None] = dict(was)
    for entry in entries:
        if entry.teaser.id not in before and _crossed(entry, last.at, site.at):
            before[entry.teaser.id] = entry
    then = [shown for entry in before.values() if entry and (shown := _shown(entry, site, last))]
    now = [found for id_ in before if (found := site.document(id_))]
    old, pages, texts = _by_kind(then)
    new, pages_now, texts_now = _by_kind(now)
    explained = _digest(
        site.set_digests.without(new).plus(old),
        site.pages.digest - sum_of_digests(pages_now) + sum_of_digests(pages),
        site.term_texts.digest - sum_of_digests(texts_now) + sum_of_digests(texts),
    )
    if explained != last.shown_digest:
        return None
    return Change(
        old, new, pages=UndatedChange(pages, pages_now), texts=UndatedChange(texts, texts_now)
    )


def _by_kind(
    entries: Sequence[AnyEntry],
) -> tuple[tuple[Entry, ...], tuple[PageEntry, ...], tuple[TermEntry, ...]]:
    return (
        tuple(entry for entry in entries if isinstance(entry, Entry)),
        tuple(entry for entry in entries if isinstance(entry, PageEntry)),
        tuple(entry for entry in entries if isinstance(entry, TermEntry)),
    )


def _shown(entry: AnyEntry, site: Site, last: LastBuild) -> AnyEntry | None:
    """Return a document as the last build showed it, None if it did not.

    Texts call terms as they did then: `other_digest` stands for that.
    """
    if isinstance(entry, PageEntry):
        return seen(entry, last.at, drafts=last.drafts)
    if isinstance(entry, TermEntry):
        return seen(entry, last.at, drafts=last.drafts)
    found = seen(entry, last.at, drafts=last.drafts)
    edition = site.of(found.edition if found else "")
    return found and renamed(found, edition.term_texts.names, edition.config.taxonomies)


def shown_digest(site: Site) -> bytes:
    """Return what stands for all published documents: equal for equal ones."""
    return _digest(site.set_digests, site.pages.digest, site.term_texts.digest)


def _digest(articles: SetDigests, pages: int, texts: int) -> bytes:
    return fingerprint((articles, pages, texts))


def _crossed(entry: AnyEntry, then: Moment, now: Moment) -> bool:
    """Whether the document appears or expires between two moments."""
    first, last = min(then, now), max(then, now)
    return (entry.publish is not None and first < entry.publish <= last) or (
        entry.expires is not None and first < entry.expires <= last
    )


def changed_threads(site: Site, before: Mapping[str, bytes]) -> frozenset[str]:
    """Return the articles of the threads that differ from those whose digests were `before`."""
    if not before and not site.threads:
        return frozenset()
    now = {name: thread.digest for name, thread in site.threads.items()}
    owners = site.thread_owners
    names = {name for name, _ in before.items() ^ now.items()}
    return frozenset(owners[name] for name in names if name in owners)


def changed_data(site: Site, before: Mapping[str, bytes]) -> frozenset[str]:
    """Return the names of the data files that differ from those whose digests were `before`."""
    if not before and not site.data:
        return frozenset()
    return frozenset(name for name, _ in before.items() ^ data_digests(site).items())


def data_digests(site: Site) -> Mapping[str, bytes]:
    """Return what stands for each data file: another digest where its value has changed."""
    return {name: file.digest for name, file in site.data.items()}


def affected_questions(site: Site, change: Change) -> set[Question]:
    """Return every question whose answer may not be what it was before `change`.

    Of the kinds that say so themselves; any other kind is always asked again.
    """
    return {
        question
        for kind in KINDS.values()
        if kind.affected is not None and _may_change(kind, change)
        for question in _affected(kind, kind.affected, site, change)
    }


def _affected(kind: Kind, affected: Affected, site: Site, change: Change) -> Iterator[Question]:
    """Yield the questions of a kind; of each edition those that its pages ask."""
    if kind.about is WHOLE_SITE or not site.editions:
        yield from affected(site, change)
        return
    for code, edition in site.editions.items():
        # All that changed: an edition may show what another one has.
        for question in affected(edition, change):
            is_own = kind.about is EDITION
            yield (f"{question[0]}{AT}{code}", *question[1:]) if is_own else question


def _may_change(kind: Kind, change: Change) -> bool:
    """Whether a change is of what an answer is made from."""
    if change.answered and RESPONSES in kind.reads:
        return True
    if change.data and DATA in kind.reads:
        return True
    pages = change.pages
    if pages.entries and PAGES in kind.reads and (BODIES in kind.reads or not pages.only_bodies):
        return True
    texts = change.texts
    if texts.entries and TERMS in kind.reads and (BODIES in kind.reads or not texts.only_bodies):
        return True
    return bool(change.entries) and (BODIES in kind.reads or not change.only_bodies)


def other_digest(site: Site) -> bytes:
    """Return the digest of all that `affected_questions` takes for unchanged: what is no document.

    The settings that those kinds are made from, the files, and what texts call terms: where that is
    another, any article may have other terms.
    """
    kinds = [kind for kind in KINDS.values() if kind.affected is not None]
    names = sorted({name for kind in kinds for name in kind.settings})
    values = fingerprint(
        [_setting(edition.config, name) for edition in site.each() for name in names]
    )
    files = site.files_digest if any(FILES in kind.reads for kind in kinds) else b""
    return digest(values, files, *(edition.term_texts.names_digest for edition in site.each()))


def _setting(config: Any, name: str) -> Any:
    for key in name.split("."):
        config = getattr(config, key)
    return config
