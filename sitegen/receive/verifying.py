"""Verifies mentions: fetches the source, and files a response if it links to the article.

The response of a page that no longer links to the article is deleted; all else leaves no trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

from sitegen.receive.context import Context
from sitegen.receive.database import Job, Mention
from sitegen.receive.hints import hints_for
from sitegen.responses import moderation
from sitegen.responses.files import Kind, Response, response_bytes
from sitegen.responses.paths import Place, Status, path_of
from sitegen.web.fetching import Fetched, Fetcher, FetchError
from sitegen.web.mentions import Page, is_withdrawn, read_page

ACCEPT = "text/html, application/xhtml+xml, application/json;q=0.9, text/plain;q=0.8, */*;q=0.1"

Outcome = Literal["filed", "unchanged", "withdrawn", "none", "retry"]
"""`none`: the source does not link to the target, or must not be fetched. `retry`: it cannot be
fetched now."""

_GONE = 410
_OK = range(200, 300)
_TEMPORARY = frozenset({408, 425, 429})
_ERRORS = range(500, 600)

_STATUSES: tuple[Status, ...] = get_args(Status)


def verify(job: Job, context: Context, fetcher: Fetcher) -> Outcome:
    """Verify a mention, and file, update or delete its response."""
    source, target = job.payload["source"], job.payload["target"]
    known = context.database.find_mention(job.digest)
    try:
        got = fetcher.get(source, ACCEPT)
    except FetchError as error:
        context.log(f"cannot fetch {source}: {error}")
        return "none" if error.reason in ("url", "address", "redirects") else "retry"
    if got.status in _ERRORS or got.status in _TEMPORARY:
        return "retry"
    page = _linking_page(got, target)
    if page is None:
        is_certain = got.status == _GONE or got.status in _OK
        return _withdraw(known, job, context) if known and is_certain else "none"
    return _file(page, known, job, context)


def _linking_page(got: Fetched, target: str) -> Page | None:
    """Return what the source says of itself, or None if it does not link to the target."""
    if got.status not in _OK or is_withdrawn(got.body):
        return None
    return read_page(got.body, got.header("content-type"), got.url, target)


def _withdraw(known: Mention, job: Job, context: Context) -> Outcome:
    for status in ("shown", "pending"):
        moderation.move(context.site, Place(status, known.thread, known.id), "deleted")
    context.database.remember_mention(job.digest, known._replace(is_gone=True))
    return "withdrawn"


def _file(page: Page, known: Mention | None, job: Job, context: Context) -> Outcome:
    statuses = _statuses_of(known, context)
    if known is None or not statuses:
        known = Mention(job.payload["thread"], context.new_response_id(), is_gone=False)
    elif not known.is_gone and not {"shown", "pending"} & statuses:
        return "unchanged"  # a moderator has rejected it
    response = _response(page, known, job.kind, job.payload, context)
    earlier = _earlier(known, statuses, context)
    if earlier is not None:
        if _shown_texts(earlier) == _shown_texts(response):
            return "unchanged"
        response = response._replace(date=earlier.date, changed=context.clock())
    response = response._replace(hints=hints_for(response, context.config.receive))
    status = status_for(response, context)
    # Stored first: a mention whose file is not there counts as unknown.
    context.database.remember_mention(job.digest, known._replace(is_gone=False))
    try:
        moderation.put(context.site, status, response)
    except ValueError as error:
        context.log(f"cannot file the mention from {response.source}: {error}")
        return "none"
    for other in ("deleted", "pending"):
        if other in statuses and other != status:
            moderation.erase(context.site, Place(other, known.thread, known.id))
    return "filed"


def _earlier(known: Mention, statuses: set[Status], context: Context) -> Response | None:
    """Return the response that is filed for a mention already."""
    for status in ("pending", "shown"):
        if status in statuses:
            there = moderation.read_response(
                context.site, Place(status, known.thread, known.id), context.config
            )
            if there.response is not None:
                return there.response
    return None


def status_for(response: Response, context: Context) -> Literal["shown", "pending"]:
    """Return the status of a new response."""
    at_once = response.kind in context.config.receive.unmoderated and not response.hints
    return "shown" if at_once else "pending"


def _statuses_of(known: Mention | None, context: Context) -> set[Status]:
    if known is None:
        return set()
    places = [Place(status, known.thread, known.id) for status in _STATUSES]
    return {place.status for place in places if (context.site / path_of(place)).is_file()}


def _shown_texts(response: Response) -> tuple[str, ...]:
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
    page: Page, known: Mention, kind: str, payload: Mapping[str, Any], context: Context
) -> Response:
    chosen: Kind = next(item for item in get_args(Kind) if item == kind)
    source = payload["source"]
    made = Response(
        thread=known.thread,
        id=known.id,
        kind=chosen,
        author=page.author,
        date=context.clock(),
        # A TrackBack brings its own texts; they are used once the link is verified.
        text=payload.get("excerpt") or page.excerpt,
        source=source,
        title=payload.get("title") or page.title or source,
        site=payload.get("site") or page.site,
        mention=page.kind if chosen == "webmention" else "",
        lang=page.lang,
    )
    try:
        response_bytes(made)
    except ValueError:
        # An author that looks like a mail address, say: without it, the rest can be filed.
        made = made._replace(author="", site="", lang="")
    return made
