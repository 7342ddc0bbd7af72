"""Front matter and text of a standalone page → its entry: the tree of files is its address."""

from __future__ import annotations

from sitegen.model.documents import PageEntry, PageTeaser, Parsed
from sitegen.model.errors import Location, Problem
from sitegen.model.urls import check_url, tree_url
from sitegen.parse.page_fields import PageMeta
from sitegen.parse.undated import Undated, ends_too_early, sealed


def standalone_page(parts: Undated, meta: PageMeta, problems: list[Problem]) -> Parsed:
    """Return what the file of a page gives, unless there are errors.

    `problems` are those that are known of it already.
    """
    path, text = parts.path, parts.text
    place = parts.front_matter.location(path, "url", "title")
    problems += _faults(parts, meta)
    of_tree = tree_url(parts.home.path.partition("/")[2])
    place_in_tree = of_tree and parts.config.home[:-1] + of_tree
    url = meta.url or place_in_tree
    if not any(item.is_error for item in problems):
        problems += _url_faults(parts, url, place)
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
    stored = sealed(teaser, parts)
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
        edition=parts.home.edition,
        version_of=parts.version_of,
        place=place_in_tree,
    )
    return Parsed(None, None, tuple(problems), stored.record, entry)


def _faults(parts: Undated, meta: PageMeta) -> list[Problem]:
    """Return what is wrong with a page but for its address."""
    path, found = parts.path, []
    if not meta.title and not parts.text.title:
        place = parts.front_matter.location(path, "title")
        message = "the page has no title"
        hint = "write `title: …` in the front matter, or begin the text with `# Title`"
        if place != Location(path, 1, 1):
            message, hint = "the title is empty", 'put a title that begins with # in quotes: "…"'
        found.append(Problem(message, place, hint))
    return found + ends_too_early(parts, "page")


def _url_faults(parts: Undated, url: str, place: Location) -> list[Problem]:
    """Return why a page cannot have its address; [] if it can."""
    path = parts.path
    if tree_url(parts.home.path.partition("/")[2]) == "/":
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
