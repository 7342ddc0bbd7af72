"""What articles embed from other sites, and the policy of the host keeps browsers from showing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sitegen.config.content_security import allows
from sitegen.index.uses import Uses, how_many
from sitegen.model.documents import Embed, EmbedKind
from sitegen.model.errors import Location, Problem
from sitegen.model.wording import counted

MAX_NAMED = 3
"""How many origins a message names."""

BLOCKED_FRAMES = "browsers will not show frames"
"""How the warning about frames begins."""


def problems(uses: Uses[Embed], policy: str, base_url: str = "") -> Iterator[Problem]:
    """Yield a warning for all frames, and one for all scripts, that `policy` blocks.

    `policy` is the Content-Security-Policy that the host will send; "" for none. What comes from
    the site of `base_url` is its own. The place of a warning is the first article that has the
    first of them.
    """
    if not policy or not uses:
        return
    own = "/".join(base_url.lower().split("/")[:3])
    others = {embed: ids for embed, ids in uses.items() if not own or embed.origin != own}
    frames, scripts = _blocked(others, policy, "frame"), _blocked(others, policy, "script")
    if frames:
        origins = ", ".join(f'"{embed.origin}"' for embed, _ in islice(frames, MAX_NAMED))
        origins += ", …" if len(frames) > MAX_NAMED else ""
        hint = f"to show them, write `[hosting] frames = [{origins}]`"
        yield _problem(f"{BLOCKED_FRAMES} of {{}}", frames, hint)
    if scripts:
        hint = "link to what they show; or allow them by `[hosting] content_security_policy`"
        yield _problem("browsers will not run scripts {}", scripts, hint)


_Blocked = list[tuple[Embed, tuple[str, ...]]]


def _blocked(uses: Uses[Embed], policy: str, kind: EmbedKind) -> _Blocked:
    """Return what is blocked of a kind, and the articles that have it; most articles first."""
    found = (
        (embed, ids)
        for embed, ids in uses.items()
        if embed.kind == kind and not allows(policy, kind, embed.origin)
    )
    return sorted(found, key=lambda item: (-len(item[1]), item[0]))


def _problem(message: str, blocked: _Blocked, hint: str) -> Problem:
    place = blocked[0][1][0]
    return Problem(message.format(_listed(blocked, place)), Location(place), hint, "warning")


def _listed(blocked: _Blocked, place: str) -> str:
    named = []
    for embed, ids in blocked[:MAX_NAMED]:
        where = f", first {ids[0]}" if ids[0] != place else ""
        origin = embed.origin if embed.kind == "frame" else _written(embed.origin)
        named.append(f"{origin} ({how_many(ids)}{where})")
    if len(blocked) > MAX_NAMED:
        named.append(counted(len(blocked) - MAX_NAMED, "more site"))
    return " and ".join([", ".join(named[:-1]), named[-1]] if named[1:] else named)


def _written(origin: str) -> str:
    return f"of {origin}" if origin else "that stand in texts"
