"""The receiver's own pages, in the words of the site's language, and their HTTP headers."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from sitegen.html.direction import direction
from sitegen.index.words import Catalogues
from sitegen.model import moments
from sitegen.model.languages import ENGLISH, base_language, normal_tag
from sitegen.model.moments import Moment
from sitegen.render import localization

_FOLDER = "pages"


class Pages:
    """Pages in one language.

    `catalogues` have the words; `language`, `title` and `zone` are those of the site, `home` is
    the URL of its front page.
    """

    def __init__(
        self, catalogues: Catalogues, language: str, title: str, home: str, zone: str
    ) -> None:
        self._words = catalogues.words(language)
        self._zone = zone
        is_written = base_language(language) == ENGLISH or catalogues.has_words(language)
        self.language = normal_tag(language) if is_written else ENGLISH
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
            lang=self.language,
            direction=direction(self.language),
            translate=self.translate,
            kind_of=self.kind,
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
        """Return a word of the receiver in the language of the site: `moderation.title`.

        Numbers are written as the language does; `count` chooses the plural form.
        """
        text = self._form(key, values["count"]) if "count" in values else None
        written = {
            name: localization.counted_number(self.language, value)
            if isinstance(value, int)
            else value
            for name, value in values.items()
        }
        return (text or self._words.texts[key]).format(**written)

    def _form(self, key: str, count: object) -> str | None:
        for language, forms in self._words.plurals.get(key, ()):
            found = forms.get(localization.plural_form(language, cast("int", count)))
            if found := found or forms.get("other"):
                return found
        return None

    def kind(self, name: str) -> str:
        """Return the word for a kind of response, its name where it is one in every language."""
        return self._words.texts.get(f"moderation.{name}", name.capitalize())

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
