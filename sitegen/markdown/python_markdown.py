"""Python-Markdown: source text in, HTML out. The only module that knows this engine.

An engine is a function from Markdown to HTML. What must be true of a body whoever made its HTML
(references, headings, tables, sanitising) is the work of `prose` and `html.finishing`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from markdown import Markdown
from markdown.extensions import Extension

from sitegen.config.loading import FILE_NAME
from sitegen.config.settings import Config, MarkdownConfig
from sitegen.html.highlighting import formatter
from sitegen.markdown import lists, struck_text
from sitegen.model.errors import (
    Location,
    Problem,
    SitegenError,
    did_you_mean,
    exception_text,
    problem,
)
from sitegen.model.urls import slugify
from sitegen.work.proven_versions import MARKDOWN

Engine = Callable[[str], str]


def heading_id(text: str, _separator: str = "-") -> str:
    """Return the id of a heading with this text; `toc` makes it unique with `_1`, `_2`, …."""
    return slugify(text) or "section"


DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "tables": {"use_align_attribute": True},
    "footnotes": {"BACKLINK_TEXT": "&#8617;&#xFE0E;", "BACKLINK_TITLE": "{}"},
    "fenced_code": {},
    "codehilite": {"guess_lang": False, "linenums": False, "pygments_formatter": formatter},
    "attr_list": {},
    "abbr": {},
    "def_list": {},
    "toc": {"slugify": heading_id},
    "md_in_html": {},
    "sane_lists": {},
}
"""The extensions that every site has unless it turns them off, and our options for them.

`use_align_attribute`: `html.finishing` makes a class of the attribute; the other choice is inline
style. `BACKLINK_TEXT`: with the selector that keeps phones from showing an emoji. `BACKLINK_TITLE`:
the footnote's number alone, since the stock sentence is English in whatever article. `guess_lang`:
guessing highlights plain text as if it were code. `pygments_formatter`: as "html", but faster.
"""

_FORCED_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    # It would number the documents that this process has converted.
    "footnotes": {"UNIQUE_IDS": False},
}
_OTHER_BUILT_INS = (
    "admonition",
    "extra",
    "legacy_attrs",
    "legacy_em",
    "meta",
    "nl2br",
    "smarty",
    "wikilinks",
)
_OURS: Mapping[str, Callable[..., Extension]] = {
    lists.NAME: lists.makeExtension,
    struck_text.NAME: struck_text.makeExtension,
}
_PREFIX = "markdown.extensions."
"""Python-Markdown's own extensions may be named with or without this."""

MAX_QUOTE_DEPTH = 100
"""Block quotes within each other. Far beyond, Python-Markdown overflows the caller's stack."""

_TOO_DEEP = re.compile(rf"^(?:[ ]*+>){{{MAX_QUOTE_DEPTH + 1}}}", re.MULTILINE)


_DEEP_INDENT = " " * 4 * 100
_DEEP_ITEM = re.compile(rf"^{_DEEP_INDENT} *(?:[*+-]|[0-9]+[.)]) ", re.MULTILINE)
"""An item of a list in a hundred others: they are read for seconds before the stack is full."""


def selected_extensions(config: MarkdownConfig) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the extensions of a site as (name, options): the default set, ours, then its own."""
    asked = {name.removeprefix(_PREFIX): options for name, options in config.extensions.items()}
    ours = [lists.NAME] if config.lists == "commonmark" else []
    ours += [struck_text.NAME] if config.github else []
    for name in (*DEFAULTS, *ours, *(name for name in asked if name not in DEFAULTS)):
        options = asked.get(name, {})
        if options is not False:
            yield (
                name,
                {**DEFAULTS.get(name, {}), **_thawed(options), **_FORCED_OPTIONS.get(name, {})},
            )


def _thawed(value: Any) -> Any:
    """Return plain dictionaries and lists, as extensions expect them."""
    if isinstance(value, Mapping):
        return {key: _thawed(item) for key, item in value.items()}
    return [_thawed(item) for item in value] if isinstance(value, tuple) else value


def check(config: Config) -> None:
    """Raise `SitegenError` with every extension that is not there or refuses its options.

    For the build to call once, before any text is converted. It makes the engine.
    """
    engine(config.markdown)


def engine(config: MarkdownConfig) -> Engine:
    """Return the engine of a configuration, the same one for the whole process.

    The engine takes the text of an article and returns its HTML, which depends on nothing else. It
    raises `SitegenError`, without a place, for a text that cannot be converted. Raises
    `SitegenError` with every extension that cannot be used.
    """
    return _cached_engine(_ExactConfig(repr(config), config))


class _ExactConfig(NamedTuple):
    """A configuration as a cache key: equal only if every word is, in the same order.

    Equality does not do: to Python `1` equals `true`, and the order of extensions does not matter.
    """

    text: str
    config: MarkdownConfig


@lru_cache(maxsize=8)
def _cached_engine(exact: _ExactConfig) -> Engine:
    return new_engine(exact.config)


def new_engine(config: MarkdownConfig) -> Engine:
    """Return an engine like `engine`, that nobody has used yet."""
    lock = threading.Lock()
    markdown = _new_markdown(config)

    def convert(text: str) -> str:
        nonlocal markdown
        if text.count(">") > MAX_QUOTE_DEPTH and _TOO_DEEP.search(text):
            message = f"block quotes are nested more than {MAX_QUOTE_DEPTH} levels deep"
            raise problem(message, hint="use fewer levels")
        if _DEEP_INDENT in text and _DEEP_ITEM.search(text):
            raise _too_deep()
        if "<" in text and _has_endless_tags(text):
            hint = "close them with `>`, or write `&lt;` for `<`"
            raise problem("too many tags have no end", hint=hint)
        with lock:
            try:
                html = markdown.convert(text)
                markdown.reset()
            except Exception as error:  # Whatever a text can make an extension do.
                # What it left half done is not known to reset().
                markdown = _new_markdown(config)
                if isinstance(error, SitegenError):
                    raise
                raise _conversion_error(error) from error
        return html

    return convert


def _has_endless_tags(text: str) -> bool:
    """Return whether there are so many tags without a `>` that they would be read for seconds."""
    read = 0
    for piece in text.split(">"):
        if len(piece) > _LONG_TAG:
            read += sum(len(piece) - match.start() for match in _TAG_START.finditer(piece))
    return read > MAX_READ_FOR_TAGS


MAX_READ_FOR_TAGS = 20_000_000
"""Characters of one text that may be read for the ends of tags: from each `<a` to the next `>`."""
_LONG_TAG = 5_000
_TAG_START = re.compile("<[A-Za-z]")


def _too_deep() -> SitegenError:
    message = "lists, quotes or emphasis are nested too deeply for Python-Markdown"
    return problem(message, hint="use fewer levels")


def _conversion_error(error: Exception) -> SitegenError:
    if isinstance(error, RecursionError):
        return _too_deep()
    message = f"Python-Markdown cannot convert the text: {exception_text(error)}"
    return problem(message, hint="remove parts of the text to find the one that it fails on")


def _new_markdown(config: MarkdownConfig) -> Markdown:
    """Return Python-Markdown with the selected extensions; raise `SitegenError` for what fails."""
    markdown = new_markdown()
    problems = []
    for name, options in selected_extensions(config):
        try:
            markdown.registerExtensions([_extension(markdown, name, options)], {})
        except Exception as error:  # noqa: BLE001 - Extensions are foreign code.
            problems.append(_extension_problem(markdown, name, options, error))
    if problems:
        raise SitegenError(*problems)
    return markdown


def new_markdown() -> Markdown:
    """Return Python-Markdown without extensions, with fast paths if these are known to be exact."""
    if not MARKDOWN.is_proven:
        return Markdown(output_format="html")
    from sitegen.markdown.fast.engine import FastMarkdown  # noqa: PLC0415 - Other versions lack parts.

    return FastMarkdown(output_format="html")


def _extension(markdown: Markdown, name: str, options: dict[str, Any]) -> Extension:
    if name in _OURS:
        return _OURS[name](**options)
    if name not in DEFAULTS:
        return markdown.build_extension(name, options)
    # build_extension first asks for the entry points of every installed package: 20 ms.
    extension: Extension = import_module(_PREFIX + name).makeExtension(**options)
    return extension


def _extension_problem(
    markdown: Markdown, name: str, options: dict[str, Any], error: Exception
) -> Problem:
    """Return the problem of an extension that raised `error` when it was loaded."""
    key = f'"markdown.extensions.{name}"'
    location = Location(FILE_NAME)
    if isinstance(error, ModuleNotFoundError):
        hint = did_you_mean(name, (*DEFAULTS, *_OTHER_BUILT_INS))
        hint = hint or "install the package that provides it into sitegen's environment"
        return Problem(f"unknown extension {key}", location, hint)
    try:
        known = _extension(markdown, name, {}).getConfigs()
    except Exception:  # noqa: BLE001 - As above; then what it raised first must do.
        known = {}
    for option in options:
        if known and option not in known:
            hint = did_you_mean(option, known) or f"known options: {', '.join(known)}"
            return Problem(f'{key} has no option "{option}"', location, hint)
    message = f"{key} cannot be used: {exception_text(error)}"
    return Problem(message, location, "check its options")
