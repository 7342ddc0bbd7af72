"""Which `Host` headers a preview accepts.

A page of any site can make a browser send requests to this computer, under a name of its own
that it lets lead here (DNS rebinding), and read drafts. So only names that are known to be ours
are answered, and addresses where the user opened the preview to the network.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Collection
from ipaddress import ip_address
from typing import NamedTuple

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_HEADER = re.compile(r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[^:\[\]/@\s]+))(?::\d*)?", re.IGNORECASE)


class AllowedHosts(NamedTuple):
    """The host names that a server accepts."""

    names: frozenset[str]
    any_address: bool
    """Whether every numeric address is ours, too: nobody can let a number lead elsewhere."""

    def allow(self, header: str) -> bool:
        """Whether a `Host` header is one of ours, with whatever port."""
        name = host_name(header)
        return name in self.names or (self.any_address and _is_address(name))


def allowed_hosts(host: str, others: Collection[str] = ()) -> AllowedHosts:
    """Return the names that a server which listens on `host` accepts.

    `others` are names that somebody says are ours, too: those of a proxy, say.
    """
    host = host.strip("[]").lower()
    names = LOOPBACK | {host_name(name) for name in others}
    if not is_everywhere(host):
        return AllowedHosts(names | {host}, any_address=False)
    own = socket.gethostname().lower()
    return AllowedHosts(names | {own, f"{own}.local"}, any_address=True)


def is_everywhere(host: str) -> bool:
    """Whether `host` stands for all addresses of this computer."""
    return host == "" or (_is_address(host) and ip_address(host).is_unspecified)


def is_loopback(host: str) -> bool:
    """Whether nobody else can reach a server that listens on `host`."""
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def host_name(header: str) -> str:
    """Return the name of a `Host` header in lower case, without the port; "" if it is none."""
    match = _HEADER.fullmatch(header)
    if match is None:
        return ""
    return (match["v6"] or match["name"]).lower().removesuffix(".")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
