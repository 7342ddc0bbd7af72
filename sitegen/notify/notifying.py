"""The flow of `sitegen notify`: build, compare with the log, check what is live, deliver.

build ────▶ SourceArticle ─┬─ tasks ──▶ Task ── online ──▶ Task ── delivery ──▶ Outcome
notified/ ▶ Notification ──┘                                          └──────▶ notified/
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from contextlib import ExitStack
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
from sitegen.index.lost_articles import ANY_NUMBER
from sitegen.index.site import Site
from sitegen.model import moments
from sitegen.model.errors import Problem, SitegenError, UsageError
from sitegen.model.moments import Moment
from sitegen.model.urls import Base
from sitegen.notify.articles import SourceArticle, is_recent, source_article
from sitegen.notify.delivery import Delivery, Outcome
from sitegen.notify.delivery_log import DeliveryLog, exclusive_lock
from sitegen.notify.online import check_live
from sitegen.notify.records import Notification
from sitegen.notify.tasks import Task, Tasks, nothing_delivered, plan_tasks
from sitegen.notify.withdrawals import note_withdrawals, refused_removals
from sitegen.responses.paths import thread_name
from sitegen.web.fetching import Fetcher, Limits
from sitegen.work.progress import Progress

EVERYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))


class NotifyOptions(NamedTuple):
    """How to notify, as the command line says."""

    urls: tuple[str, ...] = ()
    """Articles to notify for whatever their age, with all that was refused or given up."""
    dry_run: bool = False
    wait: float = 0.0
    """Seconds that pages may take to be live."""
    output: Path | None = None
    """The folder that is built, if it is not `output`."""
    allow_lost_articles: bool = False
    """Whether however many articles may be gone."""


class Report(NamedTuple):
    """What a run did, or would do."""

    planned: tuple[Task, ...]
    outcomes: tuple[Outcome, ...] = ()
    not_live: tuple[tuple[Task, str], ...] = ()
    """Tasks whose page on our site is not live yet as they need it, with the reason."""
    over_limit: int = 0
    """Tasks beyond the limit of their host."""
    waiting: tuple[Notification, ...] = ()
    unsure: tuple[Notification, ...] = ()
    refused: Problem | None = None
    """Why a run that only looks would not be allowed to send anything."""


class _Articles(NamedTuple):
    published: Collection[str]
    """The threads of all articles that are published."""
    expired: Collection[str]
    """The threads of those whose end has come."""
    sources: dict[str, SourceArticle]
    """Those that may have something to notify of, by their threads."""
    config: Config


def notify(
    site: Path,
    now: Moment,
    options: NotifyOptions = NotifyOptions(),  # noqa: B008 - a frozen value
    progress: Progress = quiet,
    sleep: Callable[[float], None] | None = None,
) -> Report:
    """Tell other sites what is new, changed or gone in the site as it is at `now`.

    Raises `SitegenError` if the site has errors or has lost too many articles, `UsageError` if it
    has no address.
    """
    with ExitStack() as stack:
        if not options.dry_run:
            stack.enter_context(exclusive_lock(site / FOLDER))
        log = DeliveryLog(site)
        articles = _built_articles(site, now, options, log, progress)
        allowed = articles.config.notify.max_lost_articles
        refused = refused_removals(
            log.threads,
            articles.published,
            articles.expired,
            ANY_NUMBER if options.allow_lost_articles or options.urls else allowed,
        )
        if not options.dry_run:
            if refused:
                raise SitegenError(refused)
            if not options.urls:
                note_withdrawals(log, articles.published, now)
        found = _tasks(articles, log, now, named=bool(options.urls))
        due, over_limit = _within_host_limit(
            [task for item in found.values() for task in item.due], articles.config.notify.per_host
        )
        report = Report(
            tuple(due),
            over_limit=over_limit,
            waiting=tuple(record for item in found.values() for record in item.waiting),
            unsure=tuple(record for item in found.values() for record in item.unsure),
            refused=refused,
        )
        if options.dry_run:
            return report
        for thread, item in found.items():
            log.remove(thread, item.obsolete)
        return _deliver(report, log, articles, now, options, progress, sleep)


def _deliver(
    report: Report,
    log: DeliveryLog,
    articles: _Articles,
    now: Moment,
    options: NotifyOptions,
    progress: Progress,
    sleep: Callable[[float], None] | None,
) -> Report:
    fetcher = _fetcher(articles.config)
    checked = check_live(report.planned, fetcher, options.wait, sleep or time.sleep)
    outcomes = []
    for outcome in Delivery(log, fetcher, articles.config, now, sleep).run(checked.live):
        outcomes.append(outcome)
        progress("notify", len(outcomes), len(checked.live))
    for thread, records in list(log.threads.items()):
        if thread not in articles.sources and nothing_delivered(records):
            log.remove(thread, records)
    return report._replace(outcomes=tuple(outcomes), not_live=tuple(checked.not_live))


def _built_articles(
    site: Path, now: Moment, options: NotifyOptions, log: DeliveryLog, progress: Progress
) -> _Articles:
    build_options = Options(at=moments.local(now), output=options.output)
    with Session() as session:
        while True:
            build(site, build_options, session=session, progress=progress)
            assert session.indexed is not None  # noqa: S101 - a build that succeeds leaves it
            index = session.indexed.site
            base = Base.parse(index.config.base_url)
            if not base.origin:
                hint = 'set `base_url = "https://example.org/"` in sitegen.toml'
                message = '"base_url" is not set: other sites could not find the articles'
                raise UsageError(Problem(message, hint=hint))
            try:
                return _read(index, base, now, options.urls, log, session)
            except MissingRecordError as error:  # as a build: it is read again
                session.invalidate_documents(str(error.args[0]))


def _read(
    index: Site,
    base: Base,
    now: Moment,
    urls: tuple[str, ...],
    log: DeliveryLog,
    session: Session,
) -> _Articles:
    assert session.store is not None  # noqa: S101 - as in `_built_articles`
    rules = index.config.notify
    named = {_path(url, base) for url in urls}
    if unknown := named - {entry.teaser.url for entry in index.ordered}:
        raise UsageError(
            *(Problem(f'no article is published at "{url}"') for url in sorted(unknown))
        )
    published = set()
    found: dict[str, SourceArticle] = {}
    for entry in index.ordered:
        thread = thread_name(entry.teaser.identity)
        published.add(thread)
        if entry.canonical:
            continue  # another site's: theirs is the page to notify of
        is_known = thread in log.threads or is_recent(entry, now, rules.days)
        if entry.teaser.url in named if named else is_known:
            article = session.store.load_article(entry.teaser, entry.article_digest)
            found[thread] = source_article(article, base, rules.skip)
    expired = {thread_name(entry.teaser.identity) for entry in index.expired}
    return _Articles(published, expired, found, index.config)


def _path(url: str, base: Base) -> str:
    """Return the URL of an article, named by its whole address or without the site's."""
    path = url.removeprefix(base.origin) if base.origin else url
    return path.removeprefix(base.prefix) if path.startswith(f"{base.prefix}/") else path


def _tasks(articles: _Articles, log: DeliveryLog, now: Moment, *, named: bool) -> dict[str, Tasks]:
    found = {}
    threads: Iterable[str] = articles.sources if named else {**articles.sources, **log.threads}
    for thread in sorted(threads):
        if thread in articles.published and thread not in articles.sources:
            continue  # not asked for
        article = articles.sources.get(thread)
        found[thread] = plan_tasks(thread, article, log.records(thread), now, force=named)
    return found


def _within_host_limit(due: list[Task], per_host: int) -> tuple[list[Task], int]:
    """Return the tasks of a run, at most `per_host` for each host, and how many are left over."""
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
