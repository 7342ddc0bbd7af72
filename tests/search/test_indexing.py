"""The search index is an output like any other: exact, never made twice, gone when it must be."""

from __future__ import annotations

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sitegen.flow.build import Options, Report, build
from sitegen.flow.session import Session
from sitegen.search import pagefind, year_shards
from sitegen.tools.verify import verify
from tests.searching import INDEX, everything, index_files, plain, results, shards
from tests.sitefactory import AT, NO_SEARCH, article, build_site, make_site, times, tree, write

CONFIG = "[search]\nenabled = true\n"
ARTICLES = {
    "flood.md": article("Flood", "The weir gave way.", category="World", tags=["Rain"]),
    "fire.md": article("Fire", "The barn burned.", date="2023-05-01 10:00", author="Ann Lee"),
    "frost.md": article("Frost", "The pond froze.", date="2023-01-07 08:00"),
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small site with articles of two years and an index."""
    return make_site(tmp_path / "site", ARTICLES, config=CONFIG)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Each run of Pagefind while the test goes on."""
    done: list[Path] = []
    real = pagefind.run

    def counted(site: Path, bundle: Path, language: str) -> None:
        done.append(site)
        real(site, bundle, language)

    monkeypatch.setattr(pagefind, "run", counted)
    return done


def edit(site: Path, name: str, title: str, body: str, **keys: Any) -> None:
    """Write an article anew."""
    write(site, {f"articles/{name}.md": article(title, body, **keys)})


def index_times(site: Path) -> dict[str, int]:
    """Return when each file of the index was written."""
    return times(site / INDEX)


def changed(report: Report) -> set[str]:
    """Return the folders of the index in which a build wrote or removed something."""
    paths = (
        path for path in (*report.written, *report.removed) if path.startswith("search/index/")
    )
    return {path.split("/")[2] for path in paths}


def test_a_year_is_a_shard(site: Path) -> None:
    """The articles of a year are found in its shard, with what the list of results shows."""
    report = build_site(site)

    assert report.problems == ()
    assert list(shards(site)) == ["2024-en", "2023-en"]
    assert shards(site)["2023-en"]["articles"] == 2
    fire = results(site, "2023-en")["/2023/05/01/fire/"]
    assert fire["content"] == "The barn burned."
    assert fire["meta"] == {
        "title": "Fire",
        "authors": "Ann Lee",
        "date": "2023-05-01T10:00:00+00:00",
        "day": "May 1, 2023",
        "category": "Other",
        "language": "en",
    }
    assert fire["filters"] == {
        "category": ["other"],
        "year": ["2023"],
        "language": ["en"],
        "author": ["ann-lee"],
    }


def test_files_are_named_by_what_pages_load(site: Path) -> None:
    """A result's name begins with its date, and there is one copy of the scripts, and no other."""
    build_site(site)
    names = sorted(index_files(site))
    listed = json.loads((site / INDEX / "shards.json").read_bytes())

    (flood,) = (name for name in names if name.startswith("2024-en/fragment/"))
    assert flood.split("/")[-1].startswith("202411042154-")
    assert [name for name in names if name.endswith((".js", ".pagefind"))] == [
        f"pagefind-{pagefind.version()}-en/{name}" for name in ("pagefind.js", "wasm.en.pagefind")
    ]
    assert listed["script"] in names
    assert not [name for name in names if name.endswith(".css")]


def test_an_index_has_the_same_bytes_each_time(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither threads nor the order of files nor chance show in the index."""
    for number in range(40):
        edit(site, f"n{number}", f"News {number}", body="A b c d. " * number, tags=[f"t{number}"])
    build_site(site)
    for threads in ("1", "2", "7"):
        monkeypatch.setenv("RAYON_NUM_THREADS", threads)
        other = tmp_path / f"output-{threads}"
        build_site(site, output=other, state=tmp_path / f"state-{threads}")
        assert tree(other / "search/index") == index_files(site)


def test_a_build_without_changes_starts_nothing(
    site: Path, session: Session, runs: list[Path]
) -> None:
    """What is in step is not made again, and not written again."""
    build_site(site)
    before = index_times(site)
    assert len(runs) == 3  # two years, the scripts
    for lasting in (None, session, None):
        report = build_site(site, session=lasting)
        assert (report.written, report.index_pending) == ((), False)
    build_site(site, base_url="https://example.org/news/")

    assert len(runs) == 3
    assert index_times(site) == before


def test_dates_are_shown_as_the_site_shows_them(site: Path) -> None:
    """Results show dates by `[dates]`, in the paper's language; another pattern is seen in them."""
    build_site(site)
    write(site, {"sitegen.toml": f'language = "de"\n[dates]\nmedium = "long"\n{CONFIG}'})
    build_site(site)

    assert results(site, "2023-de")["/2023/05/01/fire/"]["meta"]["day"] == "1. Mai 2023"
    assert verify(site).differences == ()


def test_a_template_leaves_the_index_alone(site: Path, runs: list[Path]) -> None:
    """The page around an article is not searched, so that another one changes nothing."""
    build_site(site)
    before = index_times(site)
    write(site, {"templates/article.html": "<p>{{ article(page.article).teaser.title }} anew"})

    assert len(build_site(site).rendered) == len(ARTICLES)
    assert len(runs) == 3
    assert index_times(site) == before


def test_an_edit_makes_its_year_again_and_no_other(site: Path, runs: list[Path]) -> None:
    """A closed year is never indexed again."""
    build_site(site)
    runs.clear()
    edit(site, "flood", "Flood", body="The weir held.", category="World", tags=["Rain"])
    report = build_site(site)

    assert len(runs) == 1
    assert changed(report) == {"2024-en", "shards.json"}
    assert b"gave way" not in everything(site)


def test_what_is_not_searched_starts_nothing(site: Path, runs: list[Path]) -> None:
    """An edit after which there is nothing else to be found does not start Pagefind."""
    build_site(site)
    before = index_times(site)
    edit(
        site,
        "flood",
        "Flood",
        body="The *weir* gave way.",
        category="World",
        tags=["Rain"],
        pin=True,
    )
    report = build_site(site)

    assert report.written
    assert len(runs) == 3
    assert index_times(site) == before
    assert build_site(site).written == ()


def test_the_last_article_takes_its_shard_along(site: Path) -> None:
    """A year without articles has no shard; without any there is an empty list."""
    build_site(site)
    write(site, {"articles/flood.md": None})
    assert "2024-en" in changed(build_site(site))
    assert list(shards(site)) == ["2023-en"]
    write(site, {"articles/fire.md": None, "articles/frost.md": None})
    build_site(site)

    listed = json.loads(everything(site))
    assert (listed["script"], listed["shards"]) == (None, [])


@pytest.mark.parametrize("kind", ["removed", "damaged", "folder"])
def test_harm_is_mended(site: Path, kind: str) -> None:
    """Whatever happens to files of the index, the next build puts them in order."""
    build_site(site)
    before = index_files(site)
    (fragment,) = (site / INDEX / "2024-en/fragment").iterdir()
    if kind == "removed":
        fragment.unlink()
    elif kind == "damaged":
        fragment.write_bytes(fragment.read_bytes()[::-1])
    else:
        shutil.rmtree(site / INDEX)
    build_site(site)

    assert index_files(site) == before


def test_a_lost_cache_makes_the_same_index(site: Path) -> None:
    """Nothing that is kept between builds decides what comes out; equal files stay untouched."""
    build_site(site)
    before = index_times(site)
    shutil.rmtree(site / ".sitegen")
    report = build_site(site)

    assert report.written == ()
    assert index_times(site) == before
    assert verify(site).differences == ()


def test_verify_sees_the_index(site: Path) -> None:
    """A file of the index that is not what it should be is named."""
    build_site(site)
    (site / INDEX / "shards.json").write_text("{}")

    assert [item.path for item in verify(site).differences] == ["search/index/shards.json"]


def test_a_build_that_was_killed_is_made_good(site: Path) -> None:
    """A build that ends between its files leaves nothing that the next one takes for its own."""
    build_site(site)
    edit(site, "flood", "Flood", body="The weir held.")

    def die(stage: str, _done: int, _total: int) -> None:
        if stage == "search":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(site, Options(at=AT), progress=die)
    assert b"gave way" in everything(site)
    build_site(site)
    assert b"gave way" not in everything(site)
    assert verify(site).differences == ()


# --- Who may be found


def test_a_secret_is_in_no_index_before_and_after_its_time(site: Path) -> None:
    """An embargoed article's words are in no byte of the index before it appears or after."""
    edit(
        site, "secret", "Quornville", body="The xylograph was stolen.", summary="A zanzibar.",
        publish="2024-11-06 06:00", expires="2024-11-08 06:00", date="2024-11-05 06:00",
        category="Vaults", tags=["Qat"], author="Wim Zed",
    )  # fmt: skip
    words = (b"quornville", b"xylograph", b"zanzibar", b"vaults", b"qat", b"wim zed", b"secret")
    seen = []
    for days in (0, 1, 3, 1, 0):
        build_site(site, at=AT + timedelta(days=days))
        text = everything(site).lower()
        seen.append([word in text for word in words])

    never, always = [False] * len(words), [True] * len(words)
    assert seen == [never, always, never, always, never]


def test_what_search_engines_may_not_find_is_not_found(site: Path) -> None:
    """An article with `noindex` is in no index, even where it is alone in its year."""
    edit(site, "hush", "Hush", body="The xylograph.", date="2022-01-01 10:00", noindex=True)
    build_site(site)

    assert b"xylograph" not in everything(site)
    assert list(shards(site)) == ["2024-en", "2023-en"]


def test_drafts_are_found_in_previews_alone(site: Path) -> None:
    """A preview of drafts finds them; the next build without them does not."""
    edit(site, "idea", "Idea", body="The xylograph.", draft=True)
    found = []
    for drafts in (False, True, False):
        build_site(site, drafts=drafts)
        found.append(b"xylograph" in everything(site))

    assert found == [False, True, False]


def test_standalone_pages_have_a_shard(site: Path, runs: list[Path]) -> None:
    """A page is found from its second on; an edit of one makes that shard again, and no other."""
    about = {"pages/about.md": article("Quornville", "The xylograph.", date=None)}
    write(site, about)
    build_site(site)
    assert list(shards(site)) == ["pages-en", "2024-en", "2023-en"]
    found = results(site, "pages-en")["/about/"]
    assert found["meta"] == {"title": "Quornville", "language": "en"}
    assert found["filters"] == {"language": ["en"]}

    runs.clear()
    write(site, {"pages/about.md": article("Quornville", "The zanzibar.", date=None)})
    report = build_site(site)
    assert len(runs) == 1
    assert {path.partition("/index/")[2].partition("/")[0] for path in report.written} - {""} == {
        "pages-en", "shards.json",
    }  # fmt: skip
    later = article("Quornville", "The zanzibar.", date=None, publish="2024-11-06 06:00")
    write(site, {"pages/about.md": later})
    build_site(site)
    assert list(shards(site)) == ["2024-en", "2023-en"]
    assert b"zanzibar" not in everything(site)
    build_site(site, at=AT + timedelta(days=1))
    assert b"zanzibar" in everything(site)


def test_an_edit_of_a_text_for_a_term_alone_is_found(site: Path) -> None:
    """A text is found with its words of now, and not after its end, if nothing else is edited."""
    for word, expires in (("xylograph", None), ("zanzibar", "2024-11-06 06:00")):
        text = article("", f"The {word}.", date=None, name="Ann Lee", expires=expires)
        write(site, {"terms/author/ann-lee.md": text})
        build_site(site)
        assert word in results(site, "pages-en")["/author/ann-lee/"]["content"]
    build_site(site, at=AT + timedelta(days=1))
    assert list(shards(site)) == ["2024-en", "2023-en"]
    assert b"zanzibar" not in everything(site)


# --- Languages


def test_languages_have_shards_of_their_own(site: Path) -> None:
    """Japanese is divided into words; the pages load the stemmer of the paper's language."""
    edit(site, "kawa", "洪水の夜", body="昨日の大雨で川の水位が上昇した。", lang="ja", slug="kawa")
    build_site(site)

    assert list(shards(site)) == ["2024-en", "2024-ja", "2023-en"]
    (kawa,) = results(site, "2024-ja").values()
    assert "\u200b水位\u200b" in kawa["content"]
    assert "洪水\u200bの\u200b夜\u200b" in kawa["content"]
    assert kawa["meta"]["title"] == "洪水の夜"


def test_how_much_is_opened_at_once_is_told_in_the_list(site: Path) -> None:
    """Another number makes the list again and nothing else; it is 15,000 unless it is set."""
    build_site(site)
    assert json.loads((site / INDEX / "shards.json").read_bytes())["at_once"] == 15_000
    write(site, {"sitegen.toml": f"{CONFIG}at_once = 2\n"})
    report = build_site(site)

    assert json.loads((site / INDEX / "shards.json").read_bytes())["at_once"] == 2
    assert changed(report) == {"shards.json"}


def test_a_paper_without_a_stemmer_takes_that_of_its_articles(site: Path) -> None:
    """A Japanese paper with articles in English searches those with an English stemmer."""
    write(site, {"sitegen.toml": f'language = "ja"\n{CONFIG}'})
    build_site(site)
    script = json.loads((site / INDEX / "shards.json").read_bytes())["script"]
    assert script.endswith("-ja/pagefind.js")
    edit(site, "kawa", "River", body="The xylograph.", lang="en-GB", slug="kawa")
    build_site(site)
    script = json.loads((site / INDEX / "shards.json").read_bytes())["script"]

    assert script.endswith("-en/pagefind.js")
    assert shards(site)["2024-en"]["articles"] == 1


# --- No index


def test_a_site_can_do_without(site: Path, runs: list[Path]) -> None:
    """`enabled = false` takes the index away, and starts nothing."""
    build_site(site)
    runs.clear()
    write(site, {"sitegen.toml": NO_SEARCH})
    report = build_site(site)

    assert report.notes == ()
    assert not (site / INDEX).exists()
    assert runs == []


def test_without_pagefind_there_is_a_site(
    site: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the program is not installed, the build says so once, and publishes the pages."""
    monkeypatch.setattr(pagefind, "executable", lambda: None)
    monkeypatch.setattr(pagefind, "version", lambda: "")
    report = build_site(site, session=session)
    edit(site, "flood", "Flood", body="The weir held.", category="World", tags=["Rain"])
    again = build_site(site, session=session, changed=["articles/flood.md"])

    (note,) = report.notes
    assert 'pip install "sitegen-news[search]"' in note
    assert again.notes == ()
    assert not (site / INDEX).exists()
    assert (site / "output/index.html").exists()


def test_a_failing_program_is_a_warning(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If Pagefind fails, the pages are published without an index, and the next build tries."""
    build_site(site)
    edit(site, "flood", "Flood", body="The weir held.")
    with monkeypatch.context() as broken:
        broken.setattr(pagefind, "executable", lambda: Path(shutil.which("false") or ""))
        report = build_site(site)
    (problem,) = report.problems
    assert not problem.is_error
    assert "Pagefind failed with exit code 1" in problem.message
    assert not (site / INDEX).exists()
    build_site(site)
    assert list(shards(site)) == ["2024-en", "2023-en"]


def test_foreign_output_is_not_published(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If another version writes another format, that is told, and not passed on."""
    monkeypatch.setattr(pagefind, "run", lambda _site, bundle, _language: os.mkdir(bundle))  # noqa: PTH102 - in one line
    report = build_site(site)

    assert "unknown format of Pagefind's output" in report.problems[0].message
    assert not (site / INDEX).exists()


# --- Later


def test_the_index_can_be_left_for_later(site: Path, runs: list[Path]) -> None:
    """A build that is in a hurry keeps the old index, and says that it is behind."""
    build_site(site)
    before = index_files(site)
    runs.clear()
    edit(site, "flood", "Flood", body="The weir held.")
    for _ in range(2):
        report = build_site(site, index_later=True)
        assert report.index_pending
        assert index_files(site) == before
    assert runs == []
    assert not build_site(site).index_pending
    assert b"gave way" not in everything(site)


def test_what_must_not_be_found_does_not_wait(site: Path) -> None:
    """An article that was taken down is in no index at once, even in a hurry."""
    build_site(site)
    write(site, {"articles/fire.md": None})
    report = build_site(site, index_later=True)

    assert report.index_pending
    assert list(shards(site)) == ["2024-en"]
    assert b"barn" not in everything(site)


@pytest.mark.parametrize("keys", [{"noindex": True}, {"draft": True}, {"expires": "2024-11-05"}])
def test_what_is_withdrawn_in_a_preview_does_not_wait(site: Path, keys: dict[str, Any]) -> None:
    """A process that goes on takes words away with the save that withdraws them."""
    session = Session()
    build_site(site, session=session)
    edit(
        site, "fire", "Fire", "The barn burned.", date="2023-05-01 10:00", author="Ann Lee", **keys
    )
    report = build_site(site, session=session, changed=["articles/fire.md"], index_later=True)

    assert report.index_pending
    assert b"barn" not in everything(site)
    assert not build_site(site, session=session).index_pending
    assert verify(site).differences == ()
    session.close()


def test_names_of_parts_are_read_back(site: Path) -> None:
    """The words of an index are those of its articles: `plain` reads what the tests look for."""
    build_site(site)

    assert plain(b"{}") == b"{}"
    assert b"weir" in everything(site)
    assert year_shards.make_scripts("en")[0].endswith("pagefind.js")


@pytest.mark.parametrize("title", ["A picture of the harbour", "…"])
def test_an_article_without_words_costs_no_index(tmp_path: Path, title: str) -> None:
    """Of pictures alone it is found by its title; others of its year, and other years, as ever."""
    site = make_site(
        tmp_path,
        {
            "picture.md": article(title, "![](map.svg)", date="2023-01-01", slug="picture"),
            "map.svg": "<svg/>",
            "flood.md": article("Flood", "The river rose."),
        },
        config=CONFIG,
    )
    report = build_site(site)
    assert [problem for problem in report.problems if "search index" in problem.message] == []
    assert "2024-en/" in (site / "output/search/index/shards.json").read_text()


def test_nothing_is_left_of_an_index_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was made of it before does not come into the output with the folders around it."""
    site = make_site(
        tmp_path,
        {"a.md": article("A", "Word.", date="2023-01-01"), "b.md": article("B", "Word.")},
        config=CONFIG,
    )
    run, calls = pagefind.run, []

    def failing(*arguments: Any) -> None:
        calls.append(arguments)
        if len(calls) > 1:
            raise pagefind.PagefindError("it fails")
        run(*arguments)

    monkeypatch.setattr(pagefind, "run", failing)
    report = build_site(site)
    assert "the site has no search index: it fails" in [item.message for item in report.problems]
    assert len(calls) > 1
    assert not (site / "output/search/index").exists()
