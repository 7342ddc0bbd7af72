"""Writing ids into articles: nothing else in a file changes, and nothing for readers."""

from pathlib import Path

import pytest

from sitegen.cli.main import main
from sitegen.model.errors import SitegenError
from sitegen.tools.ids import with_id, write_ids
from tests.sitefactory import article, build_site, make_site, pages, tree, write

CONFIG = 'base_url = "https://example.org/"\n'
ID = "tag:example.org,2024-11-04:flood"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("---\ntitle: A\n---\nText.\n", f"---\nid: {ID}\ntitle: A\n---\nText.\n"),
        ("\ufeff---\r\ntitle: A\r\n---\r\nT", f"\ufeff---\r\nid: {ID}\r\ntitle: A\r\n---\r\nT"),
        (
            '+++\ntitle = "A"\n[image]\nsrc = "a.jpg"\n+++\nT',
            f'+++\nid = "{ID}"\ntitle = "A"\n[image]\nsrc = "a.jpg"\n+++\nT',
        ),
        ('{"title": "A"}\n\nText.', f'{{"id": "{ID}", "title": "A"}}\n\nText.'),
        ("# A\n\nText.\n", f"---\nid: {ID}\n---\n# A\n\nText.\n"),
        ("---\n# a note\ntitle: 高潮\n...\nT", f"---\nid: {ID}\n# a note\ntitle: 高潮\n...\nT"),
    ],
)
def test_one_line_more(old: str, new: str) -> None:
    """YAML, TOML, JSON or no front matter: the id is put in, and no other byte is touched."""
    assert with_id(old.encode(), ID) == new.encode()


def test_header_lines() -> None:
    """Where front matter is lines without fences, the id is one of them."""
    assert with_id(b"Title: A\n\nText.", ID, header_lines=True) == (
        f"id: {ID}\nTitle: A\n\nText.".encode()
    )


def test_what_cannot_be_is_left_alone() -> None:
    """Front matter into which no line can be put without more is not touched."""
    assert with_id(b"---\n{title: A, date: 2024-11-04}\n---\nT", ID) is None


def test_nothing_changes_for_readers(tmp_path: Path) -> None:
    """The ids that are written are those that feeds had; files can then be renamed and re-dated."""
    toml = '+++\ntitle = "Storm"\ndate = 2024-11-03\n+++\n\nWind.\n'
    site = make_site(
        tmp_path,
        {
            "flood.md": article("Flood", id="old-4711"),
            "ja/flood.md": article("高潮", lang="ja", slug="takashio"),
            "b/siren.md": article("Siren", date="2024-11-04 10:00"),
            "c/siren.md": article("Siren again", slug="again", date="2024-11-04 11:00"),
            "storm.md": toml,
        },
        config=CONFIG,
    )
    build_site(site)
    before = pages(site)["feed.json"]
    articles = tree(site / "articles")

    told = write_ids(site, dry_run=True)
    assert tree(site / "articles") == articles
    assert write_ids(site) == told
    assert told.problems == ()
    assert told.paths == tuple(
        f"articles/{name}.md" for name in ("b/siren", "c/siren", "ja/flood", "storm")
    )
    build_site(site)
    assert pages(site)["feed.json"] == before
    assert write_ids(site).paths == ()

    text = tree(site / "articles")["c/siren.md"].decode()
    write(site / "articles", {"c/siren.md": None, "d/alarm.md": text})
    build_site(site)
    after = pages(site)["feed.json"]
    assert "tag:example.org,2024-11-04:siren;c/siren" in after
    assert after == before


def test_nothing_is_written_into_a_site_with_errors(tmp_path: Path) -> None:
    """With an error in an article, or one id in two files, no file is touched."""
    site = make_site(tmp_path, {"a.md": article("A", id="x"), "b.md": article("B", id="x")})
    write(site / "articles", {"c.md": article("C")})
    articles = tree(site / "articles")
    with pytest.raises(SitegenError, match="this id is already that of"):
        write_ids(site)
    assert tree(site / "articles") == articles


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`sitegen ids` prints the files that it wrote, and tells of those that it could not."""
    site = make_site(tmp_path, {"a.md": article("A"), "b.md": article("B", id="b")})
    write(site / "articles", {"odd.md": "---\n{title: Odd, date: 2024-11-04}\n---\n"})
    assert main(["ids", "--site", str(site)]) == 1
    said = capsys.readouterr()
    assert said.out == "articles/a.md\n"
    assert "articles/odd.md" in said.err
    assert "id: tag:localhost,2024-11-04:odd" in said.err
    assert b"id: tag:localhost,2024-11-04:a" in tree(site / "articles")["a.md"]
