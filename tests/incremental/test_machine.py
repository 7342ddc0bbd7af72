"""Random edits of a site with the real theme, each build compared with a clean one.

`make test` runs a short one. `make exact` (`EXACT_BUILDS=2000 pytest -s tests/incremental`) goes
on for about so many incremental builds, and tells how many it made.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.incremental.clean import CleanBuilder
from tests.incremental.machine import Exactness

pytestmark = pytest.mark.slow

BUILDS = 160
"""In the short run."""

STEPS = 20
"""In one sequence. A step is an incremental build, and a second one that finds nothing to do."""


FAULTS = (
    *("go_on", "put_in_the_way", "lose_configuration", "add", "respond", "respond_to"),
    *("stay", "leave"),
)
"""The rules of what is wrong, or cannot be read or written, and what gives them something to do."""


def only(machine: type[Exactness], names: Collection[str]) -> type[Exactness]:
    """Return a machine with some of the rules of another."""
    others = {
        name: None
        for name, item in inspect.getmembers(machine)
        if hasattr(item, "hypothesis_stateful_rule") and name not in names
    }
    return type("Only", (machine,), others)


MACHINES = [
    pytest.param(Exactness, BUILDS, id="all"),
    pytest.param(only(Exactness, FAULTS), BUILDS // 4, id="faults"),
]


@pytest.mark.parametrize(("machine", "builds"), MACHINES)
def test_incremental_builds_are_exact(
    tmp_path: Path, machine: type[Exactness], builds: int
) -> None:
    """After any edit the output is what a clean build makes, and a second build does nothing.

    Of what is wrong or cannot be read it is what was last right.
    """
    wanted = os.environ.get("EXACT_BUILDS")
    Exactness.counts.clear()
    with CleanBuilder(tmp_path) as Exactness.clean:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=max(1, (int(wanted) // 2 if wanted else builds) // (2 * STEPS)),
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                # To make a long run's example smaller would take longer than the run.
                phases=(Phase.reuse, Phase.generate) if wanted else tuple(Phase),
            ),
        )
    figures = ", ".join(f"{count} {name}" for name, count in sorted(Exactness.counts.items()))
    sys.stdout.write(f"\n{figures}\n")
