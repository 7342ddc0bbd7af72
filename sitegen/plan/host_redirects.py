"""What the host makes of redirects: which cannot be, and which need no page of their own. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sitegen.index.redirects import Redirect, for_hosts, leads_wrong, redirects
from sitegen.index.site import Site
from sitegen.model.errors import Problem
from sitegen.model.urls import Base, output_path
from sitegen.plan.host_dialects import KNOWS_PATTERNS, PAGES_FIRST, Rules, chosen


def faults(
    site: Site, found: Collection[Redirect], pages: Collection[str], stubs: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield what is wrong with the configured redirects `found`.

    `pages` are the paths of all files of the plan but of redirects; `stubs` are the targets of all
    redirects by the paths of their pages.
    """
    for item in found:
        if item.is_pattern and site.config.hosting.host not in KNOWS_PATTERNS:
            message = f"{item.who} needs a host that knows patterns"
            hint = f"name it, as hosting.host: {', '.join(sorted(KNOWS_PATTERNS))}"
            yield Problem(message, item.location, hint, severity="warning")
    yield from leads_wrong(found, pages, stubs)


def needless(site: Site, stubs: Mapping[str, str]) -> Iterator[str]:
    """Yield the pages that would hide a rule of the host, which leads on by itself."""
    host = site.config.hosting.host
    if host not in PAGES_FIRST:
        return
    rules = Rules(for_hosts(redirects(site)), {}, (), Base.parse(site.config.base_url))
    for item in chosen(host, rules):
        path = "" if item.is_pattern else output_path(item.source)
        if path in stubs:
            yield path
