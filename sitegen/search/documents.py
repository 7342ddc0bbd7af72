"""A document of the site → the small HTML document that Pagefind reads instead of its page.

It holds what can be searched, and nothing of the page around it, so that a new template or another
name in the navigation leaves the index as it is.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from sitegen.html.direction import direction
from sitegen.html.scanning import DIVIDING, UNREAD, attributes_of, tags
from sitegen.markdown.shortcode_placing import MARKER
from sitegen.model import moments
from sitegen.model.documents import AnyTeaser, Article, StandalonePage, Teaser, TermText
from sitegen.render.localization import formatted

UNSEGMENTED = frozenset({"zh", "ja", "th"})
"""Languages that write no spaces. Pagefind divides their texts into words, but not their titles as
metadata: there the title is searched as a heading, too."""

_HEADINGS = re.compile("h[1-6]").fullmatch

_BLOCKS = re.compile(DIVIDING).fullmatch
"""Elements that divide words and sentences. Pagefind needs to see them; all other tags go."""

_UNREAD = re.compile(f"math|{UNREAD}").fullmatch
"""Elements whose content is not searched."""

CODE_WEIGHT = "0.5"
"""A word in a block of code says less of an article than one of its sentences."""

_TAG = re.compile("<[^>]*>")
_WORD = re.compile(r"\w").search

_NOTE_MARK = re.compile(r'<sup\b[^>]*\bid="fnref.*?</sup>', re.DOTALL)
_LANGUAGE = re.compile("[a-z]{2,3}")


def language_of(teaser: AnyTeaser) -> str:
    """Return the language in which a document is indexed: `en` for `en-GB`; "und" for no known."""
    return language_tag(teaser.lang)


def language_tag(lang: str) -> str:
    """Return the first part of a language tag, as `language_of` does."""
    language = lang.replace("_", "-").partition("-")[0].lower()
    return language if _LANGUAGE.fullmatch(language) else "und"


def document(source: Article | StandalonePage | TermText) -> str:
    """Return the HTML document to index for an article, a standalone page or a term's text.

    It carries the title, authors and tags as metadata that is searched, and the slugs of its terms
    and its year as filters; the body's headings weigh as Pagefind weighs headings.
    """
    teaser = source.teaser
    language = language_of(teaser)
    body = "".join(searchable_pieces(source.body))
    summary = escape(teaser.summary.rstrip("…"), quote=False)
    # A summary of the editor's own; the other ones are the first paragraph again.
    lead = "" if not summary or summary in " ".join(body.split()) else f"<p>{summary}</p>"
    caption = teaser.image.caption if teaser.image else ""
    picture = f"<p>{escape(caption)}</p>" if caption else ""
    told = source.corrections if isinstance(source, Article) else ()
    corrections = "".join(f"<p>{escape(item.text)}</p>" for item in told)
    # Pagefind takes no year in which there is no word but titles: pictures alone, say.
    is_bare = not has_words(f"{lead}{body}{picture}{corrections}")
    title = f"<h1>{escape(teaser.title)}</h1>" if is_bare or language in UNSEGMENTED else ""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"{''.join(_head(teaser))}</head>"
        f"<body data-pagefind-body>{title}{lead}{body}{picture}{corrections}</body></html>"
    )


def has_words(html: str) -> bool:
    """Whether there is a word in the text of some HTML, outside of its tags."""
    return _WORD(_TAG.sub("", html)) is not None


def _head(teaser: AnyTeaser) -> list[str]:
    metas = [("title", teaser.title)]
    filters = [("language", language_of(teaser))]
    if isinstance(teaser, Teaser):
        if teaser.authors:
            metas.append(("authors", ", ".join(term.name for term in teaser.authors)))
        if teaser.tags:
            metas.append(("tags", ", ".join(term.name for term in teaser.tags)))
        filters = [
            ("category", teaser.category.slug),
            ("year", str(teaser.date.year)),
            *filters,
            *(("tag", slug) for slug in sorted({term.slug for term in teaser.tags})),
            *(("author", slug) for slug in sorted({term.slug for term in teaser.authors})),
            *((group.taxonomy, term.slug) for group in teaser.terms for term in group.terms),
        ]
    return [
        f'<meta data-pagefind-{what}="{name}[content]" content="{escape(value)}">'
        for what, pairs in (("meta", metas), ("filter", filters))
        for name, value in pairs
    ]


def result_metadata(teaser: AnyTeaser, pattern: str, language: str) -> dict[str, Any]:
    """Return what the list of results shows of a document but is not searched for.

    `pattern` and `language` are those of dates beside teasers.
    """
    way = direction(teaser.lang)
    # Where it is that of the page, as of most, there is nothing to say.
    turned = {} if way == direction(language) else {"direction": way}
    if not isinstance(teaser, Teaser):
        return {"language": teaser.lang, **turned}
    return {
        "day": formatted(teaser.date, pattern, language),
        "date": moments.rfc3339(teaser.date),
        "category": teaser.category.name,
        "language": teaser.lang,
        **turned,
    }


def sort_stamp(teaser: AnyTeaser) -> str:
    """Return what a document's results are put in order by: UTC, as `202411042154`.

    A page without a date comes after all articles.
    """
    if not isinstance(teaser, Teaser):
        return "0" * 12
    utc = moments.local(moments.in_zone(teaser.date, "UTC"))
    return f"{utc:%Y%m%d%H%M}".rjust(12, "0")


def searchable_pieces(html: str) -> list[str]:
    """Return the HTML of a body in pieces, with only the tags that matter to the index.

    Attributes go, except the fragments that headings are linked by. What no reader reads as text
    goes as well: scripts, drawings, shortcodes, the numbers of footnotes, the readings beside ruby.
    """
    html = _NOTE_MARK.sub("", html) if 'id="fnref' in html else html
    html = MARKER.sub("", html) if "\x1b" in html else html
    pieces: list[str] = []
    position = 0
    unread = ""
    depth = 0
    for tag in tags(html, every=True):
        if unread:
            if tag.name == unread:
                depth += -1 if tag.is_end else 1
                if not depth:
                    unread, position = "", tag.end
            continue
        pieces.append(html[position : tag.start])
        position = tag.end
        if _HEADINGS(tag.name):
            pieces.append(_heading(tag.name, tag.attributes, is_end=tag.is_end))
        elif _BLOCKS(tag.name):
            pieces.append(_block(tag.name, is_end=tag.is_end))
        elif _UNREAD(tag.name) and not tag.is_end and not tag.attributes.endswith("/"):
            unread, depth = tag.name, 1
    if not unread:
        pieces.append(html[position:])
    return pieces


def _block(name: str, *, is_end: bool) -> str:
    if is_end:
        return f"</{name}>"
    return f'<pre data-pagefind-weight="{CODE_WEIGHT}">' if name == "pre" else f"<{name}>"


def _heading(name: str, attributes: str, *, is_end: bool) -> str:
    if is_end:
        return f"</{name}>"
    id_ = next((item.value for item in attributes_of(attributes) if item.name == "id"), "")
    # As written: its character references stay what they are.
    quoted = id_.replace('"', "&quot;")
    return f'<{name} id="{quoted}">' if id_ else f"<{name}>"
