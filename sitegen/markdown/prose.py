"""Markdown to the body of an article: HTML with placeholders, its references, contents and summary.

    text ──engine──▶ HTML ──sanitize, if asked──▶ HTML ──finish──▶ HTML with placeholders

Everything after the engine works on HTML, whichever engine made it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from html import escape
from typing import NamedTuple

from sitegen.config.settings import Config, MarkdownConfig
from sitegen.html import figures, github, line_breaks
from sitegen.html.direction import direction
from sitegen.html.embeds import embeds_of
from sitegen.html.finishing import finish, resolve, resolve_for_feeds
from sitegen.html.finishing import take_title as split_title
from sitegen.html.left_to_right import with_left_to_right
from sitegen.html.scanning import UNREAD, plain_text
from sitegen.markdown import formulas, shortcodes
from sitegen.markdown.formulas import Formula, Formulas
from sitegen.markdown.mathml import FormulaError, mathml, require_latex2mathml
from sitegen.markdown.shortcodes import Taken, WrongShortcode
from sitegen.markdown.stray_code import StrayCode, stray_code
from sitegen.model.documents import Embed, Heading, Reference, Shortcode
from sitegen.model.frozen import EMPTY

__all__ = ["Prose", "check", "convert", "resolve", "resolve_for_feeds"]

SUMMARY_COLUMNS = 200
"""Length of a summary: a letter is one column, a Japanese character two."""

_DANGLING = " ,;:.-–—(、。・「（"  # noqa: RUF001 - Both scripts have a parenthesis.

_MAYBE_WIDE = re.compile("[\u1100-\u115f\u2300-\U0010ffff]")
"""Any other character is one column wide, without a look at Unicode's tables."""

_CONTROL_CHARACTERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_NO_CONTROL_CHARACTERS = re.compile(
    "[\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]*+"
)
"""A text without any of them: a faster test."""

_PARAGRAPH = re.compile(
    rf"""<!--.*?-->
    | <(?P<other>pre|nav|{UNREAD})[ >].*?</(?P=other)>
    | <div\ class="toc">.*?</div>
    | (?P<notes><div\ class="footnote">)
    | <p(?P<attributes>\ [^>]*)?>(?P<text>.*?)
      (?:</p>|\Z|(?=<(?:p|div|ul|ol|dl|table|h[1-6]|pre)[ >]))
    """,
    re.DOTALL | re.VERBOSE,
)

_HIDDEN = re.compile(
    r"""\s(?:hidden(?![\w-])
    | aria-hidden\s*=\s*["']?true
    | style\s*=[^>]*display\s*:\s*none)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PLACEHOLDERS = re.compile(r"(?:\{[:%][^{}]*\}|\[\[?_?toc_?\]?\]|\s)+", re.IGNORECASE)
"""What other generators put a table of contents or attributes for: `{:toc}`, `[[_TOC_]]`."""

_MORE = re.compile(r"<!--\s*+more\b[^<>]{0,99}-->", re.IGNORECASE)
"""Where the summary ends, in archives of Hugo, Jekyll and WordPress."""


class Prose(NamedTuple):
    """What the text of an article gives."""

    html: str
    """With a placeholder for each attribute that holds a reference; `resolve` puts them in."""
    references: tuple[Reference, ...]
    """By the number in their placeholder."""
    toc: tuple[Heading, ...]
    """The headings from h2 to the configured depth."""
    summary: str
    """The first paragraph that has text, or all that stands before `<!--more-->`, as plain text,
    cut to a teaser's length; "" if nobody asked for it."""
    title: str
    """The leading h1 as plain text if it was taken out, else ""."""
    stray_code: tuple[StrayCode, ...] = ()
    """Paragraphs of lists that are code by accident; their lines are those of the source file."""
    embeds: tuple[Embed, ...] = ()
    """What it embeds from other sites."""
    wrong_formulas: tuple[WrongFormula, ...] = ()
    """Formulas that are shown as they are written."""
    shortcodes: tuple[Shortcode, ...] = ()
    """By the numbers in their markers."""
    wrong_shortcodes: tuple[WrongShortcode, ...] = ()
    """Shortcodes that cannot be read; their places are those of the source file."""


class WrongFormula(NamedTuple):
    """A formula that cannot be read: where it is in the source file, and why."""

    line: int
    column: int
    reason: str


def convert(
    text: str,
    config: Config,
    *,
    first_line: int = 1,
    take_title: bool = False,
    take_summary: bool = True,
    is_clean: bool = False,
    language: str = "",
) -> Prose:
    """Return the HTML of `text` and what is known from it.

    `text` is Markdown with LF line ends and no byte-order mark; control characters in it are
    dropped. `first_line` is the line of the source file that it begins in. With `take_title`, an
    h1 that it begins with becomes the title. Any (other) h1 moves all headings one level down.
    Without `take_summary`, the summary is "". `is_clean` says that there are no control characters.
    `language` is that of the text (`ja`, `en-GB`); without it, that of the site.

    Raises `SitegenError` for a text that the engine cannot convert. Its problems have no place,
    since the file is not known here: the caller gives them one with
    `dataclasses.replace(problem, location=Location(path))`.
    """
    text = text if is_clean else without_controls(text)
    html, tags, taken = _read(text, config.markdown)
    stray = [item._replace(line=item.line + first_line - 1) for item in stray_code(text, html)]
    html = figures.with_figures(line_breaks.joined(html))
    if config.markdown.github:
        html = github.with_github(html)
    beginning = before_more(html) if take_summary and "<!--" in html else ""
    html, external_rel = _sanitized(html, config.markdown)
    beginning = beginning and _sanitized(beginning, config.markdown)[0]
    title, html = split_title(html) if take_title else ("", html)
    if direction(language or config.language) == "rtl":
        html = with_left_to_right(html)
    finished = finish(html, external_rel)
    words, first_words = html, beginning
    if tags.tags:
        words, first_words = (shortcodes.without(item, tags) for item in (html, beginning))
    made = Prose(
        finished.html,
        (),
        tuple(item for item in finished.headings if item.level <= config.markdown.toc_depth),
        summary(words, first_words) if take_summary else "",
        title,
        tuple(stray),
        embeds_of(html),
    )
    references = finished.references
    if taken:
        made = _with_formulas(made, taken, config.markdown.math, first_line)
        references = tuple((name, formulas.as_written(to, taken)) for name, to in references)
    if tags.tags:
        made = _with_shortcodes(made, tags, first_line)
    return made._replace(references=tuple(_with_lines(references, text, first_line)))


def from_html(html: str, config: Config, *, take_summary: bool = True) -> Prose:
    """Return what is known from some HTML by a writer, as `convert` does for Markdown."""
    html, external_rel = _sanitized(without_controls(html), config.markdown)
    finished = finish(html, external_rel)
    references = tuple(_with_lines(finished.references, html, 1))
    text = summary(html) if take_summary else ""
    return Prose(finished.html, references, (), text, "", embeds=embeds_of(html))


def _sanitized(html: str, config: MarkdownConfig) -> tuple[str, str]:
    """Return HTML as the site takes it from writers, and the `rel` of links to other sites."""
    if config.raw_html != "sanitize":
        return html, ""
    from sitegen.html import sanitizing  # noqa: PLC0415 - Most sites trust their writers.

    return without_controls(sanitizing.sanitized(html)).strip(), sanitizing.EXTERNAL_REL


class _Read(NamedTuple):
    """What the engine made of a text, and what was taken out of this before."""

    html: str
    tags: Taken
    formulas: Formulas


def _read(text: str, config: MarkdownConfig) -> _Read:
    if "{{" not in text:
        return _converted(Taken(text), config)
    made = _converted(shortcodes.taken_out(text), config)
    if code := shortcodes.in_code(made.html, made.tags):
        made = _converted(shortcodes.taken_out(text, code), config)
    return made._replace(html=shortcodes.only_in_words(made.html, made.tags))


def _converted(tags: Taken, config: MarkdownConfig) -> _Read:
    source = tags.source
    taken: Formulas = EMPTY
    if config.math != "off" and ("$" in source or "math" in source):
        source, taken = formulas.taken_out(source)
        if tags.tags:
            taken = {
                character: item._replace(
                    written=shortcodes.as_written(item.written, tags),
                    tex=shortcodes.as_written(item.tex, tags),
                )
                for character, item in taken.items()
            }
    return _Read(_engine(config)(source), tags, taken)


def _with_shortcodes(made: Prose, tags: Taken, first_line: int) -> Prose:
    """Return what was made with the shortcodes of the text as markers."""
    marked = shortcodes.with_markers(made.html, tags)
    words = [item._replace(text=_bare(item.text, tags)) for item in made.toc]
    lines = first_line - 1
    return made._replace(
        html=marked.html,
        toc=tuple(item for item in words if item.text),
        title=_bare(made.title, tags),
        shortcodes=tuple(item._replace(line=item.line + lines) for item in marked.shortcodes),
        wrong_shortcodes=tuple(item._replace(line=item.line + lines) for item in marked.wrong),
        wrong_formulas=tuple(
            item._replace(line=line + lines, column=column)
            for item in made.wrong_formulas
            for line, column in (tags.position(item.line - lines, item.column),)
        ),
    )


def _bare(text: str, tags: Taken) -> str:
    return " ".join(shortcodes.without(text, tags).split())


def _with_formulas(made: Prose, taken: Formulas, math: str, first_line: int) -> Prose:
    """Return what was made with the formulas of the text."""
    wrong: dict[Formula, WrongFormula] = {}

    def render(formula: Formula) -> str:
        if math == "mathml":
            try:
                return mathml(formula.tex, is_display=formula.is_display)
            except FormulaError as error:
                line = formula.line + first_line - 1
                wrong[formula] = WrongFormula(line, formula.column, str(error))
                return escape(formula.written, quote=False)
        return formulas.tex_html(formula)

    def in_line(formula: Formula) -> str:
        kind = "display" if formula.is_display else "inline"
        return f'<span class="math {kind}">{render(formula)}</span>'

    html = formulas.with_blocks(made.html, taken, render)
    return made._replace(
        html=formulas.put_back(html, taken, in_line),
        toc=tuple(item._replace(text=formulas.in_words(item.text, taken)) for item in made.toc),
        summary=formulas.in_words(made.summary, taken),
        title=formulas.in_words(made.title, taken),
        wrong_formulas=tuple(wrong.values()),
    )


def without_controls(text: str) -> str:
    """Return `text` without the characters that no HTML may hold."""
    return text if _NO_CONTROL_CHARACTERS.fullmatch(text) else _CONTROL_CHARACTERS.sub("", text)


def check(config: Config) -> None:
    """Make the engine; raise `SitegenError` with all that is wrong in its configuration.

    For the build to call once, before the first text is converted.
    """
    _engine(config.markdown)
    if config.markdown.math == "mathml":
        require_latex2mathml()


def _engine(config: MarkdownConfig) -> Callable[[str], str]:
    """Return the engine of a configuration: Markdown in, HTML out."""
    # Imported late: neither is for pages made of kept bodies, and a site has one of them.
    if config.engine == "commonmark":
        from sitegen.markdown import commonmark  # noqa: PLC0415

        return commonmark.engine()
    from sitegen.markdown import python_markdown  # noqa: PLC0415

    return python_markdown.engine(config)


def before_more(html: str) -> str:
    """Return what stands before `<!--more-->`, "" where there is no such mark."""
    mark = _MORE.search(html)
    return html[: mark.start()] if mark else ""


def summary(html: str, beginning: str = "") -> str:
    """Return the first paragraph of `html` that has text, cut to `SUMMARY_COLUMNS`; else "".

    All paragraphs of `beginning` instead, if it has any: `before_more` gives it.
    """
    text = " ".join(_paragraphs(beginning)) if beginning else ""
    return cut(text or next(_paragraphs(html), ""))


def _paragraphs(html: str) -> Iterator[str]:
    """Yield the plain text of each paragraph that a reader sees, up to the footnotes."""
    for match in _PARAGRAPH.finditer(html):
        if match["notes"]:
            return
        if not match["text"] or (match["attributes"] and _HIDDEN.search(match["attributes"])):
            continue
        text = plain_text(match["text"])
        if text and not (text[0] in "{[" and _PLACEHOLDERS.fullmatch(text)):
            yield text


def cut(text: str) -> str:
    """Return `text`, or its first `SUMMARY_COLUMNS` columns up to a whole word, with "…"."""
    if not _MAYBE_WIDE.search(text, 0, SUMMARY_COLUMNS + 1):
        if len(text) <= SUMMARY_COLUMNS:
            return text
        end = text.rfind(" ", 0, SUMMARY_COLUMNS)
        return f"{text[: end if end > 0 else SUMMARY_COLUMNS].rstrip(_DANGLING)}…"
    columns = 0
    end = 0
    for index, char in enumerate(text):
        wide = unicodedata.east_asian_width(char) in "WF"
        columns += 2 if wide else 1
        if columns > SUMMARY_COLUMNS:
            return f"{text[: end or index].rstrip(_DANGLING)}…"
        if wide or char == " ":
            end = index + wide
    return text


def _with_lines(
    references: tuple[tuple[str, str], ...], text: str, first_line: int
) -> Iterator[Reference]:
    """Yield the references with the lines where they are written.

    A target that stands several times is found in the order of its references; one that is
    written once and used again (`[flood]: flood.md`) keeps its line.
    """
    found: dict[str, int] = {}
    for attribute, target in references:
        last = found.get(target, -1)
        position = _find_target(text, target, last + 1, _BEFORE)
        if position < 0:
            position = last if last >= 0 else _find_anywhere(text, target)
        found[target] = position
        line = first_line + text.count("\n", 0, position) if position >= 0 else 0
        yield Reference(attribute, target, line)


_BEFORE = ("(", "<", '"', "'", "=", "]: ", "]:")
_AFTER = (")", ">", '"', "'", " ", "\t", "\n", ",", "")


def _find_target(text: str, target: str, start: int, before: tuple[str, ...]) -> int:
    """Return where `target` is written from `start` on, after one of `before`, or -1."""
    position = text.find(target, start)
    while position >= 0:
        end = position + len(target)
        if text[end : end + 1] in _AFTER and text[max(0, position - 3) : position].endswith(before):
            return position
        position = text.find(target, position + 1)
    return -1


def _find_anywhere(text: str, target: str) -> int:
    """Return where `target` is written if it does not stand where targets do, or -1."""
    for written in (target, target.replace("&", "&amp;")):
        for before in (_BEFORE, (" ", "\t", "\n", ",")):
            if (position := _find_target(text, written, 0, before)) >= 0:
                return position
    return text.find(target)
