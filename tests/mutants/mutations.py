"""The source of a module → the single changes that its tests ought to notice. Pure."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple


class Mutation(NamedTuple):
    """One change of a source: the bytes from `start` to `end` become `text`."""

    line: int
    """Counted from 1."""
    start: int
    end: int
    text: bytes

    def applied(self, source: bytes) -> bytes:
        """Return the source with the change."""
        return source[: self.start] + self.text + source[self.end :]


COMPARISONS: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}

ARITHMETIC: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}

ORDERING: Final = {"sorted", "reversed"}

DROPPED: Final = (ast.AugAssign, ast.Raise, ast.Continue, ast.Break, ast.Delete)
"""Statements without which a function still runs."""


def mutations(source: bytes) -> list[Mutation]:
    """Return all changes of a source, in the order of its text, none twice.

    What only a type checker reads, docstrings, and texts stay as they are. Raises `SyntaxError`
    for what is no Python.
    """
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found: dict[Mutation, None] = {}
    for node, text in _changes(ast.parse(source)):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        found[Mutation(node.lineno, start, end, text.encode())] = None
    return sorted(found)


def _changes(tree: ast.AST) -> Iterator[tuple[Any, str]]:
    """Yield nodes that have a place in the source, each with the text to stand there instead."""
    for node in _run(tree):
        if isinstance(node, ast.stmt):
            yield from ((node, text) for text in _statement(node))
        elif isinstance(node, ast.expr):
            before = ast.unparse(node)
            texts = map(ast.unparse, _expressions(node))
            yield from ((node, f"({text})") for text in texts if text != before)


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is run: no annotations, type aliases, or pieces of f-strings.

    The pieces of f-strings have no true places before Python 3.12.
    """
    yield node
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "bases"} or isinstance(value, ast.JoinedStr):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_for_types(child):
                yield from _run(child)


def _is_for_types(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple)


def _statement(node: ast.stmt) -> Iterable[str]:
    if isinstance(node, ast.Return) and ast.unparse(node) not in {"return", "return None"}:
        return ["return None"]
    if isinstance(node, DROPPED):
        return ["pass"]
    if isinstance(node, ast.Expr) and isinstance(node.value, (ast.Call, ast.Yield, ast.YieldFrom)):
        return ["pass"]
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Subscript, ast.Attribute)):
        return ["pass"]
    return []


def _expressions(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what may stand in place of an expression."""
    if isinstance(node, ast.Constant):
        yield from _constants(node.value)
    elif isinstance(node, ast.Call):
        yield from _calls(node)
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield node.operand
    elif isinstance(node, (ast.Compare, ast.BoolOp, ast.BinOp)):
        yield from _operators(node)
    elif isinstance(node, (ast.Tuple, ast.List, ast.Set, ast.Dict)):
        yield from _parts_dropped(node)


def _operators(node: ast.Compare | ast.BoolOp | ast.BinOp) -> Iterator[ast.expr]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in COMPARISONS[type(operator)]:
                yield _copy(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        for place in range(len(node.values)):
            yield ast.BoolOp(node.op, _without(node.values, place))
    elif type(node.op) in ARITHMETIC and not any(map(_is_text, (node.left, node.right))):
        yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)


def _parts_dropped(node: ast.Tuple | ast.List | ast.Set | ast.Dict) -> Iterator[ast.expr]:
    if isinstance(node, ast.Dict):
        for place in range(len(node.keys)):
            yield ast.Dict(_without(node.keys, place), _without(node.values, place))
    elif isinstance(node, ast.Set) or isinstance(node.ctx, ast.Load):
        for place in range(len(node.elts)):
            yield _copy(node, elts=_without(node.elts, place))


def _constants(value: object) -> Iterator[ast.expr]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1)


def _calls(node: ast.Call) -> Iterator[ast.expr]:
    if isinstance(node.func, ast.Name) and node.func.id in ORDERING and node.args:
        yield ast.Call(ast.Name("list", ast.Load()), node.args[:1], [])
    if len(node.args) > 1 and not any(isinstance(arg, ast.Starred) for arg in node.args[:2]):
        yield _copy(node, args=[node.args[1], node.args[0], *node.args[2:]])


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))
    )


def _without(items: list[Any], place: int) -> list[Any]:
    return items[:place] + items[place + 1 :]


def _copy(node: Any, **fields: Any) -> Any:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new
