"""What other sites send when they link to an article: Webmention, Pingback, TrackBack.

All three are a pair of source and target, which is verified later (`verifying`). What is wrong with
a request is answered at once; what is wrong with the source never is, since that would tell a
stranger what this computer can reach.
"""

from __future__ import annotations

import xmlrpc.client
from typing import NamedTuple
from urllib.parse import urldefrag
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.responses import Response as Answer

from sitegen.receive.articles import Article
from sitegen.receive.context import Context
from sitegen.receive.database import digest_of
from sitegen.receive.journal import Event
from sitegen.receive.requests import raw_fields, read_body, read_form, sender_of
from sitegen.responses.files import url_fault
from sitegen.web.addresses import LONGEST_URL, UnsafeURLError, read_url
from sitegen.web.charsets import UnknownCharsetError, charset_of, decoded
from sitegen.web.mentions import LONGEST_EXCERPT, LONGEST_NAME, LONGEST_TITLE, normalized_url

XML = "text/xml; charset=utf-8"

MOST_XML = 16_384
"""Bytes of a Pingback: two URLs."""

# Faults of Pingback 1.0, section 3. Detailed ones are optional; here only the target has some.
GENERIC, NOT_USABLE, DENIED = 0, 33, 49


class Fault(NamedTuple):
    """Why a mention is refused."""

    status: int
    code: int
    """Of the fault in Pingback."""
    reason: str
    """For the log and the counters: one word."""
    message: str


class Pings:
    """Accepts mentions."""

    def __init__(self, context: Context) -> None:
        self._context = context

    # Webmention: https://www.w3.org/TR/webmention/#receiving-webmentions

    async def webmention(self, request: Request) -> Answer:
        """Answer a POST: 202 when the pair is in the queue, 400 when it cannot be one."""
        form = read_form(request, await read_body(request))
        return await run_in_threadpool(self._webmention, request, form)

    def _webmention(self, request: Request, form: dict[str, str]) -> Answer:
        source, target = form.get("source", "").strip(), form.get("target", "").strip()
        fault = self._take(request, "webmention", source, target)
        if "text/html" in request.headers.get("accept", ""):
            pages = self._context.pages
            if fault:
                reason = pages.translate("receiver.mention_refused")
                return pages.page("refused", fault.status, reason=reason, text="", back="")
            return pages.page("mention_received", 202)
        if fault:
            headers = {"Retry-After": "600"} if fault.status == 429 else {}  # noqa: PLR2004 - HTTP
            return PlainTextResponse(f"{fault.message}\n", fault.status, headers)
        return PlainTextResponse("Accepted. The mention will be verified.\n", 202)

    async def webmention_form(self, _request: Request) -> Answer:
        """Answer a GET with a form, for people whose site sends no webmentions."""
        return self._context.pages.page("webmention")

    # Pingback: https://www.hixie.ch/specs/pingback/pingback

    async def pingback(self, request: Request) -> Answer:
        """Answer an XML-RPC call."""
        body = await read_body(request, MOST_XML)
        return await run_in_threadpool(self._pingback, request, body)

    def _pingback(self, request: Request, body: bytes) -> Answer:
        called = _call(body)
        if called is None:
            fault: Fault | None = Fault(
                200, GENERIC, "no_call", "This is not a call of pingback.ping."
            )
        else:
            fault = self._take(request, "pingback", *called)
        if called is None and fault:
            self._context.journal.record("refused", "pingback", reason=fault.reason)
        if fault:
            answer = xmlrpc.client.Fault(fault.code, fault.message)
            xml = xmlrpc.client.dumps(answer, methodresponse=True)
        else:
            xml = xmlrpc.client.dumps(("The mention will be verified.",), methodresponse=True)
        return Answer(xml, media_type=XML)

    # TrackBack 1.2

    async def trackback(self, request: Request) -> Answer:
        """Answer a ping."""
        try:
            body = await read_body(request)
            fields = raw_fields(request.headers.get("content-type", ""), body)
        except HTTPException as error:
            return _trackback_answer(str(error.detail))
        return await run_in_threadpool(self._trackback, request, fields)

    async def trackback_get(self, _request: Request) -> Answer:
        """Answer a GET, which is no longer a ping."""
        return _trackback_answer("TrackBack pings must use HTTP POST.")

    def _trackback(self, request: Request, fields: dict[str, bytes]) -> Answer:
        in_header = charset_of(request.headers.get("content-type", ""))
        in_body = fields.get("charset", b"").decode("ascii", "replace")
        try:
            texts = {
                name: " ".join(decoded(value, in_header, in_body).split())
                for name, value in fields.items()
                if name in ("title", "excerpt", "blog_name", "url")
            }
        except UnknownCharsetError as error:
            self._context.journal.record("refused", "trackback", reason="charset")
            return _trackback_answer(str(error))
        article = self._context.articles.below("/" + request.path_params["path"])
        if article is None:
            self._context.journal.record("refused", "trackback", reason="no_article")
            return _trackback_answer("There is no such article.")
        target = self._context.articles.base.absolute(article.url)
        fault = self._take(
            request,
            "trackback",
            texts.get("url", ""),
            target,
            title=truncate(texts.get("title", ""), LONGEST_TITLE),
            excerpt=truncate(texts.get("excerpt", ""), LONGEST_EXCERPT),
            site=truncate(texts.get("blog_name", ""), LONGEST_NAME),
        )
        return _trackback_answer(fault.message if fault else "")

    # Shared

    def _take(
        self, request: Request, kind: str, source: str, target: str, **said: str
    ) -> Fault | None:
        """Put a pair of source and target into the queue, or return why not."""
        context = self._context
        article = context.articles.at(target) if len(target) <= LONGEST_URL else None
        fault = _fault(source, target, article)
        if fault or article is None:
            context.journal.record("refused", kind, reason=fault.reason if fault else "")
            return fault
        payload = {"source": source, "target": urldefrag(target)[0], "thread": article.thread}
        result = context.database.enqueue(
            kind,
            pair_digest(source, target),
            payload | said,
            context.limits(sender_of(request, context.proxies), article.thread, source),
            context.now,
        )
        if result == "limited":
            context.journal.record("refused", kind, reason="too_many", thread=article.thread)
            return Fault(429, DENIED, "too_many", "Too many requests. Try again later.")
        event: Event = "taken" if result == "queued" else "repeated"
        context.journal.record(event, kind, thread=article.thread, source=source)
        context.wake()
        return None


def pair_digest(source: str, target: str) -> bytes:
    """Return the digest of a pair of source and target, whichever protocol it came by."""
    return digest_of("mention", normalized_url(source), normalized_url(target))


def truncate(text: str, longest: int) -> str:
    """Return a text of at most `longest` characters."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _fault(source: str, target: str, article: Article | None) -> Fault | None:
    try:
        read_url(source, None)  # the fetcher checks the port
    except UnsafeURLError as error:
        return Fault(400, GENERIC, "source", f"The source cannot be fetched: {error}.")
    if reason := url_fault(source):
        return Fault(400, GENERIC, "source", f"The source is not accepted: {reason}.")
    if normalized_url(source) == normalized_url(target):
        return Fault(400, GENERIC, "same", "Source and target are the same.")
    if article is None:
        return Fault(400, NOT_USABLE, "no_article", "The target is not an article of this site.")
    if article.trackbacks != "open":
        return Fault(400, NOT_USABLE, "closed", "The target does not accept mentions.")
    return None


def _call(body: bytes) -> tuple[str, str] | None:
    """Return source and target of a call of `pingback.ping`, or None if the body is none.

    A document type is refused, and with it every entity.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return None
    if root.tag != "methodCall" or (root.findtext("methodName") or "").strip() != "pingback.ping":
        return None
    values = root.findall("params/param/value")
    if len(values) != 2:  # noqa: PLR2004 - source and target
        return None
    texts = [(value.findtext("string") if len(value) else value.text) or "" for value in values]
    return texts[0].strip(), texts[1].strip()


def _trackback_answer(message: str) -> Answer:
    said = (
        f"<error>1</error><message>{escape(message)}</message>" if message else "<error>0</error>"
    )
    xml = f'<?xml version="1.0" encoding="utf-8"?>\n<response>{said}</response>\n'
    # 200 also for errors: clients of the protocol look at nothing else then.
    return Answer(xml, media_type=XML)
