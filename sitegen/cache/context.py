"""What all stages of a build work with: one value that is handed from stage to stage."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from sitegen.cache.store import Store
from sitegen.config.settings import Config
from sitegen.config.themes import BUILT_IN, Theme
from sitegen.model.frozen import EMPTY, FrozenMap
from sitegen.model.moments import Moment
from sitegen.work.executor import Workers
from sitegen.work.progress import Progress


class Inputs(NamedTuple):
    """What a site is made from, besides its files of articles, templates and the like."""

    settings: Config
    """The configuration, with the address that the site is built for."""
    drafts: bool
    """Whether drafts and scheduled articles are shown."""
    at: Moment
    """The moment to show."""
    texts: FrozenMap = EMPTY
    """The texts of the files beside the folders, by name (`scan.site_files`)."""
    theme: Theme = BUILT_IN
    """What the site looks like, but for its own files."""


class BuildContext(NamedTuple):
    """Where a build reads, what it keeps, who does the work."""

    site: Path
    """The site folder."""
    config: Config
    """The configuration as the site's files have it: what is parsed does not depend on where the
    site is built for."""
    inputs: Inputs
    store: Store
    workers: Workers
    progress: Progress
    keep_going: bool = False
    """Whether what can be made is published although there are errors."""
    index_later: bool = False
    """Whether what is new to the search index may wait."""
