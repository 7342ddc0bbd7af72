"""Menus: what stands in them, and what becomes stale when that changes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sitegen.flow.session import Session
from tests.sitefactory import article, build_site, make_site, tree, write

NOON = datetime(2024, 11, 5, 12, tzinfo=UTC)
MENU = """
search = { enabled = false }
[[navigation.header]]
category = "Town"
[[navigation.header]]
label = "Us"
children = [
    { page = "about.md" },
    { page = "later.md" },
    { url = "https://example.com/x", label = "Elsewhere", rel = "me" },
]
[[navigation.footer]]
page = "about.md"
label = "Who we are"
"""


def page(title: str, **head: object) -> str:
    """Return the text of a standalone page."""
    lines = "".join(f"{key}: {value}\n" for key, value in head.items())
    return f"---\ntitle: {title}\n{lines}---\n\nText.\n"


def new_site(folder: Path, config: str, **pages: str) -> Path:
    """Return a site of two articles and some standalone pages."""
    return make_site(
        folder,
        {
            "a.md": article("A", category="Town", date="2024-11-01"),
            "b.md": article("B", category="World", date="2024-11-02"),
        },
        config=config,
        files={f"pages/{name}.md": text for name, text in pages.items()},
    )


def links(site: Path, path: str, part: str) -> list[tuple[str, str]]:
    """Return the address and text of each link in an element of a page, given by its class."""
    html = (site / "output" / path / "index.html").read_text("utf-8")
    inside = re.search(rf'class="{part}".*?</(?:nav|footer)>', html, re.DOTALL)
    assert inside
    return re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', inside[0])


def test_without_configuration(tmp_path: Path) -> None:
    """The header has all categories and the pages that ask for it; the footer those that do."""
    site = new_site(
        tmp_path,
        "",
        about=page("About", nav="header"),
        contact=page("Contact", nav="footer"),
        other=page("Other"),
    )
    build_site(site)
    assert links(site, "2024/11/01/a", "sections") == [
        ("/category/town/", "Town"),
        ("/category/world/", "World"),
        ("/about/", "About"),
    ]
    assert ("/contact/", "Contact") in links(site, "2024/11/01/a", "imprint")
    assert "/other/" not in (site / "output/index.html").read_text("utf-8")


def test_configured(tmp_path: Path) -> None:
    """A configured menu has its entries in their order; full addresses stay as they are."""
    base = '\nbase_url = "https://example.org/news/"\n'
    site = new_site(tmp_path, base + MENU, about=page("About", nav="header"))
    build_site(site)
    assert links(site, "about", "sections") == [
        ("/news/category/town/", "Town"),
        ("/news/about/", "About"),
        ("https://example.com/x", "Elsewhere"),
    ]
    assert ("/news/about/", "Who we are") in links(site, "about", "imprint")
    html = (site / "output/about/index.html").read_text("utf-8")
    assert '<a href="/news/about/" aria-current="page">About</a>' in html
    assert 'rel="me"' in html


def test_a_heading_above_the_page_says_where_one_is(tmp_path: Path) -> None:
    """A folded menu is marked where an entry in it leads to the page, at any depth."""
    menu = (
        '[[navigation.header]]\nlabel = "Paper"\n'
        'children = [{ label = "People", children = [{ page = "about.md" }] }]\n'
        '[[navigation.header]]\nlabel = "More"\nchildren = [{ page = "other.md" }]\n'
    )
    site = new_site(tmp_path, menu, about=page("About"), other=page("Other"))
    build_site(site)
    html = (site / "output/about/index.html").read_text("utf-8")
    assert '<summary aria-current="true">Paper</summary>' in html
    assert '<summary aria-current="true">People</summary>' in html
    assert "<summary>More</summary>" in html


def test_unpublished_page_is_left_out_until_its_second(tmp_path: Path) -> None:
    """Of a page that is to come no word stands anywhere; it is told, and appears by itself."""
    later = page("Xenolith", publish="2024-11-05T12:00:00Z")
    site = new_site(tmp_path, MENU, about=page("About"), later=later)
    report = build_site(site, at=NOON - timedelta(seconds=1))
    assert b"Xenolith" not in b"".join(tree(site / "output").values())
    assert [(str(item.location), item.message) for item in report.problems] == [
        (
            "sitegen.toml:7:1",
            '"later.md" is not published; it is left out of the menu "header"',
        )
    ]
    assert report.next_change == NOON
    assert not build_site(site, at=NOON).problems
    assert ("/later/", "Xenolith") in links(site, "2024/11/01/a", "sections")


@pytest.mark.parametrize(
    ("entry", "message", "hint"),
    [
        (
            'page = "abuot.md"',
            'the menu "header" names "abuot.md", which does not exist',
            'did you mean "about.md"?',
        ),
        (
            'category = "Twon"',
            'no article has the category "Twon"; it is left out of the menu "header"',
            'did you mean "Town"?',
        ),
    ],
)
def test_what_is_not_there_is_told(tmp_path: Path, entry: str, message: str, hint: str) -> None:
    """An entry that leads to nothing is told at its line, with what may be meant."""
    site = new_site(tmp_path, f"[[navigation.header]]\n{entry}\n", about=page("About"))
    (problem,) = build_site(site).problems
    assert (str(problem.location), problem.message, problem.hint) == (
        "sitegen.toml:2:1",
        message,
        hint,
    )


def test_a_page_that_a_configured_menu_does_not_name_is_told(tmp_path: Path) -> None:
    """`nav` says nothing where the configuration says what is in the menu: that is told."""
    config = '[[navigation.footer]]\nurl = "/archive/"\nlabel = "All"\n'
    site = new_site(tmp_path, config, about=page("About", nav="footer"))
    (problem,) = build_site(site).problems
    assert (str(problem.location), problem.message) == (
        "pages/about.md:2",
        '"nav: footer" has no effect: the configuration says what is in that menu',
    )


def test_only_a_name_in_a_menu_makes_all_pages_stale(tmp_path: Path, session: Session) -> None:
    """The text of a page in a menu renders that page alone; its title, all that show the menu."""
    site = new_site(tmp_path, MENU, about=page("About"))
    build_site(site, session=session)
    path = "pages/about.md"
    write(site, {path: page("About").replace("Text.", "Other text.")})
    assert set(build_site(site, session=session, changed=[path]).rendered) == {"about/index.html"}
    write(site, {path: page("About us")})
    rendered = set(build_site(site, session=session, changed=[path]).rendered)
    assert {"index.html", "2024/11/01/a/index.html", "about/index.html"} <= rendered
