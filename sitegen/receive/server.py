"""Puts a receiver together, and runs it.

Any ASGI server can run it, too: `uvicorn --factory sitegen.receive.server:create_app`.
"""

from __future__ import annotations

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
from sitegen.model.errors import Problem, UsageError
from sitegen.model.urls import Base
from sitegen.output.writing import MANIFEST
from sitegen.receive.application import application
from sitegen.receive.articles import Articles
from sitegen.receive.context import Desk
from sitegen.receive.environment import Secrets, read_secrets, site_named
from sitegen.receive.idle_timeout import PatientProtocol
from sitegen.receive.ledger import Ledger
from sitegen.receive.mail import Post
from sitegen.receive.pages import Pages
from sitegen.receive.requests import trusted_networks
from sitegen.receive.workers import Bell, Workers
from sitegen.web.fetching import Fetcher, Limits

LEDGER = "receive.sqlite3"
"""In `.sitegen/`, which is never published."""

MOST_CONNECTIONS = 1000

BACKLOG = 1024
"""Connections that wait to be taken."""

CLOSE_SECONDS = 5
"""Time that answers under way are given at the end."""

LIMITS = Limits(seconds=10, most_bytes=1_000_000, redirects=10)
"""Of a look at a source (https://www.w3.org/TR/webmention/#limits-on-get-requests)."""


class Receiver(NamedTuple):
    """A receiver that is ready to be run."""

    desk: Desk
    workers: Workers
    app: Starlette


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def receiver(
    site: Path,
    config: Config,
    secrets: Secrets,
    tell: Callable[[str], None],
    *,
    output: Path | None = None,
    clock: Callable[[], datetime] = now,
    fetcher: Fetcher | None = None,
) -> Receiver:
    """Return the receiver of a site.

    `output` is the folder that the site is built into; `tell` gets lines for the log; clock and
    fetcher are for tests. Raises `UsageError` if its file in `.sitegen/` cannot be had.
    """
    try:
        ledger = Ledger(site / FOLDER / LEDGER)
    except (sqlite3.Error, OSError) as error:
        message = f"{FOLDER}/{LEDGER} cannot be used: {error}"
        raise UsageError(Problem(message, hint="is the folder yours to write to?")) from None
    bell = Bell()
    base = Base.parse(config.base_url)
    desk = Desk(
        site=site,
        config=config,
        articles=Articles(output or site / "output", base),
        ledger=ledger,
        pages=Pages(config.language, config.title, config.base_url or "/", config.zone),
        clock=clock,
        proxies=trusted_networks(config.receive.proxies),
        secret=secrets.moderation,
        wake=bell.ring,
        tell=tell,
    )
    # The name says why we come, as Webmention asks for.
    name = f"sitegen/{__version__} (Webmention; {config.responses.receiver or config.title})"
    eyes = fetcher or Fetcher(name.encode("ascii", "replace").decode(), LIMITS)
    workers = Workers(desk, eyes, _post(config, secrets), bell)
    return Receiver(desk, workers, application(desk, workers))


def _post(config: Config, secrets: Secrets) -> Post | None:
    rules = config.receive
    if not rules.mail_to or not rules.mail_server:
        return None
    return Post(rules.mail_server, secrets.mail, rules.mail_from, rules.mail_to)


def serve(
    site: Path,
    config: Config,
    secrets: Secrets,
    tell: Callable[[str], None],
    *,
    host: str,
    port: int,
    output: Path | None = None,
) -> None:
    """Run the receiver until Ctrl-C. Raises `UsageError`."""
    with listening(host, port) as listener:
        made = receiver(site, config, secrets, tell, output=output)
        # This process alone works for the site: what another one was doing when it was killed is
        # free.
        made.desk.ledger.release()
        if not ((output or site / "output") / MANIFEST).is_file():
            tell("warning: the site is not built yet, so that no article takes responses")
        if not config.responses.receiver:
            tell("warning: [responses] receiver is not set, so that pages have no form")
        if not secrets.moderation:
            tell("there is no moderation page: SITEGEN_MODERATION_SECRET is not set")
        tell(f"receiving at http://{host}:{listener.getsockname()[1]}/ (Ctrl-C ends it)")
        uvicorn.Server(http_config(made.app, host, port)).run([listener])


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Give a socket that listens at an address. Raises `UsageError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        message = f"cannot listen on {host}, port {port}: {error.strerror or error}"
        raise UsageError(Problem(message, hint="name another --host or --port")) from None
    with listener:
        yield listener


def http_config(app: Starlette, host: str, port: int) -> uvicorn.Config:
    """Return how the application is served."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        http=PatientProtocol,
        loop="asyncio",
        ws="none",
        lifespan="on",
        # Whom to believe about the sender is the configuration's to say.
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
    site = Path(site_named())

    def tell(text: str) -> None:
        sys.stderr.write(f"{text}\n")

    return receiver(site, load_config(site), read_secrets(), tell).app
