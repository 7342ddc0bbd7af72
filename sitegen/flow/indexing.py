"""Index and plan of a build: built from nothing, or the last build's with what changed put in.

Both ways give the same; the second costs what changed and not the size of the site. It is taken
only where nothing but articles changed, and where `index.updating` and `plan.updating` know how.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from sitegen.cache.context import BuildContext, Inputs
from sitegen.config.loading import places_of
from sitegen.index import former_addresses, translations
from sitegen.index.change import Change
from sitegen.index.links import Broken, broken_links
from sitegen.index.published import index, template_files, ui_texts
from sitegen.index.site import Site
from sitegen.index.updating import Edits, reindexed
from sitegen.model.documents import ShownResponse, ThreadFiles
from sitegen.model.errors import Problem
from sitegen.parse.articles import Articles
from sitegen.parse.identity import distinct
from sitegen.plan.planning import Plan, plan
from sitegen.plan.updating import Replanned, replanned
from sitegen.scan.sources import Scan, read


class Difference(NamedTuple):
    """What is different from the last build's index and plan."""

    articles: Change
    touched: frozenset[str]
    """New outputs, and those of which the plan says something else."""
    gone: frozenset[str]
    """Outputs that are not planned any more."""


class Indexed(NamedTuple):
    """The site and its plan, and what is wrong with them."""

    inputs: Inputs
    site: Site
    plan: Plan
    identities: frozenset[str]
    """Those of all articles, or more."""
    general: tuple[Problem, ...]
    """What is wrong besides the plan, translations and links."""
    broken: Broken
    difference: Difference | None = None
    """From the one that it was made from; None if it was built from nothing."""

    def problems(self) -> list[Problem]:
        """Return everything that is wrong with the site and its plan."""
        links = (problem for problems in self.broken.values() for problem in problems)
        faults = translations.problems(self.site)
        return [*self.general, *self.plan.problems, *faults, *links]

    def with_threads(
        self,
        threads: Mapping[str, ThreadFiles],
        load_response: Callable[[str, bytes], ShownResponse],
    ) -> Indexed:
        """Return the same with these responses, which neither index nor plan depend on."""
        return self._replace(site=self.site.with_threads(threads, load_response))

    def withdraws(self) -> bool:
        """Whether an article was shown or to be found before, and is not any more."""
        entries, was = self.site.entries, self.difference.articles.old if self.difference else ()
        return any(
            (now := entries.get(entry.teaser.id)) is None
            or (now.teaser.noindex and not entry.teaser.noindex)
            for entry in was
        )

    def holds_for(self, inputs: Inputs) -> bool:
        """Whether index and plan come out the same for `inputs`, if no source has changed.

        Time matters only where an article appears or expires.
        """
        # As texts: `true` and `1` are equal to Python, but not on a page.
        same = repr(inputs._replace(at=self.inputs.at)) == repr(self.inputs)
        if not same or inputs.at < self.inputs.at:
            return False
        return self.site.next_change is None or inputs.at < self.site.next_change


def build_index(context: BuildContext, files: Scan, parsed: Articles) -> Indexed:
    """Return site and plan, made from all articles."""
    folder, inputs = context.site, context.inputs
    templates = template_files(files.sources)
    read_here = partial(read, folder)
    texts, problems = ui_texts(inputs.settings.language, templates, read_here)
    entries, clashes = distinct(parsed.entries())
    addresses, unread = former_addresses.read(inputs.addresses)
    site = index(
        inputs.settings,
        entries,
        files.sources,
        at=inputs.at,
        drafts=inputs.drafts,
        texts=texts,
        load_article=context.store.load_article,
        read=read_here,
    )
    site = replace(site, addresses=addresses)
    planned = plan(site, places_of(folder))
    identities = frozenset(entry.teaser.identity for entry in entries)
    broken = broken_links(site, planned.publishes, site.ordered)
    return Indexed(inputs, site, planned, identities, (*problems, *clashes, *unread), broken)


def update_index(before: Indexed, edits: Edits, inputs: Inputs) -> Indexed | None:
    """Return site and plan with `edits` put into those of `before`, which must hold for `inputs`.

    None means that they have to be built from nothing.
    """
    if before.general:
        return None  # two articles may have had one identity, and have not any more
    old = {entry.teaser.identity for entry, _ in edits.values() if entry}
    new = [entry.teaser.identity for _, entry in edits.values() if entry]
    if len(set(new)) < len(new) or not (set(new) - old).isdisjoint(before.identities):
        return None
    found = reindexed(before.site, edits, at=inputs.at, drafts=inputs.drafts)
    if found is None:
        return None
    site, changed = found
    # What becomes of an article that is not shown can still be seen: the notice of its end.
    if len(changed.old) == len(edits) and changed.only_bodies:
        updated: Replanned | None = Replanned(before.plan, frozenset(), frozenset())
    else:
        updated = replanned(before.plan, before.site, site, changed)
    if updated is None:
        return None
    return before._replace(
        inputs=inputs,
        site=site,
        plan=updated.plan,
        identities=before.identities.union(new) if set(new) - old else before.identities,
        broken=_update_links(before, site, updated, changed),
        difference=Difference(changed, updated.touched, updated.gone),
    )


def _update_links(before: Indexed, site: Site, updated: Replanned, changed: Change) -> Broken:
    """Return what is wrong with links after `changed`.

    Where nothing went away, only changed articles can have a new fault, and only articles with a
    fault can be rid of it.
    """
    urls = {entry.teaser.id: entry.teaser.url for entry in changed.new}
    stay = all(urls.get(entry.teaser.id) == entry.teaser.url for entry in changed.old)
    if updated.gone or not stay:
        return broken_links(site, updated.plan.publishes, site.ordered)
    ids = {*urls, *before.broken}
    looked = [site.entries[id_] for id_ in sorted(ids) if id_ in site.entries]
    rest = {id_: problems for id_, problems in before.broken.items() if id_ not in ids}
    return rest | broken_links(site, updated.plan.publishes, looked)
