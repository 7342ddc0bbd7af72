"""What became of each article file: the numbers of a report add up."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from sitegen.cli.main import main
from sitegen.console.terminal import report_json, report_text
from sitegen.flow.article_counts import ArticleCounts
from tests.flow.builds import Builds
from tests.sitefactory import AT, article, build_site, make_site, write

FILES = {
    "shown.md": article("Alder", date="2024-11-03"),
    "other.md": article("Birch", date="2024-11-02"),
    "draft.md": article("Cedar", draft=True),
    "late-draft.md": article("Dogwood", draft=True, expires="2024-11-05"),
    "soon.md": article("Elm", date="2024-11-06"),
    "over.md": article("Fir", expires="2024-11-05"),
    "gone.md": article("Gorse", expires="2024-11-05 11:00"),
    "long-gone.md": article("Hazel", expires="2024-11-04 22:00"),
    "wrong.md": article("Ivy", date="never"),
    "taken.md": article("Juniper", url="/2024/11/03/shown/"),
    "_index.md": "---\ntitle: A section\n---\n",
}
HUGO = '[front_matter]\ndialect = "hugo"\n'
EXPECTED = ArticleCounts(shown=2, drafts=2, scheduled=1, expired=3, wrong=1, left_out=1, ignored=1)


def test_each_file_is_counted_once(tmp_path: Path, builds: Builds) -> None:
    """Whatever becomes of a file, it is in one of the numbers, and their sum is all files."""
    site = make_site(tmp_path / "site", FILES, config=HUGO)
    for _ in range(2):
        counts = builds(site, keep_going=True).counts
        assert counts == EXPECTED
        assert counts.found == len(FILES)


def test_numbers_follow_edits_and_the_clock(tmp_path: Path, builds: Builds) -> None:
    """A build that looks at changed files alone counts as a build from nothing does."""
    site = make_site(tmp_path / "site", FILES, config=HUGO)
    builds(site, keep_going=True)
    write(
        site,
        {
            "articles/draft.md": article("Cedar"),
            "articles/other.md": None,
            "articles/wrong.md": article("Ivy", expires="2024-11-05"),
        },
    )
    changed = ("articles/draft.md", "articles/other.md", "articles/wrong.md")
    later = AT + timedelta(days=1)
    counts = builds(site, *changed, keep_going=True, at=later).counts

    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(site / "articles", elsewhere / "articles")
    make_site(elsewhere, config=HUGO)
    assert counts == build_site(elsewhere, keep_going=True, at=later).counts
    assert counts == ArticleCounts(
        shown=3, drafts=1, scheduled=0, expired=4, wrong=0, left_out=1, ignored=1
    )


def test_an_article_that_was_good_before_counts_as_what_it_was(tmp_path: Path) -> None:
    """Its last good state is shown, so it is among those that are shown."""
    site = make_site(tmp_path / "site", {"a.md": article("Alder"), "b.md": article("Birch")})
    build_site(site)
    write(site, {"articles/b.md": article("Birch", date="never")})

    assert build_site(site, keep_going=True).counts == ArticleCounts(shown=2)


def test_a_preview_counts_what_it_shows(tmp_path: Path) -> None:
    """With drafts, drafts and scheduled articles are shown, and expired ones are not."""
    site = make_site(tmp_path / "site", FILES, config=HUGO)

    counts = build_site(site, keep_going=True, drafts=True).counts
    assert counts == ArticleCounts(shown=5, expired=3, wrong=1, left_out=1, ignored=1)


def test_the_report_says_what_is_not_shown_and_why(tmp_path: Path) -> None:
    """A person reads all numbers that are not zero; a program gets all of them."""
    site = make_site(tmp_path / "site", FILES, config=HUGO)
    report = build_site(site, keep_going=True)

    first, second, *_ = report_text(report, site / "output").split("\n")
    assert first.startswith("2 of 11 articles, ")
    assert second == (
        "Not shown: 2 drafts, 1 scheduled, 3 expired, 1 with errors, "
        "1 without an address of its own, 1 ignored"
    )
    found = json.loads(report_json(report))
    assert found["found"] == found["articles"] + sum(found["not_shown"].values()) == len(FILES)
    assert found["not_shown"] == EXPECTED.not_shown()


def test_a_check_counts_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` says how many articles it found and why it looked at some of them only."""
    files = {name: text for name, text in FILES.items() if name not in ("wrong.md", "taken.md")}
    site = make_site(tmp_path / "site", files, config=HUGO)

    main(["check", "--site", str(site), "--at", AT.isoformat(), "--json"])
    told = capsys.readouterr()
    found = json.loads(told.out)
    assert found["found"] == found["articles"] + sum(found["not_shown"].values()) == len(files)
    assert "2 of 9 articles, " in told.err
    assert "Not shown: 2 drafts, 1 scheduled, 3 expired, 1 ignored\n" in told.err
