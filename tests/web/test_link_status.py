"""Rules of `sitegen.web.link_status`: how pages of other sites are asked for, and judged."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from itertools import count

import pytest

from sitegen.config.settings import Check
from sitegen.model import moments
from sitegen.web.fetching import Fetcher
from sitegen.web.link_status import LinkChecker, LinkStatus
from tests.wild_server import LOOPBACK, Answerer, Asked, Line, answer, moved, wild

NOW = moments.parse("2024-11-06T09:00Z")
SETTINGS = Check(external_pause=0, external_seconds=5, external_retries=1)


def checked(url: str, settings: Check = SETTINGS, waits: list[float] | None = None) -> LinkStatus:
    """Check one URL, with the waits noted instead of waited."""
    fetcher = Fetcher("tests", ports=None, allowed=LOOPBACK)
    slept = waits.append if waits is not None else (lambda _seconds: None)
    slow = count(0.0, 1000.0).__next__  # each request takes so long that no pause is needed
    return LinkChecker(fetcher, settings, NOW, slept, slow).check(url)


def turns(*answers: bytes) -> Answerer:
    """Answer each request for a path by another answer; the last one stays."""
    left = list(answers)

    def give(line: Line, _asked: Asked) -> None:
        line.send(left.pop(0) if len(left) > 1 else left[0])

    return give


def by_method(answers: Mapping[str, bytes]) -> Answerer:
    """Answer each method in its own way."""

    def give(line: Line, asked: Asked) -> None:
        line.send(answers[asked.method])

    return give


def test_a_page_that_is_there_is_asked_for_by_head_alone() -> None:
    """What answers HEAD is not fetched."""
    with wild({"/a": answer("x" * 100)}) as server:
        assert checked(server.url("/a")) == LinkStatus("", "", is_known=True, checked_at=NOW)

    assert [asked.method for asked in server.asked] == ["HEAD"]


@pytest.mark.parametrize("status", ["405 Method Not Allowed", "404 Not Found", "500 No"])
def test_who_refuses_head_is_asked_by_get(status: str) -> None:
    """A server that knows no HEAD, or answers it wrongly, may still have the page."""
    routes = {"/a": by_method({"HEAD": answer("", status), "GET": answer("here")})}
    with wild(routes) as server:
        assert checked(server.url("/a")).fault == ""

    assert [asked.method for asked in server.asked] == ["HEAD", "GET"]


def test_a_missing_page_is_told_with_its_status() -> None:
    """The number and the words that everybody knows."""
    with wild({}) as server:
        assert checked(server.url("/a")).fault == "returned 404 Not Found"


@pytest.mark.parametrize("status", ["301 Moved", "308 Moved"])
def test_a_move_for_good_is_told_with_its_end(status: str) -> None:
    """Several hops count as one move, if each is for good."""
    with wild({"/a": moved("/b", status), "/b": moved("/c", status), "/c": answer()}) as server:
        assert checked(server.url("/a")).moved_to == server.url("/c")


def test_a_move_for_now_is_none() -> None:
    """Where one hop is only for now, the address stays right."""
    with wild({"/a": moved("/b", "301 M"), "/b": moved("/c"), "/c": answer()}) as server:
        found = checked(server.url("/a"))

    assert (found.fault, found.moved_to) == ("", "")


def test_a_move_to_nowhere_is_told_with_the_place() -> None:
    """What a redirect leads to must be there."""
    with wild({"/a": moved("/b")}) as server:
        assert (
            checked(server.url("/a")).fault
            == f"redirects to {server.url('/b')}, which returned 404 Not Found"
        )


def test_a_ring_of_redirects_ends() -> None:
    """What is moved again and again is nowhere."""
    with wild({"/a": moved("/b"), "/b": moved("/a")}) as server:
        assert checked(server.url("/a")).fault == "redirects too many times"


@pytest.mark.parametrize("status", ["401 No", "403 No", "429 No", "451 No", "999 No"])
def test_who_keeps_programs_out_is_not_called_broken(status: str) -> None:
    """A page behind a wall may be there for readers."""
    with wild({"/a": answer("", status)}) as server:
        found = checked(server.url("/a"))

    assert (found.fault, found.is_known) == ("", False)


def test_a_passing_failure_is_asked_for_again() -> None:
    """A server that is overloaded for a moment has the page."""
    with wild({"/a": turns(answer("", "503 B"), answer("", "503 B"), answer("x"))}) as server:
        assert checked(server.url("/a")).fault == ""


def test_a_lasting_failure_is_told_after_the_last_attempt() -> None:
    """The number of attempts is the configuration's."""
    with wild({"/a": answer("", "503 B")}) as server:
        settings = replace(SETTINGS, external_retries=2)
        assert checked(server.url("/a"), settings).fault == "returned 503 Service Unavailable"

    assert [asked.method for asked in server.asked] == ["HEAD", "GET"] * 3


def test_a_server_says_how_long_to_wait() -> None:
    """`Retry-After` is kept to, up to a bound; else each wait is twice the one before."""
    waits: list[float] = []
    with wild({"/a": answer("", "429 No", Retry_After="7")}) as server:
        checked(server.url("/a"), SETTINGS, waits)
    with wild({"/a": answer("", "503 No", Retry_After="9000")}) as server:
        checked(server.url("/a"), SETTINGS, waits)
    with wild({"/a": answer("", "503 No")}) as server:
        checked(server.url("/a"), replace(SETTINGS, external_pause=250, external_retries=3), waits)

    assert waits == [7.0, 20.0, 0.25, 0.5, 1.0]


def test_a_server_that_says_nothing_does_not_hold_us() -> None:
    """The time limit is kept."""
    settings = replace(SETTINGS, external_seconds=1, external_retries=0)
    with wild({"/a": lambda line, _asked: line.hang()}) as server:
        assert checked(server.url("/a"), settings).fault == "timed out"


def test_a_closed_port_and_an_unknown_name_are_told() -> None:
    """Where there is no server, the words say so."""
    with wild({}) as server:
        gone = server.url("/a")

    assert checked(gone).fault == "cannot be reached"
    assert checked("http://nowhere.invalid/").fault == "names a host that does not exist"


def test_private_addresses_are_not_asked() -> None:
    """A link into somebody's own network is a fault, and nothing is sent there."""
    with wild({"*": answer()}) as server:
        checker = LinkChecker(Fetcher("tests", ports=None), SETTINGS, NOW)
        found = checker.check(server.url("/a"))

    assert found.fault == "is in a private network, which readers cannot reach"
    assert server.asked == []


def test_a_host_is_asked_one_thing_at_a_time() -> None:
    """No two requests to a host overlap, also where other hosts send us there."""
    busy = threading.Lock()
    overlaps = []

    def give(line: Line, _asked: Asked) -> None:
        overlaps.append(not busy.acquire(blocking=False))
        server.stopped.wait(0.01)  # long enough for another to come, if it may
        busy.release()
        line.send(answer())

    with wild({"*": give}) as server, wild({"*": moved(server.url("/there"))}) as other:
        fetcher = Fetcher("tests", ports=None, allowed=LOOPBACK)
        urls = [place.url(f"/{number}") for number in range(5) for place in (server, other)]
        found = dict(LinkChecker(fetcher, SETTINGS, NOW).check_all(urls))

    assert len(found) == 10
    assert len(overlaps) == 10
    assert not any(overlaps)


def test_hosts_do_not_wait_for_each_other() -> None:
    """Two hosts are asked at once: each answers only when both were asked."""
    both = threading.Barrier(2, timeout=20)

    def give(line: Line, _asked: Asked) -> None:
        both.wait()
        line.send(answer())

    with wild({"*": give}) as one, wild({"*": give}) as other:
        fetcher = Fetcher("tests", ports=None, allowed=LOOPBACK)
        found = dict(LinkChecker(fetcher, SETTINGS, NOW).check_all([one.url("/"), other.url("/")]))

    assert [item.fault for item in found.values()] == ["", ""]
