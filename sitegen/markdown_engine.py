"""Python-Markdown: source text in, HTML out. The one room that knows this engine.

An engine is a function from Markdown to HTML. What must be true of a body whoever made its HTML
(references, headings, tables, sanitising) is the work of `prose.py`, behind this seam.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from markdown import Markdown

from sitegen.config import FILE_NAME, Config, MarkdownConfig
from sitegen.errors import Problem, SitegenError, Where, did_you_mean
from sitegen.urls import slugify

Engine = Callable[[str], str]

_OWN = "markdown.extensions."
"""Python-Markdown's own extensions may be named with or without this."""


def _heading_id(text: str, _separator: str) -> str:
    return slugify(text) or "section"


DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "tables": {"use_align_attribute": True},
    "footnotes": {"BACKLINK_TEXT": "&#8617;&#xFE0E;", "BACKLINK_TITLE": "{}"},
    "fenced_code": {},
    "codehilite": {"guess_lang": False, "linenums": False},
    "attr_list": {},
    "abbr": {},
    "def_list": {},
    "toc": {"slugify": _heading_id},
    "md_in_html": {},
    "sane_lists": {},
}
"""The extensions that every site has unless it turns them off, with our options.

`use_align_attribute`: an attribute that `prose` makes a class of; the other choice is an inline
style. `BACKLINK_TITLE`: the number alone, since the stock sentence is English in any article.
`guess_lang`: guessing colours prose as if it were code.
"""

_FORCED: Mapping[str, Mapping[str, Any]] = {
    "footnotes": {"UNIQUE_IDS": False},  # It counts the documents of the process.
}


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

    For the build to call once, before any text is converted.
    """
    problems: list[Problem] = []
    _assemble(config.markdown, problems)
    if problems:
        raise SitegenError(*problems)


def _assemble(config: MarkdownConfig, problems: list[Problem]) -> Markdown:
    markdown = Markdown(output_format="html")
    for name, options in chosen(config):
        try:
            extension = markdown.build_extension(name, options)
            markdown.registerExtensions([extension], {})
        except Exception as error:  # noqa: BLE001 - Foreign code may raise anything.
            problems.append(_refusal(markdown, name, options, error))
    return markdown


def _refusal(
    markdown: Markdown, name: str, options: Mapping[str, Any], error: Exception
) -> Problem:
    key = f'"markdown.extensions.{name}"'
    where = Where(FILE_NAME)
    reason = f"{type(error).__name__}: {error}"
    if isinstance(error, ImportError):
        hint = did_you_mean(name, [*DEFAULTS, "admonition", "nl2br", "smarty", "wikilinks"])
        hint = hint or "install the package that it belongs to, beside sitegen"
        return Problem(f"{key} names no extension that can be imported", where, hint)
    try:
        known = list(markdown.build_extension(name, {}).getConfigs())
    except Exception:  # noqa: BLE001 - As above.
        known = []
    unknown = [option for option in options if known and option not in known]
    if unknown:
        hint = did_you_mean(unknown[0], known) or f"known options: {', '.join(known)}"
        return Problem(f'{key} has no option "{unknown[0]}"', where, hint)
    return Problem(f"{key} cannot be used: {reason}", where, "see its options")


def engine(config: MarkdownConfig) -> Engine:
    """Return the engine of a configuration; the same one in the whole process.

    It raises `SitegenError` for an extension that `check` would refuse, and, when called, for a
    text that cannot be converted. What it returns depends on its text alone.
    """
    return _engine(config)


@lru_cache(maxsize=8)
def _engine(config: MarkdownConfig) -> Engine:
    lock = threading.Lock()
    instance: list[Markdown] = []

    def fresh() -> Markdown:
        problems: list[Problem] = []
        markdown = _assemble(config, problems)
        if problems:
            raise SitegenError(*problems)
        return markdown

    instance.append(fresh())

    def convert(text: str) -> str:
        with lock:
            try:
                html = instance[0].convert(text)
                instance[0].reset()
            except RecursionError:
                instance[0] = fresh()  # What was left half-done is not known to reset().
                raise SitegenError(
                    Problem("quotes or lists are nested too deeply", hint="use fewer levels")
                ) from None
            except Exception as error:
                instance[0] = fresh()
                message = f"Python-Markdown cannot convert this: {type(error).__name__}: {error}"
                raise SitegenError(Problem(message, hint=_UNCONVERTED)) from error
            return html

    return convert


_UNCONVERTED = "leave out half of the text until it works to find what it stumbles over"
