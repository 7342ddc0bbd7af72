"""Slugs, permalinks, and the ways between a URL, a link and a file."""

import posixpath
import unicodedata
from pathlib import PureWindowsPath
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sitegen.model import moments
from sitegen.model.errors import SitegenError
from sitegen.model.urls import (
    MAX_SEGMENT_BYTES,
    PERMALINK_FIELDS,
    Base,
    check_permalink,
    check_url,
    output_path,
    permalink,
    quoted,
    slugify,
    url_of_file,
)

DATE = moments.parse("2024-03-07T21:54Z")

# Parts of paths in which everything that matters to paths comes often.
PARTS = st.one_of(
    st.sampled_from(["", ".", "..", "...", "a", "a.html", ".git", ".sitegen-manifest", "C:"]),
    st.text(st.sampled_from("a.?#\\%20é高 \n~:&+'\"<>"), max_size=6),
    st.text(),
)


def joined(parts: list[str]) -> str:
    """Return parts as a URL."""
    return "/" + "/".join(parts)


ANY_URL = st.one_of(st.text(), st.lists(PARTS, max_size=5).map(joined))
GOOD_PARTS = PARTS.filter(lambda part: check_url(f"/{part}") is None and "/" not in part)
GOOD_URL = st.builds(
    lambda parts, closed: joined(parts) + "/" * (closed and bool(parts)),
    st.lists(GOOD_PARTS.filter(bool), max_size=5),
    st.booleans(),
)


# --- Slugs


@given(st.text(st.characters(max_codepoint=127), max_size=20))
def test_letters_of_all_scripts_have_one_rule(text: str) -> None:
    """A slug from ASCII alone is what the same text gives beside another script."""
    assert slugify(f"{text} 高潮") == "-".join(filter(None, (slugify(text), "高潮")))


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Harbour wall holds", "harbour-wall-holds"),
        ("  Rain,   rain -- and rain!  ", "rain-rain-and-rain"),
        ("The mayor’s dog isn't lost", "the-mayors-dog-isnt-lost"),
        ("C++ & C#", "c-plus-plus-and-c-sharp"),
        ("50% off @ noon", "50-percent-off-at-noon"),
        ("snake_case", "snake-case"),
        ("../../etc/passwd", "etc-passwd"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ", "full-width"),
        ("高潮が堤防を越える", "高潮が堤防を越える"),
        ("カ\u3099ス", "ガス"),
        ("Straße nach Köln", "strasse-nach-köln"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("ข่าวด่วน", "ข่าวด่วน"),
        ("2024", "2024"),
        ("!?…", ""),
        ("", ""),
    ],
)
def test_a_slug_is_what_an_editor_expects(text: str, slug: str) -> None:
    """A headline gives lower-case words with hyphens between them, in its own script."""
    assert slugify(text) == slug


@given(st.text())
@example("İstanbul")
@example("ŉ")
@example("\u0345")
@example("高" * 200)
def test_a_slug_is_its_own_slug(text: str) -> None:
    """A slug of a slug is the slug: it can be written down and read again."""
    assert slugify(slugify(text)) == slugify(text)


@given(st.text())
def test_a_slug_never_leaves_its_folder(text: str) -> None:
    """A slug is one part of an address, or nothing; no headline can make it a path."""
    slug = slugify(text)

    if slug:
        assert check_url(f"/{slug}/") is None
        assert output_path(f"/{slug}/") == f"{slug}/index.html"
        assert posixpath.normpath(slug) == slug
        assert not PureWindowsPath(slug).is_absolute()


@given(st.text())
def test_a_slug_is_short_and_has_no_loose_hyphens(text: str) -> None:
    """A slug fits a file name on every system, and a hyphen in it stands between words."""
    slug = slugify(text)

    assert len(slug.encode()) <= MAX_SEGMENT_BYTES
    assert slug == slug.strip("-")
    assert "--" not in slug


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_no_letter_is_lost_from_a_name(text: str) -> None:
    """A name with a letter or digit has a slug, in whatever script it is written."""
    assume(any(char.isalnum() for char in unicodedata.normalize("NFKC", text)))

    assert slugify(text)


@given(st.text())
def test_composed_and_decomposed_text_have_one_slug(text: str) -> None:
    """A file name from a Mac, which decomposes letters, gives the same slug."""
    assert slugify(unicodedata.normalize("NFD", text)) == slugify(text)


# --- Permalinks


def test_a_permalink_fills_its_pattern() -> None:
    """Year, month and day come with all their digits."""
    url = permalink("/{category}/{year}/{month}/{day}/{slug}/", slug="a", date=DATE, category="b")

    assert url == "/b/2024/03/07/a/"


@pytest.mark.parametrize(
    "pattern",
    [
        "/{year}/{month}/{day}/{slug}/",
        "/{slug}/",
        "/{slug}.html",
        "/news/{category}/{slug}",
        "/新聞/{slug}/",
    ],
)
def test_a_good_pattern_passes(pattern: str) -> None:
    """Every pattern that gives addresses is allowed."""
    assert check_permalink(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("{slug}/", "it must begin with /"),
        ("/{year}/", "it must contain {slug}"),
        ("/{year}/{titel}/{slug}/", "unknown field {titel}"),
        ("/{}/{slug}/", "unknown field {}"),
        ("/{slug", "expected '}' before end of string"),
        ("/{slug.__class__}/", "unknown field {slug.__class__}"),
        ("/../{slug}/", 'it must not contain ".." as a part'),
        ("//{slug}/", "it must not begin with //"),
        ("/a?b={slug}", "it must not contain ?, #, a backslash or control characters"),
        ("/{slug:>200}/", "a field cannot have a format"),
        ("/{year:04}/{slug}/", "a field cannot have a format"),
        ("/{slug!r}/", "a field cannot have a format"),
    ],
)
def test_a_pattern_that_cannot_give_addresses_is_refused(pattern: str, reason: str) -> None:
    """A pattern that would break every article is refused once, with the reason."""
    assert check_permalink(pattern) == reason


def test_a_pattern_of_terms_has_no_date() -> None:
    """The fields of an article are unknown in the pattern of a list."""
    assert check_permalink("/tag/{year}/{slug}/", frozenset({"slug"})) == "unknown field {year}"


FIELDS = sorted(PERMALINK_FIELDS - {"lang"})
"""The configuration puts the language into patterns."""


@given(
    before=st.lists(st.one_of(st.sampled_from([f"{{{name}}}" for name in FIELDS]), PARTS)),
    after=st.text(max_size=3),
    headline=st.text(st.characters(categories=["L", "Zs", "Po"]), min_size=1),
)
def test_a_pattern_that_passes_gives_addresses(
    before: list[str], after: str, headline: str
) -> None:
    """What `check_permalink` lets pass gives every article an address that is allowed."""
    slug = slugify(headline) or "flood"
    pattern = joined([*before, f"{{slug}}{after}"])
    if check_permalink(pattern) is not None:
        return

    url = permalink(pattern, slug=slug, date=DATE, category="other")

    assert slug in url
    # Nothing but the length of one part depends on the article.
    assert check_url(url) in (None, "a part of it is too long")


# --- URLs and files


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/", "index.html"),
        ("/2024/11/04/flood/", "2024/11/04/flood/index.html"),
        ("/about", "about/index.html"),
        ("/404.html", "404.html"),
        ("/v1.2/", "v1.2/index.html"),
        ("/高潮/", "高潮/index.html"),
        ("/.well-known/security.txt", ".well-known/security.txt"),
        ("/.hidden", ".hidden/index.html"),
    ],
)
def test_a_url_has_the_file_that_a_static_host_serves(url: str, path: str) -> None:
    """A URL that ends in a slash or has no extension is a folder's index, any other a file."""
    assert output_path(url) == path


@pytest.mark.parametrize(
    "url",
    [
        "",
        "about/",
        "//example.org/",
        "/../secret/",
        "/a/../../b/",
        "/a/./b/",
        "/a//b/",
        "/.../",
        "/a/.. /b/",
        "/ /",
        "/a\\..\\b/",
        "/a?b",
        "/a#b",
        "/a\x00b/",
        "/C:/Windows/x.html",
        "/" + "a" * 300 + "/",
        "/.git/hooks/post-commit.sh",
        "/.sitegen-manifest/",
        "/.sitegen-tmp/1.html",
    ],
)
def test_a_url_that_is_no_page_is_refused(url: str) -> None:
    """A URL that would leave the output folder, or touch what is not a page, has no file."""
    assert check_url(url)
    with pytest.raises(SitegenError, match="cannot be a URL of the site"):
        output_path(url)


@pytest.mark.parametrize("letter", ["a", "é", "字", "🌊"])
def test_a_part_of_a_url_is_measured_in_bytes(letter: str) -> None:
    """File systems end at 255 bytes a name; the longest slug, with a suffix, is well below."""
    most = (MAX_SEGMENT_BYTES + 40) // len(letter.encode())
    assert check_url(f"/{letter * most}/x/") is None
    assert check_url(f"/x/{letter * (most + 1)}/") == "a part of it is too long"


@given(ANY_URL)
def test_checking_and_placing_agree(url: str) -> None:
    """What `check_url` allows has a file below the output folder; what it refuses has none."""
    if check_url(url) is not None:
        with pytest.raises(SitegenError):
            output_path(url)
        return
    path = output_path(url)

    assert posixpath.normpath(path) == path
    assert ".." not in path.split("/")
    assert not path.startswith("/")
    assert not PureWindowsPath(path).is_absolute()
    assert not PureWindowsPath(path).drive
    assert ".." not in PureWindowsPath(path).parts
    assert all(0 < len(part.encode()) <= 255 for part in path.split("/"))


@given(GOOD_URL)
def test_a_file_leads_back_to_its_url(url: str) -> None:
    """The URL of a URL's file has the same file: the two ways fit."""
    path = output_path(url)

    assert output_path(url_of_file(path)) == path


@given(GOOD_URL)
def test_a_url_with_a_closing_slash_is_its_own(url: str) -> None:
    """Pages, whose URLs end in a slash, are not renamed on the way to a file and back."""
    url = f"{url.rstrip('/')}/"

    assert url_of_file(output_path(url)) == url


# --- Links


@given(GOOD_URL)
def test_a_link_round_trips(url: str) -> None:
    """A browser's decoding of a link gives the URL again, below any base path."""
    base = Base.parse("https://example.org/news/")

    assert unquote(base.href(url)) == f"/news{url}"
    assert unquote(urlsplit(base.href(url)).path) == f"/news{url}"
    assert unquote(base.absolute(url)) == f"https://example.org/news{url}"
    assert Base.parse("").absolute(url) == Base.parse("").href(url) == quoted(url)


@given(st.text())
def test_a_link_can_stand_in_an_attribute(url: str) -> None:
    """A link has only characters that are safe in HTML and in a header, whatever the URL has."""
    for link in (quoted(url), Base.parse("https://example.org/").file_href(url)):
        assert link.isascii()
        assert not set(link) & set(" \"'<>`&\\\n\r\t{}|^")


@given(st.text())
def test_a_link_to_a_file_names_the_file_alone(name: str) -> None:
    """A `#` or `?` in a file's name does not become a fragment or query."""
    link = Base.parse("https://example.org/news/").file_href(f"/{name}")

    assert unquote(urlsplit(link).path) == f"/news/{name}"
    assert not urlsplit(link).query
    assert not urlsplit(link).fragment


@pytest.mark.parametrize(
    ("base_url", "href", "absolute"),
    [
        ("", "/a/", "/a/"),
        ("https://example.org/", "/a/", "https://example.org/a/"),
        ("https://example.org/news/", "/news/a/", "https://example.org/news/a/"),
        ("http://localhost:8000/", "/a/", "http://localhost:8000/a/"),
        ("https://e.org/新聞/", "/%E6%96%B0%E8%81%9E/a/", "https://e.org/%E6%96%B0%E8%81%9E/a/"),
        ("https://e.org/%E6%96%B0/", "/%E6%96%B0/a/", "https://e.org/%E6%96%B0/a/"),
    ],
)
def test_links_begin_with_the_base_path(base_url: str, href: str, absolute: str) -> None:
    """Scheme, host and base path come from `base_url`, however it is written."""
    base = Base.parse(base_url)

    assert base.href("/a/") == href
    assert base.absolute("/a/") == absolute


def test_a_fragment_stays_one() -> None:
    """A link to a place in a page keeps its fragment and query."""
    assert Base.parse("").href("/a/?page=2#top") == "/a/?page=2#top"


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("/news/a.jpg", "https://example.org/news/a.jpg"),
        ("https://example.net/a b.jpg?x=1&y=%20", "https://example.net/a%20b.jpg?x=1&y=%20"),
        ("//example.net/a.jpg", "https://example.net/a.jpg"),
        ("/news/a.jpg?v=é", "https://example.org/news/a.jpg?v=%C3%A9"),
        ("data:image/png,x", None),
        ("javascript:alert(1)", None),
        ("a.jpg", None),
    ],
)
def test_whole_addresses(href: str, address: str | None) -> None:
    """A link can be read elsewhere if it has a host, or gets that of the site."""
    assert Base.parse("https://example.org/news/").whole(href) == address
