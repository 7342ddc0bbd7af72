"""HTML by writers whom the newsroom does not know, sanitised by allow lists.

What a list does not name is removed, so that no script runs, nothing is loaded into a frame, and
nothing imitates a form. The list for bodies names what Markdown and the default extensions make.
"""

from __future__ import annotations

import re

import nh3

EXTERNAL_REL = "nofollow ugc noopener"
"""`rel` of links that lead away: search engines are told that the newsroom did not choose them."""

_TEXT = "a abbr b bdi bdo br cite code del dfn em i ins kbd mark q s samp small span strong sub"
_MORE_TEXT = "sup time u var wbr ruby rp rt"
_BLOCKS = "aside blockquote div figcaption figure h1 h2 h3 h4 h5 h6 hr p pre section"
_LISTS = "dd details dl dt li ol summary ul"
_TABLES = "caption col colgroup table tbody td tfoot th thead tr"
_PICTURES = "audio img picture source video"
_TAGS = set(f"{_TEXT} {_MORE_TEXT} {_BLOCKS} {_LISTS} {_TABLES} {_PICTURES}".split())
_DROPPED = {"script", "style", "title", "template", "noscript", "iframe", "object", "textarea"}
_CELL = {"colspan", "rowspan", "headers"}
_MEDIA = {"src", "controls", "width", "height", "preload"}
_ATTRIBUTES = {
    "*": {"class", "id", "lang", "dir", "title"},
    "a": {"href", "hreflang"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading", "decoding"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "q": {"cite"},
    "source": {"src", "srcset", "sizes", "media", "type"},
    "td": _CELL,
    "th": {*_CELL, "scope", "abbr"},
    "time": {"datetime"},
    "audio": _MEDIA,
    "video": {*_MEDIA, "poster"},
}
_ALIGN = {"align": {"left", "center", "right"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


def sanitized(html: str) -> str:
    """Return `html` as well-formed HTML with nothing in it but what the lists above allow."""
    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        tag_attribute_values={"td": _ALIGN, "th": _ALIGN},
        url_schemes=_SCHEMES,
        link_rel=None,
        strip_comments=True,
    )


_PLAIN = "a blockquote br code del em li ol p q s strong sub sup ul"
_PLAIN_TAGS = set(_PLAIN.split())
_PLAIN_ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
_DEAD_LINK = re.compile(f'<a rel="{EXTERNAL_REL}">(.*?)</a>', re.DOTALL)


def sanitized_response(html: str) -> str:
    """Return what of a reader's `html` may be shown below an article: text, links and lists.

    No element of it has a class, an id or an address of our own; links lead to the web only.
    """
    clean = nh3.clean(
        html,
        tags=_PLAIN_TAGS,
        clean_content_tags=_DROPPED,
        attributes=_PLAIN_ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel=EXTERNAL_REL,
        strip_comments=True,
        url_relative="deny",
    )
    # A link that leads nowhere has lost its address; its words stay.
    return _DEAD_LINK.sub(r"\1", clean)
