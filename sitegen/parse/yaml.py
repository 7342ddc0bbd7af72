"""YAML front matter → `Table`: one parse gives values and places, and nothing is ever executed.

The node tree is composed by libyaml where PyYAML has it, with no resolver at work, so that every
scalar stays the text that was written: PyYAML would make `12:30` a number of minutes, `No` false,
and fail in the midst of a date with a month 13.
"""

from __future__ import annotations

import re
from typing import Any, Final, NoReturn

import yaml

from sitegen.parse.nodes import MAX_DEPTH, Array, FrontMatterError, Member, Node, Scalar, Table

MAX_NODES = 10_000
"""Most values that aliases may expand to (against "billion laughs")."""

_MAY_NEST_DEEPLY = 1_000
"""With fewer indicators than this, YAML cannot nest deep enough to exhaust libyaml's stack."""

_IN_QUOTES = 'put the text in quotes: "…"'
_WITH_SPACE = "write `key: value`, with a space after the colon"


def _nothing(*_: Any) -> str:
    """Stand in for PyYAML's resolver, which is asked for the tag of every node."""
    return ""


_Loader: Final[type[Any]] = type(
    "_Loader",
    (getattr(yaml, "CSafeLoader", yaml.SafeLoader),),
    dict.fromkeys(("resolve", "descend_resolver", "ascend_resolver"), _nothing),
)


def read(text: str, first_line: int) -> Table:
    """Return the mapping that `text` says; its first line is `first_line` of the file.

    Raises `FrontMatterError` for what is no YAML mapping, has a key twice, or expands too far.
    """
    node = read_node(text, first_line)
    if node is None:
        return Table({}, first_line, 1)
    if isinstance(node, Table):
        return node
    found = "a list" if isinstance(node, Array) else "a text"
    raise FrontMatterError(
        f"the front matter is {found}, not keys and values",
        node.line,
        node.column,
        "write lines such as `title: Flood in the old town`",
    )


def read_node(text: str, first_line: int, most_nodes: int = MAX_NODES) -> Node | None:
    """Return what `text` says, be it a mapping, a list or one value; None if it says nothing.

    Raises `FrontMatterError` as `read` does; aliases may expand to `most_nodes` values.
    """
    _check_depth(text, first_line)
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        _raise_syntax_error(error, text, first_line)
    except yaml.YAMLError as error:
        raise FrontMatterError(f"YAML: {error}", first_line, 1) from None
    if root is None:
        return None
    return _TreeBuilder(first_line, most_nodes if "&" in text else -1).node(root, 0)


_LINE_ENDS = re.compile("[\x85\u2028\u2029]")


def plain_line_ends(text: str) -> str:
    """Return a text in which what only YAML counts as line ends are spaces."""
    return text if text.isascii() else _LINE_ENDS.sub(" ", text)


class _TreeBuilder:
    """Turns YAML's nodes into ours, and counts them where aliases may multiply them."""

    def __init__(self, first_line: int, most: int) -> None:
        self.first_line = first_line
        self.most = self.left = most

    def node(self, node: yaml.Node, depth: int) -> Node:
        mark = node.start_mark
        line, column = mark.line + self.first_line, mark.column + 1
        if isinstance(node, yaml.ScalarNode):
            plain = not node.style
            if self.left >= 0:
                self._count(line, column)
            return Scalar(node.value, line, column, plain)
        if depth > MAX_DEPTH:
            raise FrontMatterError("this is nested too deeply", line, column)
        if self.left >= 0:
            self._count(line, column)
        if isinstance(node, yaml.MappingNode):
            return Table(self._members(node, depth), line, column)
        return Array(tuple(self.node(item, depth + 1) for item in node.value), line, column)

    def _members(self, node: yaml.MappingNode, depth: int) -> dict[str, Member]:
        members: dict[str, Member] = {}
        for key, value in node.value:
            line, column = key.start_mark.line + self.first_line, key.start_mark.column + 1
            if not isinstance(key, yaml.ScalarNode):
                hint = "put text with curly or square brackets in quotes"
                raise FrontMatterError("a key must be plain text", line, column, hint)
            name = key.value
            if name in members:
                first = members[name].line
                hint = f"the first is on line {first}; keep one"
                raise FrontMatterError(f'"{name}" is given twice', line, column, hint)
            members[name] = Member(name, line, column, self.node(value, depth + 1))
        return members

    def _count(self, line: int, column: int) -> None:
        self.left -= 1
        if self.left < 0:
            message = f"aliases expand this to more than {self.most:,} values"
            raise FrontMatterError(message, line, column, "write the values out, without & and *")


def _check_depth(text: str, first_line: int) -> None:
    """Refuse nesting that would overflow libyaml's stack, which no exception would stop."""
    if sum(map(text.count, "[{-?:")) < _MAY_NEST_DEEPLY:
        return
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    line = (event.start_mark.line if event.start_mark else 0) + first_line
                    raise FrontMatterError("this is nested too deeply", line, 0)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.MarkedYAMLError as error:
        _raise_syntax_error(error, text, first_line)


_MESSAGES = (
    ("tab character", "a tab cannot indent YAML", "use spaces"),
    ("undefined alias", "text cannot begin with *", _IN_QUOTES),
    ("scanning an alias", "text cannot begin with *", _IN_QUOTES),
    ("scanning an anchor", "text cannot begin with &", _IN_QUOTES),
    ("tag", "text cannot begin with !", _IN_QUOTES),
    ("unexpected end of stream", "this quotation mark is never closed", "close it"),
    ("unexpected document indicator", "this quotation mark is never closed", "close it"),
    (
        "scalar escape",
        "a backslash in double quotes must begin an escape such as \\n",
        "use single quotes: 'C:\\new'",
    ),
    ("a flow sequence", "this list is never closed", "close it with ], or put text in quotes"),
    ("a flow mapping", "this { is never closed", "close it with }, or put text in quotes"),
    ("sequence entries are not allowed", "a list must begin on its own line", _IN_QUOTES),
    (
        "a block scalar",
        "text cannot begin with > or |",
        'put the text in quotes: "…", or begin it on the next line',
    ),
    ("another document", "a line --- within the front matter", "use it only at both ends"),
    ("simple key", "this line has no key and value", _WITH_SPACE),
)
"""Phrases of libyaml and PyYAML (problem or context), and what an editor is told instead."""

_AT_CONTEXT = ("scanning", "unexpected end", "unexpected document", "flow", "tag", "simple key")
"""Where these stand in what is said, the fault lies where the context began."""

_CLOSED = {
    '"': ('text goes on after the closing "', "put the whole text in single quotes: '…'"),
    "'": ("text goes on after the closing '", "double each ' within the text: 'It''s'"),
    "]": ("text goes on after the closing ]", _IN_QUOTES),
    "}": ("text goes on after the closing }", _IN_QUOTES),
}


def _raise_syntax_error(error: yaml.MarkedYAMLError, text: str, first_line: int) -> NoReturn:
    """Raise `FrontMatterError` for what libyaml or PyYAML has found."""
    lines = text.split("\n")
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    line = min(line, len(lines) - 1)
    said = f"{error.problem or ''} {error.context or ''}"
    line, column, message, hint = _explained(said, lines, line, column, error.context_mark)
    if opened := _left_open(text, line, column):
        message = f"this quotation mark is closed on line {line + first_line}, where text follows"
        line, column, hint = opened.line, opened.column, _CLOSE_IT
    raise FrontMatterError(message, line + first_line, column + 1, hint)


_CLOSE_IT = "close it where its text ends"


def _left_open(text: str, line: int, column: int) -> yaml.Mark | None:
    """Return where a quoted text begins that is closed by a quotation mark of a later line.

    It is one that ends on the `line` of an error, before its `column` or at it: most probably
    the mark that would have closed it is missing, and that of another text does.
    """
    try:
        for token in yaml.scan(text, Loader=_Loader):
            start, end = token.start_mark, token.end_mark
            if end.line > line:
                break
            is_quoted = isinstance(token, yaml.ScalarToken) and token.style in ('"', "'")
            if is_quoted and start.line < end.line == line:
                between = text.split("\n")[line][end.column : column]
                return None if between.strip() or column + 1 < end.column else start
    except yaml.YAMLError:  # it is the error that is told of
        pass
    return None


def _explained(
    said: str, lines: list[str], line: int, column: int, start: yaml.Mark | None
) -> tuple[int, int, str, str]:
    """Return the line and column (from 0), message and hint for what the parser has `said`."""
    written = lines[line]
    sign = written[column : column + 1]
    if sign == "\t" or "tab character" in said:
        return line, max(written.find("\t"), 0), "a tab cannot indent YAML", "use spaces"
    if "cannot start any token" in said:
        return line, column, f"text cannot begin with {sign}", _IN_QUOTES
    if "mapping values are not allowed" in said:
        return _colon(lines, line, column)
    before = written[:column].rstrip()
    if before[-1:] in _CLOSED and ("expected key" in said or "block end" in said):
        return line, len(before) - 1, *_CLOSED[before[-1:]]
    if "unknown escape" in said or "hex" in said:
        said = "scalar escape"
        column = max(written.rfind("\\", 0, column + 1), 0)
    for phrase, message, hint in _MESSAGES:
        if phrase in said:
            if start and any(word in said for word in _AT_CONTEXT):
                line, column = start.line, start.column
            return line, column, message, hint
    hint = "write `key: value`; put text with : # or quotes in quotes"
    return line, column, "invalid YAML", hint


def _colon(lines: list[str], line: int, column: int) -> tuple[int, int, str, str]:
    """Tell a colon within a text from one that stands where a line went wrong before it."""
    written = lines[line]
    if ": " in written[:column]:
        return line, column, "a second colon in one line", _IN_QUOTES
    indent = len(written) - len(written.lstrip())
    if indent:
        hint = "begin the line where the others begin, or put the text above in quotes"
        return line, indent, "this line is indented, but the line above is complete", hint
    line = max(line - 1, 0)
    return line, 0, "this line has no key and value", _WITH_SPACE
