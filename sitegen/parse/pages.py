"""Front matter and text of a standalone page → its entry: the tree of files is its address."""

from __future__ import annotations

from sitegen.markdown.prose import Prose
from sitegen.model.documents import PageEntry, PageTeaser, Parsed
from sitegen.model.errors import Location, Problem
from sitegen.model.urls import check_url, tree_url
from sitegen.parse.front_matter import FrontMatter
from sitegen.parse.page_fields import PageMeta
from sitegen.parse.undated import ends_too_early, sealed


def standalone_page(
    path: str,
    front_matter: FrontMatter,
    meta: PageMeta,
    text: Prose,
    problems: list[Problem],
    *,
    standfirst: str = "",
) -> Parsed:
    """Return what the file `path` of a page gives, unless there are errors.

    `problems` are those that are known of it already.
    """
    place = front_matter.location(path, "url", "title")
    problems += _faults(path, front_matter, meta, text)
    url = meta.url or tree_url(path.partition("/")[2])
    if not any(item.is_error for item in problems):
        problems += _url_faults(path, url, place)
    if any(item.is_error for item in problems):
        return Parsed(None, None, tuple(problems))
    teaser = PageTeaser(
        id=path,
        url=url,
        title=meta.title or text.title,
        updated=meta.updated,
        summary=meta.summary or text.summary,
        image=meta.image,
        lang=meta.lang,
        kind=meta.kind,
        nav=meta.nav,
        order=meta.order,
        noindex=meta.noindex,
        title_html=meta.title_html,
    )
    stored = sealed(teaser, meta, text, standfirst)
    entry = PageEntry(
        teaser=teaser,
        teaser_digest=stored.teaser_digest,
        page_digest=stored.page_digest,
        publish=meta.publish,
        expires=meta.expires,
        draft=meta.draft,
        aliases=meta.aliases,
        references=stored.references,
        url_line=place.line,
        canonical=meta.canonical,
        translation_of=meta.translation_of,
        template=meta.template,
        own_keys=meta.own_keys,
        embeds=text.embeds,
        shortcodes=text.shortcodes,
    )
    return Parsed(None, None, tuple(problems), stored.record, entry)


def _faults(path: str, front_matter: FrontMatter, meta: PageMeta, text: Prose) -> list[Problem]:
    """Return what is wrong with a page but for its address."""
    found = []
    if not meta.title and not text.title:
        place = front_matter.location(path, "title")
        message = "the page has no title"
        hint = "write `title: …` in the front matter, or begin the text with `# Title`"
        if place != Location(path, 1, 1):
            message, hint = "the title is empty", 'put a title that begins with # in quotes: "…"'
        found.append(Problem(message, place, hint))
    return found + ends_too_early(path, front_matter, meta, "page")


def _url_faults(path: str, url: str, place: Location) -> list[Problem]:
    """Return why a page cannot have its address; [] if it can."""
    if tree_url(path.partition("/")[2]) == "/":
        message = "the front page cannot be a standalone page: the newest articles stand on it"
        hint = "give the file another name; the text of the front page is in templates/front.html"
        return [Problem(message, Location(path, 1, 1), hint)]
    if not url:
        message = "no URL can be made from the names of the file and its folders"
        return [Problem(message, place, "write `url: /about/` in the front matter")]
    if reason := check_url(url):
        message = f'the URL of the page cannot be "{url}": {reason}'
        return [Problem(message, place, "write `url: /about/` in the front matter")]
    return []
