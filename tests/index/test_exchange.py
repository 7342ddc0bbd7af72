"""An index and a plan with articles exchanged are those that are built from nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from sitegen.config.loading import from_table
from sitegen.config.settings import Config
from sitegen.index.change import Change
from sitegen.index.exchange import FEW, Exchanged, exchange, merged
from sitegen.index.listed import listed_counts, listed_in
from sitegen.index.published import place_key
from sitegen.index.site import Derived, Site
from sitegen.model.documents import Entry
from sitegen.model.moments import Moment
from sitegen.plan import planning
from sitegen.plan.parts import taken_paths
from sitegen.plan.planning import Plan, plan
from tests.entries import LATER, NOON, daily, entry, site_of

DAY = timedelta(days=1)
FILES = ("articles/map.png", "static/css/a.css", "static/logo.svg", "static/x/y/index.html")
CONFIG = from_table(
    {"base_url": "https://example.org/", "expired": "notice", "lists": {"per_page": 2}}
)
HOSTED = from_table(
    {
        "base_url": "https://example.org/",
        "lists": {"per_page": 2},
        "hosting": {"host": "netlify"},
        "redirects": {"/a/c/": "/a/d/", "/tag/sea/": "/"},
    }
)


CONFIGS = {"notices": CONFIG, "hosted": HOSTED}


class Built(NamedTuple):
    """A site and its plan."""

    site: Site
    plan: Plan


def built(
    entries: Iterable[Entry], at: Moment, *, config: Config = CONFIG, drafts: bool = False
) -> Built:
    """Return index and plan built from nothing."""
    site = site_of(entries, FILES, config=config, at=at, drafts=drafts)
    return Built(site, plan(site))


def ask_everything(site: Site) -> None:
    """Have everything worked out that a site works out once, so that it may be handed on."""
    for year in listed_counts(site):
        listed_in(site, year)
    for name, item in vars(Site).items():
        if isinstance(item, Derived):
            getattr(site, name)
    for taxonomy, lines in site.by_term.items():
        for slug in lines:
            site.places(taxonomy, slug)


def exchanged(
    before: Built, was: Sequence[Entry], now: Sequence[Entry], at: Moment
) -> tuple[Built, Exchanged, planning.Exchanged]:
    """Return index and plan with what became of the articles `was` put in."""
    ask_everything(before.site)
    old = {item.teaser.id: item for item in was}
    new = {item.teaser.id: item for item in now}
    ids = (id_ for id_ in old | new if repr(old.get(id_)) != repr(new.get(id_)))
    index = exchange(before.site, {id_: new.get(id_) for id_ in ids}, at, new.get)
    made = planning.exchange(before.plan, before.site, index.site, index.change)
    return Built(index.site, made.plan), index, made


def assert_same(found: Built, fresh: Built) -> None:
    """Assert that nothing tells two sites apart, nor their plans."""
    one, two = found.site, fresh.site
    assert one.ordered == two.ordered
    assert one.entries == two.entries
    assert (one.hidden, one.expired, one.timed) == (two.hidden, two.expired, two.timed)
    assert one.at == two.at
    assert one.terms == two.terms
    for taxonomy, terms in two.terms.items():
        assert list(one.terms[taxonomy]) == list(terms)
        assert list(one.by_term[taxonomy].items()) == list(two.by_term[taxonomy].items())
    assert list(one.periods.items()) == list(two.periods.items())
    assert (one.files, one.withheld, one.uses) == (two.files, two.withheld, two.uses)
    assert one.set_digests == two.set_digests
    assert one.identities == two.identities
    assert list(one.identities.problems()) == list(two.identities.problems())
    for name in ("position", "news", "former", "translated", "files_digest", "front_page"):
        assert getattr(one, name) == getattr(two, name)
    for name in ("corrections", "children", "beside", "thread_owners", "next_change"):
        assert getattr(one, name) == getattr(two, name)
    for taxonomy, lines in two.by_term.items():
        for slug in lines:
            assert one.places(taxonomy, slug) == two.places(taxonomy, slug)
    assert listed_counts(one) == listed_counts(two)
    for year in listed_counts(two):
        assert listed_in(one, year) == listed_in(two, year)
    assert found.plan.outputs == fresh.plan.outputs
    assert found.plan.copies == fresh.plan.copies
    assert found.plan.problems == fresh.plan.problems
    assert found.plan.redirected == fresh.plan.redirected
    mine, theirs = found.plan.claims, fresh.plan.claims
    assert (mine.folders, mine.blocked, mine.keys) == (theirs.folders, theirs.blocked, theirs.keys)
    contested = [
        {path: sorted(map(repr, claims)) for path, claims in claims.contested.items()}
        for claims in (mine, theirs)
    ]
    assert contested[0] == contested[1]


names = st.sampled_from(["a", "b", "c", "d", "e", "f"])
words = st.sampled_from(["Flood", "flood", "FLOOD", "Sea", "sea", "Town"])
ALIASES = ["/old/", "/a/b/", "/x/y/", "nowhere", "/x", "/search/index/a/"]
links = st.sampled_from(["a.md", "b.md", "c.md", "map.png", "/a/d/", "/tag/sea/", "/old/", "/x/"])


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    """Return articles that share days, terms, pictures, addresses and links."""
    found = []
    for name in draw(st.lists(names, unique=True, max_size=5)):
        date = NOON + draw(st.integers(-400, 4)) * DAY
        publish = draw(st.none() | st.just(LATER + DAY) | st.just(NOON))
        item = entry(
            name,
            date=date,
            category=draw(words),
            tags=draw(st.lists(words, max_size=3)),
            authors=draw(st.lists(words, max_size=1)),
            title=draw(words),
            draft=draw(st.sampled_from([False, False, True])),
            publish=publish,
            expires=draw(st.none() | st.just(LATER - DAY) | st.just(LATER + 2 * DAY)),
            aliases=draw(st.lists(st.sampled_from(ALIASES), max_size=2)),
            url=draw(st.sampled_from(["", "", "", "/a/b/", "/x/", "/", "/a/c/index.html/x/"])),
            translation_of=draw(st.sampled_from(["", "", "a.md"])),
            links=draw(st.lists(links, max_size=2)),
            related=draw(st.lists(st.sampled_from(["a.md", "b.md", "gone.md"]), max_size=1)),
            image=draw(st.sampled_from(["", "", "map.png", "/logo.svg"])),
            noindex=draw(st.booleans()),
        )
        found.append(item._replace(article_digest=draw(st.binary(min_size=16, max_size=16))))
    return found


@given(
    st.lists(
        st.tuples(entries(), st.sets(names), st.integers(0, 2), st.booleans()),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["drafts", ""]),
    st.sampled_from(sorted(CONFIGS)),
)
@example([(daily(5), set(), 0, False), (daily(6), {"n005"}, 0, False)], "", "notices")
def test_an_exchange_is_what_is_built_from_nothing(
    steps: list[tuple[list[Entry], set[str], int, bool]], drafts: str, name: str
) -> None:
    """Whatever becomes of some articles, step after step, while time goes on."""
    articles, at, config = steps[0][0], LATER, CONFIGS[name]
    found = built(articles, at, config=config, drafts=bool(drafts))
    for other, ids, days, bodies in steps[1:]:
        at += days * DAY
        paths = {f"articles/{name}.md" for name in ids}
        now = [item for item in articles if item.teaser.id not in paths]
        now += [item for item in other if item.teaser.id in paths]
        if bodies:
            now = [
                item._replace(article_digest=f"other {at}".encode())
                if item.teaser.id in paths
                else item
                for item in articles
            ]
        old = found
        found, _, made = exchanged(found, articles, now, at)
        articles = now
        event("an edit" if ids else "time alone")
        assert_same(found, built(articles, at, config=config, drafts=bool(drafts)))
        outputs, was = found.plan.outputs, old.plan.outputs
        assert made.touched == {path for path in outputs if was.get(path) != outputs[path]}
        assert made.gone == was.keys() - outputs.keys()


@given(st.lists(st.integers(0, 300), unique=True), st.data())
def test_few_are_put_in_as_many_are_sorted(numbers: list[int], data: st.DataObject) -> None:
    """Whether places are looked for or the list is sorted, it comes out the same."""
    known = {number: entry(f"n{number}", date=NOON + number % 7 * DAY) for number in range(301)}
    line = sorted((known[number] for number in numbers), key=place_key)
    gone = data.draw(st.lists(st.sampled_from(numbers), unique=True)) if numbers else []
    come = data.draw(st.sets(st.integers(0, 300)).map(lambda found: found - set(numbers)))
    new = sorted((known[number] for number in come), key=place_key)
    old = [known[number] for number in gone]
    right = sorted([item for item in line if item not in old] + new, key=place_key)

    assert merged(line, old, new) == right
    few = (len(old) + len(new)) * FEW <= len(line)
    event("few" if few else "many")


@pytest.mark.parametrize("count", [1, 10, 40])
def test_an_exchange_in_a_long_list_is_right(count: int) -> None:
    """In a list of hundreds, a few and many."""
    dice = Random(count)  # noqa: S311 - the same dice for everybody
    articles = daily(300, tags=["sea"])
    found = built(articles, LATER)
    places = dice.sample(range(300), count)
    moved = [
        item._replace(
            teaser=item.teaser._replace(date=item.teaser.date + dice.randint(-40, 40) * DAY)
        )
        if number in places
        else item
        for number, item in enumerate(articles)
    ]
    after, index, _ = exchanged(found, articles, moved, LATER)

    assert len(index.change.new) <= count
    assert_same(after, built(moved, LATER))


def test_what_no_edit_touches_is_handed_on() -> None:
    """A body's edit copies no plan, and keeps what was worked out from teasers."""
    articles = daily(7, tags=["sea"])
    found = built(articles, LATER)
    edited = [articles[0]._replace(article_digest=b"other"), *articles[1:]]
    after, index, made = exchanged(found, articles, edited, LATER)

    assert index.change.only_bodies
    assert (made.touched, made.gone) == (frozenset(), frozenset())
    assert after.plan.outputs is found.plan.outputs
    assert after.plan.claims.folders is found.plan.claims.folders
    for name in ("position", "translated", "corrections", ("places", "tag", "sea")):
        assert after.site.memo[name] is found.site.memo[name]
    assert_same(after, built(edited, LATER))


def test_the_difference_says_what_became_of_the_plan() -> None:
    """A new article touches its page and its archives; a removed one leaves theirs."""
    before = [entry("a", tags=["Sea"]), entry("b", date=NOON - DAY)]
    after = [*before, entry("c", date=NOON + 60 * DAY, tags=["Sea"])]
    pages = {
        "a/c/index.html",
        "2025/index.html",
        "2025/01/index.html",
        "2025/01/03/index.html",
        "tag/sea/page/1/index.html",
        "tag/sea/page/2/index.html",
        "sitemap/2025.xml",
    }

    _, _, made = exchanged(built(before, LATER), before, after, LATER)
    assert made.touched == pages
    assert not made.gone
    _, _, made = exchanged(built(after, LATER), after, before, LATER)
    assert made.gone == pages


def test_an_article_appears_and_ends_without_an_edit() -> None:
    """Time alone exchanges the articles whose moment has come."""
    articles = [entry("a"), entry("b", publish=LATER + DAY, expires=LATER + 3 * DAY)]
    found = built(articles, LATER)
    seen: Mapping[int, tuple[int, int]] = {0: (0, 0), 1: (0, 1), 2: (0, 0), 3: (1, 0)}
    for days, (old, new) in seen.items():
        found, index, _ = exchanged(found, articles, articles, LATER + days * DAY)
        assert (len(index.change.old), len(index.change.new)) == (old, new)
        assert_same(found, built(articles, LATER + days * DAY))


def test_an_article_is_no_news_any_more_without_an_edit() -> None:
    """What leaves the news with time alone, or with an edit of a body, is not the next change."""
    articles = [entry("a"), entry("b", date=NOON + DAY)]
    found = built(articles, NOON + DAY)
    assert found.site.next_change == NOON + 2 * DAY
    for hours, following in ((30, NOON + 2 * DAY), (49, NOON + 3 * DAY), (73, None)):
        at = NOON + timedelta(hours=hours)
        now = [item._replace(article_digest=f"{hours}".encode()) for item in articles]
        now = now if hours > 49 else articles
        found, _, _ = exchanged(found, articles, now, at)
        articles = now
        assert found.site.next_change == following
        assert_same(found, built(articles, at))


def test_an_identity_goes_back_to_who_keeps_it() -> None:
    """Of two articles with one identity the other has it when the first is gone, and is told."""
    first = entry("a")
    twin = entry("b", date=NOON + DAY)
    articles = [
        item._replace(teaser=item.teaser._replace(identity="tag:one")) for item in (first, twin)
    ]
    found = built(articles, LATER)
    assert [item.teaser.identity for item in found.site.ordered] == ["tag:one", "tag:one;b"]
    assert len(list(found.site.identities.problems())) == 1

    after, index, _ = exchanged(found, articles, articles[1:], LATER)
    assert [item.teaser.identity for item in after.site.ordered] == ["tag:one"]
    assert not list(after.site.identities.problems())
    assert index.change == Change(
        tuple(reversed([found.site.ordered[0], found.site.ordered[1]]))
        if index.change.old[0].teaser.id.endswith("b.md")
        else tuple(found.site.ordered),
        tuple(after.site.ordered),
    )


def test_what_expires_is_known_until_it_is_gone() -> None:
    """By itself, as time goes on, and by an edit of what is hidden; as in a site from nothing."""
    end = NOON + DAY
    flood, tide = entry("flood", expires=end), entry("tide")
    early = site_of([flood, tide], config=CONFIG, at=NOON)
    assert early.expired == ()

    late = exchange(early, {}, end + DAY, {item.teaser.id: item for item in (flood, tide)}.get).site
    assert late.expired == (flood,)
    for now in (flood._replace(draft=True), flood, None):
        assert taken_paths(late)  # Both are worked out, so that they may be handed on.
        assert late.thread_owners
        late = exchange(late, {flood.teaser.id: now}, end + DAY, lambda _id: None).site
        built = site_of([item for item in (now, tide) if item], config=CONFIG, at=end + DAY)
        assert late.expired == built.expired
        assert taken_paths(late) == taken_paths(built)
        assert late.thread_owners == built.thread_owners
