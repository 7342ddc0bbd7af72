"""The pictures of a piece of HTML with what is said of each: what a gallery is made of.

    <p><img src="a.jpg" alt="A"> At <em>dawn</em>.</p>   ──▶   a.jpg, "At <em>dawn</em>."

The caption of a picture is that of its figure, else the words behind it up to the end of their
paragraph or list item, else its title. Pure.
"""

from __future__ import annotations

from typing import NamedTuple

from sitegen.html.scanning import Tag, attribute_text, attributes_of, plain_text, tags
from sitegen.model.answers import GalleryPicture

_PARTS = frozenset({"p", "div", "li", "ul", "ol", "figure", "figcaption", "dl", "dt", "dd"})
"""Elements that a picture stands in, with its caption."""
_ENDS = frozenset({"p", "div", "li", "dd", "figure"})
"""Elements at whose end nothing more belongs to a picture."""


class Pictures(NamedTuple):
    """The pictures of some HTML."""

    shown: tuple[GalleryPicture, ...]
    stray: str
    """The first words that belong to none of them, as plain text."""


def pictures_of(html: str) -> Pictures:
    """Return the pictures of `html` in order, and the words that belong to none."""
    walk = _Walk()
    position = 0
    for tag in tags(html, every=True):
        walk.text(html[position : tag.start])
        walk.tag(tag, html[tag.start : tag.end])
        position = tag.end
    walk.text(html[position:])
    return walk.result()


class _Walk:
    """Puts words to pictures, from the beginning of some HTML to its end."""

    def __init__(self) -> None:
        self._pictures: list[tuple[Tag, list[str]]] = []
        self._stray: list[str] = []
        self._pieces = self._stray
        """Where words go: to the last picture, or to none."""
        self._figures = 0
        self._link = ""
        """The tag of a link, until it is known whether a picture stands in it."""
        self._in_link = False

    def text(self, text: str) -> None:
        if text.strip():
            self._keep_link()
        if text:
            self._pieces.append(text)

    def tag(self, tag: Tag, written: str) -> None:
        if tag.name == "img" and not tag.is_end:
            self._in_link, self._link = bool(self._link) or self._in_link, ""
            self._pieces = []
            self._pictures.append((tag, self._pieces))
        elif tag.name == "a" and not tag.is_end:
            self._keep_link()
            self._link = written
        elif tag.name == "a" and self._in_link:
            self._in_link = False
        elif tag.name in _PARTS:
            self._keep_link()
            self._part(tag)
        elif tag.name == "br":
            self._pieces.append(" ")
        else:
            self._keep_link()
            self._pieces.append(written)

    def _part(self, tag: Tag) -> None:
        if tag.name == "figure":
            self._figures += -1 if tag.is_end else 1
        is_end = tag.is_end and tag.name in _ENDS
        if is_end and self._figures <= 0:
            self._pieces = self._stray
        else:
            self._pieces.append(" ")

    def _keep_link(self) -> None:
        if self._link:
            self._pieces.append(self._link)
            self._link = ""

    def result(self) -> Pictures:
        shown = tuple(_picture(tag, "".join(pieces)) for tag, pieces in self._pictures)
        return Pictures(shown, plain_text("".join(self._stray)))


def _picture(tag: Tag, words: str) -> GalleryPicture:
    given = {item.name: item.value for item in attributes_of(tag.attributes)}
    width, height = (given.get(name, "") for name in ("width", "height"))
    return GalleryPicture(
        attribute_text(given.get("src", "")),
        attribute_text(given.get("alt", "")),
        int(width) if width.isdecimal() else 0,
        int(height) if height.isdecimal() else 0,
        " ".join(words.split()) if plain_text(words) else given.get("title", "").strip(),
    )
