"""The files of standalone pages: the tree is the address, and their keys are few."""

from __future__ import annotations

import pytest

from sitegen.cache.records import unseal
from sitegen.cache.tables import ARTICLES
from sitegen.config.loading import from_table
from sitegen.config.settings import Config
from sitegen.model import moments
from sitegen.model.documents import Article, PageEntry, Reference
from sitegen.model.source_folders import document_folder
from sitegen.model.urls import tree_url
from sitegen.parse.parsing import parse


def page(
    head: str = "",
    body: str = "We print.",
    path: str = "pages/about.md",
    config: Config | None = None,
) -> PageEntry:
    """Return the entry of a page with these lines of front matter, which has no faults."""
    parsed = parse(
        path, f"---\ntitle: About us\n{head}\n---\n{body}\n".encode(), config or Config()
    )
    assert parsed.problems == ()
    assert parsed.page is not None
    assert parsed.entry is None
    return parsed.page


def told(text: str, path: str = "pages/about.md", config: Config | None = None) -> list[str]:
    """Return what is told of a page's file, with its lines."""
    parsed = parse(path, text.encode(), config or Config())
    errors = [problem for problem in parsed.problems if problem.is_error]
    assert (parsed.page is None) == bool(errors)
    return [f"{item.location and item.location.line}: {item.message}" for item in parsed.problems]


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("about.md", "/about/"),
        ("about/index.md", "/about/"),
        ("about/_index.md", "/about/"),
        ("about/ethics.md", "/about/ethics/"),
        ("About Us/Our Ethics.markdown", "/about-us/our-ethics/"),
        ("高潮.md", "/高潮/"),
        ("index.md", "/"),
        ("!!!.md", ""),
        ("about/!.md", ""),
    ],
)
def test_the_tree_is_the_address(path: str, url: str) -> None:
    """Folder by folder, as headlines become slugs; an index is its folder."""
    assert tree_url(path) == url


def test_the_folder_says_what_a_document_is() -> None:
    """Articles and pages are documents by their folder and suffix, and nothing else is one."""
    assert document_folder("articles/a.md") == "articles"
    assert document_folder("pages/a/b.markdown") == "pages"
    for path in ("pages/a.jpg", "pages.md", "static/pages/a.md", "templates/page.html", "pages"):
        assert document_folder(path) == ""


def test_a_page_has_its_keys() -> None:
    """Each key of a page is read; dates are in the site's zone."""
    entry = page(
        "summary: Who prints this.\nimage: {src: press.jpg, alt: The press}\nnav: Footer\n"
        "order: 3\nkind: about\nlang: de\ntranslation_of: en.md\naliases: [/who/]\nnoindex: yes\n"
        "updated: 2024-05-01\npublish: 2024-01-01\nexpires: 2025-01-01\ntemplate: special.html\n"
        "canonical: https://example.org/x/\ncolour: red",
        config=from_table({"timezone": "Europe/Oslo"}),
    )
    teaser = entry.teaser
    assert (teaser.id, teaser.url, teaser.title) == ("pages/about.md", "/about/", "About us")
    assert (teaser.summary, teaser.lang, teaser.noindex) == ("Who prints this.", "de", True)
    assert (teaser.nav, teaser.order, teaser.kind) == ("footer", 3, "about")
    assert teaser.image is not None
    assert teaser.image.alt == "The press"
    assert teaser.updated == moments.parse("2024-05-01T00:00+02:00")
    assert entry.publish == moments.parse("2024-01-01T00:00+01:00")
    assert entry.expires == moments.parse("2025-01-01T00:00+01:00")
    assert entry.aliases == ("/who/",)
    assert entry.canonical == "https://example.org/x/"
    assert entry.translation_of == Reference("translation_of", "en.md", 9)
    assert entry.template == Reference("template", "special.html", 15)
    assert entry.references == (Reference("image", "press.jpg", 4),)


def test_a_page_needs_no_date_and_gives_its_summary() -> None:
    """A title is enough, be it that of the text; the first paragraph sums it up."""
    parsed = parse("pages/contact.md", b"# Write to us\n\nAt the quay.\n\nDaily.\n", Config())
    assert parsed.page is not None
    assert (parsed.page.teaser.title, parsed.page.teaser.summary) == ("Write to us", "At the quay.")
    assert (parsed.page.publish, parsed.page.draft) == (None, False)


def test_its_own_url_goes_before_the_tree() -> None:
    """`url` gives the whole address, also where the file's name gives none."""
    assert page("url: /imprint/").teaser.url == "/imprint/"
    assert page("url: /imprint", path="pages/!.md").teaser.url == "/imprint/"


def test_a_page_comes_with_its_record() -> None:
    """The record holds text, contents and `extra`, under the digest of the entry."""
    parsed = parse(
        "pages/a.md", b"---\ntitle: A\nextra: {x: 1}\n---\n## One\n\n[b](b.md)\n", Config()
    )
    assert parsed.page is not None
    kept = unseal(ARTICLES, parsed.record, parsed.page.page_digest)
    assert kept is not None
    whole = Article(*kept)
    assert '<h2 id="one">One</h2>' in whole.body
    assert [reference.target for reference in whole.references] == ["b.md"]
    assert [heading.text for heading in whole.toc] == ["One"]
    assert (dict(whole.extra), whole.standfirst) == ({"x": 1}, "")


def test_an_edit_of_the_text_leaves_the_teaser() -> None:
    """A text below the first paragraph changes the digest of the page and not of its teaser."""
    one, two = page(body="One.\n\nTwo."), page(body="One.\n\nThree.")
    assert one.teaser_digest == two.teaser_digest
    assert one.page_digest != two.page_digest


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Nothing.\n", "1: the page has no title"),
        ("---\ntitle: \n---\n", "2: the title is empty"),
        (
            "---\ntitle: A\nnav: top\n---\n",
            '3: "nav" must be header or footer, not "top"',
        ),
        (
            "---\ntitle: A\nkind: abuot\n---\n",
            '3: "kind" must be about or contact, not "abuot"',
        ),
        ("---\ntitle: A\norder: first\n---\n", '3: "order" must be a whole number, not "first"'),
        ("---\ntitle: A\norder: 1.5\n---\n", '3: "order" must be a whole number, not "1.5"'),
        (
            "---\ntitle: A\npublish: 2024-02-02\nexpires: 2024-01-01\n---\n",
            '4: "expires" must be later than the publication',
        ),
        ("---\ntitle: A\nurl: /../b/\n---\n", '3: "url" cannot be "/../b/": it must not contain'),
        ("---\ntitle: A\ndate: 2024-01-01\n---\n", '3: "date" means nothing in a standalone page'),
        ("---\ntitle: A\nsumary: B\n---\n", '3: unknown key "sumary"'),
    ],
)
def test_what_is_wrong_is_told_at_its_line(text: str, message: str) -> None:
    """Each fault of a page is told once, where it stands."""
    (found,) = told(text)
    assert found.startswith(message)


def test_the_front_page_is_no_standalone_page() -> None:
    """`pages/index.md` is an error, whatever address it asks for."""
    for head in ("", "url: /home/\n"):
        (found,) = told(f"---\ntitle: Home\n{head}---\n", "pages/index.md")
        assert found == (
            "1: the front page cannot be a standalone page: the newest articles stand on it"
        )
    assert "no URL can be made" in told("---\ntitle: A\n---\n", "pages/…/a.md")[0]


def test_a_foreign_archive_may_have_the_keys_of_articles() -> None:
    """With a dialect nothing is told of `date` or `categories`; of ours it is, as is chosen."""
    text = "---\ntitle: A\ndate: 2020-01-01\ncategories: [x]\n---\nB.\n"
    assert told(text, config=from_table({"front_matter": {"dialect": "hugo"}})) == []
    strict = from_table({"front_matter": {"unknown": "error"}})
    assert len(told("---\ntitle: A\ntags: [b]\n---\n", config=strict)) == 1
    assert parse("pages/a.md", b"---\ntitle: A\ntags: [b]\n---\n", strict).page is None
