"""What an article links to now, and the notifications sent before → what is to be sent. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from sitegen.model import moments
from sitegen.model.moments import Moment
from sitegen.notify.articles import SourceArticle
from sitegen.notify.records import Notification
from sitegen.web.mentions import normalized_url

Kind = Literal["new", "update", "removal"]


class Task(NamedTuple):
    """A notification to send."""

    thread: str
    kind: Kind
    source: str
    target: str
    article: SourceArticle | None
    """None in a removal."""
    record: Notification | None
    """What was recorded of it before; None if nothing was."""


class Tasks(NamedTuple):
    """What is to be done about one article."""

    due: tuple[Task, ...] = ()
    waiting: tuple[Notification, ...] = ()
    """To be tried again later."""
    obsolete: tuple[Notification, ...] = ()
    """Records that are of no more use."""
    unsure: tuple[Notification, ...] = ()
    """Of which nobody knows whether they arrived; sent again they would be shown twice."""


def plan_tasks(
    thread: str,
    article: SourceArticle | None,
    sent: Iterable[Notification],
    now: Moment,
    *,
    force: bool = False,
) -> Tasks:
    """Return what is to be done about an article; `article` is None if it is no longer published.

    `sent` are the records of its notifications. With `force` also what was refused, is not due or
    may have arrived is sent again.
    """
    records = list(sent)
    known = {(item.source, normalized_url(item.target)): item for item in records}
    planner = _Planner(thread, now, force=force)
    wanted = set()
    if article is not None:
        final = {normalized_url(item.target) for item in records if _is_irrevocable(item)}
        for url in article.targets:
            key = (article.source, normalized_url(url))
            wanted.add(key)
            if key in known:
                planner.take_linked(article, url, known[key])
            elif key[1] not in final:
                # A new address of ours is no news to those who cannot replace the old one.
                planner.due.append(Task(thread, "new", article.source, url, article, None))
    for key, record in known.items():
        if key not in wanted:
            planner.take_unlinked(record)
    return planner.tasks


class _Planner:
    """Collects what is to be done about an article while its records are gone through."""

    def __init__(self, thread: str, now: Moment, *, force: bool) -> None:
        self.thread = thread
        self.now = now
        self.force = force
        self.due: list[Task] = []
        self._waiting: list[Notification] = []
        self._obsolete: list[Notification] = []
        self._unsure: list[Notification] = []

    @property
    def tasks(self) -> Tasks:
        return Tasks(
            tuple(self.due), tuple(self._waiting), tuple(self._obsolete), tuple(self._unsure)
        )

    def take_linked(self, article: SourceArticle, target: str, record: Notification) -> None:
        """Take a record of what the article still links to."""
        if record.state == "told" and record.protocol != "webmention":
            return  # cannot be updated
        if _is_unsure(record) and not self.force:
            self._unsure.append(record)
        elif self.force or _is_due(record, article.digest, self.now):
            kind: Kind = "update" if record.accepted_at else "new"
            self.due.append(Task(self.thread, kind, article.source, target, article, record))
        elif record.state == "waiting":
            self._waiting.append(record)

    def take_unlinked(self, record: Notification) -> None:
        """Take a record of what the article does not link to any more, or is not there for."""
        if record.is_known_there and record.state != "refused":
            if record.state == "waiting" and not self.force and not _is_retry_due(record, self.now):
                self._waiting.append(record)
            else:
                task = Task(self.thread, "removal", record.source, record.target, None, record)
                self.due.append(task)
        elif not _is_irrevocable(record):
            self._obsolete.append(record)


def _is_irrevocable(record: Notification) -> bool:
    """Whether something was sent that cannot be taken back."""
    is_sent = bool(record.accepted_at) or record.state in ("sending", "unsure")
    return record.protocol in ("pingback", "trackback") and is_sent


def _is_unsure(record: Notification) -> bool:
    """Whether it may have arrived, and must not arrive twice.

    Webmention and Pingback may: a receiver recognises a pair of addresses. TrackBack has no pairs.
    """
    is_sending = record.state == "sending" and record.protocol == "trackback"
    return record.state == "unsure" or is_sending


def _is_due(record: Notification, digest: str, now: Moment) -> bool:
    if record.state == "sending":
        return True
    if record.state == "waiting":
        return _is_retry_due(record, now)
    return record.digest != digest


def _is_retry_due(record: Notification, now: Moment) -> bool:
    return not record.retry_at or moments.parse(record.retry_at) <= now


def nothing_delivered(records: Iterable[Notification]) -> bool:
    """Whether none of these notifications was accepted, or may still be."""
    return all(item.state in ("none", "refused") and not item.accepted_at for item in records)


def by_source(found: Iterable[Task]) -> Iterator[tuple[str, list[Task]]]:
    """Yield the addresses of our articles with their tasks."""
    groups: dict[str, list[Task]] = {}
    for task in found:
        groups.setdefault(task.source, []).append(task)
    yield from groups.items()
