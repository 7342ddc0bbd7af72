"""What the values in templates are called in messages, and what a template can ask of each.

No message names a type of Python's or a module of ours.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import timedelta
from types import NoneType
from typing import Any, NamedTuple

import jinja2
from jinja2.environment import TemplateModule
from jinja2.runtime import BlockReference, LoopContext, Macro, TemplateReference
from jinja2.utils import Cycler, Joiner, Namespace

from sitegen.model import answers, documents
from sitegen.model.frozen import FrozenMap
from sitegen.model.moments import Moment
from sitegen.plan.outputs import Output
from sitegen.queries import KINDS
from sitegen.queries.articles import LazyArticle, LazyThread
from sitegen.queries.comments import NewComment, NewestComments
from sitegen.queries.own_keys import OwnKeys
from sitegen.queries.pages import LazyPage
from sitegen.queries.sitemaps import Listed, News
from sitegen.queries.term_texts import LazyText
from sitegen.render.settings import ATTRIBUTES, Extra, Settings, ThemeOptions
from sitegen.render.shortcodes import Arguments
from sitegen.render.structured_data import Picture


class Noun(NamedTuple):
    """What a kind of value is called, and what can be asked of it."""

    name: str
    """`a teaser`; for the answer of a function, the function: `front()`."""
    parts: tuple[str, ...] = ()
    """The attributes that docs/templates.md promises, if it is those alone that there are."""
    hint: str = ""
    """What to print instead of the whole."""

    @property
    def instead(self) -> str:
        """What to print instead of the whole."""
        if self.hint or not self.parts:
            return self.hint
        more = ", …" if len(self.parts) > _MOST_PARTS else ""
        named = ", ".join(f".{part}" for part in self.parts[:_MOST_PARTS])
        return f"print a part of it: {named}{more}"


_MOST_PARTS = 6

NOTHING = Noun(
    "nothing",
    hint='write {{ … or "" }} with what to print instead, or ask for it first with {% if … %}',
)
TEXT = Noun("a text")
NUMBER = Noun("a number")
LIST = Noun("a list", hint='go through it with {% for … %}, or print it with … | join(", ")')
TABLE = Noun("a table", hint="print one of its values, or all of it with … | tojson")
FUNCTION = Noun("a function", hint="call it: its name and then ()")
MOMENT = Noun("a moment", ("year", "month", "day", "hour", "minute", "second"))
GROUPED = Noun("a group", ("grouper", "list"))

_ARTICLE = tuple(
    name
    for name in documents.Article._fields
    # The body is printed by body(), which resolves its references and shows its shortcodes.
    if name not in ("body", "references", "related", "shortcodes", "translation_of")
)

NOUNS: Mapping[type, Noun] = {
    NoneType: NOTHING,
    str: TEXT,
    bool: Noun("true or false"),
    int: NUMBER,
    float: NUMBER,
    complex: NUMBER,
    tuple: LIST,
    list: LIST,
    range: LIST,
    set: LIST,
    frozenset: LIST,
    dict: TABLE,
    FrozenMap: TABLE,
    Moment: MOMENT,
    timedelta: Noun("a span of time", hint="print a part of it: .days, .seconds"),
    slice: Noun("a part of a list"),
    bytes: Noun("bytes"),
    documents.Teaser: Noun("a teaser", documents.Teaser._fields, "print {{ teaser.title }}"),
    documents.Article: Noun(
        "an article",
        _ARTICLE,
        "print its headline, {{ article.teaser.title }}, or its text, {{ body(article) }}",
    ),
    documents.PageTeaser: Noun(
        "a page's teaser", documents.PageTeaser._fields, "print {{ teaser.title }}"
    ),
    documents.StandalonePage: Noun(
        "a page",
        ("teaser", "toc", "canonical", "extra", "standfirst"),
        "print its title, {{ page.teaser.title }}, or its text, {{ body(page) }}",
    ),
    documents.TermTeaser: Noun(
        "a term's teaser",
        documents.TermTeaser._fields,
        "print {{ teaser.name }}",
    ),
    documents.TermText: Noun(
        "a term's text",
        ("teaser", "toc", "extra", "standfirst", "summary"),
        "print {{ body(text) }}",
    ),
    documents.Term: Noun("a term", documents.Term._fields, "print {{ term.name }}"),
    documents.Image: Noun("a picture", documents.Image._fields),
    documents.Heading: Noun("a heading", documents.Heading._fields),
    documents.Correction: Noun("a correction", documents.Correction._fields),
    documents.Reference: Noun("a reference", documents.Reference._fields),
    documents.Thread: Noun("thread()", documents.Thread._fields),
    documents.ShownResponse: Noun("a response", documents.ShownResponse._fields),
    documents.Answered: Noun("what a response answers", documents.Answered._fields),
    answers.Section: Noun("a section of front()", answers.Section._fields),
    answers.FrontPage: Noun("front()", answers.FrontPage._fields),
    answers.CountedTerm: Noun(
        "an item of counted_terms()", tuple(item.name for item in fields(answers.CountedTerm))
    ),
    answers.MenuEntry: Noun(
        "an entry of a menu", tuple(item.name for item in fields(answers.MenuEntry))
    ),
    answers.SeriesPlace: Noun(
        "an item of series()", tuple(item.name for item in fields(answers.SeriesPlace))
    ),
    answers.TaxonomyFacts: Noun("taxonomy()", answers.TaxonomyFacts._fields),
    answers.Index: Noun("an item of indexes()", answers.Index._fields),
    answers.Listing: Noun("listing()", answers.Listing._fields),
    answers.Period: Noun("a period", tuple(item.name for item in fields(answers.Period))),
    answers.AdjacentPeriods: Noun("around()", answers.AdjacentPeriods._fields),
    answers.Neighbours: Noun("neighbours()", answers.Neighbours._fields),
    answers.CorrectionNotice: Noun("a correction", answers.CorrectionNotice._fields),
    answers.CorrectionPage: Noun("corrections()", answers.CorrectionPage._fields),
    answers.Feed: Noun("a feed", answers.Feed._fields),
    answers.FeedItem: Noun("an item of a feed", answers.FeedItem._fields),
    answers.FeedLink: Noun("an item of feeds()", answers.FeedLink._fields),
    answers.Enclosure: Noun("enclosure()", answers.Enclosure._fields),
    NewComment: Noun("an item of newest_comments()", NewComment._fields),
    NewestComments: Noun("newest_comments()", hint="go through it with {% for … %}"),
    Listed: Noun("a line of a sitemap", Listed._fields),
    News: Noun("a line of a news sitemap", News._fields),
    answers.BylinePart: Noun("a part of byline()", answers.BylinePart._fields),
    answers.GalleryPicture: Noun("a picture", answers.GalleryPicture._fields),
    answers.Credited: Noun("a name in a byline", answers.Credited._fields),
    Arguments: Noun("args", hint="print one of them: {{ args.src }}"),
    Picture: Noun("picture()", (*Picture._fields, "is_vector")),
    Output: Noun("page", Output._fields),
    Settings: Noun("site", ATTRIBUTES),
    Extra: Noun("site.extra", hint="print one of its values: {{ site.extra.… }}"),
    ThemeOptions: Noun("site.theme", hint="print one of its values: {{ site.theme.… }}"),
    LoopContext: Noun("loop", hint="print {{ loop.index }}"),
    TemplateReference: Noun("self", hint="print a block: {{ self.name() }}"),
    TemplateModule: Noun("an imported template"),
    Namespace: Noun("a namespace", hint="print one of its values"),
    Cycler: Noun("a cycler", hint="print {{ … .next() }}"),
    Joiner: Noun("a joiner", hint="call it: its name and then ()"),
}
"""By type; that of a class holds for those made from it, too. The rest is functions and lists."""

_STANDS_FOR: Mapping[type, type] = {
    LazyArticle: documents.Article,
    LazyThread: documents.Thread,
    OwnKeys: FrozenMap,
    LazyPage: documents.StandalonePage,
    LazyText: documents.TermText,
}
"""Values that fetch what they are when a template looks at them."""


def type_of(value: Any) -> type:
    """Return the type of a value, as documented: that of what it stands for."""
    return _STANDS_FOR.get(type(value), type(value))


def noun(value: Any) -> Noun:
    """Return what a value is called."""
    for kind in type_of(value).__mro__:
        if kind is tuple and type(value) is not tuple:
            return GROUPED if getattr(value, "_fields", ()) == GROUPED.parts else LIST
        if found := NOUNS.get(kind):
            return found
    if is_function(value):
        return FUNCTION
    if isinstance(value, Mapping):
        return TABLE
    if isinstance(value, (Iterator, Sequence)) or hasattr(type(value), "__iter__"):
        return LIST
    return Noun("this value")


def is_function(value: Any) -> bool:
    """Whether a value is there to be called, and for nothing else."""
    return callable(value) and not isinstance(value, (jinja2.Undefined, LoopContext, Joiner))


def function_name(function: Any) -> str:
    """Return the name by which a template calls a function."""
    if isinstance(function, Macro):
        return function.name or "caller"
    if isinstance(function, BlockReference):
        return f"self.{function.name}"
    return str(getattr(function, "__name__", "this"))


def signature(function: Any) -> str:
    """Return how a template calls a function: `around(year, month=0, day=0)`."""
    name = function_name(function)
    kind = KINDS.get(name)
    if kind is not None and kind.function:
        return kind.signature()
    if isinstance(function, Macro):
        return f"{name}({', '.join(function.arguments)})"
    return f"{name}({', '.join(_parameters(function))})"


def _parameters(function: Callable[..., Any]) -> Iterator[str]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # written in C, and says nothing
        return
    for item in parameters:
        if item.kind in (item.VAR_POSITIONAL, item.VAR_KEYWORD):
            yield "…"
        elif item.default is item.empty:
            yield item.name
        else:
            yield f"{item.name}={item.default!r}".replace("'", '"')


_OF_PYTHON: Mapping[str, str] = {
    "Markup": "a text",
    "function": "a function",
    "method": "a function",
    "builtin_function_or_method": "a function",
    "type": "a function",
    "method-wrapper": "a function",
    "generator": "a list",
    "KeysView": "a list",
    "ItemsView": "a list",
    "ValuesView": "a list",
    "dict_keys": "a list",
    "dict_items": "a list",
    "dict_values": "a list",
    **{kind.__name__: item.name for kind, item in NOUNS.items()},
    **{kind.__name__: NOUNS[shown].name for kind, shown in _STANDS_FOR.items()},
}


def noun_of_type_name(name: str) -> str:
    """Return what values of a type are called, of which Python's message told the name."""
    return _OF_PYTHON.get(name.rpartition(".")[2], "this value")
