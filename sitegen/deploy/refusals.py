"""What a deployment must not do unless it is told to: to take much away. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sitegen.deploy.plan import DeployPlan
from sitegen.deploy.target_state import Manifest
from sitegen.index.lost_articles import (
    ANY_NUMBER,
    Loss,
    PublishedArticles,
    find_loss,
    how_to_allow_it,
)
from sitegen.model.errors import Problem
from sitegen.model.wording import counted

KEY = "`max_lost_articles` of the target"


class DeployOptions(NamedTuple):
    """How to deploy, as the command line and the configuration say."""

    max_deletes: int
    max_lost_articles: str = ANY_NUMBER
    """The share of its articles that the site may have lost, as a percentage."""
    dry_run: bool = False
    recheck: bool = False
    """Compare every file instead of trusting the manifest."""
    take_over: bool = False
    """Go on although another deployment seems to be running."""


def refusals(
    planned: DeployPlan,
    manifest: Manifest | None,
    articles: PublishedArticles,
    options: DeployOptions,
) -> list[Problem]:
    """Return why a deployment is refused: nothing where it may go on.

    `manifest` is what the target holds, `articles` are those of the site now.
    """
    return [*_lost_articles(planned, manifest, articles, options), *_deletions(planned, options)]


def _lost_articles(
    planned: DeployPlan,
    manifest: Manifest | None,
    articles: PublishedArticles,
    options: DeployOptions,
) -> Iterator[Problem]:
    if manifest is None:
        return
    allowed, before = options.max_lost_articles, manifest.version.articles
    if before is not None:
        loss = find_loss(before, articles)
        if loss.exceeds(allowed):
            yield loss.problem("of the last deployment", allowed, KEY)
        return
    # Deployed by a sitegen that did not note which of the files are articles.
    pages = tuple(path for path in planned.deleted if path.endswith("/index.html"))
    if not articles.urls and Loss(pages, len(pages), 0).exceeds(allowed):
        message = f"the site has no articles; {counted(len(pages), 'page')} would be deleted"
        yield Problem(message, hint=how_to_allow_it(KEY))


def _deletions(planned: DeployPlan, options: DeployOptions) -> Iterator[Problem]:
    number = len(planned.deleted)
    if number > options.max_deletes:
        message = (
            f"{number:,} files would be deleted, more than the limit of {options.max_deletes:,}"
        )
        hint = (
            "list them with `--dry-run`; to allow it once, use "
            f"`--max-deletes {number}`; to allow it always, set `max_deletes` of the target"
        )
        yield Problem(message, hint=hint)


def would_be_refused(problem: Problem) -> str:
    """Return the note about a refusal for somebody who only looks."""
    return f"this deployment would be refused: {problem.message}"
