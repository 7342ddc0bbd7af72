"""The tables of `[[outputs]]` are checked, and told at their line."""

from __future__ import annotations

import tomllib

import pytest

from sitegen.config.loading import from_table
from sitegen.config.own_outputs import filled, url_fields
from sitegen.model.errors import SitegenError, headline

GOOD = """
[[outputs]]
url = "/council/{slug}/"
template = "member.html"
from = "data/members.csv"
select = ["rows"]
noindex = true
options = { a = 1 }
"""


def test_a_table_is_taken_as_it_is() -> None:
    """`from` is a key like any other, though Python has a word of this name."""
    (output,) = from_table(tomllib.loads(GOOD)).outputs
    assert (output.url, output.template, output.from_, output.select, output.noindex) == (
        "/council/{slug}/", "member.html", "data/members.csv", ("rows",), True,
    )  # fmt: skip
    assert dict(output.options) == {"a": 1}


def test_an_address_is_filled_in() -> None:
    """With whatever names columns have."""
    pattern = "/{Last name}/{id}/"
    assert url_fields(pattern) == ["Last name", "id"]
    assert filled(pattern, {"Last name": "lee", "id": "3"}.__getitem__) == "/lee/3/"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('url = "/a.txt"', '1:3: an output needs "template"'),
        ('template = "a.txt"', '1:3: an output needs "url"'),
        ('url = "a.txt"\ntemplate = "a"', '2:1: invalid address "a.txt": it must begin with /'),
        ('url = "/../a"\ntemplate = "a"', '2:1: invalid address "/../a": it must not contain'),
        ('url = "/{/"\ntemplate = "a"', '2:1: invalid address "/{/": a field is written {slug}'),
        ('url = "/{}/"\ntemplate = "a"', '2:1: invalid address "/{}/": a field is written {slug}'),
        ('url = "/{a}/"\ntemplate = "a"', '2:1: "/{a}/" has a field, and there are no rows for it'),
        ('url = "/a/"\ntemplate = "a"\nfrom = "b"', '2:1: every row of "b" would be at "/a/"'),
        ('url = "/a"\ntemplate = "a"\nform = "b"', '4:1: unknown key "outputs.form"'),
        ('url = "/a"\ntemplate = "a"\nfrom = 3', '4:1: "outputs.from" must be text in quotes'),
        ('url = "/a"\ntemplate = "a"\n[[outputs]]\nurl = "/a"\ntemplate = "b"',
         '5:1: two outputs have the address "/a"'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_line(table: str, said: str) -> None:
    """With a hint."""
    text = f"[[outputs]]\n{table}\n"
    with pytest.raises(SitegenError) as caught:
        from_table(tomllib.loads(text), text=text)
    (problem,) = caught.value.problems
    assert headline(problem).startswith(f"sitegen.toml:{said}")
