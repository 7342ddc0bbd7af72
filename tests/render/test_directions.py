"""What runs from right to left, on pages and in feeds."""

import json
import re
from pathlib import Path

import pytest

from sitegen.flow.session import Session
from tests.responses.test_loading import FLOOD, comment
from tests.sitefactory import article, build_site, make_site, pages, write

NEVER = 'base_url = "https://news.example.org/"\n'
ARABIC = f'language = "ar"\ntitle = "نداء 24"\n{NEVER}'
HEBREW_NAME = "יעל כהן"


def built(folder: Path, articles: dict[str, str], config: str, **more: dict[str, str]) -> Path:
    """Return a site that was built."""
    site = make_site(folder / "site", articles, config=config, **more)
    build_site(site)
    return site


def start(page: str) -> str:
    """Return the tag that a page begins with."""
    found = re.search("<html[^>]*>", page)
    assert found
    return found[0]


def test_a_site_of_one_direction_never_mentions_it(tmp_path: Path) -> None:
    """Without a text that runs the other way there is neither dir nor bdi."""
    files = {f"responses/{FLOOD}/01aa.md": comment("Ça va?")}
    articles = {"flood.md": article(author="Maud", tags=["sea"], lang="fr"), "b.md": article("B")}
    site = built(tmp_path, articles, NEVER, files=files)
    for path, page in pages(site).items():
        # A commenter's name was always isolated.
        rest = page.replace("<bdi>Maud</bdi>", "")
        assert not re.search(r'\sdir="|<bdi', rest), path


def test_pages_run_as_their_language_does(tmp_path: Path) -> None:
    """A page has the direction of its document, its frame that of the site where they differ."""
    articles = {
        "a.md": article("أ", slug="a", aliases=["/old/"]),
        "b.md": article("B", slug="b", lang="en"),
    }
    made = pages(built(tmp_path, articles, ARABIC))
    arabic, english = made["2024/11/04/a/index.html"], made["2024/11/04/b/index.html"]
    assert start(arabic) == '<html lang="ar" dir="rtl">'
    assert '<header class="masthead">' in arabic
    assert start(english) == '<html lang="en">'
    assert '<header class="masthead" lang="ar" dir="rtl">' in english
    assert '<h3 class="headline" lang="en" dir="ltr">' in made["index.html"]
    for path in ("404.html", "search/index.html", "old/index.html"):
        assert start(made[path]) == start(arabic)
    assert "<bdi>https://news.example.org/2024/11/04/a/</bdi>" in made["old/index.html"]


def test_a_language_of_the_same_direction_needs_none(tmp_path: Path) -> None:
    """A Persian headline in an Arabic list says its language alone."""
    articles = {"a.md": article("أ", slug="a"), "f.md": article("ف", slug="f", lang="fa")}
    front = pages(built(tmp_path, articles, ARABIC))["index.html"]
    assert 'class="headline" lang="fa"><a' in front


def test_names_that_run_the_other_way_are_isolated(tmp_path: Path) -> None:
    """Names in bylines, lists of terms and menus keep the order of what stands beside them."""
    story = article(slug="a", author=f"Maud, {HEBREW_NAME}", tags=["ים", "sea"], category="עיר")
    made = pages(built(tmp_path, {"a.md": story}, NEVER))
    page = made["2024/11/04/a/index.html"]
    byline = re.search('<p class="byline-names">.*?</p>', page)
    assert byline
    assert re.sub("</?(a|p)( [^>]*)?>", "", byline[0]) == f"By Maud and <bdi>{HEBREW_NAME}</bdi>"
    main = page[page.index("<body") :]
    for name in (HEBREW_NAME, "ים", "עיר"):
        written = re.findall(f">{name}<", main)
        assert written
        assert len(re.findall(f"<bdi>{name}</bdi>", main)) == len(written)


@pytest.mark.parametrize(
    ("text", "head", "attributes"),
    [
        ("שלום", {}, ' dir="rtl"'),
        ("“12” ok שלום", {}, ""),
        ("salaam", {"lang": "ar"}, ' lang="ar" dir="rtl"'),
        ("Bonjour", {"lang": "fr"}, ' lang="fr"'),
    ],
)
def test_a_comment_runs_as_its_language_or_its_first_letter_does(
    tmp_path: Path, text: str, head: dict[str, str], attributes: str
) -> None:
    """Nobody asks a reader for a language: the text is looked at."""
    files = {f"responses/{FLOOD}/01aa.md": comment(text, **head)}
    made = pages(built(tmp_path, {"flood.md": article()}, NEVER, files=files))
    page = made["2024/11/04/flood/index.html"]
    assert f'<div class="prose"{attributes}>\n<p>{text}</p>' in page


def test_a_post_from_elsewhere_runs_as_its_language_or_its_first_letter_does(
    tmp_path: Path,
) -> None:
    """What somebody wrote elsewhere is like a comment, and so is their name."""
    post = '{{{{< post url="https://example.social/@a/1" author="{}"{} >}}}}{}{{{{< /post >}}}}'
    body = "\n\n".join(
        (
            post.format(HEBREW_NAME, "", "שלום"),
            post.format("Ann", ' lang="ar"', "Salaam"),
            post.format("Ann", "", "Hello"),
        )
    )
    made = pages(built(tmp_path, {"a.md": article(body=body, slug="a")}, NEVER))
    page = made["2024/11/04/a/index.html"]
    quoted = re.findall(r'<blockquote cite="[^"]*"([^>]*)>', page)
    assert quoted == [' dir="rtl"', ' lang="ar" dir="rtl"', ""]
    assert f"<cite><bdi>{HEBREW_NAME}</bdi></cite>" in page
    assert page.count("<cite>Ann</cite>") == 2


def test_feeds_say_the_direction_where_readers_look(tmp_path: Path) -> None:
    """XML says the language alone: titles have a mark where their start misleads, HTML has dir."""
    articles = {
        "i.md": article("IBM تغادر", "نص."),
        "e.md": article("Harbour", "Text.", lang="en"),
    }
    config = f'{ARABIC}[feeds]\nformats = ["atom", "rss", "json"]\n'
    made = pages(built(tmp_path, articles, config))
    for path in ("feed.xml", "rss.xml", "feed.json"):
        assert "\u200fIBM تغادر" in made[path]
        assert re.search(r">Harbour<|\"Harbour\"", made[path])
    html = [item["content_html"] for item in json.loads(made["feed.json"])["items"]]
    assert sorted(html) == ['<div lang="ar" dir="rtl"><p>نص.</p></div>', "<p>Text.</p>"]
    assert made["feed.xml"].count("dir=") == made["rss.xml"].count("dir=") == 1


def test_titles_of_feeds_isolate_what_runs_the_other_way(tmp_path: Path) -> None:
    """The name of a term and that of the paper keep their order around the dash."""
    config = f"{NEVER}title = 'Packet'\n[feeds]\ncategories = ['atom']\n"
    made = pages(built(tmp_path, {"a.md": article(category="עיר")}, config))
    feed = next(text for path, text in made.items() if path.endswith("עיר/feed.xml"))
    assert "<title>\u2068עיר\u2069 – Packet</title>" in feed


def test_another_language_makes_stale_what_shows_it(tmp_path: Path, session: Session) -> None:
    """When an article turns round, its own page and those with its headline do; nothing else."""
    articles = {
        "a.md": article("A", slug="a", lang="en", category="Sea"),
        "b.md": article("B", slug="b", date="2024-11-03 10:00", category="Town"),
        "c.md": article("C", slug="c", date="2024-10-03 10:00", category="Town"),
    }
    site = make_site(tmp_path / "site", articles, config="front = {newest = 9}\n")
    build_site(site, session=session)
    write(site / "articles", {"a.md": article("A", slug="a", lang="ar", category="Sea")})
    rendered = set(build_site(site, session=session).rendered)
    after = pages(site)
    shows_it = {path for path, page in after.items() if 'lang="ar"' in page}
    assert rendered == shows_it
    build_site(site, clean=True)
    assert pages(site) == after
