"""Articles that others were told of and that are gone: whether so many may go, and the note of it.

A removal cannot be taken back, and a folder that was not checked out looks like many removals. So a
run that finds too many articles gone sends nothing. Those that may go are marked in their records:
the next run does not count them again, be it that some of the removals are still to be sent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sitegen.index.lost_articles import Loss
from sitegen.model import moments
from sitegen.model.errors import Problem
from sitegen.model.moments import Moment
from sitegen.notify.delivery_log import DeliveryLog
from sitegen.notify.records import Notification

KEY = "`max_lost_articles` in [notify]"

Threads = Mapping[str, tuple[Notification, ...]]


def refused_removals(
    threads: Threads, published: Collection[str], expired: Collection[str], allowed: str
) -> Problem | None:
    """Return why nothing may be sent, or None.

    `threads` are the records of all articles, `published` and `expired` the threads of those that
    the site has. `allowed` is the share that may be lost, as a percentage.
    """
    known = {
        thread: record.source
        for thread, records in threads.items()
        for record in records
        if record.is_known_there and not record.withdrawn_at
    }
    gone = known.keys() - set(published) - set(expired)
    loss = Loss(tuple(sorted(known[thread] for thread in gone)), len(known), len(published))
    if not loss.exceeds(allowed):
        return None
    return loss.problem("that other sites were told of", allowed, KEY)


def note_withdrawals(log: DeliveryLog, published: Collection[str], now: Moment) -> None:
    """Mark the records of articles that are gone, and those of articles that are back."""
    for thread, records in list(log.threads.items()):
        at = "" if thread in published else moments.iso(now)
        for record in records:
            if bool(record.withdrawn_at) != bool(at) and (record.is_known_there or not at):
                log.replace(thread, record, record._replace(withdrawn_at=at))
