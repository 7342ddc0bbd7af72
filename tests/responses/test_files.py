"""Response files: what they may say, what is refused, and that writing and reading agree."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.settings import Config
from sitegen.model import moments
from sitegen.model.errors import Location
from sitegen.model.moments import Moment
from sitegen.responses.files import (
    Response,
    new_id,
    read,
    response_bytes,
    url_fault,
    without_hints,
)
from sitegen.responses.paths import place_of

PATH = "responses/2023-03-14-flood/01aa.md"
DATE = moments.parse("2026-11-23T13:55:02Z")
COMMENT = Response("2023-03-14-flood", "01aa", "comment", "Maud Tennick", DATE, "Two tides.")
PING = COMMENT._replace(kind="trackback", author="", text="", source="https://quay.example.org/1")


def said(*lines: str, text: str = "Two tides.") -> bytes:
    """Return the bytes of a file with these lines in its head."""
    return "\n".join(("---", *lines, "---", "", text, "")).encode()


GOOD = ("kind: comment", "author: Maud", "date: 2026-11-23T13:55:02Z")


def faults(*lines: str, text: str = "Two tides.") -> list[str]:
    """Return the messages about a file, with the line of each."""
    found = read(PATH, said(*lines, text=text), Config())[1]
    return [f"{item.location.line if item.location else 0}: {item.message}" for item in found]


def test_a_file_says_what_was_said() -> None:
    """Thread and id come from the path, the rest from the head, the text from below it."""
    response, problems = read(PATH, said(*GOOD, "url: https://maud.example.org/"), Config())
    assert problems == []
    assert response == COMMENT._replace(author="Maud", url="https://maud.example.org/")


texts = st.text(max_size=200)
lines = st.text(min_size=1, max_size=40)


@given(text=texts, author=lines, title=texts, hints=st.lists(lines, max_size=3))
def test_what_is_written_is_read_again(
    text: str, author: str, title: str, hints: list[str]
) -> None:
    """Whatever a reader typed, the file that holds it is a good one and says the same."""
    response = COMMENT._replace(
        text=f"a{text}", author=f"Maud {author}", title=title, hints=tuple(hints)
    )
    data = response_bytes(response)
    found, problems = read(PATH, data, Config())
    assert problems == []
    assert found is not None
    assert response_bytes(found) == data
    assert (found.kind, found.date, found.id) == ("comment", DATE, "01aa")
    assert len(found.hints) <= len(hints)


def test_a_plain_response_survives_the_file_unchanged() -> None:
    """Every field comes back as it was put in."""
    whole = Response(
        "2023-03-14-flood",
        "01aa",
        "webmention",
        "Idris Marl",
        DATE,
        "He writes:\n\n> 'no' # so: \"there\"",
        url="https://idris.example.org/",
        source="https://idris.example.org/flood",
        title='On "floods": a note',
        site="Idris's notes",
        in_reply_to="01bb",
        mention="reply",
        lang="en-GB",
        changed=DATE + timedelta(days=1),
        format="markdown",
        staff=True,
        hints=("three links", "a word: cheap"),
    )
    assert read(PATH, response_bytes(whole), Config()) == (whole, [])


def test_a_comment_cannot_look_like_an_unresolved_merge() -> None:
    """A reader's text with the marks of a conflict does not stop the site from being built."""
    data = response_bytes(COMMENT._replace(text="<<<<<<< HEAD\nours\n=======\n>>>>>>> theirs"))
    response, problems = read(PATH, data, Config())
    assert problems == []
    assert response is not None
    assert "<<<<<<< HEAD" in response.text


@pytest.mark.parametrize(
    "key",
    ["email", "e-mail", "mail", "author_email", "Mail", "ip", "IP", "ip_address", "remote_ip",
     "remote_addr", "user_agent", "phone"],
)  # fmt: skip
def test_keys_for_addresses_of_people_are_refused(key: str) -> None:
    """What must not be published of a person cannot stand in a file that is."""
    assert faults(*GOOD, f"{key}: x") == [f'5: "{key}" is not allowed in a response']


@pytest.mark.parametrize("name", ["maud@example.org", "192.0.2.7", "2001:db8::1", "::1"])
def test_a_name_is_not_an_address(name: str) -> None:
    """Somebody without a name is not called by a mail or network address."""
    message = '3: "author" is an email or IP address'
    assert faults(GOOD[0], f'author: "{name}"', GOOD[2]) == [message]


@pytest.mark.parametrize("key", ["id", "status", "article"])
def test_a_file_does_not_repeat_its_place(key: str) -> None:
    """What the path says cannot be said differently inside."""
    assert faults(*GOOD, f"{key}: pending") == [f'5: "{key}" does not belong here']


@pytest.mark.parametrize(
    ("lines", "text", "expected"),
    [
        ((), "x", ['1: "kind" is missing', '1: "date" is missing']),
        (("kind: coment", *GOOD[1:]), "x", ['2: "kind" cannot be "coment"']),
        (("kind: comment", GOOD[2]), "x", ['2: "author" is missing']),
        (GOOD, "", ["5: the comment has no text"]),
        (("kind: webmention", GOOD[2]), "", ['2: "source" is missing']),
        ((*GOOD, "source: https://a.example/"), "x", ['5: "source" does not belong in a comment']),
        ((*GOOD, "in_reply_to: ../x"), "x", ['5: "../x" is not the id of a comment']),
        ((*GOOD[:2], "date: 4/11/2024"), "x", ['4: "date": ']),
        ((*GOOD, "autor: x"), "x", ['5: unknown key "autor"']),
        ((*GOOD, "mention: love"), "x", ['5: "mention" cannot be "love"']),
        ((*GOOD, "author: y"), "x", ['5: "author" is given twice']),
    ],
)
def test_what_is_wrong_is_told_at_its_line(
    lines: tuple[str, ...], text: str, expected: list[str]
) -> None:
    """Each mistake has a message, and the line to look at."""
    found = faults(*lines, text=text)
    assert len(found) == len(expected)
    for message, begins in zip(found, expected, strict=True):
        assert message.startswith(begins)


def test_all_mistakes_are_told_at_once() -> None:
    """One run finds everything that is wrong with a file."""
    found = faults("kind: coment", "author: a@b.example", "email: x", "url: ftp://x", "id: 3")
    assert len(found) == 6


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//a.example", "http://", "mailto:a@b.example",
     "https://a.example/<b>", "https://a b.example/", "https://u:p@a.example/", "http://[", "x",
     "https://a.example:99999/", f"https://a.example/{'x' * 2000}", "https://a.example/'\"onclick"],
)  # fmt: skip
def test_only_pages_of_the_web_are_linked(url: str) -> None:
    """No other scheme, no login and nothing that could leave its attribute is an address."""
    assert url_fault(url)
    assert url_fault(f"{url}\u0001")
    with pytest.raises(ValueError, match="cannot be"):
        response_bytes(COMMENT._replace(url=url))


def test_good_addresses_are_taken() -> None:
    """Ports, queries and other scripts are fine."""
    for url in ("https://a.example", "http://a.example:8080/x?y=1#z", "https://日本.example/高潮"):
        assert url_fault(url) is None


@pytest.mark.parametrize(
    "path",
    ["articles/x/y.md", "responses/y.md", "responses/a/b/c.md", "responses/a/B.md",
     "responses/a/b.txt", "responses/../b.md", "responses/.a/b.md", "responses/pending/b.md",
     "responses/pending/pending/b.md", "responses/a/-b.md", "responses/a/.md", "responses//b.md",
     f"responses/a/{'b' * 65}.md"],
)  # fmt: skip
def test_what_is_not_named_as_a_response_is_none(path: str) -> None:
    """Only files in the right place are responses."""
    assert place_of(path) is None
    response, problems = read(path, said(*GOOD), Config())
    assert response is None
    assert [item.location for item in problems] == [Location(path)]


@pytest.mark.parametrize(
    "sign", [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
)
def test_what_reverses_text_is_no_part_of_a_name(sign: str) -> None:
    """Names, titles and sites are read and written without it, and whoever wrote it is told."""
    data = said(*GOOD, f"title: Tide {sign}gnir", f"site: {sign}Quay")
    found, problems = read(PATH, data, Config())
    assert found is not None
    assert (found.title, found.site) == ("Tide gnir", "Quay")
    assert [item.severity for item in problems] == ["warning"] * 2
    assert f'"title" contains the character U+{ord(sign):04X}' in problems[1].message
    assert sign not in response_bytes(COMMENT._replace(author=f"Ma{sign}ud")).decode()
    assert faults("kind: comment", f"author: '{sign}'", GOOD[2])[-1].endswith('"author" is missing')
    assert url_fault(f"https://a.example/{sign}")


def test_a_name_in_any_script_is_a_name() -> None:
    """Marks that Hebrew, Arabic and Persian are written with stay in it."""
    for name in (
        "\u05de\u05d0\u05d5\u05d3",
        "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",
        "Maud\u200f",
    ):
        found, problems = read(PATH, said(GOOD[0], f"author: {name}", GOOD[2]), Config())
        assert found is not None
        assert (found.author, problems) == (name, [])


def test_ids_sort_by_time() -> None:
    """A later response has a greater id, and two of one moment differ by chance."""
    ids = [
        new_id(DATE + timedelta(milliseconds=step), bytes([255 - step] * 10)) for step in range(50)
    ]
    assert ids == sorted(ids)
    assert {len(id_) for id_ in ids} == {26}
    assert new_id(DATE, b"0123456789") != new_id(DATE, b"0123456780")
    assert new_id(Moment(0, "UTC"), bytes(10)) == "0" * 26


def test_hints_are_taken_out_of_the_head_alone() -> None:
    """What a moderator was told goes; a line of the text that looks like it stays."""
    told = COMMENT._replace(text='hints: ["a"]\nhints: ["b"]', hints=("three links",))
    bare = without_hints(response_bytes(told))
    assert bare == response_bytes(told._replace(hints=()))
    assert without_hints(bare) == bare


def test_what_could_not_be_read_is_not_written() -> None:
    """A response that a build would refuse never becomes a file."""
    bad = (COMMENT._replace(text=" \x00\n"), COMMENT._replace(author=""), PING._replace(source=""))
    for response in (*bad, COMMENT._replace(id="../x"), COMMENT._replace(thread="pending")):
        with pytest.raises(ValueError, match=r"."):
            response_bytes(response)
