"""What is read of a page, of its addresses and of its tags."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.check.addresses import External, Internal, OutsideBase, Resolver
from sitegen.check.feeds import read_feed
from sitegen.check.pages import read_page
from sitegen.output.writing import FIRST_LINE, MANIFEST
from sitegen.web.static_host import Found, Moved, StaticHost

FILES = frozenset(
    {"index.html", "a/index.html", "a/b.html", "css/site.css", "a b/ü#1.svg", "A/x.txt"}
)


def named(html: str) -> list[tuple[str, str]]:
    """Return what a page names, by kind."""
    return [(link.kind, link.target) for link in read_page(html).links]


def faults(html: str) -> list[str]:
    """Return what is wrong with the tags of a page."""
    return [fault.message for fault in read_page(html).faults if fault.rule == "nesting"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href=" /a/?b&amp;c ">', [("link", "/a/?b&c")]),
        ('<a href="x" href="y">', [("link", "x")]),
        ('<a rel="nofollow ugc" href="x">', []),
        (
            '<img src="x" srcset="y 1x, z 2x" alt="">',
            [("image", "x"), ("image", "y"), ("image", "z")],
        ),
        ('<img srcset="a,b.jpg 2x" alt="">', [("image", "a,b.jpg")]),
        (
            '<video src="x" poster="y"><source src="z"></video>',
            [("file", "x"), ("image", "y"), ("file", "z")],
        ),
        ('<link rel="preconnect" href="x"><link rel="STYLESHEET" href="y">', [("file", "y")]),
        ('<link rel="alternate icon" href="x">', [("link", "x")]),
        (
            '<meta property="og:image" content="x"><meta name="og:title" content="y">',
            [("image", "x")],
        ),
        ('<meta http-equiv="Refresh" content="0; URL=\'/a/\'">', [("link", "/a/")]),
        ('<!-- <a href="x"> --><script>"<a href=x>"</script>', []),
        ('<svg><image xlink:href="x"/><use href="#y"/></svg>', [("image", "x"), ("file", "#y")]),
    ],
)
def test_what_a_page_names(html: str, expected: list[tuple[str, str]]) -> None:
    """Every way in which a browser is told of a page, a picture or a file is known."""
    assert named(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li>a<li>b<ul><li>c</ul></ul>",
        "<dl><dt>a<dd>b<dt>c</dl>",
        "<table><tr><td>a<td>b<tr><th>c</table>",
        "<table><thead><tr><td><p>a<tbody><tr><td>b</table>",
        "<p>a<p>b<div>c</div>",
        "<div><p>a</div>",
        "<select><option>a<option>b</select>",
        "<svg><path d='x'/><g><circle/></g></svg>",
        "<br><img alt=''><input></br>",
        "<!doctype html><html><head><title>a</title><body>b",
        "<script>'</div>'</script><style>a > b {}</style>",
        "<ruby>a<rp>(<rt>b<rp>)</ruby>",
    ],
)
def test_end_tags_that_may_be_left_out_may(html: str) -> None:
    """What the HTML Standard allows is no fault."""
    assert faults(html) == []


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b><i>a</b></i>", ["<i> is not closed before </b>", "</i> has no start tag"]),
        ("<div><div>a</div>", ["<div> is never closed"]),
        ("a</section>", ["</section> has no start tag"]),
        ("<p><div>a</div></p>", ["</p> without an open <p>: a block element inside has closed it"]),
        ("<a href=x><a href=y>a</a></a>", ["<a> inside another <a>"]),
        ("</b></b></b></b></b>", ["</b> has no start tag"] * 3),
    ],
)
def test_what_changes_the_tree_is_a_fault(html: str, expected: list[str]) -> None:
    """Crossed, left open and left over tags are told; what follows from many of them is not."""
    assert faults(html) == expected


ELEMENTS = st.sampled_from(["div", "b", "section", "em", "span", "ul", "svg", "article"])
TREES = st.recursive(
    st.sampled_from(["text", "<br>", '<img src="x" alt="y">', "&amp;", "<!-- </b> -->"]),
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>", ELEMENTS, st.lists(inner)
    ),
)


@given(TREES)
def test_whole_trees_have_no_fault(html: str) -> None:
    """Whatever is opened and ended in order is right."""
    assert faults(html) == []


@given(st.text(alphabet="<>/ab =\"'!-pimg&;#"))
def test_no_text_is_too_strange_for_a_page(text: str) -> None:
    """Reading never fails, and every place lies in the text."""
    page = read_page(text)

    places = [link.start for link in page.links] + [fault.start for fault in page.faults]
    assert all(0 <= start < len(text) for start in places)


@given(st.binary(), st.sampled_from(["feed.xml", "feed.json", "x.rss"]))
def test_no_bytes_are_too_strange_for_a_feed(data: bytes, path: str) -> None:
    """Reading a feed never fails, and what is no feed has a fault."""
    feed = read_feed(path, data)

    assert feed.faults


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/news/a/#x", Internal("a/index.html", "x", is_there=True)),
        ("/news/a", Internal("a/index.html", "", is_there=True)),
        ("/news/", Internal("index.html", "", is_there=True)),
        ("/news", Internal("index.html", "", is_there=True)),
        ("../A/x.txt?v=1", Internal("A/x.txt", "", is_there=True)),
        ("../a%20b/%C3%BC%231.svg", Internal("a b/ü#1.svg", "", is_there=True)),
        ("b.html", Internal("a/b.html", "", is_there=True)),
        ("#Top", Internal("a/index.html", "", is_there=True)),
        ("#a%20b:~:text=c", Internal("a/index.html", "a b", is_there=True)),
        ("../../../news/a/", Internal("a/index.html", "", is_there=True)),
        ("/news/lost", Internal("lost", "", is_there=False)),
        ("/news/%ff", Internal("news/%ff", "", is_there=False)),
        ("/about/", OutsideBase("/about/")),
        ("https://EXAMPLE.org/news/a/#x", Internal("a/index.html", "x", is_there=True)),
        ("//example.org/news/lost", Internal("lost", "", is_there=False)),
        ("https://example.org/shop/", None),
        ("https://example.com/a#b", External("https://example.com/a")),
        ("//example.com", External("https://example.com")),
        ("HTTP://example.com/ä", External("http://example.com/ä")),
        ("http://[bad", Internal("http://[bad", "", is_there=False)),
        ("mailto:a@b.c", None),
        ("javascript:void(0)", None),
    ],
)
def test_where_an_address_leads(target: str, expected: object) -> None:
    """An address is read as a browser reads it on the page /news/a/."""
    addresses = Resolver("https://example.org/news/", FILES)

    assert addresses.resolve(target, "/news/a/") == expected


PATHS = st.lists(
    st.sampled_from(["a", "b", "A", "x.txt", "ü", "index.html"]), min_size=1, max_size=3
)


@given(st.sets(PATHS.map("/".join), min_size=1), PATHS, st.sampled_from(["", "/"]))
def test_what_is_there_is_what_a_host_sends(files: set[str], parts: list[str], end: str) -> None:
    """A link is whole exactly where the preview's host sends a file, or moves to one."""
    files = {path for path in files if not any(other.startswith(f"{path}/") for other in files)}
    url = "/" + "/".join(parts) + end
    found = Resolver("", frozenset(files)).resolve(quote(url), "/")

    assert isinstance(found, Internal)
    assert found.is_there == _is_sent(files, url)


def _is_sent(files: set[str], url: str) -> bool:
    host = _Listed(files)
    return isinstance(host.find(quote(url).encode(), ""), Found | Moved)


class _Listed(StaticHost):
    """A host whose files are known without a folder."""

    def __init__(self, files: set[str]) -> None:
        super().__init__(Path("nowhere"))
        self._listed = frozenset(files)

    def files(self) -> frozenset[str]:
        """Return the files."""
        return self._listed


def test_the_list_of_files_is_the_manifests(tmp_path: Path) -> None:
    """What the property above asks a host is what a host with a folder answers."""
    (tmp_path / MANIFEST).write_text(f"{FIRST_LINE}\na/index.html\n")

    assert StaticHost(tmp_path).find(b"/a", "") == _Listed({"a/index.html"}).find(b"/a", "")
