"""Who is published at a moment, in which order, under which terms."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.index.layers import template_files
from sitegen.index.published import status
from sitegen.index.site import Site
from sitegen.model import moments
from sitegen.model.documents import Entry, Source
from sitegen.model.moments import Moment
from sitegen.plan.planning import plan
from sitegen.queries import answer
from tests.entries import NOON, entry, names, site_of, source

HOUR = timedelta(hours=1)


# --- Published or not


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (entry("a"), ""),
        (entry("a", draft=True), "draft"),
        (entry("a", date=NOON + HOUR), "scheduled"),
        (entry("a", publish=NOON + HOUR), "scheduled"),
        (entry("a", date=NOON + HOUR, publish=NOON - HOUR), ""),
        (entry("a", publish=NOON), ""),
        (entry("a", publish=NOON + timedelta(microseconds=1)), "scheduled"),
        (entry("a", expires=NOON + HOUR), ""),
        (entry("a", expires=NOON), "expired"),
        (entry("a", expires=NOON - HOUR), "expired"),
        (entry("a", draft=True, expires=NOON - HOUR), "draft"),
    ],
)
def test_an_article_is_published_from_its_minute_to_its_end(made: Entry, expected: str) -> None:
    """`publish`, else the date, is the first moment; `expires` is the first moment after."""
    assert status(made, NOON) == expected


def test_equal_moments_of_other_zones_are_equal() -> None:
    """Times are compared as moments, not as what a clock on the wall shows."""
    there = moments.parse("2024-11-04T21:00+09:00")

    assert status(entry("a", date=there), NOON) == ""
    assert status(entry("a", date=there), NOON - timedelta(seconds=1)) == "scheduled"


MOMENTS = st.integers(-3, 3).map(lambda hours: NOON + hours * HOUR)


@st.composite
def papers(draw: st.DrawFn) -> list[Entry]:
    """Return articles of all fates, with terms of their own and shared ones."""
    made = []
    for number in range(draw(st.integers(0, 8))):
        publish = draw(MOMENTS)
        life = draw(st.none() | st.integers(1, 4))
        name = f"unique{number}"
        made.append(
            entry(
                name,
                date=draw(MOMENTS),
                publish=publish,
                expires=publish + life * HOUR if life else None,
                draft=draw(st.booleans()),
                category=draw(st.sampled_from(["World", name])),
                tags=draw(st.sampled_from([(), ("river",), (name, "river")])),
                authors=draw(st.sampled_from([(), (name,)])),
            )
        )
    return made


def told(site: Site) -> str:
    """Return everything that templates can learn from a site."""
    questions: list[tuple[str | int, ...]] = [("front",), ("edition",), ("years",)]
    for taxonomy in ("category", "tag", "author"):
        questions += [("terms", taxonomy), ("counted_terms", taxonomy)]
        questions += [("listing", taxonomy, slug, 0) for slug in site.terms[taxonomy]]
    for id_ in site.entries:
        questions += [(kind, id_) for kind in ("teaser", "neighbours", "related")]
    for year, month, day in site.periods:
        questions += [("months", year), ("days", year, month), ("on_day", year, month, day)]
        questions.append(("around", year, month, day))
    return repr([answer(site, question).value for question in questions])


@given(entries=papers(), at=MOMENTS)
def test_nothing_is_told_of_what_is_not_published(entries: list[Entry], at: Moment) -> None:
    """No list, term, count or neighbour lets a reader know of a hidden article."""
    site = site_of(entries, at=at)
    everything = told(site) + repr(plan(site).outputs)

    for item in entries:
        (name,) = names([item])
        published = not status(item, at)
        assert (name in everything) == published
        assert (item.teaser.id in site.entries) == published
        assert (item.teaser.id in site.hidden) == (not published)


@given(entries=papers(), at=MOMENTS, seconds=st.integers(0, 8 * 3600))
def test_the_next_change_is_the_next_one(entries: list[Entry], at: Moment, seconds: int) -> None:
    """Until `next_change` the same articles are published, and at it others are."""
    site = site_of(entries, at=at)
    then = at + timedelta(seconds=seconds)
    shown = set(site.entries)

    if site.next_change is None or then < site.next_change:
        assert set(site_of(entries, at=then).entries) == shown
    if site.next_change is not None:
        assert set(site_of(entries, at=site.next_change).entries) != shown


@given(entries=papers(), at=MOMENTS)
def test_a_preview_shows_all_but_the_expired(entries: list[Entry], at: Moment) -> None:
    """With `drafts`, drafts and scheduled articles are there and say what they are."""
    site = site_of(entries, at=at, drafts=True)

    shown = {id_: item.teaser.status for id_, item in site.entries.items()}
    expected = {item.teaser.id: status(item, at) for item in entries}
    assert shown == {id_: state for id_, state in expected.items() if state != "expired"}


def test_a_status_is_part_of_what_lists_show() -> None:
    """A draft that is published changes the fingerprint of every list that shows it."""
    draft = site_of([entry("a", draft=True)], drafts=True)
    published = site_of([entry("a")], drafts=True)

    for question in (("teaser", "articles/a.md"), ("article", "articles/a.md"), ("front",)):
        assert answer(draft, question).fingerprint != answer(published, question).fingerprint


# --- Order


@given(st.lists(st.integers(0, 3), max_size=8), st.data())
def test_order_does_not_depend_on_the_order_of_reading(
    hours: list[int], data: st.DataObject
) -> None:
    """Articles stand by date; those of one moment by their file, however they were found."""
    entries = [entry(f"n{number}", date=NOON + hour * HOUR) for number, hour in enumerate(hours)]
    turned = data.draw(st.permutations(entries))

    expected = sorted((item.teaser.date, item.teaser.id) for item in entries)
    assert [item.teaser.id for item in site_of(turned).ordered] == [id_ for _, id_ in expected]
    assert told(site_of(turned)) == told(site_of(entries))


# --- Terms


def test_a_term_is_named_as_most_articles_name_it() -> None:
    """Spellings with one slug are one term, under the most frequent name."""
    site = site_of(
        [entry("a", tags=["Tide"]), entry("b", tags=["tide"]), entry("c", tags=["tide"])]
    )

    assert site.terms["tag"]["tide"].name == "tide"
    assert names(site.by_term["tag"]["tide"]) == ["a", "b", "c"]


def test_equally_frequent_spellings_have_an_order() -> None:
    """Of equally frequent names the first in the alphabet is taken, whoever came first."""
    one, two = entry("a", tags=["tide"]), entry("b", tags=["Tide"])

    assert site_of([one, two]).terms["tag"]["tide"].name == "Tide"
    assert site_of([two, one]).terms["tag"]["tide"].name == "Tide"


def test_an_article_stands_once_under_a_term() -> None:
    """Two spellings of a tag on one article do not list it twice."""
    site = site_of([entry("a", tags=["Tide", "tide"])])

    assert names(site.by_term["tag"]["tide"]) == ["a"]


# --- Archives


@given(
    st.lists(
        st.datetimes(datetime(2020, 1, 1), datetime(2023, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis wants naive bounds
    )
)
def test_the_counts_of_the_archive_add_up(dates: list[datetime]) -> None:
    """Days add up to months, months to years, years to all articles."""
    site = site_of([entry(f"n{i}", date=moments.of(date)) for i, date in enumerate(dates)])
    years = {key: count for key, count in site.periods.items() if not key[1]}
    months = {key: count for key, count in site.periods.items() if key[1] and not key[2]}
    days = {key: count for key, count in site.periods.items() if key[2]}

    assert sum(years.values()) == sum(months.values()) == sum(days.values()) == len(dates)
    for (year, _, _), count in years.items():
        assert count == sum(number for key, number in months.items() if key[0] == year)
    for (year, month, _), count in months.items():
        assert count == sum(number for key, number in days.items() if key[:2] == (year, month))
    assert list(site.periods) == sorted(site.periods)


# --- Files


def sources(*paths: str) -> dict[str, Source]:
    """Return sources by path."""
    return {path: source(path) for path in sorted(paths)}


def test_the_sites_templates_shadow_the_themes() -> None:
    """A site's own file goes before the theme's, which stays in reach under `theme/`."""
    found = template_files(
        sources("templates/base.html", "theme/templates/base.html", "theme/templates/list.html")
    )

    assert {name: item.path for name, item in found.items()} == {
        "base.html": "templates/base.html",
        "theme/base.html": "theme/templates/base.html",
        "list.html": "theme/templates/list.html",
        "theme/list.html": "theme/templates/list.html",
    }


def test_the_repository_is_its_own_theme() -> None:
    """Where the site's templates are the theme, `theme/base.html` names them, too."""
    found = template_files(sources("templates/base.html"))

    assert found["theme/base.html"].path == found["base.html"].path == "templates/base.html"


def test_the_sites_static_files_shadow_the_themes() -> None:
    """A site's own static file goes before the theme's of the same name."""
    site = site_of(files=["static/css/a.css", "theme/static/css/a.css", "theme/static/b.svg"])

    assert {name: item.path for name, item in site.static.items()} == {
        "css/a.css": "static/css/a.css",
        "b.svg": "theme/static/b.svg",
    }


def test_only_files_that_a_published_article_uses_are_published() -> None:
    """A picture beside articles is public when a public article shows it, not before."""
    site = site_of(
        [
            entry("2024/a", links=["public.jpg", "shared.jpg"], image="lead.jpg"),
            entry("2024/b", draft=True, links=["secret.jpg", "shared.jpg", "/static/plan.pdf"]),
        ],
        [
            "articles/2024/public.jpg",
            "articles/2024/shared.jpg",
            "articles/2024/lead.jpg",
            "articles/2024/secret.jpg",
            "articles/2024/unused.jpg",
            "static/plan.pdf",
        ],
    )

    assert sorted(plan(site).copies) == ["2024/lead.jpg", "2024/public.jpg", "2024/shared.jpg"]


@pytest.mark.parametrize("suffix", [".md", ".markdown"])
def test_the_source_of_an_article_is_never_published(suffix: str) -> None:
    """A link to a draft, or to a file that is no whole article, does not publish its source."""
    site = site_of([entry("a", links=[f"draft{suffix}"])], [f"articles/draft{suffix}"])

    assert plan(site).copies == {}
    assert site.url_of(f"articles/draft{suffix}") is None
