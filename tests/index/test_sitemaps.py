"""Sitemaps tell search engines the truth, in files that stay small and seldom change."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.settings import Config, Sitemap
from sitegen.flow.schedule import next_change
from sitegen.flow.session import Session
from sitegen.index.sitemaps import (
    PER_FILE,
    is_listed,
    leaves_news,
    news,
    news_language,
    part,
    xml_text,
)
from sitegen.model import moments
from sitegen.model.documents import Entry
from sitegen.model.urls import Base
from tests.entries import NOON, entry, names, site_of
from tests.sitefactory import AT, article, build_site, make_site, pages, write

BASE = Base.parse("https://example.org/")
ADDRESS = 'base_url = "https://example.org/"\n'
SCHEMAS = Path(__file__).parents[1] / "schemas"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def texts(page: str, *path: str) -> list[str | None]:
    """Return the texts of the elements at a path of an XML file."""
    return [element.text for element in ET.fromstring(page).findall("/".join(path))]  # noqa: S314 - our own file


def locs(page: str) -> list[str]:
    """Return the addresses in a sitemap, as paths."""
    found = texts(page, "*", f"{MAP}loc")
    return [str(address).removeprefix("https://example.org") for address in found]


# --- Who is listed, and since when


def test_what_is_kept_from_search_engines_is_not_listed() -> None:
    """Nor is what stands elsewhere; an article may name its own address."""
    assert is_listed(entry("flood"), BASE)
    assert is_listed(entry("flood", canonical="https://example.org/a/flood/"), BASE)
    assert not is_listed(entry("flood", canonical="https://example.com/flood/"), BASE)
    assert not is_listed(entry("flood", noindex=True), BASE)
    (draft,) = site_of([entry("flood", draft=True)], drafts=True).ordered
    assert not is_listed(draft, BASE)


def test_an_article_is_modified_when_readers_are_told_so() -> None:
    """The last of date, update and corrections counts, whatever the file's own time is."""
    day = timedelta(days=1)
    assert entry("flood").modified == NOON
    assert entry("flood", updated=NOON + day).modified == NOON + day
    corrected = entry("flood", updated=NOON + day, corrected=[NOON + 3 * day, NOON + 2 * day])
    assert corrected.modified == NOON + 3 * day


@given(st.lists(st.integers(min_value=-100, max_value=200), max_size=30), st.integers(0, 100))
def test_news_are_those_of_two_days(hours: list[int], now: int) -> None:
    """To the second, and by the clock, not by the calendar."""
    # The clocks go forward on the 31st.
    start = moments.parse("2024-03-30T00:00Z[Europe/London]")
    at = start + timedelta(hours=now)
    line = [
        entry(f"n{number}", date=start + timedelta(hours=hour))
        for number, hour in enumerate(sorted(hours))
    ]
    wanted = [item for item in line if at - item.teaser.date < timedelta(days=2)]

    assert sorted(names(news(line, at, BASE))) == sorted(names(wanted))


def test_news_of_the_hour_that_clocks_show_twice() -> None:
    """Articles go by their instants, also where a later one's clock shows less."""
    earlier = entry("earlier", date=moments.parse("2024-10-27T01:30:00+01:00[Europe/London]"))
    later = entry("later", date=moments.parse("2024-10-27T01:15:00+00:00[Europe/London]"))
    line = site_of([later, earlier]).ordered
    assert names(line) == ["earlier", "later"]
    at = moments.parse("2024-10-29T01:00:00+00:00[UTC]")

    assert names(news(line, at, BASE)) == ["later"]


@given(st.lists(st.integers(0, 72), max_size=9), st.integers(0, 100))
def test_the_next_change_is_when_the_first_leaves_the_news(hours: list[int], now: int) -> None:
    """Until then the news sitemap stays as it is, and then it does not."""
    config = Config(base_url="https://example.org/")
    line = [entry(f"n{n}", date=NOON + timedelta(hours=hour)) for n, hour in enumerate(hours)]
    at = NOON + timedelta(hours=72 + now)
    site = site_of(line, config=config, at=at)
    if site.next_change is None:
        assert not site.news
        return
    second = timedelta(seconds=1)
    assert site_of(line, config=config, at=site.next_change - second).news == site.news
    assert len(site_of(line, config=config, at=site.next_change).news) < len(site.news)
    assert min(map(leaves_news, site.news)) == site.next_change


def test_without_a_news_sitemap_time_does_not_matter() -> None:
    """A site without an address, or that wants no such file, does not change by itself."""
    at = NOON + timedelta(hours=1)
    off = Config(base_url="https://example.org/", sitemap=Sitemap(news=False))
    for config in (Config(), off):
        assert site_of([entry("flood")], config=config, at=at).next_change is None


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en-GB", "en"),
        ("ja", "ja"),
        ("pt_BR", "pt"),
        ("zh", "zh-cn"),
        ("zh-Hans", "zh-cn"),
        ("zh-TW", "zh-tw"),
        ("zh-Hant-HK", "zh-tw"),
    ],
)
def test_languages_are_those_of_google_news(tag: str, language: str) -> None:
    """ISO 639, but for the two kinds of Chinese."""
    assert news_language(tag) == language


@given(st.text())
def test_any_text_can_stand_in_xml(text: str) -> None:
    """What XML has no way to write is left out, and nothing else."""
    element = ET.Element("t")
    element.text = xml_text(text)
    again = ET.fromstring(ET.tostring(element, "utf-8"))  # noqa: S314 - our own text
    assert (again.text or "") == element.text.replace("\r\n", "\n").replace("\r", "\n")


def test_a_full_file_keeps_its_articles() -> None:
    """Whatever is published later, the first files of a year hold what they held."""
    line: Sequence[Entry] = [entry("x")] * (2 * PER_FILE + 1)
    assert [len(part(line, number)) for number in (1, 2, 3, 4)] == [PER_FILE, PER_FILE, 1, 0]


# --- What is written


NEWSROOM = {
    "flood.md": article(
        'Flood & "fire" </title>', image="pic.svg", category="Town & country", tags=["高潮"]
    ),
    "pic.svg": "<svg/>",
    "older.md": article("Older", date="2024-11-01 08:00", image="https://example.com/a?b=1&c=2"),
    "wire.md": article("Wire", canonical="https://example.com/wire/"),
    "quiet.md": article("Quiet", noindex=True),
    "draft.md": article("Draft", draft=True),
    "old.md": article(
        "Old",
        date="2021-01-01 10:00",
        updated="2021-01-02 10:00",
        corrections=[{"date": "2022-02-02 09:00", "text": "It was Ann."}],
    ),
    "gone.md": article("Gone", date="2020-01-01", noindex=True),
}


def newsroom(folder: Path, config: str = ADDRESS) -> Path:
    """Return a site with articles of all kinds, built."""
    site = make_site(folder, NEWSROOM, config=f'{config}\ntimezone = "Europe/London"')
    build_site(site)
    return site


def test_each_year_has_its_file(tmp_path: Path) -> None:
    """The index names the years that have something to show, with their last change."""
    found = pages(newsroom(tmp_path))

    assert locs(found["sitemap.xml"]) == [
        "/sitemap/pages.xml",
        "/sitemap/2021.xml",
        "/sitemap/2024.xml",
    ]
    assert texts(found["sitemap.xml"], "*", f"{MAP}lastmod") == [
        "2022-02-02T09:00:00+00:00",
        "2024-11-04T21:54:00+00:00",
    ]
    assert locs(found["sitemap/2024.xml"]) == ["/2024/11/01/older/", "/2024/11/04/flood/"]
    assert texts(found["sitemap/2021.xml"], "*", f"{MAP}lastmod") == ["2022-02-02T09:00:00+00:00"]
    assert texts(found["sitemap/2024.xml"], "*", f"{IMAGE}image", f"{IMAGE}loc") == [
        "https://example.com/a?b=1&c=2",
        "https://example.org/pic.svg",
    ]
    assert "/tag/%E9%AB%98%E6%BD%AE/" in locs(found["sitemap/pages.xml"])
    assert "/author/" not in locs(found["sitemap/pages.xml"])


def test_everything_in_a_sitemap_is_a_page(tmp_path: Path) -> None:
    """Each address leads to a file that exists and wants to be found."""
    found = pages(newsroom(tmp_path, ADDRESS.replace(".org/", ".org/news/")))
    for name in ("pages", "2021", "2024"):
        for address in locs(found[f"sitemap/{name}.xml"]):
            assert address.startswith("/news/")
            if "%" not in address:
                page = found[f"{address.removeprefix('/news/')}index.html"]
                assert 'content="noindex' not in page
    assert "robots.txt" not in found


def test_robots_are_told_of_the_sitemaps(tmp_path: Path) -> None:
    """At the root of a host only, where robots look; a file of the site's own stands before it."""
    site = newsroom(tmp_path)
    assert pages(site)["robots.txt"] == (
        "User-agent: *\nDisallow:\n\nSitemap: https://example.org/sitemap.xml\n"
        "Sitemap: https://example.org/news-sitemap.xml\n"
    )
    write(site, {"static/robots.txt": "User-agent: mine", "static/sitemap.xml": "<urlset/>"})
    assert build_site(site).problems == ()
    assert pages(site)["robots.txt"] == "User-agent: mine"
    assert pages(site)["sitemap.xml"] == "<urlset/>"


def test_the_news_follow_the_clock(tmp_path: Path, session: Session) -> None:
    """A build at the moment that the last one named drops the article, without any edit."""
    config = f'{ADDRESS}sitemap.publication = "The Tide & Times"\nlanguage = "en-GB"'
    site = newsroom(tmp_path, config)
    page = pages(site)["news-sitemap.xml"]
    assert locs(page) == ["/2024/11/04/flood/"]
    assert texts(page, "*", f"{NEWS}news", f"{NEWS}title") == ['Flood & "fire" </title>']
    assert texts(page, "*", f"{NEWS}news", f"{NEWS}publication", "*") == ["The Tide & Times", "en"]

    before = build_site(site, session=session)
    assert before.next_change == datetime(2024, 11, 6, 21, 54, tzinfo=UTC)
    assert moments.of(before.next_change) == next_change(site, moments.of(AT))
    early = build_site(site, at=before.next_change - timedelta(seconds=1), session=session)
    assert early.rendered == {}
    late = build_site(site, at=before.next_change, session=session)
    assert late.written == ("news-sitemap.xml",)
    assert late.next_change is None
    assert next_change(site, moments.of(before.next_change)) is None
    assert locs(pages(site)["news-sitemap.xml"]) == []


def test_a_site_without_an_address_has_none(tmp_path: Path) -> None:
    """Sitemaps consist of full addresses: where those are not known, there are no sitemaps."""
    found = pages(newsroom(tmp_path, ""))
    assert not [path for path in found if "sitemap" in path or path == "robots.txt"]


def test_sitemaps_are_valid(tmp_path: Path) -> None:
    """All of them, an empty one, too, by schemas written from the protocol."""
    site = newsroom(tmp_path)
    urlset = xmlschema.XMLSchema(SCHEMAS / "sitemap.xsd")
    index = xmlschema.XMLSchema(SCHEMAS / "sitemap-index.xsd")
    found = pages(site)
    files = [path for path in found if "sitemap" in path]
    assert len(files) == 5
    for path in files:
        (index if path == "sitemap.xml" else urlset).validate(found[path])
    build_site(site, at=datetime(2030, 1, 1, tzinfo=UTC))
    urlset.validate(pages(site)["news-sitemap.xml"])
    for broken in (
        found["sitemap/2024.xml"].replace("T21:54:00+00:00", " 21:54"),
        found["sitemap/2024.xml"].replace("<loc>https://example.org", "<loc>", 1),
        found["news-sitemap.xml"]
        .replace("<news:title>", "<news:name>")
        .replace("</news:title>", "</news:name>"),
    ):
        assert not urlset.is_valid(broken)


def large(count: int) -> dict[str, str]:
    """Return so many articles of one day, and some of another year."""
    articles = {
        f"n{number:04}.md": article(f"N {number}", date="2024-11-05 10:00")
        for number in range(count)
    }
    return articles | {"old.md": article("Old", date="2020-01-01")}


def test_many_articles_are_divided(tmp_path: Path) -> None:
    """No file has more than a thousand, a full one never changes, and an edit renders few."""
    plain = ("article.html", "archive.html", "list.html", "terms.html", "front.html")
    site = make_site(
        tmp_path,
        large(PER_FILE + 2),
        config=ADDRESS,
        templates=dict.fromkeys(plain, "{{ page.url }}"),
    )
    build_site(site)
    found = pages(site)
    assert locs(found["sitemap.xml"])[-2:] == ["/sitemap/2024.xml", "/sitemap/2024-2.xml"]
    assert [len(locs(found[f"sitemap/2024{end}.xml"])) for end in ("", "-2")] == [PER_FILE, 2]
    parts = ["/news-sitemap/1.xml", "/news-sitemap/2.xml"]
    assert locs(found["news-sitemap.xml"]) == parts
    assert [len(locs(found[path[1:]])) for path in parts] == [PER_FILE, 2]

    def rendered(path: str, text: str) -> set[str]:
        write(site / "articles", {path: text})
        return {name for name in build_site(site).rendered if "sitemap" in name}

    day = "2024-11-05 10:00"
    assert rendered("n0003.md", article("N 3", "Another text.", date=day)) == set()
    assert rendered("old.md", article("Old", date="2020-01-01", updated="2024-11-05")) == {
        "sitemap.xml",
        "sitemap/2020.xml",
    }
    assert rendered("n1001.md", article("Other", date=day, updated="2024-11-05 11:00")) == {
        "sitemap.xml",
        "sitemap/2024-2.xml",
        "news-sitemap/1.xml",
    }
    assert rendered("new.md", article("New", date="2024-11-05 11:30")) == {
        "sitemap/2024-2.xml",
        "sitemap.xml",
        "news-sitemap/1.xml",
        "news-sitemap/2.xml",
    }
    assert rendered("new.md", article("New", date="2024-11-05 11:30", tags=["x"])) == {
        "sitemap/pages.xml"
    }
