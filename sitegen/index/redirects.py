"""Which addresses lead to others: other ones of documents, and those that the site configures.

One model for all hosts. `plan` makes a page of each that stands alone, `host_dialects` the rules of
hosts that know better.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from sitegen.index.site import Site
from sitegen.model.errors import Location, Problem
from sitegen.model.urls import check_url, normal_form, output_path

WILDCARD = "*"
SPLAT = ":splat"
"""What stands in a target for that which the wildcard stood for."""

Places = Callable[[tuple[str | int, ...]], Location | None]
"""Where a key of the configuration stands."""


class Redirect(NamedTuple):
    """One address that leads to another, for good."""

    source: str
    """A URL of the site; with `*` at its end, all below it."""
    target: str
    """A URL of the site, with `:splat` at its end if the source has a `*`; or a full address."""
    who: str
    """For messages."""
    location: Location | None
    is_configured: bool = False

    @property
    def is_pattern(self) -> bool:
        """Whether it is of all addresses below one."""
        return self.source.endswith(WILDCARD)

    @property
    def is_external(self) -> bool:
        """Whether it leads to another site."""
        return not self.target.startswith("/")


def configured(site: Site, places: Places = lambda _keys: None) -> list[Redirect]:
    """Return the redirects of the configuration; `places` tells where a key of it stands."""
    return [
        Redirect(
            normal_form(source),
            normal_form(target),
            f"the redirect of {source}",
            places(("redirects", source)),
            is_configured=True,
        )
        for source, target in site.config.redirects.items()
    ]


def for_hosts(found: list[Redirect]) -> list[Redirect]:
    """Return the redirects that can be, the most important first: configured, then newest ones."""
    fine = [item for item in found if not check_url(item.source.removesuffix(WILDCARD))]
    first = [item for item in fine if item.is_configured]
    return first + [item for item in reversed(fine) if not item.is_configured]


def leads_wrong(
    found: Collection[Redirect], pages: Collection[str], stubs: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield a problem for each redirect that leads nowhere, to another one, or over pages.

    `pages` are the paths of all files of the plan but of redirects; `stubs` are the targets of all
    redirects by the paths of their sources.
    """
    for redirect in found:
        if redirect.is_pattern:
            yield from _over_pages(redirect, pages)
        if redirect.is_external or redirect.is_pattern:
            continue
        path = _path(redirect.target)
        if path in stubs:
            yield _chain(redirect, stubs)
        elif path not in pages:
            message = f"{redirect.who} leads to {redirect.target}, which is no page"
            yield Problem(message, redirect.location)


def _below(pattern: Redirect) -> str:
    return pattern.source[1:].removesuffix(WILDCARD)


def _path(target: str) -> str:
    """Return the file that a target leads to, or "" if it can be none."""
    url = target.partition("#")[0].partition("?")[0]
    return "" if check_url(url) else output_path(url)


def _over_pages(redirect: Redirect, pages: Collection[str]) -> Iterator[Problem]:
    below = _below(redirect)
    first = min((path for path in pages if path.startswith(below)), default=None)
    if first is not None:
        message = f"{redirect.who} stands over a page: {first}"
        hint = "some hosts would no longer show that page"
        yield Problem(message, redirect.location, hint)


def _chain(redirect: Redirect, stubs: Mapping[str, str]) -> Problem:
    start = _path(redirect.source)
    way, path = [redirect.source, redirect.target], _path(redirect.target)
    seen = {start}
    while path in stubs and path not in seen:
        seen.add(path)
        way.append(stubs[path])
        path = _path(stubs[path])
    if path in seen:
        return Problem(f"{redirect.who} leads in a circle: {' → '.join(way)}", redirect.location)
    message = f"{redirect.who} leads to another redirect: {' → '.join(way)}"
    return Problem(message, redirect.location, f'write "{way[-1]}"')
