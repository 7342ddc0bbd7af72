"""Links in documents that lead nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sitegen.index.shortcode_templates import CARD
from sitegen.index.site import Site
from sitegen.model.documents import AnyEntry, Entry, Reference, TermEntry
from sitegen.model.errors import Location, Problem, Severity
from sitegen.model.references import Target, resolve_target

Broken = dict[str, tuple[Problem, ...]]
"""What is wrong with a document's references, by its id; those without fault are not in it."""

Publishes = Callable[[str], bool]
"""Whether something is published at a URL."""

_KINDS = {
    "href": "link",
    "src": "image",
    "related": "related article",
    "pinned": "pinned article",
    CARD: "article",
}
"""What an editor calls the attribute that holds a reference."""

_ARTICLES = frozenset({"related", "pinned", CARD})
"""The keys that name articles, and the shortcodes that show one."""


def broken_links(site: Site, publishes: Publishes, entries: Iterable[AnyEntry]) -> Broken:
    """Return a problem for each reference of `entries`, all published, that leads nowhere."""
    found = {
        entry.teaser.id: tuple(_problems(site, publishes, entry))
        for entry in entries
        if entry.shortcodes or _references(entry)
    }
    return {id_: problems for id_, problems in found.items() if problems}


def _references(entry: AnyEntry) -> tuple[Reference, ...]:
    """Return what the text and the front matter of a document name."""
    if isinstance(entry, Entry) and entry.related:
        return (*entry.references, *entry.related)
    if isinstance(entry, TermEntry) and entry.pinned:
        return (*entry.references, *entry.pinned)
    return entry.references


def _problems(site: Site, publishes: Publishes, entry: AnyEntry) -> Iterator[Problem]:
    severity: Severity = "error" if site.config.links.broken == "error" else "warning"
    shown = (
        reference
        for shortcode in entry.shortcodes
        for reference in site.shortcode_template(shortcode.name).named_by(shortcode)
    )
    for reference in (*_references(entry), *shown):
        found = resolve_target(entry.teaser.id, reference.target)
        if reference.attribute == CARD:
            found = Target(site.named_article(entry.teaser.id, reference.target), "", "")
        if found and _leads_somewhere(site, publishes, reference, found):
            continue
        location = Location(entry.teaser.id, reference.line)
        if found and site.unpublished(site.id_of(found.path)):
            if reference.attribute == "related":
                continue  # It joins the list while it is published.
            message = f'"{reference.target}" is not published; the link was left out'
            if reference.attribute == CARD:
                message = f'"{reference.target}" is not published; its card is left out'
            if reference.attribute == "pinned":
                message = f'"{reference.target}" is not published; it is left out of "pinned"'
            yield Problem(message, location, severity="warning")
            continue
        kind = _KINDS.get(reference.attribute, reference.attribute)
        hint = None if found else "the path leads out of the site folder"
        if reference.target.startswith("{{<"):
            hint = "in a link, name the file itself: [text](../03/flood.md)"
        if reference.attribute in _ARTICLES:
            hint = "name the article's file, as in a link: ../03/flood.md"
        yield Problem(f'the {kind} "{reference.target}" leads nowhere', location, hint, severity)


def _leads_somewhere(site: Site, publishes: Publishes, reference: Reference, found: Target) -> bool:
    if reference.attribute in _ARTICLES:
        return site.id_of(found.path) in site.entries
    if found.path:
        return site.url_of(found.path) is not None
    return publishes(found.url) or publishes(f"{found.url}/")
