"""What the stylesheets of the theme and of the receiver hold themselves to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SHEETS = sorted(
    path
    for pattern in ("static/css/*.css", "templates/*.css", "sitegen/**/*.css")
    for path in REPOSITORY.glob(pattern)
)
each_sheet = pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)

STAY = {
    ".prose .align-left { text-align: left }": "Markdown names the side of a column",
    ".prose .align-right { text-align: right }": "Markdown names the side of a column",
}
"""Declarations that name a side of the page whatever the direction of the text, and why."""

_RULE = re.compile(r"([^{};]*)\{([^{}]*)\}")
_SIDE = re.compile(r"left|right|.*-(?:left|right)(?:-.*)?")
_FOUR = re.compile(
    r"margin|padding|inset|border-(?:width|style|color|radius)|scroll-(?:margin|padding)"
)
_SIDED = frozenset({"text-align", "text-align-last", "float", "clear", "caption-side", "resize"})
_SHIFT = re.compile(r"translate(?:X|3d)?\(|scaleX\(")


def declarations(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield (selector, property, value) for each declaration of a stylesheet."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    for selector, body in _RULE.findall(text):
        for declaration in body.split(";"):
            name, colon, value = declaration.partition(":")
            if colon:
                yield " ".join(selector.split()), name.strip(), " ".join(value.split())


def values(text: str) -> list[str]:
    """Return the values of a shorthand: those in brackets are one."""
    found = [""]
    depth = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign == " " and not depth:
            found.append("")
        else:
            found[-1] += sign
    return found


def names_a_side(name: str, value: str) -> bool:
    """Whether a declaration says left or right, where start or end may be meant."""
    if name.startswith("--"):
        return False
    if _SIDE.fullmatch(name) or (name in _SIDED and value in ("left", "right")):
        return True
    sides = values(value)
    if _FOUR.fullmatch(name) and len(sides) == 4:
        return sides[1] != sides[3]
    if name == "box-shadow":
        return any(
            not re.match(r"(inset )?(0|calc\(.*var\(--way(?:, 1)?\)\)) ", shadow.strip())
            for shadow in re.split(r",(?![^(]*\))", value)
            if shadow.strip() != "none"
        )
    if name in ("transform", "translate") and "var(--way" not in value:
        return bool(_SHIFT.search(value)) or name == "translate"
    return False


@each_sheet
def test_no_stylesheet_names_a_side(sheet: Path) -> None:
    """All that has a side is said by start and end, so that it turns round with the text.

    What is said of one direction alone may name it.
    """
    named = {
        f"{selector} {{ {name}: {value} }}"
        for selector, name, value in declarations(sheet.read_text("utf-8"))
        if names_a_side(name, value) and ":dir(" not in selector
    }
    assert named - STAY.keys() == set()


def test_the_list_of_what_stays_holds_nothing_else() -> None:
    """Each of them is there."""
    written = {
        f"{selector} {{ {name}: {value} }}"
        for sheet in SHEETS
        for selector, name, value in declarations(sheet.read_text("utf-8"))
    }
    assert STAY.keys() <= written
    assert len(SHEETS) >= 9


@pytest.mark.parametrize(
    ("declaration", "is_sided"),
    [
        ("margin-left: 0", True),
        ("border-top-right-radius: 2px", True),
        ("left: 0", True),
        ("text-align: right", True),
        ("float: left", True),
        ("margin: 0 1px 0 2px", True),
        ("inset: 0 auto 0 calc(-1 * var(--half))", True),
        ("box-shadow: -0.6rem 0 red", True),
        ("transform: translateX(-50%)", True),
        ("margin: 1px 2px", False),
        ("padding: 0 1px 3px 1px", False),
        ("padding-inline: 0 1px", False),
        ("text-align: start", False),
        ("box-shadow: 0 0 0 0.3em red", False),
        ("box-shadow: calc(-1px * var(--way)) 0 red", False),
        ("transform: rotate(3deg)", False),
    ],
)
def test_what_names_a_side_is_known(declaration: str, is_sided: bool) -> None:  # noqa: FBT001 - a case of a table
    """The test above sees each form in which a side can be named."""
    name, _, value = declaration.partition(": ")
    assert names_a_side(name, value) is is_sided
