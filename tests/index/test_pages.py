"""Standalone pages in the index: a tree in its order, and nothing of it in lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.loading import from_table
from sitegen.index.exchange import exchange
from sitegen.index.listed import listed_pages
from sitegen.index.pages import parent_of
from sitegen.index.scheduled import changes_of, next_changes
from sitegen.index.site import Site
from sitegen.model.documents import AnyEntry, PageEntry
from sitegen.queries import answer
from tests.entries import LATER, NOON, daily, entry, page_entry, site_of

DAY = timedelta(days=1)


def ids(site: Site, *question: str) -> list[str]:
    """Return the names of the pages that a question about pages gives."""
    return [teaser.id[len("pages/") : -len(".md")] for teaser in answer(site, question).value]


def test_pages_stand_in_their_order() -> None:
    """By `order`, then those without one by title; `nav` chooses some."""
    site = site_of(
        [
            page_entry("a", title="zebra", nav="footer"),
            page_entry("b", title="Apple", nav="header"),
            page_entry("c", title="Zoo", order=2, nav="footer"),
            page_entry("d", title="Sea", order=-1),
            page_entry("e", draft=True, nav="footer"),
        ]
    )
    assert ids(site, "pages", "") == ["d", "c", "b", "a"]
    assert ids(site, "pages", "footer") == ["c", "a"]
    assert ids(site, "pages", "header") == ["b"]


def test_pages_are_a_tree() -> None:
    """A page is below that of its folder, be this `about.md` or `about/index.md`."""
    site = site_of(
        [
            page_entry("about/index"),
            page_entry("about/team/index", title="B"),
            page_entry("about/ethics", title="A"),
            page_entry("about/team/ann"),
            page_entry("about/jobs/editor"),
            page_entry("contact"),
        ]
    )
    assert ids(site, "children", "pages/about/index.md") == ["about/ethics", "about/team/index"]
    assert ids(site, "children", "pages/contact.md") == []
    assert ids(site, "parents", "pages/about/team/ann.md") == ["about/index", "about/team/index"]
    assert ids(site, "parents", "pages/about/jobs/editor.md") == ["about/index"]
    assert ids(site, "parents", "pages/about/index.md") == []
    assert parent_of("/about/team/") == "/about/"
    assert parent_of("/about/") == "/"


def test_an_unpublished_page_is_nowhere() -> None:
    """A page before its time is no child, no parent, no link's end, and it can be asked for not."""
    pages = [
        page_entry("about", publish=LATER + DAY),
        page_entry("about/ethics"),
        page_entry("contact", expires=LATER),
    ]
    site = site_of(pages)
    assert ids(site, "pages", "") == ["about/ethics"]
    assert ids(site, "parents", "pages/about/ethics.md") == []
    assert ids(site, "children", "pages/about.md") == []
    assert answer(site, ("standalone_page", "pages/about.md")).value is None
    assert site.url_of("pages/about.md") is None
    assert site.url_of("pages/about/ethics.md") == "/about/ethics/"
    assert site.unpublished("pages/contact.md") is not None
    shown = exchange(site, {}, LATER + DAY, {item.teaser.id: item for item in pages}.get).site
    assert ids(shown, "children", "pages/about.md") == ["about/ethics"]


def test_a_preview_shows_unpublished_pages_with_their_status() -> None:
    """Drafts and scheduled pages are shown with what they are; an expired one never."""
    pages = [
        page_entry("a", draft=True),
        page_entry("b", publish=LATER + DAY),
        page_entry("c", expires=LATER - DAY),
    ]
    site = site_of(pages, drafts=True)
    found = {id_: item.teaser.status for id_, item in site.pages.shown.items()}
    assert found == {"pages/a.md": "draft", "pages/b.md": "scheduled"}


def test_pages_are_on_no_list() -> None:
    """Neither order, terms, periods nor news of a site know of a page."""
    config = from_table({"base_url": "https://example.org/"})
    articles = daily(3, tags=["river"])
    with_pages = site_of([*articles, page_entry("about", updated=NOON)], config=config)
    without = site_of(articles, config=config)
    for name in ("ordered", "terms", "by_term", "periods", "entries", "set_digests"):
        assert getattr(with_pages, name) == getattr(without, name)
    assert with_pages.news == without.news


def test_search_engines_are_told_of_pages() -> None:
    """With when they were updated; not of one that is left out, or stands elsewhere, too."""
    config = from_table({"base_url": "https://example.org/"})
    pages = [
        page_entry("b", updated=NOON),
        page_entry("a"),
        page_entry("c", noindex=True),
        page_entry("d")._replace(canonical="https://example.com/d/"),
    ]
    site = site_of([*pages, entry("x")], config=config)
    listed = {page.url: page.updated for page in listed_pages(site)}
    assert list(listed)[-2:] == ["/a/", "/b/"]
    assert (listed["/b/"], listed["/a/"]) == (NOON, None)
    assert not {"/c/", "/d/"} & listed.keys()


def test_what_becomes_of_a_page_is_scheduled() -> None:
    """A page appears and expires by itself; a page without moments does nothing."""
    soon = page_entry("a", publish=LATER + DAY, expires=LATER + 2 * DAY)
    site = site_of([soon, page_entry("b"), page_entry("c", draft=True, publish=LATER + DAY)])
    (change,) = next_changes(site)
    assert (change.at, change.kind, change.teaser.id) == (LATER + DAY, "appears", "pages/a.md")
    assert [item.kind for item in changes_of(soon, site.config, LATER)] == ["appears", "expires"]
    assert not list(changes_of(page_entry("b"), site.config, LATER))


NAMES = ("about", "about/index", "about/ethics", "contact", "über")

PAGES = st.builds(
    page_entry,
    st.sampled_from(NAMES),
    title=st.sampled_from(("One", "Two")),
    order=st.sampled_from((None, 1)),
    publish=st.sampled_from((None, LATER + DAY)),
    expires=st.sampled_from((None, LATER + 3 * DAY)),
    draft=st.booleans(),
    links=st.sampled_from(((), ("a.jpg",))),
    translation_of=st.sampled_from(("", "/pages/about.md")),
)


def values(site: Site) -> dict[str, Any]:
    """Return what a site says of its pages."""
    pages = site.pages
    return {
        "shown": dict(sorted(pages.shown.items())),
        "hidden": dict(sorted(pages.hidden.items())),
        "digest": pages.digest,
        "ordered": list(pages.ordered),
        "below": {place: list(group) for place, group in sorted(pages.below.items())},
        "translated": {root: list(group) for root, group in sorted(pages.translated.items())},
        "files": site.files,
        "timed": dict(sorted(site.timed.items())),
    }


@given(
    st.lists(PAGES, max_size=4),
    st.lists(st.one_of(PAGES, st.sampled_from(NAMES)), max_size=4),
    st.sampled_from((LATER, LATER + 2 * DAY, LATER + 4 * DAY)),
)
def test_an_exchange_is_a_new_index(
    pages: list[PageEntry], edits: list[PageEntry | str], at: Any
) -> None:
    """Pages that come, change and go, while time goes on, leave what a new index has."""
    files = ["pages/a.jpg", "pages/about/a.jpg", "articles/a.md"]
    known: dict[str, AnyEntry] = {item.teaser.id: item for item in pages}
    known["articles/a.md"] = entry("a")
    before = site_of(known.values(), files)
    changes = {
        (f"pages/{item}.md" if isinstance(item, str) else item.teaser.id): (
            None if isinstance(item, str) else item
        )
        for item in edits
    }
    for id_, item in changes.items():
        known.pop(id_, None)
        if item is not None:
            known[id_] = item
    after = exchange(before, changes, at, known.get).site
    assert values(after) == values(site_of(known.values(), files, at=at))


def test_an_edit_of_an_article_leaves_the_pages_alone() -> None:
    """The pages, and what was worked out of them, are the same value after an article's edit."""
    config = from_table({"base_url": "https://example.org/"})
    site = site_of([*daily(3), page_entry("about")], config=config)
    listed_pages(site)
    edited = daily(3)[0]._replace(article_digest=b"edited")
    titled = daily(3, title="Another")[1]
    for change in (edited, titled):
        after = exchange(site, {change.teaser.id: change}, LATER, lambda _id: None).site
        assert after.pages is site.pages
        assert after.memo["listed_pages"] is site.memo["listed_pages"]
    text = page_entry("about", body="another")
    after = exchange(site, {text.teaser.id: text}, LATER, lambda _id: None).site
    assert after.pages is not site.pages
    assert "listed_pages" not in after.memo
