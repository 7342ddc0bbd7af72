"""Which answers are asked again: every one that can be different, and few others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.cache.tables import LastBuild
from sitegen.cache.trace import Question
from sitegen.config.loading import from_table
from sitegen.index.change import Change
from sitegen.index.site import Site
from sitegen.model.documents import AnyEntry, Entry, PageEntry
from sitegen.queries import KINDS, NARROWED, answer
from sitegen.queries.affected import (
    affected_questions,
    known_change,
    other_digest,
    shown_digest,
)
from tests.entries import LATER, NOON, daily, entry, page_entry, site_of, term_entry
from tests.questions import every_question

DAY = timedelta(days=1)
CONFIG = from_table(
    {
        "base_url": "https://example.org/",
        "lists": {"per_page": 3, "related": 3},
        "front": {"newest": 3},
    }
)


def last_build(site: Site, *, drafts: bool = False) -> LastBuild:
    """Return what a build of `site` leaves."""
    return LastBuild(
        site.at,
        drafts,
        "",
        b"",
        other_digest(site),
        shown_digest(site),
        kept_going=False,
        stale={},
        holders={},
        kept=(),
        failed=(),
    )


def found_change(
    before: Sequence[AnyEntry], after: Sequence[AnyEntry]
) -> tuple[Site, Site, Change | None]:
    """Return two sites and how the second is known to differ from the first."""
    one, two = site_of(before, config=CONFIG), site_of(after, config=CONFIG)
    old = {item.teaser.id: item for item in before}
    new = {item.teaser.id: item for item in after}
    ids = [id_ for id_ in old | new if old.get(id_) != new.get(id_)]
    was = {id_: old.get(id_) for id_ in ids}
    return one, two, known_change(two, was, after, last_build(one))


def assert_nothing_missed(before: Sequence[AnyEntry], after: Sequence[AnyEntry]) -> set[Question]:
    """Assert that each answer that is not affected is the same; return the affected questions."""
    one, two, changed = found_change(before, after)
    assert changed is not None
    affected = affected_questions(two, changed)
    for question in every_question(one, NARROWED) | every_question(two, NARROWED):
        if question not in affected:
            here, there = answer(one, question), answer(two, question)
            assert here.fingerprint == there.fingerprint, question
    return affected


@st.composite
def articles(draw: st.DrawFn, name: str) -> Entry:
    """Return one article that often has something in common with others."""
    return entry(
        name,
        date=NOON + draw(st.integers(0, 80)) * DAY,
        title=draw(st.sampled_from(["One", "Two"])),
        category=draw(st.sampled_from(["World", "world", "Sport"])),
        tags=draw(st.sampled_from([(), ("river",), ("River", "tide"), ("tide",)])),
        authors=draw(st.sampled_from([(), ("Ann",), ("ann", "Bo")])),
        pin=draw(st.integers(0, 9)) == 0,
        draft=draw(st.integers(0, 5)) == 0,
        related=draw(st.sampled_from([(), (), ("n0.md",), ("n1.md", "n7.md")])),
        lang=draw(st.sampled_from(["en", "en", "de", "ja"])),
        translation_of=draw(st.sampled_from(["", "", "n0.md", "n2.md"])),
        noindex=draw(st.integers(0, 9)) == 0,
        canonical=draw(st.sampled_from(["", "", "https://example.com/x/"])),
        corrected=draw(st.sampled_from([(), (), (NOON + 50 * DAY,)])),
    )


@st.composite
def papers(draw: st.DrawFn) -> tuple[list[Entry], list[Entry]]:
    """Return the articles of a paper before and after some were edited, made and removed."""
    names = [f"n{number}" for number in range(draw(st.integers(1, 12)))]
    before = {name: draw(articles(name)) for name in names}
    after = dict(before)
    for name in draw(st.sets(st.sampled_from([*names, "new", "newer"]), max_size=4)):
        if draw(st.booleans()):
            after[name] = draw(articles(name))
        else:
            after.pop(name, None)
    return list(before.values()), list(after.values())


PLACES = ("about", "about/ethics", "about/index", "about/team/ann", "contact")


@st.composite
def standalone(draw: st.DrawFn, name: str) -> PageEntry:
    """Return one standalone page."""
    return page_entry(
        name,
        title=draw(st.sampled_from(["One", "Two"])),
        nav=draw(st.sampled_from(["", "header", "footer"])),
        order=draw(st.sampled_from([None, 1, 2])),
        draft=draw(st.integers(0, 5)) == 0,
        noindex=draw(st.integers(0, 5)) == 0,
        updated=draw(st.sampled_from([None, NOON, LATER])),
        lang=draw(st.sampled_from(["en", "de"])),
        translation_of=draw(st.sampled_from(["", "/pages/about.md", "/pages/contact.md"])),
        publish=draw(st.sampled_from([None, NOON, LATER + DAY])),
        body=draw(st.sampled_from(["old", "new"])),
    )


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[PageEntry], list[PageEntry]]:
    """Return standalone pages before and after some were edited, made and removed."""
    before = {name: draw(standalone(name)) for name in draw(st.sets(st.sampled_from(PLACES)))}
    after = dict(before)
    for name in draw(st.sets(st.sampled_from(PLACES), max_size=3)):
        if draw(st.booleans()):
            after[name] = draw(standalone(name))
        else:
            after.pop(name, None)
    return list(before.values()), list(after.values())


@given(papers(), trees())
def test_no_answer_changes_because_of_a_page_unless_it_is_affected(
    articles: tuple[list[Entry], list[Entry]], pages: tuple[list[PageEntry], list[PageEntry]]
) -> None:
    """Whatever becomes of pages, beside articles: what is not asked again is the same."""
    assert_nothing_missed((*articles[0], *pages[0]), (*articles[1], *pages[1]))


def test_a_page_affects_what_is_asked_of_it() -> None:
    """An edit of a page's text is asked about with the page alone, and its title with its tree."""
    pages = [page_entry("about"), page_entry("about/team"), page_entry("contact")]
    rest: list[AnyEntry] = [*daily(20, tags=["river"]), pages[0], pages[2]]
    about, team, contact = (item.teaser.id for item in pages)

    text = page_entry("about/team", body="another")
    assert assert_nothing_missed((*rest, pages[1]), (*rest, text)) == {("standalone_page", team)}

    title = page_entry("about/team", title="Who we are")
    asked = assert_nothing_missed((*rest, pages[1]), (*rest, title))
    assert {("children", about), ("parents", team), ("pages", "")} <= asked
    assert not {("children", contact), ("parents", about), ("pages", "footer")} & asked
    assert not any(question[0] in ("article", "listing", "front", "sitemap") for question in asked)


@given(papers())
def test_no_answer_changes_unless_it_is_affected(pair: tuple[list[Entry], list[Entry]]) -> None:
    """Whatever is edited, made or removed: what is not asked again is the same."""
    assert_nothing_missed(*pair)


@given(st.data())
def test_the_windows_of_related_articles_are_kept_to(data: st.DataObject) -> None:
    """In lists far longer than the windows, too, no answer changes that is not affected."""
    before = daily(130, tags=["river"])
    after = list(before)
    for place in data.draw(st.sets(st.integers(0, 129), min_size=1, max_size=3)):
        after[place] = entry(
            f"n{place:03}",
            date=before[place].teaser.date + data.draw(st.integers(-3, 3)) * DAY,
            title=data.draw(st.sampled_from(["Other", f"n{place:03}"])),
            tags=data.draw(st.sampled_from([("river",), ("tide",), ()])),
        )
    affected = assert_nothing_missed(before, after)
    assert len(affected) < 800  # Of about 1,100.


def test_a_new_article_affects_few_questions() -> None:
    """The newest article is asked about with its own lists, not with those of the archive."""
    before = daily(300, tags=["river"], category="World")
    newest = entry("zz", date=LATER - DAY, category="Sport", tags=["tide"])
    affected = assert_nothing_missed(before, [*before, newest])
    assert len(affected) < 40


def test_a_body_affects_one_question() -> None:
    """An edit of a body is asked about with the article alone."""
    before = daily(10, tags=["river"])
    edited = before[3]._replace(article_digest=b"edited")
    after = [*before[:3], edited, *before[4:]]
    assert assert_nothing_missed(before, after) == {("article", edited.teaser.id)}


def test_a_text_of_a_term_affects_what_is_asked_of_it() -> None:
    """An edit of the text is asked about with the term alone; another name is asked of all."""
    rest: list[AnyEntry] = [*daily(10, tags=["river"])]
    before = [*rest, term_entry("tag/river", "River")]
    edited = term_entry("tag/river", "River", body="edited")
    whole = ("term_text", "tag", "river")
    assert assert_nothing_missed(before, [*rest, edited]) == {whole}
    known = assert_nothing_missed(before, [*rest, term_entry("tag/river", "River", role="x")])
    assert {whole, ("term_teaser", "tag", "river"), ("listing", "tag", "river", 0)} <= known
    assert not any(question[0] in ("article", "front", "related") for question in known)
    named = term_entry("tag/river", "Rivers")
    assert found_change(before, [*rest, named])[2] is None


def test_nothing_changed_affects_nothing() -> None:
    """Without a change nothing is asked again."""
    assert assert_nothing_missed(daily(5), daily(5)) == set()


def test_a_change_that_is_not_all_affects_everything() -> None:
    """Where the known changes do not explain the difference, no question is spared."""
    before = daily(5)
    after = [*before[:4], entry("n004", title="Edited", date=before[4].teaser.date)]
    one, two = site_of(before, config=CONFIG), site_of(after, config=CONFIG)
    assert known_change(two, {}, after, last_build(one)) is None
    other = site_of(before, config=from_table({"lists": {"per_page": 2}}))
    assert known_change(other, {}, before, last_build(one)) is None


def changed(config: Any, name: str) -> Any:
    """Return a configuration in which a setting, such as `lists.per_page`, is another."""
    first, _, rest = name.partition(".")
    return replace(config, **{first: changed(getattr(config, first), rest) if rest else "other"})


@pytest.mark.parametrize(
    "name",
    sorted({name for kind in KINDS.values() if kind.affected for name in kind.settings}),
)
def test_another_setting_affects_everything(name: str) -> None:
    """What is no article may show in any answer: where it differs, no question is spared."""
    entries = daily(5)
    one = site_of(entries, config=CONFIG)
    two = site_of(entries, config=changed(CONFIG, name))

    assert known_change(one, {}, entries, last_build(one)) is not None
    assert known_change(two, {}, entries, last_build(one)) is None


@pytest.mark.parametrize("field", ["files", "static", "withheld"])
def test_another_file_affects_everything(field: str) -> None:
    """A file that comes, goes, or is withheld is no change of articles."""
    entries = daily(5, image="map.png")
    one = site_of(entries, ["articles/map.png", "static/map.png"], config=CONFIG)
    assert (*one.files, *one.static, *one.withheld) == ("articles/map.png", "map.png")
    others: dict[str, Any] = {"withheld": frozenset({"static/map.png"})}
    two = replace(one, **{field: others.get(field, {})}, memo={})

    assert known_change(two, {}, entries, last_build(one)) is None


def test_what_appears_by_itself_is_a_change() -> None:
    """An article whose time came since the last build, or whose end came, is affected."""
    entries = [
        *daily(5),
        entry("soon", date=NOON, publish=LATER - DAY),
        entry("gone", date=NOON, expires=LATER - 2 * DAY),
    ]
    early = site_of(entries, config=CONFIG, at=LATER - 3 * DAY)
    late = site_of(entries, config=CONFIG, at=LATER)
    changed = known_change(late, {}, entries, last_build(early))
    assert changed is not None
    assert {item.teaser.id for item in changed.old} == {"articles/gone.md"}
    assert {item.teaser.id for item in changed.new} == {"articles/soon.md"}
    back = known_change(early, {}, entries, last_build(late))
    assert back is not None
    assert back.new == changed.old
