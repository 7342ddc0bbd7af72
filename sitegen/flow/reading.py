"""Reads the articles as they are now, for commands that build nothing."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from filelock import Timeout

from sitegen.cache.store import FOLDER, Store, lock, locked_out
from sitegen.config.settings import Config
from sitegen.flow.build import quiet
from sitegen.parse import articles
from sitegen.parse.articles import Articles
from sitegen.scan.sources import Scan, scan
from sitegen.work.executor import Workers


class Read(NamedTuple):
    """The files of a site, and its articles."""

    files: Scan
    articles: Articles


def read_articles(site: Path, settings: Config) -> Read:
    """Return the articles of the site folder `site`; only those that changed are parsed.

    Raises `UsageError` while a build of the site is running.
    """
    try:
        with lock(site / FOLDER):
            store = Store(site / FOLDER, site / "output")
            try:
                files = scan(site, store.stamps())
                before = articles.remembered(store.cached())
                found = articles.load(
                    site, files.sources, settings, store, before, None, Workers(), quiet
                )
            finally:
                store.close()
    except Timeout:
        raise locked_out() from None
    return Read(files, found)
