"""Fenced code for Python-Markdown where CommonMark allows it: in lists, and with any words behind.

The library takes a fence at the beginning of a line only, and knows few words behind it. Its own
preprocessor still makes the HTML: it is given each fence in a form that it knows.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from markdown import Markdown
from markdown.extensions.fenced_code import FencedBlockPreprocessor
from markdown.util import STX

from sitegen.html.highlighting import is_slow
from sitegen.markdown.list_items import CODE_INDENT, begins_block, indent_of, marker_of
from sitegen.markdown.text_preprocessor import TextPreprocessor

_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}+(?P<info>[^`]*)\Z|~{3,}+(?P<words>.*))")
_MAYBE_FENCED = re.compile(r"^[ *+.()0-9-]*(?:```|~~~)", re.MULTILINE)
_KNOWN_INFO = re.compile(
    r"""(?:\{[^\n]*\}|(?:\.?[\w\#.+-]*[ ]*)?(?:hl_lines=(?P<quote>"|')[^\n]*?(?P=quote))?)\Z""",
    re.VERBOSE,
)
"""What the library understands behind a fence."""
_LANGUAGE = re.compile(r"\{?[ ]*\.?([\w#+.-]*)")
"""`python`, `.python` or `{.python …}`."""
_LINES = re.compile(r"""(?<=[\s{])hl_lines=(?:"[^"]*"|'[^']*')""")


class _Container(NamedTuple):
    """An item of a list that is open, or the text itself."""

    line: int
    """The number of the line that it begins in."""
    needed: int
    """By how many columns a line must be indented to belong to it."""
    offset: int
    """Where its text begins."""


_TEXT = _Container(-1, 0, 0)


class FencePreprocessor(TextPreprocessor):
    """Puts placeholders in the place of fenced code."""

    def __init__(self, md: Markdown, library: FencedBlockPreprocessor) -> None:
        super().__init__(md)
        self.library = library

    def run_on_text(self, text: str) -> str:
        """Return `text` with placeholders for fenced code."""
        if ("```" in text or "~~~" in text) and _MAYBE_FENCED.search(text):
            return "\n".join(self.replaced(text.split("\n")))
        return text

    def replaced(self, lines: list[str]) -> list[str]:
        """Return `lines` with placeholders for fenced code."""
        found: list[str] = []
        containers = [_TEXT]
        unclosed: dict[tuple[int, str], int] = {}
        after_blank = True
        number = 0
        while number < len(lines):
            line = lines[number]
            if not line:
                found.append(line)
                after_blank = True
                number += 1
                continue
            offset = _open_and_close(containers, number, line, after_blank=after_blank)
            after_blank = False
            container = containers[-1]
            match = _FENCE.match(line, offset)
            end = match and _end(lines, number, container, match, unclosed)
            if not match or not end:
                found.append(line)
                number += 1
                continue
            column = match.start("fence")
            code = [item[min(column, indent_of(item)) :] for item in lines[number + 1 : end]]
            placeholder = self.placeholder(match, code)
            if container is _TEXT:
                found += ("", placeholder, "")
            else:
                found.append(line[:column] + placeholder)
            number = end + 1
        return found

    def placeholder(self, match: re.Match[str], code: list[str]) -> str:
        """Return the placeholder for the code behind a fence."""
        fence, info = _parts(match)
        language = _LANGUAGE.match(info)
        lines = _LINES.search(info)
        name = language[1] if language else ""
        if is_slow("\n".join(code), name):
            return self.library.run([fence, *code, fence])[1]
        plain = f"{name} {lines[0]}" if lines else name
        if _KNOWN_INFO.match(info):
            made = self.library.run([f"{fence}{info}", *code, fence])
            if made[1].startswith(STX):  # Not if it cannot read what is in the braces.
                return made[1]
        return self.library.run([f"{fence}{plain}", *code, fence])[1]


def _parts(match: re.Match[str]) -> tuple[str, str]:
    """Return a fence, and what stands behind it on its line."""
    words = match["info"] if match["words"] is None else match["words"]
    return match["fence"].removesuffix(words), words.strip()


def _open_and_close(
    containers: list[_Container], number: int, line: str, *, after_blank: bool
) -> int:
    """End the items that `line` does not belong to, and begin those that begin in it.

    Return where its text begins in the innermost.
    """
    indent = indent_of(line)
    if containers[-1].needed > indent and (after_blank or begins_block(line, _FENCE)):
        while containers[-1].needed > indent:
            containers.pop()
    offset = min(containers[-1].offset, indent)
    while marker := marker_of(line[offset:]):
        containers.append(_Container(number, offset + marker.needed, offset + marker.offset))
        offset += marker.offset
    return offset


def _end(
    lines: list[str],
    start: int,
    container: _Container,
    match: re.Match[str],
    unclosed: dict[tuple[int, str], int],
) -> int | None:
    """Return the number of the line that closes the fence in line `start`, None if none does.

    What ends an item ends what is open in it: a fence without an end there is none. `unclosed` is
    the length of the shortest of these by container and character, so that nothing is read twice.
    """
    fence, _ = _parts(match)
    kind = container.line, fence[0]
    if len(fence) >= unclosed.get(kind, len(fence) + 1):
        return None
    for number in range(start + 1, len(lines)):
        line = lines[number]
        indent = indent_of(line)
        if line and indent < container.needed:
            break
        rest = line.strip(" ")
        if (
            rest.startswith(fence)
            and not rest.strip(fence[0])
            and indent - container.offset < CODE_INDENT
        ):
            return number
    unclosed[kind] = len(fence)
    return None
