"""Checks all pages of the output folder, and puts together what was found page by page."""

from __future__ import annotations

import re
from typing import NamedTuple

from sitegen.check.built_site import BuiltSite
from sitegen.check.finding import Finding
from sitegen.check.page_checks import Context, FragmentLink, PageIssue, PageResult, check_page_chunk
from sitegen.check.source_map import SourceMap, SourceText
from sitegen.model.frozen import FrozenMap
from sitegen.model.urls import url_of_file
from sitegen.plan.outputs import Output
from sitegen.queries.hosts import frames, host_policy
from sitegen.work import executor
from sitegen.work.progress import Progress

PAGES = (".html", ".htm")


class PagesResult(NamedTuple):
    """What was found on all pages."""

    findings: tuple[Finding, ...]
    pictures: frozenset[str]
    """The files of the output folder that a page shows."""
    external: dict[str, list[Finding]]
    """The places that link to each external address, as findings without a message."""


def check_pages(built: BuiltSite, progress: Progress, *, external: bool) -> PagesResult:
    """Check every page; with `external`, collect the external addresses, too."""
    pages = sorted(path for path in built.sizes if path.endswith(PAGES))
    files = frozenset(built.sizes)
    base_url = built.site.config.base_url
    moved = FrozenMap(
        {
            output.path: output.target
            for output in built.plan.outputs.values()
            if output.kind == "redirect" and not _is_page_to_come(output)
        }
    )
    policy = host_policy(built.site.config, frames(built.site))
    is_on = built.is_on("nesting")
    context = Context(built.output, base_url, files, moved, is_on, external, policy)
    collector = _Collector(built)
    results = executor.run(check_page_chunk, context, pages, built.workers)
    for done, (path, result) in enumerate(zip(pages, results, strict=True)):
        progress("pages", done + 1, len(pages))
        collector.add(path, result)
    return collector.result()


def _is_page_to_come(redirect: Output) -> bool:
    """Whether a redirect stands where the next full page of a list will be: links to it are meant.

    It leads to the list that it is below.
    """
    return redirect.url.startswith(redirect.target)


class _Collector:
    """Puts together the results of all pages."""

    def __init__(self, built: BuiltSite) -> None:
        self.built = built
        self.source_map = SourceMap(built.folder, built.site, built.plan.outputs)
        self.ids: dict[str, frozenset[str]] = {}
        self.same_ids: dict[frozenset[str], frozenset[str]] = {}
        self.fragment_links: list[tuple[str, FragmentLink]] = []
        self.pictures: set[str] = set()
        self.in_articles: list[Finding] = []
        self.in_templates: dict[tuple[str, str], Finding] = {}
        self.external: dict[str, list[Finding]] = {}

    def add(self, path: str, result: PageResult) -> None:
        """Add the result of a page."""
        self.ids[path] = self.same_ids.setdefault(result.ids, result.ids)
        self.pictures |= result.pictures
        self.fragment_links += [(path, link) for link in result.fragment_links]
        for issue in result.issues:
            self.add_issue(path, issue)
        if self.built.is_on("missing-alt"):
            for issue in result.empty_alts:
                self.add_empty_alt(path, issue)
        for url, issue in result.external:
            if not self.built.is_skipped(url):
                self.add_external(path, url, issue)

    def add_issue(self, path: str, issue: PageIssue) -> None:
        """Add an issue where it was written: in the article, or by a template on many pages."""
        if not self.built.is_on(issue.rule) or self.built.is_skipped(issue.target):
            return
        url = url_of_file(path)
        if source := self.source(path, issue):
            message = issue.message.replace(issue.target, source.text)
            self.in_articles.append(
                Finding(issue.rule, message, source.location, issue.hint, url, 1)
            )
            return
        key = (issue.rule, re.sub(r"\d+", "", issue.message))
        if other := self.in_templates.get(key):
            self.in_templates[key] = other._replace(pages=other.pages + 1)
            return
        location = self.built.place(path, issue.line, issue.column)
        hint = issue.hint
        if template := self.source_map.template(path):
            hint = f"{hint}; " if hint else ""
            hint += f"the page is rendered from templates/{template} and what that includes"
        self.in_templates[key] = Finding(issue.rule, issue.message, location, hint, url, 1)

    def source(self, path: str, issue: PageIssue) -> SourceText | None:
        """Return the text in the page's article that an issue is about, or None."""
        if not issue.target:
            return None
        if issue.rule == "missing-alt":
            return self.source_map.missing_alt(path, issue.target)
        return self.source_map.find(path, issue.target, last=issue.rule == "duplicate-id")

    def add_empty_alt(self, path: str, issue: PageIssue) -> None:
        """Add a picture that an article shows as `![](…)`."""
        for source in self.source_map.empty_alts(path, issue.target):
            message = f'the picture "{source.text}" has no alternative text'
            hint = 'write `![What it shows](…)`; or, for decoration, `<img src="…" alt="">`'
            page = url_of_file(path)
            self.in_articles.append(Finding("missing-alt", message, source.location, hint, page, 1))

    def add_external(self, path: str, url: str, issue: PageIssue) -> None:
        """Add a link to an external address: each in articles, and one elsewhere."""
        source = self.source_map.find(path, issue.target)
        location = source.location if source else self.built.place(path, issue.line, issue.column)
        named = self.external.setdefault(url, [])
        finding = Finding(issue.rule, "", location, None, url_of_file(path), 1)
        if source or not any(item.hint == "" for item in named):
            named.append(finding if source else finding._replace(hint=""))

    def result(self) -> PagesResult:
        """Return the findings on all pages, after all were added."""
        for path, link in self.fragment_links:
            known = self.ids.get(link.path)
            if known is not None and link.fragment not in known:
                self.add_issue(path, link.issue)
        findings = (*self.in_articles, *self.in_templates.values())
        return PagesResult(findings, frozenset(self.pictures), self.external)
