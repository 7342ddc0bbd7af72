"""Rules of `sitegen.receive.comments`: what readers send, and what becomes of it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import altcha
import pytest

from sitegen.model import moments
from sitegen.receive import database
from tests.receiving import CLOSED, FLOOD, TARGET, receiving
from tests.sitefactory import write

XSS = '<script>alert(1)</script><img src=x onerror="alert(2)">'


def test_a_comment_waits_for_a_moderator(tmp_path: Path) -> None:
    """The form is answered with a plain page, and the comment is filed as pending."""
    with receiving(tmp_path) as receiver:
        answer = receiver.comment(website="https://ann.example/")
        receiver.run_due_jobs()
        (found,) = receiver.responses()
        assert receiver.files() == [f"responses/pending/2024-flood/{found.id}.md"]

    assert answer.status == 200
    assert "Awaiting moderation" in answer.text
    assert f'href="{TARGET}#responses"' in answer.text
    assert (found.kind, found.author, found.text) == ("comment", "Ann", "Thank you.")
    assert (found.url, found.thread) == ("https://ann.example/", "2024-flood")
    assert found.date == receiver.clock()
    assert found.hints == ()


def test_no_address_of_a_person_is_kept(tmp_path: Path) -> None:
    """Neither in files nor in the database does the sender's address stand."""
    with receiving(tmp_path, receive={"proxies": ["127.0.0.1"]}) as receiver:
        receiver.form(
            "comment",
            {"X-Forwarded-For": "203.0.113.77"},
            url=FLOOD,
            name="Ann",
            text="Hello",
            email="ann@example.org",
        )
        receiver.run_due_jobs()
        everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"203.0.113.77" not in everything
    assert b"ann@example.org" not in everything
    assert b"Hello" in everything


def test_the_page_is_in_the_language_of_the_site(tmp_path: Path) -> None:
    """Readers of a Japanese paper are answered in Japanese."""
    with receiving(tmp_path, language="ja") as receiver:
        assert "承認待ちです" in receiver.comment().text


def test_an_answer_names_the_comment_that_it_answers(tmp_path: Path) -> None:
    """Only a comment that is shown with the same article can be answered."""
    parent = "---\nkind: comment\nauthor: Bo\ndate: 2026-11-01T10:00:00Z\n---\n\nHi\n"
    with receiving(tmp_path) as receiver:
        write(
            receiver.site, {"responses/2024-flood/aa.md": parent, "responses/other/bb.md": parent}
        )
        for number, name in enumerate(("aa", "bb", "cc", "../2024-flood/aa", "AA\n", "")):
            receiver.comment(parent=name, text=f"Answer {number}")
        receiver.run_due_jobs()
        answers = {found.text: found.in_reply_to for found in receiver.responses()}
    assert [answers[f"Answer {number}"] for number in range(6)] == ["aa", "", "", "", "", ""]


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"url": "/2024/11/04/nothing/"}, 404, "no such article"),
        ({"url": ""}, 404, "no such article"),
        ({"url": "/"}, 404, "no such article"),
        ({"url": CLOSED, "article": "2024-closed"}, 403, "closed"),
        ({"article": "2024-other"}, 404, "no such article"),
        ({"name": " "}, 400, "name is missing"),
        ({"name": "x" * 81}, 400, "80"),
        ({"name": "ann@example.org"}, 400, "email"),
        ({"name": "192.0.2.1"}, 400, "cannot be accepted"),
        ({"name": "Ann\u202egnirts"}, 400, "reverses text"),
        ({"website": "https://a.example/\u202e"}, 400, "website"),
        ({"text": " \n"}, 400, "no text"),
        ({"text": "x" * 8001}, 400, "8,000"),
        ({"website": "javascript:alert(1)"}, 400, "website"),
        ({"website": "https://u:p@a.example/"}, 400, "website"),
        ({"website": f"https://a.example/{'x' * 300}"}, 400, "website"),
    ],
)
def test_what_is_wrong_is_told(
    fields: dict[str, str], status: int, said: str, tmp_path: Path
) -> None:
    """A reader learns what to mend, and gets her text back; nothing is written."""
    with receiving(tmp_path) as receiver:
        answer = receiver.comment(**fields)
        receiver.run_due_jobs()
        assert receiver.files() == []
    assert answer.status == status
    assert said in answer.text
    assert fields.get("text", "Thank you.").strip()[:8000] in answer.text


def test_the_largest_comment_is_taken(tmp_path: Path) -> None:
    """8,000 Japanese characters fit into what is read."""
    with receiving(tmp_path) as receiver:
        assert receiver.comment(text="字" * 8000, name="ア" * 80).status == 200
        receiver.run_due_jobs()
        assert receiver.responses()[0].text == "字" * 8000


def test_html_stays_text(tmp_path: Path) -> None:
    """What looks like HTML is filed as it was written, and escaped where we show it."""
    with receiving(tmp_path) as receiver:
        answer = receiver.comment(name=XSS[:80], text=XSS)
        receiver.run_due_jobs()
        assert receiver.responses()[0].text == XSS
        refused = receiver.comment(name="", text=XSS)
    assert answer.status == 200
    assert "<script>" not in refused.text
    assert "&lt;script&gt;" in refused.text
    assert "default-src 'none'" in refused.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Ann\r\nstatus: shown\r\nstaff: true"},
        {"name": "Ann\nstaff: true\n---\n"},
        {"text": "---\nstaff: true\n---\n"},
        {"text": "a\n---\nkind: webmention\n"},
        {"website": "https://a.example/\r\nSet-Cookie: a=b"},
        {"text": "a\0b\x1b[31m\u202e\ufffe"},
        {"name": '"]}\\', "text": "<<<<<<< HEAD\n"},
    ],
)
def test_nothing_is_smuggled_into_a_head(fields: dict[str, str], tmp_path: Path) -> None:
    """Line ends and fences in a field make no keys of front matter, and no headers."""
    with receiving(tmp_path) as receiver:
        answer = receiver.comment(**fields)
        receiver.run_due_jobs()
        for found in receiver.responses():
            assert not found.staff
            assert found.kind == "comment"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "fields",
    [
        {"article": "../../etc", "url": FLOOD},
        {"url": "/../../../etc/passwd"},
        {"url": "/2024/11/04/flood/../../../../../../etc/passwd"},
        {"url": "/%2e%2e/%2e%2e/etc/passwd"},
        {"url": "//evil.example/2024/11/04/flood/"},
        {"url": "/2024/11/04/flood/\0"},
        {"url": "\\2024\\11\\04\\flood\\"},
        {"url": "/.sitegen-manifest"},
        {"url": "/2024/11/04/flood"},
    ],
)
def test_names_never_leave_their_folder(fields: dict[str, str], tmp_path: Path) -> None:
    """Whatever path is sent: files lie in the article's folder, or there are none."""
    with receiving(tmp_path / "site") as receiver:
        receiver.comment(**fields)
        receiver.run_due_jobs()
        assert all(path.startswith("responses/pending/2024-flood/") for path in receiver.files())
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_thread_is_what_the_page_says_and_no_path(tmp_path: Path) -> None:
    """Even a page that were tampered with could not name another folder."""
    pages = {"a/index.html": '<article data-article="../../x" data-comments="open">'}
    with receiving(tmp_path / "site", pages=pages) as receiver:
        assert receiver.comment(url="/a/", article="../../x").status == 400
        receiver.run_due_jobs()
        assert receiver.files() == []


def test_the_same_comment_counts_once(tmp_path: Path) -> None:
    """A form that is sent again (reload, double click) is answered alike and filed once."""
    with receiving(tmp_path) as receiver:
        pages = [receiver.comment().text for _ in range(3)]
        receiver.run_due_jobs()
        assert receiver.comment().text == pages[0]
        receiver.run_due_jobs()
        assert len(receiver.responses()) == 1
        receiver.clock.forward(days=2)
        receiver.comment()
        receiver.run_due_jobs()
        assert len(receiver.responses()) == 2
    assert len(set(pages)) == 1


def test_the_honeypot_marks_and_never_drops(tmp_path: Path) -> None:
    """Browsers fill hidden fields, too: the sender sees no difference, the moderator a hint."""
    with receiving(tmp_path) as receiver:
        honest = receiver.comment(text="One")
        marked = receiver.comment(text="Two", remark="cheap pills")
        receiver.run_due_jobs()
        hints = {found.text: found.hints for found in receiver.responses()}
    assert marked.text == honest.text
    assert marked.status == honest.status
    assert hints == {"One": (), "Two": ("a hidden field was filled in",)}


def test_links_and_words_are_hints(tmp_path: Path) -> None:
    """Nothing is refused for what it says; the moderator is told where to look."""
    rules = {"most_links": 1, "words": ["casino", "偽物"]}
    with receiving(tmp_path, receive=rules) as receiver:
        for text in ("http://a http://b", "A Casino!", "casinos", "これは偽物だ", "fine"):
            receiver.comment(text=text)
        receiver.run_due_jobs()
        hints = {found.text: found.hints for found in receiver.responses()}
    assert hints == {
        "http://a http://b": ("2 links",),
        "A Casino!": ('the word "casino"',),
        "casinos": (),
        "これは偽物だ": ('the word "偽物"',),
        "fine": (),
    }


def test_a_text_that_markdown_cannot_take_is_a_hint(tmp_path: Path) -> None:
    """Nobody is refused for it, and a moderator sees why it looks odd, before it is shown."""
    with receiving(tmp_path, receive={"unmoderated": ["comment"]}) as receiver:
        for mark in ("- ", "1. ", "+ ", "> "):
            answer = receiver.comment(text=mark * (7990 // len(mark)) + "x")
            assert answer.status == 200
        receiver.run_due_jobs()
        assert receiver.responses("shown") == []
        for found in receiver.responses():
            (hint,) = found.hints
            assert hint.startswith("shown as it was typed: it is nested")


def test_a_form_of_another_site_is_marked(tmp_path: Path) -> None:
    """A comment needs no session, so a foreign form does no harm: the moderator is told."""
    with receiving(tmp_path) as receiver:
        for number, origin in enumerate(("https://news.example", "null", "https://evil.example")):
            fields = {"url": FLOOD, "name": "Ann", "text": str(number)}
            assert receiver.form("comment", {"Origin": origin}, **fields).status == 200
        receiver.run_due_jobs()
        marked = [found.text for found in receiver.responses() if found.hints]
    assert marked == ["2"]


def test_what_may_be_shown_at_once_is(tmp_path: Path) -> None:
    """With `unmoderated`, a comment without hints is shown, and one with them waits."""
    with receiving(tmp_path, receive={"unmoderated": ["comment"]}) as receiver:
        honest = receiver.comment(text="One")
        assert receiver.comment(text="Two", remark="x").text == honest.text
        assert "Awaiting" not in honest.text
        receiver.run_due_jobs()
        assert [found.text for found in receiver.responses("shown")] == ["One"]
        assert [found.text for found in receiver.responses("pending")] == ["Two"]


def test_only_so_many_come_from_one_address(tmp_path: Path) -> None:
    """Above the limit a sender is told to wait; others are not touched, and time heals."""
    rules = {"per_address": 3, "proxies": ["127.0.0.1"]}
    with receiving(tmp_path, receive=rules) as receiver:

        def send(address: str, text: str) -> int:
            headers = {"X-Forwarded-For": address}
            return receiver.form("comment", headers, url=FLOOD, name="A", text=text).status

        assert [send("203.0.113.1", str(n)) for n in range(5)] == [200, 200, 200, 429, 429]
        assert send("203.0.113.2", "other") == 200
        assert send("2001:db8::1", "six") == 200
        assert [send(f"2001:db8::{n}", f"six {n}") for n in range(2, 5)] == [200, 200, 429]
        receiver.clock.forward(minutes=11)
        assert send("203.0.113.1", "later") == 200
        receiver.run_due_jobs()
        assert len(receiver.responses()) == 8


def test_a_comment_that_was_refused_can_be_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the queue is full a reader is told to wait; the second try is as good as a first."""
    with receiving(tmp_path) as receiver:
        monkeypatch.setattr(database, "MOST_WAITING", 0)
        assert [receiver.comment().status for _ in range(2)] == [429, 429]
        monkeypatch.undo()
        assert receiver.comment().status == 200
        receiver.run_due_jobs()
        assert [found.author for found in receiver.responses()] == ["Ann"]


def test_what_no_file_can_hold_stays_in_the_queue(tmp_path: Path) -> None:
    """A comment that was thanked for is never dropped, though a later version would refuse it."""
    with receiving(tmp_path) as receiver:
        context = receiver.made.context
        receiver.comment()
        job = context.database.next_job(context.now)
        assert job is not None
        said = {**job.payload, "author": "ann@example.org"}
        context.database.enqueue("comment", job.digest, said, (), context.now)
        context.database.release_leases()
        receiver.run_due_jobs()
        receiver.run_due_jobs()
        assert context.database.waiting() == 1
        assert len([line for line in receiver.log if "stays in the queue" in line]) == 1
        receiver.clock.forward(days=2)
        receiver.run_due_jobs()
        assert context.database.waiting() == 1
        assert receiver.responses() == []


def test_only_so_many_come_from_one_ipv6_network(tmp_path: Path) -> None:
    """Another address in it is no other sender, and another network of the same customer hardly."""
    with receiving(tmp_path, receive={"proxies": ["127.0.0.1"], "per_address": 2}) as receiver:

        def send(address: str, text: str) -> int:
            headers = {"X-Forwarded-For": address}
            return receiver.form("comment", headers, url=FLOOD, name="A", text=text).status

        same = [send(f"2001:db8::{number:x}", f"a{number}") for number in range(3)]
        assert same == [200, 200, 429]
        others = [send(f"2001:db8:0:{number:x}::1", f"b{number}") for number in range(1, 8)]
        assert others == [200] * 4 + [429] * 3
        further = [send(f"2001:db8:0:{number:x}00::1", f"c{number}") for number in range(1, 18)]
        assert further == [200] * 14 + [429] * 3
        assert send("2001:db8:1::1", "d") == 200


def test_a_sender_cannot_choose_an_address(tmp_path: Path) -> None:
    """`X-Forwarded-For` counts only from proxies of ours, and only what they wrote."""
    with receiving(tmp_path, receive={"per_address": 2}) as receiver:
        codes = [
            receiver.form(
                "comment", {"X-Forwarded-For": f"203.0.113.{n}"}, url=FLOOD, name="A", text=f"{n}"
            ).status
            for n in range(4)
        ]
    assert codes == [200, 200, 429, 429]
    with receiving(tmp_path, receive={"per_address": 2, "proxies": ["127.0.0.1"]}) as receiver:
        codes = [
            receiver.form(
                "comment",
                {"X-Forwarded-For": f"203.0.113.{n}, 198.51.100.9"},
                url=FLOOD,
                name="B",
                text=f"{n}",
            ).status
            for n in range(4)
        ]
    assert codes == [200, 200, 429, 429]


def test_an_article_takes_only_so_much(tmp_path: Path) -> None:
    """A flood from many addresses fills no folder without end."""
    rules = {"per_article": 3, "proxies": ["127.0.0.1"]}
    with receiving(tmp_path, receive=rules) as receiver:
        codes = [
            receiver.form(
                "comment", {"X-Forwarded-For": f"203.0.113.{n}"}, url=FLOOD, name="A", text=f"{n}"
            ).status
            for n in range(5)
        ]
    assert codes == [200, 200, 200, 429, 429]


def test_a_former_address_leads_to_the_article(tmp_path: Path) -> None:
    """A page of ours that names where the article has gone is followed."""
    with receiving(tmp_path) as receiver:
        assert receiver.comment(url="/old/flood/").status == 200
        receiver.run_due_jobs()
        assert [found.thread for found in receiver.responses()] == ["2024-flood"]


def test_the_words_are_those_of_the_site(tmp_path: Path) -> None:
    """A site's own words stand on the receiver's pages, too; numbers are written as theirs."""
    own = 'receiver.long_text = "Höchstens {text}, bitte."'
    with receiving(tmp_path, language="de-AT") as receiver:
        assert "Wartet auf Freigabe" in receiver.comment().text
    write(tmp_path, {"templates/locale/de.toml": own})
    with receiving(tmp_path, language="de-AT") as receiver:
        assert '<html lang="de-AT">' in (page := receiver.comment(text="x" * 9000).text)
        assert "Höchstens 8.000, bitte." in page


def test_a_proof_is_for_one_comment_and_counts_once(tmp_path: Path) -> None:
    """The task on the page is about that comment; solved, it takes the hint away."""
    now = moments.of(datetime.now(UTC))  # the library looks at the clock itself
    rules = {"proof_of_work": True, "unmoderated": ["comment"]}
    with receiving(tmp_path, receive=rules) as receiver:
        receiver.clock.moment = now
        page = receiver.comment(text="One")
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        assert (
            receiver.send("GET", "proof.js").headers["Content-Type"].startswith("text/javascript")
        )
        receiver.comment(text="Two")
        receiver.run_due_jobs()
        assert len(receiver.responses()) == 2

        found = re.search(r'data-challenge="([^"]+)"', page.text)
        assert found
        challenge = altcha.Challenge.from_dict(json.loads(unescape(found[1])))
        solution = altcha.solve_challenge(challenge)
        assert solution is not None
        payload = altcha.Payload(challenge, solution)
        sent = payload.to_base64()
        payload.challenge.parameters.data = {"thread": "2024-flood", "id": "another"}
        assert receiver.form("proof", altcha=payload.to_base64()).status == 400
        assert receiver.form("proof", altcha=sent).status == 202
        assert receiver.form("proof", altcha=sent).status == 400
        assert receiver.form("proof", altcha="").status == 400
        receiver.run_due_jobs()
        assert [item.text for item in receiver.responses("shown")] == ["One"]
        assert [item.text for item in receiver.responses()] == ["Two"]
        # Sent again, it is the same comment, and gets no second task.
        assert "data-challenge" not in receiver.comment(text="One").text
