"""Index and plan of a build: those of the last build, with the articles exchanged that changed.

A process that builds for the first time begins with an empty index and an empty plan. So does a
build after a change of anything but articles and responses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from sitegen.cache.context import BuildContext, Inputs
from sitegen.cache.store import State
from sitegen.cache.trace import Question
from sitegen.config.loading import key_locator
from sitegen.flow.article_counts import ArticleCounts
from sitegen.index import former_addresses, future_dates, own_keys, translations
from sitegen.index.change import Change
from sitegen.index.exchange import Edits, exchange
from sitegen.index.links import Broken, broken_links
from sitegen.index.own_keys import KeyUses, UnshownKey
from sitegen.index.published import empty_site, template_files, ui_texts
from sitegen.index.secret_files import without_secrets
from sitegen.index.site import Site
from sitegen.index.static_files import alike
from sitegen.model.documents import Entry, ShownResponse, ThreadFiles
from sitegen.model.errors import Problem
from sitegen.model.frozen import EMPTY
from sitegen.parse.articles import Articles
from sitegen.plan import planning
from sitegen.plan.contests import left_out
from sitegen.plan.outputs import Output
from sitegen.plan.planning import NOTHING, Plan
from sitegen.queries.own_keys import keys_read
from sitegen.scan.site_files import ADDRESSES
from sitegen.scan.sources import Scan, read_source


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
    general: tuple[Problem, ...]
    """What is wrong with the files that the site has but for articles."""
    broken: Broken
    ahead: Mapping[str, Entry] = EMPTY
    """The articles that say that they were updated at a moment that has not come."""
    own_keys: KeyUses = EMPTY  # type: ignore[assignment]  # empty, it has keys of any type
    """Which articles have keys that mean nothing to sitegen."""
    difference: Difference | None = None
    """From the one that it was made from; None if it was built from nothing."""
    left_out: frozenset[str] = frozenset()
    """The articles that are not shown since their addresses are taken."""
    whole: Indexed | None = None
    """The same with those articles, for the next build to begin with; None if there are none."""

    def problems(self) -> list[Problem]:
        """Return everything that is wrong with the site and its plan."""
        if self.whole is not None:
            return self.whole.problems()
        links = (problem for problems in self.broken.values() for problem in problems)
        faults = translations.problems(self.site)
        clashes = self.site.identities.problems()
        early = future_dates.problems(self.ahead, self.site.at)
        return [*self.general, *clashes, *self.plan.problems, *faults, *early, *links]

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
        """Whether an article was shown or to be found before, and is not any more."""
        entries, was = self.site.entries, self.difference.articles.old if self.difference else ()
        return any(
            (now := entries.get(entry.teaser.id)) is None
            or (now.teaser.noindex and not entry.teaser.noindex)
            for entry in was
        )

    def holds_for(self, inputs: Inputs) -> bool:
        """Whether only articles can be different for `inputs`, if no other source has changed.

        Those whose time has come or gone since are exchanged with those that were edited.
        """
        # As texts: `true` and `1` are equal to Python, but not on a page.
        same = repr(inputs._replace(at=self.inputs.at)) == repr(self.inputs)
        return same and inputs.at >= self.inputs.at


def build_index(context: BuildContext, files: Scan, articles: Articles) -> Indexed:
    """Return site and plan, made from all articles."""
    inputs, read_here = context.inputs, partial(read_source, context.site)
    texts, problems = ui_texts(inputs.settings.language, template_files(files.sources), read_here)
    addresses, unread = former_addresses.read(inputs.texts.get(ADDRESSES, ""))
    sources, secret = without_secrets(files.sources, inputs.settings.hosting.publish)
    twice = alike(files.sources)
    empty = empty_site(
        inputs.settings,
        sources,
        at=inputs.at,
        drafts=inputs.drafts,
        texts=texts,
        load_article=context.store.load_article,
        read=read_here,
        addresses=addresses,
    )
    nothing = Indexed(inputs, empty, NOTHING, (*problems, *unread, *secret, *twice), {})
    everything = {id_: item.entry for id_, item in articles.items.items()}
    return _exchanged(context, nothing, None, everything, articles)


def update_index(
    context: BuildContext, before: Indexed, edits: Edits, articles: Articles
) -> Indexed:
    """Return site and plan with `edits` put into those of `before`, which must hold."""
    return _exchanged(context, before, before.site, edits, articles)


def without_losers(
    context: BuildContext, indexed: Indexed, articles: Articles, holder: Callable[[str], str]
) -> Indexed:
    """Return `indexed` without the articles whose addresses are taken; see `contests.left_out`.

    It is an error that there are some: for as long, nothing is known of what is different.
    """
    lost = left_out(indexed.plan, indexed.site, holder)
    if not lost and not indexed.left_out:
        return indexed
    whole = indexed._replace(left_out=lost, difference=None)
    if not lost:
        return whole
    shown = _exchanged(context, whole, whole.site, dict.fromkeys(lost), articles)
    return shown._replace(difference=None, whole=whole)


def last_holder(before: State, path: str) -> str:
    """Return the article whose page lay at `path` of the output folder, "" if none did."""
    if trace := before.traces.get(path):
        return Output(*trace.record).article
    return before.last.holders.get(path, "") if before.last else ""


def count_articles(articles: Articles, indexed: Indexed) -> ArticleCounts:
    """Return how many article files there are, and what becomes of them at the site's moment.

    An article with errors that was good before counts as what it was.
    """
    site = indexed.site
    drafts = sum(entry.draft for entry in site.hidden.values())
    indexable = len(site.entries) + len(site.hidden) + len(indexed.left_out)
    return ArticleCounts(
        shown=len(site.entries),
        drafts=drafts,
        scheduled=len(site.hidden) - drafts - len(site.expired),
        expired=len(site.expired),
        wrong=len(articles.broken - articles.items.keys()),
        left_out=len(indexed.left_out),
        ignored=len(articles.items) - indexable,
    )


def _exchanged(
    context: BuildContext, before: Indexed, old: Site | None, edits: Edits, articles: Articles
) -> Indexed:
    """Return `before` with articles exchanged; `old` is its site, None if that is empty."""

    def entry_of(id_: str) -> Entry | None:
        item = articles.items.get(id_)
        return item.entry if item else None

    site, change = exchange(before.site, edits, context.inputs.at, entry_of)
    made = planning.exchange(before.plan, old, site, change, key_locator(context.site))
    difference = None if old is None else Difference(change, made.touched, made.gone)
    return before._replace(
        inputs=context.inputs,
        site=site,
        plan=made.plan,
        broken=_exchanged_links(before, site, made, change),
        ahead=future_dates.exchanged(before.ahead, change, site.at),
        own_keys=own_keys.exchanged(before.own_keys, change),
        difference=difference,
    )


def _exchanged_links(
    before: Indexed, site: Site, made: planning.Exchanged, change: Change
) -> Broken:
    """Return what is wrong with links after `change`.

    Where nothing went away, only changed articles can have a new fault, and only articles with a
    fault can be rid of it.
    """
    urls = {entry.teaser.id: entry.teaser.url for entry in change.new}
    stay = all(urls.get(entry.teaser.id) == entry.teaser.url for entry in change.old)
    if made.gone or not stay or made.plan.copies.keys() != before.plan.copies.keys():
        return broken_links(site, made.plan.publishes, site.ordered)
    ids = {*urls, *before.broken}
    looked = [site.entries[id_] for id_ in sorted(ids) if id_ in site.entries]
    rest = {id_: problems for id_, problems in before.broken.items() if id_ not in ids}
    return rest | broken_links(site, made.plan.publishes, looked)
