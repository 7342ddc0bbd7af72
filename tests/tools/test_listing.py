"""`sitegen list`: every article file with what became of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sitegen.cli.main import main
from sitegen.model import moments
from sitegen.tools.listing import list_documents
from tests.flow.test_article_counts import EXPECTED, FILES, HUGO
from tests.sitefactory import AT, article, build_site, make_site, write

STATES = {
    "shown.md": "shown",
    "other.md": "shown",
    "draft.md": "draft",
    "late-draft.md": "draft",
    "soon.md": "scheduled",
    "over.md": "expired",
    "gone.md": "expired",
    "long-gone.md": "expired",
    "wrong.md": "wrong",
    "taken.md": "left_out",
    "_index.md": "ignored",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site with articles of every fate."""
    return make_site(tmp_path / "site", FILES, config=HUGO)


def listed(
    site: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[list[str], str, str]:
    """Return the names of the files that the command lists, and what it prints."""
    assert main(["list", "--site", str(site), "--at", AT.isoformat(), *options]) == 0
    told = capsys.readouterr()
    lines = [line for line in told.out.splitlines() if not line.startswith("    ")]
    paths = [word for line in lines for word in line.split() if word.startswith("articles/")]
    return [path.removeprefix("articles/") for path in paths], told.out, told.err


def test_each_file_has_its_state(site: Path) -> None:
    """The states are those that a build counts, and their numbers are its numbers."""
    found = list_documents(site, moments.of(AT))

    states = {item.path.removeprefix("articles/"): item.state for item in found.documents}
    assert states == STATES
    assert found.counts == EXPECTED == build_site(site, keep_going=True).counts


def test_the_table_begins_with_what_has_no_date(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Then the newest comes first; the numbers stand below, on stderr."""
    names, out, err = listed(site, capsys)

    assert names[:4] == ["_index.md", "wrong.md", "soon.md", "draft.md"]
    assert "2024-11-06 00:00  scheduled  articles/soon.md        Elm\n" in out
    assert '\n    articles/wrong.md:3:7: "date": "never" cannot be read as a date\n' in out
    assert err.startswith("2 of 11 articles shown; not shown: 2 drafts, ")


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--drafts"], {"draft.md", "late-draft.md"}),
        (["--scheduled"], {"soon.md"}),
        (["--expired"], {"over.md", "gone.md", "long-gone.md"}),
        (["--errors"], {"wrong.md", "taken.md"}),
        (["--scheduled", "--errors"], {"soon.md", "wrong.md", "taken.md"}),
    ],
)
def test_some_can_be_asked_for(
    site: Path, capsys: pytest.CaptureFixture[str], options: list[str], names: set[str]
) -> None:
    """Of several options, an article need fit one."""
    assert set(listed(site, capsys, *options)[0]) == names


def test_an_article_that_was_good_is_listed_as_what_it_was(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is shown in its last good state, and among those with errors."""
    build_site(site, keep_going=True)
    write(site, {"articles/other.md": article("Birch", date="whenever")})
    names, out, _ = listed(site, capsys, "--errors")

    assert set(names) == {"wrong.md", "taken.md", "other.md"}
    assert "2024-11-02 00:00  shown      articles/other.md" in out


def test_programs_get_all_of_it(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON has the numbers of a report, and each article with its times and errors."""
    assert main(["list", "--site", str(site), "--at", AT.isoformat(), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)

    assert (document["found"], document["articles"]) == (len(FILES), 2)
    assert document["not_shown"] == EXPECTED.not_shown()
    by_path = {item["path"]: item for item in document["listed"]}
    assert {path.removeprefix("articles/"): it["state"] for path, it in by_path.items()} == STATES
    assert by_path["articles/over.md"] == {
        "path": "articles/over.md",
        "state": "expired",
        "date": "2024-11-04T21:54:00+00:00",
        "publish": "2024-11-04T21:54:00+00:00",
        "expires": "2024-11-05T00:00:00+00:00",
        "title": "Fir",
        "url": "/2024/11/04/over/",
        "errors": [],
    }
    assert by_path["articles/wrong.md"]["title"] is None
    (error,) = by_path["articles/wrong.md"]["errors"]
    assert (error["severity"], error["line"]) == ("error", 3)


def test_nothing_is_built(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The output folder is not made."""
    listed(site, capsys)

    assert not (site / "output").exists()


def test_standalone_pages_are_listed_after_the_articles(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With their states and no date, in the table and as JSON; their numbers are a build's."""
    site = make_site(
        tmp_path / "site",
        {"a.md": article("Alder")},
        files={
            "pages/contact.md": article("Contact", date=None, publish="2024-11-06"),
            "pages/about.md": article("About", date=None),
            "pages/old.md": article("Old", date=None, expires="2024-01-01"),
            "pages/idea.md": article("Idea", date=None, draft=True),
            "pages/wrong.md": article("Wrong", date=None, nav="top"),
            "pages/team/index.md": article("Taken", date=None, url="/about/"),
        },
    )
    assert main(["list", "--site", str(site), "--at", AT.isoformat()]) == 0
    told = capsys.readouterr()
    lines = [line.split(None, 1)[1] for line in told.out.splitlines() if line.startswith("-  ")]
    assert [" ".join(line.split()) for line in lines] == [
        "wrong pages/wrong.md",
        "shown pages/about.md About",
        "scheduled pages/contact.md Contact",
        "draft pages/idea.md Idea",
        "expired pages/old.md Old",
        "left out pages/team/index.md Taken",
    ]
    assert told.out.startswith("2024-11-04 21:54  shown      articles/a.md")
    assert told.err == (
        "1 article shown\n1 of 6 standalone pages shown; not shown: 1 draft, 1 scheduled, "
        "1 expired, 1 with errors, 1 without an address of its own\n"
    )
    report = build_site(site, keep_going=True)
    assert report.standalone == list_documents(site, moments.of(AT)).standalone
    assert (report.standalone.found, report.counts.found) == (6, 1)

    assert main(["check", "--site", str(site), "--at", AT.isoformat()]) == 1
    said = capsys.readouterr().err
    assert "1 article and 1 of 6 standalone pages, " in said
    assert "Standalone pages not shown: 1 draft, 1 scheduled, 1 expired, 1 with errors, " in said
    assert main(["list", "--site", str(site), "--at", AT.isoformat(), "--json", "--errors"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["found"], document["standalone"]["found"]) == (1, 6)
    assert document["standalone"]["not_shown"]["scheduled"] == 1
    wrong, taken = document["listed"]
    assert (taken["date"], taken["publish"], taken["url"]) == (None, None, "/about/")
    assert wrong["errors"][0]["message"] == '"nav" must be header or footer, not "top"'
