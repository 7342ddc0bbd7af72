"""The check: build, check every page, apply each rule, and the severities of the configuration.

    build ──▶ BuiltSite ─┬─ all_pages ▶ pages: links, ids, pictures, tags ──┐
                         ├─ articles ─▶ front matter of article files ──────┼──▶ Finding
                         └─ files, pictures, feeds ─────────────────────────┘

It builds first, as `sitegen build` with the same options would: what is checked is what is so now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import imagesize

from sitegen.cache.store import FOLDER
from sitegen.check import articles, files, news_identity, own_keys, pictures, secrets, security_txt
from sitegen.check.all_pages import PagesResult, check_pages
from sitegen.check.built_site import BuiltSite
from sitegen.check.finding import Finding, deduplicated, from_problem, sort_key, with_severity
from sitegen.check.hosting import host_findings
from sitegen.check.limits import HOSTS
from sitegen.flow.article_counts import NO_ARTICLES, ArticleCounts
from sitegen.flow.beside import built_beside
from sitegen.flow.build import Options, Report, build, quiet
from sitegen.flow.options import FailedBuildError
from sitegen.flow.session import Session
from sitegen.index.embeds import BLOCKED_FRAMES
from sitegen.index.links import broken_links
from sitegen.index.own_keys import unshown_warning
from sitegen.model.distribution import install_hint
from sitegen.model.documents import AnyEntry, Source
from sitegen.model.errors import Problem, SitegenError, UsageError
from sitegen.model.moments import Moment
from sitegen.scan.sources import disk_path
from sitegen.work import executor
from sitegen.work.executor import Workers
from sitegen.work.progress import Progress

if TYPE_CHECKING:
    from sitegen.check.links import ExternalLinks


@dataclass(frozen=True)
class CheckOptions:
    """What to check besides what is always checked."""

    external: Moment | None = None
    """The time of the check if external links are to be checked, too."""
    host: str = ""
    """The host whose limits are checked; "" for none."""


class CheckResult(NamedTuple):
    """The findings of a check, and what was checked."""

    findings: tuple[Finding, ...]
    counts: ArticleCounts
    pages: int
    files: int
    notes: tuple[str, ...] = ()
    """Other things to report."""
    standalone: ArticleCounts = NO_ARTICLES
    """The numbers of standalone pages."""

    @property
    def articles(self) -> int:
        """Number of articles that are shown, and so were checked."""
        return self.counts.shown

    @property
    def errors(self) -> int:
        """Number of findings that make the check fail."""
        return sum(finding.severity == "error" for finding in self.findings)


def check(
    site: Path,
    options: Options | None = None,
    checks: CheckOptions | None = None,
    *,
    progress: Progress = quiet,
) -> CheckResult:
    """Build the site in the folder `site`, and return what is wrong with it.

    A site with errors is checked all the same, as far as it can be made, in a folder beside: in
    its output folder nothing changes. Where nothing can be made, as with a mistake in the
    configuration, that is all there is to say. Raises `UsageError` as `build` does.
    """
    options, checks = options or Options(), checks or CheckOptions()
    state = options.state or site / FOLDER
    try:
        with Session() as session:
            try:
                report = build(site, options, session=session, progress=progress)
            except FailedBuildError as error:
                told = error.problems
                kept = session.kept()
            else:
                return _findings(
                    _built_site(site, options, session), report, checks, state, progress
                )
        with built_beside(site, options, kept) as beside, Session() as session:
            report = build(site, beside, session=session, progress=progress)
            built = _built_site(site, beside, session)
            built = built._replace(shown_as=options.output or site / "output")
            # A file in the way of the output folder, say, is not in the way of the other one.
            problems = tuple(dict.fromkeys((*report.problems, *told)))
            return _findings(built, replace(report, problems=problems), checks, state, progress)
    except UsageError:
        raise
    except SitegenError as error:
        return nothing_checked(error.problems)


def nothing_checked(problems: Iterable[Problem]) -> CheckResult:
    """Return the result for a site of which nothing can be made, with what is wrong with it."""
    return CheckResult(tuple(map(from_problem, problems)), NO_ARTICLES, 0, 0)


def _findings(
    built: BuiltSite, report: Report, checks: CheckOptions, state: Path, progress: Progress
) -> CheckResult:
    pages = check_pages(built, progress, external=checks.external is not None)
    found = [*_build_findings(report, built, pages), *_checked(built, pages, progress)]
    found += own_keys.findings(built.folder, built.site.config, report.unshown_keys)
    if checks.host:
        found += host_findings(files.upload(built), HOSTS[checks.host])
    notes: tuple[str, ...] = ()
    if checks.external is not None:
        asked = _external(built, pages, state, checks.external, progress)
        notes = asked.notes
        found += asked.findings
    findings = sorted(with_severity(deduplicated(found), built.settings), key=sort_key)
    return CheckResult(
        tuple(findings), report.counts, report.pages, report.files, notes, report.standalone
    )


def _built_site(site: Path, options: Options, session: Session) -> BuiltSite:
    indexed, state, scan = session.indexed, session.state, session.scan
    assert indexed is not None  # noqa: S101 - a build that succeeds leaves all three
    assert state is not None  # noqa: S101 - as above
    assert scan is not None  # noqa: S101 - as above
    jobs = options.jobs or indexed.site.config.build.jobs or None
    return BuiltSite(
        site,
        options.output or site / "output",
        indexed.site,
        indexed.plan,
        session.copies,
        scan.sources,
        {path: written.size for path, written in state.written.items()},
        Workers(jobs, options.start_method),
        shown_as=options.output or site / "output",
    )


def _build_findings(report: Report, built: BuiltSite, pages: PagesResult) -> Iterator[Finding]:
    """Yield what the build says, with its broken links under the rules that they are of.

    What was also pages on a page is left out: the page tells more.
    """
    broken = broken_links(built.site, built.plan.publishes, built.site.documents())
    known = {problem for problems in broken.values() for problem in problems}
    on_pages = {finding.location for finding in pages.findings if finding.rule in _BROKEN}
    summed_up = unshown_warning(report.unshown_keys)
    for problem in report.problems:
        if problem == summed_up or problem.message.startswith(BLOCKED_FRAMES):
            continue  # each key and frame is a finding of its own
        finding = from_problem(problem)
        if problem in known and problem.message.endswith("leads nowhere"):
            location = replace(finding.location, column=_column(built.folder, finding))
            if location in on_pages or built.is_skipped(_named(finding)):
                continue
            rule = "broken-link" if problem.message.startswith(_LINKS) else "broken-image"
            finding = finding._replace(rule=rule, location=location)
        yield finding


_BROKEN = frozenset({"broken-link", "broken-image"})
_LINKS = ("the link", "the related article")


def _column(site: Path, finding: Finding) -> int:
    """Return the column of what the message of a finding names in quotes, 0 if unknown."""
    named = _named(finding)
    text = disk_path(site, finding.location.path).read_bytes().decode("utf-8-sig", "replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not 1 <= finding.location.line <= len(lines):
        return 0
    return lines[finding.location.line - 1].find(named) + 1


def _named(finding: Finding) -> str:
    found = re.search('"(.*)"', finding.message)
    return found[1] if found else finding.message


def _external(
    built: BuiltSite, pages: PagesResult, state: Path, now: Moment, progress: Progress
) -> ExternalLinks:
    try:
        from sitegen.check.links import check_external_links  # noqa: PLC0415 - needs an extra
    except ImportError:
        message = '`--external` needs the package "httpcore", which is not installed'
        hint = install_hint("check")
        raise UsageError(Problem(message, hint=hint)) from None
    return check_external_links(pages.external, built.site.config, state, now, progress)


def _checked(built: BuiltSite, pages: PagesResult, progress: Progress) -> Iterator[Finding]:
    sheets = files.stylesheets(built)
    yield from pages.findings
    yield from sheets.findings
    if built.is_on("missing-summary", "missing-category", "empty-body", "byline"):
        yield from _front_matter_findings(built, progress)
    yield from articles.duplicate_titles(built.site.ordered)
    yield from articles.merged_terms(built.site)
    yield from articles.unused_terms(built.site)
    yield from articles.leads_without_alt(built.site.documents())
    yield from files.case_conflicts(built)
    if built.is_on(news_identity.RULE):
        yield from news_identity.findings(built)
    if built.is_on(security_txt.RULE):
        yield from security_txt.findings(built)
    if built.is_on("secret"):
        look = partial(executor.run, secrets.secret_chunk, built.output, workers=built.workers)
        yield from secrets.secret_findings(built, look)
    if built.is_on("orphaned-image"):
        yield from _orphaned(built, pages.pictures | sheets.pictures)
    if built.is_on("oversized-image"):
        measure = partial(_measured, built.folder)
        yield from pictures.oversized(built.copies, measure, built.settings)
    if built.is_on("invalid-feed"):
        read = partial(executor.run, files.feed_chunk, built.output, workers=built.workers)
        yield from files.feeds(built, read)


def _front_matter_findings(built: BuiltSite, progress: Progress) -> Iterator[Finding]:
    pages = built.site.pages
    ids = [*built.site.entries, *sorted(pages.shown)]
    parents = frozenset(id_ for id_, entry in pages.shown.items() if pages.below.get(entry.place))
    context = articles.Context(built.folder, built.site.config, parents)
    for done, found in enumerate(executor.run(articles.check_chunk, context, ids, built.workers)):
        progress("front matter", done + 1, len(ids))
        yield from found


def _orphaned(built: BuiltSite, shown: frozenset[str]) -> Iterator[Finding]:
    site = built.site
    hidden = chain[AnyEntry](
        site.hidden.values(), site.pages.hidden.values(), site.term_texts.hidden.values()
    )
    named = {path for entry in chain(site.documents(), hidden) for path in entry.uses}
    mentioned = partial(files.mentioned_names, built)
    return pictures.orphaned(built.sources, built.copies, shown, named, mentioned)


def _measured(site: Path, source: Source) -> tuple[int, int]:
    """Return the width and height of a picture, in pixels; (-1, -1) if they cannot be told."""
    try:
        width, height = imagesize.get(disk_path(site, source.path))
    except (OSError, ValueError):
        return -1, -1
    return int(width), int(height)
