"""`sitegen responses`: what a moderator sees and decides in the terminal."""

import json
from pathlib import Path

import pytest

from sitegen.cli.reporting import OK, PROBLEMS, USAGE
from tests.cli.test_main import Run, run
from tests.responses.test_loading import FLOOD, comment, ping
from tests.sitefactory import article, make_site, tree, write

__all__ = ["run"]

WAITING = f"responses/pending/{FLOOD}"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site where two responses wait, and one is shown."""
    files = {
        f"{WAITING}/01bb.md": comment("Buy *cheap* boats.", hints="[three links]", author="Boats"),
        f"{WAITING}/02cc.md": ping(title="On floods"),
        f"responses/{FLOOD}/01aa.md": comment(),
    }
    return make_site(tmp_path / "site", {"flood.md": article()}, files=files)


def test_what_waits_is_listed_with_hints(run: Run, site: Path) -> None:
    """The list says who said what to which article, and what to look at."""
    outcome = run("responses", "--site", site)
    assert outcome.code == OK
    assert "01bb  comment by Boats, 2024-11-05 08:00" in outcome.out
    assert 'to "Flood" (articles/flood.md)' in outcome.out
    assert "look at: three links" in outcome.out
    assert "from https://quay.example.org/1" in outcome.out
    assert "01aa" not in outcome.out
    assert "2 responses pending" in outcome.err


def test_a_thread_without_its_article_is_named_itself(run: Run, site: Path) -> None:
    """Where the article is gone, or none can be read, the list has the name of the folder."""
    (site / "articles" / "flood.md").unlink()

    assert f"to {FLOOD}" in run("responses", "--site", site).out
    (record, _) = map(json.loads, run("responses", "--json", "--site", site).out.splitlines())
    assert (record["thread"], record["article"], record["headline"]) == (FLOOD, None, None)


def test_decisions_are_told_as_json(run: Run, site: Path) -> None:
    """A line for each response: where it lies now, and what was done."""
    asked = ("responses", "approve", "01bb", "02cc", "--json", "--site", site)
    records = [list(map(json.loads, run(*asked).out.splitlines())) for _ in range(2)]

    assert [(item["id"], item["status"], item["outcome"]) for item in records[0]] == [
        ("01bb", "shown", "moved"),
        ("02cc", "shown", "moved"),
    ]
    assert records[0][0]["path"] == f"responses/{FLOOD}/01bb.md"
    assert [item["outcome"] for item in records[1]] == ["already", "already"]


def test_each_status_can_be_listed_as_json(run: Run, site: Path) -> None:
    """Another program gets one response a line, with all that is known of it."""
    outcome = run("responses", "list", "--status", "shown", "--json", "--site", site)
    (record,) = map(json.loads, outcome.out.splitlines())
    assert record["path"] == f"responses/{FLOOD}/01aa.md"
    assert record["text"] == "Two tides."
    assert (record["article"], record["headline"]) == ("articles/flood.md", "Flood")
    assert record["date"] == "2024-11-05T08:00:00+00:00"
    assert outcome.err == ""


def test_decisions_move_files(run: Run, site: Path) -> None:
    """By id, by its beginning or by path; several at once."""
    before = {path: text for path, text in tree(site).items() if path.startswith("responses")}
    assert run("responses", "approve", "01bb", f"{WAITING}/02cc.md", "--site", site).code == OK
    files = tree(site)
    assert f"responses/{FLOOD}/01bb.md" in files
    assert b"hints" not in files[f"responses/{FLOOD}/01bb.md"]
    assert files[f"responses/{FLOOD}/02cc.md"] == before[f"{WAITING}/02cc.md"]
    again = run("responses", "approve", "01bb", "--site", site)
    assert (again.code, again.err) == (OK, "01bb is already approved\n")
    assert run("responses", "spam", "01b", "--site", site).code == OK
    assert run("responses", "delete", "02", "--site", site).code == OK
    files = tree(site)
    assert f"responses/spam/{FLOOD}/01bb.md" in files
    assert f"responses/deleted/{FLOOD}/02cc.md" in files


def test_a_response_can_be_removed_for_good(run: Run, site: Path) -> None:
    """Whoever asks for it is forgotten, wherever the response lies."""
    assert run("responses", "delete", "01aa", "--for-good", "--site", site).code == OK
    assert not [path for path in tree(site) if "01aa" in path]


def test_a_response_is_shown_whole(run: Run, site: Path) -> None:
    """Everything that it says, and nothing that a terminal obeys."""
    write(site, {f"{WAITING}/03dd.md": comment("one\n\ntwo \u202e three")})
    outcome = run("responses", "show", "03dd", "--site", site)
    assert outcome.code == OK
    assert "author: Maud" in outcome.out
    assert "one\n\ntwo � three" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["approve"], USAGE, "needs the ids"),
        (["list", "01aa"], USAGE, "takes no ids"),
        (["spam", "01bb", "--for-good"], USAGE, "works only with `delete`"),
        (["approve", "nobody"], PROBLEMS, 'there is no response "nobody"'),
        (["approve", "01"], PROBLEMS, "is the beginning of 2 ids"),
        (["approve", ""], PROBLEMS, "there is no response"),
        (["show", "../../etc/passwd"], PROBLEMS, "there is no response"),
        (["guess"], USAGE, 'unknown value "guess"'),
    ],
)
def test_what_cannot_be_done_is_told(
    run: Run, site: Path, arguments: list[str], code: int, told: str
) -> None:
    """A slip of the hand moves nothing."""
    before = tree(site)
    outcome = run("responses", *arguments, "--site", site)
    assert outcome.code == code
    assert told in outcome.err
    assert tree(site) == before


def test_a_broken_file_is_listed_and_not_approved(run: Run, site: Path) -> None:
    """The moderator sees what is wrong with it, and can throw it away."""
    write(site, {f"{WAITING}/00xx.md": comment(email="a@b.example")})
    assert '"email" is not allowed' in run("responses", "--site", site).out
    outcome = run("responses", "approve", "00xx", "--site", site)
    assert outcome.code == PROBLEMS
    assert '"email" is not allowed' in outcome.err
    assert run("responses", "delete", "00xx", "--site", site).code == OK
