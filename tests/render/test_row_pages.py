"""The ready templates for pages of data, and the files that are ready."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sitefactory import AT, article, build_site, make_site, pages

CONFIG = """
title = "The Tide & Times"
description = "News, of <x>."
base_url = "https://example.org/news/"
[[outputs]]
url = "/council/{slug}/"
template = "row.html"
from = "council"
options = { heading = "Name", lead = "Says", up = "/council/", up_label = "All" }
[[outputs]]
url = "/council/"
template = "rows.html"
[outputs.options]
title = "The council"
file = "council"
columns = "Name,Seats"
link = "/council/{slug}/"
[[outputs]]
url = "/llms.txt"
template = "llms.txt"
options = { text = "Ask us." }
[[outputs]]
url = "/humans.txt"
template = "humans.txt"
options = { editors = ["Ann Lee", "Ben"], thanks = "All" }
[[outputs]]
url = "/.well-known/security.txt"
template = "security.txt"
[outputs.options]
contact = ["a@example.org", "https://example.org/c"]
expires = "2025-10-01"
policy = "/p"
[[outputs]]
url = "/manifest.webmanifest"
template = "manifest.webmanifest"
options = { display = "standalone" }
[[outputs]]
url = "/events.ics"
template = "calendar.ics"
options = { events = "events" }
"""
COUNCIL = (
    "slug,Name,Says,Seats,Story,Web\n"
    "ann,Ann <b>,Noted.,3,articles/a.md,https://example.org/ann\n"
    "ben,Ben,,1,articles/late.md,\n"
)
EVENTS = (
    "start,end,title,place,text,url\n"
    '2024-11-05,2024-11-06,Fair,"Quay, east",Long,/2024/\n2024-11-05 19:30,,Talk,,,\n'
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of a site that has them all."""
    site = make_site(
        tmp_path_factory.mktemp("site"),
        {
            "a.md": article("Flood [x]"),
            "late.md": article("Embargoed", date="2024-12-24 10:00", body="Secretword."),
        },
        config=CONFIG,
        files={"data/council.csv": COUNCIL, "data/events.csv": EVENTS},
    )
    assert build_site(site).problems == ()
    calendar = (site / "output/events.ics").read_bytes()
    assert calendar.count(b"\r\n") == calendar.count(b"\n") > 2
    return pages(site)


def test_a_row_is_a_heading_and_a_table(built: dict[str, str]) -> None:
    """Addresses are links, and so is what names an article; empty fields are left out."""
    html = built["council/ann/index.html"]
    assert "<title>Ann &lt;b&gt; – The Tide &amp; Times</title>" in html
    assert '<a href="/news/council/">All</a>' in html
    assert '<p class="standfirst">Noted.</p>' in html
    assert '<meta name="description" content="Noted.">' in html
    assert '<th scope="row">Story</th><td><a href="/news/2024/11/04/a/">Flood [x]</a></td>' in html
    assert '<td><a href="https://example.org/ann">https://example.org/ann</a></td>' in html
    assert "slug" not in html.partition("<main")[2]
    assert ">Web<" not in built["council/ben/index.html"]


def test_an_embargoed_article_shows_on_no_page_of_data(built: dict[str, str]) -> None:
    """Not its headline, not that there is one, until its second."""
    html = built["council/ben/index.html"]
    assert ">Seats<" in html
    assert ">Story<" not in html
    assert not [path for path, text in built.items() if "Embargoed" in text or "late.md" in text]


def test_it_appears_in_its_second(tmp_path: Path) -> None:
    """The page of the row then has the link, and is rendered with nothing else of data."""
    site = make_site(
        tmp_path,
        {"a.md": article(), "late.md": article("Embargoed", date="2024-12-24 10:00")},
        config=CONFIG.partition('[[outputs]]\nurl = "/llms')[0],
        files={"data/council.csv": COUNCIL.replace("articles/a.md", "")},
    )
    build_site(site)
    report = build_site(site, at=AT.replace(month=12, day=24, hour=10))
    assert {path for path in report.rendered if "council" in path} == {"council/ben/index.html"}
    assert "Embargoed" in pages(site)["council/ben/index.html"]


def test_a_table_of_rows_leads_to_their_pages(built: dict[str, str]) -> None:
    """The first column is linked."""
    html = built["council/index.html"]
    assert '<th scope="row"><a href="/news/council/ann/">Ann &lt;b&gt;</a></th>' in html
    assert 'role="region" aria-label="The council"' in html


def test_texts_are_no_html(built: dict[str, str]) -> None:
    """Each file is as its format wants it."""
    assert built["llms.txt"] == (
        "# The Tide & Times\n\n> News, of <x>.\n\nAsk us.\n\n## Sections\n\n"
        "- [Archive](https://example.org/news/archive/)\n"
        "- [Other](https://example.org/news/category/other/)\n\n## Newest articles\n\n"
        "- [Flood \\[x\\]](https://example.org/news/2024/11/04/a/): The river rose.\n"
    )
    assert "/* EDITORS */\nAnn Lee\nBen\n\n/* THANKS */\nAll\n" in built["humans.txt"]
    assert built[".well-known/security.txt"] == (
        "Contact: mailto:a@example.org\nContact: https://example.org/c\n"
        "Expires: 2025-10-01T00:00:00+00:00\nPreferred-Languages: en\n"
        "Canonical: https://example.org/news/.well-known/security.txt\nPolicy: /p\n"
    )
    manifest = json.loads(built["manifest.webmanifest"])
    assert (manifest["name"], manifest["start_url"]) == ("The Tide & Times", "/news/")
    assert manifest["display"] == "standalone"


def test_a_calendar_has_its_events(built: dict[str, str]) -> None:
    """Whole days and hours, with what each has."""
    lines = built["events.ics"].splitlines()
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20241105" in lines
    assert "DTEND;VALUE=DATE:20241107" in lines
    assert "DTSTART:20241105T193000Z" in lines
    assert "LOCATION:Quay\\, east" in lines
    assert "URL:https://example.org/news/2024/" in lines
    assert lines.count("DTSTAMP:20241105T000000Z") == 1
