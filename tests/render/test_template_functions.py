"""What templates can call, and what each call asks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from sitegen.cache.trace import Question, Tracker
from sitegen.config.loading import from_table
from sitegen.config.settings import Config
from sitegen.index.exchange import exchange
from sitegen.index.published import empty_site
from sitegen.model import moments
from sitegen.model.documents import Article, Entry, StandalonePage, TermText
from sitegen.model.references import used_files
from sitegen.parse.parsing import parse
from sitegen.queries import answer
from sitegen.render.environment import Environment
from sitegen.render.mistakes import TemplateMistakeError
from sitegen.render.question_functions import UnanswerableError
from sitegen.render.settings import SETTINGS
from tests.entries import LATER, catalogues, source
from tests.sitefactory import article

FLOOD = "articles/2024/flood.md"
TEXTS = {"by": "By {name}", "articles.one": "{count} article", "articles.other": "{count} articles"}


class SmallSite:
    """The functions of the template API over a small site, and what they ask."""

    def __init__(
        self,
        articles: Mapping[str, str],
        *,
        files: tuple[str, ...] = (),
        config: Config | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> None:
        """Parse `articles`, given by their name below `articles/2024/`, and index them."""
        config = config or Config()
        entries: list[Entry] = []
        bodies: dict[str, Article] = {}
        for name, text in articles.items():
            path = f"articles/2024/{name}"
            parsed = parse(path, text.encode(), config)
            assert parsed.entry is not None, parsed.problems
            assert parsed.article is not None
            uses = used_files(path, parsed.entry.references)
            entries.append(parsed.entry._replace(uses=tuple(sorted(uses))))
            bodies[path] = parsed.article
        empty = empty_site(
            config,
            {path: source(path) for path in files},
            at=LATER,
            drafts=False,
            catalogues=catalogues(TEXTS if texts is None else texts),
            load_article=lambda teaser, *_: bodies[teaser.id],
            load_page=lambda teaser, *_: StandalonePage(teaser, body=""),
            load_term=lambda teaser, *_: TermText(teaser, body=""),
            read=lambda _source: b"",
        )
        known = {entry.teaser.id: entry for entry in entries}
        site = exchange(empty, known, LATER, known.get).site
        self._tracker = Tracker(partial(answer, site))
        self.ask = Environment(self._tracker, lambda _source: b"").questions
        self.functions = self.ask.functions()

    @contextmanager
    def asked(self) -> Iterator[set[Question]]:
        """Gather the questions that are asked inside the block."""
        noted: set[Question] = set()
        with self._tracker.recording() as record:
            yield noted
        noted.update(record)


def small_site(body: str = "", **details: Any) -> SmallSite:
    """Return a small site whose article `flood.md` has this body."""
    articles = {"flood.md": article(body=body)} | details.pop("articles", {})
    return SmallSite(articles, **details)


# --- The interface


API = """
    data_files
    article teaser body headline image_href front edition terms counted_terms listing years months
    days on_day around neighbours related thread asset text href absolute stamp long_date
    medium_date clock_time month_name day_name iso index_url site feed feeds full_text enclosure
    recordings address corrections corrections_url rfc822 json sitemap sitemap_pages sitemap_index
    news_sitemap
    news_sitemaps translations newest_comments alternates standalone_page children parents pages
    term_teaser term_text pinned navigation taxonomy indexes terms_below terms_above series
"""


def test_templates_see_what_is_promised() -> None:
    """The functions of the template API are those of its description, no more and no fewer."""
    assert set(small_site().functions) == set(API.split())


@pytest.mark.parametrize(
    ("call", "arguments", "questions"),
    [
        ("article", (FLOOD,), {("article", FLOOD)}),
        ("teaser", (FLOOD,), {("teaser", FLOOD)}),
        ("body", (FLOOD,), {("article", FLOOD)}),
        ("neighbours", (FLOOD,), {("neighbours", FLOOD)}),
        ("related", (FLOOD,), {("related", FLOOD)}),
        ("thread", (FLOOD,), {("thread", FLOOD)}),
        ("front", (), {("front",)}),
        ("edition", (), {("edition",)}),
        ("terms", ("tag",), {("terms", "tag")}),
        ("counted_terms", ("tag",), {("counted_terms", "tag")}),
        ("listing", ("category", "other", 0), {("listing", "category", "other", 0)}),
        ("years", (), {("years",)}),
        ("months", (2024,), {("months", 2024)}),
        ("days", (2024, 11), {("days", 2024, 11)}),
        ("on_day", (2024, 11, 4), {("on_day", 2024, 11, 4)}),
        ("around", (2024,), {("around", 2024, 0, 0)}),
        ("asset", ("a.css",), {("asset", "a.css"), ("setting", "base_url")}),
        ("href", ("/",), {("setting", "base_url")}),
        ("absolute", ("/",), {("setting", "base_url")}),
        ("index_url", ("tag",), {("index_url", "tag")}),
        ("iso", (LATER,), set()),
        ("month_name", (2024, 11), {("setting", "language")}),
        ("day_name", (2024, 11, 4), {("setting", "language")}),
        ("stamp", (LATER,), {("setting", "language"), ("setting", "dates", "stamp")}),
    ],
)
def test_each_call_asks_what_it_answers_from(
    call: str, arguments: tuple[Any, ...], questions: set[Question]
) -> None:
    """What a call answers from is asked for by it, and nothing else: that is what is tracked."""
    here = small_site(files=("static/a.css",))
    with here.asked() as noted:
        here.functions[call](*arguments)

    assert noted == questions


# --- What there is not


@pytest.mark.parametrize(
    ("call", "arguments", "message"),
    [
        ("article", ("articles/gone.md",), 'there is no published article "articles/gone.md"'),
        ("teaser", ("articles/gone.md",), 'there is no published article "articles/gone.md"'),
        ("body", ("articles/gone.md",), 'there is no published article "articles/gone.md"'),
        ("listing", ("tag", "gone", 0), 'there is no published tag "gone"'),
        ("asset", ("gone.css",), 'there is no file "gone.css" in static/'),
        ("text", ("gone",), 'there is no text "gone" for the language "en"'),
    ],
)
def test_asking_for_what_is_not_there_is_told(
    call: str, arguments: tuple[Any, ...], message: str
) -> None:
    """A template that asks for something that there is not is told so, not shown nothing."""
    here = small_site()
    with pytest.raises(UnanswerableError) as caught:
        here.functions[call](*arguments)

    assert str(caught.value) == message


def test_a_negative_answer_is_noted() -> None:
    """A page that asked for what is not there follows when it comes."""
    here = small_site()
    with here.asked() as noted, pytest.raises(UnanswerableError):
        here.ask.asset("gone.css")

    assert ("asset", "gone.css") in noted


# --- Settings


def test_each_setting_is_a_question_of_its_own() -> None:
    """`site.title` is tracked apart from `site.description`."""
    here = small_site(config=from_table({"title": "Paper", "accent": "#123456"}))
    site = here.functions["site"]

    with here.asked() as noted:
        assert site.title == "Paper"
    assert noted == {("setting", "title")}
    for name in SETTINGS:
        assert getattr(site, name) == getattr(
            from_table({"title": "Paper", "accent": "#123456"}), name
        )


def test_a_page_knows_whether_there_is_a_search() -> None:
    """`site.search` is the switch of the search index, tracked by itself."""
    here = small_site(config=from_table({"search": {"enabled": False}}))

    with here.asked() as noted:
        assert here.functions["site"].search is False
    assert noted == {("setting", "search", "enabled")}
    assert small_site().functions["site"].search is True


def test_a_setting_that_does_not_exist_is_told() -> None:
    """A misspelled setting gives the one that was meant; one that is not for templates, none."""
    site = small_site().functions["site"]
    with pytest.raises(TemplateMistakeError) as caught:
        _ = site.titel
    assert (str(caught.value), caught.value.hint) == (
        "site.titel does not exist",
        'did you mean "title"?',
    )
    with pytest.raises(TemplateMistakeError):
        _ = site.front_matter


def test_keys_of_extra_are_questions_of_their_own() -> None:
    """`site.extra.motto` follows the motto alone; all of it is asked for only where it is used."""
    config = from_table({"extra": {"motto": "News", "links": [{"name": "Tides"}]}})
    here = small_site(config=config)
    extra = here.functions["site"].extra

    with here.asked() as noted:
        assert extra["motto"] == "News"
        assert extra.get("gone", "x") == "x"
        assert "gone" not in extra
        with pytest.raises(KeyError):
            extra["gone"]
    assert noted == {("setting", "extra", "motto"), ("setting", "extra", "gone")}
    with here.asked() as noted:
        assert sorted(extra) == ["links", "motto"]
        assert dict(extra.items())["links"][0]["name"] == "Tides"
    assert noted == {("setting", "extra")}


# --- Texts


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("en", 1, "1 article"),
        ("en", 0, "0 articles"),
        ("en", 7, "7 articles"),
        ("ja", 1, "1 article"),
    ],
)
def test_a_text_has_the_form_of_its_number(language: str, count: int, expected: str) -> None:
    """The plural form follows the rules of the language that the words are of."""
    here = small_site(config=from_table({"language": language}))

    assert here.ask.text("articles", count=count) == expected


def test_html_stays_html_in_a_text() -> None:
    """A text with HTML put in is HTML: what was text is escaped."""
    here = small_site(texts={"updated": "<{moment}> {by}"})

    made = here.ask.text("updated", moment=Markup("<time>x</time>"), by="A & B")

    assert made == Markup("&lt;<time>x</time>&gt; A &amp; B")
    assert isinstance(made, Markup)
    assert here.ask.text("updated", moment="<b>", by="") == "<<b>> "


def test_an_alert_has_the_word_of_its_articles_language() -> None:
    """It is asked for when the page is made, so that a word can be changed; feeds have it, too."""
    here = small_site("> [!WARNING]\n> a", texts={"alert.warning": "Beware"})

    with here.asked() as noted:
        assert '<div class="alert-title">Beware</div>' in here.ask.body(FLOOD)
    assert ("text_in", "en", "alert.warning") in noted
    assert '<div class="alert-title">Beware</div>' in here.ask.full_text(FLOOD)


def test_values_are_put_into_texts() -> None:
    """A text's `{name}` is filled in."""
    assert small_site().ask.text("by", name="Ann") == "By Ann"


# --- Dates

EVENING = moments.parse("2024-11-04T21:54:09+09:00")


@pytest.mark.parametrize(
    ("table", "stamp", "long", "medium", "time", "month"),
    [
        (
            {},
            "4/11 21:54",
            "Monday, November 4, 2024",
            "Nov 4, 2024",
            "21:54",
            "November 2024",
        ),
        (
            {"language": "de"},
            "4/11 21:54",
            "Montag, 4. November 2024",
            "04.11.2024",
            "21:54",
            "November 2024",
        ),
        (
            {"language": "ja"},
            "4/11 21:54",
            "2024年11月4日月曜日",
            "2024/11/04",
            "21:54",
            "2024年11月",
        ),
        (
            {"dates": {"stamp": "yyyy-MM-dd", "long": "d. M.", "medium": "short", "time": "h a"}},
            "2024-11-04",
            "4. 11.",
            "11/4/24",
            "9 PM",
            "November 2024",
        ),
        (
            {"language": "xx"},
            "4/11 21:54",
            "Monday, November 4, 2024",
            "Nov 4, 2024",
            "21:54",
            "November 2024",
        ),
    ],
)
def test_dates_follow_language_and_configuration(
    table: dict[str, Any], stamp: str, long: str, medium: str, time: str, month: str
) -> None:
    """Dates are written by CLDR in the site's language, by the configured patterns."""
    ask = small_site(config=from_table(table)).ask

    assert ask.stamp(EVENING) == stamp
    assert ask.long_date(EVENING) == long
    assert ask.medium_date(EVENING) == medium
    assert ask.clock_time(EVENING) == time
    assert ask.month_name(2024, 11) == month
    assert ask.iso(EVENING) == "2024-11-04T21:54:09+09:00"


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("en", "November 4, 2024"),
        ("en-GB", "4 November 2024"),
        ("de", "4. November 2024"),
        ("ja", "2024年11月4日"),
    ],
)
def test_days_of_the_archive_are_ordered_as_other_dates(language: str, day: str) -> None:
    """The name of a day has its parts in the order of the full date that stands above its list."""
    ask = small_site(config=from_table({"language": language})).ask

    assert ask.day_name(2024, 11, 4) == day
    assert day in ask.long_date(EVENING)


def test_dates_are_shown_in_the_sites_zone() -> None:
    """An article's date is told by the newsroom's clock, wherever it was written."""
    config = from_table({"timezone": "Asia/Tokyo"})
    here = SmallSite({"flood.md": article(date="2024-11-04 12:54:00 +0000")}, config=config)

    date = here.ask.functions()["teaser"](FLOOD).date
    assert here.ask.stamp(date) == "4/11 21:54"
    assert here.ask.iso(date) == "2024-11-04T21:54:00+09:00"


# --- Bodies and pictures


class Attributes(HTMLParser):
    """Gathers the attributes of all tags of a piece of HTML."""

    def __init__(self, html: str) -> None:
        """Read `html` to its end."""
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> dict[str, str | None]:
        """Return the attributes of the first `tag`."""
        return next(attributes for name, attributes in self.found if name == tag)


OTHERS = {"storm.md": article("Storm"), "secret.md": article("Secret", draft=True)}
FILES = ("articles/2024/photo one.jpg", "static/map.svg")


@pytest.mark.parametrize(
    ("body", "tag", "attribute", "value"),
    [
        ("[x](storm.md)", "a", "href", "/news/2024/11/04/storm/"),
        ("[x](storm.md#wind)", "a", "href", "/news/2024/11/04/storm/#wind"),
        ("[x](/archive/)", "a", "href", "/news/archive/"),
        ("[x](https://example.net/?a=b&c)", "a", "href", "https://example.net/?a=b&c"),
        ("[x](#here)", "a", "href", "#here"),
        ("[x](mailto:a@example.net)", "a", "href", "mailto:a@example.net"),
        ("![x](photo%20one.jpg)", "img", "src", "/news/2024/photo%20one.jpg"),
        ("![x](/static/map.svg)", "img", "src", "/news/map.svg"),
        ("![x](gone.jpg)", "img", "src", "gone.jpg"),
        ("[x](secret.md)", "a", "href", None),
        ("[x](gone.md)", "a", "href", None),
        ("[x](../../../../etc/passwd)", "a", "href", None),
    ],
)
def test_references_of_a_body_come_out_as_links(
    body: str, tag: str, attribute: str, value: str | None
) -> None:
    """Links and pictures lead to where things are published; a link to nowhere leads nowhere."""
    here = small_site(
        body,
        articles=OTHERS,
        files=FILES,
        config=from_table({"base_url": "https://example.org/news/"}),
    )

    assert Attributes(here.ask.body(FLOOD)).of(tag).get(attribute) == value


def test_nothing_of_a_draft_is_told_by_a_link_to_it() -> None:
    """A link to an unpublished article does not give away its address."""
    html = small_site("[Read on](secret.md)", articles=OTHERS).ask.body(FLOOD)

    assert "secret" not in html
    assert "Read on" in html


@given(st.text(st.characters(exclude_characters="<>\r\n", exclude_categories=["Cs", "Cc"])))
def test_a_reference_cannot_break_out_of_its_attribute(target: str) -> None:
    """Whatever a link names, the tag that it stands in has no attribute but its own."""
    html = small_site(f"[x](<{target}>)").ask.body(FLOOD)

    for tag, attributes in Attributes(html).found:
        assert tag in {"p", "a", "em", "strong", "code", "img"}
        assert set(attributes) <= {"href", "title", "src", "alt"}


def test_a_body_is_asked_for_by_id_or_by_article() -> None:
    """`body(page.article)` and `body(article(…))` are the same."""
    here = small_site("Water.")

    assert here.ask.body(here.ask.article(FLOOD)) == here.ask.body(FLOOD) == "<p>Water.</p>"


@pytest.mark.parametrize(
    ("image", "href"),
    [
        ("photo one.jpg", "/news/2024/photo%20one.jpg"),
        ("/static/map.svg", "/news/map.svg"),
        ("https://example.net/a.jpg", "https://example.net/a.jpg"),
        ("gone.jpg", None),
        (None, None),
    ],
)
def test_the_lead_image_comes_out_as_a_link(image: str | None, href: str | None) -> None:
    """A teaser's picture leads to where its file is published, from every page."""
    here = SmallSite(
        {"flood.md": article(image=image)},
        files=FILES,
        config=from_table({"base_url": "https://example.org/news/"}),
    )

    assert here.ask.image_href(here.ask.functions()["teaser"](FLOOD)) == href


def test_links_are_below_the_base_path() -> None:
    """Every kind of link has the base path, and the full address the host."""
    config = from_table({"base_url": "https://example.org/news/"})
    ask = small_site(files=("static/a.css",), config=config).ask

    assert ask.href("/tag/高潮/") == "/news/tag/%E9%AB%98%E6%BD%AE/"
    assert ask.absolute("/") == "https://example.org/news/"
    assert ask.asset("a.css").startswith("/news/a.")
