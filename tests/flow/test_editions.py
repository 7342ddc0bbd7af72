"""Editions in other languages: what each has for itself, and what they know of each other."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.flow.builds import Builds
from tests.sitefactory import AT, article, build_site, make_site, pages, tree, write

CONFIG = """
title = "The Packet"
base_url = "https://example.org/"
[languages.ja]
title = "小包新聞"
timezone = "Asia/Tokyo"
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site in English and Japanese; one article and one page are in both."""
    return make_site(
        tmp_path / "site",
        {
            "2024/flood.md": article("Flood", tags=["river"]),
            "2024/ferry.md": article("Ferry", date="2024-11-02"),
            "ja/2024/flood.md": article("高潮", tags=["river"]),
            "2024/kelp.ja.md": article("昆布", date="2024-11-02"),
        },
        config=CONFIG,
        files={
            "pages/about.md": "---\ntitle: About\nnav: footer\n---\nWe.\n",
            "pages/about.ja.md": "---\ntitle: 私たち\nnav: footer\n---\n我々。\n",
            "terms/category/other.ja.md": "---\nname: その他\n---\n",
        },
    )


def alternates(html: str) -> dict[str, str]:
    """Return the versions that a page names to search engines, by language."""
    return dict(re.findall(r'rel="alternate" hreflang="([^"]*)" href="([^"]*)"', html))


def test_each_edition_has_everything_for_itself(site: Path) -> None:
    """Fronts, lists, archives, feeds, menus: its own articles, its own words and time."""
    assert not build_site(site).problems
    found = pages(site)
    english, japanese = found["index.html"], found["ja/index.html"]
    assert "Flood" in english
    assert "高潮" not in english
    assert "高潮" in japanese
    assert "Flood" not in japanese
    assert '<html lang="ja">' in japanese
    assert "小包新聞" in japanese
    assert '<a href="/ja/about/">私たち</a>' in japanese
    assert '<a href="/about/">About</a>' in english
    assert "昆布" in found["ja/2024/11/02/index.html"]
    assert "その他" in found["ja/category/other/index.html"]
    assert "Other" in found["category/other/index.html"]
    assert "+09:00" in found["ja/2024/11/04/flood/index.html"]
    assert "昆布" in (site / "output/ja/feed.xml").read_text("utf-8")
    assert "昆布" not in (site / "output/feed.xml").read_text("utf-8")


def test_no_page_of_an_edition_leads_to_the_front_of_another_but_the_switcher(site: Path) -> None:
    """What a theme links by its usual address is that of the page's own edition."""
    build_site(site)
    html = pages(site)["ja/2024/11/02/kelp/index.html"]
    switcher = html[html.index('<nav class="editions"') :]
    switcher = switcher[: switcher.index("</nav>")]
    rest = html.replace(switcher, "")
    links = re.findall(r'href="(/[^"]*)"', rest)
    assert {link for link in links if not re.match("/(ja/|css/|icon)", link)} == set()
    assert '<a href="/" hreflang="en" lang="en" title="The Packet">English</a>' in switcher


def test_versions_name_each_other(site: Path) -> None:
    """By one name in two folders or with two endings; on every page the pairs are mutual."""
    build_site(site)
    found = pages(site)
    flood = "https://example.org/2024/11/04/flood/"
    both = {"en": flood, "ja": "https://example.org/ja/2024/11/04/flood/", "x-default": flood}
    assert alternates(found["2024/11/04/flood/index.html"]) == both
    assert alternates(found["ja/2024/11/04/flood/index.html"]) == both
    assert alternates(found["ja/2024/11/02/kelp/index.html"]) == {}
    for path, html in found.items():
        for address in alternates(html).values():
            place = address.removeprefix("https://example.org/") + "index.html"
            assert alternates(found[place]) == alternates(html), path


def test_a_key_says_which_documents_are_versions(site: Path, builds: Builds) -> None:
    """`translation_key` joins files of any names."""
    write(
        site,
        {
            "articles/2024/ferry.md": article("Ferry", date="2024-11-02", translation_key="boat"),
            "articles/ja/2024/fune.md": article("船", date="2024-11-02", translation_key="boat"),
        },
    )
    builds(site)
    html = pages(site)["2024/11/02/ferry/index.html"]
    assert alternates(html)["ja"] == "https://example.org/ja/2024/11/02/fune/"


def test_an_article_of_one_edition_leaves_the_others_alone(site: Path, builds: Builds) -> None:
    """Only its version in another language says that it is there."""
    builds(site)
    before = pages(site)
    write(site, {"articles/ja/2024/ferry.md": article("連絡船", date="2024-11-02")})
    builds(site, "articles/ja/2024/ferry.md")
    after = pages(site)
    changed = {path for path in after if before.get(path) != after[path]}
    english = {path for path in changed if path.endswith(".html") and not path.startswith("ja/")}
    assert english == {"2024/11/02/ferry/index.html"}


def test_an_embargoed_version_is_named_from_its_second_on(site: Path, builds: Builds) -> None:
    """Before, no page of any edition says a word of it."""
    later = AT + timedelta(hours=1)
    late = article("連絡船", date="2024-11-02", publish=later.isoformat())
    write(site, {"articles/ja/2024/ferry.md": late})
    builds(site, at=later - timedelta(seconds=1))
    assert "連絡船".encode() not in b"".join(tree(site / "output").values())
    assert "ja" not in alternates(pages(site)["2024/11/02/ferry/index.html"])
    builds(site, at=later)
    assert "ja" in alternates(pages(site)["2024/11/02/ferry/index.html"])


def test_a_front_door_where_each_edition_has_a_path(site: Path) -> None:
    """It offers the choice, and sends nobody anywhere by itself."""
    write(
        site, {"sitegen.toml": CONFIG + '[languages.en]\npath = "/en/"\n[search]\nenabled = false'}
    )
    assert not build_site(site).problems
    found = pages(site)
    door = found["index.html"]
    assert '<a href="/en/" hreflang="en" lang="en">' in door
    assert '<a href="/ja/" hreflang="ja" lang="ja">' in door
    assert "refresh" not in door
    assert "Flood" in found["en/index.html"]
    assert alternates(found["ja/index.html"])["x-default"] == "https://example.org/en/"


def test_an_article_in_a_language_without_an_edition_stays(site: Path) -> None:
    """In the edition of the site's own language, and says its language there."""
    write(site, {"articles/2024/mer.md": article("La mer", date="2024-11-03", lang="fr")})
    build_site(site)
    assert 'lang="fr"' in pages(site)["index.html"]
