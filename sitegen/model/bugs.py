"""A bug of ours that one file has brought about → a problem of that file, which costs it alone."""

from __future__ import annotations

import traceback
from pathlib import Path

from sitegen.model.errors import Location, Problem, SitegenError

BUG_FRAMES = 4
"""How many lines of our code are named where a bug was met."""


def problems_of(location: Location, error: Exception) -> tuple[Problem, ...]:
    """Return what an exception means that was raised while one file was worked on."""
    return error.problems if isinstance(error, SitegenError) else (bug_at(location, error),)


def bug_at(location: Location, error: Exception) -> Problem:
    """Return the problem that a bug of ours is which one file has brought about.

    It costs that file alone; where in our code it was, the hint says.
    """
    if isinstance(error, RecursionError):
        hint = "make lists, quotes, emphasis or includes in it less deep"
        return Problem("this is nested too deeply", location, hint)
    frames = traceback.extract_tb(error.__traceback__)[-BUG_FRAMES:]
    place = " < ".join(f"{Path(item.filename).name}:{item.lineno}" for item in reversed(frames))
    hint = f"report it, with this file and this: {type(error).__name__}: {error} ({place})"
    return Problem("this file meets a bug in sitegen", location, hint)
