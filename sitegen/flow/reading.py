"""Reads the articles as they are now, for commands that build nothing."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from sitegen.cache.context import BuildContext, Inputs
from sitegen.cache.store import FOLDER, Store, lock
from sitegen.config.settings import Config
from sitegen.model.moments import Moment
from sitegen.parse.articles import Articles, update_articles
from sitegen.scan.sources import Scan, scan
from sitegen.work.executor import Workers
from sitegen.work.progress import quiet


class Read(NamedTuple):
    """The files of a site, and its articles."""

    files: Scan
    articles: Articles


def read_articles(site: Path, settings: Config) -> Read:
    """Return the articles of the site folder `site`; only those that changed are parsed.

    Raises `UsageError` while a build of the site is running.
    """
    with lock(site / FOLDER), Store(site / FOLDER, site / "output") as store:
        files = scan(site, store.stamps())
        at = Moment(0, "UTC")  # nothing that is parsed depends on it
        inputs = Inputs(settings, drafts=False, at=at)
        context = BuildContext(site, settings, inputs, store, Workers(), quiet)
        before = Articles.remembered(store.cached())
        found = update_articles(context, files, before, None)
    return Read(files, found)
