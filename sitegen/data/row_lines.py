"""Where a row stands in its file, for messages: values carry no places."""

from __future__ import annotations

from itertools import islice

from sitegen.data.csv_tables import row_lines
from sitegen.data.reading import node_of, text_of
from sitegen.parse.nodes import Array, FrontMatterError, Node, Table


def row_line(path: str, data: bytes, select: tuple[str, ...], row: int) -> int:
    """Return the line of a row, by its number from 0, in the bytes of a data file; 0 for no such.

    `select` leads to the list of rows, as a selector does.
    """
    text, _ = text_of(path, data)
    if text is None:
        return 0
    if path.lower().endswith(".csv"):
        return next(islice(row_lines(text), row, None), 0)
    try:
        node = node_of(path, text)
    except FrontMatterError:
        return 0
    for step in select:
        node = _part(node, step)
    if isinstance(node, Array) and row < len(node.nodes):
        return node.nodes[row].line
    return 0


def _part(node: Node | None, step: str) -> Node | None:
    if isinstance(node, Table) and step in node.members:
        return node.members[step].node
    return None
