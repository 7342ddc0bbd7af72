"""A preview answers to its own names only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.web.host_names import allowed_hosts, host_name, is_everywhere, is_loopback


@pytest.mark.parametrize(
    "header",
    [
        "localhost",
        "localhost:8000",
        "LOCALHOST:8000",
        "localhost.",
        "127.0.0.1:8000",
        "127.0.0.1:9999",
        "[::1]:8000",
        "[::1]",
    ],
)
def test_this_computer_is_answered(header: str) -> None:
    """Every name of the loopback interface is ours, at any port (a tunnel changes it)."""
    assert allowed_hosts("127.0.0.1").allow(header)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "desk.lan"])  # noqa: S104 - of a test
def test_names_that_are_said_to_be_ours_are_answered(host: str) -> None:
    """A proxy's name is answered as it is written, at any port; names below it are not."""
    hosts = allowed_hosts(host, ["Paper-8000.App.example", "proxy.lan:8443"])

    assert hosts.allow("paper-8000.app.example")
    assert hosts.allow("paper-8000.app.example:443")
    assert hosts.allow("proxy.lan")
    assert hosts.allow("localhost:8000")
    for header in ("app.example", "x.paper-8000.app.example", "paper-8000.app.example.evil", ""):
        assert not hosts.allow(header)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example:8000",
        "evil@localhost",
        "localhost:8000:8000",
        "[::1",
        "::1",
        "192.168.1.7",
        "0.0.0.0",  # noqa: S104 - refused
        "localhost/",
        "localhost evil",
    ],
)
def test_foreign_names_are_refused(header: str) -> None:
    """A name that somebody else can let lead here gets no answer."""
    assert not allowed_hosts("127.0.0.1").allow(header)


def test_the_name_that_is_listened_on_is_answered() -> None:
    """Whoever gives a host means it."""
    hosts = allowed_hosts("desk.lan")
    assert hosts.allow("desk.lan:8000")
    assert hosts.allow("localhost")
    assert not hosts.allow("192.168.1.7")


@pytest.mark.parametrize("everywhere", ["0.0.0.0", "::", ""])  # noqa: S104 - refused or allowed?
def test_open_to_the_network_numbers_are_answered(everywhere: str) -> None:
    """A number leads to one computer only; a foreign name is still refused."""
    hosts = allowed_hosts(everywhere)
    assert is_everywhere(everywhere)
    assert hosts.allow("192.168.1.7:8000")
    assert hosts.allow("[fe80::1]:8000")
    assert hosts.allow("localhost:8000")
    assert not hosts.allow("evil.example")


def test_loopback_is_known() -> None:
    """Only what others cannot reach is loopback."""
    assert all(is_loopback(host) for host in ("localhost", "127.0.0.1", "127.1.2.3", "::1"))
    assert not any(is_loopback(host) for host in ("0.0.0.0", "::", "192.168.1.7", "desk.lan", ""))  # noqa: S104 - as above


@given(st.text())
def test_any_header_is_understood_or_refused(header: str) -> None:
    """No header breaks the check, and none that is not plainly ours passes."""
    allowed = allowed_hosts("127.0.0.1").allow(header)
    assert not allowed or host_name(header) in {"localhost", "127.0.0.1", "::1"}
