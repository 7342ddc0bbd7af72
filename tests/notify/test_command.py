"""`sitegen notify` from articles to other sites, which are servers on loopback here."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sitegen.cli.main import main
from sitegen.model import moments
from sitegen.model.errors import SitegenError, UsageError
from sitegen.notify.delivery import Outcome
from sitegen.notify.delivery_log import exclusive_lock
from sitegen.notify.notifying import NotifyOptions, notify
from tests.notifying import ACCEPTED, Newsroom, in_turn, newsroom, posts
from tests.sitefactory import AT, article, make_site
from tests.wild_server import NOT_FOUND, Asked, Line, answer

LATER = AT + timedelta(days=2)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """Return a paper and another site."""
    with newsroom(tmp_path) as made:
        yield made


def states(room: Newsroom) -> dict[str, str]:
    """Return what is written down, by the path of the other page."""
    return {item.target.removeprefix(room.other.url("")): item.state for item in room.records()}


def test_a_new_article_is_told_of_once(room: Newsroom) -> None:
    """Each page that it links to is told, and not again by the next run."""
    room.write("/a", "/b", "/a#part")
    report = room.publish()
    again = room.notify()

    assert sorted(room.told()) == [(room.source(), "/a"), (room.source(), "/b")]
    assert [outcome.state for outcome in report.outcomes] == ["told", "told"]
    assert again.outcomes == ()
    assert again.planned == ()


def test_our_own_pages_and_skipped_ones_are_not_told(room: Newsroom) -> None:
    """Neither links within the site nor patterns of `skip`."""
    room.configure(f'skip = ["{room.other.url("/shop/*")}"]')
    room.write("/a", "/shop/b", body=f"[us]({room.own.url('/about/')}) <b rel=x>")
    room.publish()

    assert room.told() == [(room.source(), "/a")]


def test_a_page_that_takes_none_is_asked_once(room: Newsroom) -> None:
    """That a page has no endpoint is remembered until the article says something else."""
    room.other.routes["/a"] = answer("A page.")
    room.write("/a")
    (outcome,) = room.publish().outcomes
    room.notify()
    assert outcome.state == "none"
    assert room.other.targets() == ["/a"]

    room.write("/a", body="The river fell.")
    room.publish()
    assert room.other.targets() == ["/a", "/a"]


def test_old_articles_are_left_alone(room: Newsroom) -> None:
    """A site that begins to notify does not tell the world of its archive."""
    room.write("/a", date="2024-10-01 12:00")
    room.write("/b", name="drought", date="2024-10-01 12:00", updated="2024-11-04 12:00")
    room.publish()

    assert [target for _, target in room.told()] == ["/b"]


def test_a_named_article_is_told_of_whatever_its_age(room: Newsroom) -> None:
    """By its path or its whole address; and only that one."""
    room.write("/a", date="2024-10-01 12:00")
    room.write("/b", name="drought", date="2024-10-01 12:00")
    room.write("/c", name="frost")
    room.deploy()
    room.notify("/2024/10/01/flood/")
    assert [target for _, target in room.told()] == ["/a"]

    room.notify(room.own.url("/2024/10/01/drought/"))
    assert [target for _, target in room.told()] == ["/a", "/b"]
    with pytest.raises(UsageError, match='no article is published at "/nowhere/"'):
        room.notify("/nowhere/")


def test_an_article_of_another_paper_is_theirs_to_tell_of(room: Newsroom) -> None:
    """What has a `canonical` elsewhere is a copy."""
    room.write("/a", canonical="https://theirs.example/flood/")
    room.publish()

    assert room.told() == []


def test_scheduled_articles_are_told_of_when_they_are_live(room: Newsroom) -> None:
    """Before its minute nobody learns of an article."""
    room.write("/a", publish="2024-11-06 12:00")
    assert room.publish().planned == ()

    report = room.notify(now=LATER)  # due, but nobody has deployed since
    assert room.told() == []
    assert [reason for _, reason in report.not_live] == ["it returned 404"]
    assert room.records() == []


# Updates and deletions: the cases of webmention.rocks


def test_update_one(room: Newsroom) -> None:
    """A link is added: both pages are told, the first one at an endpoint that is found anew."""
    keys: list[str] = []

    def page(line: Line, _asked: Asked) -> None:
        keys.append(f"/wm?key={len(keys)}")
        room.other.routes[keys[-1]] = in_turn(ACCEPTED, answer("expired", "400 Bad Request"))
        line.send(answer(f'<link rel="webmention" href="{keys[-1]}">'))

    room.other.routes["/update/1"] = page
    room.write("/update/1")
    room.publish()
    room.write("/update/1", "/update/1/part/2")
    report = room.publish(LATER)

    assert {(outcome.task.kind, outcome.state) for outcome in report.outcomes} == {
        ("update", "told"),
        ("new", "told"),
    }
    assert Counter(target for _, target in room.told()) == {"/update/1": 2, "/update/1/part/2": 1}
    first, *others = (asked.target for asked in posts(room.other))
    assert first == "/wm?key=0"
    assert "/wm?key=1" in others


def test_update_two(room: Newsroom) -> None:
    """A link is removed: both pages are told, and the removed one is forgotten."""
    room.write("/update/2", "/update/2/part/2")
    room.publish()
    room.write("/update/2")
    report = room.publish(LATER)

    assert sorted(outcome.task.kind for outcome in report.outcomes) == ["removal", "update"]
    assert Counter(target for _, target in room.told()) == {"/update/2": 2, "/update/2/part/2": 2}
    assert list(states(room)) == ["/update/2"]


def test_delete_one(room: Newsroom) -> None:
    """The article is gone: who was told of it is told once more, and then all is forgotten."""
    room.write(name="other")
    room.write("/delete/1")
    room.publish()
    (room.site / "articles/flood.md").unlink()
    report = room.publish(LATER)
    room.notify(now=LATER)

    assert [outcome.task.kind for outcome in report.outcomes] == ["removal"]
    assert room.told() == [(room.source(), "/delete/1")] * 2
    assert not list((room.site / "notified").glob("*.json"))


def test_a_withdrawn_article_is_told_of_when_it_is_gone_online(room: Newsroom) -> None:
    """As long as readers still see it, a receiver would find the link and believe nothing."""
    room.write(name="other")
    room.write("/a")
    room.publish()
    room.write("/a", draft=True)
    report = room.notify()

    assert [reason for _, reason in report.not_live] == ["it still has the link"]
    assert len(room.told()) == 1
    room.publish()
    assert len(room.told()) == 2


def test_an_edit_without_words_is_no_news(room: Newsroom) -> None:
    """What nobody can read on the page is not worth a notification."""
    room.write("/a", body="The *river* rose.")
    room.publish()
    room.write("/a", body="The **river** rose.", tags=["water"])
    room.publish(LATER)

    assert len(room.told()) == 1


def test_an_edit_of_an_old_article_that_was_told_of_is_news(room: Newsroom) -> None:
    """Who was told once is told of changes however old the article is."""
    room.write("/a")
    room.publish()
    room.write("/a", "/b", body="The river fell.")
    room.publish(AT + timedelta(days=400))

    assert [target for _, target in room.told()] == ["/a", "/a", "/b"]


def test_a_moved_article_is_told_of_under_both_addresses(room: Newsroom) -> None:
    """Who knows the old address looks at it again; the new one is new to everybody."""
    room.write("/a")
    room.publish()
    path = room.site / "articles/flood.md"
    path.write_text(path.read_text("utf-8").replace('slug: "flood"', 'slug: "high-water"'))
    room.publish(LATER)

    assert sorted(room.told()) == sorted(
        [(room.source(), "/a"), (room.source(), "/a"), (room.source("high-water"), "/a")]
    )
    assert [item.source for item in room.records()] == [room.source("high-water")]


# Articles that are lost


def withdraw(room: Newsroom, names: Iterable[str]) -> None:
    """Remove the files of some articles."""
    for name in names:
        (room.site / f"articles/{name}.md").unlink()


def test_a_site_that_lost_its_articles_tells_nobody(room: Newsroom) -> None:
    """A removal cannot be taken back: where too many would go none is sent, until it is allowed."""
    names = [f"n{number}" for number in range(5)]
    for name in names:
        room.write("/a", name=name)
    room.publish()
    told = room.told()
    (room.site / "articles").rename(room.site / "away")
    (room.site / "articles").mkdir()

    with pytest.raises(SitegenError, match="all 5 articles that other sites were told of") as error:
        room.publish(LATER)

    (problem,) = error.value.problems
    assert "and no article is left" in problem.message
    assert "--allow-lost-articles" in str(problem.hint)
    assert room.told() == told
    assert all(record.state == "told" and not record.withdrawn_at for record in room.records())
    dry = notify(room.site, moments.of(LATER), NotifyOptions(dry_run=True))
    assert dry.refused == problem

    (room.site / "articles").rmdir()
    (room.site / "away").rename(room.site / "articles")
    assert room.publish(LATER).planned == ()
    withdraw(room, names[:4])
    with pytest.raises(SitegenError, match=r"4 of the 5 articles .* more than 10%"):
        room.publish(LATER)
    options = NotifyOptions(allow_lost_articles=True)
    notify(room.site, moments.of(LATER), options, sleep=room.waits.append)
    assert len(room.told()) == len(told) + 4


def test_what_was_allowed_is_not_asked_again(room: Newsroom) -> None:
    """Removals that wait for a later run are sent by it; an article that is back counts again."""
    names = [f"n{number}" for number in range(5)]
    for name in names:
        room.write("/a", name=name)
    room.publish()
    withdraw(room, names[:4])
    options = NotifyOptions(allow_lost_articles=True)
    report = notify(room.site, moments.of(LATER), options)
    assert len(report.not_live) == 4

    for name in names[:2]:
        room.write("/a", name=name)
    room.notify(now=LATER)
    marked = {record.source for record in room.records() if record.withdrawn_at}
    assert marked == {room.source(name) for name in names[2:4]}
    room.publish(LATER)

    assert [record.source for record in room.records()] == [
        room.source(name) for name in ("n0", "n1", "n4")
    ]


def test_expired_articles_are_not_lost(room: Newsroom) -> None:
    """They end as their files say, all of them if need be."""
    for number in range(5):
        room.write("/a", name=f"n{number}", expires="2024-11-06")
    room.publish()
    shutil.rmtree(room.live)

    report = room.notify(now=LATER)

    assert [outcome.task.kind for outcome in report.outcomes] == ["removal"] * 5


# What is live


def test_nobody_is_told_before_the_page_is_live(room: Newsroom) -> None:
    """Receivers look at once: a page that is not there yet would be no mention."""
    room.write("/a")
    report = room.notify()
    assert [reason for _, reason in report.not_live] == ["it returned 404"]

    room.deploy()
    room.write("/a", "/b")
    report = room.notify()
    assert [(task.target, reason) for task, reason in report.not_live] == [
        (room.other.url("/b"), "it does not have the link")
    ]
    assert room.told() == [(room.source(), "/a")]


def test_a_run_can_wait_for_a_page_to_be_live(room: Newsroom) -> None:
    """Hosts take a while: it looks again every few seconds, so long and no longer."""
    room.write("/a")
    room.deploy()
    there = answer((room.live / "2024/11/04/flood/index.html").read_bytes())
    room.own.routes["/2024/11/04/flood/"] = in_turn(NOT_FOUND, NOT_FOUND, there)
    report = room.notify(wait=25)
    assert room.waits == [10, 10]
    assert report.not_live == ()

    room.own.routes["/2024/11/04/flood/"] = NOT_FOUND
    room.write("/a", "/b")
    report = room.notify(wait=25)
    assert room.waits == [10, 10, 10, 10, 5]
    assert len(report.not_live) == 2


def test_a_site_without_an_address_cannot_notify(tmp_path: Path) -> None:
    """Nobody could look at it."""
    site = make_site(tmp_path / "site", {"flood.md": article()})
    with pytest.raises(UsageError, match='"base_url" is not set'):
        notify(site, moments.of(AT))


# Patience


def test_who_does_not_answer_well_is_told_later(room: Newsroom) -> None:
    """Three tries in a run, then hours, then days; until it works."""
    room.other.routes["/wm"] = answer("", "503 Service Unavailable")
    room.write("/a")
    (outcome,) = room.publish().outcomes
    assert outcome.state == "waiting"
    assert len(room.told()) == 3

    report = room.notify(now=AT + timedelta(minutes=59))
    assert [item.failures for item in report.waiting] == [1]
    assert len(room.told()) == 3

    room.other.routes["/wm"] = ACCEPTED
    (outcome,) = room.notify(now=AT + timedelta(hours=1)).outcomes
    assert outcome.state == "told"
    assert len(room.told()) == 4


def test_patience_ends(room: Newsroom) -> None:
    """After a fortnight of failures it is given up, until the article changes or is named."""
    room.other.routes["/wm"] = answer("", "500 No")
    room.write("/a")
    room.deploy()
    now = AT
    outcomes: list[Outcome] = []
    for _ in range(10):
        outcomes += room.notify(now=now).outcomes
        now += timedelta(days=8)
    assert [outcome.state for outcome in outcomes] == ["waiting"] * 6 + ["refused"]
    assert outcomes[-1].reason.startswith("given up: ")

    room.other.routes["/wm"] = ACCEPTED
    assert [outcome.state for outcome in room.notify("/2024/11/04/flood/").outcomes] == ["told"]


@pytest.mark.parametrize(
    ("asked", "waits", "again"),
    [
        ("7", [7.0, 7.0], timedelta(hours=1)),
        ("7200", [], timedelta(hours=2)),
        ("Wed, 06 Nov 2024 12:00:00 GMT", [], timedelta(days=1)),
        ("99999999", [], timedelta(days=14)),
        ("soon", [0.0, 0.0], timedelta(hours=1)),
    ],
)
def test_a_server_says_how_long_to_wait(
    room: Newsroom, asked: str, waits: list[float], again: timedelta
) -> None:
    """`Retry-After` in seconds or as a date: a little is waited for, more by a later run."""
    room.other.routes["/wm"] = answer("", "429 Too Many Requests", Retry_After=asked)
    room.write("/a")
    room.publish()
    (record,) = room.records()

    assert room.waits == waits
    assert datetime.fromisoformat(record.retry_at) == AT + again


def test_no_host_is_told_more_than_its_share(room: Newsroom) -> None:
    """`per_host` in a run; the others wait, and nothing is lost."""
    room.configure("per_host = 2")
    room.write("/a", "/b", "/c", "/d", "/e")
    assert room.publish().over_limit == 3
    assert room.notify().over_limit == 1
    assert room.notify().over_limit == 0

    assert sorted(target for _, target in room.told()) == ["/a", "/b", "/c", "/d", "/e"]


def test_between_two_requests_to_a_host_is_a_pause(room: Newsroom) -> None:
    """A second or what `pause` says: never two at once, never one right after another."""
    room.configure(pause=500_000)
    room.write("/a", "/b")
    room.publish()

    # Page, endpoint, page, endpoint.
    assert len(room.waits) == 3
    assert all(499 < wait <= 500 for wait in room.waits)


@pytest.mark.parametrize("status", ["400 Bad Request", "403 Forbidden", "404 Not Found"])
def test_a_refusal_is_taken(room: Newsroom, status: str) -> None:
    """Who says no is not asked again for the same text."""
    room.other.routes["/wm"] = answer("", status)
    room.write("/a")
    (outcome,) = room.publish().outcomes
    room.notify(now=LATER)

    assert outcome.state == "refused"
    assert len(room.told()) == 1


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "202 Accepted", "204 No Content"])
def test_any_success_is_one(room: Newsroom, status: str) -> None:
    """Whatever begins with a 2."""
    room.other.routes["/wm"] = answer("", status)
    room.write("/a")
    assert [outcome.state for outcome in room.publish().outcomes] == ["told"]


def test_an_endpoint_that_has_moved_is_followed(room: Newsroom) -> None:
    """With the same request, where that is what the redirect means."""
    room.other.routes["/wm"] = answer("", "308 Permanent Redirect", Location="/wm2")
    room.other.routes["/wm2"] = ACCEPTED
    room.write("/a")
    assert [outcome.state for outcome in room.publish().outcomes] == ["told"]
    assert [asked.target for asked in posts(room.other)] == ["/wm", "/wm2"]


# Private networks


def test_private_addresses_are_not_told(room: Newsroom) -> None:
    """Neither looked at nor posted to, and our own page in a private network is no news."""
    config = (room.site / "sitegen.toml").read_text("utf-8").replace("private = true\n", "")
    make_site(room.site, config=config)
    room.write("/a")
    report = room.publish()

    assert room.other.asked == []
    assert room.own.asked == []
    assert len(report.not_live) == 1


# Interruption


def killed(room: Newsroom, at: int) -> None:
    """Notify in another process that is killed while its request number `at` is answered."""
    count = 0

    def take(line: Line, _asked: Asked) -> None:
        nonlocal count
        count += 1
        if count == at:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            return
        line.send(ACCEPTED)

    room.other.routes["/wm"] = take
    command = [sys.executable, "-m", "sitegen", "notify", "--site", str(room.site)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    process.wait()
    assert process.returncode == -signal.SIGKILL
    room.other.routes["/wm"] = ACCEPTED


def test_a_killed_run_loses_nothing_and_repeats_only_what_it_does_not_know(
    room: Newsroom,
) -> None:
    """One notification was on its way; that one is sent again, which Webmention allows."""
    room.configure("days = 100000")
    paths = ["/a", "/b", "/c", "/d", "/e"]
    room.write(*paths)
    room.deploy()
    killed(room, at=3)
    assert sorted(states(room).values()) == ["sending", "told", "told"]
    in_doubt = room.told()[-1][1]
    room.notify()

    assert Counter(target for _, target in room.told()) == {
        path: 2 if path == in_doubt else 1 for path in paths
    }
    assert set(states(room).values()) == {"told"}


def test_a_trackback_is_never_sent_twice(room: Newsroom) -> None:
    """It would stand there twice. A person says whether it is to be sent again."""
    room.configure("days = 100000")
    about = room.other.url("/a")
    ping = room.other.url("/wm")
    room.other.routes["/a"] = answer(
        f'<rdf:RDF><rdf:Description dc:identifier="{about}" trackback:ping="{ping}"/></rdf:RDF>'
    )
    room.write("/a")
    room.deploy()
    killed(room, at=1)
    report = room.notify()
    assert report.outcomes == ()
    assert [item.target for item in report.unsure] == [about]
    assert len(posts(room.other)) == 1

    room.notify("/2024/11/04/flood/")
    assert len(posts(room.other)) == 2
    assert states(room) == {"/a": "told"}


def test_two_runs_do_not_meet(room: Newsroom) -> None:
    """The second one ends at once."""
    room.write("/a")
    room.deploy()
    with exclusive_lock(room.site / ".sitegen"), pytest.raises(UsageError, match="still running"):
        room.notify()

    assert room.told() == []


def test_a_damaged_file_stops_everything(room: Newsroom) -> None:
    """Without it all would be told again."""
    room.write("/a")
    room.publish()
    (path,) = (room.site / "notified").glob("*.json")
    path.write_text("{")
    with pytest.raises(SitegenError, match="cannot be read"):
        room.notify()


# The command


def run(room: Newsroom, *arguments: str) -> int:
    """Run the command."""
    return main(["notify", "--site", str(room.site), *arguments])


def test_the_command_tells_and_says_so(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """One line a notification on stdout, the sum on stderr."""
    room.configure("days = 100000")
    room.other.routes["/b"] = answer("A page.")
    room.write("/a", "/b")
    room.deploy()
    assert run(room, "--dry-run") == 0
    planned = capsys.readouterr()
    assert planned.out.splitlines() == [
        f"new      {room.source()} -> {room.other.url(path)}" for path in ("/a", "/b")
    ]
    assert room.other.asked == []
    assert room.own.asked == []

    assert run(room) == 0
    said = capsys.readouterr()
    assert sorted(said.out.splitlines()) == [
        f"takes none {room.source()} -> {room.other.url('/b')}",
        f"told       {room.source()} -> {room.other.url('/a')} (new, webmention)",
    ]
    assert "1 told, 1 take no notifications, 0 refused" in said.err


def test_the_command_speaks_json(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """For programs."""
    room.configure("days = 100000")
    room.write("/a")
    room.deploy()
    assert run(room, "--dry-run", "--json") == 0
    link = {"kind": "new", "source": room.source(), "target": room.other.url("/a")}
    assert json.loads(capsys.readouterr().out)["planned"] == [link]

    assert run(room, "--json") == 0
    (notified,) = json.loads(capsys.readouterr().out)["notified"]
    assert notified == {
        **link,
        "state": "told",
        "way": "webmention",
        "endpoint": room.other.url("/wm"),
        "why": "",
    }


def test_a_deployment_can_notify(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """`sitegen deploy --notify` brings the site to its place and then tells others of it."""
    room.configure(f'days = 100000\n[deploy.production]\nkind = "folder"\nto = "{room.live}"')
    room.write("/a")
    deploy = ["deploy", "--notify", "--site", str(room.site)]
    assert main([*deploy, "--dry-run"]) == 0
    assert "1 would be told" in capsys.readouterr().err
    assert main(deploy) == 0
    assert room.told() == [(room.source(), "/a")]


def test_a_trial_elsewhere_notifies_nobody(
    room: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    """A target with another address is not what others are to know."""
    target = f'kind = "folder"\nto = "{room.live}"\nbase_url = "https://staging.example/"'
    room.configure(f"[deploy.staging]\n{target}")
    room.write("/a")

    assert main(["deploy", "--notify", "--site", str(room.site)]) == 2
    assert "has a base URL of its own" in capsys.readouterr().err
    assert not room.live.exists()
