"""What templates can ask about the editions of the site: the way to a page in another language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sitegen.index.lists import at_home
from sitegen.model.answers import Edition
from sitegen.plan.outputs import Output
from sitegen.render import localization
from sitegen.render.template_functions import TemplateFunctions


class EditionLink(NamedTuple):
    """The way to an edition, from a page."""

    language: str
    name: str
    """What the language calls itself."""
    title: str
    """What the paper is called there."""
    href: str
    """The link to the same page there; to the front page where there is none."""
    address: str
    """The full address of the same page there; "" where there is none."""
    stylesheet: str
    """The link to the style sheet with its colours."""
    is_same: bool
    """Whether the same page is there."""
    is_here: bool
    """Whether this is the edition of the page that asks."""


class EditionFunctions:
    """The functions about editions, asking through `ask`."""

    def __init__(self, ask: Callable[..., Any], questions: TemplateFunctions) -> None:
        self._ask = ask
        self._questions = questions

    def functions(self) -> dict[str, Any]:
        """Return what templates see, by name."""
        return {"editions": self.editions}

    def editions(self, page: Output) -> tuple[EditionLink, ...]:
        """Return the way from a page to each edition, none where the site has no others."""
        all_: tuple[Edition, ...] = self._ask("editions")
        if not all_:
            return ()
        urls = self._urls(page, all_)
        return tuple(self._link(edition, urls.get(edition.language, ""), page) for edition in all_)

    def _urls(self, page: Output, editions: tuple[Edition, ...]) -> Mapping[str, str]:
        """Return the addresses of a page by edition, where it is there."""
        asked = _asked(page)
        if asked:
            return self._ask(*asked)  # type: ignore[no-any-return]  # answers are untyped
        if page.kind == "editions":
            return {edition.language: edition.url for edition in editions}
        if page.kind in _ALWAYS:
            path = _ALWAYS[page.kind]
            return {edition.language: at_home(path, edition.url) for edition in editions}
        return {}

    def _link(self, edition: Edition, url: str, page: Output) -> EditionLink:
        return EditionLink(
            edition.language,
            localization.language_name(edition.language),
            edition.title,
            self._questions.link(url or edition.url),
            self._questions.whole_link(url) if url else "",
            self._questions.link(at_home("/css/theme.css", edition.url)),
            is_same=bool(url),
            is_here=edition.language == page.edition,
        )


def _asked(page: Output) -> tuple[str | int, ...]:
    """Return what to ask for the addresses of a page by edition, () where they need no question."""
    if page.made_from:
        return ("document_editions", page.made_from)
    if page.term:
        return ("list_editions", page.taxonomy, page.term)
    if page.year:
        return ("period_editions", page.year, page.month, page.day)
    if page.kind == "corrections":
        return ("corrections_editions",)
    return ("index_editions", page.taxonomy) if page.taxonomy else ()


_ALWAYS = {"front": "/", "archive": "/archive/", "search": "/search/", "not_found": "/404.html"}
"""The pages that each edition has, whatever its articles are."""
