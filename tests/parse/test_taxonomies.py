"""Terms in the site's own taxonomies, and series, from front matter."""

from __future__ import annotations

import tomllib

import pytest

from sitegen.config.loading import from_table
from sitegen.model.documents import Teaser, Term, TermsOf
from sitegen.model.errors import headline
from sitegen.parse.parsing import parse

CONFIG = """
[taxonomies.place]
tree = true
[taxonomies.kind]
key = "sort"
many = false
"""


def parsed(head: str, config: str = CONFIG) -> tuple[Teaser | None, list[str], dict[str, object]]:
    """Return the teaser of an article, what is wrong with it, and its `extra`."""
    text = f"---\ntitle: A\ndate: 2024-11-04\n{head}\n---\n\nText.\n"
    found = parse("articles/a.md", text.encode(), from_table(tomllib.loads(config)))
    extra = dict(found.article.extra) if found.article else {}
    told = [headline(item) for item in found.problems]
    return found.entry.teaser if found.entry else None, told, extra


def teaser_of(head: str, config: str = CONFIG) -> Teaser:
    """Return the teaser of an article without problems."""
    teaser, told, _ = parsed(head, config)
    assert teaser
    assert not told
    return teaser


def test_tree() -> None:
    """In a tree an article has each term and those above it, each once and these first."""
    teaser = teaser_of("place: [Europe/Norway, ' Europe / South Sweden ', Asia]")
    assert teaser.terms == (
        TermsOf(
            "place",
            (
                Term("Europe", "europe", "/place/europe/"),
                Term("Norway", "europe/norway", "/place/europe/norway/"),
                Term("South Sweden", "europe/south-sweden", "/place/europe/south-sweden/"),
                Term("Asia", "asia", "/place/asia/"),
            ),
        ),
    )


@pytest.mark.parametrize("way", ["Europe//Norway", "/Europe", "Europe/", "Europe/!"])
def test_way_with_a_gap(way: str) -> None:
    """A way in a tree of which a part has no name is an error at its place."""
    teaser, told, _ = parsed(f"place: {way}")
    assert teaser is None
    assert told == [
        f'articles/a.md:4:8: "{way}" cannot be used in "place": no URL can be made from it'
    ]


def test_too_many_levels() -> None:
    """A tree has a bound, so that no template has to show hundreds of lists within each other."""
    assert teaser_of(f"place: {'/'.join('a' * 20)}").terms
    assert parsed(f"place: {'/'.join('a' * 21)}")[1] == [
        'articles/a.md:4:8: "place" has more than 20 levels'
    ]


def test_one_term() -> None:
    """Where an article may have one term, commas belong to it, and two are an error."""
    assert teaser_of("sort: Letters, notes").terms[0].terms[0].name == "Letters, notes"
    assert parsed("sort: [a, b]")[1] == ['articles/a.md:4:7: an article can have only one "sort"']


def test_series_and_part() -> None:
    """`series` and `part` need no configuration."""
    teaser = teaser_of("series: The flood\npart: 2", "")
    assert teaser.terms == (
        TermsOf("series", (Term("The flood", "the-flood", "/series/the-flood/"),)),
    )
    assert teaser.part == 2


@pytest.mark.parametrize("part", ["0", "two", "-1", "1.5", "1000000"])
def test_no_part(part: str) -> None:
    """A part that is no number from 1 on is an error at its place."""
    told = parsed(f"series: S\npart: {part}")[1]
    assert told == [f'articles/a.md:5:7: "part" must be a whole number from 1, not "{part}"']


def test_no_terms() -> None:
    """A key that is not there, or says nothing, gives no terms."""
    assert teaser_of("place: []\nsort:\nseries: ''").terms == ()


@pytest.mark.parametrize(
    ("preset", "key", "head"),
    [
        ("category", "section", "section: Town"),
        ("tag", "topics", "topics: [Town]"),
        ("author", "writer", "writer: Town"),
    ],
)
def test_other_key_of_a_preset(preset: str, key: str, head: str) -> None:
    """A preset may have another key; what it is called by itself then is any other key."""
    own = {"category": "category", "tag": "tags", "author": "authors"}[preset]
    config = f'[taxonomies.{preset}]\nkey = "{key}"'
    teaser, told, extra = parsed(f"{head}\n{own}: Else", config)
    assert teaser
    assert not told
    terms = {"category": (teaser.category,), "tag": teaser.tags, "author": teaser.authors}
    assert [term.name for term in terms[preset]] == ["Town"]
    assert extra == {own: "Else"}


@pytest.mark.parametrize(("preset", "key"), [("tag", "tags"), ("author", "authors")])
def test_switched_off(preset: str, key: str) -> None:
    """The key of a taxonomy that is switched off is any other key."""
    teaser, told, extra = parsed(f"{key}: Town", f"[taxonomies.{preset}]\nenabled = false")
    assert teaser
    assert not told
    assert (teaser.tags, teaser.authors) == ((), ())
    assert extra == {key: "Town"}
