"""The check: build, read every page, ask each rule, judge what was found.

    build ──▶ Built ──┬─ survey ───▶ pages: links, ids, pictures, tags ──┐
                      ├─ articles ─▶ front matter of article files ──────┼──▶ Finding
                      └─ files, pictures, feeds ─────────────────────────┘

It builds first, as `sitegen build` with the same options would: what is checked is what is so now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import imagesize

from sitegen.cache.store import FOLDER
from sitegen.check import articles, files, pictures
from sitegen.check.built import Built
from sitegen.check.finding import Finding, from_problem, judged, once, sort_key
from sitegen.check.hosting import hosting
from sitegen.check.limits import HOSTS
from sitegen.check.survey import Survey, survey
from sitegen.flow.build import Options, Report, build, quiet
from sitegen.flow.session import Session
from sitegen.index.links import broken_links
from sitegen.model.documents import Source
from sitegen.model.errors import Problem, SitegenError, UsageError
from sitegen.scan.sources import disk_path
from sitegen.work import executor
from sitegen.work.executor import Workers
from sitegen.work.progress import Progress

if TYPE_CHECKING:
    from sitegen.check.links import Answered


@dataclass(frozen=True)
class Wanted:
    """What to check, besides what is always checked."""

    external: datetime | None = None
    """Ask other sites, too, whether what is linked to is there; the moment at which they are
    asked."""
    host: str = ""
    """The host that the site is for; "" checks for none."""


class Outcome(NamedTuple):
    """What a check has found."""

    findings: tuple[Finding, ...]
    articles: int
    pages: int
    files: int
    notes: tuple[str, ...] = ()
    """What else there is to say."""

    @property
    def errors(self) -> int:
        """Number of findings that make the check fail."""
        return sum(finding.severity == "error" for finding in self.findings)


def check(
    site: Path,
    options: Options | None = None,
    wanted: Wanted | None = None,
    *,
    progress: Progress = quiet,
) -> Outcome:
    """Build the site in the folder `site`, and return what is wrong with it.

    A site that does not build gives the errors of its build, and nothing else is checked. Raises
    `UsageError` as `build` does.
    """
    options, wanted = options or Options(), wanted or Wanted()
    session = Session()
    try:
        report = build(site, options, session=session, progress=progress)
        built = _built(site, options, session)
        seen = survey(built, progress, external=wanted.external is not None)
        found = [*_of_build(report, built, seen), *_checked(built, seen, progress)]
        if wanted.host:
            found += hosting(files.upload(built), HOSTS[wanted.host])
        notes: tuple[str, ...] = ()
        if wanted.external is not None:
            asked = _external(
                built, seen, options.state or site / FOLDER, wanted.external, progress
            )
            notes = asked.notes
            found += asked.findings
    except UsageError:
        raise
    except SitegenError as error:
        return Outcome(tuple(from_problem(item) for item in error.problems), 0, 0, 0)
    finally:
        session.close()
    findings = sorted(judged(once(found), built.settings), key=sort_key)
    return Outcome(tuple(findings), report.articles, report.pages, report.files, notes)


def _built(site: Path, options: Options, session: Session) -> Built:
    indexed, state, scan = session.indexed, session.state, session.scan
    assert indexed is not None  # noqa: S101 - a build that succeeds leaves all three
    assert state is not None  # noqa: S101 - as above
    assert scan is not None  # noqa: S101 - as above
    jobs = options.jobs or indexed.site.config.build.jobs or None
    return Built(
        site,
        options.output or site / "output",
        indexed.site,
        indexed.plan,
        session.copies,
        scan.sources,
        {path: written.size for path, written in state.written.items()},
        Workers(jobs, options.start_method),
    )


def _of_build(report: Report, built: Built, seen: Survey) -> Iterator[Finding]:
    """Yield what the build says, with its broken links under the rules that they are of.

    What was also seen on a page is left out: the page tells more.
    """
    broken = broken_links(built.site, built.plan.publishes, built.site.ordered)
    known = {problem for problems in broken.values() for problem in problems}
    on_pages = {finding.location for finding in seen.findings if finding.rule in _BROKEN}
    for problem in report.problems:
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
    built: Built, seen: Survey, state: Path, now: datetime, progress: Progress
) -> Answered:
    try:
        from sitegen.check.links import links  # noqa: PLC0415 - needs an extra
    except ImportError:
        message = "asking other sites needs the package httpcore"
        raise UsageError(Problem(message, hint="pip install 'sitegen[check]'")) from None
    return links(seen.outside, built.site.config, state, now, progress)


def _checked(built: Built, seen: Survey, progress: Progress) -> Iterator[Finding]:
    sheets = files.stylesheets(built)
    yield from seen.findings
    yield from sheets.findings
    if built.is_on("missing-summary", "missing-category"):
        yield from _heads(built, progress)
    yield from articles.duplicate_titles(built.site.ordered)
    yield from articles.undescribed_leads(built.site.ordered)
    yield from files.case_conflicts(built)
    if built.is_on("orphaned-image"):
        yield from _orphans(built, seen.pictures | sheets.pictures)
    if built.is_on("oversized-image"):
        measure = partial(_measured, built.folder)
        yield from pictures.oversized(built.copies, measure, built.settings)
    if built.is_on("invalid-feed"):
        read = partial(executor.run, files.feed_chunk, built.output, workers=built.workers)
        yield from files.feeds(built, read)


def _heads(built: Built, progress: Progress) -> Iterator[Finding]:
    ids = list(built.site.entries)
    context = articles.Context(built.folder, built.site.config)
    for done, found in enumerate(executor.run(articles.check_chunk, context, ids, built.workers)):
        progress("front matter", done + 1, len(ids))
        yield from found


def _orphans(built: Built, shown: frozenset[str]) -> Iterator[Finding]:
    entries = (*built.site.entries.values(), *built.site.hidden.values())
    named = {path for entry in entries for path in entry.uses}
    speaking = partial(files.speaking_of, built)
    return pictures.orphans(built.sources, built.copies, shown, named, speaking)


def _measured(site: Path, source: Source) -> tuple[int, int]:
    """Return the width and height of a picture, in pixels; (-1, -1) if they cannot be told."""
    try:
        width, height = imagesize.get(disk_path(site, source.path))
    except (OSError, ValueError):
        return -1, -1
    return int(width), int(height)
