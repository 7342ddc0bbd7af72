"""Who sends: an address, and the networks that it lies in.

Whoever has one IPv6 address has a network of them, and a new address for each request: so what is
counted is networks, a large one beside the small ones in it.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import Final, NamedTuple

_V6_NETWORKS: Final = ((64, 1), (56, 3), (48, 10))
"""Lengths of prefixes that are given to one household, server or customer, and their shares."""


class SenderNetwork(NamedTuple):
    """A network that is counted as one sender."""

    name: str
    """`203.0.113.7`, `2001:db8:0:1::/64`."""
    share: int
    """How many times as much may come from it as from a single address."""


def networks_of(address: str) -> tuple[SenderNetwork, ...]:
    """Return what an address counts for, the smallest first; any other text counts for itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return (SenderNetwork(address, 1),)
    if not isinstance(found, IPv6Address):
        return (SenderNetwork(str(found), 1),)
    if found.ipv4_mapped is not None:
        return (SenderNetwork(str(found.ipv4_mapped), 1),)
    return tuple(SenderNetwork(_prefix(found, bits), share) for bits, share in _V6_NETWORKS)


def _prefix(address: IPv6Address, bits: int) -> str:
    return f"{IPv6Address(int(address) >> (128 - bits) << (128 - bits))}/{bits}"
