"""ALTCHA: the browser of a commenter works for a moment, which costs a flood of comments dearly.

https://altcha.org/docs/: a challenge is signed, so none has to be kept; what was solved is kept,
so that it counts once (the library leaves that to its user). Nobody is refused for a missing
proof: browsers without JavaScript have none.
"""

from __future__ import annotations

import base64
import binascii
import json
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

    def challenge(self, now: float) -> dict[str, Any]:
        """Return a new challenge, as the widget takes it."""
        made = altcha.create_challenge(
            _ALGORITHM,
            _COST,
            key_prefix=_WORK,
            expires_at=int(now) + SECONDS,
            data={"for": "comment"},
            hmac_secret=self._key,
        )
        return made.to_dict()

    def is_good(self, payload: str, now: float) -> bool:
        """Whether a field of the form holds a solution that was not used before; uses it up."""
        if not payload or len(payload) > _MOST:
            return False
        try:
            signature = json.loads(base64.b64decode(payload))["challenge"]["signature"]
            verdict = altcha.verify_solution(payload, self._key)
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            return False
        if not verdict.verified or verdict.expired:
            return False
        return self._ledger.use(mark_of("altcha", str(signature)), now, 2 * SECONDS)
