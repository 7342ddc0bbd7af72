"""Standalone pages from their files to the output: what they show, and what an edit renders."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sitegen.flow.schedule import next_changes
from sitegen.model import moments
from sitegen.model.errors import SitegenError
from tests.flow.builds import Builds
from tests.sitefactory import AT, article, build_site, make_site, pages, write

CONFIG = """
title = "The Packet"
base_url = "https://example.org/"
[publisher]
ethics_policy = "pages/about/ethics.md"
masthead = "/masthead/"
[navigation]
footer = []
"""


def page(title: str, body: str = "We print.", **head: Any) -> str:
    """Return the text of a page's file; `head` are further keys of its front matter."""
    return article(title, body, date=None, **head)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site of three articles and three pages, which link to each other."""
    return make_site(
        tmp_path / "site",
        {
            "2024/a.md": article("Alder", "See [us](../../pages/about/index.md)."),
            "2024/b.md": article("Birch", date="2024-11-02"),
            "2024/c.md": article("Cedar", date="2024-11-01"),
        },
        config=CONFIG,
        files={
            "pages/about/index.md": page(
                "About us",
                "Read [Alder](../../articles/2024/a.md), [rules](ethics.md#one), ![p](press.svg).",
                kind="about",
                nav="footer",
                updated="2024-10-01",
                aliases=["/who/"],
            ),
            "pages/about/ethics.md": page("Our ethics", "We tell the truth.\n\nIn print."),
            "pages/about/press.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "pages/contact.md": page("Write to us", kind="contact"),
        },
    )


def graph(html: str) -> list[dict[str, Any]]:
    """Return what a page says to machines."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    return list(json.loads(found[1])["@graph"])


def test_a_page_stands_at_its_place(site: Path) -> None:
    """With its text, links and pictures resolved, its children, its alias, and in the sitemap."""
    report = build_site(site)
    found = pages(site)
    about = found["about/index.html"]
    assert not report.problems
    assert report.articles == 3
    assert '<h1 class="story-headline">About us</h1>' in about
    assert '<a href="/2024/11/04/a/">Alder</a>' in about
    assert '<a href="/about/ethics/#one">rules</a>' in about
    assert 'src="/about/press.svg"' in about
    assert '<li><a href="/about/ethics/">Our ethics</a></li>' in about
    assert "data-article" not in about
    assert 'content="0; url=/about/"' in found["who/index.html"].replace(
        "url=https://example.org", "url="
    )
    assert '<a href="/about/">us</a>' in found["2024/11/04/a/index.html"]
    assert '<a href="/about/">About us</a>' in found["about/ethics/index.html"]
    listed = found["sitemap/pages.xml"]
    assert "<loc>https://example.org/about/</loc><lastmod>2024-10-01T00:00:00+00:00<" in listed
    assert "<loc>https://example.org/contact/</loc></url>" in listed


def test_a_page_is_on_no_list_and_in_no_feed(site: Path) -> None:
    """Only pages, redirects to them, what links to them and the sitemap of pages know of a page."""
    build_site(site)
    knowing = {
        path for path, text in pages(site).items() if "About us" in text or "/about/" in text
    }
    assert knowing == {
        "2024/11/04/a/index.html",
        "about/ethics/index.html",
        "about/index.html",
        "feed.json",  # the text of the article with its link
        "feed.xml",
        "index.html",  # the policy
        "rss.xml",
        "sitemap/pages.xml",
        "who/index.html",
    }


def test_pages_say_to_machines_what_they_are(site: Path) -> None:
    """An about page is about the paper; any page belongs to the site and knows the way to it."""
    build_site(site)
    found = pages(site)
    about, way = graph(found["about/index.html"])
    assert about["@type"] == "AboutPage"
    assert about["@id"] == "https://example.org/about/#page"
    assert about["mainEntity"]["name"] == "The Packet"
    assert about["dateModified"] == "2024-10-01T00:00:00+00:00"
    assert [step["name"] for step in way["itemListElement"]] == ["The Packet", "About us"]
    ethics, way = graph(found["about/ethics/index.html"])
    assert (ethics["@type"], ethics["publisher"]["name"]) == ("WebPage", "The Packet")
    assert [step["name"] for step in way["itemListElement"]][1:] == ["About us", "Our ethics"]
    assert graph(found["contact/index.html"])[0]["@type"] == "ContactPage"
    paper = next(item for item in graph(found["index.html"]) if item["@id"].endswith("#publisher"))
    assert paper["ethicsPolicy"] == "https://example.org/about/ethics/"
    assert paper["masthead"] == "https://example.org/masthead/"


MAP = "sitemap/pages.xml"
RENDERED: dict[str, tuple[dict[str, str | None], set[str], set[str]]] = {
    "its text": (
        {"about/ethics.md": page("Our ethics", "We tell the truth.\n\nOnline.")},
        {"about/ethics/index.html"},
        set(),
    ),
    "its title": (
        {"about/ethics.md": page("Our rules", "We tell the truth.\n\nIn print.")},
        {"about/ethics/index.html", "about/index.html"},
        set(),
    ),
    "when it was updated": (
        {"contact.md": page("Write to us", kind="contact", updated="2024-11-01")},
        {"contact/index.html", MAP},
        set(),
    ),
    "another one": ({"jobs.md": page("Jobs")}, {"jobs/index.html", MAP}, set()),
    "another child": (
        {"about/jobs.md": page("Jobs")},
        {"about/jobs/index.html", "about/index.html", MAP},
        set(),
    ),
    "its file moved": (
        {"contact.md": None, "write.md": page("Write to us", kind="contact")},
        {"write/index.html", MAP},
        {"contact/index.html"},
    ),
    "it is gone, to which others link": (
        {"about/ethics.md": None},
        {"about/index.html", "index.html", MAP},
        {"about/ethics/index.html"},
    ),
}


@pytest.mark.parametrize("edit", RENDERED)
def test_an_edit_renders_what_shows_it(site: Path, builds: Builds, edit: str) -> None:
    """The page itself, and those that show what is different of it: nothing of articles."""
    files, rendered, removed = RENDERED[edit]
    files = {f"pages/{path}": text for path, text in files.items()}
    builds(site)
    write(site, files)
    report = builds(site, *files)
    assert report.rendered.keys() == rendered
    assert set(report.removed) == removed


def test_an_edit_of_an_article_renders_no_page(site: Path, builds: Builds) -> None:
    """Neither its text nor its headline stands on a standalone page."""
    builds(site)
    for text in (article("Alder", "See nothing."), article("Ash", "See nothing.")):
        write(site, {"articles/2024/a.md": text})
        report = builds(site, "articles/2024/a.md")
        assert not any(path.startswith(("about/", "contact/")) for path in report.rendered)
        assert "2024/11/04/a/index.html" in report.rendered


def test_an_article_that_moves_is_linked_anew(site: Path, builds: Builds) -> None:
    """A page that links to an article is rendered when that has another address, or goes."""
    builds(site)
    write(site, {"articles/2024/a.md": article("Alder", slug="tree")})
    assert "about/index.html" in builds(site, "articles/2024/a.md").rendered
    assert '<a href="/2024/11/04/tree/">Alder</a>' in pages(site)["about/index.html"]
    write(site, {"articles/2024/a.md": None})
    (problem,) = builds(site, "articles/2024/a.md").problems
    assert problem.message == 'the link "../../articles/2024/a.md" leads nowhere'
    assert (problem.location and problem.location.path) == "pages/about/index.md"
    assert "<a>Alder</a>" in pages(site)["about/index.html"]


def test_a_page_appears_in_its_second(site: Path, builds: Builds) -> None:
    """Before, no word of it stands in any file, and what names it is told; then all is there."""
    at = AT + timedelta(days=1)
    text = page("Our ethics", "We tell the truth.", publish=at.isoformat(), aliases=["/rules/"])
    write(site, {"pages/about/ethics.md": text})
    report = builds(site)
    assert "ethic" not in "".join(pages(site).values()).replace("ethics.md", "")
    assert not (site / "output/rules").exists()
    told = sorted(
        f"{item.location and item.location.path}: {item.message}" for item in report.problems
    )
    assert told == [
        'pages/about/index.md: "ethics.md#one" is not published; the link was left out',
        'sitegen.toml: "pages/about/ethics.md" is not published; it is left out of "ethics_policy"',
    ]
    (change,) = [item for item in report.next_changes if item.kind == "appears"]
    assert change.teaser.id == "pages/about/ethics.md"
    report = builds(site, "sitegen.toml.none", at=at)
    assert not report.problems
    found = pages(site)
    assert "ethicsPolicy" in found["index.html"]
    assert "Our ethics" in found["about/index.html"]
    assert (site / "output/rules/index.html").exists()


def test_it_is_known_when_a_page_appears_and_expires(site: Path) -> None:
    """`sitegen next` names it, whatever was built; a draft never appears by itself."""
    text = page("Contact", publish="2030-01-01", expires="2031-01-01")
    write(site, {"pages/contact.md": text, "pages/idea.md": page("Idea", draft=True)})
    for at, kind in (("2029-06-01T00:00Z", "appears"), ("2030-06-01T00:00Z", "expires")):
        (change,) = next_changes(site, moments.parse(at))
        assert (change.kind, change.teaser.id) == (kind, "pages/contact.md")
    assert next_changes(site, moments.parse("2031-06-01T00:00Z")) == ()


def test_an_expired_page_may_leave_a_notice(site: Path, builds: Builds) -> None:
    """With `expired = "notice"` its address says that its time is over; it is gone else."""
    write(site, {"pages/contact.md": page("Write to us", expires="2024-01-01")})
    builds(site)
    assert "contact/index.html" not in pages(site)
    write(site, {"sitegen.toml": f'expired = "notice"\n{CONFIG}[search]\nenabled = false\n'})
    builds(site)
    assert "Write to us" not in pages(site)["contact/index.html"]
    assert "noindex" in pages(site)["contact/index.html"]


def test_an_article_and_a_page_that_want_one_address(site: Path, builds: Builds) -> None:
    """Both are named; the one that is there stays, and from nothing it is the article."""
    builds(site)
    write(site, {"articles/2024/b.md": article("Birch", date="2024-11-02", url="/contact/")})
    report = builds(site, "articles/2024/b.md", keep_going=True)
    (problem,) = report.problems
    assert problem.message == "/contact/ is wanted by pages/contact.md and by articles/2024/b.md"
    assert report.articles == 2
    assert "Write to us" in pages(site)["contact/index.html"]
    assert "Birch" not in "".join(pages(site).values())
    report = build_site(site, keep_going=True, output=site / "o", state=site / "s")
    assert report.articles == 3
    assert "Birch" in (site / "o/contact/index.html").read_text()


def test_two_pages_that_want_one_address(site: Path) -> None:
    """Both are named with what to do; as long, the first of them has it."""
    write(site, {"pages/about.md": page("About")})
    with pytest.raises(SitegenError) as caught:
        build_site(site)
    (problem,) = caught.value.problems
    assert problem.message == ("/about/ is wanted by pages/about/index.md and by pages/about.md")
    assert problem.hint == "rename one of them, or give it another `url`"


def test_a_page_has_the_template_that_it_asks_for(site: Path, builds: Builds) -> None:
    """It is rendered with that one, and anew when it changes; one that is not there is told."""
    write(
        site,
        {
            "pages/contact.md": page("Write to us", template="special.html"),
            "templates/special.html": "{{ standalone_page(page.document).teaser.title }}!",
        },
    )
    builds(site)
    assert pages(site)["contact/index.html"].strip() == "Write to us!"
    write(site, {"templates/special.html": "{{ body(page.document) }}"})
    assert builds(site, "templates/special.html").rendered.keys() == {"contact/index.html"}
    assert pages(site)["contact/index.html"].strip() == "<p>We print.</p>"
    write(site, {"pages/contact.md": page("Write to us", template="spcial.html")})
    with pytest.raises(SitegenError) as caught:
        builds(site, "pages/contact.md")
    (problem,) = caught.value.problems
    assert problem.message == 'the template "spcial.html" does not exist'
    assert problem.hint == 'did you mean "special.html"?'
    assert problem.location is not None
    assert (problem.location.path, problem.location.line) == ("pages/contact.md", 3)


def test_a_policy_that_is_not_there_is_told(site: Path) -> None:
    """With the line of the configuration; `[links] broken` says whether it is an error."""
    write(site, {"pages/about/ethics.md": None})
    report = build_site(site)
    (problem,) = [item for item in report.problems if "policy" in item.message]
    assert problem.message == '"ethics_policy": "pages/about/ethics.md" does not exist'
    assert not problem.is_error
    assert problem.location is not None
    assert (problem.location.path, problem.location.line) == ("sitegen.toml", 5)


def test_pages_have_versions_in_other_languages(site: Path, builds: Builds) -> None:
    """Each names the others, for readers and machines; an article is no version of a page."""
    write(
        site,
        {
            "pages/de/about.md": page(
                "Wer wir sind", lang="de", translation_of="/pages/about/index.md"
            ),
            "pages/fr.md": page("Nous", lang="fr", translation_of="/articles/2024/a.md"),
        },
    )
    report = builds(site, keep_going=True)
    assert [item.message for item in report.problems] == [
        'the page is a translation of "/articles/2024/a.md", which is no page'
    ]
    found = pages(site)
    for path, other, tag in (("about", "/de/about/", "de"), ("de/about", "/about/", "en")):
        html = found[f"{path}/index.html"]
        link = f'<link rel="alternate" hreflang="{tag}" href="https://example.org{other}">'
        assert link in html
    assert "hreflang" not in found["fr/index.html"]
    write(site, {"pages/de/about.md": None, "pages/fr.md": None})
    assert "about/index.html" in builds(site, "pages/de/about.md", "pages/fr.md").rendered
