"""A reader's comment: the form of an article page, without JavaScript."""

from __future__ import annotations

import json
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response as Answer

from sitegen.receive.articles import Article
from sitegen.receive.captcha import Proof
from sitegen.receive.context import Desk, packed
from sitegen.receive.hints import NO_PROOF, hints_for
from sitegen.receive.ledger import DAY, mark_of
from sitegen.receive.requests import origin_of, read_body, read_form, sender_of
from sitegen.responses.files import Response, response_bytes, url_fault
from sitegen.responses.paths import Place, path_of

LONGEST_NAME = 80
LONGEST_TEXT = 8000
LONGEST_URL = 300

HONEYPOT = "remark"
"""A field that people do not see. Browsers that fill in forms may fill it: so it only marks."""


FORM = {"for": "comment"}
"""What a challenge is about that was asked for before a comment was sent."""


class Fault(NamedTuple):
    """Why a comment is not taken: the status, and the key of the text that says so."""

    status: int
    word: str


class Comments:
    """Takes comments."""

    def __init__(self, desk: Desk, proof: Proof | None) -> None:
        self._desk = desk
        self._proof = proof

    async def post(self, request: Request) -> Answer:
        """Answer the form with a page that says what becomes of the comment."""
        form = read_form(request, await read_body(request))
        return await run_in_threadpool(self._take, request, form)

    def _take(self, request: Request, form: dict[str, str]) -> Answer:
        desk = self._desk
        article = desk.articles.below(form.get("url", ""))
        found = self._response(form, article)
        if isinstance(found, Fault):
            return self._refused(found, article, form)
        hints = (*self._hints(request, form), *hints_for(found, desk.config.receive))
        response = found._replace(hints=hints)
        sender = sender_of(request, desk.proxies)
        taken = desk.ledger.take(
            "comment",
            mark_of("comment", response.thread, response.author, response.text),
            packed(response),
            desk.limits(sender, response.thread),
            desk.now,
            once_for=DAY,
        )
        if taken == "limited":
            return self._refused(Fault(429, "too_many"), article, form)
        desk.wake()
        challenge = ""
        if self._proof is not None and NO_PROOF in response.hints and taken == "taken":
            about = {"thread": response.thread, "id": response.id}
            challenge = json.dumps(self._proof.challenge(desk.now, about))
        # What is suspicious is told to the moderator alone.
        is_shown = "comment" in desk.config.receive.unmoderated
        said = "shown" if is_shown else "taken"
        return desk.pages.page(
            "taken",
            runs_script=bool(challenge),
            said=said,
            back=self._back(article),
            challenge=challenge,
            prefix=urlsplit(desk.config.responses.receiver).path.rstrip("/"),
        )

    async def prove(self, request: Request) -> Answer:
        """Take the proof that the browser of a commenter worked after sending a comment."""
        form = read_form(request, await read_body(request))
        return await run_in_threadpool(self._prove, form)

    def _prove(self, form: dict[str, str]) -> Answer:
        desk = self._desk
        about = self._proof.read(form.get("altcha", ""), desk.now) if self._proof else None
        if about is None or about.keys() != {"thread", "id"}:
            return Answer(status_code=400)
        desk.ledger.take("proof", mark_of("proof", about["id"]), about, (), desk.now)
        desk.wake()
        return Answer(status_code=202)

    def _response(self, form: dict[str, str], article: Article | None) -> Response | Fault:
        name = " ".join(form.get("name", "").split())
        text = form.get("text", "").replace("\r\n", "\n").strip()
        website = form.get("website", "").strip()
        parent = form.get("parent", "").strip()
        fault = _fault(form, article, name, text, website)
        if fault is not None or article is None:
            return fault or Fault(404, "no_article")
        response = Response(
            thread=article.thread,
            id=self._desk.fresh_id(),
            kind="comment",
            author=name,
            date=self._desk.clock(),
            text=text,
            url=website,
            in_reply_to=parent if self._is_shown(article, parent) else "",
        )
        try:
            response_bytes(response)
        except ValueError:
            return Fault(400, "unfit")
        return response

    def _is_shown(self, article: Article, parent: str) -> bool:
        """Whether the comment that is answered can be read on the page."""
        try:
            path = path_of(Place("shown", article.thread, parent))
        except ValueError:
            return False
        return (self._desk.site / path).is_file()

    def _hints(self, request: Request, form: dict[str, str]) -> list[str]:
        hints = []
        if form.get(HONEYPOT):
            hints.append("a field that people do not see was filled in")
        origin = origin_of(request.headers)
        desk = self._desk
        if origin not in ("", "null", desk.articles.base.origin):
            hints.append("the form was sent from another site")
        if self._proof is not None and self._proof.read(form.get("altcha", ""), desk.now) != FORM:
            hints.append(NO_PROOF)
        return hints

    def _back(self, article: Article | None) -> str:
        if article is None:
            return ""
        return f"{self._desk.articles.base.absolute(article.url)}#responses"

    def _refused(self, fault: Fault, article: Article | None, form: dict[str, str]) -> Answer:
        pages = self._desk.pages
        reason = pages.word(fault.word, name=LONGEST_NAME, text=f"{LONGEST_TEXT:,}")
        headers = {"Retry-After": "600"} if fault.status == 429 else {}  # noqa: PLR2004 - HTTP
        return pages.page(
            "refused",
            fault.status,
            headers,
            reason=reason,
            text=form.get("text", "")[:LONGEST_TEXT],
            back=self._back(article),
        )


def _fault(
    form: dict[str, str], article: Article | None, name: str, text: str, website: str
) -> Fault | None:
    if article is None or form.get("article", article.thread) != article.thread:
        return Fault(404, "no_article")
    if article.comments != "open":
        return Fault(403, "closed")
    faults = {
        "no_name": not name,
        "no_text": not text,
        "long_name": len(name) > LONGEST_NAME,
        "long_text": len(text) > LONGEST_TEXT,
        "personal_name": "@" in name,
        "bad_website": bool(website) and (len(website) > LONGEST_URL or bool(url_fault(website))),
    }
    return next((Fault(400, word) for word, is_so in faults.items() if is_so), None)
