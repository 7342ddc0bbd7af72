"""The receiver as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.responses import Response as Answer
from starlette.routing import Mount, Route

from sitegen.receive.captcha import Proof
from sitegen.receive.comments import FORM, Comments
from sitegen.receive.context import Desk
from sitegen.receive.moderators import Moderators
from sitegen.receive.pings import Pings
from sitegen.receive.workers import Workers


def application(desk: Desk, workers: Workers) -> Starlette:
    """Return the application; it starts the workers and ends them with itself."""
    location = urlsplit(desk.config.responses.receiver)
    prefix = location.path.rstrip("/")
    proof = Proof(desk.ledger) if desk.config.receive.proof_of_work else None
    routes = _routes(desk, prefix, proof, is_https=location.scheme == "https")
    # A proxy may pass the path below which the receiver lies, or take it away.
    mounted = [Mount(prefix, routes=routes), *routes] if prefix else routes

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        workers.start()
        try:
            yield
        finally:
            await run_in_threadpool(workers.stop)
            desk.ledger.close()

    def failed(_request: Request, error: Exception) -> Answer:
        desk.tell(f"error: {type(error).__name__}: {error}")
        return PlainTextResponse("Something went wrong here; send it again later.\n", 500)

    def refused(_request: Request, error: Exception) -> Answer:
        status, detail, headers = 500, "", None
        if isinstance(error, HTTPException):
            status, detail, headers = error.status_code, error.detail, error.headers
        return PlainTextResponse(f"{detail}\n", status, headers)

    return Starlette(
        routes=mounted,
        lifespan=life,
        exception_handlers={HTTPException: refused, Exception: failed},
    )


def _routes(desk: Desk, prefix: str, proof: Proof | None, *, is_https: bool) -> list[Route]:
    comments = Comments(desk, proof)
    pings = Pings(desk)
    moderators = Moderators(desk, prefix, is_https=is_https)
    routes = [
        Route("/comment", comments.post, methods=["POST"]),
        Route("/webmention", pings.webmention, methods=["POST"]),
        Route("/webmention", pings.webmention_form, methods=["GET"]),
        Route("/moderation/", moderators.page, methods=["GET"]),
        Route("/moderation/login", moderators.login, methods=["POST"]),
        Route("/moderation/logout", moderators.logout, methods=["POST"]),
        Route("/moderation/act", moderators.act, methods=["POST"]),
        Route("/moderation/decide", moderators.decision, methods=["GET"]),
        Route("/moderation/decide", moderators.decide, methods=["POST"]),
    ]
    if desk.config.responses.pingback:
        routes.append(Route("/pingback", pings.pingback, methods=["POST"]))
    if desk.config.responses.trackback:
        routes += [
            Route("/trackback/{path:path}", pings.trackback, methods=["POST"]),
            Route("/trackback/{path:path}", pings.trackback_get, methods=["GET"]),
        ]
    if proof is not None:

        def challenge(_request: Request) -> Answer:
            # The form stands on the site's own pages, whose script asks from there.
            headers = {
                "Access-Control-Allow-Origin": desk.articles.base.origin or "*",
                "Cache-Control": "no-store",
            }
            return JSONResponse(proof.challenge(desk.now, FORM), headers=headers)

        def script(_request: Request) -> Answer:
            return desk.pages.script("proof")

        routes += [
            Route("/challenge", challenge, methods=["GET"]),
            Route("/proof.js", script, methods=["GET"]),
            Route("/proof", comments.prove, methods=["POST"]),
        ]
    return routes
