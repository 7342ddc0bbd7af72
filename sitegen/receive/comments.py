"""A reader's comment: the form of an article page, without JavaScript."""

from __future__ import annotations

import json
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response as Answer

from sitegen.receive.articles import Article
from sitegen.receive.captcha import Captcha, Proof
from sitegen.receive.context import Context, to_payload
from sitegen.receive.database import DAY, digest_of
from sitegen.receive.hints import NO_PROOF_OF_WORK, hints_for
from sitegen.receive.requests import origin_of, read_body, read_form, sender_of
from sitegen.responses.files import REVERSING, Response, response_bytes, url_fault
from sitegen.responses.paths import Place, path_of

LONGEST_NAME = 80
LONGEST_TEXT = 8000
LONGEST_URL = 300

HONEYPOT = "remark"
"""A field that people do not see. Browsers that fill in forms may fill it: so it is only a hint."""

FORM = {"for": "comment"}
"""The data of a challenge that was requested before a comment was sent."""


class Fault(NamedTuple):
    """Why a comment is refused: the HTTP status, and the key of the message."""

    status: int
    message: str


class Comments:
    """Accepts comments."""

    def __init__(self, context: Context, captcha: Captcha | None) -> None:
        self._context = context
        self._captcha = captcha

    async def post(self, request: Request) -> Answer:
        """Answer the form with a page that says what becomes of the comment."""
        form = read_form(request, await read_body(request))
        return await run_in_threadpool(self._take, request, form)

    def _take(self, request: Request, form: dict[str, str]) -> Answer:
        context = self._context
        article = context.articles.below(form.get("url", ""))
        found = self._response(form, article)
        if isinstance(found, Fault):
            return self._refused(found, article, form)
        proof = self._redeemed(form)
        hints = (*self._hints(request, form, proof), *hints_for(found, context.config.receive))
        response = found._replace(hints=hints)
        sender = sender_of(request, context.proxies)
        result = context.database.enqueue(
            "comment",
            digest_of("comment", response.thread, response.author, response.text),
            to_payload(response),
            context.limits(sender, response.thread),
            context.now,
            once_for=DAY,
        )
        if result == "limited":
            self._give_back(proof)
            return self._refused(Fault(429, "too_many"), article, form)
        context.journal.record(
            "taken" if result == "queued" else "repeated",
            "comment",
            thread=response.thread,
            id=response.id if result == "queued" else "",
        )
        context.wake()
        challenge = ""
        if self._captcha is not None and NO_PROOF_OF_WORK in response.hints and result == "queued":
            data = {"thread": response.thread, "id": response.id}
            challenge = json.dumps(self._captcha.challenge(context.now, data))
        # Hints are for the moderator alone: the sender sees no difference.
        is_shown = "comment" in context.config.receive.unmoderated
        message = "shown" if is_shown else "received"
        return context.pages.page(
            "received",
            runs_script=bool(challenge),
            message=message,
            back=self._back(article),
            challenge=challenge,
            prefix=urlsplit(context.config.responses.receiver).path.rstrip("/"),
        )

    async def accept_proof(self, request: Request) -> Answer:
        """Accept the proof of work that a browser sends after a comment."""
        form = read_form(request, await read_body(request))
        return await run_in_threadpool(self._accept_proof, form)

    def _accept_proof(self, form: dict[str, str]) -> Answer:
        context = self._context
        proof = self._redeemed(form)
        if proof is None or proof.data.keys() != {"thread", "id"}:
            context.journal.record("refused", "proof", reason="invalid")
            return Answer(status_code=400)
        digest = digest_of("proof", proof.data["id"])
        if context.database.enqueue("proof", digest, proof.data, (), context.now) == "limited":
            self._give_back(proof)
            context.journal.record("refused", "proof", reason="too_many")
            return Answer(status_code=429, headers={"Retry-After": "600"})
        context.journal.record("taken", "proof", **proof.data)
        context.wake()
        return Answer(status_code=202)

    def _redeemed(self, form: dict[str, str]) -> Proof | None:
        if self._captcha is None:
            return None
        return self._captcha.redeem(form.get("altcha", ""), self._context.now)

    def _give_back(self, proof: Proof | None) -> None:
        if self._captcha is not None and proof is not None:
            self._captcha.give_back(proof)

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
            id=self._context.new_response_id(),
            kind="comment",
            author=name,
            date=self._context.clock(),
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
        return (self._context.site / path).is_file()

    def _hints(self, request: Request, form: dict[str, str], proof: Proof | None) -> list[str]:
        hints = []
        if form.get(HONEYPOT):
            hints.append("a hidden field was filled in")
        origin = origin_of(request.headers)
        context = self._context
        if origin not in ("", "null", context.articles.base.origin):
            hints.append("the form was sent from another site")
        if self._captcha is not None and (proof is None or proof.data != FORM):
            hints.append(NO_PROOF_OF_WORK)
        return hints

    def _back(self, article: Article | None) -> str:
        if article is None:
            return ""
        return f"{self._context.articles.base.absolute(article.url)}#responses"

    def _refused(self, fault: Fault, article: Article | None, form: dict[str, str]) -> Answer:
        self._context.journal.record(
            "refused", "comment", reason=fault.message, thread=article.thread if article else ""
        )
        pages = self._context.pages
        reason = pages.translate(f"receiver.{fault.message}", name=LONGEST_NAME, text=LONGEST_TEXT)
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
        "reversing_name": bool(REVERSING.search(name)),
        "bad_website": bool(website) and (len(website) > LONGEST_URL or bool(url_fault(website))),
    }
    return next((Fault(400, key) for key, is_so in faults.items() if is_so), None)
