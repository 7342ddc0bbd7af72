"""What the host makes of redirects: which cannot be, and which need no page of their own. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sitegen.index.redirects import Redirect, configured, for_hosts, leads_wrong
from sitegen.index.site import Site
from sitegen.model.documents import AnyEntry
from sitegen.model.errors import Location, Problem
from sitegen.model.urls import Base, check_url, output_path
from sitegen.plan.host_dialects import KNOWS_PATTERNS, PAGES_FIRST, Rules, chosen
from sitegen.plan.parts import taken_paths


def redirects(site: Site) -> list[Redirect]:
    """Return the redirects of a site for its host: configured ones, aliases, former addresses.

    Not those of pages of lists, which lead on only until the page is full, and none away from an
    address at which something is.
    """
    found = configured(site)
    found += (
        Redirect(alias, entry.teaser.url, f"an alias of {entry.teaser.id}", _where(entry))
        for entry in site.documents()
        if entry.aliases
        for alias in entry.aliases
    )
    sources = {redirect.source for redirect in found}
    for url, id_ in site.former.items():
        if url not in sources:
            entry = site.entries[id_]
            who = f"a former address of {id_}"
            found.append(Redirect(url, entry.teaser.url, who, _where(entry)))
    if not found:
        return []
    taken = taken_paths(site)
    return [item for item in found if item.is_pattern or not _stands(item.source, taken)]


def _stands(url: str, taken: Collection[str]) -> bool:
    """Whether something is at an address, as hosts look for it."""
    return not check_url(url) and output_path(url) in taken


def _where(entry: AnyEntry) -> Location:
    return Location(entry.teaser.id, entry.url_line)


def faults(
    site: Site, found: Collection[Redirect], pages: Collection[str], stubs: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield what is wrong with the configured redirects `found`.

    `pages` are the paths of all files of the plan but of redirects; `stubs` are the targets of all
    redirects by the paths of their pages.
    """
    for item in found:
        if item.is_pattern and site.config.hosting.host not in KNOWS_PATTERNS:
            message = f"{item.who} needs a host that knows patterns"
            hint = f"name it, as hosting.host: {', '.join(sorted(KNOWS_PATTERNS))}"
            yield Problem(message, item.location, hint, severity="warning")
    yield from leads_wrong(found, pages, stubs)


def needless(site: Site, stubs: Mapping[str, str]) -> Iterator[str]:
    """Yield the pages that would hide a rule of the host, which leads on by itself."""
    host = site.config.hosting.host
    if host not in PAGES_FIRST:
        return
    rules = Rules(for_hosts(redirects(site)), {}, (), Base.parse(site.config.base_url))
    for item in chosen(host, rules):
        path = "" if item.is_pattern else output_path(item.source)
        if path in stubs:
            yield path
