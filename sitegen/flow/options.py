"""What a build is asked for, and what it reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sitegen.flow.article_counts import NO_ARTICLES, ArticleCounts
from sitegen.index.own_keys import UnshownKey
from sitegen.index.scheduled import ScheduledChange
from sitegen.model.documents import Source
from sitegen.model.errors import Problem, SitegenError
from sitegen.work.executor import StartMethod


@dataclass(frozen=True)
class Options:
    """How to build. The defaults are those of `sitegen build`."""

    at: datetime | None = None
    """The moment to show, with a time zone; None is now."""
    drafts: bool = False
    output: Path | None = None
    """None is `output/` in the site folder."""
    base_url: str | None = None
    """Instead of the configuration's."""
    preview: bool = False
    """Make a preview for colleagues, as `[hosting] preview` does."""
    clean: bool = False
    """Forget everything that earlier builds kept."""
    keep_going: bool = False
    """Publish what can be made although there are errors; what cannot keeps its last good file."""
    jobs: int | None = None
    """Number of processes; None decides by the work."""
    start_method: StartMethod | None = None
    """How processes are started; None takes the cheapest safe way."""
    index_later: bool = False
    """Leave what is new to the search index for later: `Report.index_pending` says whether."""
    state: Path | None = None
    """Where to keep what the next build needs; None is `.sitegen/` in the site folder."""

    def __post_init__(self) -> None:
        """Raise `ValueError` for a moment that is not known without a time zone."""
        if self.at is not None and self.at.utcoffset() is None:
            raise ValueError("`at` needs a time zone")


@dataclass(frozen=True)
class Report:
    """What a build did. Paths are relative to the output folder."""

    articles: int
    """Published articles."""
    pages: int
    """Files that are rendered from templates."""
    files: int
    """All files of the output, copies included."""
    parsed: int
    rendered: dict[str, str]
    """The rendered outputs, with the reason for each."""
    written: tuple[str, ...]
    removed: tuple[str, ...]
    problems: tuple[Problem, ...]
    """Warnings; with `keep_going` errors, too."""
    notes: tuple[str, ...]
    """What else to tell people: of the cache, of the packages that are used."""
    next_change: datetime | None
    """When the output would change by itself: an article appears or expires."""
    seconds: float
    index_pending: bool = False
    """Whether the search index is behind the pages."""
    index_failed: bool = False
    """Whether the search index could not be made, so that the site has none."""
    has_address: bool = True
    """Whether it is known where the site will live: else it has no sitemaps."""
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)
    counts: ArticleCounts = NO_ARTICLES
    """What became of each article file."""
    standalone: ArticleCounts = NO_ARTICLES
    """What became of each file of a standalone page."""
    next_changes: tuple[ScheduledChange, ...] = ()
    """What happens at `next_change`."""
    unshown_keys: tuple[UnshownKey, ...] = ()
    """Keys of front matter that no page shows, if all pages could be made."""
    frames: tuple[str, ...] = ()
    """Whose frames the shortcodes of published texts show, besides those of the configuration."""
    is_published: bool = True
    """Whether the output folder was brought in step. If not, it is said what would be there."""

    @property
    def unchanged(self) -> int:
        """Number of files that were left as they are."""
        return self.files - len(self.written)


class FailedBuildError(SitegenError):
    """The site has errors, so that not all of it was published: with what the build came to know.

    Raised only where `keep_going` would have published more.
    """

    def __init__(self, report: Report) -> None:
        super().__init__(*report.problems)
        self.report = report

    def __reduce__(self) -> tuple[type[SitegenError], tuple[Problem, ...]]:
        """Travel between processes as the problems alone."""
        return (SitegenError, self.problems)
