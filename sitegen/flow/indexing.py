"""Index and plan of a build: those of the last build, with the documents exchanged that changed.

A process that builds for the first time begins with an empty index and an empty plan. So does a
build after a change of anything but documents and responses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from sitegen.cache.context import BuildContext, Inputs
from sitegen.cache.store import State
from sitegen.cache.trace import Question
from sitegen.config.loading import key_locator
from sitegen.flow.article_counts import ArticleCounts
from sitegen.index import (
    embeds,
    former_addresses,
    future_dates,
    missing_words,
    navigation,
    own_keys,
    own_outputs,
    page_templates,
    policies,
    shortcodes,
    translations,
    uses,
)
from sitegen.index.change import Change
from sitegen.index.exchange import Edits, exchange
from sitegen.index.layers import template_files
from sitegen.index.links import Broken, broken_links
from sitegen.index.own_keys import UnshownKey
from sitegen.index.pages import is_page
from sitegen.index.published import empty_site, status
from sitegen.index.secret_files import without_secrets
from sitegen.index.shortcodes import ShortcodeForm
from sitegen.index.site import Site
from sitegen.index.static_files import alike
from sitegen.index.term_texts import is_term_text
from sitegen.index.uses import Uses
from sitegen.index.words import Catalogues
from sitegen.model.data import DataFile
from sitegen.model.documents import AnyEntry, Embed, OwnKey, ShownResponse, ThreadFiles
from sitegen.model.errors import Problem
from sitegen.model.frozen import EMPTY
from sitegen.parse.documents import Documents, is_article
from sitegen.plan import planning
from sitegen.plan.contests import left_out
from sitegen.plan.outputs import Output
from sitegen.plan.planning import NOTHING, Plan
from sitegen.queries.hosts import embeds_of_shortcodes, frames, host_policy
from sitegen.queries.own_keys import keys_read
from sitegen.scan.site_files import ADDRESSES
from sitegen.scan.sources import Scan, read_known


class Difference(NamedTuple):
    """What is different from the last build's index and plan."""

    change: Change
    touched: frozenset[str]
    """New outputs, and those of which the plan says something else."""
    gone: frozenset[str]
    """Outputs that are not planned any more."""


class Indexed(NamedTuple):
    """The site and its plan, and what is wrong with them."""

    inputs: Inputs
    site: Site
    plan: Plan
    general: tuple[Problem, ...]
    """What is wrong with the files that the site has but for documents."""
    broken: Broken
    own_keys: Uses[OwnKey] = EMPTY  # type: ignore[assignment]  # empty, it has keys of any type
    """Which articles have keys that mean nothing to sitegen."""
    embeds: Uses[Embed] = EMPTY  # type: ignore[assignment]  # as above
    """Which articles embed what from other sites."""
    shortcodes: Uses[ShortcodeForm] = EMPTY  # type: ignore[assignment]  # as above
    """Which documents have which shortcodes."""
    ahead: Mapping[str, AnyEntry] = EMPTY
    """The documents that say that they were updated at a moment that has not come."""
    policies: tuple[Problem, ...] = ()
    """What is wrong with the documents, data and templates that the configuration names."""
    templates: tuple[Problem, ...] = ()
    """What is wrong with the templates that standalone pages ask for."""
    difference: Difference | None = None
    """From the one that it was made from; None if it was built from nothing."""
    left_out: frozenset[str] = frozenset()
    """The documents that are not shown since their addresses are taken."""
    whole: Indexed | None = None
    """The same with those documents, for the next build to begin with; None if there are none."""

    def problems(self) -> list[Problem]:
        """Return everything that is wrong with the site and its plan."""
        if self.whole is not None:
            return self.whole.problems()
        links = (problem for problems in self.broken.values() for problem in problems)
        faults = translations.problems(self.site)
        clashes = self.site.identities.problems()
        early = future_dates.problems(self.ahead, self.site.at)
        settings = self.inputs.settings
        policy = host_policy(settings, frames(self.site))
        blocked = embeds.problems(self._all_embeds(policy), policy, settings.base_url)
        return [
            *self.general,
            *missing_words.problems(self.site),
            *clashes,
            *self.plan.problems,
            *faults,
            *early,
            *blocked,
            *self.policies,
            *self.templates,
            *shortcodes.problems(self.site, self.shortcodes),
            *(problem for edition in self.site.each() for problem in edition.term_texts.problems()),
            *links,
        ]

    def _all_embeds(self, policy: str) -> Uses[Embed]:
        """Return what documents embed, in their texts and by their shortcodes."""
        by_shortcodes = embeds_of_shortcodes(self.site) if policy else {}
        both = {
            embed: tuple(sorted({*self.embeds.get(embed, ()), *ids}))
            for embed, ids in by_shortcodes.items()
        }
        return {**self.embeds, **both}

    def unshown_keys(self, shared: Iterable[Question]) -> tuple[UnshownKey, ...]:
        """Return the keys of front matter that no page shows.

        `shared` are the shared questions that the pages asked.
        """
        quiet = self.inputs.settings.front_matter.unshown
        return own_keys.unshown(self.own_keys, keys_read(shared), quiet)

    def with_threads(
        self,
        threads: Mapping[str, ThreadFiles],
        load_response: Callable[[str, bytes], ShownResponse],
    ) -> Indexed:
        """Return the same with these responses, which neither index nor plan depend on."""
        return self._replace(site=self.site.with_threads(threads, load_response))

    def withdraws(self) -> bool:
        """Whether a document was shown or to be found before, and is not any more."""
        return self.difference is not None and any(
            (now := self.site.document(entry.teaser.id)) is None
            or (now.teaser.noindex and not entry.teaser.noindex)
            for entry in self.difference.change.gone()
        )

    def holds_for(self, inputs: Inputs) -> bool:
        """Whether only documents can be different for `inputs`, if no other source has changed.

        Those whose time has come or gone since are exchanged with those that were edited.
        """
        # As texts: `true` and `1` are equal to Python, but not on a page.
        same = repr(inputs._replace(at=self.inputs.at)) == repr(self.inputs)
        return same and inputs.at >= self.inputs.at


def build_index(
    context: BuildContext, files: Scan, documents: Documents, data: Mapping[str, DataFile]
) -> Indexed:
    """Return site and plan, made from all documents and from the data files by their names."""
    inputs = context.inputs
    read_here = partial(read_known, context.site, files.unreadable)
    theme = files.theme
    templates = template_files(files.sources, theme.names)
    catalogues = Catalogues(templates, read_here, theme.names)
    addresses, unread = former_addresses.read(inputs.texts.get(ADDRESSES, ""))
    sources, secret = without_secrets(files.sources, inputs.settings.hosting.publish)
    twice = alike(files.sources)
    empty = empty_site(
        inputs.settings,
        sources,
        at=inputs.at,
        drafts=inputs.drafts,
        catalogues=catalogues,
        load_article=context.store.load_article,
        load_page=context.store.load_page,
        load_term=context.store.load_term,
        read=read_here,
        addresses=addresses,
        theme=theme,
        data=data,
        load_data=context.store.load_data,
    )
    nothing = Indexed(inputs, empty, NOTHING, (*unread, *secret, *twice), {})
    everything = {id_: item.document for id_, item in documents.items.items()}
    return _exchanged(context, nothing, None, everything, documents)


def update_index(
    context: BuildContext,
    before: Indexed,
    edits: Edits,
    documents: Documents,
    data: Mapping[str, DataFile],
) -> Indexed:
    """Return site and plan with `edits` and `data` put into those of `before`, which must hold."""
    return _exchanged(context, before, before.site, edits, documents, data)


def without_losers(
    context: BuildContext, indexed: Indexed, documents: Documents, holder: Callable[[str], str]
) -> Indexed:
    """Return `indexed` without the documents whose addresses are taken; see `contests.left_out`.

    It is an error that there are some: for as long, nothing is known of what is different.
    """
    lost = left_out(indexed.plan, indexed.site, holder)
    if not lost and not indexed.left_out:
        return indexed
    whole = indexed._replace(left_out=lost, difference=None)
    if not lost:
        return whole
    shown = _exchanged(context, whole, whole.site, dict.fromkeys(lost), documents)
    return shown._replace(difference=None, whole=whole)


def last_holder(before: State, path: str) -> str:
    """Return the document whose page lay at `path` of the output folder, "" if none did."""
    if trace := before.traces.get(path):
        return Output(*trace.record).made_from
    return before.last.holders.get(path, "") if before.last else ""


def count_articles(documents: Documents, indexed: Indexed) -> ArticleCounts:
    """Return how many article files there are, and what becomes of them at the site's moment.

    An article with errors that was good before counts as what it was.
    """
    site = indexed.site
    drafts = sum(entry.draft for entry in site.hidden.values())
    left_out = sum(map(is_article, indexed.left_out))
    indexable = len(site.entries) + len(site.hidden) + left_out
    pages = len(site.pages.shown) + len(site.pages.hidden) + len(indexed.left_out) - left_out
    texts = len(site.term_texts.shown) + len(site.term_texts.hidden)
    # Of a taxonomy that there is no more: the index does not know of them.
    kept = set(documents.kept()) - indexed.left_out
    texts += sum(is_term_text(id_) and not site.known(id_) for id_ in kept)
    never_good = documents.broken - documents.items.keys()
    return ArticleCounts(
        shown=len(site.entries),
        drafts=drafts,
        scheduled=len(site.hidden) - drafts - len(site.expired),
        expired=len(site.expired),
        wrong=sum(map(is_article, never_good)),
        left_out=left_out,
        ignored=len(documents.items) - indexable - pages - texts,
    )


def count_pages(documents: Documents, indexed: Indexed) -> ArticleCounts:
    """Return how many files of standalone pages there are, as `count_articles` does."""
    site = indexed.site
    states = Counter(status(entry, site.at) for entry in site.pages.hidden.values())
    return ArticleCounts(
        shown=len(site.pages.shown),
        drafts=states["draft"],
        scheduled=states["scheduled"],
        expired=states["expired"],
        wrong=sum(map(is_page, documents.broken - documents.items.keys())),
        left_out=sum(map(is_page, indexed.left_out)),
    )


def _exchanged(
    context: BuildContext,
    before: Indexed,
    old: Site | None,
    edits: Edits,
    documents: Documents,
    data: Mapping[str, DataFile] | None = None,
) -> Indexed:
    """Return `before` with documents exchanged; `old` is its site, None if that is empty.

    `data` are the data files by name, if they may be others.
    """

    def entry_of(id_: str) -> AnyEntry | None:
        item = documents.items.get(id_)
        return item.document if item else None

    site, change = exchange(before.site, edits, context.inputs.at, entry_of)
    site = site if data is None else site.with_data(data)
    places = key_locator(context.site)
    made = planning.exchange(before.plan, old, site, change, places)
    difference = None if old is None else Difference(change, made.touched, made.gone)
    return before._replace(
        inputs=context.inputs,
        site=site,
        plan=made.plan,
        broken=_exchanged_links(before, site, made, change),
        templates=(
            tuple(page_templates.problems(site))
            if old is None or site.pages is not old.pages
            else before.templates
        ),
        policies=(
            *policies.problems(site, places),
            *navigation.problems(site, places),
            *own_outputs.problems(site, places),
        ),
        ahead=future_dates.exchanged(before.ahead, change, site.at),
        own_keys=uses.exchanged(before.own_keys, change, lambda entry: entry.own_keys),
        embeds=uses.exchanged(before.embeds, change, lambda entry: entry.embeds),
        shortcodes=uses.exchanged(before.shortcodes, change, shortcodes.forms_of),
        difference=difference,
    )


def _exchanged_links(
    before: Indexed, site: Site, made: planning.Exchanged, change: Change
) -> Broken:
    """Return what is wrong with links after `change`.

    Where nothing went away, only changed documents can have a new fault, and only documents with a
    fault can be rid of it.
    """
    urls = {entry.teaser.id: entry.teaser.url for entry in change.come()}
    stay = all(urls.get(entry.teaser.id) == entry.teaser.url for entry in change.gone())
    if made.gone or not stay or made.plan.copies.keys() != before.plan.copies.keys():
        return broken_links(site, made.plan.publishes, site.documents())
    ids = {*urls, *before.broken}
    looked = [entry for id_ in sorted(ids) if (entry := site.document(id_))]
    rest = {id_: problems for id_, problems in before.broken.items() if id_ not in ids}
    return rest | broken_links(site, made.plan.publishes, looked)
