"""Changes are small, possible, and of what is run."""

from __future__ import annotations

import ast

import pytest

from tests.mutants.mutations import mutations
from tests.test_architecture import MODULES


def changed(source: str) -> set[str]:
    """Return every source that differs from one by a single change."""
    return {item.applied(source.encode()).decode() for item in mutations(source.encode())}


@pytest.mark.parametrize(
    ("source", "results"),
    [
        ("x < y", {"(x <= y)", "(x >= y)"}),
        ("x == y", {"(x != y)"}),
        ("x in y", {"(x not in y)"}),
        ("x and y", {"(x or y)", "(y)", "(x)"}),
        ("not x", {"(x)"}),
        ("x + y", {"(x - y)"}),
        ("x + 'a'", set()),
        ("7", {"(8)", "(6)"}),
        ("True", {"(False)"}),
        ("'text'", set()),
        ("x if y else z", {"(x)", "(z)"}),
        ("f(x, y, z)", {"(f(y, x, z))", "pass"}),
        ("f(*x, y)", {"pass"}),
        ("sorted(x, key=y)", {"(list(x))", "pass"}),
        ("reversed(x)", {"(list(x))", "pass"}),
        ("(x, y)", {"((y,))", "((x,))"}),
        ("{x: y, y: x}", {"({y: x})", "({x: y})"}),
        ("{x}", {"({*()})"}),
        ("def f():\n    return x", {"def f():\n    return None"}),
        ("def f():\n    return None", set()),
        ("x += y", {"pass"}),
        ("x[y] = z", {"pass"}),
        ("x = y", set()),
        ("for x in y:\n    continue", {"for x in y:\n    pass"}),
        ("'é' in (x,\n  y)", {"('é' not in (x, y))", "'é' in ((y,))", "'é' in ((x,))"}),
    ],
)  # fmt: skip
def test_what_is_changed(source: str, results: set[str]) -> None:
    """Each of these slips is made once, and nothing else."""
    assert changed(source) == results


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring of a module with 1 number."""',
        "def f(x: tuple[int, 1] = y) -> g(1, 2): ...",
        "x: dict[str, 1]",
        "class A(f(1, 2)): ...",
        "Alias = Callable[[x, y], z]",
        "if TYPE_CHECKING:\n    x = 1",
        "x = f'{1}'",
        "x, y = z",
    ],
)
def test_what_is_not_run_stays(source: str) -> None:
    """No test could notice a change of what only a type checker or a reader sees."""
    assert changed(source) == set()


@pytest.mark.parametrize("module", ["index.lists", "parse.values"])
def test_every_change_is_a_program(module: str) -> None:
    """A change that Python cannot read would be noticed by any test at all."""
    source = MODULES[module].read_bytes()
    before = ast.dump(ast.parse(source))
    found = mutations(source)

    assert found
    for item in found:
        assert ast.dump(ast.parse(item.applied(source))) != before
        line = source.splitlines()[item.line - 1]
        assert source[item.start : item.end].splitlines()[0] in line
