"""Python-Markdown: source text in, HTML out. The one room that knows this engine.

An engine is a function from Markdown to HTML. What must be true of a body whoever made its HTML
(references, headings, tables, sanitising) is the work of `prose` and `markup`, behind this seam.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from markdown import Markdown
from markdown import __version_info__ as version_info
from markdown.extensions import Extension

from sitegen.config.loading import FILE_NAME
from sitegen.config.settings import Config, MarkdownConfig
from sitegen.html.highlighting import formatter
from sitegen.model.errors import Location, Problem, SitegenError, did_you_mean, problem
from sitegen.model.urls import slugify

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

`use_align_attribute`: `markup` makes a class of the attribute; the other choice is inline style.
`BACKLINK_TEXT`: with the selector that keeps phones from showing an emoji. `BACKLINK_TITLE`: the
number of the note alone, since the stock sentence is English in whatever article. `guess_lang`:
guessing colours plain text as if it were code. `pygments_formatter`: the same as "html", sooner.
"""

_FORCED: Mapping[str, Mapping[str, Any]] = {
    # It would number the documents that this process has converted.
    "footnotes": {"UNIQUE_IDS": False},
}
_OTHERS = (
    "admonition",
    "extra",
    "legacy_attrs",
    "legacy_em",
    "meta",
    "nl2br",
    "smarty",
    "wikilinks",
)
_OWN = "markdown.extensions."
"""Python-Markdown's own extensions may be named with or without this."""

MAX_QUOTES = 100
"""Quotes within quotes. Far beyond, Python-Markdown gives up where the caller's stack ends."""

PROVEN = (3, 11)
"""The version of Python-Markdown that ours was compared with; any other is used as it is."""

_DEEP_QUOTE = re.compile(rf"^(?:[ ]*+>){{{MAX_QUOTES + 1}}}", re.MULTILINE)


def chosen(config: MarkdownConfig) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the extensions of a site as (name, options): the default set, then its own."""
    asked = {name.removeprefix(_OWN): options for name, options in config.extensions.items()}
    for name in (*DEFAULTS, *(name for name in asked if name not in DEFAULTS)):
        options = asked.get(name, {})
        if options is not False:
            yield name, {**DEFAULTS.get(name, {}), **_thawed(options), **_FORCED.get(name, {})}


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
    return _engine_of(_Exactly(repr(config), config))


class _Exactly(NamedTuple):
    """A configuration that is equal to another one only in every word and in the same order.

    Equal ones are not: Python takes `1` for `true`, and extensions may be loaded in either order.
    """

    text: str
    config: MarkdownConfig


@lru_cache(maxsize=8)
def _engine_of(exactly: _Exactly) -> Engine:
    return new_engine(exactly.config)


def new_engine(config: MarkdownConfig) -> Engine:
    """Return an engine like `engine`, that nobody has used yet."""
    lock = threading.Lock()
    markdown = _assembled(config)

    def convert(text: str) -> str:
        nonlocal markdown
        if text.count(">") > MAX_QUOTES and _DEEP_QUOTE.search(text):
            raise problem(f"more than {MAX_QUOTES} quotes within quotes", hint="use fewer levels")
        with lock:
            try:
                html = markdown.convert(text)
                markdown.reset()
            except Exception as error:  # Whatever a text can make an extension do.
                # What it left half done is not known to reset().
                markdown = _assembled(config)
                if isinstance(error, SitegenError):
                    raise
                raise _unconverted(error) from error
        return html

    return convert


def _unconverted(error: Exception) -> SitegenError:
    if isinstance(error, RecursionError):
        message = "lists, quotes or emphasis are nested too deeply for Python-Markdown"
        return problem(message, hint="use fewer levels")
    message = f"Python-Markdown cannot convert the text: {_told(error)}"
    return problem(message, hint="take parts of the text out until you see what it stumbles over")


def _assembled(config: MarkdownConfig) -> Markdown:
    """Return Python-Markdown with the chosen extensions; raise `SitegenError` for what fails."""
    markdown = bare()
    problems = []
    for name, options in chosen(config):
        try:
            markdown.registerExtensions([_extension(markdown, name, options)], {})
        except Exception as error:  # noqa: BLE001 - Extensions are foreign code.
            problems.append(_refusal(markdown, name, options, error))
    if problems:
        raise SitegenError(*problems)
    return markdown


def bare() -> Markdown:
    """Return Python-Markdown without extensions: the quick one if it is known to do the same."""
    if version_info[:2] != PROVEN:
        return Markdown(output_format="html")
    from sitegen.markdown.fast.engine import QuickMarkdown  # noqa: PLC0415 - Other versions lack parts.

    return QuickMarkdown(output_format="html")


def _extension(markdown: Markdown, name: str, options: dict[str, Any]) -> Extension:
    if name not in DEFAULTS:
        return markdown.build_extension(name, options)
    # build_extension first asks for the entry points of every installed package: 20 ms.
    extension: Extension = import_module(_OWN + name).makeExtension(**options)
    return extension


def _refusal(markdown: Markdown, name: str, options: dict[str, Any], error: Exception) -> Problem:
    """Return the problem of an extension that raised `error` when it was loaded."""
    key = f'"markdown.extensions.{name}"'
    location = Location(FILE_NAME)
    if isinstance(error, ModuleNotFoundError):
        hint = did_you_mean(name, (*DEFAULTS, *_OTHERS))
        hint = hint or "install the package that it comes with into sitegen's environment"
        return Problem(f"{key} is no extension that can be imported", location, hint)
    try:
        known = _extension(markdown, name, {}).getConfigs()
    except Exception:  # noqa: BLE001 - As above; then what it raised first must do.
        known = {}
    for option in options:
        if known and option not in known:
            hint = did_you_mean(option, known) or f"its options: {', '.join(known)}"
            return Problem(f'{key} has no option "{option}"', location, hint)
    return Problem(f"{key} cannot be used: {_told(error)}", location, "look at its options")


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
