"""Runs rsync and git, and passes on without secrets what they say."""

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
"""Seconds between the tries after a dropped connection."""

LINES = 6
"""How much of what a program said is passed on."""

_USER = re.compile(r"(?<=://)[^/@\s]+@")
_QUERY = re.compile(r"(?<=\w)\?[^\s'\"]+")
_HEADER = re.compile(r"(?i)\b(authorization|password|token|secret|signature)\b(\s*[:=]\s*)\S.*")


class Ran(NamedTuple):
    """How a program ended."""

    code: int
    out: bytes
    said: str
    """What it said on stderr, without secrets."""


def run(
    program: Sequence[str],
    *,
    given: bytes = b"",
    folder: Path | None = None,
    settings: Mapping[str, str] | None = None,
) -> Ran:
    """Run a program to its end, `given` on its stdin; it speaks English.

    `settings` are variables of the environment beside ours. Raises `SitegenError` if there is no
    such program.
    """
    if shutil.which(program[0]) is None:
        message = f"{program[0]} is not installed"
        raise SitegenError(Problem(message, hint="install it, and deploy again"))
    variables = {"LC_ALL": "C", **(settings or {})}
    done = subprocess.run(  # noqa: S603 - the arguments are made by us from a checked target
        ["env", *(f"{name}={value}" for name, value in variables.items()), *program],  # noqa: S607 - wherever it is
        check=False,
        input=given,
        capture_output=True,
        cwd=folder,
    )
    return Ran(done.returncode, done.stdout, redacted(done.stderr.decode("utf-8", "replace")))


def redacted(text: str) -> str:
    """Return a program's words without what could be a secret."""
    return _HEADER.sub(r"\1\2…", _QUERY.sub("?…", _USER.sub("…@", text)))


def failed(what: str, ran: Ran, hint: str | None = None) -> SitegenError:
    """Return the error for a program that failed, with the last lines that it said."""
    lines = [line for line in ran.said.splitlines() if line.strip()]
    said = "\n".join(f"  {line}" for line in lines[-LINES:])
    return SitegenError(Problem(f"{what} (code {ran.code})\n{said}".rstrip(), hint=hint))


def pause(attempt: int) -> bool:
    """Wait after a dropped connection; return whether to try once more."""
    if attempt >= len(PAUSES):
        return False
    time.sleep(PAUSES[attempt])
    return True
