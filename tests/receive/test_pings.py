"""Rules of `sitegen.receive.pings` and `.verifying`: mentions from the wire to the file.

The cases are those of https://webmention.rocks and of the W3C's checklist for receivers, of
Pingback 1.0 and TrackBack 1.2, on loopback servers.
"""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from xml.etree.ElementTree import fromstring

import pytest

from sitegen.responses import moderation
from sitegen.responses.paths import Place
from sitegen.web.fetching import Limits
from tests.previews import Answer
from tests.receiving import FORM, TARGET, ReceiverClient, receiving
from tests.wild_server import Asked, Line, Wild, answer, moved, wild

LINK = f'<title>A blog</title><p>I read <a href="{TARGET}">this</a>.</p>'


@pytest.fixture
def blog() -> Iterator[Wild]:
    """A site that names us at /post."""
    with wild({"/post": answer(LINK)}) as server:
        yield server


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[ReceiverClient]:
    """A receiver that is patient with one sender."""
    rules = {"per_address": 1000, "per_source": 1000}
    with receiving(tmp_path, receive=rules) as made:
        yield made


def send(receiver: ReceiverClient, source: str, target: str = TARGET) -> Answer:
    """Send a webmention and let it be looked at."""
    got = receiver.form("webmention", source=source, target=target)
    receiver.run_due_jobs()
    return got


# Webmention


def test_a_webmention_waits_for_a_moderator(receiver: ReceiverClient, blog: Wild) -> None:
    """202 without Location; the source is looked at later, and what it says is filed."""
    got = receiver.form("webmention", source=blog.url("/post"), target=TARGET)
    assert got.status == 202
    assert got.headers["Location"] is None
    assert got.body
    assert blog.asked == []

    receiver.run_due_jobs()
    (found,) = receiver.responses()
    assert (found.kind, found.source) == ("webmention", blog.url("/post"))
    assert (found.title, found.text, found.mention) == ("A blog", "I read this.", "mention")
    assert "text/html" in blog.asked[0].headers["accept"]


NO_SCHEME = "jwoijgoisdjlskjegisvjowuehjtkx"
GOOD = "https://blog.example/post"


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (NO_SCHEME, TARGET),
        (GOOD, "owiejduvyeiwljjjcjmvbpsouehgd"),
        (NO_SCHEME, "owiejduvyeiwljjjcjmvbpsouehgd"),
        ("", TARGET),
        (GOOD, ""),
        (TARGET, TARGET),
        (TARGET, f"{TARGET}#a"),
        ("ftp://blog.example/", TARGET),
        ("javascript:alert(1)", TARGET),
        ("https://user@blog.example/", TARGET),
        ("https://blog.example/a b", TARGET),
        ("https://blog.example/\r\nX: y", TARGET),
        (GOOD, "https://other.example/2024/11/04/flood/"),
        (GOOD, "https://news.example/2024/11/04/flood/"),
        (GOOD, "https://news.example/paper/"),
        (GOOD, "https://news.example/paper/2024/11/05/closed/"),
        (GOOD, "https://news.example/paper/2024/11/04/nothing/"),
        (GOOD, "https://news.example/paper/%2e%2e/%2e%2e/etc/passwd"),
        (GOOD, f"{TARGET}?a=b"),
        (GOOD, "https://news.example:8000/paper/2024/11/04/flood/"),
        (GOOD, "https://[news.example/paper/2024/11/04/flood/"),
        (f"https://blog.example/{'x' * 3000}", TARGET),
        (GOOD, f"{TARGET}#{'x' * 3000}"),
    ],
)
def test_a_mention_that_cannot_be_one_is_refused_at_once(
    source: str, target: str, receiver: ReceiverClient
) -> None:
    """400 for addresses that are none, for the same twice, for what is no open article of ours."""
    assert send(receiver, source, target).status == 400
    assert receiver.made.context.database.waiting() == 0
    assert receiver.files() == []


def test_source_and_target_come_as_a_form(receiver: ReceiverClient) -> None:
    """Another content type, or a body that is none, is the sender's mistake."""
    for kind, body in (
        ("application/json", b'{"source": "x"}'),
        ("multipart/form-data; boundary=x", b"--x--"),
        ("", b""),
        (FORM, b"\xff=\xff"),
        (FORM, b"&".join(b"a%d=b" % number for number in range(100))),
    ):
        got = receiver.send("POST", "webmention", body, {"Content-Type": kind})
        assert got.status in (400, 415)


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{TARGET}</p>",
        f"<!-- <a href={TARGET}>x</a> -->",
        "<p>nothing</p>",
    ],
)
def test_a_source_without_a_link_leaves_no_trace(
    page: str, receiver: ReceiverClient, blog: Wild
) -> None:
    """A text, a comment of HTML or nothing at all: the sender is answered as always."""
    blog.routes["/post"] = answer(page)
    assert send(receiver, blog.url("/post")).status == 202
    assert blog.targets() == ["/post"]
    assert receiver.files() == []
    assert receiver.made.context.database.waiting() == 0


def test_the_target_may_have_a_fragment(receiver: ReceiverClient, blog: Wild) -> None:
    """It is ignored when the link is looked for."""
    send(receiver, blog.url("/post"), f"{TARGET}#paragraph")
    assert len(receiver.responses()) == 1


def test_redirects_of_the_source_are_followed(receiver: ReceiverClient, blog: Wild) -> None:
    """The source that was sent is what is filed."""
    blog.routes |= {"/1": moved("/2"), "/2": moved("/post")}
    send(receiver, blog.url("/1"))
    assert [found.source for found in receiver.responses()] == [blog.url("/1")]


def test_an_endless_redirect_is_given_up(receiver: ReceiverClient, blog: Wild) -> None:
    """After the limit, and for good."""
    blog.routes["/loop"] = moved("/loop")
    send(receiver, blog.url("/loop"))
    assert len(blog.asked) <= 20
    assert receiver.files() == []
    assert receiver.made.context.database.waiting() == 0


def test_the_same_pair_is_filed_once(receiver: ReceiverClient, blog: Wild) -> None:
    """Sent again, waiting or filed, it makes no second response."""
    for _ in range(3):
        receiver.form("webmention", source=blog.url("/post"), target=TARGET)
    receiver.run_due_jobs()
    send(receiver, blog.url("/post"))
    assert len(receiver.responses()) == 1
    assert receiver.files() == [f"responses/pending/2024-flood/{receiver.responses()[0].id}.md"]


def approve(receiver: ReceiverClient) -> str:
    """Approve all that waits, and return the id of the last one."""
    name = ""
    for place in list(moderation.places(receiver.site, "pending")):
        moderation.move(receiver.site, place, "shown")
        name = place.id
    return name


def test_an_update_waits_again_and_replaces(receiver: ReceiverClient, blog: Wild) -> None:
    """A source that says something else comes to the moderator as the same response."""
    send(receiver, blog.url("/post"))
    name = approve(receiver)
    send(receiver, blog.url("/post"))
    assert receiver.responses() == []  # nothing new was said

    blog.routes["/post"] = answer(LINK.replace("A blog", "Another title"))
    receiver.clock.forward(hours=1)
    send(receiver, blog.url("/post"))
    (waiting,) = receiver.responses()
    (shown,) = receiver.responses("shown")
    assert (waiting.id, waiting.title, shown.title) == (name, "Another title", "A blog")
    assert waiting.date == shown.date
    assert waiting.changed == receiver.clock()
    approve(receiver)
    assert [found.title for found in receiver.responses("shown")] == ["Another title"]
    assert receiver.responses() == []


@pytest.mark.parametrize(
    "gone",
    [
        answer("", "410 Gone"),
        answer("<p>Nothing any more</p>"),
        answer(f'<meta http-equiv="Status" content="410 Gone">{LINK}'),
    ],
    ids=["410", "no link", "meta"],
)
def test_a_source_that_is_gone_takes_its_response_along(
    gone: bytes, receiver: ReceiverClient, blog: Wild
) -> None:
    """With the next build it is off the page; when it comes back, so does the response."""
    send(receiver, blog.url("/post"))
    name = approve(receiver)
    blog.routes["/post"] = gone
    assert send(receiver, blog.url("/post")).status == 202
    assert receiver.files() == [f"responses/deleted/2024-flood/{name}.md"]

    blog.routes["/post"] = answer(LINK)
    send(receiver, blog.url("/post"))
    assert receiver.files() == [f"responses/pending/2024-flood/{name}.md"]


def test_a_source_that_is_missing_keeps_its_response(receiver: ReceiverClient, blog: Wild) -> None:
    """404 and 403 say nothing for sure: only 410 deletes."""
    send(receiver, blog.url("/post"))
    approve(receiver)
    for status in ("404 Not Found", "403 Forbidden"):
        blog.routes["/post"] = answer("", status)
        send(receiver, blog.url("/post"))
    assert len(receiver.responses("shown")) == 1


@pytest.mark.parametrize("status", ["spam", "deleted"])
def test_what_a_moderator_decided_stays(status: str, receiver: ReceiverClient, blog: Wild) -> None:
    """A source that was thrown out does not come back by being sent again."""
    send(receiver, blog.url("/post"))
    (found,) = receiver.responses()
    place = Place("pending", found.thread, found.id)
    moderation.move(receiver.site, place, "spam" if status == "spam" else "deleted")
    blog.routes["/post"] = answer(LINK.replace("A blog", "Better now"))
    send(receiver, blog.url("/post"))
    assert receiver.responses() == []
    assert len(receiver.files()) == 1


def test_a_source_that_is_away_is_tried_again(receiver: ReceiverClient, blog: Wild) -> None:
    """A server that cannot answer now is asked again with growing pauses, and then forgotten."""
    blog.routes["/post"] = answer("", "503 Service Unavailable")
    send(receiver, blog.url("/post"))
    receiver.run_due_jobs()
    assert len(blog.asked) == 1
    for count, minutes in ((2, 2), (3, 11), (4, 121)):
        receiver.clock.forward(minutes=minutes)
        receiver.run_due_jobs()
        assert len(blog.asked) == count
    assert receiver.made.context.database.waiting() == 0

    blog.routes["/post"] = answer("", "503 Service Unavailable")
    send(receiver, blog.url("/post"))
    blog.routes["/post"] = answer(LINK)
    receiver.clock.forward(minutes=2)
    receiver.run_due_jobs()
    assert len(receiver.responses()) == 1


def test_a_source_that_could_be_anything_is_filed_as_text(
    receiver: ReceiverClient, blog: Wild
) -> None:
    """Scripts in titles and names, line ends, addresses of people: filed as text, or left out."""
    blog.routes["/post"] = answer(
        "<title>&lt;script&gt;alert(1)&lt;/script&gt;&#10;staff: true&#10;---</title>"
        f'<p class="p-author">ann@example.org</p><p><a href="{TARGET}">a</a>'
        "&lt;img onerror=x&gt; \u202e</p>"
    )
    send(receiver, blog.url("/post"))
    (found,) = receiver.responses()
    assert found.title == "<script>alert(1)</script> staff: true ---"
    assert found.author == ""
    assert not found.staff
    assert receiver.files() == [f"responses/pending/2024-flood/{found.id}.md"]


def test_nothing_of_the_source_is_told(receiver: ReceiverClient, blog: Wild) -> None:
    """An inner address, a dead one, a good one: the sender sees the same answer."""
    answers = {
        (got.status, got.text)
        for source in (
            blog.url("/post"),
            "http://10.0.0.1/",
            "http://192.168.0.1:8080/",
            "http://169.254.169.254/latest/",
            "http://[::1]/",
            "http://127.0.0.2/",
            "http://127.0.0.1:1/",
        )
        for got in [send(receiver, source)]
    }
    assert len(answers) == 1
    assert len(receiver.responses()) == 1


@pytest.mark.parametrize("kind", ["endless", "slow", "silent"])
def test_a_hostile_source_holds_nobody(kind: str, tmp_path: Path) -> None:
    """A body without end or without haste is given up, and the receiver goes on answering."""

    def hostile(line: Line, _asked: Asked) -> None:
        if kind == "silent":
            line.hang()
        line.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        line.drip(b"x" * 65536 if kind == "endless" else b"x")

    limits = Limits(seconds=2, most_bytes=200_000)
    with (
        wild({"/bad": hostile, "/post": answer(LINK)}) as server,
        receiving(tmp_path, limits=limits) as receiver,
    ):
        send(receiver, server.url("/bad"))
        assert receiver.files() == []
        send(receiver, server.url("/post"))
        assert len(receiver.responses()) == 1


def test_one_site_sends_only_so_much(tmp_path: Path, blog: Wild) -> None:
    """The limit for a source's host holds however many addresses send for it."""
    rules = {"per_source": 2, "proxies": ["127.0.0.1"]}
    with receiving(tmp_path, receive=rules) as receiver:
        codes = [
            receiver.form(
                "webmention",
                {"X-Forwarded-For": f"203.0.113.{number}"},
                source=blog.url(f"/{number}"),
                target=TARGET,
            ).status
            for number in range(4)
        ]
    assert codes == [202, 202, 429, 429]


def test_people_can_send_a_mention_by_hand(receiver: ReceiverClient, blog: Wild) -> None:
    """In a browser the endpoint is a form, and answers it with a page."""
    page = receiver.send("GET", "webmention")
    assert page.status == 200
    assert 'name="source"' in page.text
    accept = {"Accept": "text/html,application/xhtml+xml"}
    got = receiver.form("webmention", accept, source=blog.url("/post"), target=TARGET)
    assert (got.status, "will be checked" in got.text) == (202, True)
    refused = receiver.form("webmention", accept, source="x", target="<b>")
    assert refused.status == 400
    assert "<b>" not in refused.text


# Pingback


def ping(receiver: ReceiverClient, body: bytes) -> object:
    """Send an XML-RPC call, and return the string or the fault of the answer."""
    got = receiver.send("POST", "pingback", body, {"Content-Type": "text/xml"})
    assert got.status == 200
    receiver.run_due_jobs()
    try:
        ((value,), _) = xmlrpc.client.loads(got.body)
    except xmlrpc.client.Fault as fault:
        return fault.faultCode
    return value


def call(source: str, target: str = TARGET, method: str = "pingback.ping") -> bytes:
    """Return the body of a call."""
    return xmlrpc.client.dumps((source, target), method).encode()


def test_a_pingback_is_looked_at_like_a_webmention(receiver: ReceiverClient, blog: Wild) -> None:
    """Success is a string; the source is verified before anything is filed."""
    assert isinstance(ping(receiver, call(blog.url("/post"))), str)
    (found,) = receiver.responses()
    assert (found.kind, found.title, found.mention) == ("pingback", "A blog", "")
    blog.routes["/none"] = answer("<p>no link</p>")
    assert isinstance(ping(receiver, call(blog.url("/none"))), str)
    assert len(receiver.responses()) == 1


def test_a_page_that_sends_both_is_filed_once(receiver: ReceiverClient, blog: Wild) -> None:
    """A Pingback and a Webmention of the same pair are one mention."""
    send(receiver, blog.url("/post"))
    ping(receiver, call(blog.url("/post")))
    assert len(receiver.responses()) == 1


def test_faults_tell_only_of_ourselves(receiver: ReceiverClient) -> None:
    """A target that is none of ours is told; all else is the fault 0."""
    assert ping(receiver, call(GOOD, "https://news.example/paper/nothing/")) == 33
    assert ping(receiver, call("nonsense")) == 0
    assert ping(receiver, call(GOOD, method="system.listMethods")) == 0
    assert ping(receiver, xmlrpc.client.dumps((GOOD,), "pingback.ping").encode()) == 0
    assert ping(receiver, xmlrpc.client.dumps(([1], {"a": 2}), "pingback.ping").encode()) == 0


LAUGHS = "".join(
    f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' if number else '<!ENTITY l0 "lol">'
    for number in range(10)
)


@pytest.mark.parametrize(
    "body",
    [
        f"<!DOCTYPE x [{LAUGHS}]><methodCall><methodName>&l9;</methodName></methodCall>",
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><methodCall/>',
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><methodCall>&f;</methodCall>',
        "<!DOCTYPE methodCall><methodCall/>",
        "<methodCall>",
        "",
        "\0",
        "<a>" * 5000,
        '<?xml version="1.0" encoding="utf-7"?><methodCall/>',
        '<?xml version="1.0" encoding="nonsense"?><methodCall/>',
        "not xml",
    ],
)
def test_xml_with_entities_or_none_at_all_is_a_fault(body: str, receiver: ReceiverClient) -> None:
    """A document type is refused, and broken XML does no harm."""
    assert ping(receiver, body.encode()) == 0
    assert receiver.files() == []


def test_a_large_pingback_is_not_read(receiver: ReceiverClient) -> None:
    """Two addresses fit into 16 kB."""
    got = receiver.send("POST", "pingback", b"<" * 20_000, {"Content-Type": "text/xml"})
    assert got.status == 413


# TrackBack


def track(
    receiver: ReceiverClient, body: bytes, kind: str = FORM, path: str = "2024/11/04/flood/"
) -> str:
    """Send a ping, and return the message of the answer: "" is success."""
    got = receiver.send("POST", f"trackback/{path}", body, {"Content-Type": kind})
    assert got.status == 200
    assert got.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert got.body.startswith(b"<?xml")
    receiver.run_due_jobs()
    root = fromstring(got.text)  # noqa: S314 - our own
    assert root.findtext("error") in ("0", "1")
    return root.findtext("message") or ""


def test_a_trackback_is_believed_when_the_link_is_there(
    receiver: ReceiverClient, blog: Wild
) -> None:
    """Title, excerpt and name are those of the ping; the page must link to the article."""
    source = quote(blog.url("/post"))
    body = f"title=Foo+Bar&url={source}&excerpt=My+Excerpt&blog_name=Foo".encode()
    assert track(receiver, body, f"{FORM}; charset=utf-8") == ""
    (found,) = receiver.responses()
    assert (found.kind, found.title, found.text, found.site) == (
        "trackback",
        "Foo Bar",
        "My Excerpt",
        "Foo",
    )


def test_a_trackback_without_a_link_back_is_not_filed(receiver: ReceiverClient, blog: Wild) -> None:
    """The protocol does not ask for a link; we do, before anything is shown."""
    blog.routes["/spam"] = answer("<p>Cheap pills</p>")
    body = f"title=a&url={quote(blog.url('/spam'))}&excerpt={quote(TARGET)}".encode()
    assert track(receiver, body) == ""
    assert receiver.files() == []


@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc_jp", "iso2022_jp"])
@pytest.mark.parametrize("way", ["header", "field", "nothing", "raw"])
def test_japanese_trackbacks_are_legible(
    codec: str, way: str, receiver: ReceiverClient, blog: Wild
) -> None:
    """Shift_JIS, EUC-JP, ISO-2022-JP and UTF-8: declared, declared elsewhere, or not at all."""
    names = {
        "utf-8": "UTF-8",
        "cp932": "Shift_JIS",
        "euc_jp": "EUC-JP",
        "iso2022_jp": "ISO-2022-JP",
    }
    title, excerpt = "エルダーマスの高潮", "港の記事を読みました。とても怖いと思いました。"
    made = title.encode(codec) if way == "raw" and codec != "iso2022_jp" else b""
    body = b"&".join(
        [
            b"url=" + quote(blog.url("/post")).encode(),
            b"title=" + (made or quote(title.encode(codec)).encode()),
            b"excerpt=" + quote(excerpt.encode(codec)).encode(),
            *([b"charset=" + names[codec].encode()] if way == "field" else []),
        ]
    )
    kind = f"{FORM}; charset={names[codec]}" if way == "header" else FORM
    assert track(receiver, body, kind) == ""
    (found,) = receiver.responses()
    assert (found.title, found.text) == (title, excerpt)


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b"title=a", FORM, "source"),
        (b"", FORM, "source"),
        (b"url=javascript:alert(1)", FORM, "source"),
        (b"url=https://a.example/&title=+ADw-script+AD4-", f"{FORM}; charset=utf-7", "encoding"),
        (b"url=https://a.example/&title=x&charset=UTF-7", FORM, "encoding"),
        (b"url=https://a.example/&title=%ff%fe%ff", FORM, "encoding"),
        (b"{}", "application/json", "Send the form as"),
        (b"x" * 200_000, FORM, "too large"),
    ],
)
def test_a_wrong_trackback_is_answered_in_xml(
    body: bytes, kind: str, said: str, receiver: ReceiverClient
) -> None:
    """Errors are `<error>1</error>` with a message, whatever is wrong."""
    assert said in track(receiver, body, kind)
    assert receiver.files() == []


def test_a_trackback_is_to_an_open_article(receiver: ReceiverClient) -> None:
    """Closed, absent, or a path that leads elsewhere."""
    body = b"url=https://a.example/"
    assert "does not accept" in track(receiver, body, path="2024/11/05/closed/")
    assert "no such" in track(receiver, body, path="2024/11/04/none/")
    assert "no such" in track(receiver, body, path="../../../etc/passwd")
    assert "no such" in track(receiver, body, path="%2e%2e/%2e%2e/x")


def test_a_get_is_no_ping(receiver: ReceiverClient) -> None:
    """Pings by GET were removed from the protocol in 2003."""
    got = receiver.send("GET", "trackback/2024/11/04/flood/?url=https://a.example/")
    assert "must use HTTP POST" in got.text
    assert receiver.made.context.database.waiting() == 0


def test_the_same_trackback_is_a_success_and_nothing_more(
    receiver: ReceiverClient, blog: Wild
) -> None:
    """Senders repeat themselves."""
    body = f"url={quote(blog.url('/post'))}&title=x".encode()
    assert [track(receiver, body) for _ in range(3)] == ["", "", ""]
    assert len(receiver.responses()) == 1


def test_long_texts_are_cut(receiver: ReceiverClient, blog: Wild) -> None:
    """The protocol lets receivers crop."""
    body = f"url={quote(blog.url('/post'))}&title={'t' * 900}&excerpt={'e' * 9000}".encode()
    track(receiver, body)
    (found,) = receiver.responses()
    assert (len(found.title), len(found.text)) == (250, 252)


def test_what_is_off_is_not_there(tmp_path: Path) -> None:
    """Pingback and TrackBack are off unless they are switched on."""
    with receiving(tmp_path, responses={"receiver": "https://respond.example/"}) as receiver:
        assert receiver.send("POST", "pingback", call(GOOD)).status == 404
        assert receiver.send("POST", "trackback/2024/11/04/flood/", b"url=x").status == 404
