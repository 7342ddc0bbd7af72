"""Rules of `sitegen.web.addresses`: what is fetched, and what never is."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.web.addresses import UnsafeURLError, is_public, read_addresses, read_url

NOT_PUBLIC = """
    0.0.0.0 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254
    172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1
    198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 168.63.129.16
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1
    64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b:1::1 100::1 2001::1 2001:db8::1
    2002:7f00:1::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0
    fec0::1 ff02::1 2600::5efe:10.0.0.1 2600::200:5efe:10.0.0.1 4000::1
"""
PUBLIC = """
    1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.0 172.32.0.1 192.0.1.1 223.255.255.255
    2001:4860:4860::8888 2606:4700:4700::1111 2a00:1450::1 64:ff9b::8.8.8.8
"""


@pytest.mark.parametrize("text", NOT_PUBLIC.split())
def test_an_address_that_is_not_public_is_known(text: str) -> None:
    """Loopback, private, link-local, shared, multicast, reserved: also in clothes of IPv6."""
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC.split())
def test_an_address_of_the_web_is_public(text: str) -> None:
    """What lies beside the private networks is not taken for them."""
    assert is_public(ip_address(text))


@given(st.integers(0, 2**32 - 1))
def test_ipv4_in_ipv6_is_no_way_round(number: int) -> None:
    """No address that wraps one that is not public is public."""
    inner = IPv4Address(number)
    wrapped = [
        IPv6Address(number),
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(0x0064_FF9B << 96 | number),
        IPv6Address(0x2002 << 112 | number << 80 | 1),
        IPv6Address(0x2600 << 112 | 0x5EFE << 32 | number),
    ]
    if not is_public(inner):
        assert not any(is_public(address) for address in wrapped)


@given(st.integers(0, 2**32 - 1))
def test_nothing_is_public_that_python_knows_better(number: int) -> None:
    """Python's own list agrees in one direction: what it calls private is never public here."""
    address = IPv4Address(number)
    if address.is_private or address.is_multicast or address.is_reserved or address.is_loopback:
        assert not is_public(address)


def test_a_network_can_be_allowed_by_name() -> None:
    """Tests allow one address of loopback, and no other."""
    allowed = [ip_network("127.0.0.1/32")]
    assert is_public(ip_address("127.0.0.1"), allowed)
    assert not is_public(ip_address("127.0.0.2"), allowed)
    assert not is_public(ip_address("::ffff:127.0.0.1"), allowed)


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.1/",
        "http://0/",
        "http://127.0.0.1.0x1/",
        "http://a.b.256/",
        "http://0x/",
        "http://127.0.0.01/",
        "http://１２７.１/",
        "http://[::1%25lo]/",
        "http://[::ffff:127.0.0.1/",
        "http://[v1.a]/",
        "http:///path",
        "http://",
        "http://.example.org/",
        "http://a..b/",
        "http://-a.org/",
        "http://exa mple.org/",
        "http://example.org/a b",
        "http://example.org/a\r\nX: y",
        "http://example.org/\x00",
        "http://example.org\\@10.0.0.1/",
        "http://user@example.org/",
        "http://user:secret@example.org/",
        "http://@example.org/",
        "http://example.org:22/",
        "http://example.org:0/",
        "http://example.org:99999/",
        "http://example.org:x/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "javascript:alert(1)",
        "//example.org/",
        "example.org",
        "jwoijgoisdjlskjegisvjowuehjtkx",
        "",
        f"http://example.org/{'a' * 2048}",
        f"http://{'a.' * 150}org/",
        f"http://{'a' * 64}.org/",
        "http://\ud800.org/",
    ],
)
def test_what_is_no_plain_url_of_the_web_is_refused(url: str) -> None:
    """Odd spellings of addresses, passwords, other ports and schemes, broken URLs: all of them."""
    with pytest.raises(UnsafeURLError):
        read_url(url)


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("http://example.org", "http://example.org/"),
        ("https://EXAMPLE.org.:443/a?b=c#d", "https://example.org/a?b=c"),
        ("http://example.org:8080/", "http://example.org:8080/"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("http://bücher.example/straße?q=ö", "http://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%B6"),
        ("http://例え.jp/", "http://xn--r8jz45g.jp/"),
        ("http://example.org/a%2fb%zz", "http://example.org/a%2fb%zz"),
        ("http://[2001:4860:4860::8888]/", "http://[2001:4860:4860::8888]/"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),
        ("http://127。0。0。1/", "http://127.0.0.1/"),
        ("http://127.0.0.1./", "http://127.0.0.1/"),
        ("http://1.2.3.example/", "http://1.2.3.example/"),
    ],
)
def test_a_url_of_the_web_is_read(url: str, read: str) -> None:
    """A URL comes out as it is sent: ASCII, without a fragment, addresses in one spelling."""
    assert str(read_url(url)) == read


@given(st.text(max_size=40))
def test_no_text_is_read_in_any_other_way(text: str) -> None:
    """Whatever follows `http://` is refused, or is a URL that reads the same again."""
    try:
        target = read_url(f"http://{text}")
    except UnsafeURLError:
        return
    again = read_url(str(target))
    assert again == target
    assert str(target).isascii()
    assert not set(str(target)) & set(" \r\n\t\\")


def test_addresses_come_once() -> None:
    """A resolver that repeats itself makes no more work."""
    assert read_addresses(["8.8.8.8", "8.8.8.8"]) == [IPv4Address("8.8.8.8")]
