"""Plain YAML front matter → `Table` without a YAML parser: the same result, faster.

Most front matter is lines of `key: value` with a text, a text in quotes or a list of them. Whatever
these few rules cannot decide with certainty is left to `yaml`: anchors, tags, comments, escapes,
texts of several lines, nesting, empty values, and everything that is wrong. The tests compare both
for all short texts of the characters that mean something to YAML.
"""

from __future__ import annotations

import re

from sitegen.parse.nodes import Array, Member, Node, Scalar, Table

MAX_LENGTH = 10_000
"""Characters of front matter: too few for the limits that libyaml and `yaml` have."""

_LETTERS = "0-9A-Za-z\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
"""Beyond ASCII all are letters to YAML but those that end a line, or must not be there at all."""

_SINGLE = rf"'[\x20-&(-~{_LETTERS}]*+'"
_DOUBLE = rf'"[\x20!\x23-\[\]-~{_LETTERS}]*+"'
_PLAIN = rf"[/._({_LETTERS}](?:\x20*+(?:[!-\x22$-9;-~{_LETTERS}]|:(?=[!-~{_LETTERS}])))*+"
"""A `#` may begin a comment, and a colon before a space ends a key."""
_WORDS = rf"[/._({_LETTERS}](?:\x20*+[/._()'\-{_LETTERS}])*+"
"""A text between brackets, where more signs mean something."""

_TEXT = rf"(?:{_SINGLE}|{_DOUBLE}|{_PLAIN})"
_ITEM = rf"(?:{_SINGLE}|{_DOUBLE}|{_WORDS})"
_LINE = re.compile(
    rf"([A-Za-z_][A-Za-z0-9_-]{{0,99}}+):"
    rf"(?:\x20++(?:({_TEXT})|\[\x20*+({_ITEM}(?:\x20*+,\x20*+{_ITEM})*+)\x20*+\])\x20*+"
    rf"|\x20*+\n((\x20*+)-\x20++{_TEXT}\x20*+(?:\n\5-\x20++{_TEXT}\x20*+)*+))(\n++)"
)
"""Key; text; list in brackets; list of lines, its indent; line ends."""
_ITEMS = re.compile(_ITEM)


def read(text: str, first_line: int) -> Table | None:
    """Return the mapping that `text` says, as `yaml.read` does; None leaves it to that."""
    if len(text) > MAX_LENGTH:
        return None
    position = len(text) - len(text.lstrip("\n"))
    line = first = first_line + position
    members: dict[str, Member] = {}
    while found := _LINE.match(text, position):
        name, value, in_brackets, dashed, indent, ends = found.groups()
        if name in members:
            return None
        node: Node
        if value is not None:
            node = _scalar(value, line, found.start(2) - position + 1)
        elif in_brackets is not None:
            items = _ITEMS.finditer(text, *found.span(3))
            nodes = [_scalar(item[0], line, item.start() - position + 1) for item in items]
            node = Array(tuple(nodes), line, text.index("[", position) - position + 1)
        else:
            node = _list(dashed, line + 1, len(indent) + 1)
        members[name] = Member(name, line, 1, node)
        line += len(ends) + (dashed.count("\n") + 1 if dashed else 0)
        position = found.end()
    return Table(members, first, 1) if members and position == len(text) else None


def _scalar(written: str, line: int, column: int) -> Scalar:
    if written[0] in "\"'":
        return Scalar(written[1:-1], line, column, plain=False)
    return Scalar(written, line, column, plain=True)


def _list(dashed: str, line: int, column: int) -> Array:
    """Return a list whose items stand on lines of their own, the first on `line`."""
    nodes = []
    for number, row in enumerate(dashed.split("\n")):
        text = row[column:].lstrip(" ")
        nodes.append(_scalar(text.rstrip(" "), line + number, len(row) - len(text) + 1))
    return Array(tuple(nodes), line, column)
