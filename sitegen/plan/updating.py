"""The plan of a site with some articles exchanged: the same as if it were made anew, for less."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sitegen.index.change import Change
from sitegen.index.lists import full_pages
from sitegen.index.published import period_keys
from sitegen.index.redirects import concerned, configured
from sitegen.index.site import TAXONOMIES, Site
from sitegen.index.updating import touched_terms
from sitegen.model.documents import Entry
from sitegen.model.search_index import FOLDER as INDEX
from sitegen.model.urls import parents
from sitegen.plan.host_dialects import PAGES_FIRST
from sitegen.plan.planning import (
    Output,
    Plan,
    article_page,
    notice,
    period_page,
    redirects,
    site_pages,
    term_pages,
    wrong_aliases,
)


class Replanned(NamedTuple):
    """A plan, and what is different in it. Paths are those of outputs."""

    plan: Plan
    touched: frozenset[str]
    """New outputs, and those of which the plan says something else."""
    gone: frozenset[str]
    """Outputs that are not planned any more."""


def replanned(before: Plan, old: Site, new: Site, changed: Change) -> Replanned | None:
    """Return the plan of `new`, where `before` is that of `old` and `changed` is what differs.

    None means that it has to be made anew: two things want one file, or an address cannot be.
    """
    # Which redirects have a page at some hosts hangs on all of them; and where an article is now,
    # nothing leads away.
    all_at_once = new.config.hosting.host in PAGES_FIRST or bool(new.addresses)
    if before.problems or all_at_once or any(any(wrong_aliases(entry)) for entry in changed.new):
        return None
    entries = (*changed.old, *changed.new)
    was = _by_path(_parts(old, changed.old, entries, new))
    now = _by_path(_parts(new, changed.new, entries, old))
    if was is None or now is None:
        return None
    gone, come = was.keys() - now.keys(), now.keys() - was.keys()
    if any(before.outputs.get(path) != output for path, output in was.items()):
        return None
    above = parents(come)
    if not _fits(before, come, above, gone):
        return None
    outputs = dict(before.outputs)
    for path in gone:
        del outputs[path]
    touched = frozenset(path for path, output in now.items() if outputs.get(path) != output)
    if concerned(configured(new), touched | gone):
        return None
    outputs |= now
    plan = before._replace(outputs=outputs, folders=before.folders | above)
    return Replanned(plan, touched, frozenset(gone))


def _fits(before: Plan, come: set[str], above: set[str], gone: set[str]) -> bool:
    """Whether new outputs, with the folders above them, are in nobody's way.

    Folders that nothing lies in any more may be among the known ones: then the plan is made anew
    for nothing.
    """
    if not (come.isdisjoint(above) and come.isdisjoint(before.folders)):
        return False
    if any(path.startswith(f"{INDEX}/") for path in come):
        return False  # that folder is the search index's own
    taken = any(path in before.outputs or path in before.copies for path in come)
    behind = any(path in before.outputs and path not in gone for path in above)
    return not (taken or behind or any(path in before.copies for path in above))


def _by_path(outputs: Iterable[Output]) -> dict[str, Output] | None:
    """Return outputs by their paths, or None if two have one path."""
    listed = list(outputs)
    by_path = {output.path: output for output in listed}
    return by_path if len(by_path) == len(listed) else None


def _parts(
    site: Site, own: Iterable[Entry], entries: Iterable[Entry], other: Site
) -> Iterator[Output]:
    """Yield the parts of a site's plan that may be different in the plan of the other site.

    `own` are the changed articles as this site shows them, `entries` as one of the two does.
    """
    for entry in own:
        yield article_page(entry)
        yield from redirects(entry)
    if site.config.expired == "notice":
        theirs = {entry.teaser.id: entry for entry in other.expired}
        for entry in site.expired:
            if theirs.get(entry.teaser.id) is not entry:
                yield notice(entry)
    yield from site_pages(site)
    size = site.config.lists.per_page
    for taxonomy in TAXONOMIES:
        for slug in sorted(touched_terms(entries, taxonomy)):
            if slug in site.terms[taxonomy]:
                lines = (one.by_term[taxonomy].get(slug, ()) for one in (site, other))
                # Full pages that both have are the same, unless the term's address changed.
                both = min(full_pages(len(line), size) for line in lines)
                other_term = other.terms[taxonomy].get(slug)
                same = other_term is not None and other_term.url == site.terms[taxonomy][slug].url
                yield from term_pages(site, taxonomy, slug, both + 1 if same else 1)
    keys = {key for entry in entries for key in period_keys(entry)}
    for key in sorted(keys & site.periods.keys()):
        yield period_page(*key)
