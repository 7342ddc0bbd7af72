"""Where a URL from outside may lead: to the public web, and to nothing else.

Whoever can make this computer fetch a URL could make it fetch from its own network what nobody
outside can reach (server-side request forgery). So a URL is read strictly here, and each address
that its host stands for is held against the special-purpose registries of IANA
(https://www.iana.org/assignments/iana-ipv4-special-registry/, …ipv6…). Not by `ip.is_global`: its
lists differ between versions of Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import NamedTuple
from urllib.parse import quote, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PORTS = frozenset({80, 443, 8080, 8443})
"""Ports of web servers. On others, a request could speak to something that is none."""

LONGEST_URL = 2048
LONGEST_HOST = 253
"""RFC 1035, 2.3.4, without the last dot."""

_SPECIAL = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24
    198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
    168.63.129.16/32
    2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20
"""
"""The line with a single address is the one through which virtual machines of Azure speak with
their host. 6to4 (2002::/16) and Teredo (in 2001::/23) carry an IPv4 address of anybody's choice."""

_NOT_PUBLIC = tuple(ip_network(text) for text in _SPECIAL.split())

_PUBLIC_V6 = ip_network("2000::/3")
"""All that was ever given out; link-local, unique-local, multicast, mapped … lie outside."""

_NAT64 = ip_network("64:ff9b::/96")
"""Stands for the IPv4 address in its last 32 bits, where a network has no IPv4 (RFC 6052)."""

_LOW_32 = 0xFFFF_FFFF
_ISATAP = 0x5EFE
"""In the interface identifier: the last 32 bits are an IPv4 address, reached by a tunnel."""
_WITHOUT_UNIVERSAL_BIT = 0xFDFF_FFFF

_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\\ud800-\udfff]")
_LABELS = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_KEPT_IN_PATH = "/%:@!$&'()*+,;=~?[]|"


class UnsafeURLError(Exception):
    """A URL that is not fetched; the message says why."""


class Target(NamedTuple):
    """A URL that may be fetched, if the addresses of its host may."""

    scheme: str
    host: str
    """In lower case and ASCII, without brackets or a last dot: a name or an address."""
    port: int
    path: str
    """Path and query, percent-encoded."""

    @property
    def authority(self) -> str:
        """What stands in `Host`: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == default_port(self.scheme) else f"{host}:{self.port}"

    def __str__(self) -> str:
        """Return the URL, without a fragment."""
        return f"{self.scheme}://{self.authority}{self.path}"


def default_port(scheme: str) -> int:
    """Return the port of `http` or `https`."""
    return 443 if scheme == "https" else 80


def read_url(url: str, ports: frozenset[int] | None = PORTS) -> Target:
    """Return what a URL names; `ports` are those allowed, None for any.

    Raises `UnsafeURLError` for whatever is no plain http or https URL: with a password, with
    spaces or control characters, too long, with a host that is no name and no plain address.
    """
    if len(url) > LONGEST_URL:
        raise UnsafeURLError(f"the URL is longer than {LONGEST_URL} characters")
    if _UNSAFE.search(url):
        raise UnsafeURLError("the URL contains a space or another invalid character")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnsafeURLError("the URL is malformed") from None
    if parts.scheme not in ("http", "https"):
        raise UnsafeURLError("the URL does not begin with http:// or https://")
    if "@" in parts.netloc:
        raise UnsafeURLError("the URL contains a user name or password")
    host = _host(parts.hostname or "", is_v6="[" in parts.netloc)
    port = default_port(parts.scheme) if port is None else port
    if port == 0 or (ports is not None and port not in ports):
        raise UnsafeURLError(f"port {port} is not allowed")
    query = f"?{parts.query}" if parts.query else ""
    path = quote(f"{parts.path or '/'}{query}", safe=_KEPT_IN_PATH)
    return Target(parts.scheme, host, port, path)


def _host(host: str, *, is_v6: bool) -> str:
    if is_v6:
        try:
            return str(IPv6Address(host)) if "%" not in host else _refuse_host()
        except ValueError:
            _refuse_host()
    if len(host) > LONGEST_HOST + 1:
        _refuse_host()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            _refuse_host()
    host = host.lower().removesuffix(".")
    if len(host) > LONGEST_HOST or not _LABELS.fullmatch(host):
        _refuse_host()
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        # To resolvers 2130706433, 0x7f.1, 0177.0.0.1 and 127.1 are 127.0.0.1, to others not. What
        # ends in a number is an address (URL Standard, "ends in a number checker"), and here
        # written as everybody writes it or not at all.
        try:
            return str(IPv4Address(host))
        except ValueError:
            _refuse_host()
    return host


def _refuse_host() -> str:
    raise UnsafeURLError("the URL has no valid host name")


def is_public(address: Address, allowed: Iterable[Network] = ()) -> bool:
    """Whether an address is one of the public internet, or in one of the `allowed` networks."""
    if any(address in network for network in allowed):
        return True
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        number = int(address)
        if address in _NAT64:
            return is_public(IPv4Address(number & _LOW_32))
        if address not in _PUBLIC_V6:
            return False
        if (number >> 32) & _WITHOUT_UNIVERSAL_BIT == _ISATAP:
            return False
    return not any(address in network for network in _NOT_PUBLIC)


def read_addresses(texts: Iterable[str]) -> list[Address]:
    """Return addresses as a resolver gives them, in order, each once."""
    return list(dict.fromkeys(ip_address(text) for text in texts))
