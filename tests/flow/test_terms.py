"""Texts of terms from their files to the output: what they show, and what an edit renders."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sitegen.flow.schedule import next_changes
from sitegen.model import moments
from sitegen.model.errors import SitegenError
from tests.flow.builds import Builds
from tests.sitefactory import AT, NO_SEARCH, article, build_site, make_site, pages, write

CONFIG = """
title = "The Packet"
base_url = "https://example.org/"
[sitemap]
news = false
[taxonomies.place]
tree = true
"""


def text(name: str | None = None, body: str = "She writes.", **head: Any) -> str:
    """Return the file of a term's text; `head` are further keys of its front matter."""
    return article(body=body, **{"title": None, "date": None, "name": name, **head})


ANN = text(
    "Ann Lee",
    "She was [first](../../articles/2024/a.md).",
    role="Court reporter",
    same_as=["https://social.example/@ann"],
    image="ann.svg",
    names=["a-lee"],
    email="ann@example.org",
    knows_about=["law"],
    location="Eldermouth",
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site of four articles by two authors, of one of whom something is known."""
    return make_site(
        tmp_path / "site",
        {
            "2024/a.md": article("Alder", author="Ann Lee", tags=["tides"]),
            "2024/b.md": article("Birch", date="2024-11-02", author="a-lee"),
            "2024/c.md": article("Cedar", date="2024-11-01", author="Ben"),
            "2024/d.md": article("Damson", date="2024-10-01", place="Europe/Norge/Oslo"),
        },
        config=CONFIG,
        files={
            "terms/author/ann-lee.md": ANN,
            "terms/author/ann.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        },
    )


def graph(html: str) -> list[dict[str, Any]]:
    """Return what a page says to machines."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    return list(json.loads(found[1])["@graph"])


def test_a_text_stands_above_the_list_of_its_term(site: Path) -> None:
    """With its links and picture, on the first page; other spellings lead to the same list."""
    report = build_site(site)
    found = pages(site)
    assert not report.problems
    page = found["author/ann-lee/index.html"]
    assert '<p>She was <a href="/2024/11/04/a/">first</a>.</p>' in page
    assert 'src="/author/ann.svg"' in page
    assert "<li>Court reporter</li>" in page
    assert "ann@example.org" not in "".join(found.values())
    assert "Alder" in page
    assert "Birch" in page
    assert "author/a-lee/index.html" not in found
    assert "a-lee" not in found["2024/11/02/b/index.html"]
    assert '<a href="/author/ann-lee/">Ann Lee</a>' in found["2024/11/02/b/index.html"]
    assert 'src="/author/ann.svg"' in found["2024/11/02/b/index.html"]
    assert "ann.svg" not in found["2024/11/01/c/index.html"]


def test_machines_are_told_who_wrote(site: Path) -> None:
    """The page of an author is a profile; articles name role, picture and other addresses."""
    build_site(site)
    found = pages(site)
    profile, _ = graph(found["author/ann-lee/index.html"])
    person = profile["mainEntity"]
    assert (profile["@type"], person["@type"], person["name"]) == (
        "ProfilePage",
        "Person",
        "Ann Lee",
    )
    assert person["description"] == "She was first."
    assert person["knowsAbout"] == ["law"]
    assert person["worksFor"] == {"@id": "https://example.org/#publisher"}
    assert person["workLocation"]["name"] == "Eldermouth"
    assert graph(found["2024/11/02/b/index.html"])[0]["author"] == [
        {
            "@type": "Person",
            "name": "Ann Lee",
            "url": "https://example.org/author/ann-lee/",
            "jobTitle": "Court reporter",
            "image": "https://example.org/author/ann.svg",
            "sameAs": "https://social.example/@ann",
        }
    ]
    assert [item["@type"] for item in graph(found["author/ben/index.html"])] == ["BreadcrumbList"]


RENDERED: dict[str, tuple[str, str, set[str]]] = {
    "the text alone": (
        "author/ann-lee.md",
        ANN.replace("first", "there"),
        {"author/ann-lee/index.html"},
    ),
    "a role": (
        "author/ann-lee.md",
        ANN.replace("Court", "Chief"),
        {"author/ann-lee/index.html", "2024/11/04/a/index.html", "2024/11/02/b/index.html"},
    ),
    "a text of another author": (
        "author/ben.md",
        text(),
        {"author/ben/index.html", "2024/11/01/c/index.html"},
    ),
    "a text of a tag": ("tag/tides.md", text(), {"tag/tides/index.html"}),
    "an author without articles": (
        "author/cleo.md",
        text("Cleo"),
        {"author/cleo/index.html", "sitemap/pages.xml"},
    ),
}


@pytest.mark.parametrize("case", RENDERED)
def test_an_edit_renders_the_pages_that_show_it(site: Path, builds: Builds, case: str) -> None:
    """No other one, be it in one process or in two."""
    name, content, expected = RENDERED[case]
    builds(site)
    write(site, {f"terms/{name}": content})
    assert set(builds(site, f"terms/{name}").rendered) == expected


def test_a_name_is_put_right_everywhere(site: Path, builds: Builds) -> None:
    """As soon as its text is published, and until it goes."""
    builds(site)
    write(site, {"terms/author/ben.md": text("Ben Okri"), "terms/author/ann-lee.md": None})
    builds(site, "terms/author/ben.md", "terms/author/ann-lee.md")
    found = pages(site)
    assert "a-lee" in found["author/a-lee/index.html"]
    assert ">Ben Okri</a>" in found["2024/11/01/c/index.html"]
    assert "<h1>Ben Okri</h1>" in found["author/ben/index.html"]
    assert "Ben Okri" in found["author/index.html"]
    fresh = build_site(site, output=site / "o", state=site / "s")
    assert fresh.is_published
    for path, made in found.items():
        assert (site / "o" / path).read_text() == made, path


def test_in_a_tree_what_is_below_goes_along(site: Path, builds: Builds) -> None:
    """`Europe/Norge/Oslo` lies below Norway where Norge is a spelling of Norway."""
    builds(site)
    assert "place/europe/norge/oslo/index.html" in pages(site)
    write(site, {"terms/place/europe/norway.md": text("Norway", names=["Norge"])})
    builds(site, "terms/place/europe/norway.md")
    found = pages(site)
    assert "place/europe/norge/oslo/index.html" not in found
    assert "Damson" in found["place/europe/norway/oslo/index.html"]
    assert "<h1>Norway</h1>" in found["place/europe/norway/index.html"]


def test_a_text_is_hidden_until_its_second(site: Path, builds: Builds) -> None:
    """No word of it stands in any output before, nor after its end; `next` knows both."""
    write(
        site,
        {
            "terms/author/ben.md": text(
                "Ben Okri",
                "Secretly here.",
                role="Spy",
                publish="2024-12-01",
                expires="2024-12-02",
                names=["Cleo"],
            )
        },
    )
    builds(site)
    before = pages(site)
    assert not re.search("Okri|Secretly|Spy", "".join(before.values()))
    for at, kind in (("2024-11-20T00:00Z", "appears"), ("2024-12-01T12:00Z", "expires")):
        (change,) = next_changes(site, moments.parse(at))
        assert (change.kind, change.teaser.title) == (kind, "Ben Okri")
    builds(site, at=AT.replace(month=12, day=1, year=2024, hour=12))
    assert "Secretly here." in pages(site)["author/ben/index.html"]
    assert ">Ben Okri</a>" in pages(site)["2024/11/01/c/index.html"]
    builds(site, at=AT.replace(month=12, day=2, year=2024, hour=12))
    assert pages(site) == before
    write(site, {"terms/author/ben.md": text("Ben Okri", "Secretly here.", draft=True)})
    builds(site, "terms/author/ben.md")
    assert "Okri" not in "".join(pages(site).values())


def test_pinned_articles_come_first(site: Path, builds: Builds) -> None:
    """Each once, with a mark; one that is not published is left out and told."""
    write(
        site,
        {
            "terms/tag/tides.md": text(pinned=["/articles/2024/c.md", "../../articles/2024/e.md"]),
            "articles/2024/e.md": article("Elm", draft=True),
        },
    )
    report = builds(site)
    (problem,) = report.problems
    assert problem.message == (
        '"../../articles/2024/e.md" is not published; it is left out of "pinned"'
    )
    page = pages(site)["tag/tides/index.html"]
    assert page.index("Cedar") < page.index("Alder")
    assert page.count('<span class="badge">Pinned</span>') == 1
    write(site, {"articles/2024/c.md": article("Cider", date="2024-11-01")})
    assert "tag/tides/index.html" in builds(site, "articles/2024/c.md").rendered
    write(site, {"terms/tag/tides.md": text(pinned=["/articles/2024/x.md"])})
    (problem,) = builds(site, "terms/tag/tides.md").problems
    assert problem.message == 'the pinned article "/articles/2024/x.md" leads nowhere'


def test_a_term_may_be_kept_from_search_engines_and_feeds(site: Path, builds: Builds) -> None:
    """`noindex` takes its list out of the sitemap; `feeds: false` leaves it no feed."""
    builds(site)
    assert "author/ann-lee/feed.xml" in pages(site)
    write(site, {"terms/author/ann-lee.md": text("Ann Lee", noindex=True, feeds=False)})
    builds(site, "terms/author/ann-lee.md")
    found = pages(site)
    assert "author/ann-lee/feed.xml" not in found
    assert "/author/ann-lee/feed.xml" not in found["author/ann-lee/index.html"]
    assert 'content="noindex"' in found["author/ann-lee/index.html"]
    assert "/author/ann-lee/" not in found["sitemap/pages.xml"]
    assert "/author/ben/" in found["sitemap/pages.xml"]


def messages(site: Path) -> list[tuple[str, str]]:
    """Return places and messages of what a build of a site tells."""
    with pytest.raises(SitegenError) as caught:
        build_site(site)
    return [(str(item.location), item.message) for item in caught.value.problems]


def test_two_texts_for_one_term_are_told(site: Path) -> None:
    """With both places, whether they have one address or one spelling."""
    write(site, {"terms/author/ben.md": text("Ben", names=["A. Lee"])})
    told = 'the author "a-lee" has a text already: terms/author/ann-lee.md:2'
    assert messages(site) == [("terms/author/ben.md:2", told)]
    write(site, {"terms/author/ben.md": None, "terms/author/ann-lee.markdown": text("Ann")})
    told = 'the author "ann-lee" has a text already: terms/author/ann-lee.markdown:2'
    assert messages(site) == [("terms/author/ann-lee.md:2", told)]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("terms/authors/ann.md", 'there is no taxonomy "authors"'),
        ("terms/ann.md", "the text of a term must be in the folder of its taxonomy"),
        (
            "terms/tag/a/b.md",
            'the taxonomy "tag" is no tree: its texts are in no further folders',
        ),
        ("terms/tag/!.md", "no slug can be made from the names of the file and its folders"),
    ],
)
def test_a_text_of_no_term_is_told(site: Path, path: str, message: str) -> None:
    """It is an error, with the place of the file."""
    write(site, {path: text("Ann")})
    assert messages(site) == [(f"{path}:1:1", message)]


@pytest.mark.parametrize(
    ("taxonomy", "config"),
    [
        ("author", f"{CONFIG}[taxonomies.author]\nenabled = false\n"),
        ("place", CONFIG.partition("[taxonomies.place]")[0]),
    ],
)
def test_a_text_of_a_taxonomy_that_is_gone_is_told(site: Path, taxonomy: str, config: str) -> None:
    """Its last good state is used no more, not even by a build that goes on."""
    path = f"terms/{taxonomy}/oslo.md"
    write(site, {"terms/author/ann-lee.md": None, path: text("Olso", "Quornville.")})
    build_site(site)
    write(site, {"sitegen.toml": f"{config}{NO_SEARCH}"})
    assert messages(site) == [(f"{path}:1:1", f'there is no taxonomy "{taxonomy}"')]
    report = build_site(site, keep_going=True)
    assert report.counts.ignored == 0
    assert not [path for path, made in pages(site).items() if "Quornville" in made]


def test_a_text_below_another_term_is_told_where_the_tree_is_none_any_more(site: Path) -> None:
    """Its last good state is used no more: it stands in the way of no other page."""
    path = "terms/place/europe/page/2.md"
    write(site, {"terms/author/ann-lee.md": None, path: text("Two", "Quornville.")})
    build_site(site)
    config = CONFIG.replace("tree = true", "per_page = 1")
    write(
        site,
        {
            "sitegen.toml": f"{config}{NO_SEARCH}",
            **{f"articles/{name}.md": article(name, place="Europe") for name in ("e", "f", "g")},
        },
    )
    told = 'the taxonomy "place" is no tree: its texts are in no further folders'
    assert messages(site) == [(f"{path}:1:1", told)]
    build_site(site, keep_going=True)
    assert not [path for path, made in pages(site).items() if "Quornville" in made]


def test_a_category_keeps_its_place_under_another_name(tmp_path: Path) -> None:
    """The order of `categories` goes by their slugs, too."""
    site = make_site(
        tmp_path / "site",
        {
            "a.md": article("Alder", category="World"),
            "b.md": article("Birch", category="Town"),
        },
        config='title = "P"\ncategories = ["Town", "World"]\n',
        files={"terms/category/town.md": text("Zown & country")},
    )
    build_site(site)
    front = pages(site)["index.html"]
    assert front.index("Zown &amp; country") < front.index(">World<")


def test_a_byline_says_who_did_what(site: Path, builds: Builds) -> None:
    """In the words of the language; a role without words stands behind the name."""
    people = [
        {"name": "Ben", "role": "photographer", "of": "AP"},
        {"name": "a-lee", "role": "editor"},
        {"name": "Cleo", "role": "Tea lady"},
        "Dan",
    ]
    write(site, {"articles/2024/c.md": article("Cedar", date="2024-11-01", authors=people)})
    builds(site)
    page = pages(site)["2024/11/01/c/index.html"]
    shown = re.findall(r'<p class="byline-names">(.*?)</p>', page, re.DOTALL)
    assert [" ".join(re.sub("<.*?>", "", part).split()) for part in shown] == [
        "By Cleo (Tea lady) and Dan",
        "Photographs by Ben / AP",
        "Edited by Ann Lee",
    ]
    told = graph(page)[0]
    assert [person["name"] for person in told["author"]] == ["Dan"]
    assert [(person["name"], person.get("jobTitle")) for person in told["contributor"]] == [
        ("Ben", "photographer"),
        ("Ann Lee", "editor"),
        ("Cleo", "Tea lady"),
    ]
    assert told["contributor"][0]["affiliation"]["name"] == "AP"
    write(site, {"templates/locale/en.toml": 'byline.tea-lady = "{names} made tea"'})
    builds(site, "templates/locale/en.toml")
    page = pages(site)["2024/11/01/c/index.html"]
    assert "Cleo</a> made tea" in page


def test_names_of_the_configuration_lead_to_what_texts_call_them(
    tmp_path: Path, builds: Builds
) -> None:
    """A category that goes by another name keeps its place, and its entry in a menu."""
    site = make_site(
        tmp_path / "site",
        {
            f"{name}{number}.md": article(name, category=name)
            for name in ("Abroad", "Town")
            for number in range(2)
        },
        config="""title = "P"
categories = ["World", "Town", "Abroad"]
[front]
seconds = 0
newest = 0
[[navigation.header]]
category = "World"
""",
        templates={
            "front.html": "{% for it in front().sections %}{{ it.term.name }} {% endfor %}; "
            '{% for it in terms("category") %}{{ it.name }} {% endfor %}; '
            '{% for it in navigation("header") %}{{ it.label }} {% endfor %}',
        },
    )
    builds(site)
    assert pages(site)["index.html"].strip() == "Town Abroad ; Town Abroad ;"
    # No article has this spelling: only the order and the menu are others.
    write(site, {"terms/category/abroad.md": text("Abroad", names=["World"])})
    builds(site, "terms/category/abroad.md")
    assert pages(site)["index.html"].strip() == "Abroad Town ; Abroad Town ; Abroad"


def test_terms_are_asked_for_in_what_is_no_tree(tmp_path: Path, builds: Builds) -> None:
    """`terms_below("tag")` has all tags, after each publication."""
    site = make_site(
        tmp_path / "site",
        {"a.md": article("Alder", tags=["rain"])},
        config='title = "P"',
        templates={
            "front.html": '{% for it in terms_below("tag") %}{{ it.term.name }}{{ it.count }} '
            "{% endfor %}",
        },
    )
    builds(site)
    write(site, {"articles/b.md": article("Birch", tags=["rain", "snow"])})
    builds(site, "articles/b.md")
    assert "rain2 snow1" in pages(site)["index.html"]
