"""Rules of `sitegen.web.fetching`: only the public web, only so much, only so long."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Sequence
from ipaddress import ip_network
from typing import Any

import pytest
import trustme

from sitegen.web import fetching
from sitegen.web.fetching import Fetched, Fetcher, FetchError, Limits, _decompressed
from tests.wild_server import LOOPBACK, Asked, Line, Wild, answer, moved, wild

HOME = """
    127.0.0.1 localhost localhost. 2130706433 0x7f.1 0177.0.0.1 127.1 [::1] [::ffff:127.0.0.1]
    [::ffff:7f00:1] [64:ff9b::7f00:1] [2002:7f00:1::] 0.0.0.0 [::] 10.0.0.1 192.168.0.1
    169.254.169.254 100.64.0.1 [fe80::1] [fd00::1] 224.0.0.1 １２７。0。0。1
"""
"""This computer and its network, in many spellings."""

SOON = Limits(seconds=0.3, most_bytes=10_000, redirects=3)


def here(_host: str) -> Sequence[str]:
    """Resolve every name to loopback."""
    return ["127.0.0.1"]


def fetcher(limits: Limits = Limits(), **options: Any) -> Fetcher:  # noqa: B008 - a frozen value
    """Return a fetcher that may fetch from 127.0.0.1, with any port."""
    chosen = {"allowed": LOOPBACK, "ports": None, "resolver": here, **options}
    return Fetcher("tests", limits, **chosen)


def reason(call: Callable[[], Fetched]) -> str:
    """Return why a fetch fails, which it must."""
    with pytest.raises(FetchError) as caught:
        call()
    return caught.value.reason


def test_a_page_comes_with_status_headers_and_body() -> None:
    """What was answered comes whole, repeated headers in order, under the last address."""
    with wild({"/a?b": answer("<p>Hi</p>", Link="<x>", LINK="<y>")}) as server:
        got = fetcher().get(server.url("/a?b#c"), accept="text/html")

    assert got.status == 200
    assert got.body == b"<p>Hi</p>"
    assert not got.is_truncated
    assert got.url == server.url("/a?b")
    assert got.all_headers("link") == ["<x>", "<y>"]
    assert got.header("content-type") == "text/html; charset=utf-8"
    assert got.header("absent") == ""
    assert server.asked[0].headers["accept"] == "text/html"
    assert server.asked[0].headers["user-agent"] == "tests"


def test_an_error_of_the_server_is_an_answer() -> None:
    """410 is a piece of news, not a failure."""
    with wild({"/": answer("", "410 Gone")}) as server:
        assert fetcher().get(server.url("/")).status == 410


def test_a_form_is_sent_and_not_sent_on() -> None:
    """A POST reaches the URL itself; an answer that names another is given back as it is."""
    with wild({"/a": moved("/b", "307 Temporary Redirect"), "/b": answer("no")}) as server:
        got = fetcher().post(server.url("/a"), b"x=y", "application/x-www-form-urlencoded")

    assert got.status == 307
    assert [(item.method, item.target, item.body) for item in server.asked] == [
        ("POST", "/a", b"x=y")
    ]


# Only the public web


@pytest.mark.parametrize("host", HOME.split())
def test_what_is_not_public_is_never_asked(host: str) -> None:
    """In no spelling does an address of this computer or its network get a connection."""
    strict = Fetcher("tests", ports=None)
    with wild({"*": answer("secret")}) as server:
        assert reason(lambda: strict.get(server.url("/", host))) in ("address", "url")
        assert server.asked == []


def test_a_name_that_leads_home_is_refused() -> None:
    """The DNS of somebody else may name our addresses: what counts is the address."""
    strict = Fetcher("tests", ports=None, resolver=here)
    with wild({"*": answer("secret")}) as server:
        assert reason(lambda: strict.get(server.url("/", "evil.example"))) == "address"
        assert server.asked == []


def test_one_private_address_among_public_ones_is_enough() -> None:
    """A host that is here and there is not asked there either."""
    mixed = fetcher(resolver=lambda _host: ["127.0.0.1", "10.0.0.1"])
    with wild({"*": answer("secret")}) as server:
        assert reason(lambda: mixed.get(server.url("/", "mixed.example"))) == "address"
        assert server.asked == []


def test_the_dns_is_asked_once_and_its_answer_kept() -> None:
    """DNS that changes its answer after the check changes nothing: the checked address is used."""
    answers = [["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]]
    asked: list[str] = []

    def changing(host: str) -> Sequence[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    with wild({"/": answer("ok")}) as server:
        got = fetcher(resolver=changing).get(server.url("/", "rebind.example"))
        assert got.body == b"ok"
        assert asked == ["rebind.example"]
        assert server.asked[0].headers["host"] == f"rebind.example:{server.port}"


def test_every_hop_is_checked() -> None:
    """A redirect to a private address, or to a name that has become one, ends the fetch."""
    seen: list[str] = []

    def turning(host: str) -> Sequence[str]:
        seen.append(host)
        return ["127.0.0.1"] if len(seen) == 1 else ["192.168.0.1"]

    with wild({"/ip": moved("http://10.0.0.1/"), "/name": moved("/again")}) as server:
        assert reason(lambda: fetcher().get(server.url("/ip", "a.example"))) == "address"
        turned = fetcher(resolver=turning)
        assert reason(lambda: turned.get(server.url("/name", "a.example"))) == "address"
        assert server.targets() == ["/ip", "/name"]


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "gopher://a/", "http://a:22/", "//u:p@a/", "http://[::1"]
)
def test_a_redirect_leads_only_to_the_web(location: str) -> None:
    """Each hop's URL is read as strictly as the first."""
    with wild({"/": moved(location)}) as server:
        allowed = fetcher(ports=frozenset({server.port}))
        assert reason(lambda: allowed.get(server.url("/"))) == "url"


def test_only_ports_of_the_web_are_used() -> None:
    """Without being told otherwise, a URL with the port of a mail server is refused."""
    assert reason(lambda: Fetcher("tests").get("http://example.org:25/")) == "url"


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would resolve names for itself, so there is none."""
    with wild({"*": answer("proxy")}) as proxy, wild({"/": answer("site")}) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url("/"))
        assert fetcher().get(server.url("/")).body == b"site"
        assert proxy.asked == []


def test_tls_is_spoken_to_the_name_and_not_to_the_address() -> None:
    """The checked address is connected to; certificate and SNI are those of the URL's host."""
    authority = trustme.CA()
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("good.example").configure_cert(serving)
    names: list[str | None] = []
    serving.sni_callback = lambda _socket, name, _context: names.append(name)
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    with wild({"/": answer("safe")}, serving) as server:
        assert fetcher(trust=trust).get(server.url("/", "good.example")).body == b"safe"
        assert names == ["good.example"]
        other = fetcher(trust=trust)
        assert reason(lambda: other.get(server.url("/", "bad.example"))) == "connection"
        assert reason(lambda: fetcher().get(server.url("/", "good.example"))) == "connection"
        assert len(server.asked) == 1


# Only so much


def test_a_redirect_loop_ends() -> None:
    """After the limit nothing more is asked."""
    with wild({"/": moved("/")}) as server:
        assert reason(lambda: fetcher(SOON._replace(seconds=10)).get(server.url("/"))) == (
            "redirects"
        )
        assert len(server.asked) == 4


def test_redirects_within_the_limit_are_followed() -> None:
    """Relative and absolute ones; the last address is told."""
    with wild({}) as server:
        server.routes |= {
            "/1": moved("2"),
            "/2": moved(server.url("/3"), "308 Permanent Redirect"),
            "/3": answer("here"),
        }
        got = fetcher().get(server.url("/1"))
    assert (got.url, got.body) == (server.url("/3"), b"here")


def test_what_is_more_than_the_limit_is_not_read() -> None:
    """A body without end is cut at the limit."""

    def endless(line: Line, _asked: Asked) -> None:
        line.send(b"HTTP/1.1 200 OK\r\n\r\n")
        line.drip(b"x" * 4000)

    with wild({"/": endless}) as server:
        got = fetcher(Limits(most_bytes=10_000)).get(server.url("/"))
    assert got.is_truncated
    assert got.body == b"x" * 10_000


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_does_not_go_off(coding: str) -> None:
    """A small body that unpacks to a large one is cut at the limit, too."""
    data = bytes(50_000_000)
    packed = gzip.compress(data) if coding == "gzip" else zlib.compress(data)
    with wild({"/": answer(packed, Content_Encoding=coding)}) as server:
        got = fetcher(Limits(most_bytes=10_000)).get(server.url("/"))
    assert got.is_truncated
    assert got.body == bytes(10_000)


def test_a_packed_body_is_unpacked() -> None:
    """`gzip`, which is what is asked for, comes out as it went in."""
    with wild({"/": answer(gzip.compress(b"hello"), Content_Encoding="gzip")}) as server:
        got = fetcher().get(server.url("/"))
    assert (got.body, got.is_truncated) == (b"hello", False)


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_all_members_of_gzip_are_unpacked(size: int) -> None:
    """They make one body, however the bytes come; what is no member ends it."""
    packed = gzip.compress(b"one, ") + gzip.compress(b"two, ") + gzip.compress(b"three")
    chunks = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert _decompressed(chunks, "gzip", 1000) == (b"one, two, three", False)
    assert _decompressed([*chunks, b"\0" * 9, packed], "gzip", 1000) == (b"one, two, three", False)
    long = [gzip.compress(b"x" * 60), gzip.compress(b"y" * 60)]
    assert _decompressed(long, "gzip", 100) == (b"x" * 60 + b"y" * 40, True)
    assert _decompressed([zlib.compress(b"one"), packed], "deflate", 1000) == (b"one", False)


def test_members_without_end_are_cut() -> None:
    """Each costs something, though it holds nothing."""
    packed = gzip.compress(b"x") * (2 * fetching.MOST_MEMBERS)
    assert _decompressed([packed], "gzip", 10_000) == (b"x" * fetching.MOST_MEMBERS, True)


@pytest.mark.parametrize("coding", ["gzip", "br", "gzip, gzip", "x" * 9000])
def test_what_is_packed_otherwise_or_wrongly_is_an_error(coding: str) -> None:
    """A coding that was not asked for, or bytes that are not packed so, are not guessed at."""
    with wild({"/": answer(b"not packed", Content_Encoding=coding)}) as server:
        assert reason(lambda: fetcher().get(server.url("/"))) == "protocol"


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n",
        b"",
    ],
)
def test_what_is_no_http_is_an_error(raw: bytes) -> None:
    """Another protocol, lies about the length, headers without end."""
    with wild({"/": raw}) as server:
        assert reason(lambda: fetcher().get(server.url("/"))) in ("protocol", "connection")


# Only so long


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n",
    ],
    ids=["status", "head", "body"],
)
def test_slow_bytes_do_not_make_more_time(start: bytes) -> None:
    """The time is for the whole: a byte now and then does not begin it again."""

    def slow(line: Line, _asked: Asked) -> None:
        line.send(start)
        line.drip(b"x")

    with wild({"/": slow}) as server:
        assert reason(lambda: fetcher(SOON).get(server.url("/"))) == "time"


def test_provisional_answers_do_not_make_more_work() -> None:
    """`100 Continue` without end is ended by its bytes, long before the time is over."""

    def endless(line: Line, _asked: Asked) -> None:
        with contextlib.suppress(OSError):
            while True:
                line.send(b"HTTP/1.1 100 C\r\n\r\n" * 500)

    with wild({"/": endless}) as server:
        assert reason(lambda: fetcher().get(server.url("/"))) == "protocol"


def test_the_smallest_chunks_do_not_make_more_work() -> None:
    """A body in chunks of one byte is cut after so many, a few of them are a body like any."""
    chunk = b"1\r\nx\r\n"
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with wild({"/": head + chunk * 100_000, "/few": head + chunk * 100 + b"0\r\n\r\n"}) as server:
        got = fetcher().get(server.url("/"))
        few = fetcher().get(server.url("/few"))
    assert (len(got.body), got.is_truncated) == (fetching.MOST_CHUNKS, True)
    assert (few.body, few.is_truncated) == (b"x" * 100, False)


def test_what_stands_around_chunks_does_not_make_more_work() -> None:
    """Extensions of chunks count like the bytes of the body."""
    chunk = b"1;" + b"e" * 8000 + b"\r\nx\r\n"
    body = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 100
    with wild({"/": body}) as server:
        assert reason(lambda: fetcher(Limits(most_bytes=9000)).get(server.url("/"))) == "protocol"


def test_single_bytes_do_not_make_more_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection is read only so often, whatever comes each time."""
    monkeypatch.setattr(fetching, "MOST_READS", 5)
    with wild({"/": answer(b"x" * 500_000), "/small": answer(b"x")}) as server:
        assert fetcher().get(server.url("/small")).body == b"x"
        assert reason(lambda: fetcher().get(server.url("/"))) == "protocol"


def test_redirects_do_not_make_more_time() -> None:
    """The time is for all hops together."""

    def slow(line: Line, _asked: Asked) -> None:
        line.hang()

    with wild({"/": moved("/b"), "/b": slow}) as server:
        assert reason(lambda: fetcher(SOON).get(server.url("/"))) == "time"


def test_a_server_that_says_nothing_does_not_hold_us() -> None:
    """Neither before TLS nor after the connection."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for scheme in ("http", "https"):
            url = f"{scheme}://a.example:{silent.getsockname()[1]}/"
            assert reason(lambda url=url: fetcher(SOON).get(url)) == "time"  # type: ignore[misc]  # mypy does not type lambdas with defaults


def test_a_resolver_that_hangs_does_not_hold_us() -> None:
    """The system's resolver has no deadline, so it is waited for only so long."""
    end = threading.Event()

    def hanging(_host: str) -> Sequence[str]:
        end.wait()
        return ["127.0.0.1"]

    try:
        assert reason(lambda: fetcher(SOON, resolver=hanging).get("http://a.example/")) == "time"
    finally:
        end.set()


def test_a_name_without_address_is_told() -> None:
    """What has no address, or none that is one, cannot be fetched."""

    def none(_host: str) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    assert reason(lambda: fetcher(resolver=none).get("http://a.example/")) == "name"
    assert reason(lambda: fetcher(resolver=lambda _h: []).get("http://a.example/")) == "name"
    assert reason(lambda: fetcher(resolver=lambda _h: ["x"]).get("http://a.example/")) == "name"


def test_the_next_address_is_tried() -> None:
    """A host with an address that does not answer is reached at its other one."""
    both = fetcher(
        resolver=lambda _host: ["127.0.0.9", "127.0.0.1"], allowed=[ip_network("127.0.0.0/8")]
    )
    with wild({"/": answer("ok")}) as server:
        assert both.get(server.url("/", "two.example")).body == b"ok"


def test_several_threads_share_a_fetcher() -> None:
    """Each fetch has its own connection, time and limits."""
    bodies: list[bytes] = []

    def fetch(server: Wild, shared: Fetcher, number: int) -> None:
        bodies.append(shared.get(server.url(f"/{number}")).body)

    with wild({f"/{n}": answer(str(n)) for n in range(8)}) as server:
        shared = fetcher()
        threads = [threading.Thread(target=fetch, args=(server, shared, n)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(bodies) == [str(n).encode() for n in range(8)]
