"""Texts of front matter that a comment of YAML ends, though their writer meant a number sign."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitegen.model.errors import Problem
from sitegen.parse.nodes import Array, Member, Node, Scalar, Table, location

_TEXTS = frozenset(
    {
        "title",
        "summary",
        "category",
        "tags",
        "author",
        "authors",
        "alt",
        "caption",
        "credit",
        "text",
    }
)
"""The keys that hold words, by their names here: dialects have translated them."""

_COMMENT = re.compile(r"[ \t]+(#\S.*?)[ \t\r]*\Z")
"""What looks like a word that begins with a number sign: a comment has a space behind it."""


def cut_by_comments(path: str, data: bytes, table: Table) -> list[Problem]:
    """Return a warning for each text of YAML front matter that ends before ` #1`.

    `data` are the bytes of the file.
    """
    begin = data.find(b"---")
    end = data.find(b"\n---", begin)
    if data[:begin].strip(b"\xef\xbb\xbf\r\n") or data.find(b" #", begin, end) < 0:
        return []
    text = data[:end].decode("utf-8-sig", "replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = []
    for member in table.members.values():
        for name, node in _scalars(member):
            line = lines[node.line - 1] if node.line <= len(lines) else ""
            start = node.column - 1
            if not line.startswith(node.text, start):
                continue  # A text of several lines, or one that was derived.
            if comment := _COMMENT.fullmatch(line, start + len(node.text)):
                message = f'"{name}" ends before "{comment[1]}": in YAML a comment begins there'
                hint = f'put it in quotes: "{node.text} {comment[1]}"'
                found.append(Problem(message, location(path, node), hint, "warning"))
    return found


def _scalars(member: Member) -> Iterator[tuple[str, Scalar]]:
    """Yield the plain texts of a key that holds words, and of those below it."""
    if isinstance(member.node, Table):
        for inner in member.node.members.values():
            yield from _scalars(inner)
        return
    if member.name.casefold() not in _TEXTS and not isinstance(member.node, Array):
        return
    for node in _items(member.node):
        if isinstance(node, Scalar):
            if node.plain and node.text and member.name.casefold() in _TEXTS:
                yield member.name, node
        elif isinstance(node, Table):
            for inner in node.members.values():
                yield from _scalars(inner)


def _items(node: Node) -> tuple[Node, ...]:
    return node.nodes if isinstance(node, Array) else (node,)
