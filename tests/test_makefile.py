"""The Makefile finds the Pythons of a machine, and keeps an environment for each that is named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sitefactory import write

REPOSITORY = Path(__file__).parent.parent
PYTHONS = REPOSITORY / ".ci/pythons"
HERE = ".".join(map(str, sys.version_info[:3]))
MINOR = ".".join(map(str, sys.version_info[:2]))


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Ask make what it would do, as if nothing had been installed."""
    if shutil.which("make") is None:
        pytest.skip("no make")
    command = ["make", "--dry-run", "--always-make", *arguments]
    # Tests that run under `make test PYTHON=…` are handed both in the environment.
    env = {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHON" and not name.startswith("MAKE")
    }
    return subprocess.run(
        command, cwd=REPOSITORY, check=False, capture_output=True, text=True, env=env
    )


def programs(folder: Path, **scripts: str) -> str:
    """Write shell scripts by their names, and return a PATH with nothing but them and the system's.

    An underscore in a name is a dot.
    """
    write(
        folder, {name.replace("_", "."): f"#!/bin/sh\n{text}\n" for name, text in scripts.items()}
    )
    for path in folder.iterdir():
        path.chmod(0o755)
    tools = {str(Path(found).parent) for name in ("sort", "sed") if (found := shutil.which(name))}
    return os.pathsep.join((str(folder), *sorted(tools)))


def test_pythons_are_found_on_the_path_and_in_pyenv(tmp_path: Path) -> None:
    """One of each version, the newest first; a shim that does not run and old ones are left out."""
    asked = 'case "$*" in "versions --bare") echo 2.7.18; echo 3.99.0; echo 3.99.12; echo work;;'
    path = programs(
        tmp_path / "bin",
        python3_14="exit 127",
        python3_13=f'exec "{sys.executable}" "$@"',
        python3_12=f'exec "{sys.executable}" "$@"',
        python3_11="exit 0",
        python3=f'exec "{sys.executable}" "$@"',
        python="exit 1",
        pyenv=f'{asked} prefix*) echo "{tmp_path}/$2";; esac',
    )
    for version in ("3.99.0", "3.99.12"):
        programs(tmp_path / version / "bin", python=f"echo {version} here")
    done = subprocess.run(
        [PYTHONS], check=True, capture_output=True, text=True, env={**os.environ, "PATH": path}
    )
    assert done.stdout == f"3.99.12 here\n{HERE} {sys.executable}\n"


def test_a_machine_without_pythons_has_none(tmp_path: Path) -> None:
    """Where none is new enough, nothing is printed, and that is no failure."""
    names = [f"python3_{minor}" for minor in range(11, 15)]
    path = programs(tmp_path, **dict.fromkeys([*names, "python3", "python"], "exit 1"), pyenv="")
    done = subprocess.run(
        [PYTHONS], check=True, capture_output=True, text=True, env={**os.environ, "PATH": path}
    )
    assert done.stdout == ""


def test_without_a_name_the_usual_environment_is_used() -> None:
    """`make test` works in .venv."""
    assert ".venv/bin/python -m pytest" in make("test").stdout


def test_a_named_python_has_an_environment_of_its_own() -> None:
    """`make test PYTHON=…` neither uses nor removes the usual environment."""
    # Not that of an environment: its path would name one.
    python = os.path.realpath(sys.executable)
    done = make("test", f"PYTHON={python}").stdout
    assert f".venv-{MINOR}/bin/python -m pytest" in done
    assert f'"{python}"' in done
    assert ".venv/" not in done
    assert ".venv " not in done


def test_a_python_that_is_not_there_is_told() -> None:
    """The message names it, and where the others are to be found."""
    done = make("test", "PYTHON=no-such-python")
    assert done.returncode != 0
    assert "PYTHON=no-such-python" in done.stderr
    assert "make pythons" in done.stderr


def test_what_make_installs_is_removed_and_not_in_the_repository() -> None:
    """`make clean` removes every environment, and git ignores them."""
    assert ".venv .venv-3.*" in make("clean").stdout
    ignored = subprocess.run(
        ["git", "check-ignore", ".venv/x", f".venv-{MINOR}/x"],
        cwd=REPOSITORY,
        check=False,
        capture_output=True,
        text=True,
    )
    assert ignored.stdout.split() == [".venv/x", f".venv-{MINOR}/x"]
