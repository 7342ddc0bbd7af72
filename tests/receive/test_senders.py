"""Rules of `sitegen.receive.senders`: what a sender's address counts for."""

import pytest

from sitegen.receive.senders import networks_of


def names(address: str) -> list[str]:
    """Return the names of the networks of an address."""
    return [network.name for network in networks_of(address)]


def test_an_ipv6_sender_is_its_networks() -> None:
    """Households, servers and customers have whole networks, the larger with a larger share."""
    assert networks_of("2001:db8:1:23ff:ffff::9") == (
        ("2001:db8:1:23ff::/64", 1),
        ("2001:db8:1:2300::/56", 3),
        ("2001:db8:1::/48", 10),
    )
    assert names("2001:db8:1:2300::1")[0] != names("2001:db8:1:23ff::1")[0]
    assert names("2001:db8:1:2300::1")[1:] == names("2001:db8:1:23ff::1")[1:]
    assert names("2001:db8:1:2300::1")[2] == names("2001:db8:1:ff00::1")[2]


@pytest.mark.parametrize("address", ["203.0.113.7", "::ffff:203.0.113.7"])
def test_an_ipv4_sender_is_one_address(address: str) -> None:
    """Also where it is written as IPv6."""
    assert networks_of(address) == (("203.0.113.7", 1),)


def test_a_sender_without_address_is_itself() -> None:
    """A Unix socket, say."""
    assert networks_of("") == (("", 1),)
