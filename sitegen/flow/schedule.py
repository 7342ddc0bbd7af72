"""When a site changes by itself, and how: for cron, CI and the watcher."""

from __future__ import annotations

from pathlib import Path

from sitegen.config.loading import load_config
from sitegen.flow.reading import read_documents
from sitegen.index.scheduled import ScheduledChange, changes_of, first_changes
from sitegen.model.errors import raise_errors
from sitegen.model.moments import Moment


def next_changes(site: Path, at: Moment) -> tuple[ScheduledChange, ...]:
    """Return what happens at the first moment after `at` at which the site changes by itself.

    Documents appear or expire, articles are no news any more to search engines; () if nothing will
    happen. Reads them as they are now; nothing is built.
    """
    settings = load_config(site)
    found = read_documents(site, settings).documents
    raise_errors(found.problems())
    return first_changes(
        change for entry in found.entries() for change in changes_of(entry, settings, at)
    )


def next_change(site: Path, at: Moment) -> Moment | None:
    """Return the first moment after `at` at which the site changes by itself, or None.

    As `next_changes`, in all else.
    """
    return next((change.at for change in next_changes(site, at)), None)
