"""Feeds: what readers elsewhere get, whatever the articles hold."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sitegen.check.feeds import read_feed
from sitegen.config.loading import from_table
from sitegen.flow.build import Options, build
from sitegen.index.feeds import feed_url, formats, media_type, rfc822
from sitegen.model import moments
from sitegen.model.errors import SitegenError
from tests.json_feed import SCHEMA
from tests.sitefactory import AT, article, build_site, make_site, pages, tree, write

REPOSITORY = Path(__file__).parents[2]
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
NAMES = ("feed.xml", "rss.xml", "feed.json")
CONFIG = """
title = "The Tide & Times"
base_url = "https://example.org/news/"
"""
EVERYWHERE = f"""{CONFIG}
[feeds]
tags = ["atom", "rss", "json"]
authors = ["atom", "rss", "json"]
"""
UUID = "0d1c8a52-5b0e-4b4c-9d6b-3c1a7d9f0e11"
PICTURE = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


def faults(path: str, data: bytes) -> Iterator[str]:
    """Yield what three judges say of a feed: its format's rules, feedparser, the JSON schema."""
    yield from (fault for fault, *_ in read_feed(path, data).faults)
    if path.endswith(".json"):
        checker = Draft202012Validator.FORMAT_CHECKER
        validator = Draft202012Validator(SCHEMA, format_checker=checker)
        yield from (error.message for error in validator.iter_errors(json.loads(data)))
    else:
        found = feedparser.parse(data)
        if found.bozo:
            yield str(found.bozo_exception)
        if found.version not in ("atom10", "rss20"):
            yield f"it is taken for {found.version}"


def feeds_in(output: Path) -> dict[str, bytes]:
    """Return every feed of an output folder by its path."""
    found = tree(output)
    return {path: found[path] for path in found if path.rpartition("/")[2] in NAMES}


def faults_in(output: Path) -> list[str]:
    """Return what is wrong with the feeds of an output folder."""
    found = feeds_in(output)
    return [f"{path}: {fault}" for path, data in found.items() for fault in faults(path, data)]


def entries(site: Path, path: str = "feed.xml") -> list[ET.Element]:
    """Return the entries of an Atom feed of a built site."""
    return ET.fromstring(pages(site)[path]).findall(f"{ATOM}entry")  # noqa: S314 - our own


def texts(site: Path, name: str, path: str = "feed.xml") -> list[str]:
    """Return what the entries of an Atom feed have in an element."""
    return [entry.findtext(f"{ATOM}{name}") or "" for entry in entries(site, path)]


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of this repository's own newsroom."""
    output = tmp_path_factory.mktemp("newsroom") / "output"
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    build(REPOSITORY, Options(at=at, output=output, state=output.with_name("state")))
    return output


def test_each_feed_of_the_newsroom_is_valid(newsroom: Path) -> None:
    """Every feed of the newsroom is one by the rules of its format, and parses without a doubt."""
    found = feeds_in(newsroom)
    assert faults_in(newsroom) == []
    folders = {path.split("/")[0] for path in found}
    assert {*NAMES, "category", "tag", "author", "corrections"} <= folders


def test_pages_lead_to_feeds_that_there_are(newsroom: Path) -> None:
    """Each page names the feeds of the site in its head, a list its own before them."""
    texts = {path: data.decode() for path, data in tree(newsroom).items() if path.endswith(".html")}
    for path, text in texts.items():
        if "http-equiv" in text:
            continue  # a redirect
        assert 'type="application/atom+xml"' in text.partition("</head>")[0], path
    list_ = texts["category/town/index.html"]
    assert list_.index('href="/category/town/feed.xml"') < list_.index('href="/feed.xml"')
    assert '<a href="/feed.xml" type="application/atom+xml">' in list_


# --- What feeds say


def test_every_format_says_the_same(tmp_path: Path) -> None:
    """The three formats tell of the same articles, by the same ids, with all that is known."""
    site = make_site(
        tmp_path,
        {
            "flood.md": article(
                "Flood & <fire>", "The *river* rose.", id=UUID, summary="In short.",
                author=["Ann Lee", "Ben"], tags=["Flood"], category="World",
                updated="2024-11-05 08:00", lang="ja",
                image={"src": "photo%20%231.png", "alt": "Waves", "caption": "The bay"},
            ),
            "old.md": article("Old", date="1871-01-01", image="https://example.net/a b.jpg"),
        },
        config=f'{CONFIG}timezone = "Asia/Tokyo"\n[feeds]\nhubs = ["https://hub.example.org/"]\n'
        'rights = "© The Tide"',
        files={"articles/photo #1.png": b"12345"},
    )  # fmt: skip
    build_site(site)
    assert faults_in(site / "output") == []

    atom = feedparser.parse(pages(site)["feed.xml"])
    rss = feedparser.parse(pages(site)["rss.xml"])
    for feed in (atom, rss):
        assert feed.feed.title == "The Tide & Times"
        assert feed.feed.link == "https://example.org/news/"
        links = {link.rel: link.href for link in feed.feed.links}
        assert links["hub"] == "https://hub.example.org/"
        assert feed.feed.rights == "© The Tide"
        flood, old = feed.entries
        assert flood.id == f"urn:uuid:{UUID}"
        assert flood.title in {"Flood & <fire>", "Flood &amp; <fire>"}
        assert flood.link == "https://example.org/news/2024/11/04/flood/"
        assert [item.name for item in flood.authors if "name" in item] in (
            ["Ann Lee", "Ben"],
            ["Ann Lee"],
        )
        assert flood.published_parsed[:5] == (2024, 11, 4, 12, 54)
        assert flood.updated_parsed[:5] == (2024, 11, 4, 23, 0)
        assert [tag.label or tag.term for tag in flood.tags] == ["World", "Flood"]
        assert flood.summary == "In short."
        (enclosure,) = flood.enclosures
        assert enclosure.href == "https://example.org/news/photo%20%231.png"
        assert (enclosure.type, enclosure.length) == ("image/png", "5")
        (content,) = flood.content[-1:]
        assert 'src="https://example.org/news/photo%20%231.png"' in content.value
        assert "<p>The <em>river</em> rose.</p>" in content.value
        # The clocks of Tokyo went by the sun then: 18 minutes and 59 seconds.
        assert old.published_parsed[:5] == (1870, 12, 31, 14, 41)
        assert old.enclosures == []
    assert [link.href for link in atom.feed.links if link.rel == "self"] == [
        "https://example.org/news/feed.xml"
    ]
    assert atom.feed.updated == "2024-11-05T08:00:00+09:00"

    told = json.loads(pages(site)["feed.json"])
    assert told["feed_url"] == "https://example.org/news/feed.json"
    assert told["hubs"] == [{"type": "WebSub", "url": "https://hub.example.org/"}]
    flood, old = told["items"]
    assert flood["id"] == f"urn:uuid:{UUID}"
    assert flood["title"] == "Flood & <fire>"
    assert flood["authors"][1] == {"name": "Ben", "url": "https://example.org/news/author/ben/"}
    assert flood["tags"] == ["World", "Flood"]
    assert flood["language"] == "ja"
    assert flood["date_modified"] == "2024-11-05T08:00:00+09:00"
    assert flood["attachments"] == [
        {
            "url": "https://example.org/news/photo%20%231.png",
            "mime_type": "image/png",
            "size_in_bytes": 5,
        }
    ]
    assert "<p>The <em>river</em> rose.</p>" in flood["content_html"]
    assert old["image"] == "https://example.net/a%20b.jpg"


def test_a_language_with_an_underscore(tmp_path: Path) -> None:
    """A language that is written `pt_BR` is `pt-BR` in feeds."""
    site = make_site(tmp_path, {"a.md": article("A")}, config=f'{CONFIG}language = "pt_BR"')
    build_site(site)
    assert faults_in(site / "output") == []
    assert 'xml:lang="pt-BR"' in pages(site)["feed.xml"]


def test_summaries_by_configuration(tmp_path: Path) -> None:
    """With `content = "summary"` no feed holds an article, and a body's edit touches none."""
    site = make_site(
        tmp_path,
        {"a.md": article("A", "Whole.\n\nBody.", summary="Short."), "b.md": article("B", "")},
        config=f'{CONFIG}[feeds]\ncontent = "summary"',
    )
    build_site(site)
    assert faults_in(site / "output") == []
    for path in NAMES:
        assert "Short." in pages(site)[path]
        assert "Body." not in pages(site)[path]

    write(site, {"articles/a.md": article("A", "Whole.\n\nOther.", summary="Short.")})
    assert list(build_site(site).rendered) == ["2024/11/04/a/index.html"]


def test_lists_have_summaries_unless_asked(tmp_path: Path) -> None:
    """The feed of the site holds whole articles, those of lists summaries: each by its key."""
    site = make_site(tmp_path, {"a.md": article("A", "One.\n\nTwo.")}, config=CONFIG)
    build_site(site)
    assert "Two." in pages(site)["feed.xml"]
    assert "Two." not in pages(site)["category/other/feed.xml"]
    write(site, {"sitegen.toml": f'{CONFIG}[feeds]\nlist_content = "full"'})
    build_site(site)
    assert "Two." in pages(site)["category/other/feed.xml"]


def test_updated_only_when_told(tmp_path: Path) -> None:
    """A feed says "updated" when the newsroom does: with `updated` or a correction, by no build."""
    site = make_site(tmp_path, {"a.md": article("A", "One.")}, config=CONFIG)
    build_site(site)
    write(site, {"articles/a.md": article("A", "Two.", tags=["x"])})
    build_site(site, at=AT + timedelta(days=9))
    assert texts(site, "updated") == ["2024-11-04T21:54:00+00:00"]

    correction = {"date": "2024-11-06 09:00", "text": "It was Ben."}
    write(site, {"articles/a.md": article("A", updated="2024-11-05", corrections=[correction])})
    build_site(site, at=AT + timedelta(days=9))
    assert texts(site, "updated") == ["2024-11-06T09:00:00+00:00"]
    assert texts(site, "published") == ["2024-11-04T21:54:00+00:00"]
    assert "It was Ben." in texts(site, "content")[0]


def test_corrections_have_a_page_and_a_feed(tmp_path: Path) -> None:
    """Corrections are listed, newest first, and told of; without any there is nothing of it."""
    site = make_site(tmp_path, {"a.md": article("A"), "b.md": article("B")}, config=CONFIG)
    build_site(site)
    assert not any(path.startswith("corrections/") for path in tree(site / "output"))
    assert "/corrections/" not in pages(site)["index.html"]

    corrections = [
        {"date": "2024-11-05", "text": "It was <Ben>."},
        {"date": "2024-11-05", "text": "And Ann."},
    ]
    write(site / "articles", {"a.md": article("A", corrections=corrections)})
    later = [{"date": "2024-11-06", "text": "Later."}]
    write(site / "articles", {"b.md": article("B", corrections=later, id=UUID)})
    build_site(site)
    page = pages(site)["corrections/index.html"]
    assert page.index("Later.") < page.index("And Ann.") < page.index("It was &lt;Ben&gt;.")
    assert 'href="/news/2024/11/04/a/#page-corrections"' in page
    assert 'href="/news/corrections/"' in pages(site)["index.html"]
    assert texts(site, "id", "corrections/feed.xml") == [
        f"urn:uuid:{UUID}#correction-2024-11-06-1",
        "tag:example.org,2024-11-04:a#correction-2024-11-05-2",
        "tag:example.org,2024-11-04:a#correction-2024-11-05-1",
    ]
    found = feeds_in(site / "output")
    assert "corrections/feed.json" in found
    assert faults_in(site / "output") == []


def test_many_corrections_are_paged_from_the_oldest(tmp_path: Path) -> None:
    """A full page of corrections always holds the same ones."""
    many = [{"date": f"2024-11-0{day}", "text": f"Number {day}."} for day in range(1, 6)]
    site = make_site(
        tmp_path, {"a.md": article("A", corrections=many)}, config=f"{CONFIG}[lists]\nper_page = 2"
    )
    report = build_site(site)
    assert report.problems == ()
    oldest = pages(site)["corrections/page/1/index.html"]
    assert "Number 1." in oldest
    assert "Number 3." not in oldest
    many.append({"date": "2024-11-07", "text": "Number 7."})
    write(site / "articles", {"a.md": article("A", corrections=many)})
    assert "corrections/page/1/index.html" not in build_site(site).written


def ids(site: Path) -> dict[str, list[str]]:
    """Return the ids of the entries of each format's feed of a built site."""
    found = pages(site)
    rss = feedparser.parse(found["rss.xml"])
    return {
        "atom": texts(site, "id"),
        "rss": [entry.id for entry in rss.entries],
        "json": [item["id"] for item in json.loads(found["feed.json"])["items"]],
    }


@pytest.mark.parametrize("id_", [None, UUID, "4711"])
def test_ids_survive(tmp_path: Path, id_: str | None) -> None:
    """Another headline, slug, category, folder and address leave every feed's ids as they are.

    `.sitegen/` may be lost on the way. `tests/parse/test_identity.py` looks for counterexamples.
    """
    site = make_site(tmp_path / "one", {"flood.md": article("A", id=id_)}, config=CONFIG)
    build_site(site)
    before = ids(site)
    assert len({tuple(found) for found in before.values()}) == 1

    changed = article("B", "Other.", id=id_, slug="b", category="World", tags=["x"])
    address = '[urls]\narticle = "/{category}/{slug}/"'
    elsewhere = make_site(
        tmp_path / "two", {"2025/town/flood.md": changed}, config=f"{CONFIG}{address}"
    )
    build_site(elsewhere)
    assert ids(elsewhere) == before
    moved = 'base_url = "https://new.example/"\n[feeds]\nauthority = "example.org"'
    write(elsewhere, {"sitegen.toml": moved})
    build_site(elsewhere)
    assert ids(elsewhere) == before
    build_site(elsewhere, base_url="http://127.0.0.1:8000/")
    assert ids(elsewhere) == before


# --- Whatever articles hold

NASTY = "a ]]> <b>&amp; \u2028 \U0001f30a 高潮 &#1; &nbsp; \ufdd0"


def test_nothing_breaks_a_feed(tmp_path: Path) -> None:
    """Control characters, ends of CDATA, entities, scripts and Japanese leave all feeds whole."""
    site = make_site(
        tmp_path,
        {
            "a.md": article(
                f"{NASTY}", f"{NASTY}\n\n<script>if (a < b && c) alert(']]>')</script>\n\n"
                '<a href=//example.net/x>host</a> <a href="#note">note</a> &#0; &#x1f; &bogus;',
                summary=NASTY, tags=["]]>x", "<&>高"], author="A <b> & 'c' \"d\"",
            ),
        },
        config='title = "T\\u0001 ]]> <b>"\ndescription = "\\u0008&"\n'
        'base_url = "https://example.org/news/"',
    )  # fmt: skip
    build_site(site)
    found = feeds_in(site / "output")
    assert len(found) > 6
    assert faults_in(site / "output") == []
    (content,) = texts(site, "content")
    assert "<script" not in content
    assert 'href="https://example.net/x"' in content
    assert 'href="https://example.org/news/2024/11/04/a/#note"' in content


words = st.text(st.characters(codec="utf-8"), max_size=60)


@settings(max_examples=25)
@given(title=words, body=words, summary=words)
def test_no_text_breaks_a_feed(
    tmp_path_factory: pytest.TempPathFactory, title: str, body: str, summary: str
) -> None:
    """Whatever letters an article is made of, its feeds are valid, or it is refused."""
    site = tmp_path_factory.mktemp("text", numbered=True)
    make_site(
        site, {"a.md": article(f"T {title}", body, summary=summary), "b.md": article("B")},
        config=EVERYWHERE,
    )  # fmt: skip
    with suppress(SitegenError):
        build_site(site)
    assert faults_in(site / "output") == []


def test_a_picture_that_is_not_there(tmp_path: Path) -> None:
    """A lead image that leads nowhere is no picture of a feed."""
    articles = {"a.md": article("A", image="no where.png")}
    site = make_site(tmp_path, articles, config=CONFIG)
    build_site(site)
    found = feeds_in(site / "output")
    assert faults_in(site / "output") == []
    assert not any(b"where.png" in data for data in found.values())


def test_links_are_whole(tmp_path: Path) -> None:
    """In a full text every link has its host: articles, pictures, pages, fragments, srcsets."""
    body = (
        "[b](b.md#x) ![p](p.svg) [all](/archive/) [here](#y) [q](?x=1) ![m](gone.svg)\n\n## Y\n\n"
        '<img src="p.svg" srcset="p.svg 1x, /p.svg 2x" alt="">'
    )
    site = make_site(
        tmp_path, {"a.md": article("A", body), "b.md": article("B")},
        config=CONFIG, files={"articles/p.svg": PICTURE},
    )  # fmt: skip
    build_site(site)
    content = next(text for text in texts(site, "content") if "archive" in text)
    for link in (
        'href="https://example.org/news/2024/11/04/b/#x"',
        'src="https://example.org/news/p.svg"',
        'href="https://example.org/news/archive/"',
        'href="https://example.org/news/2024/11/04/a/#y"',
        'href="https://example.org/news/2024/11/04/a/?x=1"',
        'src="https://example.org/news/2024/11/04/a/gone.svg"',
        'srcset="https://example.org/news/p.svg 1x, https://example.org/news/p.svg 2x"',
    ):
        assert link in content


# --- Which there are


def test_there_is_a_feed_for_everything_in_every_format(tmp_path: Path) -> None:
    """The site and each category, tag and author can have all three."""
    articles = {"a.md": article("A", category="World", tags=["Flood"], author="Ann")}
    site = make_site(tmp_path, articles, config=EVERYWHERE)
    build_site(site)
    folders = ("", "category/world/", "tag/flood/", "author/ann/")
    assert set(feeds_in(site / "output")) == {
        f"{folder}{name}" for folder in folders for name in NAMES
    }


def test_without_a_base_url_there_are_no_feeds(tmp_path: Path) -> None:
    """A feed is read elsewhere: without the site's address there is none, and no link to one."""
    site = make_site(tmp_path, {"a.md": article("A")})
    build_site(site)
    assert feeds_in(site / "output") == {}
    assert "feed" not in pages(site)["index.html"]


def test_a_site_can_have_its_own(tmp_path: Path) -> None:
    """A feed in static/ is published instead of ours."""
    site = make_site(
        tmp_path, {"a.md": article("A")}, config=CONFIG, static={"feed.xml": "<feed/>"}
    )
    assert build_site(site).problems == ()
    assert pages(site)["feed.xml"] == "<feed/>"


def test_an_empty_site_has_a_valid_feed(tmp_path: Path) -> None:
    """Before the first article, readers can subscribe."""
    site = make_site(tmp_path, {}, config=CONFIG)
    build_site(site)
    found = feeds_in(site / "output")
    assert set(found) == set(NAMES)
    assert faults_in(site / "output") == []


@pytest.mark.parametrize(
    ("landing", "url"),
    [
        ("/", "/feed.xml"),
        ("/tag/flood/", "/tag/flood/feed.xml"),
        ("/tag/flood.html", "/tag/flood/feed.xml"),
        ("/tag/flood", "/tag/flood/feed.xml"),
    ],
)
def test_a_feed_lies_below_its_list(landing: str, url: str) -> None:
    """The address of a feed is below that of the list which shows the same."""
    assert feed_url(landing, "feed.xml") == url


def test_formats_are_those_of_the_configuration() -> None:
    """Each kind of list has the formats that are configured for it, each once."""
    feeds: Mapping[str, Any] = {"formats": ["rss", "rss"], "tags": [], "authors": ["json", "atom"]}
    config = from_table({"base_url": "https://example.org/", "feeds": feeds})
    found = {taxonomy: [item.kind for item in formats(config, taxonomy)] for taxonomy in
             ("", "corrections", "category", "tag", "author")}  # fmt: skip
    assert found == {
        "": ["rss"],
        "corrections": ["rss"],
        "category": ["atom", "rss", "json_feed"],
        "tag": [],
        "author": ["json_feed", "atom"],
    }


# --- What an edit costs


def test_an_edit_renders_only_the_feeds_that_hold_the_article(tmp_path: Path) -> None:
    """A body's edit renders its page, and those feeds that hold it; an old article's, none."""
    articles = {
        f"n{number}.md": article(
            f"N {number}", date=f"2024-10-{number + 1:02}", category=("World", "Sport")[number % 2],
            tags=[f"T{number % 3}"],
        )
        for number in range(12)
    }  # fmt: skip
    config = f'{EVERYWHERE}items = 2\nlist_content = "full"'
    site = make_site(tmp_path, articles, config=config)
    build_site(site)

    def edited(number: int) -> set[str]:
        name = f"n{number}.md"
        write(site / "articles", {name: articles[name] + "\nMore.\n"})
        rendered = set(build_site(site).rendered)
        rendered.remove(f"2024/10/{number + 1:02}/n{number}/index.html")
        return rendered

    three = set(NAMES)
    assert edited(11) == {
        *three,
        *(f"category/sport/{name}" for name in three),
        *(f"tag/t2/{name}" for name in three),
    }
    # Tag T0 has 0, 3, 6, 9; World has 0, 2, … 10: number 6 stands in the feed of the tag alone.
    assert edited(6) == {f"tag/t0/{name}" for name in three}
    assert edited(0) == set()


# --- Dates and types


def test_old_clocks_are_written_in_utc() -> None:
    """An offset of seconds, which RFC 822 cannot say, becomes UTC."""
    old = moments.parse("1871-01-01T00:00+09:18:59[Asia/Tokyo]")
    assert rfc822(old) == "Sat, 31 Dec 1870 14:41:01 +0000"


@given(
    st.datetimes(
        max_value=datetime(9999, 12, 31, 20),  # noqa: DTZ001 - Hypothesis wants naive bounds
        timezones=st.just(timezone(timedelta(hours=-3, minutes=-30))),
    )
)
def test_dates_of_rss(time: datetime) -> None:
    """A date is written as RFC 822 wants it, in English, with four digits for the year."""
    day, date_, month, year, clock, offset = rfc822(moments.of(time)).split()
    assert day in "Mon, Tue, Wed, Thu, Fri, Sat, Sun,"
    assert (int(date_), int(year), offset) == (time.day, time.year, "-0330")
    assert f"{time:%H:%M:%S}" == clock
    assert len(year) == 4
    assert month in "JanFebMarAprMayJunJulAugSepOctNovDec"


def test_types_of_files() -> None:
    """The type of an enclosure comes from its suffix, on every machine the same."""
    assert media_type("a/b.JPG") == "image/jpeg"
    assert media_type("a/b.svg") == "image/svg+xml"
    assert media_type("a/b.webm") == "video/webm"
    assert media_type("a/b") == "application/octet-stream"
