"""New articles and new sites."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.loading import from_table, load_config
from sitegen.config.settings import Config
from sitegen.model import moments
from sitegen.model.documents import Entry
from sitegen.model.errors import SitegenError, UsageError
from sitegen.parse.parsing import parse
from sitegen.tools.scaffold import NewArticle, NewPage, new_article, new_page, new_site
from tests.sitefactory import article, build_site, make_site, pages, tree

NOW = moments.parse("2024-11-04T12:54:30Z")


def new(
    site: Path,
    headline: str,
    *,
    category: str | None = None,
    authors: tuple[str, ...] = (),
    draft: bool = False,
) -> Path:
    """Make an article with the defaults of `sitegen new`."""
    return new_article(site, NewArticle(headline, NOW, category or "", authors, draft))


def entry_of(site: Path, path: Path) -> Entry:
    """Return what a made file says, when it is read as any article is."""
    name = path.relative_to(site).as_posix()
    parsed = parse(name, path.read_bytes(), load_config(site))
    assert parsed.problems == ()
    assert parsed.entry is not None
    return parsed.entry


# --- Articles


def test_a_new_article_has_the_date_slug_and_language_that_are_asked_for(tmp_path: Path) -> None:
    """The file lies in the month of its date and is named by the slug, as its address is."""
    site = make_site(tmp_path, config='timezone = "Asia/Tokyo"\n')
    date = moments.parse("2024-12-31T15:30Z")
    wanted = NewArticle("高潮", date, slug="High tide", lang="ja")
    paths = [new_article(site, wanted) for _ in range(2)]

    folder = site / "articles" / "2025" / "01"
    assert paths == [folder / "high-tide.md", folder / "high-tide-2.md"]
    for path in paths:
        teaser = entry_of(site, path).teaser
        assert (teaser.url, teaser.lang, teaser.date) == ("/2025/01/01/high-tide/", "ja", date)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (NewArticle("Tide", NOW, lang="Japanese!"), '"Japanese!" is not a language tag'),
        (NewArticle("Tide", NOW, slug="…"), "the slug needs at least one letter or digit"),
    ],
)
def test_what_no_article_can_have_is_refused(
    tmp_path: Path, wanted: NewArticle, message: str
) -> None:
    """As wrong usage, and no file is written."""
    site = make_site(tmp_path)
    with pytest.raises(UsageError, match=message):
        new_article(site, wanted)
    assert not (site / "articles" / "2024").exists()


def test_a_new_article_lies_in_its_month(tmp_path: Path) -> None:
    """The file lies under `articles/YYYY/MM/` of the newsroom's clock, named by its headline."""
    site = make_site(tmp_path, config='timezone = "Pacific/Auckland"\n')
    path = new_article(site, NewArticle("The river rose", moments.parse("2024-10-31T12:30Z")))

    assert path == site / "articles" / "2024" / "11" / "the-river-rose.md"
    assert entry_of(site, path).teaser.url == "/2024/11/01/the-river-rose/"


def test_a_new_article_says_what_was_asked_for(tmp_path: Path) -> None:
    """Headline, date, category, authors and draft stand in the file."""
    site = make_site(tmp_path)
    path = new(
        site, "The river rose", category="World & Sea", authors=("Ann Ōta", "Bob"), draft=True
    )

    entry = entry_of(site, path)
    assert entry.teaser.title == "The river rose"
    assert entry.teaser.date == NOW - timedelta(seconds=30)
    assert entry.teaser.category.name == "World & Sea"
    assert [author.name for author in entry.teaser.authors] == ["Ann Ōta", "Bob"]
    assert entry.draft
    assert not entry_of(site, new(site, "Another")).draft


def test_a_new_article_is_published_at_once(tmp_path: Path) -> None:
    """Without `--draft`, the next build shows it."""
    site = make_site(tmp_path)
    new(site, "The river rose")

    report = build_site(site, at=moments.local(NOW))
    assert report.problems == ()
    assert "2024/11/04/the-river-rose/index.html" in pages(site)


HEADLINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300)


@given(headline=HEADLINES, author=HEADLINES, category=HEADLINES)
def test_any_headline_makes_a_valid_article(
    tmp_path_factory: pytest.TempPathFactory, headline: str, author: str, category: str
) -> None:
    """Quotes, colons, Japanese, markup: what is typed is the headline; else it is refused."""
    site = make_site(tmp_path_factory.mktemp("site"))
    try:
        path = new(site, headline, category=category or None, authors=(author,) if author else ())
    except UsageError:
        assert tree(site / "articles") == {}
        return

    entry = entry_of(site, path)
    assert entry.teaser.title == " ".join(headline.split())
    assert [item.name for item in entry.teaser.authors] == [" ".join(author.split())] * bool(author)


@pytest.mark.parametrize(
    ("headline", "name"),
    [
        ("高潮が「堤防」を越える", "高潮が-堤防-を越える.md"),
        ('"Quotes" & it\'s fine: really', "quotes-and-its-fine-really.md"),
        ("# No heading", "sharp-no-heading.md"),
        ("- [x] {{ y }} *z*", "x-y-z.md"),
        ("../../etc/passwd", "etc-passwd.md"),
        ("  spread \n over\tlines ", "spread-over-lines.md"),
    ],
)
def test_a_file_is_named_by_its_headline(tmp_path: Path, headline: str, name: str) -> None:
    """The slug of the headline is the file's name, in its own script, below its folder."""
    site = make_site(tmp_path)
    path = new(site, headline)

    assert path == site / "articles" / "2024" / "11" / name
    assert entry_of(site, path).teaser.title == " ".join(headline.split())


def test_a_new_article_never_overwrites(tmp_path: Path) -> None:
    """A second article of one headline gets a number, and the first keeps its text."""
    site = make_site(tmp_path, {"2024/11/the-river-rose.md": "Mine."})
    made = [new(site, "The river rose"), new(site, "The River rose!")]

    assert [path.name for path in made] == ["the-river-rose-2.md", "the-river-rose-3.md"]
    assert (site / "articles/2024/11/the-river-rose.md").read_text() == "Mine."
    urls = {entry_of(site, path).teaser.url for path in made}
    assert urls == {"/2024/11/04/the-river-rose-2/", "/2024/11/04/the-river-rose-3/"}


def test_an_article_called_index_has_its_own_address(tmp_path: Path) -> None:
    """`index.md` would be called by its folder, so no headline makes one."""
    site = make_site(tmp_path)

    assert entry_of(site, new(site, "Index")).teaser.url.startswith("/2024/11/04/index")


def test_a_broken_link_in_the_way_is_left_alone(tmp_path: Path) -> None:
    """Whatever has the name already, be it a link to nowhere, is not written through."""
    site = make_site(tmp_path)
    folder = site / "articles" / "2024" / "11"
    folder.mkdir(parents=True)
    (folder / "river.md").symlink_to(tmp_path / "elsewhere.md")

    assert new(site, "River").name == "river-2.md"
    assert not (tmp_path / "elsewhere.md").exists()


@pytest.mark.parametrize("headline", ["", "   ", "!?…", "\ud800", "caf\udce9", "bell\x07"])
def test_a_headline_that_cannot_be_is_wrong_usage(tmp_path: Path, headline: str) -> None:
    """What gives no name, or cannot be written down, makes no file."""
    site = make_site(tmp_path)
    with pytest.raises(UsageError):
        new(site, headline)

    assert tree(site / "articles") == {}


@pytest.mark.parametrize(("category", "author"), [("!!!", "Ann"), ("World", "…")])
def test_a_name_without_an_address_is_wrong_usage(
    tmp_path: Path, category: str, author: str
) -> None:
    """A category or author of which no list could be made is refused before there is a file."""
    site = make_site(tmp_path)
    with pytest.raises(UsageError):
        new(site, "River", category=category, authors=(author,))

    assert tree(site / "articles") == {}


def test_a_category_must_be_one_of_the_sites(tmp_path: Path) -> None:
    """Where the configuration lists the categories, a misspelled one is told."""
    site = make_site(tmp_path, config='categories = ["World", "Sport"]\n')
    with pytest.raises(UsageError) as caught:
        new(site, "River", category="Wrold")
    assert caught.value.problems[0].message == 'unknown category "Wrold"'
    assert caught.value.problems[0].hint == 'did you mean "World"?'

    assert entry_of(site, new(site, "River", category="Sport")).teaser.category.name == "Sport"
    assert entry_of(site, new(site, "River", category="Other")).teaser.category.name == "Other"


def test_a_new_article_passes_the_strictest_rules(tmp_path: Path) -> None:
    """Where unknown keys are errors, a new article has none."""
    site = make_site(tmp_path, config='[front_matter]\nunknown = "error"\n')

    entry_of(site, new(site, "River", category="World", authors=("Ann",), draft=True))


def test_each_article_has_an_identity_of_its_own(tmp_path: Path) -> None:
    """No two articles are taken for one, even with the same headline at the same moment."""
    site = make_site(tmp_path)
    lines = [
        line
        for _ in range(3)
        for line in new(site, "River").read_text().split("\n")
        if line.startswith("id: ")
    ]

    assert len(set(lines)) == 3


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file in place of the folder is a problem with its place, not a bug."""
    site = make_site(tmp_path, files={"articles/2024": "a file"})
    with pytest.raises(SitegenError, match="cannot be written"):
        new(site, "River")


# --- Sites


def test_a_new_site_builds_without_a_warning(tmp_path: Path) -> None:
    """What `init` makes is a whole site: a configuration, three articles, a README."""
    site = tmp_path / "paper"
    made = new_site(site, now=NOW)
    report = build_site(site, at=moments.local(NOW))

    assert sorted(path.relative_to(site).as_posix() for path in made) == sorted(
        path for path in tree(site) if not path.startswith(("output/", ".sitegen/"))
    )
    assert {"sitegen.toml", "README.md", ".gitignore"} <= tree(site).keys()
    # The receiver's service may write to folders that are there when it starts, and to no other.
    assert "responses/pending/.gitkeep" in tree(site)
    assert report.problems == ()
    assert report.articles == 3
    assert report.next_change is not None  # when the newest of them is no news any more


def test_the_readme_of_a_new_site_tells_the_next_steps(tmp_path: Path) -> None:
    """Whoever opens the README knows how to look, how to write and how to publish."""
    new_site(tmp_path / "paper", now=NOW)
    text = (tmp_path / "paper" / "README.md").read_text("utf-8")

    assert [text.count(f"\n{number}. ") for number in (1, 2, 3, 4)] == [1, 1, 1, 0]
    for command in ("sitegen serve", "sitegen new", "sitegen build"):
        assert command in text


@pytest.mark.parametrize(
    ("folder", "title"),
    [
        ("harbour-news", "Harbour News"),
        ("潮騒新聞", "潮騒新聞"),
        ('it\'s "quoted"', "Its Quoted"),
        ("...", "My Paper"),
        ("{title}", "Title"),
    ],
)
def test_a_new_site_is_called_by_its_folder(tmp_path: Path, folder: str, title: str) -> None:
    """The paper's name comes from the folder, and the configuration is valid whatever it is."""
    new_site(tmp_path / folder, now=NOW)

    config = load_config(tmp_path / folder)
    assert config.title == title
    assert config != Config()
    text = (tmp_path / folder / "sitegen.toml").read_text("utf-8")
    assert from_table(tomllib.loads(text), text=text) == config


def test_a_new_site_has_no_future_articles(tmp_path: Path) -> None:
    """Its articles are out at once, also just after midnight and at the turn of the year."""
    now = moments.parse("2025-01-01T00:00:01Z")
    new_site(tmp_path / "paper", now=now)

    assert build_site(tmp_path / "paper", at=moments.local(now)).articles == 3


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path) -> None:
    """`init` writes into a new or empty folder only, and touches no file of anybody else."""
    make_site(tmp_path / "mine", {"a.md": article()})
    before = tree(tmp_path / "mine")
    for place in (tmp_path / "mine", tmp_path / "mine" / "sitegen.toml"):
        with pytest.raises(UsageError, match="already exists"):
            new_site(place, now=NOW)
    assert tree(tmp_path / "mine") == before

    (tmp_path / "empty").mkdir()
    assert new_site(tmp_path / "empty", now=NOW)


def test_a_new_site_can_begin_in_a_new_repository(tmp_path: Path) -> None:
    """A folder with nothing but `.git` in it counts as empty."""
    (tmp_path / "paper" / ".git").mkdir(parents=True)

    assert new_site(tmp_path / "paper", now=NOW)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file in the way is a problem with its place, not a bug."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(SitegenError):
        new_site(tmp_path / "file" / "paper", now=NOW)


# --- Standalone pages


def test_a_new_page_lies_at_its_address(tmp_path: Path) -> None:
    """Named by its title or its slug, with the folders that this names; read without a fault."""
    site = make_site(tmp_path, config='timezone = "Asia/Tokyo"\n')
    publish = moments.parse("2024-12-31T15:30Z")
    for wanted, place in (
        (NewPage("About us"), "about-us"),
        (NewPage("Our rules: all of them", slug="/about-us/Rules/", draft=True), "about-us/rules"),
        (NewPage("規則", slug="ja/rules", lang="ja", publish=publish), "ja/rules"),
    ):
        path = new_page(site, wanted)
        assert path == site / f"pages/{place}.md"
        parsed = parse(f"pages/{place}.md", path.read_bytes(), load_config(site))
        assert parsed.problems == ()
        assert parsed.page is not None
        teaser = parsed.page.teaser
        assert (teaser.url, teaser.title) == (f"/{place}/", wanted.title)
        assert (parsed.page.draft, teaser.lang) == (wanted.draft, wanted.lang or "en")
        assert parsed.page.publish == wanted.publish


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (NewPage("About"), '"pages/about.md" already exists'),
        (NewPage("Home", slug="index"), '"index" would be the front page'),
        (NewPage("!!!"), "the title needs at least one letter or digit"),
        (NewPage("A", slug="a//b"), "the slug needs at least one letter or digit"),
        (NewPage("A", slug="../b"), "the slug needs at least one letter or digit"),
        (NewPage("A", lang="no tag"), '"no tag" is not a language tag'),
    ],
)
def test_a_page_that_cannot_be_is_not_written(
    tmp_path: Path, wanted: NewPage, message: str
) -> None:
    """What is there stays as it is, and nothing is written for a page that cannot be."""
    site = make_site(tmp_path, files={"pages/about.md": "---\ntitle: About\n---\n"})
    before = tree(site)
    with pytest.raises(UsageError, match=message):
        new_page(site, wanted)
    assert tree(site) == before
