"""What an article says now, and what was told of it → what is to be told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal, NamedTuple

from sitegen.notify.articles import Said
from sitegen.notify.records import Told
from sitegen.web.mentions import normalized_url

Kind = Literal["new", "update", "removal"]


class Task(NamedTuple):
    """Something to tell another site."""

    thread: str
    kind: Kind
    source: str
    target: str
    said: Said | None
    """The article; None in a removal."""
    before: Told | None
    """What is written down of it."""


class Tasks(NamedTuple):
    """What is to be done about one article."""

    due: tuple[Task, ...] = ()
    waiting: tuple[Told, ...] = ()
    """To be tried again later."""
    forgotten: tuple[Told, ...] = ()
    """Records that say nothing any more."""
    unsure: tuple[Told, ...] = ()
    """Of which nobody knows whether they came, and which would stand there twice if sent again."""


def tasks(
    thread: str, said: Said | None, told: Iterable[Told], now: datetime, *, anyway: bool = False
) -> Tasks:
    """Return what is to be done about an article; `said` is None if it is not published any more.

    With `anyway` also what was refused, is not due or may have come is told again.
    """
    records = list(told)
    known = {(item.source, normalized_url(item.target)): item for item in records}
    sorting = _Sorting(thread, now, anyway=anyway)
    wanted = set()
    if said is not None:
        once = {normalized_url(item.target) for item in records if _is_for_good(item)}
        for url in said.targets:
            key = (said.source, normalized_url(url))
            wanted.add(key)
            if key in known:
                sorting.wanted(said, url, known[key])
            elif key[1] not in once:
                # A new address of ours is no news to those who cannot replace the old one.
                sorting.due.append(Task(thread, "new", said.source, url, said, None))
    for key, record in known.items():
        if key not in wanted:
            sorting.unwanted(record)
    return sorting.tasks


class _Sorting:
    """What is to be done about an article, while its records are gone through."""

    def __init__(self, thread: str, now: datetime, *, anyway: bool) -> None:
        self.thread = thread
        self.now = now
        self.anyway = anyway
        self.due: list[Task] = []
        self._waiting: list[Told] = []
        self._forgotten: list[Told] = []
        self._unsure: list[Told] = []

    @property
    def tasks(self) -> Tasks:
        return Tasks(
            tuple(self.due), tuple(self._waiting), tuple(self._forgotten), tuple(self._unsure)
        )

    def wanted(self, said: Said, target: str, before: Told) -> None:
        """Take a record of what the article still links to."""
        if before.state == "told" and before.way != "webmention":
            return  # said once and for all
        if _is_unsure(before) and not self.anyway:
            self._unsure.append(before)
        elif self.anyway or _is_due(before, said.text, self.now):
            kind: Kind = "update" if before.at else "new"
            self.due.append(Task(self.thread, kind, said.source, target, said, before))
        elif before.state == "waiting":
            self._waiting.append(before)

    def unwanted(self, before: Told) -> None:
        """Take a record of what the article does not link to any more, or is not there for."""
        if before.is_known_there and before.state != "refused":
            if before.state == "waiting" and not self.anyway and not _is_time(before, self.now):
                self._waiting.append(before)
            else:
                task = Task(self.thread, "removal", before.source, before.target, None, before)
                self.due.append(task)
        elif not _is_for_good(before):
            self._forgotten.append(before)


def _is_for_good(record: Told) -> bool:
    """Whether something was said that cannot be taken back."""
    is_sent = bool(record.at) or record.state in ("sending", "unsure")
    return record.way in ("pingback", "trackback") and is_sent


def _is_unsure(record: Told) -> bool:
    """Whether it may have come, and must not come twice.

    Webmention and Pingback may: a receiver knows a pair of addresses again. TrackBack knows none.
    """
    return record.state == "unsure" or (record.state == "sending" and record.way == "trackback")


def _is_due(record: Told, text: str, now: datetime) -> bool:
    if record.state == "sending":
        return True
    if record.state == "waiting":
        return _is_time(record, now)
    return record.text != text


def _is_time(record: Told, now: datetime) -> bool:
    return not record.again or datetime.fromisoformat(record.again) <= now


def useless(records: Iterable[Told]) -> bool:
    """Whether nobody ever took, or may yet take, anything of these."""
    return all(item.state in ("none", "refused") and not item.at for item in records)


def by_source(found: Iterable[Task]) -> Iterator[tuple[str, list[Task]]]:
    """Yield the addresses of ours with the tasks that are of them."""
    groups: dict[str, list[Task]] = {}
    for task in found:
        groups.setdefault(task.source, []).append(task)
    yield from groups.items()
