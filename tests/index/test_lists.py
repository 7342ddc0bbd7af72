"""Which articles stand on which list, and which list leads to which."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.loading import from_table
from sitegen.index.lists import (
    RELATED_CATEGORY_WINDOW,
    RELATED_WINDOW,
    front,
    full_pages,
    index_url,
    page,
    page_url,
    period_url,
)
from sitegen.model.documents import Entry
from sitegen.queries import answer
from tests.entries import NOON, daily, entry, names, site_of

COUNTS = st.integers(0, 60)
SIZES = st.integers(1, 12)
LINE = daily(120)


# --- Pages of a list


@given(count=COUNTS, size=SIZES)
def test_every_article_stands_on_its_pages(count: int, size: int) -> None:
    """An article stands on one full page once there is one for it, and the rest on the landing."""
    entries = LINE[:count]
    full = full_pages(count, size)
    numbered = [item for number in range(1, full + 1) for item in page(entries, size, number).items]
    landing = page(entries, size, 0).items

    assert sorted(names(numbered)) == names(entries[: full * size])
    assert set(names(entries[full * size :])) <= set(names(landing))
    assert all(len(page(entries, size, number).items) == size for number in range(1, full + 1))


@given(count=st.integers(1, 60), size=SIZES)
def test_the_landing_page_is_neither_empty_nor_long(count: int, size: int) -> None:
    """The landing page begins with the newest, and has from one page's worth to nearly two."""
    landing = page(LINE[:count], size, 0).items

    assert names(landing)[0] == names(LINE[:count])[-1]
    assert min(count, size) <= len(landing) < 2 * size


@given(count=COUNTS, size=SIZES)
def test_pages_are_newest_first(count: int, size: int) -> None:
    """On every page the newest article stands first."""
    for number in range(full_pages(count, size) + 1):
        shown = names(page(LINE[:count], size, number).items)
        assert shown == sorted(shown, reverse=True)


@given(count=COUNTS, more=COUNTS, size=SIZES)
def test_a_full_page_never_changes(count: int, more: int, size: int) -> None:
    """However many articles are published, a page that is full stays as it is, links included."""
    for number in range(1, full_pages(count, size) + 1):
        assert page(LINE[:count], size, number) == page(LINE[: count + more], size, number)


@given(count=COUNTS, size=SIZES)
def test_older_links_lead_to_every_article(count: int, size: int) -> None:
    """From the landing page, the links to older pages reach every article and then end."""
    entries = LINE[:count]
    seen: list[Entry] = []
    visited: list[int] = []
    number: int | None = 0
    while number is not None:
        assert number not in visited
        visited.append(number)
        current = page(entries, size, number)
        seen += current.items
        number = current.older

    assert names(seen) == names(reversed(entries))


@given(count=COUNTS, size=SIZES)
def test_newer_links_lead_to_the_landing_page(count: int, size: int) -> None:
    """From the oldest page, the links to newer ones pass every page, and end at the redirect."""
    entries = LINE[:count]
    full = full_pages(count, size)

    assert page(entries, size, 0).newer is None
    for number in range(1, full + 1):
        assert page(entries, size, number).newer == number + 1


@given(count=st.integers(13, 60), size=SIZES)
def test_older_and_newer_fit(count: int, size: int) -> None:
    """The newer page of a page's older page is the page itself."""
    entries = LINE[:count]
    for number in range(2, full_pages(count, size) + 1):
        older = page(entries, size, number).older
        assert older is not None
        assert page(entries, size, older).newer == number


# --- Addresses


@pytest.mark.parametrize(
    ("landing", "number", "url"),
    [
        ("/tag/river/", None, None),
        ("/tag/river/", 0, "/tag/river/"),
        ("/tag/river/", 3, "/tag/river/page/3/"),
        ("/tag/river", 3, "/tag/river/page/3/"),
        ("/tag/river.html", 0, "/tag/river.html"),
        ("/tag/river.html", 3, "/tag/river/page/3/"),
        ("/v1.2/river", 3, "/v1.2/river/page/3/"),
        ("/v1.2/", 3, "/v1.2/page/3/"),
        ("/.river", 3, "/.river/page/3/"),
    ],
)
def test_a_page_lies_below_its_landing_page(
    landing: str, number: int | None, url: str | None
) -> None:
    """The URL of a page follows from the landing page's, and is never below a file."""
    assert page_url(landing, number) == url


@pytest.mark.parametrize(
    ("period", "url"),
    [((2024, 0, 0), "/2024/"), ((2024, 3, 0), "/2024/03/"), ((987, 3, 7), "/0987/03/07/")],
)
def test_a_period_has_all_its_digits(period: tuple[int, int, int], url: str) -> None:
    """Years have four digits in an address, months and days two."""
    assert period_url(*period) == url


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        ("/tag/{slug}/", "/tag/"),
        ("/news/tags/{slug}.html", "/news/tags/"),
        ("/{slug}/", None),
        ("/tag-{slug}/", None),
    ],
)
def test_the_index_of_terms_stands_above_them(pattern: str, url: str | None) -> None:
    """The list of all tags is where their common folder is; without one there is none."""
    assert index_url(pattern) == url


# --- Front page

CATEGORIES = ["World", "Sport", "Other"]


@st.composite
def papers(draw: st.DrawFn) -> list[Entry]:
    """Return articles of consecutive days in three categories, some of them pinned."""
    kinds = draw(
        st.lists(st.tuples(st.sampled_from(CATEGORIES), st.integers(0, 4).map(lambda n: n == 0)))
    )
    return [
        entry(f"n{number:03}", date=NOON + timedelta(days=number), category=category, pin=pin)
        for number, (category, pin) in enumerate(kinds)
    ]


def sections(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Return the articles of each category, oldest first."""
    return [[item for item in entries if item.teaser.category.name == name] for name in CATEGORIES]


@given(
    entries=papers(),
    seconds=st.integers(0, 5),
    newest=st.integers(0, 5),
    per_section=st.integers(0, 5),
)
def test_the_front_page_shows_nothing_twice(
    entries: list[Entry], seconds: int, newest: int, per_section: int
) -> None:
    """No article stands twice on the front page, and no part is longer than configured."""
    shown = front(
        entries, sections(entries), seconds=seconds, newest=newest, per_section=per_section
    )

    assert len(names(shown.all())) == len(set(names(shown.all())))
    assert len(shown.seconds) <= seconds
    assert len(shown.newest) <= newest
    assert all(len(items) <= per_section for items in shown.sections)
    assert len(shown.sections) == len(CATEGORIES)


@given(entries=papers(), seconds=st.integers(0, 5))
def test_the_front_page_is_filled(entries: list[Entry], seconds: int) -> None:
    """A part of the front page is only short when no article is left for it."""
    shown = front(entries, sections(entries), seconds=seconds, newest=5, per_section=3)

    assert len(shown.seconds) == min(seconds, max(0, len(entries) - 1))
    assert len(shown.newest) == min(5, max(0, len(entries) - 1 - seconds))
    used = set(names([*filter(None, [shown.lead]), *shown.seconds, *shown.newest]))
    for items, all_of_it in zip(shown.sections, sections(entries), strict=True):
        left = [name for name in reversed(names(all_of_it)) if name not in used]
        assert names(items) == left[:3]


@given(papers())
def test_the_lead_story_is_pinned_or_newest(entries: list[Entry]) -> None:
    """The newest pinned article leads; without one, the newest of all."""
    shown = front(entries, sections(entries), seconds=2, newest=2, per_section=2)

    pinned = [item for item in entries if item.teaser.pin]
    expected = (pinned or entries)[-1:]
    assert names(filter(None, [shown.lead])) == names(expected)
    if len(pinned) > 1:
        assert names(shown.seconds)[0] == names(pinned)[-2]


def test_further_pinned_articles_come_first_among_the_seconds() -> None:
    """As many as there is room for, the newest first, then what is newest of all."""
    entries = daily(6)
    entries[:3] = [entry(f"pin{n}", date=NOON + timedelta(days=n), pin=True) for n in range(3)]

    def shown(seconds: int) -> list[str]:
        return names(front(entries, [], seconds=seconds, newest=1, per_section=1).all())

    assert shown(0) == ["pin2", "n005"]
    assert shown(1) == ["pin2", "pin1", "n005"]
    assert shown(3) == ["pin2", "pin1", "pin0", "n005", "n004"]


# --- Related articles

TAGS = ["river", "bridge", "ferry", "tide"]


@st.composite
def archives(draw: st.DrawFn) -> list[Entry]:
    """Return articles of consecutive days with tags, some of them related by hand."""
    count = draw(st.integers(1, 12))
    made = []
    for number in range(count):
        tags = draw(st.lists(st.sampled_from(TAGS), unique=True, max_size=3))
        chosen = draw(st.lists(st.integers(0, count + 1), max_size=3))
        made.append(
            entry(
                f"n{number:03}",
                date=NOON + timedelta(days=number),
                category=draw(st.sampled_from(CATEGORIES)),
                tags=tags,
                related=[f"n{other:03}.md" for other in chosen],
            )
        )
    return made


def related_names(entries: Sequence[Entry], name: str, count: int) -> list[str]:
    """Return the related articles of one of the entries."""
    site = site_of(entries, config=from_table({"lists": {"related": count}}))
    return names(answer(site, ("related", f"articles/{name}.md")).value)


@given(entries=archives(), count=st.integers(0, 5))
def test_related_articles_look_back(entries: list[Entry], count: int) -> None:
    """What is not the editor's choice was published before, and shares a tag or the category."""
    for item in entries:
        (name,) = names([item])
        found = related_names(entries, name, count)
        by_hand = {reference.target.removesuffix(".md") for reference in item.related}
        assert name not in found
        assert len(found) == len(set(found))
        assert len(found) <= max(count, len(by_hand))
        for other in entries:
            (other_name,) = names([other])
            if other_name in found and other_name not in by_hand:
                assert other.teaser.date < item.teaser.date
                mine = {*item.teaser.tags, item.teaser.category}
                assert mine & {*other.teaser.tags, other.teaser.category}


@given(entries=archives(), more=archives(), count=st.integers(0, 5))
def test_a_new_article_changes_no_older_ones_related(
    entries: list[Entry], more: list[Entry], count: int
) -> None:
    """Publishing changes the related articles of none that was published before."""
    newer = [
        item._replace(
            teaser=item.teaser._replace(
                id=item.teaser.id.replace("/n", "/later"),
                date=item.teaser.date + timedelta(days=1000),
            )
        )
        for item in more
    ]
    for name in names(entries):
        before = related_names(entries, name, count)
        assert related_names([*entries, *newer], name, count) == before


@given(entries=archives(), data=st.data())
def test_related_articles_are_the_same_in_any_order_of_reading(
    entries: list[Entry], data: st.DataObject
) -> None:
    """The order in which files are found does not show."""
    turned = data.draw(st.permutations(entries))
    for name in names(entries):
        assert related_names(turned, name, 4) == related_names(entries, name, 4)


def test_the_editors_choice_goes_first() -> None:
    """An editor's list keeps its order, may name newer articles, and is filled up."""
    entries = [
        entry("old", date=NOON - timedelta(days=2), tags=["river"]),
        entry("flood", tags=["river"], related=["new.md", "gone.md", "flood.md"]),
        entry("new", date=NOON + timedelta(days=2)),
    ]

    assert related_names(entries, "flood", 4) == ["new", "old"]
    assert related_names(entries, "flood", 1) == ["new"]


def test_the_editors_choice_is_never_cut() -> None:
    """An editor who names more articles than are configured gets them all."""
    entries = [
        *daily(6),
        entry("flood", date=NOON, related=[f"n00{number}.md" for number in range(6)]),
    ]

    assert related_names(entries, "flood", 2) == [f"n00{number}" for number in range(6)]


def test_more_in_common_goes_before_newer() -> None:
    """Shared tags say more than the category, and the newer of equals goes first."""
    entries = [
        entry("both", date=NOON - timedelta(days=9), tags=["river", "tide"], category="Sport"),
        entry("tag", date=NOON - timedelta(days=8), tags=["river"], category="Sport"),
        entry("same-1", date=NOON - timedelta(days=7), category="World"),
        entry("same-2", date=NOON - timedelta(days=6), category="World"),
        entry("nothing", date=NOON - timedelta(days=5), category="Sport"),
        entry("flood", tags=["river", "tide"], category="World"),
    ]

    assert related_names(entries, "flood", 9) == ["both", "tag", "same-2", "same-1"]


def test_the_cost_of_related_articles_is_bounded() -> None:
    """Only the nearest older articles of a tag or category are looked at, in a site of any size."""
    entries = [*daily(100, tags=["river"]), entry("flood", date=NOON + timedelta(days=200))]
    tagged = [*daily(100, tags=["river"], category="Sport")]
    tagged.append(entry("flood", date=NOON + timedelta(days=200), tags=["river"]))

    assert len(related_names(entries, "flood", 1000)) == RELATED_CATEGORY_WINDOW
    assert len(related_names(tagged, "flood", 1000)) == RELATED_WINDOW
