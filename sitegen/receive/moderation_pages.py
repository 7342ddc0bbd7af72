"""The pages for moderators: the list of responses, and the links in mails.

Only a POST changes anything, and only one that comes from a form of ours: mail programs and
browsers fetch links before anybody clicks them, and other sites can make a browser send forms.
"""

from __future__ import annotations

import asyncio
import math
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response as Answer

from sitegen.model.errors import SitegenError
from sitegen.receive import sign_ins
from sitegen.receive.context import Context
from sitegen.receive.database import digest_of
from sitegen.receive.requests import origin_of, read_body, read_form, sender_of
from sitegen.receive.senders import SenderNetwork, networks_of
from sitegen.receive.sign_ins import SignIns
from sitegen.receive.tokens import (
    BROWSER_SECONDS,
    LINK_SECONDS,
    SESSION_SECONDS,
    Tokens,
    file_digest,
)
from sitegen.responses import moderation
from sitegen.responses.moderation import StoredResponse
from sitegen.responses.paths import Place, Status, path_of, place_of

MOST_SHOWN = 50

ACTIONS: Final[dict[str, Status]] = {
    "approve": "shown",
    "spam": "spam",
    "delete": "deleted",
    "wait": "pending",
}
VIEWS: Final[tuple[Status, ...]] = ("pending", "shown", "spam", "deleted")


class ListedResponse(NamedTuple):
    """A response as the pages list it."""

    path: str
    found: StoredResponse
    address: str
    """Of the article's page, or ""."""


class ModerationPages:
    """The pages for those who know the moderation secret.

    `prefix` is the path of the receiver, `is_https` whether its URL begins with https.
    """

    def __init__(self, context: Context, prefix: str, *, is_https: bool) -> None:
        self._context = context
        self._prefix = prefix
        self._is_https = is_https
        self._tokens = Tokens(context.database.key, context.secret)
        # A cookie with this prefix cannot be set by another host of the domain (RFC 6265bis).
        self._cookie = "__Host-moderator" if is_https else "moderator"
        self._browser_cookie = f"{self._cookie}-browser"
        self._sign_ins = SignIns()
        self._waiting = 0

    @property
    def _home(self) -> str:
        return f"{self._prefix}/moderation/"

    def page(self, request: Request) -> Answer:
        """Answer with the list of responses, or with the login form."""
        session = self._session(request)
        if not session:
            return self._context.pages.page("login", home=self._home, is_wrong=False)
        asked = request.query_params.get("show", "pending")
        view: Status = next((status for status in VIEWS if status == asked), "pending")
        context = self._context
        places = sorted(moderation.places(context.site, view), key=lambda place: place.id)
        newest = places[-MOST_SHOWN:] if view != "pending" else places[:MOST_SHOWN]
        items = [self._listed(place) for place in newest]
        return context.pages.page(
            "moderation",
            home=self._home,
            token=self._tokens.form_token(session),
            items=items,
            count=len(places),
            view=view,
            views=VIEWS,
        )

    def _listed(self, place: Place) -> ListedResponse:
        found = moderation.read_response(self._context.site, place, self._context.config)
        return ListedResponse(path_of(place), found, "")

    async def login(self, request: Request) -> Answer:
        """Check the secret, and start a session."""
        form = await self._form(request)
        browser = request.cookies.get(self._browser_cookie, "")
        is_known = self._tokens.is_browser(browser)
        networks = (
            # Others in its network cannot slow it down.
            (SenderNetwork(browser, 1),)
            if is_known
            else networks_of(sender_of(request, self._context.proxies))
        )
        await self._wait_for_turn(networks)
        if not self._tokens.is_secret(form.get("secret", "")):
            self._context.journal.record("refused", "sign-in", reason="wrong_secret")
            return self._context.pages.page("login", 403, home=self._home, is_wrong=True)
        self._sign_ins.take_back(networks)
        answer = self._to_list()
        self._set_cookie(answer, self._cookie, self._tokens.new_session(), SESSION_SECONDS)
        if not is_known:
            browser = self._tokens.new_browser()
            self._set_cookie(answer, self._browser_cookie, browser, BROWSER_SECONDS)
        return answer

    async def _wait_for_turn(self, networks: tuple[SenderNetwork, ...]) -> None:
        wait = self._sign_ins.attempt(networks, self._context.now)
        if wait > sign_ins.MOST_SECONDS or (wait and self._waiting >= sign_ins.MOST_WAITING):
            headers = {"Retry-After": str(math.ceil(wait))}
            raise HTTPException(429, "Too many attempts. Try again in a minute.", headers)
        if wait:
            self._waiting += 1
            try:
                await asyncio.sleep(wait)
            finally:
                self._waiting -= 1

    def _set_cookie(self, answer: Answer, name: str, value: str, seconds: int) -> None:
        answer.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/" if self._is_https else self._home,
            secure=self._is_https,
            httponly=True,
            samesite="strict",
        )

    async def logout(self, request: Request) -> Answer:
        """End the session."""
        form = await self._form(request)
        return await run_in_threadpool(self._logout, request, form)

    def _logout(self, request: Request, form: dict[str, str]) -> Answer:
        session = self._check(request, form)
        # The cookie is worth nothing any more, whoever else may have it.
        context = self._context
        context.database.use_once(digest_of("session", session), context.now, SESSION_SECONDS)
        answer = self._to_list()
        answer.delete_cookie(
            self._cookie,
            path="/" if self._is_https else self._home,
            secure=self._is_https,
            httponly=True,
            samesite="strict",
        )
        return answer

    async def act(self, request: Request) -> Answer:
        """Move a response."""
        form = await self._form(request)
        return await run_in_threadpool(self._act, request, form)

    def _act(self, request: Request, form: dict[str, str]) -> Answer:
        self._check(request, form)
        place = place_of(form.get("path", ""))
        status = ACTIONS.get(form.get("action", ""))
        if place is None or status is None:
            raise HTTPException(400, "There is no such response or action.")
        self._move(place, status)
        return self._to_list()

    # The links in mails

    def decision(self, request: Request) -> Answer:
        """Answer a link in a mail: show the response with a form. A GET changes nothing."""
        return self._decision(request.query_params.get("t", ""))

    def _decision(self, token: str, *, is_done: bool = False) -> Answer:
        pages = self._context.pages
        link = self._tokens.read_link(token) if self._context.secret else None
        if link is None:
            return pages.page("decided", 403, message="bad_link")
        if is_done:
            return pages.page("decided", message="done")
        digest = digest_of("link", token)
        data = self._data(link.place)
        if data is None or self._context.database.is_used(digest, self._context.now):
            return pages.page("decided", 410, message="done_before")
        if file_digest(data) != link.digest:
            return pages.page("decided", 409, message="changed_since")
        return pages.page("decide", item=self._listed(link.place), token=token, home=self._home)

    async def decide(self, request: Request) -> Answer:
        """Answer the form of such a page: each link works once."""
        form = await self._form(request)
        return await run_in_threadpool(self._decide, form)

    def _decide(self, form: dict[str, str]) -> Answer:
        token = form.get("t", "")
        status = ACTIONS.get(form.get("action", ""))
        page = self._decision(token)
        link = self._tokens.read_link(token)
        if page.status_code != 200 or link is None or status is None:  # noqa: PLR2004 - HTTP
            return page
        self._move(link.place, status)
        self._context.database.use_once(digest_of("link", token), self._context.now, LINK_SECONDS)
        return self._decision(token, is_done=True)

    # Shared

    def _data(self, place: Place) -> bytes | None:
        try:
            return (self._context.site / path_of(place)).read_bytes()
        except OSError:
            return None

    def _move(self, place: Place, status: Status) -> None:
        try:
            moderation.move(self._context.site, place, status)
        except SitegenError as error:
            raise HTTPException(409, str(error)) from None
        self._context.journal.record(
            "moderated", "response", thread=place.thread, id=place.id, to=status
        )

    async def _form(self, request: Request) -> dict[str, str]:
        if not self._context.secret:
            raise HTTPException(404, "There is no such page.")
        self._check_origin(request)
        return read_form(request, await read_body(request))

    def _check_origin(self, request: Request) -> None:
        """Refuse a form of another site, as far as the browser says so."""
        origin = origin_of(request.headers)
        receiver_url = urlsplit(self._context.config.responses.receiver)
        hosts = {request.headers.get("host", ""), receiver_url.netloc}
        fetched = request.headers.get("sec-fetch-site", "same-origin")
        if fetched not in ("same-origin", "none") or (
            origin and urlsplit(origin).netloc not in hosts - {""}
        ):
            raise HTTPException(403, "This form was sent from another site.")

    def _session(self, request: Request) -> str:
        if not self._context.secret:
            raise HTTPException(404, "There is no such page.")
        cookie = request.cookies.get(self._cookie, "")
        if not self._tokens.is_session(cookie):
            return ""
        context = self._context
        has_ended = context.database.is_used(digest_of("session", cookie), context.now)
        return "" if has_ended else cookie

    def _check(self, request: Request, form: dict[str, str]) -> str:
        """Return the session that a form belongs to, or refuse it."""
        session = self._session(request)
        if not session or not self._tokens.is_form_token(form.get("token", ""), session):
            raise HTTPException(403, "Your session has ended. Go back and sign in again.")
        return session

    def _to_list(self) -> RedirectResponse:
        return RedirectResponse(self._home, 303, {"Cache-Control": "no-store"})
