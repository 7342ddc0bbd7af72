"""When a site changes by itself: for cron, CI and the watcher."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sitegen import articles, config
from sitegen.build import quiet
from sitegen.executor import Workers
from sitegen.sources import require, scan
from sitegen.store import FOLDER, Store, lock


def next_change(site: Path, at: datetime) -> datetime | None:
    """Return the first moment after `at` at which an article appears or expires, or None.

    Reads the articles as they are now; nothing is built.
    """
    settings = config.load(site)
    with lock(site / FOLDER):
        store = Store(site / FOLDER, site / "output")
        try:
            files = scan(site, store.stamps())
            before = articles.remembered(store.cached())
            found = articles.load(
                site, files.sources, settings, store, before, None, Workers(), quiet
            )
        finally:
            store.close()
    require(found.problems())
    times = (
        time
        for entry in found.entries()
        if not entry.draft
        for time in (entry.publish, entry.expires)
        if time is not None and time > at
    )
    return min(times, default=None)
