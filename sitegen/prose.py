"""Markdown to the body of an article: HTML with markers, its references, contents and summary.

    text ──engine──▶ HTML ──sanitize, if asked──▶ HTML ──markup──▶ HTML with markers

Everything after the engine works on HTML, whichever engine made it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from sitegen.config import Config
from sitegen.content import Heading, Reference
from sitegen.html_scan import plain_text
from sitegen.markdown_engine import engine
from sitegen.markup import finish, resolve
from sitegen.markup import take_title as taken_title

__all__ = ["Prose", "convert", "resolve", "warm"]

SUMMARY_COLUMNS = 200
"""Length of a summary: a letter is one column, a Japanese character two."""

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_PARAGRAPH = re.compile(
    r"""<!--.*?-->
    | <(?P<other>script|style|pre|nav)[ >].*?</(?P=other)>
    | <div\ class="toc">.*?</div>
    | (?P<notes><div\ class="footnote">)
    | <p(?:\ [^>]*)?>(?P<text>.*?)(?:</p>|\Z|(?=<(?:p|div|ul|ol|dl|table|h[1-6]|pre)[ >]))
    """,
    re.DOTALL | re.VERBOSE,
)


class Prose(NamedTuple):
    """What the text of an article gives."""

    html: str
    """With a marker in place of each attribute that holds a reference; `resolve` puts them in."""
    references: tuple[Reference, ...]
    """By the number in their marker."""
    toc: tuple[Heading, ...]
    """The headings from h2 to the configured depth."""
    summary: str
    """The first paragraph that has text, as plain text, cut to a teaser's length."""
    title: str
    """The leading h1 as plain text if it was taken out, else ""."""


def convert(text: str, config: Config, *, first_line: int = 1, take_title: bool = False) -> Prose:
    """Return the HTML of `text` and what is known from it.

    `text` is Markdown with LF line ends and no byte-order mark; control characters in it are
    dropped. `first_line` is the line of the source file that it begins in. With `take_title`, an
    h1 that it begins with becomes the title. Any (other) h1 moves all headings one level down.

    Raises `SitegenError` for a text that the engine cannot convert. Its problems have no place,
    since the file is not known here: the caller gives them one with
    `dataclasses.replace(problem, where=Where(path))`.
    """
    text = _CONTROLS.sub("", text)
    html = engine(config.markdown)(text)
    external_rel = ""
    if config.markdown.raw_html == "sanitize":
        from sitegen import sanitize  # noqa: PLC0415 - Most sites trust their writers.

        html = sanitize.sanitized(html)
        external_rel = sanitize.EXTERNAL_REL
    title, html = taken_title(html) if take_title else ("", html)
    finished = finish(html, external_rel)
    return Prose(
        finished.html,
        _located(finished.references, text, first_line),
        tuple(item for item in finished.headings if 2 <= item.level <= config.markdown.toc_depth),
        summary(html),
        title,
    )


def warm(config: Config) -> None:
    """Make the engine of a configuration, so that the first `convert` does not wait for it."""
    engine(config.markdown)


def summary(html: str) -> str:
    """Return the first paragraph of `html` that has text, cut to `SUMMARY_COLUMNS`; else ""."""
    for match in _PARAGRAPH.finditer(html):
        if match["notes"]:
            break
        if match["text"] and (text := plain_text(match["text"])):
            return cut(text)
    return ""


def cut(text: str) -> str:
    """Return `text`, or its first `SUMMARY_COLUMNS` columns up to a whole word, with "…"."""
    if len(text) * 2 <= SUMMARY_COLUMNS:
        return text
    columns = 0
    end = 0
    for index, char in enumerate(text):
        wide = unicodedata.east_asian_width(char) in "WF"
        columns += 2 if wide else 1
        if columns > SUMMARY_COLUMNS:
            return text[: end or index].rstrip(" ,;:.-–—、。・「（(") + "…"
        if wide:
            end = index + 1
        elif char == " ":
            end = index
    return text


def _located(
    references: tuple[tuple[str, str], ...], text: str, first_line: int
) -> tuple[Reference, ...]:
    """Return the references with the lines where they are written, in their order there."""
    found: dict[str, int] = {}
    located = []
    for attribute, target in references:
        position = _written(text, target, found.get(target, -1) + 1)
        if position < 0:
            position = found.get(target, -1)
        line = first_line + text.count("\n", 0, position) if position >= 0 else 0
        found[target] = position
        located.append(Reference(attribute, target, line))
    return tuple(located)


_BEFORE = frozenset("(<\"'= \t\n,")
_AFTER = frozenset(")>\"' \t\n,")


def _written(text: str, target: str, start: int) -> int:
    """Return where `target` is written in `text` as a target from `start` on, or -1."""
    position = text.find(target, start)
    while position >= 0:
        end = position + len(target)
        if (position == 0 or text[position - 1] in _BEFORE) and (
            end == len(text) or text[end] in _AFTER
        ):
            return position
        position = text.find(target, position + 1)
    return text.find(target, start)
