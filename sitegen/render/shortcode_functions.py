"""What templates of shortcodes call for what a document names: pictures, links, cards, includes.

What they name is named as in a link of the document.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup

from sitegen.cache.trace import Tracker
from sitegen.index.shortcode_uses import included_path
from sitegen.model.answers import GalleryPicture
from sitegen.model.documents import Article, Reference, StandalonePage, Teaser, TermText
from sitegen.model.errors import Location, Problem, SitegenError
from sitegen.model.moments import Moment
from sitegen.model.references import resolve_target
from sitegen.model.source_folders import ARTICLES
from sitegen.parse.dates import InvalidDateError, parse_date
from sitegen.render.mistakes import TemplateMistakeError
from sitegen.render.nouns import noun
from sitegen.render.question_functions import UnanswerableError
from sitegen.render.shortcodes import ShortcodeError
from sitegen.render.template_functions import TemplateFunctions
from sitegen.render.undefined import require_defined
from sitegen.scan.sources import INCLUDES, UnreadableError

if TYPE_CHECKING:
    from sitegen.markdown.prose import Prose
    from sitegen.queries.includes import Included

_SCRIPTS = ("javascript:", "vbscript:")

AnyDocument = Article | StandalonePage | TermText


class ShortcodeFunctions:
    """The functions that shortcodes need, made of questions."""

    def __init__(self, tracker: Tracker, functions: TemplateFunctions) -> None:
        """Ask through one tracker, and use the other functions of templates."""
        self._ask = tracker.ask
        self._functions = functions

    def functions(self) -> dict[str, Any]:
        """Return what templates see, by name."""
        names = (
            *("image", "included", "link_to", "linked_teaser", "moment", "pictures"),
            *("pictures_in", "pictures_in_folder", "refuse"),
        )
        return {name: getattr(self, name) for name in names}

    def image(
        self, document: AnyDocument, source: str, alt: str = "", width: str | int = ""
    ) -> Markup:
        """Return a picture as Markdown has it, as HTML; `width` is in pixels."""
        from sitegen.html.finishing import finish, resolve  # noqa: PLC0415 - not needed to compare

        id_, source = document.teaser.id, _text(source)
        shown = Markup("")
        if given := _text(str(width) if type(width) is int else width):
            if not given.isdecimal() or not int(given):
                self._refuse(f'"{given}" is no width in pixels', "write a number: width=300")
            natural, height = self._functions.pixels(id_, source)
            shown = Markup(' width="{}"').format(int(given))
            if natural:
                shown += Markup(' height="{}"').format(round(height * int(given) / natural))
        written = Markup('<img src="{}" alt="{}"{}>').format(source, _text(alt), shown)
        made = finish(str(written))
        references = [Reference(*item) for item in made.references]
        attributes = self._functions.attributes_of(id_, made.html, references, "")
        return Markup(resolve(made.html, attributes))  # noqa: S704 - escaped above

    def moment(self, time: str) -> Moment:
        """Return the moment that a text says, written as in front matter."""
        zone = ZoneInfo(self._ask("setting", "timezone"))
        try:
            return parse_date(_text(time), zone)
        except InvalidDateError as error:
            self._refuse(f'"{time}" is not a time: {error.reason}', error.hint)

    @property
    def is_showing(self) -> bool:
        """Whether what asks is the template of a shortcode."""
        return self._functions.expansion.origin is not None

    def _refuse(self, message: str, hint: str | None) -> NoReturn:
        """Raise what is wrong with the shortcode that is shown, or else with the template."""
        if not self.is_showing:
            raise TemplateMistakeError(message, hint)
        self._functions.expansion.refuse(message, hint or None)

    def pictures(self, document: AnyDocument, files: str) -> tuple[GalleryPicture, ...]:
        """Return the pictures with these names, which spaces divide."""
        return self._named(document, _text(files).split())

    def pictures_in_folder(self, document: AnyDocument, folder: str) -> tuple[GalleryPicture, ...]:
        """Return the pictures in a folder, in the order of their names."""
        folder = _text(folder).rstrip("/")
        found = resolve_target(document.teaser.id, folder)
        if found is None:
            return ()
        path = found.path or f"static{found.url}"
        names = self._ask("pictures_in_folder", path)
        return self._named(document, [f"{folder}/{quote(name)}" for name in names])

    def _named(self, document: AnyDocument, files: Iterable[str]) -> tuple[GalleryPicture, ...]:
        return self.pictures_in(Markup("").join(self.image(document, file) for file in files))

    def pictures_in(self, html: str) -> tuple[GalleryPicture, ...]:
        """Return the pictures of the text of a shortcode, each with its caption.

        That is what stands behind it, or its title. Words that belong to no picture are told.
        """
        from sitegen.html.pictures import pictures_of  # noqa: PLC0415 - as above

        found = pictures_of(_text(html))
        if found.stray:
            self._refuse(
                f'these words belong to no picture: "{_first_words(found.stray)}"',
                "write them behind a picture, as its caption, or outside of the shortcode",
            )
        # The text was made from the document's Markdown: what may stand in it is decided there.
        return tuple(
            item._replace(caption=Markup(item.caption))  # noqa: S704
            for item in found.shown
        )

    def refuse(self, message: str, hint: str = "") -> NoReturn:
        """Tell what is wrong with a shortcode at its place in the document, and do not show it."""
        self._refuse(_text(message), _text(hint))

    def link_to(self, document: AnyDocument, target: str) -> str | None:
        """Return the link to what a document names, or None where that leads nowhere."""
        from sitegen.html.finishing import is_reference  # noqa: PLC0415 - as above

        target = _text(target)
        if not is_reference(target):
            # Whoever is not trusted with HTML, either, must not put a script into a link.
            if target.lower().startswith(_SCRIPTS):
                self._refuse(f'"{target}" is a script, not an address', "write an address")
            return target
        return self._functions.reference(document.teaser.id, target)

    def linked_teaser(self, document: AnyDocument, name: str) -> Teaser | None:
        """Return the teaser of the article that a document names, None while there is none.

        It is named as in a link, or by its path below `articles/`.
        """
        for beside in (document.teaser.id, f"{ARTICLES}/index.md"):
            found = resolve_target(beside, _text(name))
            if found and found.path and (teaser := self._ask("teaser_at", found.path)):
                return teaser  # type: ignore[no-any-return]  # answers are untyped
        return None

    def included(self, document: AnyDocument, file: str) -> Markup:
        """Return what a file of `includes/` shows in a document, as HTML."""
        from sitegen.markdown.prose import resolve  # noqa: PLC0415 - as above

        del document  # It is known; a call looks like those of the others.
        file, expansion = _text(file), self._functions.expansion
        origin = expansion.origin
        if origin is None:
            raise TemplateMistakeError("included() is for the templates of shortcodes alone")
        path = included_path(file)
        found = None if file.startswith("/") else self._ask("include", path)
        if found is None:
            name = posixpath.basename(file) or "tides.md"
            self._refuse(
                f'"{file}" is no Markdown or HTML file of {INCLUDES}/',
                f"write {INCLUDES}/{name}, or name another file",
            )
        if expansion.is_within(path):
            self._refuse(f'the file "{file}" includes itself', "include another one, or none")
        made = self._prose(found, path)
        html = resolve(
            made.html, self._functions.attributes_of(path, made.html, made.references, "")
        )
        inner = origin._replace(path=path, shortcodes=made.shortcodes)
        return Markup(expansion.expanded(html, inner))  # noqa: S704 - a file of the site's own

    @staticmethod
    def _prose(file: Included, path: str) -> Prose:
        """Return what a file says. Raises `ShortcodeError` with what is wrong in it."""
        try:
            made = file.prose
        except UnreadableError:
            raise
        except SitegenError as error:
            raise ShortcodeError(
                *(
                    replace(item, location=item.location or Location(path))
                    for item in error.problems
                )
            ) from None
        if made.wrong_shortcodes:
            raise ShortcodeError(
                *(
                    Problem(message, Location(path, line, column), hint)
                    for line, column, message, hint in made.wrong_shortcodes
                )
            )
        return made


def _text(value: Any) -> str:
    """Return what a function that takes a text was given, if it is one."""
    require_defined(value)
    if not isinstance(value, str):
        raise UnanswerableError(f"{noun(value).name} is not a text")
    return "".join(value)  # markup becomes the text that it is


def _first_words(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[:most].rsplit(maxsplit=1)[0]} …"
