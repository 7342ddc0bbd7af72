"""What a page says to machines agrees with what it says to people."""

import json
import re
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring

from sitegen.config.settings import POLICIES
from sitegen.render.metadata_functions import POLICIES as PROPERTIES
from tests.picture_files import png
from tests.render.test_structured_data import RECOMMENDED, faults
from tests.sitefactory import article, build_site, make_site, pages

CONFIG = """
title = "The Tide"
description = "News of the sea."
base_url = "https://example.org/news/"
language = "en-GB"
timezone = "Europe/London"
[publisher]
name = "Tide Press"
logo = "logo.png"
image = "card.png"
twitter = "@tide"
same_as = ["https://social.example/tide"]
founded = "1871-05-02"
masthead = "/about/"
ethics_policy = "https://example.org/ethics/"
"""
NASTY = 'Flood </script><script>alert("x")</script> & <!-- fire'
ARTICLES: dict[str, str | bytes] = {
    "flood.md": article(
        NASTY,
        date="2024-07-04 21:54",
        updated="2024-07-05 08:00",
        category="World",
        tags=["River"],
        authors=["[Ann Lee](https://ann.example/)", "Bo"],
        summary="In <short>.",
        image={"src": "flood.png", "alt": "Water", "credit": "A. Wren"},
        corrections=[
            {"date": "2024-07-06 09:30", "text": "It was </script> Ann."},
            {"date": "2024-07-05", "text": "It was Bo."},
        ],
    ),
    "flood.png": png(30, 20),
    "plain.md": article("Plain", image="drawing.svg"),
    "drawing.svg": "<svg/>",
    "wire.md": article("Wire", canonical="https://example.com/wire/", noindex=True),
}
FLOOD = "2024/07/04/flood/index.html"


@pytest.fixture
def found(tmp_path: Path) -> dict[str, str]:
    """Return the pages of a small paper."""
    static = {"logo.png": png(9, 9), "card.png": png(12, 6)}
    site = make_site(tmp_path, ARTICLES, config=CONFIG, static=static)
    assert build_site(site).problems == ()
    return pages(site)


def graph(page: str) -> dict[str, dict[str, Any]]:
    """Return what a page says in the words of schema.org, by type."""
    texts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return {part["@type"]: part for text in texts for part in json.loads(text)["@graph"]}


def card(page: str) -> dict[str, str]:
    """Return the properties that a page has for social networks."""
    return dict(re.findall(r'<meta (?:property|name)="([\w:]+:[\w:]+)" content="([^"]*)">', page))


def test_an_article_says_all_that_is_recommended(found: dict[str, str]) -> None:
    """In the vocabulary of schema.org, whatever its headline is."""
    said = graph(found[FLOOD])
    assert said.keys() == {"NewsArticle", "BreadcrumbList"}
    for part in said.values():
        assert faults(part) == []
    about = said["NewsArticle"]
    assert about.keys() >= RECOMMENDED
    assert about["headline"] == NASTY
    assert [author["name"] for author in about["author"]] == ["Ann Lee", "Bo"]
    assert about["author"][0]["url"] == "https://example.org/news/author/ann-lee/"
    assert [author.get("sameAs") for author in about["author"]] == ["https://ann.example/", None]
    picture = about["image"][0]
    assert picture["url"] == "https://example.org/news/flood.png"
    assert (picture["width"], picture["height"]) == (30, 20)
    assert about["publisher"]["name"] == "Tide Press"
    assert re.fullmatch(
        r"https://example\.org/news/logo\.\w{8}\.png", about["publisher"]["logo"]["url"]
    )
    trail = said["BreadcrumbList"]["itemListElement"]
    assert [step["name"] for step in trail] == ["The Tide", "World", NASTY]
    assert "<script>alert" not in found[FLOOD]


def test_stamps_agree_with_the_data(found: dict[str, str]) -> None:
    """Published, updated and corrected are the same times on the page and in what it says."""
    page, about = found[FLOOD], graph(found[FLOOD])["NewsArticle"]
    byline = page[page.index('<div class="byline') : page.index('<div class="story-main')]
    published, updated = re.findall(r'<time datetime="([^"]+)">', byline)
    assert published == about["datePublished"] == "2024-07-04T21:54:00+01:00"
    assert updated == "2024-07-05T08:00:00+01:00"
    section = page[page.index('<section class="corrections"') : page.index("story-foot")]
    corrected = re.findall(r'<time datetime="([^"]+)"', section)
    assert sorted(corrected) == sorted(item["datePublished"] for item in about["correction"])
    stamps = [published, updated, *corrected]
    assert about["dateModified"] == max(stamps, key=datetime.fromisoformat)
    assert "Corrected 6 Jul 2024" in byline
    shown = card(page)
    assert shown["article:published_time"] == about["datePublished"]
    assert shown["article:modified_time"] == about["dateModified"]
    assert f"<lastmod>{about['dateModified']}</lastmod>" in found["sitemap/2024.xml"]


def test_social_networks_are_told(found: dict[str, str]) -> None:
    """Title, summary, picture: the article's own, or the paper's where that has none to show."""
    shown = card(found[FLOOD])
    assert shown["og:type"] == "article"
    assert shown["og:description"] == "In &lt;short&gt;."
    assert shown["og:url"] == "https://example.org/news/2024/07/04/flood/"
    assert shown["og:locale"] == "en_GB"
    assert shown["og:image"] == "https://example.org/news/flood.png"
    assert (shown["og:image:width"], shown["og:image:alt"]) == ("30", "Water")
    assert (shown["twitter:card"], shown["twitter:site"]) == ("summary_large_image", "@tide")
    for page in (found["2024/11/04/plain/index.html"], found["index.html"]):
        assert re.fullmatch(r"https://example\.org/news/card\.\w{8}\.png", card(page)["og:image"])
    assert card(found["404.html"]) == {}


def test_the_front_page_says_who_makes_the_paper(found: dict[str, str]) -> None:
    """With everything that the configuration says of the publisher."""
    paper = graph(found["index.html"])["NewsMediaOrganization"]
    assert faults(paper) == []
    assert paper["masthead"] == "https://example.org/news/about/"
    assert paper["foundingDate"] == "1871-05-02"
    assert paper["ethicsPolicy"] == "https://example.org/ethics/"
    assert paper["sameAs"] == ["https://social.example/tide"]
    assert paper["description"] == "News of the sea."


def test_every_policy_has_its_property() -> None:
    """What the configuration can name is what pages say, each under a name of its own."""
    assert tuple(PROPERTIES) == POLICIES
    assert len(set(PROPERTIES.values())) == len(POLICIES)


def test_lists_say_where_they_stand(found: dict[str, str]) -> None:
    """The way from the front page to a list or an archive is the one that readers go."""
    for path, names in (
        ("category/world/index.html", ["The Tide", "World"]),
        ("archive/index.html", ["The Tide", "Archive"]),
        ("2024/07/04/index.html", ["The Tide", "Archive", "2024", "July 2024", "4 July 2024"]),
    ):
        trail = graph(found[path])["BreadcrumbList"]
        assert faults(trail) == []
        assert [step["name"] for step in trail["itemListElement"]] == names
        for step in trail["itemListElement"]:
            address = step["item"].removeprefix("https://example.org/news/")
            assert f"{address}index.html" in found


def test_search_engines_may_show_large_pictures(found: dict[str, str]) -> None:
    """On every page that they may show at all."""
    for path, page in found.items():
        if path.endswith(".html"):
            robots = re.findall('<meta name="robots" content="([^"]+)">', page)
            hidden = path in ("404.html", "search/index.html") or "wire" in path
            hidden = hidden or 'http-equiv="refresh"' in page
            assert robots == ["noindex" if hidden else "max-image-preview:large"], path


def test_a_file_of_the_publisher_that_is_missing_is_told(tmp_path: Path) -> None:
    """A logo that is not in static/ is a mistake, not an empty place."""
    site = make_site(tmp_path, {"a.md": article()}, config='publisher.logo = "no.png"')
    with pytest.raises(Exception, match=r'there is no file "no\.png" in static/'):
        build_site(site)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("flood.png", "https://example.org/news/flood.png"),
        ("/flood.png?v=2", "https://example.org/news/flood.png?v=2"),
        ("//example.net/a b.png", "https://example.net/a%20b.png"),
        ("https://example.net/ü.png", "https://example.net/%C3%BC.png"),
        ("Café.png", ""),
    ],
)
def test_a_picture_has_one_address_in_all_outputs(
    tmp_path: Path, written: str, address: str
) -> None:
    """Cards, structured data, feeds and sitemap say the same full address, or none."""
    articles: dict[str, str | bytes] = {
        "flood.md": article(image={"src": written, "alt": "A"}),
        "other.md": article("B", "![x](flood.png)", date="2020-01-01"),
        "flood.png": png(30, 20),
    }
    site = make_site(tmp_path, articles, config='base_url = "https://example.org/news/"')
    build_site(site)
    made = pages(site)
    page = made["2024/11/04/flood/index.html"]

    assert card(page).get("og:image", "") == address
    images = graph(page)["NewsArticle"].get("image", [{"url": ""}])
    assert images[0]["url"] == address
    for name in ("feed.xml", "rss.xml", "feed.json"):
        shown = re.findall(r'<img src="([^"]*)" alt="A"', unescape(made[name].replace("\\", "")))
        assert shown == ([address] if address else []), name
    assert json.loads(made["feed.json"])["items"][0].get("image", "") == address
    assert re.findall("<image:loc>(.*?)</image:loc>", made["sitemap/2024.xml"]) == (
        [address] if address else []
    )
    assert ("<figure" in page) == bool(address)


def test_the_front_page_names_the_site(found: dict[str, str]) -> None:
    """Search engines take a paper's name from `WebSite` on its front page, and only from there."""
    said = graph(found["index.html"])
    site, paper = said["WebSite"], said["NewsMediaOrganization"]
    assert (site["name"], site["url"]) == ("The Tide", "https://example.org/news/")
    assert site["description"] == "News of the sea."
    assert site["publisher"] == {"@id": paper["@id"]}
    assert '"WebSite"' not in found[FLOOD]


LISTS = [
    ("category/world/index.html", "Category: World – all articles in The Tide, the newest first"),
    ("category/index.html", "Categories in The Tide, with the number of articles in each"),
    ("archive/index.html", "All articles of The Tide by year, month and day"),
    ("2024/07/index.html", "July 2024 in The Tide: all articles of that time"),
    ("corrections/index.html", "Every correction in The Tide, the newest first"),
    ("index.html", "News of the sea."),
]


@pytest.mark.parametrize(("path", "said"), LISTS)
def test_lists_say_what_they_are(found: dict[str, str], path: str, said: str) -> None:
    """Search engines and social networks show the same sentence below their titles."""
    assert f'<meta name="description" content="{said}">' in found[path]
    assert f'<meta property="og:description" content="{said}">' in found[path]


def test_the_search_page_says_what_it_is(found: dict[str, str]) -> None:
    """Search engines are not to list it, and it has a sentence all the same."""
    said = "Search all articles of The Tide, or find them by date, section, tag and author"
    assert f'<meta name="description" content="{said}">' in found["search/index.html"]


def test_browsers_can_search_from_their_own_bar(found: dict[str, str], tmp_path: Path) -> None:
    """Every page names the description, if there is a search index."""
    assert "opensearch" not in found["index.html"]
    config = CONFIG.replace('logo = "logo.png"\nimage = "card.png"\n', "")
    site = make_site(
        tmp_path / "searched", {"a.md": article()}, config=f"{config}\n[search]\nenabled = true\n"
    )
    build_site(site)
    link = '<link rel="search" type="application/opensearchdescription+xml" title="The Tide" '
    assert f'{link}href="/news/opensearch.xml">' in pages(site)["2024/11/04/a/index.html"]
    described = fromstring(pages(site)["opensearch.xml"])
    url = described.find("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert url is not None
    assert url.get("template") == "https://example.org/news/search/?q={searchTerms}"


def test_pictures_in_bodies_have_their_size(tmp_path: Path) -> None:
    """So that the text does not jump when they come; in feeds, too. Not what is elsewhere."""
    text = "![a](a.png)\n\n![b](/static/b.png) ![c](https://example.com/c.png) ![d](d.svg)"
    files: dict[str, str | bytes] = {
        "a.md": article("A", body=text),
        "a.png": png(30, 20),
        "d.svg": "<svg/>",
    }
    site = make_site(
        tmp_path,
        files,
        config=CONFIG,
        static={"b.png": png(8, 4), "logo.png": png(9, 9), "card.png": png(12, 6)},
    )
    build_site(site)
    made = pages(site)
    (page,) = [text for name, text in made.items() if name.endswith("/a/index.html")]
    assert re.search(r'<img [^>]*src="[^"]*a[^"/]*png" width="30" height="20"', page)
    assert re.search(r'<img [^>]*src="[^"]*b[^"/]*png" width="8" height="4"', page)
    assert not re.search(r'src="[^"]*[cd]\.(?:png|svg)" width', page)
    feed = next(text for name, text in made.items() if name.endswith("feed.json"))
    assert 'width=\\"30\\" height=\\"20\\"' in feed


def test_a_picture_of_another_size_makes_its_pages_anew(tmp_path: Path) -> None:
    """The size in a body is as fresh as the picture, from build to build."""
    files: dict[str, str | bytes] = {"a.md": article("A", body="![a](a.png)"), "a.png": png(30, 20)}
    static = {"logo.png": png(9, 9), "card.png": png(12, 6)}
    site = make_site(tmp_path, files, config=CONFIG, static=static)
    build_site(site)
    (site / "articles" / "a.png").write_bytes(png(7, 5))
    build_site(site)
    (page,) = [text for name, text in pages(site).items() if name.endswith("/a/index.html")]
    assert 'width="7" height="5"' in page
