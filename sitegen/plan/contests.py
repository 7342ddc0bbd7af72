"""Two documents, or a document and another page, want one address: who has it. Pure.

Until one of them is mended, one is shown at the address, and the other nowhere: a list that names
it would lead to somebody else's page.
"""

from __future__ import annotations

from collections.abc import Callable

from sitegen.index.site import Site
from sitegen.plan.outputs import OWN
from sitegen.plan.parts import STUBS, Claim, rank
from sitegen.plan.planning import Plan

DOCUMENTS = frozenset({"article", "standalone"})
"""The first words of the keys of the pages of documents."""


def left_out(plan: Plan, site: Site, holder: Callable[[str], str]) -> frozenset[str]:
    """Return the ids of the documents of a plan that cannot have their addresses.

    A page that is made from no document goes first. Of two documents the one has it whose page is
    there: `holder` gives its id by the path, or "". Else an article goes before a standalone page,
    and of two articles the one with the earlier date, or id.
    """
    lost: set[str] = set()
    for path, claims in plan.claims.contested.items():
        wanting = [claim for claim in claims if claim.key[0] in DOCUMENTS]
        if not wanting:
            continue
        ids = {_id(claim) for claim in wanting}
        if all(claim.key[0] in (*DOCUMENTS, OWN, "expired", *STUBS) for claim in claims):
            known = holder(path)
            ids.discard(known if known in ids else _id(min(wanting, key=lambda it: rank(site, it))))
        lost |= ids
    for path in plan.claims.blocked:
        output = plan.claims.outputs.get(path)
        if output is not None and output.made_from:
            lost.add(output.made_from)
    return frozenset(lost)


def _id(claim: Claim) -> str:
    return str(claim.key[1])
