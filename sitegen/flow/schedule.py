"""When a site changes by itself: for cron, CI and the watcher."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sitegen.config.loading import load_config
from sitegen.config.settings import Config
from sitegen.flow.reading import read_articles
from sitegen.index.published import status
from sitegen.index.sitemaps import is_listed, leaves_news
from sitegen.model.documents import Entry
from sitegen.model.errors import raise_errors
from sitegen.model.moments import Moment
from sitegen.model.urls import Base


def next_change(site: Path, at: Moment) -> Moment | None:
    """Return the first moment after `at` at which the site changes by itself, or None.

    An article appears, expires, or is no news any more to search engines.

    Reads the articles as they are now; nothing is built.
    """
    settings = load_config(site)
    found = read_articles(site, settings).articles
    raise_errors(found.problems())
    times = (
        time
        for entry in found.entries()
        if not entry.draft
        for time in (entry.publish, entry.expires, *_news_until(entry, settings, at))
        if time is not None and time > at
    )
    return min(times, default=None)


def _news_until(entry: Entry, settings: Config, at: Moment) -> Iterator[Moment]:
    """Yield the moment at which a published article leaves the news sitemap, if it is in one."""
    if not (settings.base_url and settings.sitemap.news) or status(entry, at):
        return
    if is_listed(entry, Base.parse(settings.base_url)):
        yield leaves_news(entry)
