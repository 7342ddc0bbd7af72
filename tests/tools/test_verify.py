"""The proof that an output folder is what a clean build would make."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sitegen.model.errors import SitegenError, UsageError
from sitegen.tools.verify import Difference, verify
from tests.scan.test_unreadable import circle
from tests.sitefactory import article, build_site, make_site, times, tree, write

FLOOD = "2024/11/04/flood/index.html"


def paper(folder: Path, config: str = "") -> Path:
    """Make and build a small site."""
    site = make_site(
        folder,
        {
            "flood.md": article("Flood", "[x](storm.md)", tags=["River"]),
            "storm.md": article("Storm", date="2024-11-03"),
            "draft.md": article("Draft", draft=True),
        },
        config=config,
        static={"map.svg": "<svg/>"},
    )
    build_site(site)
    return site


def found(site: Path, output: Path | None = None) -> list[tuple[str, str]]:
    """Return the differences that are found, without what was asked."""
    return [(difference.path, difference.what) for difference in verify(site, output).differences]


def test_a_fresh_output_is_proved(tmp_path: Path) -> None:
    """After a build every file is as a clean build makes it, and none of it was touched."""
    site = paper(tmp_path)
    before = times(site)
    result = verify(site)

    assert result.differences == ()
    assert result.files == len(tree(site / "output")) - 1  # the manifest
    assert {path: time for path, time in times(site).items() if path in before} == before


def test_an_output_is_proved_after_many_builds(tmp_path: Path) -> None:
    """What was built step by step is what would be built at once."""
    site = paper(tmp_path)
    write(site, {"articles/gale.md": article("Gale", date="2024-10-01", tags=["River"])})
    build_site(site)
    write(site, {"articles/storm.md": None, "templates/404.html": "<p>Lost."})
    build_site(site)

    assert found(site) == []


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ({f"output/{FLOOD}": "mine"}, (FLOOD, "different")),
        ({f"output/{FLOOD}": None}, (FLOOD, "missing")),
        ({"output/map.svg": "<svg></svg>"}, ("map.svg", "different")),
        ({"output/map.svg": None}, ("map.svg", "missing")),
    ],
)
def test_damage_is_found(
    tmp_path: Path, damage: dict[str, str | None], what: tuple[str, str]
) -> None:
    """A file that was changed or removed by hand is named, pages and copies alike."""
    site = paper(tmp_path)
    write(site, damage)

    assert found(site) == [what]
    build_site(site)
    assert found(site) == []


def test_damage_of_the_same_size_is_found(tmp_path: Path) -> None:
    """The bytes are compared, not their number or their date."""
    site = paper(tmp_path)
    page = site / "output" / FLOOD
    page.write_bytes(page.read_bytes().replace(b"Flood", b"Blood", 1))

    assert found(site) == [(FLOOD, "different")]


def test_a_difference_tells_what_its_page_asked(tmp_path: Path) -> None:
    """Whoever looks for the reason sees what the page was made from."""
    site = paper(tmp_path)
    write(site, {f"output/{FLOOD}": "mine"})

    (difference,) = verify(site).differences
    assert isinstance(difference, Difference)
    assert "article(articles/flood.md)" in difference.asked


def test_a_folder_that_is_gone_is_all_missing(tmp_path: Path) -> None:
    """Without any output, every file of it is missing."""
    site = paper(tmp_path)
    files = tree(site / "output").keys() - {".sitegen-manifest"}
    shutil.rmtree(site / "output")

    assert found(site) == [(path, "missing") for path in sorted(files)]


def test_files_of_others_are_not_compared(tmp_path: Path) -> None:
    """A file that somebody else put into the output folder is theirs."""
    site = paper(tmp_path)
    write(site, {"output/CNAME": "example.org"})

    assert found(site) == []


@pytest.mark.parametrize(
    "edit",
    [
        {"articles/flood.md": article("Flood", "New.")},
        {"articles/new.md": article("New")},
        {"articles/storm.md": None},
        {"templates/404.html": "<p>Lost."},
        {"static/map.svg": "<svg></svg>"},
        {"sitegen.toml": 'title = "New"\n'},
    ],
)
def test_edited_sources_have_to_be_built_first(tmp_path: Path, edit: dict[str, str | None]) -> None:
    """While the sources are not those of the last build, there is nothing to prove."""
    site = paper(tmp_path)
    write(site, edit)

    with pytest.raises(SitegenError, match="the sources have changed since the last build"):
        verify(site)


def test_the_clean_build_is_like_the_last(tmp_path: Path) -> None:
    """Moment, drafts, base URL and output folder are those of the build that is looked at."""
    site = paper(tmp_path / "site", 'base_url = "https://example.org/"\n')
    there = tmp_path / "there"
    build_site(
        site,
        at=datetime(2024, 11, 3, 12, tzinfo=UTC),
        drafts=True,
        base_url="https://example.org/preview/",
        output=there,
    )

    assert "2024/11/04/draft/index.html" in tree(there)
    assert found(site, there) == []
    assert found(site) == []


def test_what_is_kept_of_a_broken_article_is_proved(tmp_path: Path) -> None:
    """The last good page of an article that broke is compared with what that state gives."""
    site = paper(tmp_path)
    write(site, {"articles/storm.md": "---\ntitle: [\n---\n"})
    build_site(site, keep_going=True)

    assert found(site) == []
    (site / "output/2024/11/03/storm/index.html").write_text("by hand")
    assert found(site) == [("2024/11/03/storm/index.html", "different")]


def test_a_site_that_was_never_built_is_told(tmp_path: Path) -> None:
    """Before the first build there is nothing to compare with."""
    site = make_site(tmp_path, {"flood.md": article()})
    with pytest.raises(SitegenError, match="has not been built yet"):
        verify(site)


def test_a_folder_of_somebody_else_is_told(tmp_path: Path) -> None:
    """A folder that sitegen did not make is not compared file by file with anything."""
    site = paper(tmp_path / "site")
    write(tmp_path / "other", {"thesis.txt": "years"})
    with pytest.raises((SitegenError, UsageError)):
        verify(site, tmp_path / "other")


BROKEN = "---\ntitle: Flood\ndate: never\n---\n"


def test_the_last_good_state_is_what_is_compared(tmp_path: Path) -> None:
    """An article that is wrong now, or cannot be read, is as it was; edits beside it count."""
    site = paper(tmp_path)
    write(site, {"articles/flood.md": BROKEN, "articles/gale.md": article("Gale", tags=["River"])})
    circle(site / "articles/storm.md")
    circle(site / "static/map.svg")
    for _ in range(2):
        build_site(site, keep_going=True)
        result = verify(site)
        assert result.differences == ()
        assert result.kept == ("map.svg",)


def test_a_page_that_failed_is_kept_and_said_so(tmp_path: Path) -> None:
    """It is listed beside the differences: it is no longer what its sources say."""
    site = paper(tmp_path)
    write(site, {"templates/article.html": "{{ nonsense }}", "static/new.txt": "new"})
    build_site(site, keep_going=True)
    result = verify(site)
    assert result.differences == ()
    assert FLOOD in result.kept
    (site / "output" / "new.txt").write_text("by hand")
    assert found(site) == [("new.txt", "different")]


def test_who_holds_an_address_is_known(tmp_path: Path) -> None:
    """An article that came first keeps its address, in the clean build, too."""
    site = paper(tmp_path)
    write(site, {"articles/gale.md": article("Gale", date="2024-10-01", url="/2024/11/04/flood/")})
    build_site(site, keep_going=True)
    assert "Flood" in (site / "output" / FLOOD).read_text()
    assert found(site) == []
