"""Site → Plan: which files exist, and what each is made from. Collisions are named.

By one function: a plan with some parts exchanged. A plan that is built from nothing is an exchange
of all parts on an empty one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import NamedTuple

from sitegen.index.change import Change, UndatedChange
from sitegen.index.redirects import Places, Redirect, configured
from sitegen.index.site import Site
from sitegen.model.documents import AnyEntry
from sitegen.model.errors import Location, Problem
from sitegen.model.search_index import FOLDER as INDEX
from sitegen.model.search_index import SHARD_LIST_PATH as INDEX_LIST
from sitegen.model.urls import check_url, output_path
from sitegen.plan.host_dialects import PAGES_FIRST
from sitegen.plan.host_redirects import faults, needless
from sitegen.plan.outputs import OF_THE_SITE, OWN, Copy, Output, former_page
from sitegen.plan.parts import Claim, Claimant, Key, claimant, part, rank, touched

INDEX_CLAIM = Claim(("index",), None)
"""The search index is no page, but its folder is its own."""


class Claims(NamedTuple):
    """Who wants which path: what a plan is made from."""

    outputs: dict[str, Output]
    copies: dict[str, Copy]
    contested: dict[str, tuple[Claim, ...]]
    """The paths that several want; all of their claims."""
    keys: dict[str, Key]
    """The parts of those outputs that do not say themselves of which part they are."""
    folders: dict[str, int]
    """Every folder, with the number of files and folders that lie in it."""
    blocked: set[str]
    """The files that are named like folders of other files."""


class Plan(NamedTuple):
    """Everything that the output folder is to hold, by path, and what cannot be."""

    outputs: Mapping[str, Output]
    copies: Mapping[str, Copy]
    problems: tuple[Problem, ...]
    claims: Claims
    aliases: Mapping[str, tuple[Problem, ...]]
    """What is wrong with the aliases of documents, by their ids."""
    redirected: frozenset[str] = frozenset()
    """The paths at which what is planned follows from all other paths: pages at former addresses,
    redirects that the host needs not, files in the way of folders."""

    def publishes(self, url: str) -> bool:
        """Whether something is planned at a URL."""
        path = url[1:]
        for place in (path, f"{path}index.html", f"{path}/index.html"):
            output = self.outputs.get(place)
            if output is not None and output.url == url:
                return True
        return path in self.copies and url.startswith("/")


NOTHING = Plan({}, {}, (), Claims({}, {}, {}, {}, {}, set()), {})
"""The plan of no files at all."""


class Exchanged(NamedTuple):
    """A plan after an exchange, and what is different in it. Paths are those of outputs."""

    plan: Plan
    touched: frozenset[str]
    """New outputs, and those of which the plan says something else."""
    gone: frozenset[str]
    """Outputs that are not planned any more."""


def plan(site: Site, places: Places = lambda _keys: None) -> Plan:
    """Return which files a site consists of; `places` tells where a setting stands."""
    pages = UndatedChange((), tuple(site.pages.ordered))
    texts = UndatedChange((), tuple(site.term_texts.shown.values()))
    everything = Change((), tuple(site.ordered), pages=pages, texts=texts)
    return exchange(NOTHING, None, site, everything, places).plan


def exchange(
    before: Plan, old: Site | None, new: Site, change: Change, places: Places = lambda _keys: None
) -> Exchanged:
    """Return the plan of `new`, where `before` is that of `old` and `change` is what differs.

    Where two things want one file, the first in the order of `parts.GROUPS` gets it, and a problem
    names both.
    """
    ledger = _Ledger(before.claims, new)
    if old is None and new.config.search.enabled:
        ledger.add(INDEX_LIST, INDEX_CLAIM)
    come: list[tuple[str, Claim]] = []
    contested = before.claims.contested
    for key in touched(old, new, change):
        was = [] if old is None else list(part(old, key))
        now = list(part(new, key))
        # Whose a contested path is depends on more than what is wanted: on dates, too.
        if was != now or (contested and any(_wanted(new, item.path) in contested for item in now)):
            for item in was:
                ledger.remove(_wanted(new, item.path), Claim(key, item))
            come += ((_wanted(new, item.path), Claim(key, item)) for item in now)
    for path, claim in come:
        ledger.add(path, claim)
    claims = ledger.claims()
    aliases = _wrong_aliases(before.aliases, change)
    problems = [*_collisions(new, claims, places), *chain.from_iterable(aliases.values())]
    outputs: Mapping[str, Output] = claims.outputs
    copies: Mapping[str, Copy] = claims.copies
    if claims.blocked:
        outputs = {path: item for path, item in outputs.items() if path not in claims.blocked}
        copies = {path: item for path, item in copies.items() if path not in claims.blocked}
    if former := {page.path: page for page in _former_pages(new, claims)}:
        outputs = {**outputs, **former}
    settled, dropped = _settled(new, configured(new, places), outputs, copies)
    if dropped:
        outputs = {path: output for path, output in outputs.items() if path not in dropped}
    redirected = frozenset({*former, *dropped, *claims.blocked})
    made = Plan(outputs, copies, (*problems, *settled), claims, aliases, redirected)
    looked = ledger.paths | redirected | before.redirected if old is not None else set()
    return Exchanged(
        made,
        frozenset(path for path in looked if _differs(before, made, path)),
        frozenset(path for path in looked if path in before.outputs and path not in outputs),
    )


def _wrong_aliases(
    before: Mapping[str, tuple[Problem, ...]], change: Change
) -> Mapping[str, tuple[Problem, ...]]:
    """Return what is wrong with the aliases of all documents, by their ids."""
    found = {id_: problems for id_, problems in before.items() if id_ not in change.document_ids}
    for entry in change.come():
        if entry.aliases and (wrong := tuple(wrong_aliases(entry))):
            found[entry.teaser.id] = wrong
    return dict(sorted(found.items()))


def _differs(before: Plan, after: Plan, path: str) -> bool:
    return path in after.outputs and before.outputs.get(path) != after.outputs[path]


def _wanted(site: Site, path: str) -> str:
    """Return the path that a file takes: all below the folder of the search index is one."""
    inside = site.config.search.enabled and path.startswith(f"{INDEX}/")
    return INDEX_LIST if inside else path


@dataclass
class _Ledger:
    """Claims while they are exchanged."""

    before: Claims
    site: Site
    paths: set[str] = field(default_factory=set)
    """Every path of which a claim was exchanged."""
    outputs: dict[str, Output] = field(init=False)
    copies: dict[str, Copy] = field(init=False)
    contested: dict[str, tuple[Claim, ...]] = field(init=False)
    keys: dict[str, Key] = field(init=False)
    folders: dict[str, int] = field(init=False)
    blocked: set[str] = field(init=False)

    def __post_init__(self) -> None:
        (
            self.outputs,
            self.copies,
            self.contested,
            self.keys,
            self.folders,
            self.blocked,
        ) = self.before

    def _change(self) -> None:
        """Have the claims copied before the first is exchanged: mostly none is."""
        if not self.paths:
            self.outputs, self.copies = dict(self.outputs), dict(self.copies)
            self.contested, self.keys = dict(self.contested), dict(self.keys)
            self.folders, self.blocked = dict(self.folders), set(self.blocked)

    def claims(self) -> Claims:
        """Return the claims as they are now."""
        return Claims(
            self.outputs,
            self.copies,
            self.contested,
            self.keys,
            self.folders,
            self.blocked,
        )

    def add(self, path: str, claim: Claim) -> None:
        """Let a part want a path."""
        self._change()
        held = self._held(path)
        if held or claim.item is None:
            self._hold(path, (*held, claim))
        else:  # as nearly always
            self.paths.add(path)
            self._place(path, claim)
            self._enter(path)

    def remove(self, path: str, claim: Claim) -> None:
        """Let a part want a path no longer."""
        self._change()
        held = list(self._held(path))
        held.remove(claim)
        self._hold(path, tuple(held))

    def _held(self, path: str) -> tuple[Claim, ...]:
        """Return who wants a path."""
        if path in self.contested:
            return self.contested[path]
        item = self.outputs.get(path) or self.copies.get(path)
        if item is None:
            return ()
        return (Claim(self.keys.get(path) or _key_of(item), item),)

    def _hold(self, path: str, claims: tuple[Claim, ...]) -> None:
        """Give a path to the first of those who want it."""
        self.paths.add(path)
        was = path in self.outputs or path in self.copies or path in self.contested
        if was:
            for place in (self.outputs, self.copies, self.contested, self.keys):
                place.pop(path, None)
        if len(claims) > 1 or claims == (INDEX_CLAIM,):
            self.contested[path] = claims
        if claims:
            first = claims[0] if len(claims) == 1 else min(claims, key=partial(rank, self.site))
            self._place(path, first)
        if claims and not was:
            self._enter(path)
        elif was and not claims:
            self._leave(path)

    def _place(self, path: str, claim: Claim) -> None:
        """Let a part have a path that nobody has."""
        if isinstance(claim.item, Copy):
            self.copies[path] = claim.item
        elif claim.item is not None:
            self.outputs[path] = claim.item
        if claim.item is not None and _key_of(claim.item) != claim.key:
            self.keys[path] = claim.key

    def _enter(self, path: str) -> None:
        """Note the folders above a new file."""
        if path in self.folders:
            self.blocked.add(path)
        folder = path.rpartition("/")[0]
        while folder:
            count = self.folders.get(folder, 0)
            self.folders[folder] = count + 1
            if count:
                return
            if folder in self.outputs or folder in self.copies:
                self.blocked.add(folder)
            folder = folder.rpartition("/")[0]

    def _leave(self, path: str) -> None:
        self.blocked.discard(path)
        folder = path.rpartition("/")[0]
        while folder:
            self.folders[folder] -= 1
            if self.folders[folder]:
                return
            del self.folders[folder]
            self.blocked.discard(folder)
            folder = folder.rpartition("/")[0]


def _key_of(item: Output | Copy) -> Key:
    """Return the part that an output is of, as far as it says so itself."""
    if isinstance(item, Copy):
        return ("copies",)
    if item.article:
        return ("article", item.article)
    if item.document or item.own:
        return ("standalone", item.document) if item.document else (OWN, item.own)
    if item.term:
        listed = ("page", item.taxonomy, item.term, item.number, item.edition)
        return listed if item.number else ("term", item.taxonomy, item.term, item.edition)
    if item.kind in ("year", "month", "day"):
        return ("period", item.year, item.month, item.day, item.edition)
    return ("site",) if item.kind in OF_THE_SITE else ("edition", item.edition)


def wrong_aliases(entry: AnyEntry) -> Iterator[Problem]:
    """Yield a problem for each alias that cannot be an address."""
    for alias in entry.aliases:
        if reason := check_url(alias):
            place = Location(entry.teaser.id, entry.url_line)
            yield Problem(f'the alias "{alias}" cannot be a URL: {reason}', place)


def _collisions(site: Site, claims: Claims, places: Places) -> Iterator[Problem]:
    """Yield what is wrong with the claims to paths."""
    for path, held in sorted(claims.contested.items()):
        first, *others = sorted(held, key=lambda claim: rank(site, claim))
        owner = claimant(site, first, places)
        for other in others:
            wanted = other.item.path if other.item else path
            yield _collision(wanted, claimant(site, other, places), owner)
    for path in sorted(claims.blocked):
        item = claims.outputs.get(path) or claims.copies.get(path)
        if item is not None:
            who = claimant(site, Claim(claims.keys.get(path) or _key_of(item), item), places)
            message = f"{who.who} gives the file {path}, which is a folder for other pages"
            yield Problem(message, who.location, "rename one of them")


def _collision(path: str, wanting: Claimant, other: Claimant) -> Problem:
    """Return the problem, at the one of the two that is a document if only one is."""
    first, second = (wanting, other) if wanting.location else (other, wanting)
    url = "/" + path.removesuffix("index.html")
    message = f"{url} is wanted by {first.who} and by {second.who}"
    return Problem(message, first.location, first.hint)


def _former_pages(site: Site, claims: Claims) -> Iterator[Output]:
    """Yield the pages at former addresses, but where something else is now."""
    for url, id_ in site.former.items():
        path = output_path(url)
        if not _is_taken(claims, path):
            yield former_page(url, site.entries[id_].teaser.url)


def _is_taken(claims: Claims, path: str) -> bool:
    """Whether a file cannot be at `path`: something else is there, above or below."""
    if path in claims.folders:
        return True
    while path:
        if path in claims.outputs or path in claims.copies or path in claims.contested:
            return True
        path = path.rpartition("/")[0]
    return False


def _settled(
    site: Site,
    leading: list[Redirect],
    outputs: Mapping[str, Output],
    copies: Mapping[str, Copy],
) -> tuple[list[Problem], set[str]]:
    """Return what is wrong with redirects, and the pages of those that the host needs not."""
    if not (leading or site.config.hosting.host in PAGES_FIRST):
        return [], set()
    stubs = {path: output.target for path, output in outputs.items() if output.kind == "redirect"}
    dropped = set(needless(site, stubs))
    pages = (outputs.keys() | copies.keys()) - stubs.keys()
    return list(faults(site, leading, pages, stubs)), dropped
