"""What is wrong with feeds and sitemaps is told with a name that an editor knows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sitegen.check.feeds import NO_FEED, read_feed

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def faults(path: str, text: str) -> list[str]:
    """Return what is wrong with a file."""
    return [fault for fault, _, _ in read_feed(path, text.encode()).faults]


def rss(items: str = "", *, head: str = "<title>T</title><description>d</description>") -> str:
    """Return an RSS feed."""
    link = "<link>https://example.org/</link>"
    return f'<rss version="2.0"><channel>{head}{link}{items}</channel></rss>'


def atom(entries: str = "", *, head: str = "<author><name>A</name></author>") -> str:
    """Return an Atom feed."""
    first = "<id>tag:e.org,2024:f</id><title>T</title><updated>2024-11-04T21:54:00Z</updated>"
    return f'<feed xmlns="{ATOM}">{first}{head}{entries}</feed>'


def json_feed(*items: Any, **more: Any) -> str:
    """Return a JSON Feed."""
    head = {"version": "https://jsonfeed.org/version/1.1", "title": "T"}
    return json.dumps({**head, "items": items, **more})


ENTRY = "<id>tag:e.org,2024:a</id><title>Flood</title><updated>2024-11-04T21:54:00Z</updated>"
ALTERNATE = '<link href="https://example.org/a/"/>'


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ("<item><title>A</title></item>", []),
        ("<item><description>A</description></item>", []),
        ("<item/>", ["entry 1 has neither <title> nor <description>"]),
        (
            "<item><title>A</title><enclosure url='u' length='1'/></item>",
            ['the entry "A" has an <enclosure> without type'],
        ),
        ("<item><title>A</title><guid>g</guid></item>" * 2, ['the guid "g" is used twice']),
        ("<pubDate>today</pubDate>", ['<pubDate> "today" is not an RFC 822 date']),
        ("<lastBuildDate>Mon, 04 Nov 2024 21:54:00 +0000</lastBuildDate>", []),
    ],
)
def test_rss(items: str, found: list[str]) -> None:
    """An item needs something to read, its own guid, whole enclosures; dates are RFC 822's."""
    assert faults("rss.xml", rss(items)) == found


def test_an_rss_feed_needs_its_head() -> None:
    """A version, a channel, and what readers show of it."""
    assert faults("rss.xml", '<rss version="2.0"/>') == ["<rss> has no <channel>"]
    assert faults("rss.xml", rss(head="<title> </title>").replace("2.0", "0.91")) == [
        '<rss> has no version="2.0"',
        "the channel has no <title>",
        "the channel has no <description>",
    ]


@pytest.mark.parametrize(
    ("head", "entries", "found"),
    [
        ("<author/>", f"<entry>{ENTRY}{ALTERNATE}</entry>", []),
        ("", f"<entry>{ENTRY}{ALTERNATE}<author/></entry>", []),
        (
            "",
            f"<entry>{ENTRY}{ALTERNATE}</entry>",
            ['the entry "Flood" has no <author>, and neither has the feed'],
        ),
        ("<author/>", f"<entry>{ENTRY}<content>x</content></entry>", []),
        (
            "<author/>",
            f'<entry>{ENTRY}<link rel="related" href="/x"/></entry>',
            ['the entry "Flood" has neither <content> nor a link to its page'],
        ),
        ("<author/>", f"<entry>{ENTRY}{ALTERNATE}</entry>" * 2,
         ['the id "tag:e.org,2024:a" is used twice']),
        ("<icon>i.png</icon>", "", []),
        ("<updated>4/11</updated>", "", ['<updated> "4/11" is not an RFC 3339 date']),
        ("<published>2024-13-04T00:00:00Z</published>", "",
         ['<published> "2024-13-04T00:00:00Z" is not an RFC 3339 date']),
    ],
)  # fmt: skip
def test_atom(head: str, entries: str, found: list[str]) -> None:
    """An entry needs an author, a page or content, an id of its own; dates are RFC 3339's."""
    assert faults("feed.xml", atom(entries, head=head)) == found


@pytest.mark.parametrize(
    ("item", "found"),
    [
        ({"id": "a", "content_text": "x"}, []),
        ({"id": "a", "content_html": ""}, []),
        ({"id": "a", "title": "Flood"},
         ['the item "Flood" has neither content_html nor content_text']),
        ({"content_text": "x"}, ["item 1 has no id"]),
        ({"id": 7, "title": "Flood", "content_text": "x"}, ['the item "Flood" has no id']),
        ({"id": "a", "content_text": "x", "date_modified": "4/11"},
         ['date_modified "4/11" is not an RFC 3339 date']),
        (7, ["item 1 is not a JSON object"]),
    ],
)  # fmt: skip
def test_json_feed(item: Any, found: list[str]) -> None:
    """An item needs a text for an id, something to read, and dates of RFC 3339."""
    assert faults("feed.json", json_feed(item)) == found


def test_a_json_feed_needs_its_head() -> None:
    """A version, a title, a list; an id stands once."""
    item = {"id": "a", "content_text": "x"}
    assert faults("feed.json", json_feed(item, item)) == ['the id "a" is used twice']
    assert faults("feed.json", "[]") == ["it is not a JSON object"]
    assert faults("feed.json", '{"version": "https://jsonfeed.org/version/1"}') == [
        "it has no title",
        "it has no list of items",
    ]
    assert faults("feed.json", json_feed(version="1")) == ["it has no version of JSON Feed"]


def test_a_sitemap_has_whole_addresses_once() -> None:
    """In a sitemap and in an index of them."""
    for root, tag in (("urlset", "url"), ("sitemapindex", "sitemap")):
        fine = f"<{tag}><loc> https://example.org/ </loc></{tag}>"
        text = f'<{root} xmlns="{SITEMAP}">{{}}</{root}>'
        assert faults("sitemap.xml", text.format(fine)) == []
        assert faults("sitemap.xml", text.format(fine * 2 + f"<{tag}><loc>/a/</loc></{tag}>")) == [
            '<loc> 3 "/a/" is not a full address',
            'the address "https://example.org/" is used twice',
        ]


def test_the_places_of_what_cannot_be_read() -> None:
    """Line and column, from 1, of XML and of JSON."""
    assert read_feed("feed.xml", b"<feed>\n <").faults[0][1:] == (2, 2)
    assert read_feed("feed.json", b'{\n "a" }').faults[0][1:] == (2, 6)


def test_a_feed_has_links() -> None:
    """All addresses to which it sends readers are looked at: of items, files, and the feed."""
    item = "<item><title>A</title><link>/a/</link><enclosure url='/b' length='1' type='t'/></item>"
    assert {*read_feed("rss.xml", rss(item).encode()).links} == {
        "https://example.org/",
        "/a/",
        "/b",
    }
    entry = f"<entry>{ENTRY}{ALTERNATE}</entry>"
    found = read_feed("feed.xml", atom(entry, head='<author/><link href="/c/"/>').encode())
    assert found.links == ("https://example.org/a/", "/c/")
    whole = json_feed({"id": "a", "url": "/a/", "image": "/i"}, home_page_url="/", feed_url="/f")
    assert read_feed("feed.json", whole.encode()).links == ("/", "/f", "/a/", "/i")


def test_other_files_are_no_feeds() -> None:
    """Neither another XML file nor another JSON file has faults or links."""
    assert read_feed("a.xml", b"<svg/>") == NO_FEED
    assert read_feed("manifest.json", b"{") == NO_FEED
