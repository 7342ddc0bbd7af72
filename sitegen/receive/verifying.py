"""Looks at the page that is said to name an article, and files what it says there.

A page that names the article becomes a response; one that did and no longer does takes its
response with it; all else leaves no trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

from sitegen.receive.context import Desk
from sitegen.receive.hints import hints_for
from sitegen.receive.ledger import Job, Mention
from sitegen.responses import moderation
from sitegen.responses.files import Kind, Response, response_bytes
from sitegen.responses.paths import Place, Status, path_of
from sitegen.web.fetching import Fetched, Fetcher, FetchError
from sitegen.web.mentions import Page, is_withdrawn, read_page

ACCEPT = "text/html, application/xhtml+xml, application/json;q=0.9, text/plain;q=0.8, */*;q=0.1"

Outcome = Literal["filed", "unchanged", "withdrawn", "none", "retry"]
"""`none`: the source does not name the target, or must not be looked at. `retry`: it could not be
looked at now."""

_GONE = 410
_OK = range(200, 300)
_BUSY = frozenset({408, 425, 429})
_ERRORS = range(500, 600)

_STATUSES: tuple[Status, ...] = get_args(Status)


def verify(job: Job, desk: Desk, fetcher: Fetcher) -> Outcome:
    """Look at a mention that came, and do what follows."""
    source, target = job.payload["source"], job.payload["target"]
    known = desk.ledger.mention(job.mark)
    try:
        got = fetcher.get(source, ACCEPT)
    except FetchError as error:
        desk.tell(f"{source} was not read: {error}")
        return "none" if error.reason in ("url", "address", "redirects") else "retry"
    if got.status in _ERRORS or got.status in _BUSY:
        return "retry"
    page = _named(got, target)
    if page is None:
        is_told = got.status == _GONE or got.status in _OK
        return _withdraw(known, job, desk) if known and is_told else "none"
    return _file(page, known, job, desk)


def _named(got: Fetched, target: str) -> Page | None:
    """Return what the source says of itself, or None if it does not name the target."""
    if got.status not in _OK or is_withdrawn(got.body):
        return None
    return read_page(got.body, got.header("content-type"), got.url, target)


def _withdraw(known: Mention, job: Job, desk: Desk) -> Outcome:
    for status in ("shown", "pending"):
        moderation.move(desk.site, Place(status, known.thread, known.id), "deleted")
    desk.ledger.remember(job.mark, known._replace(is_gone=True))
    return "withdrawn"


def _file(page: Page, known: Mention | None, job: Job, desk: Desk) -> Outcome:
    statuses = _statuses_of(known, desk)
    if known is None or not statuses:
        known = Mention(job.payload["thread"], desk.fresh_id(), is_gone=False)
    elif not known.is_gone and not {"shown", "pending"} & statuses:
        return "unchanged"  # a moderator has decided
    response = _response(page, known, job.kind, job.payload, desk)
    earlier = _earlier(known, statuses, desk)
    if earlier is not None:
        if _says(earlier) == _says(response):
            return "unchanged"
        response = response._replace(date=earlier.date, changed=desk.clock())
    response = response._replace(hints=hints_for(response, desk.config.receive))
    status = status_for(response, desk)
    # First remembered: a mention whose file is not there is as good as unknown.
    desk.ledger.remember(job.mark, known._replace(is_gone=False))
    try:
        moderation.put(desk.site, status, response)
    except ValueError as error:
        desk.tell(f"{response.source} cannot be filed: {error}")
        return "none"
    for other in ("deleted", "pending"):
        if other in statuses and other != status:
            moderation.erase(desk.site, Place(other, known.thread, known.id))
    return "filed"


def _earlier(known: Mention, statuses: set[Status], desk: Desk) -> Response | None:
    """Return what is filed of a mention already."""
    for status in ("pending", "shown"):
        if status in statuses:
            there = moderation.read_response(
                desk.site, Place(status, known.thread, known.id), desk.config
            )
            if there.response is not None:
                return there.response
    return None


def status_for(response: Response, desk: Desk) -> Literal["shown", "pending"]:
    """Return where a new response goes."""
    at_once = response.kind in desk.config.receive.unmoderated and not response.hints
    return "shown" if at_once else "pending"


def _statuses_of(known: Mention | None, desk: Desk) -> set[Status]:
    if known is None:
        return set()
    places = [Place(status, known.thread, known.id) for status in _STATUSES]
    return {place.status for place in places if (desk.site / path_of(place)).is_file()}


def _says(response: Response) -> tuple[str, ...]:
    """Return what readers see of a mention."""
    return (
        response.source,
        response.title,
        response.text,
        response.author,
        response.site,
        response.mention,
    )


def _response(
    page: Page, known: Mention, kind: str, said: Mapping[str, Any], desk: Desk
) -> Response:
    chosen: Kind = next(item for item in get_args(Kind) if item == kind)
    source = said["source"]
    made = Response(
        thread=known.thread,
        id=known.id,
        kind=chosen,
        author=page.author,
        date=desk.clock(),
        # A TrackBack says itself how it wants to be shown; it is believed once the link is there.
        text=said.get("excerpt") or page.excerpt,
        source=source,
        title=said.get("title") or page.title or source,
        site=said.get("site") or page.site,
        mention=page.kind if chosen == "webmention" else "",
        lang=page.lang,
    )
    try:
        response_bytes(made)
    except ValueError:
        # A name that looks like a person's address, say: without it, the rest is fit to be shown.
        made = made._replace(author="", site="", lang="")
    return made
