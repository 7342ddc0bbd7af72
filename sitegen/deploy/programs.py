"""Runs rsync and git, and passes on their error messages without secrets."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sitegen.model.errors import Problem, SitegenError

PAUSES = (1.0, 4.0, 10.0)
"""Seconds between the attempts after a dropped connection."""

LINES = 6
"""How many lines of a program's error messages are passed on."""

_USER = re.compile(r"(?<=://)[^/@\s]+@")
_QUERY = re.compile(r"(?<=\w)\?[^\s'\"]+")
_HEADER = re.compile(r"(?i)\b(authorization|password|token|secret|signature)\b(\s*[:=]\s*)\S.*")


class Completed(NamedTuple):
    """A program that has ended."""

    code: int
    stdout: bytes
    stderr: str
    """Without secrets."""


def run(
    program: Sequence[str],
    *,
    stdin: bytes = b"",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    umask: int = -1,
) -> Completed:
    """Run a program to its end, with `stdin` as its input and messages in English.

    `env` are variables of the environment beside ours, `umask` is what it may not let others do
    with its files, -1 for as we have it. Raises `SitegenError` if there is no such
    program.
    """
    if shutil.which(program[0]) is None:
        message = f"`{program[0]}` is not installed"
        raise SitegenError(Problem(message, hint="install it, and run `sitegen deploy` again"))
    variables = {"LC_ALL": "C", **(env or {})}
    done = subprocess.run(  # noqa: S603 - the arguments are made by us from a checked target
        ["env", *(f"{name}={value}" for name, value in variables.items()), *program],  # noqa: S607 - wherever it is
        check=False,
        input=stdin,
        capture_output=True,
        cwd=cwd,
        umask=umask,
    )
    return Completed(done.returncode, done.stdout, redacted(done.stderr.decode("utf-8", "replace")))


def redacted(text: str) -> str:
    """Return a program's message without what could be a secret."""
    return _HEADER.sub(r"\1\2…", _QUERY.sub("?…", _USER.sub("…@", text)))


def failed(what: str, done: Completed, hint: str | None = None) -> SitegenError:
    """Return the error for a program that failed, with the last lines of its messages."""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    shown = "\n".join(f"  {line}" for line in lines[-LINES:])
    return SitegenError(Problem(f"{what} (exit code {done.code})\n{shown}".rstrip(), hint=hint))


def wait_to_retry(attempt: int) -> bool:
    """Wait after a dropped connection; return False when there is no attempt left."""
    if attempt >= len(PAUSES):
        return False
    time.sleep(PAUSES[attempt])
    return True
