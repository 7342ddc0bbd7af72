"""Programs and packages that some tests need, and that not every machine has."""

from __future__ import annotations

import os
import shutil

import pytest


def needed(name: str) -> str:
    """Return the path of a program; without it the test is left out, and in CI it fails.

    `.ci/run` installs what is missing, so that nothing is left out there.
    """
    found = shutil.which(name)
    if found is None:
        left_out(f"{name} is not installed")
    return str(found)


def left_out(reason: str) -> None:
    """Leave out the test that runs; in CI let it fail."""
    if "CI" in os.environ:
        pytest.fail(f"{reason}, and nothing is left out in CI")
    pytest.skip(reason)
