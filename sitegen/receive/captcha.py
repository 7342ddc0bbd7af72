"""ALTCHA: the browser of a commenter does a proof of work, which makes floods expensive.

https://altcha.org/docs/: challenges are signed, so that none has to be stored; solved ones are
stored, so that each counts once (the library leaves that to its user). Nobody is refused for a
missing proof: browsers without JavaScript have none.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import altcha

from sitegen.receive.database import Database, digest_of

SECONDS = 600
"""Lifetime of a challenge."""

_ALGORITHM = "SHA-256"
_COST = 1
_KEY_PREFIX = "0000"
"""What the digest has to begin with, in hex: 65,536 tries on average, less than a second."""

_LONGEST_PAYLOAD = 4000


class Proof(NamedTuple):
    """A valid solution: the data of its challenge, and the digest by which it counts as used."""

    data: dict[str, str]
    digest: bytes


class Captcha:
    """Issues challenges and verifies solutions."""

    def __init__(self, database: Database) -> None:
        self._ledger = database
        self._key = digest_of("altcha", database.key.hex()).hex()

    def challenge(self, now: float, data: Mapping[str, str]) -> dict[str, Any]:
        """Return a new challenge as ALTCHA's widget takes it; its solution brings `data` back."""
        made = altcha.create_challenge(
            _ALGORITHM,
            _COST,
            key_prefix=_KEY_PREFIX,
            expires_at=int(now) + SECONDS,
            data=dict(data),
            hmac_secret=self._key,
        )
        return made.to_dict()

    def redeem(self, payload: str, now: float) -> Proof | None:
        """Return a valid solution, once; None for one that is invalid or used."""
        if not payload or len(payload) > _LONGEST_PAYLOAD:
            return None
        try:
            challenge = json.loads(base64.b64decode(payload))["challenge"]
            data, signature = challenge["parameters"]["data"], str(challenge["signature"])
            verdict = altcha.verify_solution(payload, self._key)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        if not verdict.verified or verdict.expired:
            return None
        proof = Proof(
            {str(key): str(value) for key, value in data.items()}, digest_of("altcha", signature)
        )
        return proof if self._ledger.use_once(proof.digest, now, 2 * SECONDS) else None

    def give_back(self, proof: Proof) -> None:
        """Let a solution count again, since what it was redeemed for was refused."""
        self._ledger.give_back(proof.digest)
