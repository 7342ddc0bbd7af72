"""Pages of one's own are found by what stands in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sitegen.search import pagefind
from sitegen.search.own_pages import page_document
from sitegen.search.year_shards import index_texts
from tests.sitefactory import article, build_site, make_site, tree, write

CONFIG = """
[search]
enabled = true
[[outputs]]
url = "/council/{slug}/"
template = "member.html"
from = "members"
"""
ROWS = "slug,name\nann,Ann Lee\nben,Ben Hale\n"
MEMBER = (
    '{% extends "base.html" %}{% block title %}T{% endblock %}'
    "{% block main %}<h1>{{ row.name }}</h1><p>Of the council.{% endblock %}"
)


@pytest.mark.parametrize(
    ("html", "language", "title", "text"),
    [
        ("<html lang=en><title>T</title><body>Nav<main><h1>A <b>b</b></h1><p>c</main>d",
         "en", "A b", "<h1>A b</h1><p>c"),
        ("<html lang='en-GB'><title>T &amp; U</title><body>x<p>y</body>", "en-GB", "T &amp; U",
         "x<p>y"),
        ("x", "", "", "x"),
        ("<html lang=ja><title>T</title><main>高潮", "ja", "T", "<h1>T</h1>高潮"),
    ],
)  # fmt: skip
def test_a_page_is_known_by_its_main_part(html: str, language: str, title: str, text: str) -> None:
    """Not by what surrounds it; its title is its first heading."""
    lang, document = page_document(html)
    assert lang == language
    assert f'content="{title}">' in document
    assert f"<body data-pagefind-body>{text}</body>" in document


def test_a_page_without_a_word_is_not_indexed() -> None:
    """Nobody can look for it."""
    assert page_document("<html><title>T</title><main><img></main>")[1] == ""


def shards(site: Path) -> dict[str, int]:
    """Return how many pages each shard has."""
    listed = json.loads((site / "output/search/index/shards.json").read_text("utf-8"))
    return {shard["path"]: shard["articles"] for shard in listed["shards"]}


def test_pages_from_data_are_indexed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Again where their words are others, and not where only what surrounds them is."""
    runs: list[str] = []

    def noted(*arguments: object) -> object:
        runs.append(str(arguments[0]))
        return index_texts(*arguments)  # type: ignore[arg-type]  # what it was given

    monkeypatch.setattr("sitegen.search.indexing.index_texts", noted)
    site = make_site(
        tmp_path / "site",
        {"a.md": article()},
        config=CONFIG,
        files={"data/members.csv": ROWS},
        templates={"member.html": MEMBER},
    )
    build_site(site)
    assert shards(site) == {"own-en/": 2, "2024-en/": 1}
    assert build_site(site).rendered == {}
    assert len(runs) == 1
    before = tree(site / "output/search/index")
    write(site, {"templates/member.html": MEMBER.replace("T{%", "U{%")})
    build_site(site)
    assert tree(site / "output/search/index") == before
    write(site, {"data/members.csv": ROWS.replace("Ann Lee", "Ann Lie")})
    build_site(site)
    assert tree(site / "output/search/index") != before
    build_site(site, output=tmp_path / "clean", state=tmp_path / "state", clean=True)
    assert tree(site / "output") == tree(tmp_path / "clean")
    write(site, {"sitegen.toml": f"{CONFIG}noindex = true\n"})
    build_site(site)
    assert shards(site) == {"2024-en/": 1}
    assert pagefind.version()
