"""Who wrote an article, in each way in which it is written."""

import pytest

from sitegen.config.loading import from_table
from sitegen.config.settings import Config
from sitegen.model.documents import AuthorRole
from sitegen.parse import yaml
from sitegen.parse.fields import read_fields

WHOLE = from_table({"front_matter": {"author_text": "whole"}})


def authors(written: str, config: Config | None = None) -> tuple[list[str], dict[str, str]]:
    """Return the names of the authors, and their addresses."""
    meta, problems = read_fields(yaml.read(written, 1), "articles/a.md", config or Config())
    assert problems == []
    return [term.name for term in meta.authors], dict(meta.author_addresses)


@pytest.mark.parametrize(
    ("written", "by_commas", "whole"),
    [
        (
            "author: Ann Lee, Site Engineer",
            ["Ann Lee", "Site Engineer"],
            ["Ann Lee, Site Engineer"],
        ),
        ("author: 'Lee, Ann; Ray, Bob'", ["Lee, Ann", "Ray, Bob"], ["Lee, Ann", "Ray, Bob"]),
        ("authors: ['NARUSE, Yui', Bo]", ["NARUSE, Yui", "Bo"], ["NARUSE, Yui", "Bo"]),
    ],
)
def test_a_text_is_read_as_the_site_says(
    written: str, by_commas: list[str], whole: list[str]
) -> None:
    """With commas between names, or as one; semicolons divide, and a list is a list."""
    assert authors(written)[0] == by_commas
    assert authors(written, WHOLE)[0] == whole


@pytest.mark.parametrize(
    ("written", "names", "addresses"),
    [
        (
            "author: '[Ann Lee](https://ann.example/?a,b), Bo'",
            ["Ann Lee", "Bo"],
            {"ann-lee": "https://ann.example/?a,b"},
        ),
        (
            "authors: ['[Lee, Ann](<https://ann.example/> \"Home\")', Bo]",
            ["Lee, Ann", "Bo"],
            {"lee-ann": "https://ann.example/"},
        ),
        (
            "author: '[Lee, Ann](https://ann.example/)'",
            ["Lee, Ann"],
            {"lee-ann": "https://ann.example/"},
        ),
        ("author: '[Ann](mailto:a@example.org)'", ["Ann"], {}),
        ("author: '[Ann](javascript:x)'", ["Ann"], {}),
        ("author: {name: Ann, url: https://ann.example/}", ["Ann"], {"ann": "https://ann.example/"}),
        ("author: '[Ann] (Town)'", ["[Ann] (Town)"], {}),
    ],
)  # fmt: skip
def test_a_link_is_a_name_and_its_address(
    written: str, names: list[str], addresses: dict[str, str]
) -> None:
    """In a text, a list or a table; only an address on the web is kept."""
    assert authors(written) == (names, addresses)


def test_an_author_needs_a_name() -> None:
    """A table without one is told, and what it should be."""
    _, problems = read_fields(yaml.read("author: {photo: a.jpg}", 1), "articles/a.md", Config())
    assert [(item.message, item.hint) for item in problems] == [
        ("an author needs a name", "write `author: {name: Ann Lee}`")
    ]


def test_a_table_may_say_what_an_author_did() -> None:
    """With the name of whom they work for; nothing is noted of those who say neither."""
    written = "authors: [Bo, {name: Ann Lee, role: photographer, of: AP}, {name: Cy, url: 'x'}]"
    meta, problems = read_fields(yaml.read(written, 1), "articles/a.md", Config())
    assert problems == []
    assert meta.own_keys == ()
    assert meta.author_roles == (AuthorRole("ann-lee", "photographer", "AP"),)
    meta, problems = read_fields(
        yaml.read("author: {name: Bo, role: [a]}", 1), "articles/a.md", Config()
    )
    assert [item.message for item in problems] == ['"role" must be a text, not a list']


def test_a_name_of_html_is_told_once_and_keeps_what_stands_with_it() -> None:
    """A character reference in a name counts once; address and role belong to the name it means."""
    written = "authors: [{name: 'A &amp; B', role: editor, url: 'https://ab.example/'}]"
    meta, problems = read_fields(yaml.read(written, 1), "articles/a.md", Config())
    assert [item.message for item in problems] == ['1 character reference of HTML in "authors"']
    assert dict(meta.author_addresses) == {"a-and-b": "https://ab.example/"}
    assert meta.author_roles == (AuthorRole("a-and-b", "editor", ""),)
