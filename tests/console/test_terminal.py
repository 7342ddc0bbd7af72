"""What commands print."""

import io
import json
import re
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.console.terminal import (
    MAX_SIMILAR,
    MIN_STEPS,
    problem_texts,
    progress,
    report_json,
    report_text,
    source_text,
)
from sitegen.model.errors import Location, Problem
from tests.sitefactory import article, build_site, make_site


def broken_link(number: int, severity: str = "warning") -> Problem:
    """Return a problem of a kind that comes often."""
    message = f'the link "page-{number}.md" leads nowhere'
    if severity == "error":
        return Problem(message, Location("a.md", number))
    return Problem(message, Location("a.md", number), severity="warning")


# --- Problems


def test_problems_are_told_with_their_code_frames(tmp_path: Path) -> None:
    """The text of a problem shows the lines of its file."""
    site = make_site(tmp_path, {"a.md": "one\ntwo\n"})

    (text,) = problem_texts([Problem("bad", Location("articles/a.md", 2, 1))], site)
    assert "> 2 | two" in text


def test_a_frame_shows_the_file_as_it_is_now(tmp_path: Path) -> None:
    """In a process that builds again and again, an edited file is shown as edited."""
    site = make_site(tmp_path, {"a.md": "old\n"})
    problem = Problem("bad", Location("articles/a.md", 1, 1))
    assert "old" in next(problem_texts([problem], site))

    make_site(tmp_path, {"a.md": "new\n"})
    assert "new" in next(problem_texts([problem], site))


def test_a_theme_template_can_be_shown(tmp_path: Path) -> None:
    """A problem in the built-in theme has its frame, too."""
    text = source_text(Problem("bad", Location("theme/templates/base.html", 1)), tmp_path)

    assert text is not None
    assert "<html" in text


@pytest.mark.parametrize(
    "location",
    [None, Location("articles/a.md"), Location("articles/gone.md", 1), Location("articles", 1)],
)
def test_what_cannot_be_shown_has_no_frame(tmp_path: Path, location: Location | None) -> None:
    """Without a line, or without its file, a problem is told alone."""
    site = make_site(tmp_path, {"a.md": "one\n"})

    assert list(problem_texts([Problem("bad", location)], site)) == [
        f"{location}: bad" if location else "bad"
    ]


def test_a_file_that_is_not_utf8_can_be_shown(tmp_path: Path) -> None:
    """The frame of a file in another encoding shows what can be read of it."""
    site = make_site(tmp_path, {"a.md": "caf\xe9\n".encode("latin-1")})

    (text,) = problem_texts([Problem("not UTF-8", Location("articles/a.md", 1, 4))], site)
    assert "> 1 | caf" in text


@pytest.mark.parametrize(("severity", "label"), [("warning", "warning: "), ("error", "")])
def test_many_problems_of_one_kind_are_summed_up(severity: str, label: str) -> None:
    """The first few are shown and the rest is counted; other kinds are not touched by it."""
    other = Problem("unlike the others", severity="warning")
    problems = [*(broken_link(number, severity) for number in range(1, 1101)), other]

    texts = list(problem_texts(problems, None))
    assert len(texts) == MAX_SIMILAR + 3
    assert texts[MAX_SIMILAR] == f"{label}1,097 more like this"
    assert texts[-2] == "warning: unlike the others"
    assert texts[-1] == "hint: see each with `--all-problems`"


@pytest.mark.parametrize(
    "message",
    [
        "/2024/11/{n}/flood/ is wanted by articles/{n}.md and by articles/x{n}.md",
        "the file is not UTF-8: byte 0x{n}F",
        'unknown category "W{n}"',
        "the site has {n},000 files",
    ],
)
def test_what_differs_in_names_and_numbers_is_of_one_kind(message: str) -> None:
    """An archive of ten thousand articles with one fault each fills no screen."""
    problems = [Problem(message.format(n=n), Location(f"{n}.md", 1)) for n in range(10, 30)]

    assert list(problem_texts(problems, None))[MAX_SIMILAR:] == [
        "17 more like this",
        "hint: see each with `--all-problems`",
    ]


def test_the_number_stands_below_what_it_is_of() -> None:
    """Where problems of two kinds take turns, "this" is the one right above."""
    problems = [
        Problem(f'{word} "{number}"', Location("a.md", number))
        for number in range(5)
        for word in ("unknown tag", "unknown category")
    ]
    texts = list(problem_texts(problems, None))

    assert texts[4:8] == [
        'a.md:2: unknown tag "2"', "2 more like this",
        'a.md:2: unknown category "2"', "2 more like this",
    ]  # fmt: skip


def test_an_error_is_not_of_the_kind_of_a_warning() -> None:
    """What stops a build is told although many warnings say the same."""
    problems = [*map(broken_link, range(20)), broken_link(20, "error")]

    assert 'a.md:20: the link "page-20.md" leads nowhere' in problem_texts(problems, None)


def test_each_problem_can_be_asked_for() -> None:
    """Then nothing is summed up, and no hint says how to."""
    problems = list(map(broken_link, range(100)))

    texts = list(problem_texts(problems, None, each=True))
    assert [text.partition(":")[0] for text in texts] == ["a.md"] * 100


@given(st.lists(st.tuples(st.sampled_from(["error", "warning"]), st.integers(1, 3)), max_size=40))
def test_no_problem_is_lost(kinds: list[tuple[str, int]]) -> None:
    """What is shown of errors and of warnings, and counted, is all of them."""
    problems = [broken_link(number, severity) for severity, number in kinds]

    texts = list(problem_texts(problems, None))
    for severity, label in (("error", ""), ("warning", "warning: ")):
        shown = sum(f"a.md:{n}: {label}the link" in text for text in texts for n in (1, 2, 3))
        more = [re.fullmatch(rf"{label}(\d+) more like this", text) for text in texts]
        number = shown + sum(int(found[1]) for found in more if found)
        assert number == sum(item.severity == severity for item in problems)


# --- Reports


def test_the_json_report_has_the_contracts_keys(tmp_path: Path) -> None:
    """Programs find what the contract names, in these types."""
    site = make_site(
        tmp_path,
        {
            "a.md": article(),
            "b.md": article(date="2030-01-01 08:00"),
            "c.md": article("C", "[x](y.md)"),
        },
    )
    report = json.loads(report_json(build_site(site)))

    assert {
        "articles", "pages", "rendered", "written", "unchanged", "removed", "seconds", "changed",
        "next_change",
    } <= report.keys()  # fmt: skip
    assert report["articles"] == 2
    assert report["rendered"] == report["pages"]
    assert report["unchanged"] == report["removed"] == 0
    assert len(report["changed"]) == report["written"] >= report["pages"]
    assert "2024/11/04/a/index.html" in report["changed"]
    assert report["next_change"] == "2030-01-01T08:00:00+00:00"
    assert report["next_changes"] == [
        {
            "change": "appears",
            "path": "articles/b.md",
            "url": "/2030/01/01/b/",
            "title": "Flood",
        }
    ]
    assert (report["warnings"], report["errors"]) == (1, 0)
    assert isinstance(report["seconds"], float)


def test_the_json_report_names_what_was_removed(tmp_path: Path) -> None:
    """A removed file is among the changed ones, so that a deploy can follow."""
    site = make_site(tmp_path, {"a.md": article()})
    build_site(site)
    (site / "articles" / "a.md").unlink()

    report = json.loads(report_json(build_site(site)))
    assert "2024/11/04/a/index.html" in report["removed_paths"]
    assert set(report["removed_paths"]) <= set(report["changed"])
    assert report["removed"] == len(report["removed_paths"])
    assert report["next_change"] is None


def test_the_report_for_people_is_short(tmp_path: Path) -> None:
    """A person reads what was done, when the site changes next, and where it lies."""
    site = make_site(tmp_path, {"a.md": article(), "b.md": article(date="2030-01-01 08:00")})
    lines = report_text(build_site(site), site / "output").split("\n")

    assert lines[0].startswith("1 of 2 articles, ")
    assert lines[1:] == [
        "Not shown: 1 scheduled",
        'Next scheduled change: 2030-01-01T08:00:00+00:00, 1 article appears ("Flood")',
        "No feeds and sitemaps: `base_url` is not set",
        f"Output: {site / 'output'}",
    ]


def test_a_site_with_an_address_is_missing_nothing(tmp_path: Path) -> None:
    """Only where the address is not known does the report say what there is not."""
    config = 'base_url = "https://example.org/"'
    site = make_site(tmp_path, {"a.md": article()}, config=config)

    assert "no sitemaps" not in report_text(build_site(site), site / "output")


# --- Progress


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Return that it is one."""
        return True


def test_progress_is_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each stage has its bar, and nothing stays on the screen afterwards."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress() as show:
        show("parse", 0, MIN_STEPS + 1)
        show("parse", MIN_STEPS + 1, MIN_STEPS + 1)
        show("render", 0, MIN_STEPS + 1)

    assert "parse" in screen.getvalue()
    assert "render" in screen.getvalue()
    assert screen.getvalue().endswith("\r")


def test_a_bar_starts_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who watches a build on a terminal does not wait longer: beside a thread nothing is forked."""
    monkeypatch.setattr(sys, "stderr", Screen())
    before = threading.active_count()
    with progress() as show:
        show("parse", 0, MIN_STEPS + 1)

        assert threading.active_count() == before


def test_little_work_shows_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar that is gone at once would only flicker."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress() as show:
        show("parse", 0, MIN_STEPS)

    assert screen.getvalue() == ""


def test_no_progress_goes_to_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where messages go to a file or another program, there is no bar among them."""
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    with progress() as show:
        show("parse", 0, 10_000)
        show("parse", 10_000, 10_000)

    assert file.getvalue() == ""
