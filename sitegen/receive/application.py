"""The receiver as an ASGI application."""

from __future__ import annotations

import sqlite3
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

from sitegen.receive.captcha import Captcha
from sitegen.receive.comments import FORM, Comments
from sitegen.receive.context import Context
from sitegen.receive.moderation_pages import ModerationPages
from sitegen.receive.monitoring import METRICS_TYPE, health_of, metrics_of
from sitegen.receive.pings import Pings
from sitegen.receive.workers import Workers


def application(context: Context, workers: Workers) -> Starlette:
    """Return the application; it starts the workers and stops them with itself."""
    receiver_url = urlsplit(context.config.responses.receiver)
    prefix = receiver_url.path.rstrip("/")
    captcha = Captcha(context.database) if context.config.receive.proof_of_work else None
    routes = _routes(context, prefix, captcha, is_https=receiver_url.scheme == "https")
    routes += _monitoring_routes(context, workers)
    # A proxy may pass on the path of the receiver, or strip it.
    mounted = [Mount(prefix, routes=routes), *routes] if prefix else routes

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        workers.start()
        try:
            yield
        finally:
            await run_in_threadpool(workers.stop)
            context.database.close()

    def internal_error(_request: Request, error: Exception) -> Answer:
        context.log(f"error: {type(error).__name__}: {error}")
        context.journal.record("refused", "request", reason="500")
        return PlainTextResponse("Something went wrong. Try again later.\n", 500)

    def unavailable(_request: Request, error: Exception) -> Answer:
        # A full disk, say. Nothing was acknowledged.
        context.log(f"error: {error}")
        context.journal.record("refused", "request", reason="503")
        headers = {"Retry-After": "600"}
        return PlainTextResponse("Nothing can be taken now. Try again later.\n", 503, headers)

    def http_error(request: Request, error: Exception) -> Answer:
        status, detail, headers = 500, "", None
        if isinstance(error, HTTPException):
            status, detail, headers = error.status_code, error.detail, error.headers
        if request.method == "POST":
            context.journal.record("refused", "request", reason=str(status))
        return PlainTextResponse(f"{detail}\n", status, headers)

    return Starlette(
        routes=mounted,
        lifespan=lifespan,
        exception_handlers={
            HTTPException: http_error,
            sqlite3.OperationalError: unavailable,
            Exception: internal_error,
        },
    )


def _monitoring_routes(context: Context, workers: Workers) -> list[Route]:
    def health(_request: Request) -> Answer:
        found = health_of(context, workers)
        status = 503 if found.problems else 200
        return JSONResponse(found.as_json(), status, {"Cache-Control": "no-store"})

    def metrics(request: Request) -> Answer:
        if "x-forwarded-for" in request.headers:
            # Through the proxy come readers; Prometheus asks the receiver itself.
            raise HTTPException(404)
        return Answer(metrics_of(context, workers), media_type=METRICS_TYPE)

    routes = [Route("/health", health, methods=["GET"])]
    if context.config.receive.metrics:
        routes.append(Route("/metrics", metrics, methods=["GET"]))
    return routes


def _routes(
    context: Context, prefix: str, captcha: Captcha | None, *, is_https: bool
) -> list[Route]:
    comments = Comments(context, captcha)
    pings = Pings(context)
    moderation_pages = ModerationPages(context, prefix, is_https=is_https)
    routes = [
        Route("/comment", comments.post, methods=["POST"]),
        Route("/webmention", pings.webmention, methods=["POST"]),
        Route("/webmention", pings.webmention_form, methods=["GET"]),
        Route("/moderation/", moderation_pages.page, methods=["GET"]),
        Route("/moderation/login", moderation_pages.login, methods=["POST"]),
        Route("/moderation/logout", moderation_pages.logout, methods=["POST"]),
        Route("/moderation/act", moderation_pages.act, methods=["POST"]),
        Route("/moderation/decide", moderation_pages.decision, methods=["GET"]),
        Route("/moderation/decide", moderation_pages.decide, methods=["POST"]),
    ]
    if context.config.responses.pingback:
        routes.append(Route("/pingback", pings.pingback, methods=["POST"]))
    if context.config.responses.trackback:
        routes += [
            Route("/trackback/{path:path}", pings.trackback, methods=["POST"]),
            Route("/trackback/{path:path}", pings.trackback_get, methods=["GET"]),
        ]
    if captcha is not None:

        def challenge(_request: Request) -> Answer:
            # The form is on the site's own pages, so that the request comes from their origin.
            headers = {
                "Access-Control-Allow-Origin": context.articles.base.origin or "*",
                "Cache-Control": "no-store",
            }
            return JSONResponse(captcha.challenge(context.now, FORM), headers=headers)

        def script(_request: Request) -> Answer:
            return context.pages.script("proof")

        routes += [
            Route("/challenge", challenge, methods=["GET"]),
            Route("/proof.js", script, methods=["GET"]),
            Route("/proof", comments.accept_proof, methods=["POST"]),
        ]
    return routes
