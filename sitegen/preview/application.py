"""The preview as an ASGI application: the site as a static host sends it, and live reload."""

from __future__ import annotations

import os
from email.utils import formatdate
from hashlib import blake2b
from importlib.resources import files
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sitegen.preview import pages
from sitegen.preview.reload_events import ReloadEvents
from sitegen.preview.reload_script import EVENTS_PATH, SCRIPT_PATH, PageContext, inject_script
from sitegen.web.host_names import AllowedHosts
from sitegen.web.sending import is_unchanged, not_modified, send_file
from sitegen.web.static_host import NOT_FOUND, Found, Missing, Moved, StaticHost, content_type

HTML = "text/html; charset=utf-8"

ANY_PATH = "*"
"""Stands for all output files: the page may change with any of them."""


class Preview:
    """A site that is shown while it is being edited; its base path is "" or like `/news`."""

    def __init__(self, host: StaticHost, reload_events: ReloadEvents, prefix: str) -> None:
        self.host = host
        self.reload_events = reload_events
        self.prefix = prefix
        self.policy = ""
        """The Content-Security-Policy of the site's pages, as its host will send it, or ""."""

    @property
    def home(self) -> str:
        """Path of the front page."""
        return quote(f"{self.prefix}/")

    # Starlette runs these in threads, since they read files.

    def page(self, request: Request) -> Response:
        """Answer for a URL of the site."""
        target: bytes = request.scope["raw_path"]
        found = self.host.find(target, self.prefix)
        if isinstance(found, Moved):
            query = f"?{request.url.query}" if request.url.query else ""
            headers = {"Location": found.location + query, "Cache-Control": "no-cache"}
            return Response(status_code=301, headers=headers)
        if isinstance(found, Found):
            sent = self._file(request, found.path, (found.path,), 200)
            return sent or self._missing(request, Missing(outside=False, could_be=(found.path,)))
        return self._missing(request, found)

    def _missing(self, request: Request, missing: Missing) -> Response:
        path = request.url.path
        if missing.outside:
            return self._generated(request, pages.outside(path, self.home), 404)
        if not self.host.files():
            return self._generated(request, pages.not_built(self.reload_events.problems), 503)
        paths = (*missing.could_be, NOT_FOUND)
        if NOT_FOUND in self.host.files() and (sent := self._file(request, NOT_FOUND, paths, 404)):
            return sent
        return self._generated(request, pages.not_found(path, self.home), 404)

    def _generated(self, request: Request, page: bytes, status: int) -> Response:
        return self._html(request, page, (ANY_PATH,), status, {}, shows_problems=status == 503)  # noqa: PLR2004 - the page that tells why there is none

    def _file(
        self, request: Request, path: str, paths: tuple[str, ...], status: int
    ) -> Response | None:
        """Return the answer with a file of the output folder; None if it has just gone."""
        try:
            file = (self.host.folder / path).open("rb")
        except OSError:
            return None
        about = os.fstat(file.fileno())
        headers = {"Last-Modified": formatdate(about.st_mtime, usegmt=True)}
        kind = content_type(path)
        if kind == HTML:
            with file:
                # What the host's policy forbids is missed here, not there.
                policy = {"Content-Security-Policy": self.policy} if self.policy else {}
                return self._html(request, file.read(), paths, status, headers | policy)
        headers["ETag"] = f'"{about.st_mtime_ns:x}-{about.st_size:x}"'
        return send_file(request, file, about.st_size, status, headers | {"Content-Type": kind})

    def _html(
        self,
        request: Request,
        page: bytes,
        paths: tuple[str, ...],
        status: int,
        headers: dict[str, str],
        *,
        shows_problems: bool = False,
    ) -> Response:
        context = PageContext(self.reload_events.name, f"{self.prefix}/", paths, shows_problems)
        body = inject_script(page, context)
        headers = {
            **headers,
            "ETag": f'"{blake2b(body, digest_size=12).hexdigest()}"',
            "Cache-Control": "no-cache",
            "Content-Type": HTML,
        }
        if status == 200 and is_unchanged(request.headers, headers):  # noqa: PLR2004 - HTTP
            return not_modified(headers)
        return Response(body, status, headers)

    async def events(self, request: Request) -> Response:
        """Answer with the stream of reload events."""
        since = request.headers.get("last-event-id") or request.query_params.get("since", "")
        # nginx would collect the stream, and other proxies pack it, until it is worth sending.
        headers = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
        stream = self.reload_events.stream(since)
        return StreamingResponse(stream, headers=headers, media_type="text/event-stream")

    def script(self, request: Request) -> Response:
        """Answer with the script that listens to them."""
        body = (files("sitegen") / "preview" / "reload.js").read_bytes()
        headers = {
            "ETag": f'"{blake2b(body, digest_size=12).hexdigest()}"',
            "Cache-Control": "no-cache",
            "Content-Type": "text/javascript; charset=utf-8",
        }
        if is_unchanged(request.headers, headers):
            return not_modified(headers)
        return Response(body, headers=headers)


def application(preview: Preview, hosts: AllowedHosts) -> ASGIApp:
    """Return the whole preview as an ASGI application that answers to `hosts` only."""
    routes = [
        Route(EVENTS_PATH, preview.events),
        Route(SCRIPT_PATH, preview.script),
        Route("/{path:path}", preview.page),
    ]
    return _HostCheck(Starlette(routes=routes), hosts)


class _HostCheck:
    def __init__(self, app: ASGIApp, hosts: AllowedHosts) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == "http":
            host = Headers(scope=scope).get("host", "")
            if not self._hosts.allow(host):
                app = PlainTextResponse(
                    "This is a sitegen preview. To prevent DNS rebinding, it refuses requests for "
                    f'the host name "{host}".\n'
                    "Open it at http://127.0.0.1 or http://localhost; or, if the name leads here, "
                    "start it with --allow-host and the name.\n",
                    status_code=421,
                )
        await app(scope, receive, send)
