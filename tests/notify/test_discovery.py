"""Where other pages take notifications: every case of the public test suites, on loopback."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs

import pytest

from sitegen.config.loading import from_table
from sitegen.model import moments
from sitegen.notify.articles import SourceArticle
from sitegen.notify.delivery import Delivery, Outcome
from sitegen.notify.delivery_log import DeliveryLog
from sitegen.notify.discovery import Endpoint, find_endpoint
from sitegen.notify.tasks import plan_tasks
from sitegen.web.fetching import Fetcher
from tests.wild_server import LOOPBACK, Answerer, Asked, Line, Wild, answer, wild

NOW = moments.parse("2024-11-05T12:00Z")
SOURCE = "https://paper.example/2024/11/04/flood/"
CONFIG = from_table({"title": "The Paper", "notify": {"pause": 0, "seconds": 10}})
PAGE = "https://other.example/page/"


def tell(site: Path, target: str) -> list[Outcome]:
    """Tell one page that an article links to it."""
    article = SourceArticle(SOURCE, "Flood", "The river rose.", (target,), "1")
    found = plan_tasks("flood", article, (), NOW)
    fetcher = Fetcher("tests", ports=None, allowed=LOOPBACK)
    return list(Delivery(DeliveryLog(site), fetcher, CONFIG, NOW, lambda _: None).run(found.due))


class Case(NamedTuple):
    """A page of webmention.rocks: its `Link` headers, its head, its body, where it is taken."""

    links: tuple[str, ...] = ()
    head: str = ""
    body: str = ""
    name: str = "Link"
    ok: str = "/test/{n}/webmention"


# {n} is the case's number, {abs} the server, {E} an endpoint where nothing may arrive.
CASES = {
    1: Case(("</test/{n}/webmention>; rel=webmention",)),
    2: Case(("<{abs}/test/{n}/webmention>; rel=webmention",)),
    3: Case(head='<link rel="webmention" href="/test/{n}/webmention">'),
    4: Case(head='<link href="{abs}/test/{n}/webmention" rel="webmention">'),
    5: Case(body='<a rel="webmention" href="/test/{n}/webmention">here</a>'),
    6: Case(body='<a href="{abs}/test/{n}/webmention" rel="webmention">here</a>'),
    7: Case(("<{abs}/test/{n}/webmention>; rel=webmention",), name="LinK"),
    8: Case(('<{abs}/test/{n}/webmention>; rel="webmention"',)),
    9: Case(head='<link rel="webmention somethingelse" href="{abs}/test/{n}/webmention">'),
    10: Case(('<{abs}/test/{n}/webmention>; rel="webmention somethingelse"',)),
    11: Case(
        ('</test/{n}/webmention>; rel="webmention"',),
        '<link rel="webmention" href="{E}">',
        '<a rel="webmention" href="{E}">no</a>',
    ),
    12: Case(
        head='<link rel="not-webmention" href="{E}">',
        body='<a href="/test/{n}/webmention" rel="webmention">here</a>',
    ),
    13: Case(
        body='<!-- <a href="{E}" rel="webmention"></a> -->'
        '<a href="/test/{n}/webmention" rel="webmention">here</a>'
    ),
    14: Case(
        body='<code>&lt;a href="{E}" rel="webmention"&gt;&lt;/a&gt;</code>'
        '<a href="/test/{n}/webmention" rel="webmention">here</a>'
    ),
    15: Case(head='<link rel="webmention" href="">', ok="/test/{n}"),
    16: Case(
        body='<a href="/test/{n}/webmention" rel="webmention">here</a>'
        '<link rel="webmention" href="{E}">'
    ),
    17: Case(
        body='<link rel="webmention" href="/test/{n}/webmention">'
        '<a rel="webmention" href="{E}">no</a>'
    ),
    18: Case(('<{E}>; rel="other"', '</test/{n}/webmention>; rel="webmention"')),
    19: Case(('<{E}>; rel="other", </test/{n}/webmention>; rel="webmention"',)),
    20: Case(
        body='<link rel="webmention"><a rel="webmention" href="/test/{n}/webmention">here</a>'
    ),
    21: Case(
        head='<link rel="webmention" href="/test/{n}/webmention?query=yes">',
        ok="/test/{n}/webmention?query=yes",
    ),
    22: Case(head='<link rel="webmention" href="{n}/webmention">'),
}


def page_of(case: Case, number: int, server: Wild) -> bytes:
    """Return the answer of a case's page."""
    words = {"n": number, "abs": server.url(""), "E": f"/test/{number}/webmention/error"}
    html = f"<!DOCTYPE html><head>{case.head}</head><body>{case.body}<p>A page.</p></body>"
    for name, value in words.items():
        html = html.replace(f"{{{name}}}", str(value))
    whole = answer(html)
    head, gap, body = whole.partition(b"\r\n\r\n")
    lines = "".join(f"\r\n{case.name}: {link.format(**words)}" for link in case.links)
    return head + lines.encode() + gap + body


@pytest.mark.parametrize("number", CASES)
def test_the_endpoint_is_found(number: int, tmp_path: Path) -> None:
    """Cases 1 to 22 of webmention.rocks: there it is posted to, once, and nowhere else."""
    case = CASES[number]
    path, ok = f"/test/{number}", case.ok.format(n=number)
    with wild({}) as server:
        page = page_of(case, number, server)

        def give(line: Line, asked: Asked) -> None:
            line.send(page if asked.method == "GET" else answer("", "202 Accepted"))

        server.routes = {path: give, ok: give}
        target = server.url(path)
        (outcome,) = tell(tmp_path, target)

    posts = [asked for asked in server.asked if asked.method == "POST"]
    assert [asked.target for asked in posts] == [ok]
    assert posts[0].headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(posts[0].body.decode()) == {"source": [SOURCE], "target": [target]}
    assert outcome.state == "told"


def test_an_endpoint_is_relative_to_where_the_page_has_moved(tmp_path: Path) -> None:
    """Case 23: keys that are good for one request; the target stays the address in the article."""
    used: list[str] = []

    def page(line: Line, asked: Asked) -> None:
        if asked.target in used:
            line.send(answer("used up", "400 Bad Request"))
            return
        used.append(asked.target)
        line.send(
            answer(
                '<a rel="webmention" href="webmention-endpoint/K2">here</a>',
                Link="<webmention-endpoint/K2>; rel=webmention",
            )
        )

    routes: dict[str, bytes | Answerer] = {
        "/test/23/page": answer("", "302 Found", Location="page/K1"),
        "/test/23/page/K1": page,
        "/test/23/page/webmention-endpoint/K2": answer("", "201 Created", Location="/status/1"),
    }
    with wild(routes) as server:
        (outcome,) = tell(tmp_path, server.url("/test/23/page"))
        asked = server.asked[-1]

    assert outcome.state == "told"
    assert outcome.status_url == server.url("/status/1")
    assert parse_qs(asked.body.decode())["target"] == [server.url("/test/23/page")]
    assert len(server.asked) == 3


def found(
    body: str = "",
    headers: Mapping[str, list[str]] | None = None,
    ways: tuple[str, ...] = ("webmention", "pingback", "trackback"),
) -> Endpoint | None:
    """Return what is found on a page."""
    return find_endpoint(
        PAGE, {"content-type": ["text/html"], **(headers or {})}, body.encode(), ways, PAGE
    )


def test_only_links_count() -> None:
    """No other element has an endpoint, whatever its attributes are."""
    assert found('<b href="/no" rel="webmention">no</b>') is None


def test_what_is_no_html_has_no_elements() -> None:
    """A text that quotes HTML offers nothing."""
    body = '<link rel="webmention" href="/no">'
    assert found(body, {"content-type": ["text/plain"]}) is None


def test_a_link_of_another_page_is_not_ours() -> None:
    """A `Link` header may speak of other pages (RFC 8288, 3.2)."""
    link = '</no>; rel="webmention"; anchor="/other/"'
    assert found(headers={"link": [link]}) is None


def test_a_quoted_text_is_no_link() -> None:
    """Commas and angle brackets may stand in a title."""
    link = '</one>; title="a, <b>; rel=webmention"; rel="next", </two>; rel="webmention"'
    assert found(headers={"link": [link]}) == ("webmention", "https://other.example/two")


def test_the_best_way_is_taken() -> None:
    """Webmention before Pingback before TrackBack, among those that are wanted."""
    body = (
        '<link rel="pingback" href="https://other.example/xmlrpc">'
        '<link rel="webmention" href="/wm">' + rdf(PAGE, "https://other.example/tb/1")
    )
    assert found(body) == ("webmention", "https://other.example/wm")
    assert found(body, ways=("trackback", "pingback")) == (
        "pingback",
        "https://other.example/xmlrpc",
    )
    assert found(body, ways=("trackback",)) == ("trackback", "https://other.example/tb/1")
    assert found(body, ways=()) is None


# Pingback


@pytest.mark.parametrize(
    ("html", "url"),
    [
        (
            '<link rel="pingback" href="https://a.example/x?b=1&amp;c=2">',
            "https://a.example/x?b=1&c=2",
        ),
        ('<link rel="pingback" href="https://a.example/x" />', "https://a.example/x"),
        ('<link rel="pingback" href="https://a.example/x"/>', "https://a.example/x"),
        ('<link rel="pingback" href="https://a.example/&amp;lt;">', "https://a.example/&lt;"),
        ('<link href="https://a.example/x" rel="pingback">', None),
        ("<link rel='pingback' href='https://a.example/x'>", None),
    ],
)
def test_a_pingback_link_is_word_for_word(html: str, url: str | None) -> None:
    """Pingback 1.0 gives a pattern and asks clients not to be more lenient."""
    assert found(html) == (("pingback", url) if url else None)


def test_the_pingback_header_beats_the_link() -> None:
    """`X-Pingback` comes first, and a `Link` header is none of Pingback's."""
    body = '<link rel="pingback" href="https://a.example/link">'
    header = {"x-pingback": ["https://a.example/header"]}
    assert found(body, header) == ("pingback", "https://a.example/header")
    assert found(headers={"link": ['<https://a.example/>; rel="pingback"']}) is None


# TrackBack


def rdf(about: str, ping: str) -> str:
    """Return the block of RDF that Movable Type puts into a page."""
    return f"""<!--
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
         xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/"
         xmlns:dc="http://purl.org/dc/elements/1.1/">
<rdf:Description
    rdf:about="{about}"
    trackback:ping="{ping}"
    dc:title="A page"
    dc:identifier="{about}" />
</rdf:RDF>
-->"""


def test_the_block_of_the_page_itself_is_taken() -> None:
    """A page of a list has a block for each of its articles."""
    other, own = (
        rdf("https://other.example/b/", "/tb/2"),
        rdf(PAGE, "https://other.example/tb?a=1&amp;b"),
    )
    assert found(other + own) == ("trackback", "https://other.example/tb?a=1&b")
    assert found(other) is None


def test_a_block_is_found_under_the_address_that_was_linked_to() -> None:
    """A page that has moved may still speak of itself by its old name."""
    body = rdf("https://old.example/p#more", "https://old.example/tb").encode()
    assert find_endpoint(PAGE, {}, body, requested="https://old.example/p") == (
        "trackback",
        "https://old.example/tb",
    )
