"""The texts of problems and hints, held against what of docs/style.md a machine can read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "sitegen"

CALLS = frozenset({"Problem", "problem", "Finding", "report"})
"""What takes a message and a hint."""

NAMES = frozenset({"message", "hint", "reason"})
"""What texts of messages are called where they do not stand in the call."""

PROPER = ("Python-Markdown", "Pagefind")
"""Names of programs, which begin a message with their capital."""

PAGES_OF_THE_RECEIVER = "receive/moderation_pages.py"
"""Has whole sentences for a page in the browser, under the same names."""


def text_of(node: ast.expr) -> str | None:
    """Return the text that an expression is, with `{}` for each value in it; None if it is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "{}"
            for part in node.values
        )
    return None


def expressions(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield every expression in a module that is given as a message or a hint."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
            if name in CALLS:
                yield from node.args
                yield from (item.value for item in node.keywords if item.arg in NAMES)
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in NAMES:
            yield node.value


MESSAGES = [
    (f"{path.relative_to(PACKAGE).as_posix()}:{node.lineno}", node, text)
    for path in sorted(PACKAGE.rglob("*.py"))
    for node in expressions(ast.parse(path.read_text("utf-8")))
    if (text := text_of(node)) and path.relative_to(PACKAGE).as_posix() != PAGES_OF_THE_RECEIVER
]


def test_there_are_messages_to_read() -> None:
    """The search finds the messages of the packages that have most of them."""
    found = {place.partition("/")[0] for place, _, _ in MESSAGES}
    assert {"parse", "config", "check", "deploy", "responses"} <= found


def test_a_message_is_no_whole_sentence() -> None:
    """A message begins in lower case and has no full stop at its end."""
    assert not [
        (place, text)
        for place, _, text in MESSAGES
        if text.rstrip().endswith(".")
        or (re.match("[A-Z][a-z]", text) and not text.startswith(PROPER))
    ]


def test_a_message_names_nothing_of_python() -> None:
    """No exception, no `None` and no `NoneType` in what an editor reads."""
    name = re.compile(r"\b[A-Z]\w*(?:Error|Exception)\b|\bNone(?:Type)?\b")
    assert not [(place, text) for place, _, text in MESSAGES if name.search(text)]


def test_a_message_has_no_name_of_a_type_put_in() -> None:
    """Only what a bug of ours is told with has the name of an exception's type."""
    named = [
        place
        for place, node, _ in MESSAGES
        if any(
            isinstance(item, ast.Attribute) and item.attr == "__name__" for item in ast.walk(node)
        )
    ]
    assert [place.partition(":")[0] for place in named] == ["model/bugs.py", "watch/rebuild.py"]
