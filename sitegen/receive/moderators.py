"""The moderators' page: what waits, and what becomes of it.

Only a POST changes anything, and only one that comes from a form of ours: mail programs and
browsers fetch links before anybody clicks them, and other sites can make a browser send forms.
"""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response as Answer

from sitegen.model.errors import SitegenError
from sitegen.receive.context import HOUR, TEN_MINUTES, Desk
from sitegen.receive.ledger import Limit, mark_of
from sitegen.receive.requests import origin_of, read_body, read_form, sender_of
from sitegen.receive.tokens import LINK_SECONDS, SESSION_SECONDS, Tokens, digest
from sitegen.responses import moderation
from sitegen.responses.moderation import StoredResponse
from sitegen.responses.paths import Place, Status, path_of, place_of

MOST_SHOWN = 50

LOGINS = 10
"""Tries from one address in ten minutes."""
ALL_LOGINS = 100
"""Tries from everybody in an hour."""

ACTIONS: Final[dict[str, Status]] = {
    "approve": "shown",
    "spam": "spam",
    "delete": "deleted",
    "wait": "pending",
}
VIEWS: Final[tuple[Status, ...]] = ("pending", "shown", "spam", "deleted")


class Shown(NamedTuple):
    """A response as the page shows it."""

    path: str
    found: StoredResponse
    address: str
    """Of the article's page, or ""."""


class Moderators:
    """Shows what waits to those who know the secret."""

    def __init__(self, desk: Desk, prefix: str, *, is_https: bool) -> None:
        """Take the path below which the receiver lies, and whether its address is https."""
        self._desk = desk
        self._prefix = prefix
        self._is_https = is_https
        self._tokens = Tokens(desk.ledger.key, desk.secret)
        # A cookie with this prefix cannot be set by another host of the domain (RFC 6265bis).
        self._cookie = "__Host-moderator" if is_https else "moderator"

    @property
    def _home(self) -> str:
        return f"{self._prefix}/moderation/"

    def page(self, request: Request) -> Answer:
        """Answer with the list, or with the question for the secret."""
        session = self._session(request)
        if not session:
            return self._desk.pages.page("login", home=self._home, is_wrong=False)
        asked = request.query_params.get("show", "pending")
        view: Status = next((status for status in VIEWS if status == asked), "pending")
        desk = self._desk
        places = sorted(moderation.places(desk.site, view), key=lambda place: place.id)
        newest = places[-MOST_SHOWN:] if view != "pending" else places[:MOST_SHOWN]
        items = [self._shown(place) for place in newest]
        return desk.pages.page(
            "moderation",
            home=self._home,
            token=self._tokens.form(session),
            items=items,
            count=len(places),
            view=view,
            views=VIEWS,
        )

    def _shown(self, place: Place) -> Shown:
        found = moderation.read_response(self._desk.site, place, self._desk.config)
        return Shown(path_of(place), found, "")

    async def login(self, request: Request) -> Answer:
        """Answer the secret with a session."""
        form = await self._form(request)
        return await run_in_threadpool(self._login, request, form)

    def _login(self, request: Request, form: dict[str, str]) -> Answer:
        desk = self._desk
        sender = desk.ledger.address_key(sender_of(request, desk.proxies), desk.now)
        limits = [
            Limit(b"login" + sender, LOGINS, TEN_MINUTES),
            Limit(mark_of("logins"), ALL_LOGINS, HOUR),
        ]
        if not desk.ledger.count(limits, desk.now):
            raise HTTPException(429, "There were too many tries. Wait ten minutes.")
        if not self._tokens.is_secret(form.get("secret", "")):
            return desk.pages.page("login", 403, home=self._home, is_wrong=True)
        answer = self._to_list()
        answer.set_cookie(
            self._cookie,
            self._tokens.session(),
            max_age=SESSION_SECONDS,
            path="/" if self._is_https else self._home,
            secure=self._is_https,
            httponly=True,
            samesite="strict",
        )
        return answer

    async def logout(self, request: Request) -> Answer:
        """End the session."""
        form = await self._form(request)
        self._check(request, form)
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
        self._check(request, form)
        return await run_in_threadpool(self._act, form)

    def _act(self, form: dict[str, str]) -> Answer:
        place = place_of(form.get("path", ""))
        status = ACTIONS.get(form.get("action", ""))
        if place is None or status is None:
            raise HTTPException(400, "That cannot be done.")
        self._move(place, status)
        return self._to_list()

    # The links in mails

    def decision(self, request: Request) -> Answer:
        """Answer a link: show the response and ask. Nothing is changed by looking."""
        return self._decision(request.query_params.get("t", ""))

    def _decision(self, token: str, *, is_done: bool = False) -> Answer:
        pages = self._desk.pages
        link = self._tokens.read_link(token) if self._desk.secret else None
        if link is None:
            return pages.page("decided", 403, message="This link is not valid, or too old.")
        if is_done:
            return pages.page("decided", message="Done.")
        mark = mark_of("link", token)
        data = self._data(link.place)
        if data is None or self._desk.ledger.is_used(mark, self._desk.now):
            return pages.page("decided", 410, message="This has been decided already.")
        if digest(data) != link.mark:
            message = "It was changed since the mail was sent: look at it on the moderation page."
            return pages.page("decided", 409, message=message)
        return pages.page("decide", item=self._shown(link.place), token=token, home=self._home)

    async def decide(self, request: Request) -> Answer:
        """Answer the form of such a page: act, once."""
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
        self._desk.ledger.use(mark_of("link", token), self._desk.now, LINK_SECONDS)
        return self._decision(token, is_done=True)

    # What all need

    def _data(self, place: Place) -> bytes | None:
        try:
            return (self._desk.site / path_of(place)).read_bytes()
        except OSError:
            return None

    def _move(self, place: Place, status: Status) -> None:
        try:
            moderation.move(self._desk.site, place, status)
        except SitegenError as error:
            raise HTTPException(409, str(error)) from None

    async def _form(self, request: Request) -> dict[str, str]:
        if not self._desk.secret:
            raise HTTPException(404, "There is no such page.")
        self._check_origin(request)
        return read_form(request, await read_body(request))

    def _check_origin(self, request: Request) -> None:
        """Refuse a form of another site, as far as the browser tells."""
        origin = origin_of(request.headers)
        receiver = urlsplit(self._desk.config.responses.receiver)
        hosts = {request.headers.get("host", ""), receiver.netloc}
        fetched = request.headers.get("sec-fetch-site", "same-origin")
        if fetched not in ("same-origin", "none") or (
            origin and urlsplit(origin).netloc not in hosts - {""}
        ):
            raise HTTPException(403, "This form came from another site.")

    def _session(self, request: Request) -> str:
        if not self._desk.secret:
            raise HTTPException(404, "There is no such page.")
        cookie = request.cookies.get(self._cookie, "")
        return cookie if self._tokens.is_session(cookie) else ""

    def _check(self, request: Request, form: dict[str, str]) -> None:
        session = self._session(request)
        if not session or not self._tokens.is_form(form.get("token", ""), session):
            raise HTTPException(403, "You are not signed in any more. Go back and sign in.")

    def _to_list(self) -> RedirectResponse:
        return RedirectResponse(self._home, 303, {"Cache-Control": "no-store"})
