"""Checks the pages of the output folder one by one: the work of an executor."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from sitegen.check.addresses import External, Internal, OutsideBase, Resolver
from sitegen.check.pages import Link, read_page
from sitegen.config.content_security import allows
from sitegen.model.errors import problem
from sitegen.model.frozen import FrozenMap

IMAGE_SUFFIXES = (
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".webp",
    ".avif",
    ".svg",
    ".bmp",
    ".ico",
    ".tif",
    ".tiff",
)
"""The suffixes of pictures."""


class PageIssue(NamedTuple):
    """Something on a page that is, or may turn out to be, wrong."""

    rule: str
    """The rule that it breaks, or may break."""
    message: str
    target: str
    """The address on the page, as written."""
    line: int
    column: int
    hint: str | None = None


class FragmentLink(NamedTuple):
    """A link to a fragment of another page: what is wrong if that page has no such id."""

    path: str
    fragment: str
    issue: PageIssue


class PageResult(NamedTuple):
    """What was found on a page. Small: there may be a hundred thousand of them."""

    issues: tuple[PageIssue, ...]
    fragment_links: tuple[FragmentLink, ...]
    ids: frozenset[str]
    pictures: frozenset[str]
    """The files of the output folder that it shows."""
    empty_alts: tuple[PageIssue, ...]
    """Pictures with an empty alternative text."""
    external: tuple[tuple[str, PageIssue], ...]
    """External addresses, with their places; empty unless they are to be checked."""


class Context(NamedTuple):
    """What all pages need."""

    output: Path
    base_url: str
    files: frozenset[str]
    moved: FrozenMap
    """Where each file that is a redirect leads: a URL without the base path."""
    nesting: bool
    external: bool
    policy: str
    """The Content-Security-Policy that the host sends, "" for none."""


def check_page_chunk(context: Context, chunk: list[str]) -> list[PageResult]:
    """Check several pages, by their paths in the output folder."""
    resolver = _resolver(context.base_url, context.files)
    return [_PageCheck(context, resolver, path).result() for path in chunk]


@lru_cache(maxsize=1)
def _resolver(base_url: str, files: frozenset[str]) -> Resolver:
    """Return the resolver of a site: its cache serves all chunks."""
    return Resolver(base_url, files)


class _PageCheck:
    """The check of one page."""

    def __init__(self, context: Context, resolver: Resolver, path: str) -> None:
        self.context = context
        self.resolver = resolver
        self.path = path
        self.html = self._text()
        self.page = read_page(self.html, nesting=context.nesting)
        self.issues = [
            PageIssue(fault.rule, fault.message, fault.target, *position_in(self.html, fault.start))
            for fault in self.page.faults
        ]
        self.fragment_links: list[FragmentLink] = []
        self.pictures: set[str] = set()
        self.external: list[tuple[str, PageIssue]] = []

    def _text(self) -> str:
        try:
            return (self.context.output / self.path).read_bytes().decode("utf-8-sig", "replace")
        except OSError as error:
            message = f'"{self.path}" cannot be read: {error.strerror}'
            hint = "run the check again when no other build is running"
            raise problem(message, hint=hint) from None

    def result(self) -> PageResult:
        """Return what is found on the page."""
        url = quote(self.resolver.page_url(self.path))
        if self.page.base:
            url = urljoin(url, self.page.base)
        for link in self.page.links:
            found = self.resolver.resolve(link.target, url)
            if isinstance(found, Internal):
                self.check_internal(link, found)
            elif isinstance(found, OutsideBase):
                self.report_outside_base(link)
            elif isinstance(found, External):
                self.check_external(link, found)
        empty_alts = (self.issue(link, "missing-alt", "") for link in self.page.empty_alts)
        return PageResult(
            tuple(self.issues),
            tuple(self.fragment_links),
            self.page.ids,
            frozenset(self.pictures),
            tuple(empty_alts),
            tuple(self.external),
        )

    def issue(self, link: Link, rule: str, message: str, hint: str | None = None) -> PageIssue:
        return PageIssue(rule, message, link.target, *position_in(self.html, link.start), hint)

    def report(self, link: Link, rule: str, message: str, hint: str | None = None) -> None:
        self.issues.append(self.issue(link, rule, message, hint))

    def check_internal(self, link: Link, found: Internal) -> None:
        if found.path.casefold().endswith(IMAGE_SUFFIXES):
            self.pictures.add(found.path)
        moved = self.context.moved
        if not found.is_there:
            self.report_broken(link, found)
        elif found.path in moved and self.path not in moved:
            message = f'"{link.target}" is a former address'
            hint = f"link to {moved[found.path]}"
            self.report(link, "redirected-link", message, hint)
        elif found.fragment and found.path.endswith((".html", ".htm")):  # no part of a drawing
            self.check_fragment(link, found)

    def report_broken(self, link: Link, found: Internal) -> None:
        rule = "broken-image" if link.kind == "image" else "broken-link"
        hint = None
        names = _by_lower_case(self.resolver.files)
        if meant := names.get(found.path.casefold().rstrip("/")):
            hint = f'hosts distinguish upper and lower case: did you mean "/{meant}"?'
        self.report(link, rule, f'the {link.kind} "{link.target}" leads nowhere', hint)

    def check_fragment(self, link: Link, found: Internal) -> None:
        message = f'"{link.target}": there is no id "{found.fragment}" on the page'
        if found.path != self.path:
            issue = self.issue(link, "broken-fragment", message)
            self.fragment_links.append(FragmentLink(found.path, found.fragment, issue))
        elif found.fragment not in self.page.ids:
            self.report(link, "broken-fragment", message)

    def report_outside_base(self, link: Link) -> None:
        base = self.resolver.base.prefix
        message = f'"{link.target}" is outside the site, which is served below {base}/'
        hint = (
            'in a template write `{{ href("/about/") }}`; for another site, write its full address'
        )
        self.report(link, "outside-base", message, hint)

    def check_external(self, link: Link, found: External) -> None:
        policy = self.context.policy
        if link.kind == "frame" and policy and not allows(policy, "frame", found.url):
            parts = urlsplit(found.url)
            message = f'browsers will not show the frame "{link.target}"'
            hint = (
                f'if it is to be shown, add "{parts.scheme}://{parts.netloc}" to "hosting.frames"'
            )
            self.report(link, "blocked-frame", message, hint)
        if "." not in found.host:
            message = f'the {link.kind} "{link.target}" leads nowhere'
            hint = (
                f'it names the host "{found.host}"; an address of this site begins with one slash'
            )
            self.report(link, "broken-link", message, hint)
        elif self.context.external:
            self.external.append((found.url, self.issue(link, "external-link", "")))


@lru_cache(maxsize=1)
def _by_lower_case(files: frozenset[str]) -> dict[str, str]:
    """Return the addresses of all files by themselves in lower case."""
    urls = (path.removesuffix("index.html") for path in files)
    return {url.casefold().rstrip("/"): url for url in urls}


def line_of(text: str, start: int) -> int:
    """Return the line of a character of a text, counted from 1."""
    return text.count("\n", 0, start) + 1


def position_in(text: str, start: int) -> tuple[int, int]:
    """Return the line and column of a character of a text, counted from 1."""
    return line_of(text, start), start - text.rfind("\n", 0, start)
