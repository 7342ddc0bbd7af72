"""Rules of `sitegen.receive.moderation_pages`: who decides, and what other sites cannot do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from sitegen.receive import sign_ins
from sitegen.receive.environment import Secrets
from sitegen.receive.mail import MailSettings, message_about
from sitegen.receive.tokens import Tokens
from sitegen.responses import moderation
from sitegen.responses.paths import Place, path_of
from tests.previews import Answer
from tests.receiving import SECRET, ReceiverClient, receiving

HOST = {"Host": "respond.example", "Origin": "http://respond.example"}
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[ReceiverClient]:
    """A receiver with one comment that waits."""
    with receiving(tmp_path) as made:
        made.comment(name="Ann", text=EVIL, website="https://ann.example/")
        made.run_due_jobs()
        yield made


def sign_in(receiver: ReceiverClient, secret: str = SECRET) -> dict[str, str]:
    """Sign in, and return the headers of whoever did."""
    got = receiver.form("moderation/login", HOST, secret=secret)
    assert got.status == 303
    cookie = got.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}
    return {**HOST, "Cookie": cookie.partition(";")[0]}


def token_of(page: Answer) -> str:
    """Return the token of the forms of a page."""
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    assert found
    return found[1]


def waiting(receiver: ReceiverClient) -> str:
    """Return the path of the only response that waits."""
    (found,) = receiver.responses()
    return path_of(Place("pending", found.thread, found.id))


def test_without_the_secret_nothing_is_shown(receiver: ReceiverClient) -> None:
    """The page asks for the secret, and tells nothing."""
    page = receiver.send("GET", "moderation/")
    assert "Ann" not in page.text
    assert 'type="password"' in page.text
    wrong = receiver.form("moderation/login", HOST, secret="x" * 26)
    assert wrong.status == 403
    assert wrong.headers["Set-Cookie"] is None
    for cookie in ("moderator=x", "moderator=", "moderator=WyJ4Il0.x.y"):
        assert "Ann" not in receiver.send("GET", "moderation/", headers={"Cookie": cookie}).text


def test_a_moderator_sees_and_approves(receiver: ReceiverClient) -> None:
    """What waits is shown as text, and a button puts it on the page."""
    headers = sign_in(receiver)
    page = receiver.send("GET", "moderation/", headers=headers)
    assert "<script>" not in page.text
    assert EVIL in unescape(page.text)
    path = waiting(receiver)
    got = receiver.form(
        "moderation/act", headers, token=token_of(page), path=path, action="approve"
    )
    assert got.status == 303
    assert [found.author for found in receiver.responses("shown")] == ["Ann"]
    assert "Ann" in receiver.send("GET", "moderation/?show=shown", headers=headers).text
    # Pressed twice, nothing more happens.
    again = receiver.form("moderation/act", headers, token=token_of(page), path=path, action="spam")
    assert again.status == 303
    assert receiver.responses("spam") == []


def test_names_and_titles_are_isolated(receiver: ReceiverClient) -> None:
    """What strangers call themselves changes the order of nothing beside it."""
    head = (
        'author: "\u05de"', 'title: "\u05d0"', 'site: "\u05d5"', 'url: "https://\u05d3.example/"',
        'source: "https://\u05d3.example/1"',
    )  # fmt: skip
    text = "\n".join(("---", "kind: webmention", "date: 2026-11-23T10:00:00Z", *head, "---", ""))
    path = receiver.site / "responses/pending/2024-flood/aa.md"
    path.write_text(text, "utf-8")
    page = receiver.send("GET", "moderation/", headers=sign_in(receiver)).text
    for words in (
        "\u05de",
        "\u05d0",
        "\u05d5",
        "https://\u05d3.example/",
        "https://\u05d3.example/1",
    ):
        assert f"<bdi>{words}</bdi>" in page


@pytest.mark.parametrize(("action", "status"), [("spam", "spam"), ("delete", "deleted")])
def test_what_is_thrown_out_can_come_back(
    action: str, status: str, receiver: ReceiverClient
) -> None:
    """Spam and deleted responses are moved, and can be moved back."""
    headers = sign_in(receiver)
    token = token_of(receiver.send("GET", "moderation/", headers=headers))
    path = waiting(receiver)
    receiver.form("moderation/act", headers, token=token, path=path, action=action)
    moved = path.replace("pending", status)
    assert receiver.files() == [moved]
    assert "Ann" in receiver.send("GET", f"moderation/?show={status}", headers=headers).text
    receiver.form("moderation/act", headers, token=token, path=moved, action="wait")
    assert receiver.files() == [path]


@pytest.mark.parametrize(
    "changed",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Cookie": ""},
        {"token": ""},
        {"token": "0" * 64},
        {"token": "é"},
        {"path": "../../sitegen.toml"},
        {"path": "responses/pending/../../sitegen.toml"},
        {"path": "/etc/passwd"},
        {"action": "explode"},
        {"action": ""},
    ],
    ids=str,
)
def test_a_form_of_another_site_moves_nothing(
    changed: dict[str, str], receiver: ReceiverClient
) -> None:
    """A cookie is not enough: the form must be ours, and name a response."""
    headers = sign_in(receiver)
    path = waiting(receiver)
    fields = {
        "token": token_of(receiver.send("GET", "moderation/", headers=headers)),
        "path": path,
        "action": "approve",
    }
    names = {"token", "path", "action"}
    fields |= {name: value for name, value in changed.items() if name in names}
    headers |= {name: value for name, value in changed.items() if name not in names}
    assert receiver.form("moderation/act", headers, **fields).status in (400, 403)
    assert receiver.files() == [path]


def test_the_token_of_another_session_is_worth_nothing(receiver: ReceiverClient) -> None:
    """Each session has its own."""
    one, other = sign_in(receiver), sign_in(receiver)
    token = token_of(receiver.send("GET", "moderation/", headers=other))
    got = receiver.form(
        "moderation/act", one, token=token, path=waiting(receiver), action="approve"
    )
    assert got.status == 403


def test_a_session_ends(receiver: ReceiverClient) -> None:
    """With another secret, all sessions are over."""
    headers = sign_in(receiver)
    tokens = Tokens(receiver.made.context.database.key, "another secret altogether")
    cookie = headers["Cookie"].partition("=")[2]
    assert not tokens.is_session(cookie)
    assert Tokens(receiver.made.context.database.key, SECRET).is_session(cookie)


def test_signing_out_ends_the_session(receiver: ReceiverClient) -> None:
    """Whoever has copied the cookie gets nothing for it; other sessions go on."""
    headers, other = sign_in(receiver), sign_in(receiver)
    token = token_of(receiver.send("GET", "moderation/", headers=headers))
    got = receiver.form("moderation/logout", headers, token=token)
    assert 'moderator=""' in (got.headers["Set-Cookie"] or "")
    assert "Ann" not in receiver.send("GET", "moderation/", headers=headers).text
    act = {"path": waiting(receiver), "action": "approve"}
    assert receiver.form("moderation/act", headers, token=token, **act).status == 403
    receiver.clock.forward(hours=11)
    assert "Ann" not in receiver.send("GET", "moderation/", headers=headers).text
    assert "Ann" in receiver.send("GET", "moderation/", headers=other).text


def from_address(address: str, **headers: str) -> dict[str, str]:
    """Return the headers of a form that our proxy got from an address."""
    return {**HOST, "X-Forwarded-For": address, **headers}


def test_wrong_sign_ins_slow_down_their_own_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The eleventh waits, the one far behind it is told when to come back; nobody else is."""
    monkeypatch.setattr(sign_ins, "SECONDS", 0.02)
    monkeypatch.setattr(sign_ins, "MOST_SECONDS", 0.05)
    with receiving(tmp_path, receive={"proxies": ["127.0.0.1"]}) as receiver:
        guessing = from_address("203.0.113.7")
        tries = [receiver.form("moderation/login", guessing, secret=f"{n:030}") for n in range(14)]
        assert [got.status for got in tries] == [403] * 12 + [429] * 2
        assert tries[-1].headers["Retry-After"] == "1"
        # The clock of the test stands still: of the network itself the right one waits, too.
        assert receiver.form("moderation/login", guessing, secret=SECRET).status == 429
        elsewhere = from_address("198.51.100.7")
        assert receiver.form("moderation/login", elsewhere, secret=SECRET).status == 303
        receiver.clock.forward(seconds=0.02)
        assert receiver.form("moderation/login", guessing, secret=SECRET).status == 303


def test_a_known_browser_goes_through(tmp_path: Path) -> None:
    """A session goes on, and whoever signed in here before can again, whatever others try."""
    with receiving(tmp_path) as receiver:
        first = receiver.form("moderation/login", HOST, secret=SECRET)
        session, browser = (
            cookie.partition(";")[0] for cookie in first.headers.get_all("Set-Cookie") or ()
        )
        assert browser.startswith("moderator-browser=")
        for number in range(10):
            receiver.form("moderation/login", HOST, secret=f"{number:030}")
        known = {**HOST, "Cookie": session}
        assert 'name="token"' in receiver.send("GET", "moderation/", headers=known).text
        known = {**HOST, "Cookie": browser}
        again = receiver.form("moderation/login", known, secret=SECRET)
        assert again.status == 303
        assert len(again.headers.get_all("Set-Cookie") or ()) == 1
        # Somebody who has stolen it can only guess as slowly.
        wrong = [
            receiver.form("moderation/login", known, secret=f"{n:030}").status for n in range(10)
        ]
        assert wrong == [403] * 10
        tokens = Tokens(receiver.made.context.database.key, "another secret altogether")
        assert not tokens.is_browser(browser.partition("=")[2])


def test_the_pages_cannot_be_framed_stored_or_scripted(receiver: ReceiverClient) -> None:
    """Headers forbid frames, caches, scripts and forms that lead elsewhere."""
    headers = sign_in(receiver)
    for page in (
        receiver.send("GET", "moderation/"),
        receiver.send("GET", "moderation/", headers=headers),
        receiver.send("GET", "moderation/decide?t=x"),
    ):
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
        assert "script" not in policy
        assert page.headers["X-Frame-Options"] == "DENY"
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_a_secure_receiver_sets_a_secure_cookie(tmp_path: Path) -> None:
    """Behind https the cookie is sent over https only, and no neighbouring host can set it."""
    with receiving(tmp_path, responses={"receiver": "https://respond.example/"}) as receiver:
        headers = {"Host": "respond.example", "Origin": "https://respond.example"}
        got = receiver.form("moderation/login", headers, secret=SECRET)
        cookie = got.headers["Set-Cookie"]
    assert cookie.startswith("__Host-moderator=")
    assert "Secure" in cookie
    assert "Path=/" in cookie


def test_without_a_secret_there_is_no_page(tmp_path: Path) -> None:
    """A receiver whose environment names no secret can be moderated in the terminal only."""
    with receiving(tmp_path, secrets=Secrets("", "")) as receiver:
        assert receiver.send("GET", "moderation/").status == 404
        assert receiver.form("moderation/login", HOST, secret="").status == 404
        link = Tokens(receiver.made.context.database.key, "").new_link(
            "responses/pending/a/b.md", b""
        )
        assert receiver.send("GET", f"moderation/decide?t={link}").status == 403


def test_a_receiver_lies_below_a_path(tmp_path: Path) -> None:
    """Whether the proxy passes the path on or takes it away."""
    with receiving(tmp_path, responses={"receiver": "http://news.example/respond/"}) as receiver:
        for path in ("respond/moderation/", "moderation/"):
            assert 'action="/respond/moderation/login"' in receiver.send("GET", path).text
        headers = {"Host": "news.example", "Origin": "http://news.example"}
        got = receiver.form("respond/moderation/login", headers, secret=SECRET)
        assert got.headers["Location"] == "/respond/moderation/"


# Links in mails


def link_of(receiver: ReceiverClient) -> str:
    """Return what the link of the mail about the waiting response carries."""
    settings = MailSettings("sendmail:/bin/true", "", "a@example.org", ("b@example.org",))
    found = moderation.list_responses(receiver.site, "pending", receiver.made.context.config)
    text = message_about(found, receiver.made.context, settings).get_content()
    link = re.search(r"http://respond\.example/(moderation/decide\?t=\S+)", text)
    assert link
    return link[1]


def test_a_link_shows_and_only_its_form_decides(receiver: ReceiverClient) -> None:
    """Mail programs open links: looking changes nothing, however often."""
    link = link_of(receiver)
    for _ in range(3):
        page = receiver.send("GET", link)
        assert page.status == 200
        assert EVIL in unescape(page.text)
        assert "<script>" not in page.text
    assert len(receiver.responses()) == 1
    receiver.send("HEAD", link)
    token = link.partition("=")[2]
    assert receiver.form("moderation/decide", HOST, t=token, action="approve").status == 200
    assert len(receiver.responses("shown")) == 1


def test_a_mail_reverses_nothing(receiver: ReceiverClient) -> None:
    """A mail is plain text, which cannot isolate: so what would reverse it is left out."""
    receiver.comment(text="one \u202e two")
    receiver.run_due_jobs()
    settings = MailSettings("sendmail:/bin/true", "", "a@example.org", ("b@example.org",))
    found = moderation.list_responses(receiver.site, "pending", receiver.made.context.config)
    text = message_about(found, receiver.made.context, settings).get_content()
    assert "> one  two" in text


def test_a_link_works_once(receiver: ReceiverClient) -> None:
    """Neither twice, nor after somebody else has decided."""
    link = link_of(receiver)
    token = link.partition("=")[2]
    path = waiting(receiver)
    receiver.form("moderation/decide", HOST, t=token, action="spam")
    assert receiver.form("moderation/decide", HOST, t=token, action="approve").status == 410
    (receiver.site / path).write_bytes(
        (receiver.site / path.replace("pending", "spam")).read_bytes()
    )
    assert receiver.send("GET", link).status == 410
    assert receiver.form("moderation/decide", HOST, t=token, action="approve").status == 410
    assert receiver.responses("shown") == []


def test_a_link_is_about_the_text_that_was_read(receiver: ReceiverClient) -> None:
    """After a change the link decides nothing any more."""
    link = link_of(receiver)
    path = receiver.site / waiting(receiver)
    path.write_bytes(path.read_bytes() + b"And more.\n")
    token = link.partition("=")[2]
    assert receiver.send("GET", link).status == 409
    assert receiver.form("moderation/decide", HOST, t=token, action="approve").status == 409
    assert len(receiver.responses()) == 1


def test_links_cannot_be_made_by_others(receiver: ReceiverClient) -> None:
    """A link of another key, of another kind, or changed in one sign."""
    token = link_of(receiver).partition("=")[2]
    said, dot, signature = token.rpartition(".")
    path = waiting(receiver)
    data = (receiver.site / path).read_bytes()
    key = receiver.made.context.database.key
    forged = (
        Tokens(key, "another secret altogether").new_link(path, data),
        Tokens(b"another key", SECRET).new_link(path, data),
        Tokens(key, SECRET).new_session(),
        # Of the last sign not every bit counts.
        f"{said}{dot}{'A' if signature[0] != 'A' else 'B'}{signature[1:]}",
        "x" * 5000,
        "",
        "é",
    )
    for text in forged:
        assert receiver.form("moderation/decide", HOST, t=text, action="approve").status == 403
    assert len(receiver.responses()) == 1


def test_the_form_of_a_link_comes_from_its_page(receiver: ReceiverClient) -> None:
    """Another site that got hold of a link cannot make a browser decide."""
    token = link_of(receiver).partition("=")[2]
    headers = {**HOST, "Origin": "https://evil.example"}
    assert receiver.form("moderation/decide", headers, t=token, action="approve").status == 403
    assert len(receiver.responses()) == 1
