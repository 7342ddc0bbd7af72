"""A preview answers what a static host would: no more and no less."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.output.writing import FIRST_LINE, MANIFEST
from sitegen.web.static_host import WELL_KNOWN, Found, Missing, Moved, StaticHost, content_type
from tests.sitefactory import article, build_site, make_site, write

FILES = (
    "index.html",
    "404.html",
    "2024/11/04/flood/index.html",
    "css/site.3fa9c1d2.css",
    "高潮/index.html",
    "a b/100%.png",
    "CNAME",
    ".well-known/security.txt",
    ".well-known/.hidden",
    ".htaccess",
    "a/.git/config",
)


def host(folder: Path, files: Iterable[str] = FILES) -> StaticHost:
    """Return a host for an output folder that holds these files, each with its name in it."""
    write(folder, {path: path for path in files})
    write(folder, {MANIFEST: "\n".join((FIRST_LINE, *files, ""))})
    return StaticHost(folder)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/", Found("index.html")),
        ("/index.html", Found("index.html")),
        ("/2024/11/04/flood/", Found("2024/11/04/flood/index.html")),
        ("/css/site.3fa9c1d2.css", Found("css/site.3fa9c1d2.css")),
        ("/CNAME", Found("CNAME")),
        ("/%E9%AB%98%E6%BD%AE/", Found("高潮/index.html")),
        ("/%e9%ab%98%e6%bd%ae/", Found("高潮/index.html")),
        ("/a%20b/100%25.png", Found("a b/100%.png")),
        ("/.well-known/security.txt", Found(".well-known/security.txt")),
        ("/2024/11/04/flood", Moved("/2024/11/04/flood/")),
        ("/%E9%AB%98%E6%BD%AE", Moved("/%E9%AB%98%E6%BD%AE/")),
        ("/2024/", Missing(outside=False, could_be=("2024/index.html",))),
        ("/2024", Missing(outside=False, could_be=("2024", "2024/index.html"))),
        ("/CNAME/", Missing(outside=False, could_be=("CNAME/index.html",))),
        ("/cname", Missing(outside=False, could_be=("cname", "cname/index.html"))),
    ],
)
def test_urls_stand_for_files(tmp_path: Path, target: str, expected: object) -> None:
    """Folders have an index, names are exact, and nothing is listed."""
    assert host(tmp_path).find(target.encode(), "") == expected


@pytest.mark.parametrize(
    "target",
    [
        "/.htaccess",
        "/.well-known/.hidden",
        f"/{MANIFEST}",
        "/.sitegen-tmp/1",
        "/a/.git/config",
        "/%2Ehtaccess",
        "/../index.html",
        "/css/../index.html",
        "/%2e%2e/index.html",
        "/css/%2e%2e/index.html",
        "/css%2Fsite.3fa9c1d2.css",
        "/..%2f..%2fetc%2fpasswd",
        "/css\\site.3fa9c1d2.css",
        "/css%5Csite.3fa9c1d2.css",
        "/index.html%00.png",
        "//index.html",
        "/css//site.3fa9c1d2.css",
        "/./index.html",
        "/%FF%FE",
        "/404.html/",
        "index.html",
        "http://127.0.0.1/index.html",
        "*",
        "",
    ],
)
def test_nothing_else_is_sent(tmp_path: Path, target: str) -> None:
    """Hidden files, odd spellings and ways out of the folder lead nowhere."""
    assert isinstance(host(tmp_path).find(target.encode(), ""), Missing)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/news/", Found("index.html")),
        ("/news", Moved("/news/")),
        ("/news/2024/11/04/flood", Moved("/news/2024/11/04/flood/")),
        ("/news/css/site.3fa9c1d2.css", Found("css/site.3fa9c1d2.css")),
        ("/n%65ws/", Found("index.html")),
        ("/", Missing(outside=True)),
        ("/css/site.3fa9c1d2.css", Missing(outside=True)),
        ("/newspaper/", Missing(outside=True)),
        ("/news/gone", Missing(outside=False, could_be=("gone", "gone/index.html"))),
    ],
)
def test_the_site_lies_below_its_base_path(tmp_path: Path, target: str, expected: object) -> None:
    """Nothing of the site is to be had outside its base path."""
    assert host(tmp_path).find(target.encode(), "/news") == expected


def test_what_sitegen_did_not_make_is_not_sent(tmp_path: Path) -> None:
    """A file that only lies there would not be on the real host either."""
    site = host(tmp_path)
    write(tmp_path, {"notes.txt": "private"})
    assert isinstance(site.find(b"/notes.txt", ""), Missing)


def test_an_output_that_is_not_there_yet_has_no_files(tmp_path: Path) -> None:
    """Before the first build there is nothing, and after it everything."""
    site = StaticHost(tmp_path / "output")
    assert site.files() == frozenset()
    assert site.find(b"/", "") == Missing(outside=False, could_be=("index.html",))
    host(tmp_path / "output")
    assert site.find(b"/", "") == Found("index.html")


def test_a_foreign_manifest_names_no_files(tmp_path: Path) -> None:
    """A file of that name that is not ours is not believed."""
    write(tmp_path, {"index.html": "", MANIFEST: "something else\nindex.html\n"})
    assert StaticHost(tmp_path).files() == frozenset()


def test_new_files_are_known_after_the_build(tmp_path: Path) -> None:
    """What a build adds and removes is so for the next request."""
    site = make_site(tmp_path, {"flood.md": article("Flood")})
    build_site(site)
    shown = StaticHost(site / "output")
    assert shown.find(b"/2024/11/04/flood/", "") == Found("2024/11/04/flood/index.html")

    write(site, {"articles/flood.md": None, "articles/storm.md": article("Storm")})
    build_site(site)
    assert shown.find(b"/2024/11/04/storm/", "") == Found("2024/11/04/storm/index.html")
    assert isinstance(shown.find(b"/2024/11/04/flood/", ""), Missing)
    assert shown.files() == {
        str(path.relative_to(site / "output"))
        for path in (site / "output").rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


@given(st.lists(st.sampled_from(["..", ".", "", "a", "b", "%2e%2e", "%2f", "\\", "etc"])))
def test_no_url_leads_out_of_the_folder(parts: list[str]) -> None:
    """Whatever is asked for, only files of the manifest are found."""
    site = StaticHost(Path(os.devnull))
    site_files = frozenset({"a/index.html", "b"})
    site.files = lambda: site_files  # type: ignore[method-assign]  # no disk for each example
    found = site.find("/".join(("", *parts)).encode(), "")
    assert not isinstance(found, Found) or found.path in site_files


@given(st.lists(st.text(st.characters(blacklist_characters="/\\\0"), min_size=1), min_size=1))
def test_every_file_has_its_url(parts: list[str]) -> None:
    """A file of any name is found by its percent-encoded path, unless it is hidden."""
    path = "/".join(parts)
    try:
        target = quote(f"/{path}").encode()
    except UnicodeEncodeError:  # no such name in UTF-8
        return
    site = StaticHost(Path(os.devnull))
    site.files = lambda: frozenset({path})  # type: ignore[method-assign]  # no disk
    shown = parts[1:] if parts[0] == WELL_KNOWN else parts
    expected = not any(part.startswith(".") for part in shown)
    assert (site.find(target, "") == Found(path)) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("css/site.css", "text/css; charset=utf-8"),
        ("js/search.js", "text/javascript; charset=utf-8"),
        ("feed.xml", "application/xml; charset=utf-8"),
        ("feed.json", "application/json; charset=utf-8"),
        ("icon.svg", "image/svg+xml; charset=utf-8"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("site.webmanifest", "application/manifest+json; charset=utf-8"),
        ("a.PNG", "image/png"),
        ("a.jpg", "image/jpeg"),
        ("a.webp", "image/webp"),
        ("a.avif", "image/avif"),
        ("a.mp4", "video/mp4"),
        ("a.mp3", "audio/mpeg"),
        ("a.woff2", "font/woff2"),
        ("a.pdf", "application/pdf"),
        ("a.tar.gz", "application/gzip"),
        ("CNAME", "application/octet-stream"),
        ("a.unknown", "application/octet-stream"),
    ],
)
def test_types_are_those_of_the_web(path: str, expected: str) -> None:
    """The type is that of the name, the same on every computer."""
    assert content_type(path) == expected
