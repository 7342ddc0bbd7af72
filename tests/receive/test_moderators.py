"""Rules of `sitegen.receive.moderators`: who decides, and what no other site can make her do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from sitegen.receive.environment import Secrets
from sitegen.receive.mail import Post, message_about
from sitegen.receive.tokens import Tokens
from sitegen.responses import moderation
from sitegen.responses.paths import Place, path_of
from tests.previews import Answer
from tests.receiving import SECRET, Sent, receiving

HOST = {"Host": "respond.example", "Origin": "http://respond.example"}
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Sent]:
    """A receiver with one comment that waits."""
    with receiving(tmp_path) as made:
        made.comment(name="Ann", text=EVIL, website="https://ann.example/")
        made.work_off()
        yield made


def sign_in(desk: Sent, secret: str = SECRET) -> dict[str, str]:
    """Sign in, and return the headers of whoever did."""
    got = desk.form("moderation/login", HOST, secret=secret)
    assert got.status == 303
    cookie = got.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}
    return {**HOST, "Cookie": cookie.partition(";")[0]}


def token_of(page: Answer) -> str:
    """Return the token of the forms of a page."""
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    assert found
    return found[1]


def waiting(desk: Sent) -> str:
    """Return the path of the only response that waits."""
    (found,) = desk.responses()
    return path_of(Place("pending", found.thread, found.id))


def test_without_the_secret_nothing_is_shown(desk: Sent) -> None:
    """The page asks for the secret, and tells nothing."""
    page = desk.send("GET", "moderation/")
    assert "Ann" not in page.text
    assert 'type="password"' in page.text
    wrong = desk.form("moderation/login", HOST, secret="x" * 26)
    assert wrong.status == 403
    assert wrong.headers["Set-Cookie"] is None
    for cookie in ("moderator=x", "moderator=", "moderator=WyJ4Il0.x.y"):
        assert "Ann" not in desk.send("GET", "moderation/", headers={"Cookie": cookie}).text


def test_a_moderator_sees_and_approves(desk: Sent) -> None:
    """What waits is shown as text, and a button puts it on the page."""
    headers = sign_in(desk)
    page = desk.send("GET", "moderation/", headers=headers)
    assert "<script>" not in page.text
    assert EVIL in unescape(page.text)
    path = waiting(desk)
    got = desk.form("moderation/act", headers, token=token_of(page), path=path, action="approve")
    assert got.status == 303
    assert [found.author for found in desk.responses("shown")] == ["Ann"]
    assert "Ann" in desk.send("GET", "moderation/?show=shown", headers=headers).text
    # Pressed twice, nothing more happens.
    again = desk.form("moderation/act", headers, token=token_of(page), path=path, action="spam")
    assert again.status == 303
    assert desk.responses("spam") == []


@pytest.mark.parametrize(("action", "status"), [("spam", "spam"), ("delete", "deleted")])
def test_what_is_thrown_out_can_come_back(action: str, status: str, desk: Sent) -> None:
    """Spam and deleted responses are moved, and can be moved back."""
    headers = sign_in(desk)
    token = token_of(desk.send("GET", "moderation/", headers=headers))
    path = waiting(desk)
    desk.form("moderation/act", headers, token=token, path=path, action=action)
    moved = path.replace("pending", status)
    assert desk.files() == [moved]
    assert "Ann" in desk.send("GET", f"moderation/?show={status}", headers=headers).text
    desk.form("moderation/act", headers, token=token, path=moved, action="wait")
    assert desk.files() == [path]


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
def test_a_form_of_another_site_moves_nothing(changed: dict[str, str], desk: Sent) -> None:
    """A cookie is not enough: the form must be ours, and name a response."""
    headers = sign_in(desk)
    path = waiting(desk)
    fields = {
        "token": token_of(desk.send("GET", "moderation/", headers=headers)),
        "path": path,
        "action": "approve",
    }
    names = {"token", "path", "action"}
    fields |= {name: value for name, value in changed.items() if name in names}
    headers |= {name: value for name, value in changed.items() if name not in names}
    assert desk.form("moderation/act", headers, **fields).status in (400, 403)
    assert desk.files() == [path]


def test_the_token_of_another_session_is_worth_nothing(desk: Sent) -> None:
    """Each session has its own."""
    one, other = sign_in(desk), sign_in(desk)
    token = token_of(desk.send("GET", "moderation/", headers=other))
    got = desk.form("moderation/act", one, token=token, path=waiting(desk), action="approve")
    assert got.status == 403


def test_a_session_ends(desk: Sent) -> None:
    """With another secret, all sessions are over."""
    headers = sign_in(desk)
    tokens = Tokens(desk.made.desk.ledger.key, "another secret altogether")
    cookie = headers["Cookie"].partition("=")[2]
    assert not tokens.is_session(cookie)
    assert Tokens(desk.made.desk.ledger.key, SECRET).is_session(cookie)
    token = token_of(desk.send("GET", "moderation/", headers=headers))
    got = desk.form("moderation/logout", headers, token=token)
    assert 'moderator=""' in (got.headers["Set-Cookie"] or "")


def test_the_secret_is_not_guessed(desk: Sent) -> None:
    """After ten tries even the right one has to wait."""
    codes = [desk.form("moderation/login", HOST, secret=f"{n:030}").status for n in range(11)]
    assert codes == [403] * 10 + [429]
    assert desk.form("moderation/login", HOST, secret=SECRET).status == 429
    desk.clock.forward(minutes=11)
    sign_in(desk)


def test_the_pages_cannot_be_framed_stored_or_scripted(desk: Sent) -> None:
    """Headers forbid frames, caches, scripts and forms that lead elsewhere."""
    headers = sign_in(desk)
    for page in (
        desk.send("GET", "moderation/"),
        desk.send("GET", "moderation/", headers=headers),
        desk.send("GET", "moderation/decide?t=x"),
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
    with receiving(tmp_path, responses={"receiver": "https://respond.example/"}) as desk:
        headers = {"Host": "respond.example", "Origin": "https://respond.example"}
        got = desk.form("moderation/login", headers, secret=SECRET)
        cookie = got.headers["Set-Cookie"]
    assert cookie.startswith("__Host-moderator=")
    assert "Secure" in cookie
    assert "Path=/" in cookie


def test_without_a_secret_there_is_no_page(tmp_path: Path) -> None:
    """A receiver whose environment names no secret can be moderated in the terminal only."""
    with receiving(tmp_path, secrets=Secrets("", "")) as desk:
        assert desk.send("GET", "moderation/").status == 404
        assert desk.form("moderation/login", HOST, secret="").status == 404
        link = Tokens(desk.made.desk.ledger.key, "").link("responses/pending/a/b.md", b"")
        assert desk.send("GET", f"moderation/decide?t={link}").status == 403


def test_a_receiver_lies_below_a_path(tmp_path: Path) -> None:
    """Whether the proxy passes the path on or takes it away."""
    with receiving(tmp_path, responses={"receiver": "http://news.example/respond/"}) as desk:
        for path in ("respond/moderation/", "moderation/"):
            assert 'action="/respond/moderation/login"' in desk.send("GET", path).text
        headers = {"Host": "news.example", "Origin": "http://news.example"}
        got = desk.form("respond/moderation/login", headers, secret=SECRET)
        assert got.headers["Location"] == "/respond/moderation/"


# Links in mails


def link_of(desk: Sent) -> str:
    """Return what the link of the mail about the waiting response carries."""
    post = Post("sendmail:/bin/true", "", "a@example.org", ("b@example.org",))
    found = moderation.list_responses(desk.site, "pending", desk.made.desk.config)
    text = message_about(found, desk.made.desk, post).get_content()
    link = re.search(r"http://respond\.example/(moderation/decide\?t=\S+)", text)
    assert link
    return link[1]


def test_a_link_shows_and_only_its_form_decides(desk: Sent) -> None:
    """Mail programs open links: looking changes nothing, however often."""
    link = link_of(desk)
    for _ in range(3):
        page = desk.send("GET", link)
        assert page.status == 200
        assert EVIL in unescape(page.text)
        assert "<script>" not in page.text
    assert len(desk.responses()) == 1
    desk.send("HEAD", link)
    token = link.partition("=")[2]
    assert desk.form("moderation/decide", HOST, t=token, action="approve").status == 200
    assert len(desk.responses("shown")) == 1


def test_a_link_works_once(desk: Sent) -> None:
    """Neither twice, nor after somebody else has decided."""
    link = link_of(desk)
    token = link.partition("=")[2]
    path = waiting(desk)
    desk.form("moderation/decide", HOST, t=token, action="spam")
    assert desk.form("moderation/decide", HOST, t=token, action="approve").status == 410
    (desk.site / path).write_bytes((desk.site / path.replace("pending", "spam")).read_bytes())
    assert desk.send("GET", link).status == 410
    assert desk.form("moderation/decide", HOST, t=token, action="approve").status == 410
    assert desk.responses("shown") == []


def test_a_link_is_about_the_text_that_was_read(desk: Sent) -> None:
    """After a change the link decides nothing any more."""
    link = link_of(desk)
    path = desk.site / waiting(desk)
    path.write_bytes(path.read_bytes() + b"And more.\n")
    token = link.partition("=")[2]
    assert desk.send("GET", link).status == 409
    assert desk.form("moderation/decide", HOST, t=token, action="approve").status == 409
    assert len(desk.responses()) == 1


def test_links_cannot_be_made_by_others(desk: Sent) -> None:
    """A link of another key, of another kind, or changed in one sign."""
    token = link_of(desk).partition("=")[2]
    path = waiting(desk)
    data = (desk.site / path).read_bytes()
    key = desk.made.desk.ledger.key
    forged = (
        Tokens(key, "another secret altogether").link(path, data),
        Tokens(b"another key", SECRET).link(path, data),
        Tokens(key, SECRET).session(),
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "x" * 5000,
        "",
        "é",
    )
    for text in forged:
        assert desk.form("moderation/decide", HOST, t=text, action="approve").status == 403
    assert len(desk.responses()) == 1


def test_the_form_of_a_link_comes_from_its_page(desk: Sent) -> None:
    """Another site that got hold of a link cannot make a browser decide."""
    token = link_of(desk).partition("=")[2]
    headers = {**HOST, "Origin": "https://evil.example"}
    assert desk.form("moderation/decide", headers, t=token, action="approve").status == 403
    assert len(desk.responses()) == 1
