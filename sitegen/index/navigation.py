"""The menus of a site: those of `[[navigation.NAME]]`, else what the site has anyway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sitegen.config.settings import NavigationItem
from sitegen.index.redirects import Places
from sitegen.index.site import Site
from sitegen.model.answers import MenuEntry
from sitegen.model.documents import PageEntry, Term
from sitegen.model.errors import Location, Problem, Severity, did_you_mean
from sitegen.model.source_folders import PAGES
from sitegen.model.urls import normal_form

HEADER, FOOTER = "header", "footer"


def menu(site: Site, name: str) -> tuple[MenuEntry, ...]:
    """Return the entries of a menu; none of what is not published.

    Without `[[navigation.header]]` that is all categories, and the pages that say `nav: header`;
    any other menu that is not configured has the pages that name it.
    """
    if name in site.config.navigation:
        return tuple(_entries(site, site.config.navigation[name]))
    terms = site.sorted_terms("category") if name == HEADER else ()
    pages = (entry for entry in site.own_pages if entry.teaser.nav == name)
    return (*map(_of_term, terms), *map(_of_page, pages))


def _entries(site: Site, items: Sequence[NavigationItem]) -> Iterator[MenuEntry]:
    for item in items:
        below = tuple(_entries(site, item.children))
        found = _entry(site, item)
        if found is None or not (found.url or below):
            continue
        yield MenuEntry(
            item.label or found.label, found.url, item.rel, found.term, found.lang, below
        )


def _entry(site: Site, item: NavigationItem) -> MenuEntry | None:
    """Return what an entry leads to, without what is below it; None if it is not published."""
    if item.page:
        page = site.pages.shown.get(_page_id(site, item.page))
        return page and _of_page(page)
    if item.category:
        term = _category(site, item)
        return term and _of_term(term)
    return MenuEntry(item.label, item.url)


def _category(site: Site, item: NavigationItem) -> Term | None:
    """Return the category that an entry names, whatever texts call it; None without articles."""
    return site.terms["category"].get(site.slug_called("category", item.category))


def _of_page(entry: PageEntry) -> MenuEntry:
    return MenuEntry(entry.teaser.title, entry.teaser.url, lang=entry.teaser.lang)


def _of_term(term: Term) -> MenuEntry:
    return MenuEntry(term.name, term.url, term=term.slug)


def _page_id(site: Site, written: str) -> str:
    """Return the id of the page that an entry names: by its file in `pages/`, or with it."""
    path = normal_form(written.removeprefix("/"))
    return site.id_of(path if path.startswith(f"{PAGES}/") else f"{PAGES}/{path}")


def problems(site: Site, places: Places) -> Iterator[Problem]:
    """Yield a problem for each entry of a menu that leads to what is not there now."""
    for name, items in site.config.navigation.items():
        yield from _problems(site, items, ("navigation", name), places)
        named = {_page_id(site, item.page) for item in _all(items) if item.page}
        for entry in site.own_pages:
            if items and entry.teaser.nav == name and entry.teaser.id not in named:
                message = (
                    f'"nav: {name}" has no effect: the configuration says what is in that menu'
                )
                place = Location(entry.teaser.id, entry.url_line)
                page = entry.teaser.id.removeprefix(f"{PAGES}/")
                hint = f'take it out, or write `[[navigation.{name}]]` with `page = "{page}"`'
                yield Problem(message, place, hint, "warning")


def _all(items: Sequence[NavigationItem]) -> Iterator[NavigationItem]:
    for item in items:
        yield item
        yield from _all(item.children)


def _problems(
    site: Site, items: Sequence[NavigationItem], keys: tuple[str | int, ...], places: Places
) -> Iterator[Problem]:
    for number, item in enumerate(items):
        here = (*keys, number)
        yield from _problems(site, item.children, (*here, "children"), places)
        if item.page and (id_ := _page_id(site, item.page)) not in site.pages.shown:
            place = places((*here, "page"))
            if site.unpublished(id_):
                message = f'"{item.page}" is not published; it is left out of the menu "{keys[1]}"'
                yield Problem(message, place, severity="warning")
                continue
            severity: Severity = "error" if site.config.links.broken == "error" else "warning"
            known = [other.removeprefix(f"{PAGES}/") for other in site.pages.shown]
            message = f'the menu "{keys[1]}" names "{item.page}", which does not exist'
            hint = did_you_mean(item.page, known) or "write `pages/about.md` as `about.md`"
            yield Problem(message, place, hint, severity)
        if item.category and _category(site, item) is None:
            place = places((*here, "category"))
            message = (
                f'no article has the category "{item.category}"; '
                f'it is left out of the menu "{keys[1]}"'
            )
            known = [term.name for term in site.terms["category"].values()]
            yield Problem(message, place, did_you_mean(item.category, known), "warning")
