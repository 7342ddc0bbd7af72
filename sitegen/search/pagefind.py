"""Runs Pagefind's command line. The only module that knows where it is."""

from __future__ import annotations

import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path

PACKAGE = "pagefind-bin-extended"
"""Ships the program; "extended" is the build that divides Chinese and Japanese into words."""


class PagefindError(Exception):
    """Pagefind could not be run, or failed; the message is for the person who builds."""


@cache
def executable() -> Path | None:
    """Return the program, or None where it is not installed."""
    try:
        from pagefind_bin_extended import get_executable  # noqa: PLC0415 - an extra

        return Path(get_executable())
    except (ImportError, FileNotFoundError):
        return None


@cache
def version() -> str:
    """Return the version of the program, or "" where it is not installed."""
    return metadata.version(PACKAGE) if executable() else ""


def run(site: Path, bundle: Path, language: str) -> None:
    """Index all HTML files below `site` as one language, into the new folder `bundle`.

    Raises `PagefindError`.
    """
    program = executable()
    if program is None:
        message = f"{PACKAGE} is not installed"
        raise PagefindError(message)
    command = [program, "--site", site, "--output-path", bundle, "--silent"]
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            [*map(str, command), "--force-language", language],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=site,
            check=False,
        )
    except OSError as error:
        message = f"Pagefind cannot be run: {error.strerror or error}"
        raise PagefindError(message) from error
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip().split("\n")[-1]
        message = f"Pagefind failed with exit code {done.returncode}: {said}"
        raise PagefindError(message)
