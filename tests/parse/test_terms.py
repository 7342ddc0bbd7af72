"""The text of a term: its keys, its place, and what is wrong with it."""

from __future__ import annotations

import pytest

from sitegen.cache.records import unseal
from sitegen.cache.tables import ARTICLES
from sitegen.config.loading import from_table
from sitegen.model.documents import Article, Parsed, TermTeaser
from sitegen.parse.parsing import parse

CONFIG = from_table({"taxonomies": {"place": {"tree": True, "feeds": []}}})

WHOLE = """---
name: Ann Lee
names: [a-lee, Ann L.]
summary: Writes of courts.
image: {src: ann.jpg, alt: Ann}
pinned: [../../articles/a.md]
noindex: true
feeds: false
role: Reporter
same_as: https://social.example/@ann
email: ann@example.org
show_email: true
knows_about: law, tides
location: Eldermouth
former: true
wire: true
mood: grey
---

She writes.
"""


def read(path: str, text: str) -> Parsed:
    """Return what the file of a term gives."""
    return parse(f"terms/{path}", text.encode(), CONFIG)


def teaser(path: str, text: str) -> TermTeaser:
    """Return what is known of a term."""
    found = read(path, text)
    assert found.term, found.problems
    return found.term.teaser


def messages(path: str, text: str) -> list[str]:
    """Return what is told of a file, with its place in it."""
    return [f"{item.location}: {item.message}" for item in read(path, text).problems]


def test_every_key_is_read() -> None:
    """With keys of its own for templates; the record is the text, under the digest of its entry."""
    found = read("author/ann-lee.md", WHOLE)
    assert found.problems == ()
    assert found.term
    assert found.term.teaser == TermTeaser(
        "terms/author/ann-lee.md",
        "author",
        "ann-lee",
        "/author/ann-lee/",
        "Ann Lee",
        "Writes of courts.",
        found.term.teaser.image,
        "en",
        ("a-lee", "Ann L."),
        ("a-lee", "ann-l"),
        noindex=True,
        feeds=False,
        role="Reporter",
        same_as=("https://social.example/@ann",),
        email="ann@example.org",
        knows_about=("law", "tides"),
        location="Eldermouth",
        former=True,
        wire=True,
    )
    assert [item.target for item in found.term.pinned] == ["../../articles/a.md"]
    assert [item.target for item in found.term.references] == ["ann.jpg"]
    kept = unseal(ARTICLES, found.record, found.term.page_digest)
    assert kept
    whole = Article(None, *kept[1:])  # type: ignore[arg-type]  # which is not stored
    assert (whole.body, whole.extra["mood"]) == ("<p>She writes.</p>", "grey")


def test_the_path_says_which_term_it_is() -> None:
    """In a tree the folders are the way; the name may be the first heading."""
    found = teaser("place/europe/norway.md", "---\nnames: [Norge, Scandinavia/NO]\n---\n# Norway\n")
    assert (found.slug, found.url) == ("europe/norway", "/place/europe/norway/")
    assert (found.name, found.slugs) == ("Norway", ("europe/norge", "scandinavia/no"))
    assert teaser("place/europe/index.md", "The old world.").slug == "europe"
    assert teaser("tag/the river.md", "Wet.").slug == "the-river"


def test_an_address_is_shown_only_if_asked() -> None:
    """Without `show_email` no page can know it."""
    assert teaser("author/ann.md", "---\nemail: ann@example.org\n---\n").email == ""


@pytest.mark.parametrize(
    ("path", "head", "message"),
    [
        (
            "author/ann.md",
            "title: Ann",
            '2:1: "title" means nothing in the text of an author',
        ),
        ("tag/sea.md", "role: Reporter", '2:1: "role" means nothing in the text of a term'),
        ("tag/sea.md", "names: [See]", '2:8: "names" needs "name": what the term is called'),
        (
            "tag/sea.md",
            "name: Sea\nnames: ['!']",
            '3:9: "!" cannot be used in "names": no URL can be made from it',
        ),
        ("author/ann.md", "same_as: ann", '2:10: "ann" is not a web address'),
        ("author/ann.md", "email: ann", '2:8: "ann" is not an e-mail address'),
        (
            "tag/sea.md",
            "publish: 2024-11-05\nexpires: 2024-11-04",
            '3:10: "expires" must be later than the publication',
        ),
        (
            "place/sea.md",
            "feeds: true",
            '2:8: no term of the taxonomy "place" has a feed: `feeds: true` gives it none',
        ),
        ("tags/sea.md", "name: Sea", '1:1: there is no taxonomy "tags"'),
        (
            "tag/a/b.md",
            "name: B",
            '1:1: the taxonomy "tag" is no tree: its texts are in no further folders',
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(path: str, head: str, message: str) -> None:
    """Each mistake is one message."""
    assert messages(path, f"---\n{head}\n---\nText.\n") == [f"terms/{path}:{message}"]
