"""Which answers may be different after some documents changed: the only ones worth asking again.

Generous on purpose: what is named here is asked again and compared like anything else. What is not
named must be the same; `known_change` makes sure that the documents named are all that changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sitegen.cache.tables import LastBuild
from sitegen.cache.trace import Question, digest, fingerprint
from sitegen.index.change import Change, PageChange
from sitegen.index.pages import sum_of_digests
from sitegen.index.published import seen
from sitegen.index.set_digests import SetDigests
from sitegen.index.site import Site
from sitegen.model.documents import AnyEntry, Entry, PageEntry
from sitegen.model.moments import Moment
from sitegen.queries import KINDS
from sitegen.queries.kinds import BODIES, FILES, PAGES, RESPONSES, Kind


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
    then = [shown for entry in before.values() if entry and (shown := _shown(entry, last))]
    now = [found for id_ in before if (found := site.document(id_))]
    old = tuple(entry for entry in then if isinstance(entry, Entry))
    new = tuple(entry for entry in now if isinstance(entry, Entry))
    pages = PageChange(
        tuple(entry for entry in then if isinstance(entry, PageEntry)),
        tuple(entry for entry in now if isinstance(entry, PageEntry)),
    )
    sets = site.set_digests.without(new).plus(old)
    digest_of_pages = site.pages.digest - sum_of_digests(pages.new) + sum_of_digests(pages.old)
    if shown_digest(sets, digest_of_pages) != last.shown_digest:
        return None
    return Change(old, new, pages=pages)


def _shown(entry: AnyEntry, last: LastBuild) -> AnyEntry | None:
    """Return a document as the last build showed it, None if it did not."""
    if isinstance(entry, PageEntry):
        return seen(entry, last.at, drafts=last.drafts)
    return seen(entry, last.at, drafts=last.drafts)


def shown_digest(articles: SetDigests, pages: int) -> bytes:
    """Return what stands for all published documents: equal for equal ones."""
    return fingerprint((articles, pages))


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


def affected_questions(site: Site, change: Change) -> set[Question]:
    """Return every question whose answer may not be what it was before `change`.

    Of the kinds that say so themselves; any other kind is always asked again.
    """
    return {
        question
        for kind in KINDS.values()
        if kind.affected is not None and _may_change(kind, change)
        for question in kind.affected(site, change)
    }


def _may_change(kind: Kind, change: Change) -> bool:
    """Whether a change is of what an answer is made from."""
    if change.answered and RESPONSES in kind.reads:
        return True
    pages = change.pages
    if pages.entries and PAGES in kind.reads and (BODIES in kind.reads or not pages.only_bodies):
        return True
    return bool(change.entries) and (BODIES in kind.reads or not change.only_bodies)


def other_digest(site: Site) -> bytes:
    """Return the digest of all that `affected_questions` takes for unchanged: what is no document.

    The settings that those kinds are made from, and the files.
    """
    kinds = [kind for kind in KINDS.values() if kind.affected is not None]
    names = sorted({name for kind in kinds for name in kind.settings})
    values = fingerprint([_setting(site.config, name) for name in names])
    files = site.files_digest if any(FILES in kind.reads for kind in kinds) else b""
    return digest(values, files)


def _setting(config: Any, name: str) -> Any:
    for key in name.split("."):
        config = getattr(config, key)
    return config
