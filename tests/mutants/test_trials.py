"""A sample is tried on a copy, and what no test notices is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants.__main__ import Mutant, mutants, report, sample
from tests.mutants.mirrors import REPOSITORY
from tests.mutants.mutations import Mutation
from tests.mutants.trials import BrokenTestsError, Copy

MODULE, PATH = "responses.threads", "sitegen/responses/threads.py"
NOTHING = Mutation(1, 0, 0, b"")


def test_a_change_is_noticed_if_a_test_fails(tmp_path: Path) -> None:
    """The tests run on the changed copy; the repository stays as it is."""
    source = (REPOSITORY / PATH).read_bytes()
    start = source.index(b"DEEPEST: Final = 3") + len(b"DEEPEST: Final = ")
    wrong = Mutation(1, start, start + 1, b"2")
    copy = Copy(tmp_path / "copy")

    tried = [*copy.unnoticed(MODULE, PATH, [wrong, NOTHING])]
    assert tried == [(wrong, False), (NOTHING, True)]
    assert (tmp_path / "copy" / PATH).read_bytes() == source == (REPOSITORY / PATH).read_bytes()
    with pytest.raises(BrokenTestsError, match=r"that mirror no\.such"):
        next(copy.unnoticed("no.such", PATH, []))


def test_a_seed_gives_one_sample() -> None:
    """The same each time, without repetition, in the order of the modules; others for others."""
    every = mutants([MODULE, "index.lists"])
    chosen = sample(every, 20, 1)

    assert chosen == sample(every, 20, 1) != sample(every, 20, 2)
    assert len(set(chosen)) == 20
    assert chosen == [mutant for mutant in every if mutant in chosen]
    assert sample(every, 10**6, 1) == every


def test_the_report_counts_and_names_what_was_not_noticed() -> None:
    """By module, and with file, line, and the line before and after."""
    line = (REPOSITORY / PATH).read_bytes().splitlines().index(b"DEEPEST: Final = 3") + 1
    found = [item for item in mutants([MODULE]) if item.mutation.line == line]
    other = Mutant("index.lists", "sitegen/index/lists.py", NOTHING)

    lines = report([*found, other], found[:1]).splitlines()
    assert lines[:2] == ["    1 of 2     responses.threads", "    1 of 1     index.lists"]
    assert f"{PATH}:{line}" in lines
    assert "    - DEEPEST: Final = 3" in lines
    assert lines[-1] == "2 of 3 noticed: 67% (the goal is 85%)"
