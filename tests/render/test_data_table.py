"""A table of a data file: headings that are headings, numbers to the right, a box that scrolls."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.model.errors import SitegenError
from tests.sitefactory import build_site, make_site, pages

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
