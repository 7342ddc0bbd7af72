"""ALTCHA: the browser of a commenter works for a moment, which costs a flood of comments dearly.

https://altcha.org/docs/: a challenge is signed, so none has to be kept; what was solved is kept,
so that it counts once (the library leaves that to its user). Nobody is refused for a missing
proof: browsers without JavaScript have none.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import altcha

from sitegen.receive.ledger import Ledger, mark_of

SECONDS = 600
"""Life of a challenge."""

_ALGORITHM = "SHA-256"
_COST = 1
_WORK = "0000"
"""What the digest has to begin with, in hex: 65,536 tries on average, below a second."""

_MOST = 4000


class Proof:
    """Gives challenges and looks at solutions."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._key = mark_of("altcha", ledger.key.hex()).hex()

    def challenge(self, now: float, about: Mapping[str, str]) -> dict[str, Any]:
        """Return a new challenge as ALTCHA's widget takes it, with what it is `about`."""
        made = altcha.create_challenge(
            _ALGORITHM,
            _COST,
            key_prefix=_WORK,
            expires_at=int(now) + SECONDS,
            data=dict(about),
            hmac_secret=self._key,
        )
        return made.to_dict()

    def read(self, payload: str, now: float) -> dict[str, str] | None:
        """Return what a solution is about, or None if it is none or was used; uses it up."""
        if not payload or len(payload) > _MOST:
            return None
        try:
            said = json.loads(base64.b64decode(payload))["challenge"]
            about, signature = said["parameters"]["data"], str(said["signature"])
            verdict = altcha.verify_solution(payload, self._key)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        if not verdict.verified or verdict.expired:
            return None
        if not self._ledger.use(mark_of("altcha", signature), now, 2 * SECONDS):
            return None
        return {str(key): str(value) for key, value in about.items()}
