"""Front matter of article files: messages as golden files, and what is read in spite of errors."""

import sys
import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.loading import from_table
from sitegen.config.settings import Config
from sitegen.markdown.prose import without_controls
from sitegen.model.errors import describe, sort_key
from sitegen.parse.front_matter import FrontMatter, read_front_matter
from sitegen.parse.nodes import Scalar
from sitegen.parse.parsing import parse

GOLDEN = Path(__file__).parents[1] / "sites" / "front_matter"
"""`<case>.md` is an article, `<case>.expected` all that is said about it, and `<case>.toml` the
configuration where it matters."""

CASES = sorted(path.stem for path in GOLDEN.glob("*.md"))


@pytest.mark.parametrize("case", CASES)
def test_golden_message(case: str) -> None:
    """Whatever is wrong with a file is told with place, code frame and hint, all in one go."""
    file = GOLDEN / f"{case}.md"
    settings = file.with_suffix(".toml")
    config = from_table(tomllib.loads(settings.read_text("utf-8"))) if settings.exists() else None
    data = file.read_bytes()
    parsed = parse(f"articles/{file.name}", data, config or Config())
    source = data.decode("utf-8-sig", "replace")
    told = [describe(problem, source) for problem in sorted(parsed.problems, key=sort_key)]
    assert "\n\n".join(told) + "\n" == file.with_suffix(".expected").read_text("utf-8")
    assert (parsed.article is None) == any(problem.is_error for problem in parsed.problems)
    assert (parsed.entry is None) == (parsed.article is None)


def test_golden_files_belong_together() -> None:
    """No golden file is left over from a case that is gone."""
    assert {path.stem for path in GOLDEN.iterdir() if path.suffix} == set(CASES)
    assert {path.suffix for path in GOLDEN.iterdir()} <= {".md", ".expected", ".toml", ""}


def front_matter_of(text: str | bytes, *, header_lines: bool = False) -> FrontMatter:
    """Read a file that must read well."""
    data = text if isinstance(text, bytes) else text.encode()
    front_matter, problems = read_front_matter("articles/a.md", data, header_lines=header_lines)
    assert front_matter is not None, problems
    assert problems == []
    return front_matter


def texts(front_matter: FrontMatter) -> dict[str, str]:
    """Return the plain values of front matter."""
    return {
        name: member.node.text
        for name, member in front_matter.table.members.items()
        if isinstance(member.node, Scalar)
    }


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: Flood\n---\nBody\n",
        "---\ntitle: Flood\n...\nBody\n",
        "-----  \ntitle: Flood\n-----\nBody\n",
        "---\n\ntitle: Flood\n\n---\nBody\n",
        "\n\n---\ntitle: Flood\n---\nBody\n",
        "---\n# A comment\ntitle: 'Flood'\n---\nBody\n",
        '+++\ntitle = "Flood"\n+++\nBody\n',
        '{"title": "Flood"}\nBody\n',
        '{\n  "title": "Flood"\n}\nBody\n',
        '---\n{"title": "Flood"}\n---\nBody\n',
    ],
)
def test_fences(text: str) -> None:
    """YAML, TOML and JSON front matter is known by how they begin, and the body is what follows."""
    front_matter = front_matter_of(text)
    assert texts(front_matter) == {"title": "Flood"}
    assert front_matter.body == "\nBody\n"
    assert text.split("\n")[front_matter.first_line] == "Body"


def test_rules_in_the_body() -> None:
    """Only the first fence closes the front matter: later rules and fences belong to the body."""
    assert (
        front_matter_of("---\na: b\n---\n\nX\n\n---\n\nY\n+++\n").body == "\n\nX\n\n---\n\nY\n+++\n"
    )


@pytest.mark.parametrize("text", ["Just text.\n", "{% raw %}\n", "{: .note}\n", "- - -\n\nText"])
def test_no_head(text: str) -> None:
    """A file without front matter is all body."""
    front_matter = front_matter_of(text)
    assert (front_matter.table.members, front_matter.body, front_matter.first_line) == ({}, text, 1)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends(end: str) -> None:
    """Windows' and old Macs' line ends read like any others."""
    text = "---\ntitle: Flood\n---\n\nOne\ntwo\n"
    assert front_matter_of(text.replace("\n", end)) == front_matter_of(text)


def test_byte_order_mark() -> None:
    """A byte-order mark, even a second one, does not hide the front matter."""
    text = b"---\ntitle: Flood\n---\n"
    assert texts(front_matter_of(b"\xef\xbb\xbf" + text)) == {"title": "Flood"}
    assert texts(front_matter_of(b"\xef\xbb\xbf\xef\xbb\xbf" + text)) == {"title": "Flood"}


def test_unicode_line_separators() -> None:
    """The line separators of word processors are spaces in front matter, and no lines to count."""
    front_matter = front_matter_of("---\ntitle: Flood\u2028in town\nslug: a\u0085b\ndate: x\n---\n")
    assert texts(front_matter)["title"] == "Flood in town"
    assert front_matter.table.members["date"].line == 4


def test_control_characters() -> None:
    """Control characters are left out with one warning; those that part words leave a space."""
    data = b"---\ntitle: Flo\x08od\x0bin \xc2\x80town\n---\nBo\x0cdy"
    front_matter, problems = read_front_matter("articles/a.md", data)
    assert front_matter is not None
    assert texts(front_matter) == {"title": "Flood in town"}
    assert front_matter.body == "\nBo dy"
    assert [problem.severity for problem in problems] == ["warning"]


def test_a_clean_body_has_no_control_characters() -> None:
    """What is said to need no second look at its characters needs none."""
    assert front_matter_of("---\ntitle: Flood\n---\n“港” \U0001f30a\tand\r\nmore\n").is_clean
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if not without_controls(char) and unicodedata.category(char) != "Cs":
            front_matter, _ = read_front_matter(
                "articles/a.md", f"---\na: b\n---\nx{char}y".encode()
            )
            assert (
                front_matter is None
                or not front_matter.is_clean
                or front_matter.body == without_controls(front_matter.body)
            )


@pytest.mark.parametrize(
    "body",
    [
        "```diff\n<<<<<<< HEAD\nA\n=======\nB\n>>>>>>> flood\n```\n",
        "~~~~\n<<<<<<< HEAD\n~~~\n=======\n>>>>>>> flood\n~~~~\n\nText.\n",
        "    <<<<<<< HEAD\n    =======\n    >>>>>>> flood\n",
        "Use <<<<<<< to begin and >>>>>>> to end.\n",
        "Harbour\n=======\n\nText.\n",
        ">>>>>>>> Eight deep.\n",
        ">>>>>>> A quotation, seven deep.\n",
    ],
)
def test_no_conflict(body: str) -> None:
    """Merge marks in code, and what only looks like them, are text."""
    assert front_matter_of(f"---\ntitle: Flood\n---\n\n{body}").body == f"\n\n{body}"


def test_header_lines() -> None:
    """Pelican's headers need no fences; several lines are one value; the first gap ends them."""
    text = "Title: Flood: day two\nTags: a, b\nSummary: One\n    and two.\nEmpty:\n\nX: body\n"
    front_matter = front_matter_of(text, header_lines=True)
    expected = {"title": "Flood: day two", "tags": "a, b", "summary": "One\nand two.", "empty": ""}
    assert texts(front_matter) == expected
    assert front_matter.body == "\nX: body\n"
    assert front_matter.first_line == 6
    assert front_matter.table.members["tags"].node[1:3] == (2, 7)


def test_header_lines_in_fences() -> None:
    """Pelican's headers between fences may hold what YAML forbids; YAML proper is read as YAML."""
    loose = front_matter_of("---\nTitle: Flood: day two\nTags: a\n---\n\nText\n", header_lines=True)
    assert texts(loose) == {"title": "Flood: day two", "tags": "a"}
    strict = front_matter_of("---\ntitle: 'Flood: day two'\n---\n\nText\n", header_lines=True)
    assert texts(strict) == {"title": "Flood: day two"}


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("cp932", "Shift_JIS"),
        ("euc_jp", "EUC-JP"),
        ("cp1252", "Windows-1252"),
        ("utf-16", "UTF-16"),
    ],
)
def test_encoding_guess(codec: str, name: str) -> None:
    """A file that is not UTF-8 is told with the encoding that it seems to have."""
    text = (
        "---\ntitle: Château à Übersee\n---\n" if codec == "cp1252" else "旧市街が浸水しています。"
    )
    front_matter, problems = read_front_matter("articles/a.md", text.encode(codec))
    assert front_matter is None
    assert [problem.hint for problem in problems] == [f"save it as UTF-8; it looks like {name}"]


@given(st.binary(), st.booleans())
def test_any_bytes(data: bytes, header_lines: bool) -> None:  # noqa: FBT001 (Hypothesis gives it)
    """Any bytes give front matter and a body, or an error that says why not."""
    front_matter, problems = read_front_matter("articles/a.md", data, header_lines=header_lines)
    assert (front_matter is None) == any(problem.is_error for problem in problems)


@given(st.text(alphabet="---\n+{}[]\"':#&*!|>%@` \tab\\=<\u2028é"))
def test_any_head(text: str) -> None:
    """Any text between fences gives front matter, or an error on a line of the file."""
    source = f"---\n{text}\n---\n"
    front_matter, problems = read_front_matter("articles/a.md", source.encode())
    assert (front_matter is None) == any(problem.is_error for problem in problems)
    for problem in problems:
        assert problem.location is not None
        assert 1 <= problem.location.line <= source.count("\n") + 1
