"""The build to deploy: a new one, or the last one if readers may see it."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sitegen.cache.store import FOLDER, Store, lock
from sitegen.cache.tables import LastBuild, Written
from sitegen.config.loading import as_preview, load_config, with_base_url
from sitegen.config.settings import Config, DeployTarget
from sitegen.config.themes import load_theme
from sitegen.flow.article_counts import ArticleCounts
from sitegen.flow.build import Options, build, sources_digest
from sitegen.flow.reading import read_documents
from sitegen.flow.schedule import next_change
from sitegen.flow.session import Session
from sitegen.index.lost_articles import PublishedArticles, published_articles
from sitegen.model import moments
from sitegen.model.errors import Problem, SitegenError
from sitegen.model.moments import Moment
from sitegen.output.staging import as_found, digest_of_file
from sitegen.scan.site_files import read_site_texts
from sitegen.scan.sources import scan
from sitegen.work.progress import Progress

NAMED = 3
"""How many of the files that somebody changed a message names."""


class DeployableBuild(NamedTuple):
    """A build that may be deployed."""

    output: Path
    files: Mapping[str, Written]
    base_url: str
    at: str
    articles: PublishedArticles
    problems: tuple[Problem, ...]
    """Warnings."""
    counts: ArticleCounts | None = None
    """What became of each article file; None where nothing was built."""


def output_of(site: Path, name: str, target: DeployTarget) -> Path:
    """Return the output folder of the target of a name."""
    own = f"{FOLDER}/preview/deploy-{name}" if target.previews else "output"
    return site / (target.output or own)


def state_of(site: Path, name: str, target: DeployTarget) -> Path:
    """Return where is kept what builds for a target need: previews keep to themselves."""
    return site / FOLDER / "previews" / name if target.previews else site / FOLDER


def new_build(
    site: Path, name: str, target: DeployTarget, progress: Progress, *, drafts: bool = False
) -> DeployableBuild:
    """Build the site for the target of a name as it is now.

    With `drafts` drafts and scheduled articles are shown, which the target must allow.

    Raises `SitegenError` with every problem of the site: then there is nothing to deploy.
    """
    output = output_of(site, name, target)
    options = Options(
        output=output,
        state=state_of(site, name, target),
        base_url=target.base_url or None,
        drafts=drafts,
        preview=target.previews,
    )
    with Session() as session:
        report = build(site, options, session=session, progress=progress)
        state, indexed = session.state, session.indexed
    assert indexed is not None  # noqa: S101 - a build that succeeds leaves its index and state
    assert state is not None  # noqa: S101 - as above
    assert state.last is not None  # noqa: S101 - as above
    at = moments.iso(state.last.at)
    entries = (*indexed.site.ordered, *indexed.site.hidden.values())
    articles = published_articles(entries, state.last.at)
    base_url = state.last.base_url
    return DeployableBuild(
        output, state.written, base_url, at, articles, report.problems, report.counts
    )


def last_build(
    site: Path, name: str, target: DeployTarget, now: Moment, *, drafts: bool = False
) -> DeployableBuild:
    """Return the last build for the target of a name, without building.

    Raises `SitegenError` if readers must not see it: with drafts, for another address, older
    than the sources or the clock, from another time, or made although there were errors; and if
    somebody changed its files since.
    """
    settings = load_config(site)
    if target.base_url:
        settings = with_base_url(settings, target.base_url)
    if target.previews:
        settings = as_preview(settings)
    output, kept = output_of(site, name, target), state_of(site, name, target)
    with lock(kept), Store(kept, output) as store:
        state = store.state()
        files = scan(site, store.stamps(), theme=load_theme(site, settings))
    if state.last is None or not output.is_dir():
        message = f'there is no build in "{output}"'
        raise SitegenError(Problem(message, hint="run `sitegen build` first"))
    refused = _refusals(state.last, settings, drafts=drafts)
    if state.last.sources != sources_digest(files, settings, read_site_texts(site)):
        refused.append("the sources or the configuration have changed since")
    at = state.last.at
    due = next_change(site, min(at, now))
    if due is not None and due <= max(at, now):
        refused.append(
            f"something has appeared or expired since {moments.iso(at)}, the time that it shows"
            if at <= now
            else f"it shows the site as of {moments.iso(at)}, which is in the future"
        )
    if refused:
        hint = "run `sitegen build` again, or deploy without `--no-build`"
        raise SitegenError(
            *(
                Problem(f"the last build cannot be deployed: {reason}", hint=hint)
                for reason in refused
            )
        )
    if changed := changed_files(output, state.written):
        raise _changed_by_hand(output, changed)
    # The sources are those of the build, so that its articles are those that they hold now.
    articles = published_articles(read_documents(site, settings).documents.articles(), at)
    base_url = state.last.base_url
    return DeployableBuild(output, state.written, base_url, moments.iso(at), articles, ())


def changed_files(output: Path, written: Mapping[str, Written]) -> list[str]:
    """Return the files of an output folder that are not as a build left them, or are gone."""
    return [path for path, file in sorted(written.items()) if not _is_as_left(output / path, file)]


def _is_as_left(place: Path, written: Written) -> bool:
    try:
        found = place.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size != written.size:
            return False
        is_untouched = as_found(written.digest, found) == written
        return is_untouched or digest_of_file(str(place)) == written.digest
    except OSError:
        return False


def _changed_by_hand(output: Path, changed: list[str]) -> SitegenError:
    named = ", ".join(f'"{path}"' for path in changed[:NAMED])
    rest = f" and {len(changed) - NAMED:,} more" if len(changed) > NAMED else ""
    message = f'changed in "{output}" since they were built: {named}{rest}'
    hint = (
        "run `sitegen build` again, which makes them anew, or deploy without `--no-build`; "
        "what is to stay belongs in the sources of the site"
    )
    return SitegenError(Problem(message, hint=hint))


def _refusals(last: LastBuild, settings: Config, *, drafts: bool) -> list[str]:
    refused = []
    if last.drafts != drafts:
        contains = "contains" if last.drafts else "does not contain"
        refused.append(f"it {contains} drafts and scheduled articles")
    if last.kept_going:
        refused.append("it may have errors: it was made with `--keep-going`, or by `sitegen watch`")
    if last.base_url != settings.base_url:
        refused.append(
            f'it was made for "{last.base_url}", but the target is "{settings.base_url}"'
        )
    return refused


def current_second() -> Moment:
    """Return now, to the second, as a build takes it."""
    return moments.of(datetime.now(UTC).replace(microsecond=0))
