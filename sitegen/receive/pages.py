"""The receiver's own pages, in the language of the site, and their HTTP headers."""

from __future__ import annotations

import base64
import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from sitegen.html.direction import direction
from sitegen.model import moments
from sitegen.model.moments import Moment

_FOLDER = "pages"


class Pages:
    """Pages in one language.

    `language`, `title` and `zone` are those of the site, `home` is the URL of its front page.
    """

    def __init__(self, language: str, title: str, home: str, zone: str) -> None:
        code = language.partition("-")[0].lower()
        self._messages = _messages("en") | _messages(code)
        self._zone = zone
        self._lang = code if _messages(code) else "en"
        self._environment = Environment(
            loader=PackageLoader("sitegen.receive", _FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        style = (files("sitegen.receive") / _FOLDER / "style.css").read_text("utf-8")
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self._environment.globals.update(
            style=style,
            site_title=title,
            site_home=home,
            lang=self._lang,
            direction=direction(self._lang),
            translate=self.translate,
            when=self._when,
        )
        self._headers = {
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
                "frame-ancestors 'none'; base-uri 'none'"
            ),
            "X-Frame-Options": "DENY",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
            # Not `no-referrer`: the forms would then be sent without an origin.
            "Referrer-Policy": "same-origin",
            "X-Robots-Tag": "noindex",
            "Cross-Origin-Opener-Policy": "same-origin",
        }

    def _when(self, moment: Moment) -> str:
        here = moments.in_zone(moment, self._zone)
        return f"{moments.clock_time(here)} {moments.abbreviation(here)}"

    def translate(self, key: str, **values: object) -> str:
        """Return a message in the language of the site."""
        return self._messages[key].format(**values)

    def page(
        self,
        name: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        runs_script: bool = False,
        **values: Any,
    ) -> HTMLResponse:
        """Return a page; all values are escaped. `runs_script` allows our own scripts on it."""
        html = self._environment.get_template(f"{name}.html").render(values)
        sent = {**self._headers, **(headers or {})}
        if runs_script:
            sent["Content-Security-Policy"] += "; script-src 'self'; connect-src 'self'"
        return HTMLResponse(html, status, sent)

    @staticmethod
    def script(name: str) -> Response:
        """Return one of our scripts."""
        text = (files("sitegen.receive") / _FOLDER / f"{name}.js").read_text("utf-8")
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return Response(text, 200, headers, "text/javascript")


@cache
def _messages(code: str) -> dict[str, str]:
    if not code.isalpha():
        return {}
    file = files("sitegen.receive") / _FOLDER / f"messages.{code}.toml"
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
