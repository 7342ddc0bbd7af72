"""Keeps the search index up to date with the published articles: a stage of the build."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sitegen.cache.context import BuildContext
from sitegen.cache.store import State
from sitegen.cache.tables import Written
from sitegen.cache.trace import digest
from sitegen.index.site import Site
from sitegen.model.distribution import install_hint
from sitegen.model.errors import Problem
from sitegen.model.search_index import (
    FOLDER,
    SCRIPTS,
    SHARD_LIST,
    SHARD_LIST_PATH,
    WHOLE,
    Part,
    Parts,
    Shard,
)
from sitegen.output.staging import Staged, content_digest
from sitegen.output.writing import OutputFolder
from sitegen.search import pagefind
from sitegen.search.own_pages import OWN, OwnPage, pages_key, texts
from sitegen.search.pagefind import PagefindError
from sitegen.search.shards import FORMAT, Year, script_language, shard_list, years
from sitegen.search.year_shards import (
    IndexedYears,
    LoadDocument,
    Text,
    index_texts,
    index_year,
    make_scripts,
)
from sitegen.work.progress import Progress

NOT_INSTALLED = (
    f"the site has no search index: Pagefind is not installed ({install_hint('search')})"
)


class UpdatedIndex(NamedTuple):
    """The index as it is to be in the output folder."""

    parts: Parts
    staged: list[Staged]
    """Its new files, beside their places."""
    is_pending: bool = False
    """Whether it is behind the articles."""
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def paths(self) -> set[str]:
        """The paths of all its files."""
        return {path for part in self.parts.values() for path in part.files}


def update_search_index(
    context: BuildContext,
    site: Site,
    before: State,
    folder: OutputFolder,
    ready: IndexedYears,
    own: Sequence[OwnPage] = (),
    *,
    folder_intact: bool,
) -> UpdatedIndex:
    """Stage what of the index is missing or out of date, and return the whole index.

    `ready` are years that were indexed already, `own` the pages that are made from no document.
    `folder_intact` says that the output folder is as `before` left it, and that no article was
    withdrawn. Where the context says that the index may come later, no other year is indexed: an
    old one stays for the time being, unless it holds an article that is not published any more.
    """
    if not site.config.search.enabled:
        return _nothing(before)
    version = pagefind.version()
    if not version:
        return _nothing(before)._replace(notes=(NOT_INSTALLED,))
    if folder_intact and not ready:
        known = before.searched.get(WHOLE)
        is_behind = known is None or known.key != whole_key(site, version, own)
        if context.index_later or not is_behind:
            return UpdatedIndex(before.searched, [], is_behind)
    update = _IndexUpdate(
        site,
        before,
        folder,
        ready,
        own,
        folder_intact=folder_intact,
        deferred=context.index_later,
    )
    try:
        return update.run(version, context.progress)
    except (PagefindError, OSError) as error:  # OSError: of files for Pagefind, on a full disk, say
        update.discard()
        reason = getattr(error, "strerror", None) or error
        problem = Problem(f"the site has no search index: {reason}", severity="warning")
        return _nothing(before)._replace(problems=(problem,))


def _nothing(before: State) -> UpdatedIndex:
    """Return no index; the same value where there was none before."""
    return UpdatedIndex(before.searched if not before.searched else {}, [])


def whole_key(site: Site, version: str, own: Sequence[OwnPage] = ()) -> bytes:
    """Return the key of the whole index: a digest of everything that it is made from."""
    undated = (site.pages.digest, site.term_texts.digest)
    digests = (site.set_digests.teasers, site.set_digests.bodies, *undated)
    config = site.config
    settings = (config.language, config.dates.medium, str(config.search.at_once))
    return digest(version, str(FORMAT), repr(digests), *settings, pages_key(own))


class _IndexUpdate:
    """One update of the index: collects its parts."""

    def __init__(
        self,
        site: Site,
        before: State,
        folder: OutputFolder,
        ready: IndexedYears,
        own: Sequence[OwnPage],
        *,
        folder_intact: bool,
        deferred: bool,
    ) -> None:
        self._site = site
        self._before = before
        self._folder = folder
        self._ready = ready
        self._own = own
        self._folder_intact = folder_intact
        self._deferred = deferred
        self._pending = False
        self._parts: dict[str, Part] = {}
        self._staged: list[Staged] = []

    def run(self, version: str, progress: Progress) -> UpdatedIndex:
        whole = whole_key(self._site, version, self._own)
        if self._keep(WHOLE, whole) and all(map(self._intact, self._before.searched.values())):
            return UpdatedIndex(self._before.searched, [])
        wanted = years(self._site, version)
        stale = [year for year in wanted.values() if not self._keep(year.name, year.key)]
        for number, year in enumerate(stale):
            self._year(year)
            progress("search", number + 1, len(stale))
        self._index_own_pages(version)
        shards = [shard for name in (*wanted, OWN) for shard in self._shards(name)]
        script = self._scripts(version, shards) if shards else None
        data = shard_list(script, shards, self._site.config.search.at_once)
        key = digest(data)
        if not self._keep(SHARD_LIST, key):
            self._add(SHARD_LIST, Part(key, key, (SHARD_LIST_PATH,)), {SHARD_LIST_PATH: data})
        if self._pending:
            self._parts.pop(WHOLE, None)
        else:
            self._parts[WHOLE] = Part(whole, whole, ())
        return UpdatedIndex(self._parts, self._staged, self._pending)

    def _index_own_pages(self, version: str) -> None:
        """Index the pages that are made from no document: at once, since only their bytes say."""
        key = digest(version, str(FORMAT), pages_key(self._own))
        if not self._own or self._keep(OWN, key):
            return
        by_language: dict[str, list[Text]] = {}
        for language, text in texts(self._own):
            by_language.setdefault(language, []).append(text)
        old = self._before.searched.get(OWN)
        known = old.content if old is not None and self._intact(old) else None
        made = index_texts(OWN, 0, dict(sorted(by_language.items())), known)
        if made.files is None:
            assert old is not None  # noqa: S101 - it has this content
            self._parts[OWN] = old._replace(key=key)
        else:
            part = Part(key, made.content, tuple(made.files), made.shards)
            self._add(OWN, part, made.files)

    def discard(self) -> None:
        """Remove what was staged of an index that is not to come."""
        self._folder.staging.discard(self._staged)

    def _shards(self, name: str) -> Iterable[Shard]:
        return self._parts[name].shards if name in self._parts else ()

    def _keep(self, name: str, key: bytes) -> bool:
        """Keep a part if it would be the same and its files are as we left them."""
        part = self._before.searched.get(name)
        if part is None or part.key != key or not self._intact(part):
            return False
        self._parts[name] = part
        return True

    def _intact(self, part: Part) -> bool:
        if self._folder_intact:
            return True
        written, as_left = self._before.written, self._folder.as_left
        return all(as_left(path, written.get(path)) for path in part.files)

    def _add(self, name: str, part: Part, files: dict[str, bytes]) -> None:
        self._parts[name] = part
        written, stage = self._before.written, self._folder.staging.stage
        for path, data in files.items():
            known = written.get(path)
            if known is None or known.digest != content_digest(data) or not self._lies(path, known):
                self._staged.append(stage(path, data))

    def _lies(self, path: str, written: Written) -> bool:
        return self._folder_intact or self._folder.as_left(path, written)

    def _year(self, year: Year) -> None:
        old = self._before.searched.get(year.name)
        ids = "\n".join(teaser.id for teaser, _ in year.articles)
        made = self._ready.get(year.key.hex())
        if isinstance(made, PagefindError):
            raise made
        known = old.content if old is not None and self._intact(old) else None
        if self._deferred and year.key.hex() not in self._ready:
            self._pending = True
            published = set(ids.split("\n"))
            if old is not None and known is not None and published.issuperset(old.ids.split("\n")):
                self._parts[year.name] = old
            return
        if made is None or (made.files is None and made.content != known):
            load = LoadDocument(self._site.load_article, self._site.load_page, self._site.load_term)
            made = index_year(year, load, known)
        if made.files is None:
            if old is not None:
                self._parts[year.name] = old._replace(key=year.key, ids=ids)
            return
        part = Part(year.key, made.content, tuple(made.files), made.shards, ids)
        self._add(year.name, part, made.files)

    def _scripts(self, version: str, shards: Iterable[Shard]) -> str:
        """Keep or make what pages load to search; return the script's path below `FOLDER`."""
        language = script_language(self._site.config.language, shards)
        key = digest(version, language)
        if self._keep(SCRIPTS, key):
            return self._parts[SCRIPTS].files[0].removeprefix(f"{FOLDER}/")
        script, files = make_scripts(language)
        first = f"{FOLDER}/{script}"
        paths = (first, *(path for path in files if path != first))
        self._add(SCRIPTS, Part(key, key, paths), files)
        return script
