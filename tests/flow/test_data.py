"""Data files in builds: a page hangs on what it shows of them, and wrong ones keep their value."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.flow.session import Session
from sitegen.model.errors import SitegenError
from tests.sitefactory import article, build_site, make_site, pages, write

ROWS = "slug,name,seats\n" + "".join(f"m{number},Name {number},3\n" for number in range(4))
TEMPLATES = {
    "404.html": '{{ data("members", 1).name }}',
    "search.html": '{{ data("members", "slug=m2", "name") }}',
    "archive.html": '{% for row in data("members") %}{{ row.name }},{% endfor %}',
    "front.html": '{{ data_files() | join(",") }}',
}
ONE, SLUG, ALL, NAMES = "404.html", "search/index.html", "archive/index.html", "index.html"
WHOLE = {ALL, "2024/index.html", "2024/11/index.html", "2024/11/04/index.html"}


def new_site(folder: Path) -> Path:
    """Return a site whose pages show parts of a table."""
    return make_site(
        folder, {"a.md": article()}, files={"data/members.csv": ROWS}, templates=TEMPLATES
    )


@pytest.mark.parametrize(
    ("path", "text", "rendered"),
    [
        ("data/members.csv", ROWS.replace("Name 1", "Ann"), {ONE, *WHOLE}),
        ("data/members.csv", ROWS.replace("Name 2", "Ben"), {SLUG, *WHOLE}),
        ("data/members.csv", ROWS.replace("Name 3", "Cleo"), WHOLE),
        ("data/members.csv", ROWS.replace("slug,name", " slug ,name").replace("\n", "\r\n"), set()),
        ("data/members.csv", ROWS.replace("m0,", "new,New,0\nm0,"), {ONE, *WHOLE}),
        ("data/members.csv", f"{ROWS}m4,Name 4,0\n", WHOLE),
        ("data/other.toml", "a = 1\n", {NAMES}),
        ("data/notes.md", "Not data.", set()),
        ("data/.other.toml", "a = 1\n", set()),
    ],
)
def test_an_edit_renders_what_shows_it(
    tmp_path: Path, kept: Session | None, path: str, text: str, rendered: set[str]
) -> None:
    """Exactly: a page that shows one row is not touched by another."""
    site = new_site(tmp_path)
    build_site(site, session=kept)
    write(site, {path: text})
    report = build_site(site, session=kept, changed=[path] if kept else None)
    assert set(report.rendered) == rendered
    assert build_site(site, session=kept).rendered == {}


def test_a_file_that_is_wrong_keeps_its_last_good_value(
    tmp_path: Path, kept: Session | None
) -> None:
    """It is told in each build until it is mended, and costs nothing else."""
    site = new_site(tmp_path)
    write(site, {"data/x.json": "[1]"})
    build_site(site, session=kept)
    before = pages(site)
    write(site, {"data/members.csv": "a,b\n1\n", "data/x.json": "[2]"})
    for _ in range(2):
        with pytest.raises(SitegenError, match=r"^data/members\.csv:2:1: this row has 1 cell"):
            build_site(site, session=kept)
        report = build_site(site, session=kept, keep_going=True)
        assert [str(item.location) for item in report.problems] == ["data/members.csv:2:1"]
        assert pages(site) == before
    write(site, {"data/members.csv": ROWS.replace("Name 1", "Ann")})
    report = build_site(site, session=kept)
    assert set(report.rendered) == {ONE, *WHOLE}
    write(site, {"data/members.csv": None})
    with pytest.raises(SitegenError, match='there is no data file "members"'):
        build_site(site, session=kept)


def test_a_build_without_changes_reads_no_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the files nor the values in the store, however many pages show them."""
    site = new_site(tmp_path)
    build_site(site)
    asked: list[str] = []
    for name in ("sitegen.cache.record_reader.DataReader.__call__", "sitegen.queries.data.select"):
        monkeypatch.setattr(name, lambda *_arguments: asked.append("data"))
    write(site, {"articles/a.md": article(body="The river rose.\n\nAnd fell.")})
    assert len(build_site(site).rendered) == 1
    assert build_site(site).rendered == {}
    assert asked == []


@pytest.mark.parametrize(
    ("template", "said", "hint"),
    [
        ('{{ data("member") }}', 'there is no data file "member"', 'did you mean "members"?'),
        ('{{ data("x").a }}', 'there is no data file "x"', "data/x.csv"),
        ('{{ data("members", 9) }}', '"members" has no item 9', "0 to 3"),
        ('{{ data("members", 0, "nam") }}', 'item 0 of "members" has no "nam"', '"name"?'),
        ('{{ data("members", "m1") }}', '"members" has no "m1"', '"slug=ann"'),
        ('{{ data("members", 0, "name", 1) }}', "has no item 1", "it is a text"),
        ("{{ data(3) }}", '"file" of data() must be a text, not a number', "data("),
        ('{{ data("members", 1.5) }}', "not a fraction", "data("),
        ('{{ data("members") }}', "a list cannot be printed whole", "for"),
        ('{{ data("members", 0) }}', "a table cannot be printed whole", "tojson"),
    ],
)
def test_a_template_that_asks_for_what_is_not_there_is_told(
    tmp_path: Path, template: str, said: str, hint: str
) -> None:
    """At its line, with the nearest name or what there is."""
    site = new_site(tmp_path)
    write(site, {"templates/404.html": f"\n{template}"})
    with pytest.raises(SitegenError) as caught:
        build_site(site)
    (problem,) = caught.value.problems
    assert str(problem.location).startswith("templates/404.html:2:")
    assert said in problem.message
    assert hint in (problem.hint or "")


def test_two_files_with_one_name_are_told(tmp_path: Path) -> None:
    """With both names; so are names that differ in the form of their letters."""
    site = new_site(tmp_path)
    write(site, {"data/members.toml": "a = 1\n"})
    message = r'^data/members\.toml: "data/members\.csv" and "data/members\.toml" have one name'
    with pytest.raises(SitegenError, match=message):
        build_site(site)
    write(site, {"data/members.toml": None, "data/e\u0301.csv": "a\n1\n", "data/\u00e9.csv": "a\n"})
    with pytest.raises(SitegenError, match="have one name"):
        build_site(site)


def test_workers_read_and_show_data(tmp_path: Path) -> None:
    """Whoever parses and renders, the pages are the same."""
    site = new_site(tmp_path)
    write(site, {f"data/more/{number}.csv": ROWS for number in range(30)})
    build_site(site)
    one = pages(site)
    build_site(site, clean=True, jobs=2)
    assert pages(site) == one
