"""Links for Python-Markdown in linear time: no brackets are read more than once.

The library reads on from each `[` to its `]`, and from each `](` to its `)`. In a text of 20,000
open brackets that takes it 47 seconds; here, no longer than any other text.
"""

from __future__ import annotations

import re

from markdown import Markdown, inlinepatterns
from markdown.inlinepatterns import (
    ImageInlineProcessor,
    ImageReferenceInlineProcessor,
    LinkInlineProcessor,
    ReferenceInlineProcessor,
    ShortImageReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
)

from sitegen.model.errors import problem

MAX_SCANNED = 5_000_000
"""Characters of one text that may be read in vain for the end of a link.

Each `[` and each `](` without an end is read on to the end of its paragraph, again after each link
that is found there. An article comes to some thousands.
"""

_BRACKET = re.compile(r"[\[\]]")


class Brackets:
    """Where the square brackets of a text close. Each text is read once."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget what was before; a new document begins."""
        self.text = ""
        self.closing: dict[int, int] = {}
        self.scanned = 0

    def end(self, text: str, start: int) -> int:
        """Return where the `]` is that closes the bracket before `start`, -1 if none does."""
        if text is not self.text:
            self.text = text
            self.closing.clear()
        if start in self.closing:
            return self.closing[start]
        opened = [start]
        for match in _BRACKET.finditer(text, start):
            if match[0] == "[":
                opened.append(match.end())
            else:
                self.closing[opened.pop()] = match.start()
                if not opened:
                    return match.start()
        self.closing.update(dict.fromkeys(opened, -1))
        self.count_wasted(len(text) - start)
        return -1

    def count_wasted(self, count: int) -> None:
        """Count characters that were read in vain; raise `SitegenError` for too many."""
        self.scanned += count
        if self.scanned > MAX_SCANNED:
            raise problem("too many unclosed brackets", hint=r"close them, or escape them: `\[`")


class _LinearLink(LinkInlineProcessor):
    """Reads links as the library does, but never the same brackets twice."""

    brackets: Brackets

    def getText(self, data: str, index: int) -> tuple[str, int, bool]:  # noqa: N802 - Its name.
        """Return (text, index after it, True) of the bracket before `index`; False if unclosed."""
        end = self.brackets.end(data, index)
        return ("", index, False) if end < 0 else (data[index:end], end + 1, True)

    def getLink(  # noqa: N802 - As above.
        self, data: str, index: int
    ) -> tuple[str, str | None, int, bool]:
        """Return (target, title, index after it, True) of a `(` at `index`; False if unclosed."""
        found = super().getLink(data, index)
        if not found[3] or (found[1] is None and _QUOTE.search(data, index, found[2])):
            self.brackets.count_wasted(len(data) - index)
        return found


_QUOTE = re.compile("[\"']")
"""An apostrophe in a target begins a title that may have no end: it is read for in vain."""


class Link(_LinearLink):
    """`[text](target)`."""


class Image(_LinearLink, ImageInlineProcessor):
    """`![text](source)`."""


class Reference(_LinearLink, ReferenceInlineProcessor):
    """`[text][name]`."""


class ShortReference(_LinearLink, ShortReferenceInlineProcessor):
    """`[name]`."""


class ImageReference(_LinearLink, ImageReferenceInlineProcessor):
    """`![text][name]`."""


class ShortImageReference(_LinearLink, ShortImageReferenceInlineProcessor):
    """`![name]`."""


_LINKS: tuple[tuple[str, int, type[_LinearLink], str], ...] = (
    ("reference", 170, Reference, inlinepatterns.REFERENCE_RE),
    ("link", 160, Link, inlinepatterns.LINK_RE),
    ("image_link", 150, Image, inlinepatterns.IMAGE_LINK_RE),
    ("image_reference", 140, ImageReference, inlinepatterns.IMAGE_REFERENCE_RE),
    ("short_reference", 130, ShortReference, inlinepatterns.REFERENCE_RE),
    ("short_image_ref", 125, ShortImageReference, inlinepatterns.IMAGE_REFERENCE_RE),
)
"""Name and priority in the library's registry, our class, and the regular expression."""


def register(md: Markdown) -> Brackets:
    """Replace the library's patterns for links with ours, and return what these share."""
    brackets = Brackets()
    for name, priority, cls, pattern in _LINKS:
        link = cls(pattern, md)
        link.brackets = brackets
        md.inlinePatterns.register(link, name, priority)
    return brackets
