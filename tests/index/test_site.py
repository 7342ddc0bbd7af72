"""The answers that templates get, and the fingerprints by which they are compared."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.cache.trace import ABSENT, Question
from sitegen.config.loading import from_table
from sitegen.config.settings import Config
from sitegen.index.exchange import exchange
from sitegen.index.lists import full_pages
from sitegen.index.site import Site
from sitegen.model import moments
from sitegen.model.documents import Article, Entry, Teaser
from sitegen.queries import KINDS, NARROWED, answer
from sitegen.queries.affected import other_digest
from sitegen.queries.kinds import BODIES, RESPONSES
from tests.entries import NOON, daily, entry, names, site_of
from tests.questions import every_question

DAY = timedelta(days=1)


def ask(site: Site, *question: str | int) -> Any:
    """Return the value of an answer."""
    return answer(site, question).value


def id_of(name: str) -> str:
    """Return the id of an entry by its name."""
    return f"articles/{name}.md"


# --- Fingerprints


@st.composite
def papers(draw: st.DrawFn) -> list[Entry]:
    """Return articles that often have something in common."""
    return [
        entry(
            f"n{number}",
            date=NOON + draw(st.integers(0, 3)) * DAY,
            title=draw(st.sampled_from(["One", "Two"])),
            category=draw(st.sampled_from(["World", "world", "Sport"])),
            tags=draw(st.sampled_from([(), ("river",), ("River", "tide")])),
            authors=draw(st.sampled_from([(), ("Ann",)])),
            pin=draw(st.integers(0, 5)) == 0,
            draft=draw(st.integers(0, 5)) == 0,
            related=draw(st.sampled_from([(), ("n0.md",), ("n1.md", "n0.md")])),
            links=draw(st.sampled_from([(), ("a.jpg",)])),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


SMALL = st.integers(0, 3)
LISTS = st.fixed_dictionaries({"per_page": st.integers(1, 3), "related": SMALL})
FRONT = st.fixed_dictionaries({"seconds": SMALL, "newest": SMALL, "per_section": SMALL})
URLS = st.fixed_dictionaries({"tag": st.sampled_from(["/tag/{slug}/", "/topic/{slug}/"])})
CATEGORIES = st.sampled_from([[], ["Sport"], ["World", "Sport"]])
TOP = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["Paper", "Sheet"]),
        "extra": st.sampled_from([{}, {"motto": "x"}]),
    }
)
FILES = st.lists(
    st.sampled_from(["articles/a.jpg", "static/b.css", "templates/c.html"]), unique=True
)
TEXTS = st.sampled_from([{}, {"by": "By"}])
PARTS: list[st.SearchStrategy[Any]] = [
    papers(), LISTS, FRONT, URLS, CATEGORIES, TOP, FILES, TEXTS, st.booleans(),
]  # fmt: skip


def from_parts(*parts: Any) -> Site:
    """Return a site made from a value of each of `PARTS`."""
    entries, pages, front, urls, categories, top, files, texts, drafts = parts
    table = {"lists": pages, "front": front, "urls": urls, "categories": categories, **top}
    return site_of(entries, files, config=from_table(table), texts=texts, drafts=drafts)


SITES = st.tuples(*PARTS).map(lambda parts: from_parts(*parts))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Site, Site]:
    """Return two sites that differ in one or two of their parts, or in none."""
    one = [draw(part) for part in PARTS]
    two = list(one)
    for place in draw(st.sets(st.sampled_from(range(len(PARTS))), max_size=2)):
        two[place] = draw(PARTS[place])
    return from_parts(*one), from_parts(*two)


COMPARED = sorted(
    kind.name
    for kind in KINDS.values()
    if BODIES not in kind.reads and RESPONSES not in kind.reads and kind.name != "picture"
)
"""Kinds of question whose answers say by their `repr` what they are."""


def questions(site: Site) -> set[Question]:
    """Return every question that makes sense in a site, except about whole articles."""
    return every_question(site, COMPARED)


@given(pairs())
def test_equal_fingerprints_are_equal_answers(sites: tuple[Site, Site]) -> None:
    """Answers have one fingerprint if and only if they are the same: no more, no less is done."""
    one, two = sites
    for question in questions(one) & questions(two):
        here, there = answer(one, question), answer(two, question)
        same = here.fingerprint == there.fingerprint
        assert same == (repr(here.value) == repr(there.value)), question


@given(pairs())
def test_an_equal_index_gives_equal_answers(sites: tuple[Site, Site]) -> None:
    """While the index's digest is the same, every answer that is made from it is."""
    one, two = sites
    if (other_digest(one), one.set_digests.teasers) != (other_digest(two), two.set_digests.teasers):
        return
    for question in questions(one):
        if question[0] in NARROWED:
            assert answer(one, question).fingerprint == answer(two, question).fingerprint


@given(site=SITES, data=st.data())
def test_an_index_has_one_digest(site: Site, data: st.DataObject) -> None:
    """The order in which articles and files are found does not show in the digests."""
    entries = data.draw(st.permutations(list(site.entries.values())))
    files = [item.path for item in [*site.files.values(), *site.static.values()]]
    turned = site_of(entries, files, config=site.config)
    straight = site_of(site.entries.values(), files, config=site.config)

    assert (other_digest(turned), turned.set_digests) == (
        other_digest(straight),
        straight.set_digests,
    )


def test_a_front_page_with_moved_parts_is_another() -> None:
    """The same articles in other parts of the front page are another answer."""
    entries = daily(10)
    wide = site_of(entries, config=from_table({"front": {"seconds": 4, "newest": 2}}))
    long = site_of(entries, config=from_table({"front": {"seconds": 2, "newest": 4}}))

    assert answer(wide, ("front",)).fingerprint != answer(long, ("front",)).fingerprint


def test_a_body_shows_in_no_list() -> None:
    """An edit of a body changes the answer about the article and no other."""
    entries = [*daily(3, tags=["river"])]
    edited = [entries[0]._replace(article_digest=b"edited"), *entries[1:]]
    before, after = site_of(entries), site_of(edited)

    assert (other_digest(before), before.set_digests.teasers) == (
        other_digest(after),
        after.set_digests.teasers,
    )
    for question in questions(before):
        assert answer(before, question) == answer(after, question), question
    question = ("article", id_of("n000"))
    assert answer(before, question).fingerprint != answer(after, question).fingerprint


def test_an_article_is_fetched_when_it_is_looked_at() -> None:
    """Comparing fingerprints loads no body; a template's look at one loads that one."""
    loaded: list[str] = []
    entries = {item.teaser.id: item for item in daily(2)}
    site = site_of(entries.values())

    def load(teaser: Teaser, digest: bytes) -> Article:
        assert digest == entries[teaser.id].article_digest
        loaded.append(teaser.id)
        return Article(teaser, body=f"<p>{teaser.id}</p>")

    object.__setattr__(site, "load_article", load)
    answers = [answer(site, ("article", id_)) for id_ in entries]
    assert loaded == []

    assert answers[1].value.body == "<p>articles/n001.md</p>"
    assert answers[1].value.teaser == entries[id_of("n001")].teaser
    assert loaded == [id_of("n001")]


def test_what_is_not_there_is_an_answer() -> None:
    """A negative answer has a fingerprint, so that a page can follow what comes later."""
    site = site_of()
    for question in (
        ("article", id_of("gone")),
        ("teaser", id_of("gone")),
        ("template", "gone.html"),
        ("asset", "gone.css"),
        ("listing", "tag", "gone", 0),
    ):
        got = answer(site, question)
        assert (got.value, got.fingerprint) == (None, ABSENT)
    assert ask(site, "text", "gone") is None
    assert ask(site, "link", "gone.jpg") is None
    assert ask(site, "setting", "extra", "gone") is None


def test_a_question_that_does_not_exist_is_our_bug() -> None:
    """An unknown kind of question is an error and never an empty answer."""
    with pytest.raises(ValueError, match="no such question"):
        answer(site_of(), ("weather",))


# --- Articles


@given(SITES)
def test_neighbours_are_a_chain_through_all_articles(site: Site) -> None:
    """From the oldest article, each one's `next` leads through all; `previous` leads back."""
    ordered = [item.teaser.id for item in site.ordered]
    for place, id_ in enumerate(ordered):
        beside = ask(site, "neighbours", id_)
        assert (beside.previous and beside.previous.id) == (ordered[place - 1] if place else None)
        newer = ordered[place + 1] if place + 1 < len(ordered) else None
        assert (beside.next and beside.next.id) == newer


def test_a_thread_begins_empty() -> None:
    """An article without responses has zero of them."""
    thread = ask(site_of([entry("a")]), "thread", id_of("a"))

    assert (thread.comment_count, thread.trackback_count) == (0, 0)
    assert (thread.comments, thread.trackbacks) == ((), ())


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("articles/2024/a.md", "/a/2024/a/"),
        ("articles/2024/photo.jpg", "/2024/photo.jpg"),
        ("static/map.svg", "/map.svg"),
        ("static/icon.svg", "/icon.svg"),
        ("articles/2024/unused.jpg", None),
        ("articles/2024/draft.md", None),
        ("static/draft.pdf", None),
        ("templates/a.html", None),
        ("static", None),
    ],
)
def test_a_link_knows_where_a_file_is_published(path: str, url: str | None) -> None:
    """A source file has the URL at which it is published, if it is; a theme's file, too."""
    site = site_of(
        [
            entry("2024/a", links=["photo.jpg"]),
            entry("2024/draft", draft=True, links=["/static/draft.pdf"]),
        ],
        [
            "articles/2024/photo.jpg",
            "articles/2024/unused.jpg",
            "static/map.svg",
            "static/draft.pdf",
            "theme/static/icon.svg",
            "templates/a.html",
        ],
    )

    assert ask(site, "link", path) == url
    reference = path.removeprefix("articles/2024/") if "articles" in path else f"/{path}"
    if reference != "/templates/a.html":
        assert site.url_of_reference("articles/2024/a.md", reference) == url


# --- Lists


@given(count=st.integers(1, 30), size=st.integers(1, 5))
def test_the_pages_of_a_list_lead_to_every_article(count: int, size: int) -> None:
    """From the landing page, the URLs of older pages are those of pages that have the rest."""
    site = site_of(daily(count, tags=["river"]), config=from_table({"lists": {"per_page": size}}))
    by_url = {"/tag/river/": 0} | {
        f"/tag/river/page/{n}/": n for n in range(1, full_pages(count, size) + 1)
    }
    seen: list[str] = []
    url: str | None = "/tag/river/"
    while url is not None:
        listing = ask(site, "listing", "tag", "river", by_url[url])
        assert listing.term.name == "river"
        assert listing.number == by_url[url]
        assert listing.newest == ("/tag/river/" if by_url[url] else None)
        seen += names(listing.items)
        url = listing.older

    assert seen == names(reversed(site.ordered))


@given(count=st.integers(0, 20), more=st.integers(1, 20), size=st.integers(1, 5))
def test_publishing_changes_no_full_page(count: int, more: int, size: int) -> None:
    """The answers about full pages have the same fingerprints after any number of new articles."""
    config = from_table({"lists": {"per_page": size}})
    entries = daily(count + more, tags=["river"])
    before = site_of(entries[:count], config=config)
    after = site_of(entries, config=config)

    for number in range(1, full_pages(count, size) + 1):
        question = ("listing", "tag", "river", number)
        assert answer(before, question) == answer(after, question)


def category_names(config: Config, *categories: str) -> list[str]:
    """Return the names of a site's categories in the order of the navigation."""
    entries = [entry(f"n{number}", category=name) for number, name in enumerate(categories)]
    return [term.name for term in ask(site_of(entries, config=config), "terms", "category")]


def test_categories_stand_in_the_configured_order() -> None:
    """The configuration's order goes first; the default category is last unless it is listed."""
    used = ("Other", "Zoo", "Art", "World", "Sport")
    configured = from_table({"categories": ["World", "Sport"]})

    assert category_names(Config(), *used) == ["Art", "Sport", "World", "Zoo", "Other"]
    assert category_names(configured, *used) == ["World", "Sport", "Art", "Zoo", "Other"]
    listed = from_table({"categories": ["Other", "World"]})
    assert category_names(listed, *used)[:2] == ["Other", "World"]


def test_a_category_without_articles_is_not_shown() -> None:
    """The navigation has only lists that there are."""
    assert category_names(from_table({"categories": ["World", "Sport"]}), "Sport") == ["Sport"]


def test_counted_terms_count() -> None:
    """The index of tags says how many articles each has."""
    site = site_of([entry("a", tags=["river", "tide"]), entry("b", tags=["tide"])])

    counted = ask(site, "counted_terms", "tag")
    assert [(item.term.name, item.count) for item in counted] == [("river", 1), ("tide", 2)]


def test_the_front_page_has_sections_by_category() -> None:
    """Sections follow the navigation's order; one without a further article is left out."""
    entries = [
        *(entry(f"w{n}", category="World", date=NOON + n * DAY) for n in range(4)),
        *(entry(f"s{n}", category="Sport", date=NOON + n * DAY) for n in range(4)),
        entry("lead", category="Art", date=NOON + 9 * DAY),
    ]
    config = from_table(
        {"categories": ["Sport", "World"], "front": {"seconds": 1, "newest": 1, "per_section": 2}}
    )

    shown = ask(site_of(entries, config=config), "front")
    assert shown.lead.title == "lead"
    assert names(shown.seconds) == ["w3"]
    assert names(shown.newest) == ["s3"]
    sections = [(section.term.name, names(section.items)) for section in shown.sections]
    assert sections == [("Sport", ["s2", "s1"]), ("World", ["w2", "w1"])]


def test_an_empty_paper_has_an_empty_front_page() -> None:
    """Without articles there is a front page all the same, and no edition."""
    shown = ask(site_of(), "front")

    assert (shown.lead, shown.seconds, shown.newest, shown.sections) == (None, (), (), ())
    assert ask(site_of(), "edition") is None


def test_the_edition_is_the_newest_articles_date() -> None:
    """The masthead's date is that of the newest article."""
    assert ask(site_of(daily(3)), "edition") == NOON + 2 * DAY


# --- Archives


def archive() -> Site:
    """Return a site with articles in 2022 and 2024."""
    dates = ["2022-12-31", "2024-01-01", "2024-01-01", "2024-01-15", "2024-11-04"]
    return site_of(
        [
            entry(f"n{number}", date=moments.parse(f"{date}T12:00:00+00:00"))
            for number, date in enumerate(dates)
        ]
    )


def test_years_months_and_days_lead_down_to_articles() -> None:
    """Each period lists the ones inside it, newest first, with their numbers of articles."""
    site = archive()

    assert [(year.url, year.count) for year in ask(site, "years")] == [("/2024/", 0), ("/2022/", 0)]
    months = ask(site, "months", 2024)
    assert [(month.url, month.count) for month in months] == [("/2024/11/", 1), ("/2024/01/", 3)]
    days = ask(site, "days", 2024, 1)
    assert [(day.url, day.count) for day in days] == [("/2024/01/15/", 1), ("/2024/01/01/", 2)]
    assert names(ask(site, "on_day", 2024, 1, 1)) == ["n2", "n1"]
    assert ask(site, "months", 1999) == ask(site, "on_day", 1999, 1, 1) == ()


@pytest.mark.parametrize(
    ("period", "previous", "following"),
    [
        ((2024, 0, 0), "/2022/", None),
        ((2022, 0, 0), None, "/2024/"),
        ((2024, 1, 0), "/2022/12/", "/2024/11/"),
        ((2024, 1, 15), "/2024/01/01/", "/2024/11/04/"),
        ((2022, 12, 31), None, "/2024/01/01/"),
        ((1999, 1, 1), None, None),
    ],
)
def test_periods_know_their_neighbours(
    period: tuple[int, int, int], previous: str | None, following: str | None
) -> None:
    """Before and after a period stand the nearest of its kind that have articles."""
    around = ask(archive(), "around", *period)

    assert (around.previous and around.previous.url) == previous
    assert (around.next and around.next.url) == following


def test_the_list_of_years_holds_still() -> None:
    """One more article in a known year changes neither the years nor its neighbours' pages."""
    last = entry("last", date=moments.parse("2025-01-01T12:00:00+00:00"))
    later = entry("late", date=moments.parse("2024-11-04T13:00:00+00:00"))
    site = site_of([*archive().ordered, last])
    more = site_of([*site.ordered, later])

    for question in (
        ("years",),
        ("around", 2022, 0, 0),
        ("around", 2024, 1, 15),
        ("around", 2025, 0, 0),
        ("around", 2025, 1, 1),
    ):
        assert answer(site, question) == answer(more, question)


# --- Surroundings


def test_settings_are_answered_one_by_one() -> None:
    """A setting is asked for by its way through the configuration."""
    config = from_table({"title": "T", "dates": {"stamp": "HH"}, "extra": {"a": {"b": [1, 2]}}})
    site = site_of(config=config)

    assert ask(site, "setting", "title") == "T"
    assert ask(site, "setting", "dates", "stamp") == "HH"
    assert ask(site, "setting", "extra", "a")["b"] == (1, 2)
    assert ask(site, "setting", "extra", "a", "b") == (1, 2)


def test_the_name_of_an_asset_follows_its_content() -> None:
    """A static file's URL has its fingerprint; the site's own file goes before the theme's."""
    url = ask(site_of(files=["theme/static/css/a.css"]), "asset", "css/a.css")
    own = ask(site_of(files=["theme/static/css/a.css", "static/css/a.css"]), "asset", "css/a.css")

    assert url.startswith("/css/a.")
    assert url.endswith(".css")
    assert own != url


@pytest.mark.parametrize(("name", "is_seen"), [("map.png", True), ("talk.mp3", False)])
def test_of_files_only_the_pictures_are_looked_into(name: str, *, is_seen: bool) -> None:
    """Of others answers say no more than the size: a mended recording makes no page stale."""
    one = site_of(daily(1), [f"static/{name}"])
    (path,) = one.static
    other = one.static[path]._replace(digest="0" * 64)
    longer = other._replace(size=one.static[path].size + 1)

    before = one.files_digest
    assert (replace(one, static={path: other}, memo={}).files_digest != before) == is_seen
    assert replace(one, static={path: longer}, memo={}).files_digest != before


def test_a_new_body_is_seen_in_the_same_index() -> None:
    """A site with other bodies is the same site, drafts' statuses included."""
    draft = entry("a", draft=True)
    site = site_of([draft, entry("b")], drafts=True)
    edited = draft._replace(article_digest=b"edited")

    fresh = exchange(site, {id_of("a"): edited}, site.at, lambda _id: None).site
    assert fresh.ordered[0].article_digest == b"edited"
    assert other_digest(fresh) == other_digest(site)
    assert fresh.set_digests.teasers == site.set_digests.teasers
    assert fresh.set_digests.bodies != site.set_digests.bodies
    assert ask(fresh, "teaser", id_of("a")).status == "draft"
    question = ("article", id_of("a"))
    assert answer(fresh, question).fingerprint != answer(site, question).fingerprint
    question = ("article", id_of("b"))
    assert answer(fresh, question).fingerprint == answer(site, question).fingerprint


def test_an_original_is_named_by_its_file() -> None:
    """An address of the site, or what leaves its folders, makes no group of versions."""
    named = [
        entry(f"n{number}", lang="de", translation_of=written)
        for number, written in enumerate(("/a/flood/", "../../flood.md"))
    ]
    assert site_of([entry("flood"), *named]).translated == {}
