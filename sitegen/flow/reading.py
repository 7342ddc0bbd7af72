"""Reads the documents as they are now, for commands that build nothing."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

from sitegen.cache.context import BuildContext, Inputs
from sitegen.cache.store import FOLDER, Store, lock
from sitegen.config.settings import Config
from sitegen.config.themes import BUILT_IN, Theme, load_theme
from sitegen.data.files import DataFiles, update_data
from sitegen.flow.indexing import Indexed, build_index, last_holder, without_losers
from sitegen.model.moments import Moment
from sitegen.parse.documents import Documents, update_documents
from sitegen.scan.site_files import read_site_texts
from sitegen.scan.sources import Scan, scan
from sitegen.work.executor import Workers
from sitegen.work.progress import quiet


class Read(NamedTuple):
    """The files of a site, and its documents."""

    files: Scan
    documents: Documents


class ReadSite(NamedTuple):
    """The documents of a site, and the site and plan that come of them."""

    documents: Documents
    indexed: Indexed


def read_documents(site: Path, settings: Config) -> Read:
    """Return the documents of the site folder `site`; only those that changed are parsed.

    Raises `UsageError` while a build of the site is running.
    """
    with lock(site / FOLDER), Store(site / FOLDER, site / "output") as store:
        at = Moment(0, "UTC")  # nothing that is parsed depends on it
        # Nor on what it looks like: a theme may be missing where nothing is built.
        return _read(_context(site, settings, at, store, BUILT_IN))


def read_site(site: Path, settings: Config, at: Moment) -> ReadSite:
    """Return the documents of the site folder `site`, and what becomes of them at the moment `at`.

    Raises `UsageError` while a build of the site is running.
    """
    with lock(site / FOLDER), Store(site / FOLDER, site / "output") as store:
        context = _context(site, settings, at, store, load_theme(site, settings))
        files, documents = _read(context)
        data = update_data(context, files, DataFiles.remembered(store.cached_data()), None)
        whole = build_index(context, files, documents, data.by_name)
        indexed = without_losers(context, whole, documents, partial(last_holder, store.state()))
    return ReadSite(documents, indexed)


def _context(site: Path, settings: Config, at: Moment, store: Store, theme: Theme) -> BuildContext:
    inputs = Inputs(settings, drafts=False, at=at, texts=read_site_texts(site), theme=theme)
    return BuildContext(site, settings, inputs, store, Workers(), quiet)


def _read(context: BuildContext) -> Read:
    files = scan(context.site, context.store.stamps(), theme=context.inputs.theme)
    before = Documents.remembered(context.store.cached())
    return Read(files, update_documents(context, files, before, None))
