"""A table of a data file: headings that are headings, numbers to the right, a box that scrolls."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.model.errors import SitegenError
from tests.sitefactory import article, build_site, make_site, pages, write

PAGE = '{{% from "parts/table.html" import table %}}{{{{ table({}) }}}}'


def shown(folder: Path, arguments: str, name: str, text: str) -> str:
    """Return the HTML of a table of a data file."""
    site = make_site(
        folder, files={f"data/{name}": text}, templates={"404.html": PAGE.format(arguments)}
    )
    build_site(site)
    return pages(site)["404.html"]


def test_a_table_of_csv(tmp_path: Path) -> None:
    """Names of columns are headings, and so is the first cell of a row that is no number."""
    text = "party,share,seats\nTide & Co,51.2,\nFerry,8,12\n"
    assert shown(tmp_path, '"results", caption="Seats <b>"', "results.csv", text) == (
        '<div class="table-scroll" role="region" aria-label="Seats &lt;b&gt;" tabindex="0">'
        "<table>\n"
        "<caption>Seats &lt;b&gt;</caption>\n"
        '<thead>\n<tr>\n<th scope="col">party</th>\n'
        '<th scope="col" class="align-right">share</th>\n'
        '<th scope="col" class="align-right">seats</th>\n</tr>\n</thead>\n<tbody>\n'
        '<tr>\n<th scope="row">Tide &amp; Co</th>\n<td class="align-right">51.2</td>\n'
        '<td class="align-right"></td>\n</tr>\n'
        '<tr>\n<th scope="row">Ferry</th>\n<td class="align-right">8</td>\n'
        '<td class="align-right">12</td>\n</tr>\n</tbody>\n</table></div>'
    )


@pytest.mark.parametrize("columns", ['"b, a"', '["b", "a"]'])
def test_columns_are_chosen(tmp_path: Path, columns: str) -> None:
    """By a text or a list, in any order; cells that are missing are empty."""
    text = '{"rows": [{"a": true, "b": "x", "c": 1}, {"b": null, "a": 2}]}'
    html = shown(tmp_path, f'"r", columns={columns}, select=["rows"]', "r.json", text)
    assert "caption" not in html
    assert html.index(">b<") < html.index(">a<")
    assert ">true<" in html
    assert '<th scope="row"></th>' in html
    assert ">c<" not in html


def test_an_empty_table_has_its_headings(tmp_path: Path) -> None:
    """Before the first result is in."""
    html = shown(tmp_path, '"r", columns="a,b"', "r.csv", "a,b\n")
    assert html.count('<th scope="col">') == 2
    assert "<tbody>\n</tbody>" in html


def test_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With the nearest name."""
    with pytest.raises(SitegenError) as caught:
        shown(tmp_path, '"r", columns="party,seat"', "r.csv", "party,seats\nA,1\n")
    (problem,) = caught.value.problems
    assert 'has no "seat"' in problem.message
    assert 'did you mean "seats"?' in (problem.hint or "")


def with_shortcode(folder: Path, written: str) -> Path:
    """Return a site with an article that has a shortcode."""
    return make_site(
        folder,
        {"a.md": article(body=f"The votes.\n\n{written}\n\nAnd more.")},
        config='base_url = "https://example.org/"\n',
        files={"data/results.csv": "party,seats\nTide,3\nFerry,1\n"},
    )


@pytest.mark.parametrize("written", ['data="results"', '"results"'])
def test_a_table_in_a_text(tmp_path: Path, written: str) -> None:
    """A shortcode shows the same table; in feeds it has one, too."""
    site = with_shortcode(tmp_path, f'{{{{< table {written} caption="Seats" >}}}}')
    assert build_site(site).problems == ()
    html = pages(site)["2024/11/04/a/index.html"]
    assert "<caption>Seats</caption>" in html
    assert '<td class="align-right">3</td>' in html
    assert "Tide" in pages(site)["feed.xml"]
    write(site, {"data/results.csv": "party,seats\nTide,4\nFerry,1\n"})
    assert set(build_site(site).rendered) == {
        *("2024/11/04/a/index.html", "feed.xml", "rss.xml", "feed.json"),
    }


@pytest.mark.parametrize(
    ("written", "said", "hint"),
    [
        ('data="result"', 'there is no data file "result"', 'did you mean "results"?'),
        ('data="results" columns="party,seat"', 'has no "seat"', 'did you mean "seats"?'),
        ('data="results" select="rows"', '"results" has no "rows"', "its number"),
        ('caption="x"', 'the shortcode "table" needs a value', ""),
    ],
)
def test_a_mistake_in_a_text_is_told_there(
    tmp_path: Path, written: str, said: str, hint: str
) -> None:
    """At the line of the article."""
    with pytest.raises(SitegenError) as caught:
        build_site(with_shortcode(tmp_path, f"{{{{< table {written} >}}}}"))
    (problem,) = caught.value.problems
    assert str(problem.location) == "articles/a.md:8:1"
    assert said in problem.message
    assert hint in (problem.hint or "")
