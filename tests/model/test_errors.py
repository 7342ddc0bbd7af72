"""What an editor is told: places, code frames, hints."""

import pickle
import unicodedata
from html import unescape

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sitegen.model.errors import (
    CONTEXT_LINES,
    FRAME_WIDTH,
    Location,
    Problem,
    SitegenError,
    UsageError,
    code_frame,
    describe,
    describe_html,
    did_you_mean,
    exception_text,
    headline,
    problem,
    sort_key,
)

FLOOD = "---\ntitle: Flood\ntags: [river]\ncategory: Wrold\n---\nThe river rose.\n"

WROLD = Problem(
    'unknown category "Wrold"',
    Location("articles/2024/flood.md", 4, 11),
    'did you mean "World"?',
)


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    standing = [char for char in text if unicodedata.category(char) not in ("Mn", "Me")]
    return len(standing) + sum(unicodedata.east_asian_width(char) in "WF" for char in standing)


def test_a_problem_is_told_with_place_frame_blank_line_and_hint() -> None:
    """The text of a problem is the contract's: headline, code frame, blank line, hint."""
    assert describe(WROLD, FLOOD) == (
        'articles/2024/flood.md:4:11: unknown category "Wrold"\n'
        "  2 | title: Flood\n"
        "  3 | tags: [river]\n"
        "> 4 | category: Wrold\n"
        "    |           ^\n"
        "  5 | ---\n"
        "  6 | The river rose.\n"
        "\n"
        'hint: did you mean "World"?'
    )


def test_without_the_source_there_is_no_frame() -> None:
    """A problem whose file cannot be shown is told with its place and hint alone."""
    assert describe(WROLD) == (
        'articles/2024/flood.md:4:11: unknown category "Wrold"\nhint: did you mean "World"?'
    )


def test_a_problem_without_a_place_is_told_by_its_message() -> None:
    """A problem of no file at all is only its message."""
    assert describe(Problem("no site here"), "some text") == "no site here"


def test_a_warning_says_that_it_is_one() -> None:
    """A warning can be told from an error by its first line."""
    warning = Problem("a link leads nowhere", Location("a.md", 3), severity="warning")

    assert headline(warning) == "a.md:3: warning: a link leads nowhere"
    assert not warning.is_error
    assert headline(Problem("odd", severity="warning")) == "warning: odd"


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (Location("a.md"), "a.md"),
        (Location("a.md", 4), "a.md:4"),
        (Location("a.md", 4, 7), "a.md:4:7"),
        (Location("a.md", 0, 7), "a.md"),
    ],
)
def test_a_place_is_written_as_compilers_write_it(location: Location, text: str) -> None:
    """What is not known of a place is left out, so that editors can jump to the rest."""
    assert str(location) == text


# No "X" and no line end; tabs, wide and narrow Japanese, combining marks, controls, an emoji.
LINE_CHARACTERS = st.one_of(
    st.sampled_from("a\t 高ひアｱ\u3000\u3099\u0301é,\x00\x0b\u2028🗞"),
    st.characters(codec="utf-8", exclude_characters="X\n\r", exclude_categories=["Cn", "Co"]),
)
LINES = st.text(LINE_CHARACTERS, max_size=300)


@given(before=LINES, after=LINES)
def test_the_caret_stands_below_its_character(before: str, after: str) -> None:
    """The caret stands in the column of the faulty character, whatever stands before it."""
    frame = code_frame(f"{before}X{after}", Location("a.md", 1, len(before) + 1)).split("\n")

    shown, caret = frame
    assert columns(shown[: shown.index("X")]) == caret.index("^")
    assert caret.strip(" |") == "^"


def test_what_a_terminal_would_not_show_is_shown() -> None:
    """A tab is shown as a space, and a control character as a sign that something is there."""
    assert code_frame("a\tb\x00c\u200bd", Location("a.md", 1)) == "> 1 | a b·c·d"


@given(line=LINES, column=st.integers(1, 400))
def test_a_frame_is_never_wide(line: str, column: int) -> None:
    """A line of any length is shown in part, so that the frame fits a terminal."""
    for row in code_frame(line, Location("a.md", 1, column)).split("\n"):
        assert len(row) <= FRAME_WIDTH + len("> 1 | ")


@given(source=st.text(), line=st.integers(0, 10), column=st.integers(0, 400), newline=st.booleans())
def test_any_place_in_any_text_can_be_asked_for(
    source: str, line: int, column: int, *, newline: bool
) -> None:
    """A frame is made of any text: of its lines around the place, or of nothing."""
    frame = code_frame(source + "\n" * newline, Location("a.md", line, column))

    assert len(frame.split("\n")) <= 2 * CONTEXT_LINES + 2
    assert all(char.isprintable() for char in frame.replace("\n", ""))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_editors_count_them(end: str) -> None:
    """LF, CRLF and CR end a line; a form feed or U+2028 does not."""
    source = end.join(["one\x0c\x0bone", "two\u2028\x85two", "three", "four"])

    assert "> 3 | three" in code_frame(source, Location("a.md", 3, 1))


@pytest.mark.parametrize("line", [0, 4, 99])
def test_a_line_that_is_not_there_has_no_frame(line: int) -> None:
    """A place outside the text gives no frame: the file may have changed since."""
    assert code_frame("one\ntwo\nthree\n", Location("a.md", line, 1)) == ""


def test_the_frame_of_a_line_without_a_column_has_no_caret() -> None:
    """Where only the line is known, the frame marks the line."""
    assert code_frame("one\ntwo", Location("a.md", 2)) == "  1 | one\n> 2 | two"


def test_numbers_of_lines_stand_below_each_other() -> None:
    """The rule between numbers and text is straight, also from 9 to 10."""
    frame = code_frame("\n".join("abcdefghijkl"), Location("a.md", 9, 1)).split("\n")

    assert {row.index("|") for row in frame} == {5}


@given(message=st.text(), hint=st.text(), source=st.text(min_size=1))
def test_html_of_a_problem_holds_no_markup_but_its_own(
    message: str, hint: str, source: str
) -> None:
    """An article's text cannot put markup into the error page; nothing of it is lost."""
    item = Problem(message, Location("a.md", 1, 1), hint or None)
    frame = code_frame(source, Location("a.md", 1, 1))
    html = describe_html(item, source)

    bare = html
    for tag in ("h2", "pre", "p"):
        bare = bare.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    assert "<" not in bare
    assert ">" not in bare
    assert message in unescape(html)
    assert frame in unescape(html)
    assert hint in unescape(html)


def test_problems_come_in_the_order_of_reading() -> None:
    """Problems are told by file, line and column; those without a place come first."""
    late = Problem("a", Location("b.md", 1))
    second = Problem("b", Location("a.md", 10, 1))
    first = Problem("a", Location("a.md", 10, 1))
    early = Problem("z", Location("a.md", 2, 9))
    nowhere = Problem("no output folder")

    problems = sorted([late, second, first, early, nowhere], key=sort_key)

    assert problems == [nowhere, early, first, second, late]


@pytest.mark.parametrize("kind", [SitegenError, UsageError])
def test_an_error_keeps_its_problems_between_processes(kind: type[SitegenError]) -> None:
    """An error that a worker process raises arrives with its kind and every problem."""
    error = pickle.loads(pickle.dumps(kind(WROLD, Problem("two"))))  # noqa: S301 - our own

    assert type(error) is kind
    assert error.problems == (WROLD, Problem("two"))
    assert str(error).split("\n") == [headline(WROLD), "two"]


def test_an_error_of_one_problem_is_made_in_one_call() -> None:
    """`problem` gives an error that holds what it was told."""
    error = problem("bad", Location("a.md"), "mend it")

    assert error.problems == (Problem("bad", Location("a.md"), "mend it"),)


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("Wrold", ["World", "Sport"], "World"),
        ("world", ["World", "Sport"], "World"),
        ("categroy", ["category", "categories"], "category"),
        ("asia/tokio", ["Asia/Tokyo", "Asia/Tashkent"], "Asia/Tokyo"),
    ],
)
def test_a_slip_is_understood(word: str, known: list[str], meant: str) -> None:
    """A misspelled word gives the word that was meant, as it is spelled."""
    assert did_you_mean(word, known) == f'did you mean "{meant}"?'


def test_a_word_that_is_near_to_nothing_gives_no_guess() -> None:
    """No guess is better than a wrong one."""
    assert did_you_mean("weather", ["World", "Sport"]) is None
    assert did_you_mean("weather", []) is None


@given(known=st.lists(st.text(min_size=1), min_size=1, unique=True), data=st.data())
def test_a_known_word_in_any_case_is_understood(known: list[str], data: st.DataObject) -> None:
    """A word that differs from a known one by its case alone gives that word."""
    assume(len({name.casefold() for name in known}) == len(known))
    name = data.draw(st.sampled_from(known))

    assert did_you_mean(name.casefold(), known) == f'did you mean "{name}"?'


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("the length must be positive"), "the length must be positive"),
        (KeyError("author"), "there is no 'author'"),
        (ZeroDivisionError(), "zero division error"),
        (NotImplementedError(), "not implemented error"),
    ],
)
def test_an_exception_is_told_without_its_python_type(error: Exception, text: str) -> None:
    """What other people's code raises is told by what it says, else by its name in words."""
    assert exception_text(error) == text
