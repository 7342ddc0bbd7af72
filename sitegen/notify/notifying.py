"""The flow of `sitegen notify`: build, compare with what was told, look whether it is live, tell.

build ────▶ Said ─┬─ tasks ──▶ Task ── online ──▶ Task ── course ──▶ Outcome
notified/ ▶ Told ─┘                                          └─────▶ notified/
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from contextlib import ExitStack
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from sitegen import __version__
from sitegen.cache.record_reader import MissingRecordError
from sitegen.cache.store import FOLDER
from sitegen.config.settings import Config
from sitegen.flow.build import Options, build, quiet
from sitegen.flow.session import Session
from sitegen.index.site import Site
from sitegen.model.errors import Problem, UsageError
from sitegen.model.urls import Base
from sitegen.notify.articles import Said, is_news, said
from sitegen.notify.delivery import Course, Outcome
from sitegen.notify.delivery_log import Book, alone
from sitegen.notify.online import look
from sitegen.notify.records import Told
from sitegen.notify.tasks import Task, Tasks, tasks, useless
from sitegen.responses.paths import thread_name
from sitegen.web.fetching import Fetcher, Limits
from sitegen.work.progress import Progress

EVERYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))


class Wishes(NamedTuple):
    """How to notify, as the command line says."""

    urls: tuple[str, ...] = ()
    """Articles that are told of whatever their age, and of which all is tried again."""
    dry_run: bool = False
    wait: float = 0.0
    """Seconds that pages may take to be live."""
    output: Path | None = None
    """The folder that is built, if it is not `output`."""


class Report(NamedTuple):
    """What a run did, or would do."""

    planned: tuple[Task, ...]
    outcomes: tuple[Outcome, ...] = ()
    absent: tuple[tuple[Task, str], ...] = ()
    """Tasks of which our own page does not show online what they tell of."""
    left: int = 0
    """Tasks beyond the limit of their host."""
    waiting: tuple[Told, ...] = ()
    unsure: tuple[Told, ...] = ()


class _News(NamedTuple):
    published: Collection[str]
    """The threads of all articles that are published."""
    said: dict[str, Said]
    """Those that may have something to tell, by their threads."""
    config: Config


def notify(
    site: Path,
    now: datetime,
    wishes: Wishes = Wishes(),  # noqa: B008 - a frozen value
    progress: Progress = quiet,
    sleep: Callable[[float], None] | None = None,
) -> Report:
    """Tell other sites what is new, changed or gone in the site as it is at `now`.

    Raises `SitegenError` if the site has errors, `UsageError` if it has no address.
    """
    with ExitStack() as stack:
        if not wishes.dry_run:
            stack.enter_context(alone(site / FOLDER))
        book = Book(site)
        news = _news(site, now, wishes, book, progress)
        found = _tasks(news, book, now, named=bool(wishes.urls))
        due, left = _within(
            [task for item in found.values() for task in item.due], news.config.notify.per_host
        )
        report = Report(
            tuple(due),
            left=left,
            waiting=tuple(record for item in found.values() for record in item.waiting),
            unsure=tuple(record for item in found.values() for record in item.unsure),
        )
        if wishes.dry_run:
            return report
        for thread, item in found.items():
            book.forget(thread, item.forgotten)
        return _carried_out(report, book, news, now, wishes, progress, sleep)


def _carried_out(
    report: Report,
    book: Book,
    news: _News,
    now: datetime,
    wishes: Wishes,
    progress: Progress,
    sleep: Callable[[float], None] | None,
) -> Report:
    fetcher = _fetcher(news.config)
    seen = look(report.planned, fetcher, wishes.wait, sleep or time.sleep)
    outcomes = []
    for outcome in Course(book, fetcher, news.config, now, sleep).all(seen.live):
        outcomes.append(outcome)
        progress("notify", len(outcomes), len(seen.live))
    for thread, records in list(book.threads.items()):
        if thread not in news.said and useless(records):
            book.forget(thread, records)
    return report._replace(outcomes=tuple(outcomes), absent=tuple(seen.absent))


def _news(site: Path, now: datetime, wishes: Wishes, book: Book, progress: Progress) -> _News:
    session = Session()
    options = Options(at=now, output=wishes.output)
    try:
        while True:
            build(site, options, session=session, progress=progress)
            assert session.indexed is not None  # noqa: S101 - a build that succeeds leaves it
            index = session.indexed.site
            base = Base.parse(index.config.base_url)
            if not base.origin:
                hint = 'write base_url = "https://example.org/" into the configuration'
                message = "nobody can be told of a site without an address"
                raise UsageError(Problem(message, hint=hint))
            try:
                return _read(index, base, now, wishes.urls, book, session)
            except MissingRecordError as error:  # as a build: it is read again
                session.invalidate_articles(str(error.args[0]))
    finally:
        session.close()


def _read(
    index: Site, base: Base, now: datetime, urls: tuple[str, ...], book: Book, session: Session
) -> _News:
    assert session.store is not None  # noqa: S101 - as in `_news`
    rules = index.config.notify
    named = {_path(url, base) for url in urls}
    if unknown := named - {entry.teaser.url for entry in index.ordered}:
        raise UsageError(*(Problem(f"no article is published at {url}") for url in sorted(unknown)))
    published = set()
    found: dict[str, Said] = {}
    for entry in index.ordered:
        thread = thread_name(entry.teaser.identity)
        published.add(thread)
        if entry.canonical:
            continue  # another paper's: theirs is the page to tell of
        is_known = thread in book.threads or is_news(entry, now, rules.days)
        if entry.teaser.url in named if named else is_known:
            article = session.store.load_article(entry.teaser, entry.article_digest)
            found[thread] = said(article, base, rules.skip)
    return _News(published, found, index.config)


def _path(url: str, base: Base) -> str:
    """Return the URL of an article, named by its whole address or without the site's."""
    path = url.removeprefix(base.origin) if base.origin else url
    return path.removeprefix(base.prefix) if path.startswith(f"{base.prefix}/") else path


def _tasks(news: _News, book: Book, now: datetime, *, named: bool) -> dict[str, Tasks]:
    found = {}
    threads: Iterable[str] = news.said if named else {**news.said, **book.threads}
    for thread in sorted(threads):
        if thread in news.published and thread not in news.said:
            continue  # not asked for
        article = news.said.get(thread)
        found[thread] = tasks(thread, article, book.of(thread), now, anyway=named)
    return found


def _within(due: list[Task], per_host: int) -> tuple[list[Task], int]:
    """Return the tasks of a run, no more than `per_host` for one host, and how many are left."""
    counts: Counter[str] = Counter()
    kept = []
    for task in due:
        host = urlsplit(task.target).netloc.casefold()
        counts[host] += 1
        if counts[host] <= per_host:
            kept.append(task)
    return kept, len(due) - len(kept)


def _fetcher(config: Config) -> Fetcher:
    agent = f"sitegen/{__version__} (Webmention; +{config.base_url})"
    limits = Limits(seconds=config.notify.seconds)
    if config.notify.private:
        return Fetcher(agent, limits, ports=None, allowed=EVERYWHERE)
    return Fetcher(agent, limits)
