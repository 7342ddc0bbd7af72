"""How the tags of a page are nested: end tags that are missing, left over or crossed.

The end tags that HTML lets a writer leave out may be left out
(https://html.spec.whatwg.org/multipage/syntax.html#optional-tags). This is no validator: it finds
what makes a browser build another tree than the one that was written.
"""

from __future__ import annotations

from sitegen.html.scanning import Tag


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VOID = _words("area base br col embed hr img input link meta param source track wbr")
_OPTIONAL_END_TAGS = _words(
    "li dt dd p rt rp optgroup option colgroup caption thead tbody tfoot tr td th html head body"
)
"""Elements whose end tag may be left out."""

_BLOCKS = _words(
    "address article aside blockquote details dialog div dl fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search section table ul"
)
"""Elements at whose start a paragraph ends."""

_CLOSED_BY: dict[str, frozenset[str]] = {
    "li": _words("li"),
    "dt": _words("dt dd"),
    "dd": _words("dt dd"),
    "rt": _words("rt rp"),
    "rp": _words("rt rp"),
    "option": _words("option optgroup"),
    "optgroup": _words("optgroup"),
    "thead": _words("tbody tfoot"),
    "tbody": _words("tbody tfoot"),
    "tfoot": _words("tbody tfoot"),
    "tr": _words("tr tbody tfoot"),
    "td": _words("td th tr tbody tfoot"),
    "th": _words("td th tr tbody tfoot"),
    "colgroup": _words("thead tbody tfoot tr"),
    "caption": _words("colgroup thead tbody tfoot tr"),
    "head": _words("body"),
    "p": _BLOCKS | {"li", "dt", "dd", "td", "th", "tr", "tbody", "tfoot"},
}
"""Which start tags end an element that is open innermost."""

_NOT_IN_ITSELF = _words("a button form label")
_FOREIGN = _words("svg math")
MAX_FAULTS = 3
"""After so many faults the rest of a page follows from the first ones."""


class Nesting:
    """The open elements of a page, tag by tag."""

    def __init__(self) -> None:
        self.open: list[Tag] = []
        self.foreign = 0
        self.faults: list[tuple[str, int, str]] = []
        """(what is wrong, where, the tag)."""

    def take(self, tag: Tag) -> None:
        """Take the next tag."""
        if len(self.faults) >= MAX_FAULTS:
            return
        name = tag.name
        if tag.is_end:
            if name not in _VOID:
                self._close(tag)
            return
        if self.foreign and tag.attributes.endswith("/"):
            return
        while self.open and name in _CLOSED_BY.get(self.open[-1].name, ()):
            self.open.pop()
        if name in _VOID:
            return
        if name in _NOT_IN_ITSELF and self._is_open(name):
            self._fault(f"<{name}> inside another <{name}>", tag)
        if name in _FOREIGN:
            if tag.attributes.endswith("/"):
                return
            self.foreign += 1
        self.open.append(tag)

    def _is_open(self, name: str) -> bool:
        return any(tag.name == name for tag in self.open)

    def _close(self, tag: Tag) -> None:
        name = tag.name
        if name in _FOREIGN and self.foreign:
            self.foreign -= 1
        if self.open and self.open[-1].name == name:
            self.open.pop()
            return
        if not self._is_open(name):
            message = f"</{name}> has no start tag"
            if name == "p":
                message = "</p> without an open <p>: a block element inside has closed it"
            self._fault(message, tag)
            return
        while self.open[-1].name != name:
            inner = self.open.pop()
            if inner.name not in _OPTIONAL_END_TAGS:
                self._fault(f"<{inner.name}> is not closed before </{name}>", inner)
        self.open.pop()

    def end(self) -> None:
        """Take the end of the page."""
        for tag in self.open:
            if tag.name not in _OPTIONAL_END_TAGS:
                self._fault(f"<{tag.name}> is never closed", tag)

    def _fault(self, message: str, tag: Tag) -> None:
        if len(self.faults) < MAX_FAULTS:
            written = f"<{'/' if tag.is_end else ''}{tag.name}{tag.attributes}>"
            self.faults.append((message, tag.start, written))
