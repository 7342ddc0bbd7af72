"""What all parts of the receiver share: the site, its articles, the database, the clock."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sitegen.config.settings import Config
from sitegen.model import moments
from sitegen.model.moments import Moment
from sitegen.receive.articles import Articles
from sitegen.receive.database import Database, Limit, digest_of
from sitegen.receive.journal import Journal
from sitegen.receive.pages import Pages
from sitegen.receive.senders import networks_of
from sitegen.responses.files import Response, new_id
from sitegen.web.addresses import Network

TEN_MINUTES = 600
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Context:
    """The context of one receiver."""

    site: Path
    config: Config
    articles: Articles
    database: Database
    pages: Pages
    clock: Callable[[], Moment]
    """Returns now, with a time zone."""
    proxies: tuple[Network, ...]
    secret: str
    """The moderation secret; "" if there is no moderation page."""
    wake: Callable[[], None]
    """Wakes the workers: a job is due."""
    journal: Journal
    """The log, and what is counted."""

    def log(self, message: str) -> None:
        """Write a message to the log."""
        self.journal.say(message)

    @property
    def now(self) -> float:
        """Seconds since the epoch."""
        return self.clock().instant / 1_000_000

    def new_response_id(self) -> str:
        """Return a new id for a response."""
        return new_id(self.clock(), secrets.token_bytes(10))

    def limits(self, sender: str, thread: str, source: str = "") -> list[Limit]:
        """Return the limits for a response: of its sender, article, source's host, and of all."""
        rules = self.config.receive
        limits = [
            *(
                Limit(
                    self.database.network_key(network.name, self.now),
                    network.share * rules.per_address,
                    TEN_MINUTES,
                )
                for network in networks_of(sender)
            ),
            Limit(digest_of("article", thread), rules.per_article, HOUR),
            Limit(digest_of("all"), rules.in_total, HOUR),
        ]
        if source:
            host = urlsplit(source).hostname or ""
            limits.append(Limit(digest_of("source", host), rules.per_source, HOUR))
        return limits


def to_payload(response: Response) -> dict[str, Any]:
    """Return a response as JSON can hold it, for the queue."""
    return {
        name: moments.iso(value) if isinstance(value, Moment) else value
        for name, value in response._asdict().items()
    }


def from_payload(payload: Mapping[str, Any]) -> Response:
    """Return the response that `to_payload` was given."""
    values = dict(payload)
    values["date"] = moments.parse(values["date"])
    if values["changed"]:
        values["changed"] = moments.parse(values["changed"])
    values["hints"] = tuple(values["hints"])
    return Response(**values)
