"""What a site changes by itself: which document appears, expires or is no news any more. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from sitegen.config.settings import Config
from sitegen.index.published import status
from sitegen.index.site import Site
from sitegen.index.sitemaps import is_listed, leaves_news
from sitegen.model.documents import AnyEntry, AnyTeaser, Entry
from sitegen.model.moments import Moment
from sitegen.model.urls import Base

Kind = Literal["appears", "expires", "leaves_news"]
"""What happens to a document. An article leaves the news sitemap and is shown as before."""


class ScheduledChange(NamedTuple):
    """What happens to one document, and when."""

    at: Moment
    kind: Kind
    teaser: AnyTeaser


def first_changes(changes: Iterable[ScheduledChange]) -> tuple[ScheduledChange, ...]:
    """Return the earliest of some changes, all those of one moment, in the order of their ids."""
    found: list[ScheduledChange] = []
    for change in changes:
        if found and change.at < found[0].at:
            found = []
        if not found or change.at == found[0].at:
            found.append(change)
    return tuple(sorted(found, key=lambda change: (change.teaser.id, change.kind)))


def changes_of(entry: AnyEntry, settings: Config, at: Moment) -> Iterator[ScheduledChange]:
    """Yield what happens to a document by itself after the moment `at`."""
    yield from _own_changes(entry, at)
    if not isinstance(entry, Entry):
        return
    # Only what is published now is in the news sitemap now.
    if settings.base_url and settings.sitemap.news and not status(entry, at):
        until = leaves_news(entry)
        if until > at and is_listed(entry, Base.parse(settings.base_url)):
            yield ScheduledChange(until, "leaves_news", entry.teaser)


def next_changes(site: Site) -> tuple[ScheduledChange, ...]:
    """Return what happens at the moment at which the site changes next; () if it never does."""
    due = site.next_change
    if due is None:
        return ()
    timed = (id_ for id_, times in site.timed.items() if due in times)
    entries = (entry for id_ in timed if (entry := site.known(id_)))
    own = (change for entry in entries for change in _own_changes(entry, site.at))
    news = (
        ScheduledChange(due, "leaves_news", entry.teaser)
        for entry in site.news
        if leaves_news(entry) == due
    )
    return first_changes((*(change for change in own if change.at == due), *news))


def _own_changes(entry: AnyEntry, at: Moment) -> Iterator[ScheduledChange]:
    if entry.draft:
        return
    if entry.publish is not None and entry.publish > at:
        yield ScheduledChange(entry.publish, "appears", entry.teaser)
    if entry.expires is not None and entry.expires > at:
        yield ScheduledChange(entry.expires, "expires", entry.teaser)
