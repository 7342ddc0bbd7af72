"""Files and pages of `[[outputs]]`: one for each row, stale with its row, told where they clash."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.flow.build import Report
from sitegen.flow.session import Session
from sitegen.model.errors import SitegenError
from tests.sitefactory import article, build_site, make_site, pages, write

ROWS = "slug,name,seats\nann,Ann,3\nben,Ben,1\ncleo,Cleo,2\n"
COUNCIL = """
base_url = "https://example.org/"
[[outputs]]
url = "/council/{slug}/"
template = "member.html"
from = "data/members.csv"
"""
MEMBER = (
    '{% extends "base.html" %}{% block title %}{{ row.name }}{% endblock %}'
    "{% block main %}<p>{{ row.seats }}{% endblock %}"
)
ANN, BEN, CLEO, NEW = (f"council/{name}/index.html" for name in ("ann", "ben", "cleo", "new"))
SITEMAP = "sitemap/pages.xml"


def new_site(folder: Path, config: str = COUNCIL, **files: str) -> Path:
    """Return a site with a page for each row of a table."""
    return make_site(
        folder,
        {"a.md": article(body="Ask [Ann](/council/ann/).")},
        config=config,
        files={"data/members.csv": ROWS, **files},
        templates={"member.html": MEMBER},
    )


def told(site: Path) -> list[str]:
    """Return what a build that fails tells."""
    with pytest.raises(SitegenError) as caught:
        build_site(site)
    return [f"{item.location}: {item.message}" for item in caught.value.problems]


def test_each_row_has_a_page(tmp_path: Path) -> None:
    """With its own title, in the sitemap, and found by links."""
    site = new_site(tmp_path)
    report = build_site(site)
    assert report.problems == ()
    html = pages(site)[ANN]
    assert "<title>Ann</title>" in html
    assert "<p>3" in html
    assert '<link rel="canonical" href="https://example.org/council/ann/">' in html
    assert 'content="max-image-preview:large"' in html
    sitemap = pages(site)[SITEMAP]
    assert sitemap.count("/council/") == 3
    assert "https://example.org/council/ben/" in sitemap


EDITS = [
    (ROWS.replace("Ann,3", "Ann,4"), {ANN}, set()),
    (ROWS.replace("ben,Ben", "ben,Bo"), {BEN}, set()),
    (ROWS.replace("ann,", "new,New,0\nann,"), {NEW, SITEMAP}, set()),
    (ROWS.replace("ben,Ben,1\n", ""), {SITEMAP}, {BEN}),
    ("slug,name,seats\ncleo,Cleo,2\nben,Ben,1\nann,Ann,3\n", {SITEMAP}, set()),
    (ROWS.replace("ben,Ben", "new,Ben"), {NEW, SITEMAP}, {BEN}),
    (ROWS.replace(",", ";").replace("\n", "\r\n"), set(), set()),
]


@pytest.mark.parametrize(("text", "rendered", "removed"), EDITS)
def test_an_edit_renders_the_pages_of_its_rows(
    tmp_path: Path, kept: Session | None, text: str, rendered: set[str], removed: set[str]
) -> None:
    """No other row's: a row that is put first moves all others, and renders none of them."""
    site = new_site(tmp_path)
    build_site(site, session=kept)
    write(site, {"data/members.csv": text})
    report: Report = build_site(site, session=kept, changed=["data/members.csv"] if kept else None)
    assert set(report.rendered) == rendered
    assert set(report.removed) == removed
    assert build_site(site, session=kept).rendered == {}


def test_pages_that_are_kept_from_search_engines_say_so(tmp_path: Path) -> None:
    """And are in no sitemap."""
    site = new_site(tmp_path, config=f"{COUNCIL}noindex = true\n")
    build_site(site)
    assert '<meta name="robots" content="noindex">' in pages(site)[ANN]
    assert "/council/" not in pages(site)[SITEMAP]


def test_a_file_of_its_own_gets_its_options(tmp_path: Path) -> None:
    """And is escaped as its ending says: a text is no HTML."""
    config = '[[outputs]]\nurl = "/{}"\ntemplate = "{}"\noptions = {{ a = "b & c" }}\n'
    names = ("own.txt", "own.html", "own.xml", "own.webmanifest", "own.ics")
    site = make_site(
        tmp_path,
        config="".join(config.format(name, name) for name in names),
        templates=dict.fromkeys(names, "{{ options.a }}{{ options.get('x', '') }}"),
    )
    build_site(site)
    assert pages(site)["own.html"] == pages(site)["own.xml"] == "b &amp; c"
    assert pages(site)["own.txt"] == pages(site)["own.webmanifest"] == "b & c"


def test_rows_are_selected(tmp_path: Path) -> None:
    """From a file that holds more, of any format; fields become parts of addresses."""
    config = COUNCIL.replace("{slug}", "{name}-{n}").replace("members.csv", "more.json")
    site = new_site(tmp_path, config=f'{config}select = ["all", "rows"]\n')
    rows = '[{"name": "Ann Lee", "n": 1, "seats": true}, {"name": "B/C", "n": 2, "seats": 1.5}]'
    write(site, {"data/more.json": f'{{"all": {{"rows": {rows}}}}}', "articles/a.md": article()})
    build_site(site)
    assert {path for path in pages(site) if path.startswith("council")} == {
        "council/ann-lee-1/index.html",
        "council/b-c-2/index.html",
    }


CLASHES = [
    ({"data/members.csv": f"{ROWS}ann,Anna,1\n"},
     "data/members.csv:5: /council/ann/ is wanted by this row and by the one on line 2"),
    ({"data/members.csv": f"{ROWS},Dan,1\n"},
     'data/members.csv:5: this row has no "slug", which its address needs: /council/{slug}/'),
    ({"data/members.csv": f"{ROWS}!,Dan,1\n"},
     'data/members.csv:5: this row has "!" as "slug", which gives no part of an address'),
    ({"articles/b.md": article("B", url="/council/ann/")},
     ("data/members.csv:2: /council/ann/ is wanted by the row on line 2 of data/members.csv "
     "and by articles/b.md")),
    ({"pages/b.md": article("B", url="/council/ben/", date=None)},
     ("data/members.csv:3: /council/ben/ is wanted by the row on line 3 of data/members.csv "
     "and by pages/b.md")),
    ({"static/council/ann/index.html": "x"},
     ("data/members.csv:2: /council/ann/ is wanted by the row on line 2 of data/members.csv "
     "and by static/council/ann/index.html")),
    ({"data/members.csv": None}, 'sitegen.toml:6:1: there is no data file "members"'),
    ({"data/members.csv": None, "data/members.toml": "a = 1\n"},
     'sitegen.toml:6:1: "data/members.csv" holds no list of rows'),
    ({"templates/member.html": None}, 'sitegen.toml:5:1: there is no template "member.html"'),
]  # fmt: skip


@pytest.mark.parametrize(("files", "said"), CLASHES)
def test_what_is_wrong_is_told_with_both_names(
    tmp_path: Path, files: dict[str, str | None], said: str
) -> None:
    """At the line of the row, or of the configuration."""
    site = new_site(tmp_path)
    write(site, files)
    assert said in told(site)


def test_an_article_keeps_its_address(tmp_path: Path) -> None:
    """A row that comes later cannot take an article's page away."""
    site = new_site(tmp_path)
    write(site, {"articles/b.md": article("Bridge", url="/council/new/")})
    build_site(site)
    write(site, {"data/members.csv": f"{ROWS}new,New,0\n"})
    build_site(site, keep_going=True)
    assert "Bridge" in pages(site)[NEW]


def test_a_wrong_file_keeps_its_pages(tmp_path: Path) -> None:
    """As an article with errors keeps its own."""
    site = new_site(tmp_path)
    build_site(site)
    before = pages(site)
    write(site, {"data/members.csv": "slug,name\nann\n"})
    assert told(site) == [
        "data/members.csv:2:1: this row has 1 cell, and the first line names 2 columns"
    ]
    assert build_site(site, keep_going=True).rendered == {}
    assert pages(site) == before


def test_another_option_renders_the_pages_of_its_table(tmp_path: Path) -> None:
    """And no others; another table above it renders none."""
    site = new_site(tmp_path, config=f"{COUNCIL}options = {{ a = 1 }}\n")
    build_site(site)
    other = '[[outputs]]\nurl = "/own.txt"\ntemplate = "own.txt"\n'
    write(site, {"templates/own.txt": "x"})
    config = (site / "sitegen.toml").read_text("utf-8")
    write(site, {"sitegen.toml": config.replace("[[outputs]]", f"{other}[[outputs]]", 1)})
    assert set(build_site(site).rendered) == {"own.txt"}
    write(site, {"sitegen.toml": config.replace("a = 1", "a = true")})
    assert set(build_site(site).rendered) == {ANN, BEN, CLEO}


def test_hundreds_of_pages_cost_nothing_where_nothing_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are fetched once to know the addresses, and no page asks for its row again."""
    site = new_site(tmp_path)
    many = "".join(f"m{number},Name,1\n" for number in range(500))
    write(site, {"data/members.csv": f"{ROWS}{many}", "templates/member.html": "{{ row.name }}"})
    build_site(site)
    asked: list[object] = []
    monkeypatch.setattr("sitegen.queries.data.own_rows", asked.append)
    write(site, {"articles/a.md": article(body="Ask [Ann](/council/ann/).\n\nOr Ben.")})
    assert not any("council" in path for path in build_site(site).rendered)
    assert build_site(site).rendered == {}
    assert asked == []
