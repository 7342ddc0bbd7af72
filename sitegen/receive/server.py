"""Creates a receiver, and runs it.

Any ASGI server can run it, too: `uvicorn --factory sitegen.receive.server:create_app`.
"""

from __future__ import annotations

import errno
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import uvicorn
from starlette.applications import Starlette

from sitegen import __version__
from sitegen.cache.store import FOLDER
from sitegen.config.loading import load_config
from sitegen.config.settings import Config
from sitegen.index.words import read_catalogues
from sitegen.model import moments
from sitegen.model.errors import Problem, UsageError
from sitegen.model.moments import Moment
from sitegen.model.urls import Base
from sitegen.output.writing import MANIFEST
from sitegen.receive.application import application
from sitegen.receive.articles import Articles
from sitegen.receive.context import Context
from sitegen.receive.database import Database
from sitegen.receive.environment import MODERATION, Secrets, read_secrets, site_folder
from sitegen.receive.journal import Journal
from sitegen.receive.mail import MailSettings
from sitegen.receive.pages import Pages
from sitegen.receive.requests import trusted_networks
from sitegen.receive.workers import Workers, WorkSignal
from sitegen.responses import moderation
from sitegen.web.fetching import Fetcher, Limits
from sitegen.web.idle_timeout import IdleTimeoutProtocol

DATABASE = "receive.sqlite3"
"""In `.sitegen/`, which is never published."""

MOST_CONNECTIONS = 1000

BACKLOG = 1024
"""Connections that wait to be accepted."""

CLOSE_SECONDS = 5
"""Seconds that running requests get at the end."""

FULL_BYTES = 1_000_000
"""A disk with less than this left is full."""

LIMITS = Limits(seconds=10, most_bytes=1_000_000, redirects=10)
"""Of fetching a source (https://www.w3.org/TR/webmention/#limits-on-get-requests)."""


class Receiver(NamedTuple):
    """A receiver that is ready to be run."""

    context: Context
    workers: Workers
    app: Starlette


def now() -> Moment:
    """Return the time."""
    return moments.of(datetime.now(UTC))


def make_receiver(
    site: Path,
    config: Config,
    secrets: Secrets,
    log: Callable[[str], None],
    *,
    output: Path | None = None,
    clock: Callable[[], Moment] = now,
    fetcher: Fetcher | None = None,
) -> Receiver:
    """Return the receiver of a site.

    `output` is the folder that the site is built into; `log` gets lines for the log; clock and
    fetcher are for tests. Raises `UsageError` if its database cannot be opened.
    """
    try:
        database = Database(site / FOLDER / DATABASE)
    except (sqlite3.Error, OSError) as error:
        free = shutil.disk_usage(site).free
        raise UsageError(opening_problem(error, f"{FOLDER}/{DATABASE}", free)) from None
    journal = Journal(log, config.receive.log, clock)
    signal = WorkSignal()
    base = Base.parse(config.base_url)
    context = Context(
        site=site,
        config=config,
        articles=Articles(output or site / "output", base),
        database=database,
        pages=Pages(
            read_catalogues(site, config),
            config.language,
            config.title,
            config.base_url or "/",
            config.timezone,
        ),
        clock=clock,
        proxies=trusted_networks(config.receive.proxies),
        secret=secrets.moderation,
        wake=signal.notify,
        journal=journal,
    )
    # Webmention asks for a name that says why we fetch.
    name = f"sitegen/{__version__} (Webmention; {config.responses.receiver or config.title})"
    fetcher = fetcher or Fetcher(name.encode("ascii", "replace").decode(), LIMITS)
    workers = Workers(context, fetcher, _mail_settings(config, secrets), signal)
    return Receiver(context, workers, application(context, workers))


def opening_problem(error: sqlite3.Error | OSError, path: str, free: int) -> Problem:
    """Return why the database at `path` cannot be opened, on a disk with `free` bytes left."""
    said = (isinstance(error, OSError) and error.strerror) or str(error)
    name = getattr(error, "sqlite_errorname", "") or errno.errorcode.get(
        getattr(error, "errno", None) or 0, ""
    )
    # SQLite calls a full disk an error of input and output, too.
    is_io = name.startswith("SQLITE_IOERR") and free < FULL_BYTES
    if is_io or name in ("SQLITE_FULL", "ENOSPC", "EDQUOT"):
        return Problem(f'cannot open "{path}": the disk is full', hint="make room on the disk")
    hint = "check that the folder `.sitegen` is writable for the user of the receiver"
    if name in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
        hint = "move the file away and keep it: comments that were not filed yet may be in it"
    elif name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        hint = "end the other program that holds it"
    elif name.startswith("SQLITE_IOERR") or name in ("EIO", "EMFILE", "ENFILE"):
        hint = "check the disk, and how many files the user of the receiver may open"
    return Problem(f'cannot open "{path}": {said}', hint=hint)


def _mail_settings(config: Config, secrets: Secrets) -> MailSettings | None:
    rules = config.receive
    if not rules.mail_to or not rules.mail_server:
        return None
    return MailSettings(rules.mail_server, secrets.mail, rules.mail_from, rules.mail_to)


def serve(
    site: Path,
    config: Config,
    secrets: Secrets,
    log: Callable[[str], None],
    *,
    host: str,
    port: int,
    output: Path | None = None,
) -> None:
    """Run the receiver until Ctrl-C. Raises `UsageError`."""
    with listening(host, port) as listener:
        made = make_receiver(site, config, secrets, log, output=output)
        say = made.context.log
        with made.context.database as database:  # the application closes it, but may not start
            # This process alone works for the site: what a killed one was doing is free.
            database.release_leases()
            for path in moderation.remove_leftovers(site, made.context.now):
                say(f"note: removed {path}, which a process that was ended had left half-written")
            if not ((output or site / "output") / MANIFEST).is_file():
                say("warning: the site is not built yet, so no article takes responses")
            if not config.responses.receiver:
                say("warning: `[responses] receiver` is not set, so pages have no comment form")
            if not secrets.moderation:
                say(f"note: `{MODERATION}` is not set, so there is no moderation page")
            say(f"listening on http://{host}:{listener.getsockname()[1]}/ (press Ctrl-C to stop)")
            uvicorn.Server(http_config(made.app, host, port)).run([listener])


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Yield a socket that listens on an address. Raises `UsageError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        message = f"cannot listen on {host}, port {port}: {error.strerror or error}"
        raise UsageError(Problem(message, hint="choose another `--host` or `--port`")) from None
    with listener:
        yield listener


def http_config(app: Starlette, host: str, port: int) -> uvicorn.Config:
    """Return the configuration of the HTTP server."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        http=IdleTimeoutProtocol,
        loop="asyncio",
        ws="none",
        lifespan="on",
        # Which proxies to trust is in our own configuration.
        proxy_headers=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=CLOSE_SECONDS,
        backlog=BACKLOG,
    )


def create_app() -> Starlette:
    """Return the application for an ASGI server. Raises `SitegenError`.

    The environment names the site (`SITEGEN_SITE`) and holds the secrets.
    """
    site = Path(site_folder())

    def log(text: str) -> None:
        sys.stderr.write(f"{text}\n")

    return make_receiver(site, load_config(site), read_secrets(), log).app
