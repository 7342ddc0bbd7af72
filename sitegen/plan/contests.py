"""Two articles, or an article and another page, want one address: who has it. Pure.

Until one of them is mended, one is shown at the address, and the other nowhere: a list that names
it would lead to somebody else's page.
"""

from __future__ import annotations

from collections.abc import Callable

from sitegen.index.site import Site
from sitegen.plan.parts import STUBS, Claim, rank
from sitegen.plan.planning import Plan

ARTICLE = "article"
"""The first word of the keys of articles' pages."""


def left_out(plan: Plan, site: Site, holder: Callable[[str], str]) -> frozenset[str]:
    """Return the articles of a plan that cannot have their addresses.

    A page that is no article goes first. Of two articles the one has it whose page is there:
    `holder` gives its id by the path, or "". Else it is the one with the earlier date, or id.
    """
    lost: set[str] = set()
    for path, claims in plan.claims.contested.items():
        wanting = [claim for claim in claims if claim.key[0] == ARTICLE]
        if not wanting:
            continue
        ids = {_id(claim) for claim in wanting}
        if all(claim.key[0] in (ARTICLE, "expired", *STUBS) for claim in claims):
            known = holder(path)
            ids.discard(known if known in ids else _id(min(wanting, key=lambda it: rank(site, it))))
        lost |= ids
    for path in plan.claims.blocked:
        output = plan.claims.outputs.get(path)
        if output is not None and output.kind == ARTICLE:
            lost.add(output.article)
    return frozenset(lost)


def _id(claim: Claim) -> str:
    return str(claim.key[1])
