"""Fetches a URL that somebody else chose: from the public web only, and never for long.

On each hop the host's addresses are looked up once and all held against `addresses`; then the
connection goes to a checked address itself, while `Host` and the TLS name stay the URL's. So an
answer of the DNS that changes after the check changes nothing. All that is read is limited in
bytes, before and after unpacking, and the whole in time.

The basis is httpcore: it makes connections through a backend that can be given, which is just the
place for the guard, and knows nothing of redirects, cookies, unpacking or proxies of the
environment. Python's own `http.client` has no such place: a slow head would have to be watched
from another thread, and pinning an address under TLS means writing over its private parts.

What went wrong is for our log. Told to whoever named the URL, it would make this a port scanner.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple
from urllib.parse import urljoin

import httpcore

from sitegen.web.addresses import (
    PORTS,
    Address,
    Network,
    Target,
    UnsafeURLError,
    is_public,
    read_addresses,
    read_url,
)
from sitegen.work.threads import start_thread

Reason = Literal["url", "address", "name", "connection", "time", "protocol", "redirects"]
"""Why nothing was fetched: `url` and `address` are refusals of ours, the rest are failures."""

Resolver = Callable[[str], Sequence[str]]
"""Host name → its addresses as text. Raises `OSError` if there are none."""

MOST_ADDRESSES = 4
"""Addresses of a host that are tried."""

MOST_HEAD_BYTES = 65_536
"""Bytes of a head, together with all provisional answers (`100 Continue`) before it."""

MOST_CHUNKS = 10_000
"""Pieces in which a body is sent: each costs as much as a thousand bytes."""

MOST_READS = 10_000
"""Reads from a connection, which gives as little as the server sends at a time."""

MOST_MEMBERS = 100
"""Compressed members that a body of gzip consists of (RFC 1952, section 2.2)."""

_CHUNK = 16_384
_GZIP = b"\x1f\x8b"
_MOVED = frozenset({301, 302, 303, 307, 308})


class FetchError(Exception):
    """Nothing was fetched, for a kind of `reason`; the message is for the log."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason: Reason = reason


class Limits(NamedTuple):
    """How much one fetch may cost, with all its hops."""

    seconds: float = 10.0
    most_bytes: int = 1_000_000
    """Of the body, as sent and as unpacked: what comes after is not read."""
    redirects: int = 5


class Fetched(NamedTuple):
    """What a server answered, whatever its status."""

    url: str
    """Of the last hop, without a fragment."""
    status: int
    headers: tuple[tuple[str, str], ...]
    """In order, repeated ones too; names in lower case, values as Latin-1."""
    body: bytes
    is_truncated: bool
    """Whether the body was longer than the limit."""

    def header(self, name: str) -> str:
        """Return the first header of this name (in lower case), or ""."""
        return next(iter(self.all_headers(name)), "")

    def all_headers(self, name: str) -> list[str]:
        """Return all headers of this name (in lower case)."""
        return [value for key, value in self.headers if key == name]


def system_resolver(host: str) -> Sequence[str]:
    """Ask the system for the addresses of a host."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Fetcher:
    """Fetches from the public web. May be used by several threads.

    `user_agent` is who we say we are, `limits` those of each fetch. The rest is for tests, and for
    whoever runs a closed network of their own: another resolver, other `ports` (None: any),
    networks that are `allowed` although they are not public, and the certificate authorities to
    `trust`.
    """

    def __init__(
        self,
        user_agent: str,
        limits: Limits = Limits(),  # noqa: B008 - a frozen value
        *,
        resolver: Resolver = system_resolver,
        ports: frozenset[int] | None = PORTS,
        allowed: Iterable[Network] = (),
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self.user_agent = user_agent
        self.limits = limits
        self._resolver = resolver
        self._ports = ports
        self._allowed = tuple(allowed)
        self._trust = trust or httpcore.default_ssl_context()

    def get(self, url: str, accept: str = "*/*", limits: Limits | None = None) -> Fetched:
        """Fetch `url`, following redirects. Raises `FetchError`."""
        return self._fetch("GET", url, {"Accept": accept}, None, limits or self.limits)

    def head(self, url: str, limits: Limits | None = None) -> Fetched:
        """Fetch the headers of `url`, without following redirects. Raises `FetchError`."""
        chosen = (limits or self.limits)._replace(redirects=0)
        return self._fetch("HEAD", url, {"Accept": "*/*"}, None, chosen)

    def post(
        self, url: str, body: bytes, content_type: str, limits: Limits | None = None
    ) -> Fetched:
        """Send `body` to `url`, without following redirects. Raises `FetchError`."""
        chosen = (limits or self.limits)._replace(redirects=0)
        return self._fetch("POST", url, {"Content-Type": content_type}, body, chosen)

    def _fetch(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, limits: Limits
    ) -> Fetched:
        end = time.monotonic() + limits.seconds
        for hop in range(limits.redirects + 1):
            answer = self._hop(method, self._read(url), headers, body, limits.most_bytes, end)
            location = answer.header("location")
            if answer.status not in _MOVED or not location or limits.redirects == 0:
                return answer
            if hop < limits.redirects:
                try:
                    # Bytes of UTF-8, which many servers send, come as Latin-1.
                    url = urljoin(answer.url, location.encode("latin-1").decode("utf-8", "replace"))
                except ValueError:
                    raise FetchError("url", "redirects to an invalid URL") from None
        raise FetchError("redirects", f"redirects more than {limits.redirects} times")

    def _read(self, url: str) -> Target:
        try:
            return read_url(url, self._ports)
        except UnsafeURLError as error:
            raise FetchError("url", str(error)) from None

    def _hop(
        self,
        method: str,
        target: Target,
        headers: Mapping[str, str],
        body: bytes | None,
        most: int,
        end: float,
    ) -> Fetched:
        sent = {
            "Host": target.authority,
            "User-Agent": self.user_agent,
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **headers,
        }
        if body is not None:
            sent["Content-Length"] = str(len(body))
        allowance = _Allowance(MOST_HEAD_BYTES)
        guard = _Guard(self._resolver, self._allowed, end, allowance)
        url = httpcore.URL(
            scheme=target.scheme, host=target.host, port=target.port, target=target.path
        )
        try:
            with (
                httpcore.ConnectionPool(
                    ssl_context=self._trust, network_backend=guard, max_connections=1
                ) as pool,
                pool.stream(method, url, headers=list(sent.items()), content=body) as response,
            ):
                answered = tuple(
                    (name.decode("latin-1").lower(), value.decode("latin-1"))
                    for name, value in response.headers
                )
                head = Fetched(str(target), response.status, answered, b"", is_truncated=False)
                if method == "HEAD":
                    return head
                # Twice: what stands around the pieces of a body counts, too.
                allowance.more_bytes += 2 * most
                data, is_truncated = _decompressed(response.iter_stream(), _coding(head), most)
                return head._replace(body=data, is_truncated=is_truncated)
        except httpcore.TimeoutException:
            raise FetchError("time", f"{target.host} timed out") from None
        except httpcore.NetworkError as error:
            raise FetchError("connection", f"{target.host}: {error}") from None
        except (httpcore.ProtocolError, zlib.error) as error:
            raise FetchError("protocol", f"{target.host}: {error}") from None


def _coding(head: Fetched) -> str:
    codings = ",".join(head.all_headers("content-encoding")).lower().strip()
    if codings not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise FetchError("protocol", f"the Content-Encoding {codings[:40]!r} is not supported")
    return "" if codings == "identity" else codings


def _decompressed(chunks: Iterable[bytes], coding: str, most: int) -> tuple[bytes, bool]:
    """Return at most `most` bytes of a body, and whether there were more."""
    unpacker = _Unpacker() if coding else None
    data = bytearray()
    came = 0
    for number, chunk in enumerate(chunks, 1):
        came += len(chunk)
        # One byte more than may come tells that there are more; a bomb never goes off.
        data += unpacker.unpack(chunk, most + 1 - len(data)) if unpacker else chunk
        if len(data) > most or came > most or number >= MOST_CHUNKS:
            return bytes(data[:most]), True
        if unpacker is not None and unpacker.is_at_end:
            return bytes(data), unpacker.is_truncated
    return bytes(data), False


class _Unpacker:
    """Unpacks deflate, or gzip with all of its members; what comes after them is passed over."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
        self._count = 1
        self._rest = b""
        self._is_gzip: bool | None = None
        self.is_at_end = self.is_truncated = False

    def unpack(self, chunk: bytes, most: int) -> bytes:
        """Return at most `most` bytes more."""
        data = bytearray()
        packed = self._rest + chunk
        self._rest = b""
        while packed and len(data) < most and not self.is_at_end:
            if self._member.eof:
                if len(packed) < len(_GZIP) and _GZIP.startswith(packed):
                    self._rest = packed
                    break
                self._begin(packed)
            else:
                if self._is_gzip is None:
                    self._is_gzip = packed.startswith(_GZIP[:1])
                data += self._member.decompress(packed, most - len(data))
                packed = self._member.unused_data
        return bytes(data)

    def _begin(self, packed: bytes) -> None:
        """Begin another member, if there is one."""
        if not self._is_gzip or not packed.startswith(_GZIP):
            self.is_at_end = True
        elif self._count == MOST_MEMBERS:
            self.is_at_end = self.is_truncated = True
        else:
            self._member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
            self._count += 1


class _Allowance:
    """How much may still be read from the connection of a hop."""

    def __init__(self, more_bytes: int) -> None:
        self.more_bytes = more_bytes
        self._more_reads = MOST_READS

    def take(self, data: bytes) -> bytes:
        """Return data that was read, unless it was too much."""
        self.more_bytes -= len(data)
        self._more_reads -= 1
        if self.more_bytes < 0 or self._more_reads < 0:
            raise httpcore.RemoteProtocolError("sends more than its answer may need")
        return data


class _Guard(httpcore.NetworkBackend):
    """Connects to checked addresses only, and not after the end of the time given."""

    def __init__(
        self,
        resolver: Resolver,
        allowed: tuple[Network, ...],
        end: float,
        allowance: _Allowance,
    ) -> None:
        self._allowance = allowance
        self._resolver = resolver
        self._allowed = allowed
        self._end = end
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("the host has no address")
        addresses = self._addresses(host)
        if any(not is_public(address, self._allowed) for address in addresses):
            # One that is not public is enough: no host of the web has such a one beside others.
            raise FetchError("address", f"{host} is not a public address")
        for address in addresses[:MOST_ADDRESSES]:
            try:
                stream = self._inner.connect_tcp(
                    str(address),
                    port,
                    timeout=_left(self._end, timeout, httpcore.ConnectTimeout),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            return _Timed(stream, self._end, self._allowance)
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Any = None
    ) -> httpcore.NetworkStream:
        del path, timeout, socket_options
        raise FetchError("address", "a Unix socket is not on the public web")

    def _addresses(self, host: str) -> list[Address]:
        """Return the addresses of a host, whose lookup may take no longer than the rest."""
        with contextlib.suppress(ValueError):
            return read_addresses([host])
        found: list[Address] = []
        failures: list[str] = []

        # The system's resolver knows no deadline. A thread that hangs in it ends by itself.
        thread = start_thread(
            "resolver",
            lambda: found.extend(read_addresses(self._resolver(host))),
            lambda error: failures.append(str(error)),
            daemon=True,
        )
        if thread.ident is not None:
            thread.join(_left(self._end, None, httpcore.ConnectTimeout))
        if thread.is_alive():
            raise FetchError("time", f"looking up {host} timed out")
        if failures or not found:
            raise FetchError("name", f"{host} cannot be resolved: {''.join(failures)}")
        return found


class _Timed(httpcore.NetworkStream):
    """A connection that ends at a given time, however slowly its bytes come, and however many."""

    def __init__(self, inner: httpcore.NetworkStream, end: float, allowance: _Allowance) -> None:
        self._inner = inner
        self._end = end
        self._allowance = allowance

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        most = min(max_bytes, _CHUNK)
        left = _left(self._end, timeout, httpcore.ReadTimeout)
        return self._allowance.take(self._inner.read(most, left))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # In pieces: the inner stream gives each send that gets only some bytes away a new time.
        for start in range(0, len(buffer), _CHUNK):
            piece = buffer[start : start + _CHUNK]
            self._inner.write(piece, _left(self._end, timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._end, timeout, httpcore.ConnectTimeout)
        inner = self._inner.start_tls(ssl_context, server_hostname, left)
        return _Timed(inner, self._end, self._allowance)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(end: float, timeout: float | None, error: type[Exception]) -> float:
    """Return the seconds until `end`, or until `timeout` if that is sooner."""
    left = end - time.monotonic()
    if left <= 0:
        raise error("the time limit is reached")
    return left if timeout is None else min(left, timeout)
