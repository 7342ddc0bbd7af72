"""Index and plan with what changed put in are those that are made anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from hypothesis import event, example, given
from hypothesis import strategies as st

from sitegen.cache.context import Inputs
from sitegen.config.loading import from_table
from sitegen.config.settings import Config
from sitegen.flow.indexing import Indexed, update_index
from sitegen.index.links import broken_links
from sitegen.index.listed import listed_counts, listed_in
from sitegen.index.updating import Edits
from sitegen.model.documents import Entry
from sitegen.plan.planning import plan
from tests.entries import LATER, NOON, daily, entry, site_of

DAY = timedelta(days=1)
FILES = ("articles/map.png", "static/css/a.css", "static/logo.svg")
CONFIG = from_table(
    {"base_url": "https://example.org/", "expired": "notice", "lists": {"per_page": 2}}
)


def indexed(entries: Sequence[Entry], *, config: Config = CONFIG, drafts: bool = False) -> Indexed:
    """Return index and plan made anew."""
    site = site_of(entries, FILES, config=config, drafts=drafts)
    planned = plan(site)
    broken = broken_links(site, planned.publishes, site.ordered)
    identities = frozenset(item.teaser.identity for item in entries)
    return Indexed(Inputs(config, drafts, LATER), site, planned, identities, (), broken)


def named(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries with an identity each, as parsing gives it."""
    return [
        item._replace(teaser=item.teaser._replace(identity=f"tag:{item.teaser.id}"))
        for item in entries
    ]


def edits_of(before: Sequence[Entry], after: Sequence[Entry]) -> Edits:
    """Return the difference of two sets of entries."""
    old = {item.teaser.id: item for item in before}
    new = {item.teaser.id: item for item in after}
    ids = sorted(id_ for id_ in old | new if repr(old.get(id_)) != repr(new.get(id_)))
    return {id_: (old.get(id_), new.get(id_)) for id_ in ids}


def again(
    before: Sequence[Entry], after: Sequence[Entry], *, drafts: bool = False
) -> tuple[Indexed | None, Indexed]:
    """Return index and plan of `after`, made from those of `before` and made anew."""
    first = indexed(before, drafts=drafts)
    for year in listed_counts(first.site):  # what is known of years must not be out of date
        listed_in(first.site, year)
    assert len(first.site.position) == len(first.site.ordered)  # known, so that it may be kept
    found = update_index(first, edits_of(before, after), first.inputs)
    return found, indexed(after, drafts=drafts)


def assert_same(found: Indexed, anew: Indexed) -> None:
    """Assert that nothing tells two indexed sites apart."""
    one, two = found.site, anew.site
    # `ordered` and lists hold articles for what lists show: bodies may be of an earlier state.
    shown = [[item._replace(article_digest=b"") for item in site.ordered] for site in (one, two)]
    assert shown[0] == shown[1]
    assert one.entries == two.entries
    assert (one.hidden, one.expired, one.timed) == (two.hidden, two.expired, two.timed)
    assert one.terms == two.terms
    for taxonomy, terms in two.terms.items():
        assert list(one.terms[taxonomy]) == list(terms)
        assert list(one.by_term[taxonomy]) == list(terms)
        for slug, line in two.by_term[taxonomy].items():
            ids = [item.teaser.id for item in one.by_term[taxonomy][slug]]
            assert ids == [item.teaser.id for item in line]
    assert list(one.periods.items()) == list(two.periods.items())
    assert (one.files, one.withheld, one.set_digests) == (two.files, two.withheld, two.set_digests)
    assert one.position == two.position
    assert one.next_change == two.next_change
    assert listed_counts(one) == listed_counts(two)
    for year in listed_counts(two):
        ids = [item.teaser.id for item in listed_in(one, year)]
        assert ids == [item.teaser.id for item in listed_in(two, year)]
    assert found.plan.outputs == anew.plan.outputs
    assert found.plan.copies == anew.plan.copies
    assert found.plan.problems == anew.plan.problems
    assert found.plan.folders >= anew.plan.folders
    assert found.broken == anew.broken


names = st.sampled_from(["a", "b", "c", "d", "e", "f"])
words = st.sampled_from(["Flood", "flood", "FLOOD", "Sea", "sea", "Town"])
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
            aliases=draw(st.lists(st.sampled_from(["/old/", "/a/b/", "/x/y/"]), max_size=1)),
            links=draw(st.lists(links, max_size=2)),
            related=draw(st.lists(st.sampled_from(["a.md", "b.md", "gone.md"]), max_size=1)),
            image=draw(st.sampled_from(["", "", "map.png", "/logo.svg"])),
            noindex=draw(st.booleans()),
        )
        found.append(item._replace(article_digest=draw(st.binary(min_size=16, max_size=16))))
    return named(found)


@given(entries(), entries(), st.sets(names), st.sampled_from(["drafts", ""]))
@example(named(daily(5)), named(daily(6)), {"n005"}, "")
def test_what_is_put_in_comes_out_as_if_made_anew(
    before: list[Entry], other: list[Entry], ids: set[str], drafts: str
) -> None:
    """Whatever becomes of some articles: where index and plan are mended, they are right."""
    paths = {f"articles/{name}.md" for name in ids}
    after = [item for item in before if item.teaser.id not in paths]
    after += [item for item in other if item.teaser.id in paths]

    found, anew = again(before, after, drafts=bool(drafts))
    event("made anew" if found is None else "put in")
    if found is not None:
        assert_same(found, anew)


def test_the_difference_says_what_became_of_the_plan() -> None:
    """A new article touches its page and its archives; a removed one leaves theirs."""
    before = named([entry("a", tags=["Sea"]), entry("b", date=NOON - DAY)])
    new = named([entry("c", date=NOON + 60 * DAY, tags=["Sea"])])

    found, _ = again(before, before + new)
    assert found is not None
    assert found.difference is not None
    assert found.difference.touched == {
        "a/c/index.html",
        "2025/index.html",
        "2025/01/index.html",
        "2025/01/03/index.html",
        "tag/sea/page/1/index.html",
        "tag/sea/page/2/index.html",
        "sitemap/2025.xml",
    }
    assert not found.difference.gone
    found, _ = again(before + new, before)
    assert found is not None
    assert found.difference is not None
    assert found.difference.gone == {
        "a/c/index.html",
        "2025/index.html",
        "2025/01/index.html",
        "2025/01/03/index.html",
        "tag/sea/page/1/index.html",
        "tag/sea/page/2/index.html",
        "sitemap/2025.xml",
    }


def test_the_usual_edits_are_put_in() -> None:
    """Bodies, headlines, new and removed articles, drafts: none of them costs a new index."""
    before = named(daily(7, tags=["Sea"]))
    retitled = before[3].teaser._replace(title="Other")
    for after in (
        [before[0]._replace(article_digest=b"other"), *before[1:]],
        [*before[:3], before[3]._replace(teaser=retitled, teaser_digest=b"o"), *before[4:]],
        before[:6],
        [*before, *named([entry("new", date=NOON + 9 * DAY)])],
        [*before, *named([entry("draft", draft=True)])],
    ):
        found, anew = again(before, after)
        assert found is not None
        assert_same(found, anew)


def test_unusual_edits_are_left_to_a_new_index() -> None:
    """Two that want one address, a picture that was not published, an identity that is taken."""
    before = named([entry("a"), entry("b")])
    for new in (
        entry("c", url="/a/b/"),
        entry("c", url="/a/b/x/", aliases=["/a/b"]),
        entry("c", aliases=["nowhere"]),
        entry("c", image="map.png"),
        entry("c", url="/a/b/index.html/x/"),
    ):
        assert again(before, [*before, *named([new])])[0] is None, new.teaser.url
    twin = before[0]._replace(teaser=before[0].teaser._replace(id="articles/c.md", url="/c/"))
    assert again(before, [*before, twin])[0] is None


def test_what_was_wrong_is_looked_at_again() -> None:
    """A link is mended by the article that it waited for, and broken by the one that goes."""
    waiting = named([entry("a", links=["b.md"]), entry("c", links=["gone.md"])])
    there = [*waiting, *named([entry("b")])]

    found, anew = again(waiting, there)
    assert found is not None
    assert set(found.broken) == set(anew.broken) == {"articles/c.md"}
    found, anew = again(there, waiting)
    assert found is not None
    assert found.broken == anew.broken
    assert set(found.broken) == {"articles/a.md", "articles/c.md"}
