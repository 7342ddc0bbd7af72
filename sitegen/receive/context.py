"""What all parts of the receiver share: the site, its articles, the ledger, the clock."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sitegen.config.settings import Config
from sitegen.receive.articles import Articles
from sitegen.receive.ledger import Ledger, Limit, mark_of
from sitegen.receive.pages import Pages
from sitegen.responses.files import Response, new_id
from sitegen.web.addresses import Network

TEN_MINUTES = 600
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Desk:
    """One receiver."""

    site: Path
    config: Config
    articles: Articles
    ledger: Ledger
    pages: Pages
    clock: Callable[[], datetime]
    """Gives now, with a zone."""
    proxies: tuple[Network, ...]
    secret: str
    """Of the moderators; "" if there is no page for them."""
    wake: Callable[[], None]
    """Tells the workers that there is something to do."""
    tell: Callable[[str], None]
    """Takes lines for the log."""

    @property
    def now(self) -> float:
        """Seconds since the epoch."""
        return self.clock().timestamp()

    def fresh_id(self) -> str:
        """Return a new id for a response."""
        return new_id(self.clock(), secrets.token_bytes(10))

    def limits(self, sender: str, thread: str, source: str = "") -> list[Limit]:
        """Return what a response counts towards: its sender, its article, its source's host."""
        rules = self.config.receive
        limits = [
            Limit(self.ledger.address_key(sender, self.now), rules.per_address, TEN_MINUTES),
            Limit(mark_of("article", thread), rules.per_article, HOUR),
            Limit(mark_of("all"), rules.in_total, HOUR),
        ]
        if source:
            host = urlsplit(source).hostname or ""
            limits.append(Limit(mark_of("source", host), rules.per_source, HOUR))
        return limits


def packed(response: Response) -> dict[str, Any]:
    """Return a response as JSON can hold it."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in response._asdict().items()
    }


def unpacked(payload: Mapping[str, Any]) -> Response:
    """Return the response that `packed` was given."""
    values = dict(payload)
    values["date"] = datetime.fromisoformat(values["date"])
    if values["changed"]:
        values["changed"] = datetime.fromisoformat(values["changed"])
    values["hints"] = tuple(values["hints"])
    return Response(**values)
