"""Texts of terms in the index: how terms are called, and which articles that concerns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.loading import from_table
from sitegen.index.exchange import exchange
from sitegen.index.listed import listed_pages
from sitegen.index.scheduled import next_changes
from sitegen.index.site import Site
from sitegen.model.documents import AnyEntry, Entry, TermEntry, TermsOf
from sitegen.model.urls import slugify
from sitegen.parse.taxonomy_fields import term_and_parents
from sitegen.queries import NARROWED, answer
from sitegen.queries.affected import affected_questions
from tests.entries import LATER, NOON, daily, entry, site_of, term_entry
from tests.questions import every_question

DAY = timedelta(days=1)
CONFIG = from_table(
    {
        "base_url": "https://example.org/",
        "lists": {"per_page": 2},
        "taxonomies": {"place": {"tree": True, "url": "/place/{slug}/"}},
    }
)


def placed(name: str, *ways: str) -> Entry:
    """Return an article with terms in a tree."""
    terms = tuple(
        dict.fromkeys(term for way in ways for term in term_and_parents(way, "/place/{slug}/"))
    )
    made = entry(name)
    return made._replace(teaser=made.teaser._replace(terms=(TermsOf("place", terms),)))


def called(site: Site, taxonomy: str) -> dict[str, tuple[str, list[str]]]:
    """Return the names of the terms of a taxonomy and their articles, by slug."""
    return {
        slug: (term.name, [item.teaser.id[9:-3] for item in site.by_term[taxonomy][slug]])
        for slug, term in site.terms[taxonomy].items()
    }


def test_other_spellings_lead_to_the_term() -> None:
    """By the slug of the file, of the name and of each of `names`."""
    articles = [
        entry(name, authors=[spelling])
        for name, spelling in zip("abcd", ("Ann Lee", "jennifer-m", "A. Lee", "Ben"), strict=True)
    ]
    text = term_entry("author/lee", "Ann Lee", names=["Jennifer M", "A. Lee"])
    site = site_of([*articles, text])
    assert called(site, "author") == {"ben": ("Ben", ["d"]), "lee": ("Ann Lee", ["a", "b", "c"])}
    assert site.entries["articles/b.md"].teaser.authors[0].url == "/author/lee/"


def test_an_article_has_a_term_once() -> None:
    """Be it that it has two of its spellings."""
    text = term_entry("author/ann", names=["Ann Lee"], name="Ann")
    site = site_of([entry("a", authors=["Ann", "Bo", "Ann Lee"]), text])
    names = [term.name for term in site.entries["articles/a.md"].teaser.authors]
    assert names == ["Ann", "Bo"]


def test_in_a_tree_all_below_goes_along() -> None:
    """A name alone lies where the term lies; a way says where it lies."""
    articles = [placed("a", "Europe/Norge/Oslo"), placed("b", "Norwegen"), placed("c", "Asia")]
    text = term_entry("place/europe/norway", "Norway", names=["Norge", "Europe/NO"])
    site = site_of([*articles, text], config=CONFIG)
    assert called(site, "place") == {
        "asia": ("Asia", ["c"]),
        "europe": ("Europe", ["a"]),
        "europe/norway": ("Norway", ["a"]),
        "europe/norway/oslo": ("Oslo", ["a"]),
        "norwegen": ("Norwegen", ["b"]),
    }
    assert site.terms["place"]["europe/norway/oslo"].url == "/place/europe/norway/oslo/"


def test_in_a_tree_a_term_comes_with_those_above_it() -> None:
    """Be it that an article did not name them: their lists have it, too."""
    text = term_entry("place/northern-europe/norway", "Norway", names=["Norge/Norge", "X/Y"])
    articles = [placed("a", "X/Y/Oslo"), placed("b", "Northern Europe")]
    site = site_of([*articles, text], config=CONFIG)
    assert called(site, "place") == {
        "northern-europe": ("Northern Europe", ["a", "b"]),
        "northern-europe/norway": ("Norway", ["a"]),
        "northern-europe/norway/oslo": ("Oslo", ["a"]),
        "x": ("X", ["a"]),
    }
    alone = site_of([articles[0], text], config=CONFIG)
    assert called(alone, "place")["northern-europe"] == ("Northern europe", ["a"])


def test_a_text_without_a_name_leaves_names_as_they_are() -> None:
    """It says something of the term that articles spell."""
    site = site_of([entry("a", tags=["River"]), term_entry("tag/river")])
    assert called(site, "tag") == {"river": ("River", ["a"])}
    assert answer(site, ("term_teaser", "tag", "river")).value.id == "terms/tag/river.md"


def test_the_text_of_a_slug_goes_before_another_spelling() -> None:
    """What one text calls its own no other one takes away; it is told."""
    texts = [term_entry("author/ann", "Ann", names=["Bo"]), term_entry("author/bo", "Bo")]
    site = site_of([entry("a", authors=["Bo"]), *texts])
    assert called(site, "author") == {"bo": ("Bo", ["a"])}
    (problem,) = site.term_texts.problems()
    assert problem.message == 'the author "bo" has a text already: terms/author/bo.md:2'


def test_a_text_alone_is_a_page_and_on_no_list() -> None:
    """Search engines are told of it, unless it says that they are not."""
    texts = [term_entry("tag/sea", "Sea"), term_entry("tag/sky", "Sky", noindex=True)]
    site = site_of([*daily(1, tags=["river"]), *texts], config=CONFIG)
    assert [term.slug for term in site.sorted_terms("tag")] == ["river"]
    assert answer(site, ("listing", "tag", "sea", 0)).value.term.name == "Sea"
    urls = {page.url for page in listed_pages(site)}
    assert "/tag/sea/" in urls
    assert "/tag/sky/" not in urls


def test_a_text_has_its_time() -> None:
    """It appears and expires, and is known to: names come and go with it."""
    text = term_entry("author/ann", "Ann Lee", publish=NOON + DAY, expires=NOON + 2 * DAY)
    documents: dict[str, AnyEntry] = {
        item.teaser.id: item for item in (entry("a", authors=["ann"]), text)
    }
    site = site_of(documents.values(), at=NOON)
    for at, name in ((NOON, "ann"), (NOON + DAY, "Ann Lee"), (NOON + 2 * DAY, "ann")):
        site, change = exchange(site, {}, at, documents.get)
        assert called(site, "author") == {"ann": (name, ["a"])}
        assert change.ids == (frozenset() if at == NOON else {"articles/a.md"})
    assert next_changes(site_of(documents.values(), at=NOON))[0].teaser.title == "Ann Lee"


NAMES = ("Ann", "Ann Lee", "Bo", "Norge", "Norway", "Asia/Norway")


@st.composite
def texts(draw: st.DrawFn) -> TermEntry:
    """Return the text of a term whose name and spellings others may have, too."""
    place = draw(
        st.sampled_from(["author/ann", "author/bo", "place/asia", "place/europe/norway", "tag/ann"])
    )
    return term_entry(
        place,
        draw(st.sampled_from(["", *NAMES])),
        names=draw(st.lists(st.sampled_from(NAMES), max_size=2)),
        role=draw(st.sampled_from(["", "Reporter"])),
        noindex=draw(st.booleans()),
        draft=draw(st.integers(0, 4)) == 0,
        publish=draw(st.sampled_from([None, NOON, LATER + DAY])),
        pinned=draw(st.lists(st.sampled_from(["n0", "n1"]), max_size=2)),
        body=draw(st.sampled_from(["old", "new"])),
    )


@st.composite
def articles(draw: st.DrawFn, name: str) -> Entry:
    """Return an article with some of the terms."""
    spellings = st.lists(st.sampled_from(["Ann", "Bo", "ann-lee", "Cleo"]), max_size=2)
    made = entry(name, authors=_once(draw(spellings)), tags=_once(draw(spellings)))
    ways = draw(
        st.sampled_from(
            [(), ("Europe/Norge/Oslo",), ("Europe/Norway", "Europe/Norge"), ("Asia/Norway/Oslo",)]
        )
    )
    place = placed(name, *ways).teaser.terms if ways else ()
    return made._replace(teaser=made.teaser._replace(terms=place))


def _once(names: list[str]) -> list[str]:
    return list({slugify(name): name for name in names}.values())


@st.composite
def documents(draw: st.DrawFn) -> dict[str, AnyEntry]:
    """Return articles and texts by their ids."""
    made: list[AnyEntry] = [draw(articles(f"n{number}")) for number in range(4)]
    made += draw(st.lists(texts(), max_size=3))
    return {item.teaser.id: item for item in made}


@given(documents(), documents())
def test_an_exchange_gives_what_a_new_index_gives(
    before: Mapping[str, AnyEntry], after: Mapping[str, AnyEntry]
) -> None:
    """Whatever becomes of texts: and what is not affected has the same answer."""
    old = site_of(before.values(), config=CONFIG)
    edits = {
        id_: after.get(id_) for id_ in {**before, **after} if before.get(id_) != after.get(id_)
    }
    new, change = exchange(old, edits, LATER, after.get)
    fresh = site_of(after.values(), config=CONFIG)
    assert (new.entries, new.terms, new.by_term) == (fresh.entries, fresh.terms, fresh.by_term)
    assert (new.set_digests, new.term_texts) == (fresh.set_digests, fresh.term_texts)
    affected = affected_questions(new, change)
    for question in every_question(old, NARROWED) | every_question(new, NARROWED):
        now = answer(new, question).fingerprint
        assert now == answer(fresh, question).fingerprint, question
        if question not in affected:
            assert now == answer(old, question).fingerprint, question
