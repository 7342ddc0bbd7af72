"""Sign-ins of moderators: wrong ones are slowed down, each network for itself.

Nobody is locked out: that would let a stranger lock out the newsroom. From each network some
attempts are free; the next ones wait for their turn, and those for which the wait would be long
are told to come back. A right one is not counted. The algorithm is a leaky bucket with a virtual
clock (GCRA).

It is kept in memory: whoever guesses cannot restart the receiver.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Final

from sitegen.receive.senders import SenderNetwork

FREE: Final = 10
"""Wrong attempts that nobody has to wait for."""

SECONDS: Final = 10.0
"""Between the attempts after these."""

MOST_SECONDS: Final = 30.0
"""The longest that an attempt waits for its turn."""

MOST_WAITING: Final = 100
"""Attempts that wait for their turn at once; each is a connection."""

MOST_NETWORKS: Final = 10_000
"""Networks that are remembered."""


class SignIns:
    """The wrong sign-ins of late. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._paid_at: dict[str, float] = {}
        """When a network will have waited for all of its attempts, by its name."""

    def attempt(self, networks: Sequence[SenderNetwork], now: float) -> float:
        """Count an attempt; return the seconds after which its secret may be looked at.

        Above `MOST_SECONDS` it is not counted, and must not be looked at.
        """
        with self._lock:
            wait = max(self._wait(network, now) for network in networks)
            if wait <= MOST_SECONDS:
                for network in networks:
                    self._paid_at[network.name] = self._since(network, now) + _interval(network)
                self._forget(now)
            return wait

    def take_back(self, networks: Sequence[SenderNetwork]) -> None:
        """Count an attempt less: the secret was right."""
        with self._lock:
            for network in networks:
                if network.name in self._paid_at:
                    self._paid_at[network.name] -= _interval(network)

    def _since(self, network: SenderNetwork, now: float) -> float:
        return max(self._paid_at.get(network.name, now), now)

    def _wait(self, network: SenderNetwork, now: float) -> float:
        free = FREE * SECONDS - _interval(network)
        return round(max(0.0, self._since(network, now) - now - free), 3)

    def _forget(self, now: float) -> None:
        if len(self._paid_at) > MOST_NETWORKS:
            rest = {name: at for name, at in self._paid_at.items() if at > now}
            if len(rest) > MOST_NETWORKS:
                del rest[min(rest, key=rest.__getitem__)]
            self._paid_at = rest


def _interval(network: SenderNetwork) -> float:
    return SECONDS / network.share
