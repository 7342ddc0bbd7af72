"""Links to other sites, which are servers on loopback here."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from sitegen.check.flow import CheckOptions, CheckResult, check
from sitegen.check.links import FILE, load_answers, save_answers
from sitegen.cli.main import main
from sitegen.flow.build import Options
from sitegen.model import moments
from sitegen.model.moments import Moment
from sitegen.web.link_status import LinkStatus
from tests.sitefactory import AT, article, make_site
from tests.wild_server import answer, moved, wild

NOW = moments.parse("2024-11-06T09:00Z")
CONFIG = """
title = "Tide"
base_url = "https://paper.example/"
[check]
missing_summary = "off"
external_pause = 0
external_retries = 0
external_private = true
"""


def checked(site: Path, now: Moment = NOW) -> CheckResult:
    """Check a site and what it links to."""
    return check(site, Options(at=AT), CheckOptions(external=now))


def test_a_broken_link_is_told_where_it_was_written(tmp_path: Path) -> None:
    """The place is the article's; what a template says is told once."""
    with wild({"/moved": moved("/here", "301 Moved"), "/here": answer()}) as server:
        body = f"[gone]({server.url('/gone')}) and [moved]({server.url('/moved')})."
        articles = {f"{n}.md": article(f"Flood {n}", body, category="Town") for n in (1, 2)}
        site = make_site(tmp_path / "site", articles, config=CONFIG)
        result = checked(site)

    told = [(item.rule, str(item.location), item.message, item.hint) for item in result.findings]
    gone, old = server.url("/gone"), server.url("/moved")
    assert told == [
        found
        for n in (1, 2)
        for found in (
            ("external-link", f"articles/{n}.md:7:8", f'"{gone}" returned 404 Not Found', None),
            (
                "external-redirect",
                f"articles/{n}.md:7:{22 + len(gone)}",
                f'"{old}" has moved permanently',
                f"link to {server.url('/here')}",
            ),
        )
    ]
    assert server.targets().count("/moved") == 1
    assert result.errors == 2
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
            result = checked(site, now)
            assert [item.message for item in result.findings] == [
                f'"{server.url("/b")}" returned 404 Not Found'
            ]
            asked.append({item.target for item in server.asked})

    assert asked == [{"/a", "/b"}, {"/b"}, {"/a", "/b"}]


@pytest.mark.parametrize(
    "damage",
    ["", "[]", '{"https://a/": 5}', '{"https://a/": ["", true, "now"]}', "{", "[" * 200_000],
    ids=lambda damage: damage[:20] or "nothing",
)
def test_damaged_memories_are_none(tmp_path: Path, damage: str) -> None:
    """What cannot be read is asked for again."""
    (tmp_path / FILE).write_text(damage)

    assert load_answers(tmp_path) == {}


def test_memories_are_not_written_through_a_link(tmp_path: Path) -> None:
    """A planted link does not make us write addresses to a file elsewhere."""
    state, outside = tmp_path / "state", tmp_path / "outside"
    state.mkdir()
    for name in (FILE, f"{FILE}.{os.getpid()}"):
        (state / name).symlink_to(outside)
    save_answers(state, {"https://a/": LinkStatus("", "", is_known=True, checked_at=NOW)})

    assert not outside.exists()
    assert list(load_answers(state)) == ["https://a/"]


def test_no_more_is_asked_than_allowed(tmp_path: Path) -> None:
    """`external_most` bounds a run, and what was left out is told; the next run goes on."""
    with wild({"*": answer()}) as server:
        body = " ".join(f"[{n}]({server.url(f'/{n}')})" for n in range(5))
        config = CONFIG + "external_most = 2\n"
        site = make_site(tmp_path / "s", {"1.md": article("A", body, category="T")}, config=config)

        assert "3 were not checked (limit: `[check] external_most`)" in checked(site).notes
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
    assert "note: 1 external link: 1 checked, 0 from the cache" in told.err
