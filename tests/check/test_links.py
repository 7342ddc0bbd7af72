"""Links to other sites, which are servers on loopback here."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from sitegen.check.flow import Outcome, Wanted, check
from sitegen.check.links import FILE, recall
from sitegen.cli.main import main
from sitegen.config.settings import Check
from sitegen.flow.build import Options
from sitegen.web.asking_others import Answer, Asking, Turns
from sitegen.web.fetching import Fetcher
from tests.sitefactory import AT, article, make_site
from tests.wild_server import LOOPBACK, Answerer, Asked, Line, answer, moved, wild

NOW = datetime(2024, 11, 6, 9, tzinfo=UTC)
SETTINGS = Check(external_pause=0, external_seconds=5, external_retries=1)
CONFIG = """
base_url = "https://paper.example/"
[check]
missing_summary = "off"
external_pause = 0
external_retries = 0
external_private = true
"""


def ask(url: str, settings: Check = SETTINGS, waits: list[float] | None = None) -> Answer:
    """Ask for one address, with the waits noted instead of waited."""
    fetcher = Fetcher("tests", ports=None, also=LOOPBACK)
    slept = waits.append if waits is not None else (lambda _seconds: None)
    slow = count(0.0, 1000.0).__next__  # each request takes so long that no pause is needed
    return Asking(fetcher, settings, NOW, slept, slow).one(url)


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


def checked(site: Path, now: datetime = NOW) -> Outcome:
    """Check a site and what it links to."""
    return check(site, Options(at=AT), Wanted(external=now))


def test_a_page_that_is_there_is_asked_for_by_head_alone() -> None:
    """What answers HEAD is not fetched."""
    with wild({"/a": answer("x" * 100)}) as server:
        assert ask(server.url("/a")) == Answer("", "", is_known=True, asked_at=NOW)

    assert [asked.method for asked in server.asked] == ["HEAD"]


@pytest.mark.parametrize("status", ["405 Method Not Allowed", "404 Not Found", "500 No"])
def test_who_refuses_head_is_asked_by_get(status: str) -> None:
    """A server that knows no HEAD, or answers it wrongly, may still have the page."""
    routes = {"/a": by_method({"HEAD": answer("", status), "GET": answer("here")})}
    with wild(routes) as server:
        assert ask(server.url("/a")).fault == ""

    assert [asked.method for asked in server.asked] == ["HEAD", "GET"]


def test_a_missing_page_is_told_with_its_status() -> None:
    """The number and the words that everybody knows."""
    with wild({}) as server:
        assert ask(server.url("/a")).fault == "answers 404 Not Found"


@pytest.mark.parametrize("status", ["301 Moved", "308 Moved"])
def test_a_move_for_good_is_told_with_its_end(status: str) -> None:
    """Several hops count as one move, if each is for good."""
    with wild({"/a": moved("/b", status), "/b": moved("/c", status), "/c": answer()}) as server:
        assert ask(server.url("/a")).moved_to == server.url("/c")


def test_a_move_for_now_is_none() -> None:
    """Where one hop is only for now, the address stays right."""
    with wild({"/a": moved("/b", "301 M"), "/b": moved("/c"), "/c": answer()}) as server:
        found = ask(server.url("/a"))

    assert (found.fault, found.moved_to) == ("", "")


def test_a_move_to_nowhere_is_told_with_the_place() -> None:
    """What a redirect leads to must be there."""
    with wild({"/a": moved("/b")}) as server:
        assert (
            ask(server.url("/a")).fault
            == f"leads to {server.url('/b')}, which answers 404 Not Found"
        )


def test_a_ring_of_redirects_ends() -> None:
    """What is moved again and again is nowhere."""
    with wild({"/a": moved("/b"), "/b": moved("/a")}) as server:
        assert ask(server.url("/a")).fault == "is moved again and again"


@pytest.mark.parametrize("status", ["401 No", "403 No", "429 No", "451 No", "999 No"])
def test_who_keeps_programs_out_is_not_called_broken(status: str) -> None:
    """A page behind a wall may be there for readers."""
    with wild({"/a": answer("", status)}) as server:
        found = ask(server.url("/a"))

    assert (found.fault, found.is_known) == ("", False)


def test_a_passing_failure_is_asked_for_again() -> None:
    """A server that is overloaded for a moment has the page."""
    with wild({"/a": turns(answer("", "503 B"), answer("", "503 B"), answer("x"))}) as server:
        assert ask(server.url("/a")).fault == ""


def test_a_lasting_failure_is_told_after_the_last_attempt() -> None:
    """The number of attempts is the configuration's."""
    with wild({"/a": answer("", "503 B")}) as server:
        settings = replace(SETTINGS, external_retries=2)
        assert ask(server.url("/a"), settings).fault == "answers 503 Service Unavailable"

    assert [asked.method for asked in server.asked] == ["HEAD", "GET"] * 3


def test_a_server_says_how_long_to_wait() -> None:
    """`Retry-After` is kept to, up to a bound; else each wait is twice the one before."""
    waits: list[float] = []
    with wild({"/a": answer("", "429 No", Retry_After="7")}) as server:
        ask(server.url("/a"), SETTINGS, waits)
    with wild({"/a": answer("", "503 No", Retry_After="9000")}) as server:
        ask(server.url("/a"), SETTINGS, waits)
    with wild({"/a": answer("", "503 No")}) as server:
        ask(server.url("/a"), replace(SETTINGS, external_pause=250, external_retries=3), waits)

    assert waits == [7.0, 20.0, 0.25, 0.5, 1.0]


def test_a_server_that_says_nothing_does_not_hold_us() -> None:
    """The time limit is kept."""
    settings = replace(SETTINGS, external_seconds=1, external_retries=0)
    with wild({"/a": lambda line, _asked: line.hang()}) as server:
        assert ask(server.url("/a"), settings).fault == "does not answer in time"


def test_a_closed_port_and_an_unknown_name_are_told() -> None:
    """Where there is no server, the words say so."""
    with wild({}) as server:
        gone = server.url("/a")

    assert ask(gone).fault == "cannot be reached"
    assert ask("http://nowhere.invalid/").fault == "names a host that does not exist"


def test_private_addresses_are_not_asked() -> None:
    """A link into somebody's own network is a fault, and nothing is sent there."""
    with wild({"*": answer()}) as server:
        asking = Asking(Fetcher("tests", ports=None), SETTINGS, NOW)
        found = asking.one(server.url("/a"))

    assert found.fault == "lies in a private network, where readers cannot reach it"
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
        fetcher = Fetcher("tests", ports=None, also=LOOPBACK)
        urls = [place.url(f"/{number}") for number in range(5) for place in (server, other)]
        found = dict(Asking(fetcher, SETTINGS, NOW).all(urls))

    assert len(found) == 10
    assert len(overlaps) == 10
    assert not any(overlaps)


def test_there_is_a_pause_between_two_requests_to_a_host() -> None:
    """Whatever the requests are for; what a request took counts towards the pause."""
    times = iter([0.0, 0.0, 0.25, 1.0, 5.0, 9.0])
    waits: list[float] = []
    turns = Turns(1.0, waits.append, lambda: next(times))

    for url in ("http://a.example/1", "http://A.example/2", "http://b.example/1"):
        with turns.turn(url):
            pass

    assert waits == [0.75]


def test_hosts_do_not_wait_for_each_other() -> None:
    """Two hosts are asked at once: each answers only when both were asked."""
    both = threading.Barrier(2, timeout=20)

    def give(line: Line, _asked: Asked) -> None:
        both.wait()
        line.send(answer())

    with wild({"*": give}) as one, wild({"*": give}) as other:
        fetcher = Fetcher("tests", ports=None, also=LOOPBACK)
        found = dict(Asking(fetcher, SETTINGS, NOW).all([one.url("/"), other.url("/")]))

    assert [item.fault for item in found.values()] == ["", ""]


def test_a_broken_link_is_told_where_it_was_written(tmp_path: Path) -> None:
    """The place is the article's; what a template says is told once."""
    with wild({"/moved": moved("/here", "301 Moved"), "/here": answer()}) as server:
        body = f"[gone]({server.url('/gone')}) and [moved]({server.url('/moved')})."
        articles = {f"{n}.md": article(f"Flood {n}", body, category="Town") for n in (1, 2)}
        site = make_site(tmp_path / "site", articles, config=CONFIG)
        outcome = checked(site)

    told = [(item.rule, str(item.location), item.message, item.hint) for item in outcome.findings]
    gone, old = server.url("/gone"), server.url("/moved")
    assert told == [
        found
        for n in (1, 2)
        for found in (
            ("external-link", f"articles/{n}.md:7:8", f'"{gone}" answers 404 Not Found', None),
            (
                "external-redirect",
                f"articles/{n}.md:7:{22 + len(gone)}",
                f'"{old}" has moved for good',
                f"write {server.url('/here')}",
            ),
        )
    ]
    assert server.targets().count("/moved") == 1
    assert outcome.errors == 2
    agent = server.asked[0].headers["user-agent"]
    assert agent.startswith("sitegen/")
    assert "https://paper.example/" in agent


def test_good_answers_are_remembered_and_bad_ones_are_not(tmp_path: Path) -> None:
    """A second run asks only for what was not there; after some days for everything."""
    with wild({"/a": answer()}) as server:
        body = f"[a]({server.url('/a')}) [b]({server.url('/b')})"
        site = make_site(tmp_path / "s", {"1.md": article("A", body, category="T")}, config=CONFIG)
        asked = []
        for now in (NOW, NOW + timedelta(days=6), NOW + timedelta(days=8)):
            server.asked.clear()
            outcome = checked(site, now)
            assert [item.message for item in outcome.findings] == [
                f'"{server.url("/b")}" answers 404 Not Found'
            ]
            asked.append({item.target for item in server.asked})

    assert asked == [{"/a", "/b"}, {"/b"}, {"/a", "/b"}]


@pytest.mark.parametrize("damage", ["", "[]", '{"https://a/": 5}', "{"])
def test_damaged_memories_are_none(tmp_path: Path, damage: str) -> None:
    """What cannot be read is asked for again."""
    (tmp_path / FILE).write_text(damage)

    assert recall(tmp_path) == {}


def test_no_more_is_asked_than_allowed(tmp_path: Path) -> None:
    """`external_most` bounds a run, and what was left out is told; the next run goes on."""
    with wild({"*": answer()}) as server:
        body = " ".join(f"[{n}]({server.url(f'/{n}')})" for n in range(5))
        config = CONFIG + "external_most = 2\n"
        site = make_site(tmp_path / "s", {"1.md": article("A", body, category="T")}, config=config)

        assert "3 were not asked for: [check] external_most" in checked(site).notes
        assert len(server.asked) == 2
        checked(site)
        assert len({item.target for item in server.asked}) == 4


def test_skipped_addresses_are_not_asked(tmp_path: Path) -> None:
    """`skip` takes patterns of whole addresses."""
    with wild({}) as server:
        config = CONFIG + f'skip = ["{server.url("/")}*"]\n'
        body = f"[a]({server.url('/a')})"
        site = make_site(tmp_path / "s", {"1.md": article("A", body, category="T")}, config=config)

        assert checked(site).findings == ()
        assert server.asked == []


def test_nothing_is_asked_unless_it_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without `--external` a check does not touch the network; with it, the command does."""
    with wild({}) as server:
        body = f"[a]({server.url('/a')})"
        site = make_site(tmp_path / "s", {"1.md": article("A", body, category="T")}, config=CONFIG)
        arguments = ["check", "--site", str(site), "--at", "2024-12-01"]

        assert main(arguments) == 0
        assert server.asked == []
        assert main([*arguments, "--external", "--json"]) == 1

    told = capsys.readouterr()
    assert json.loads(told.out)["findings"][0]["rule"] == "external-link"
    assert "note: 1 addresses of other sites: 1 asked, 0 remembered" in told.err
