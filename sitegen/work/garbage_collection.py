"""Python's cyclic garbage collector, paused or limited while a build runs.

A build holds millions of small frozen values, of which none is ever in a cycle. Each full
collection traverses all of them, which costs as much as a stage of the build, and in a forked
worker it copies the memory that the worker shares with its parent.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Pause collection inside the block: for stages that only make values that stay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def new_objects_only() -> Iterator[None]:
    """Collect inside the block, but traverse only objects that are made in it (`gc.freeze`).

    For parsing and rendering, in which the code of libraries makes cycles.
    """
    was_enabled = gc.isenabled()
    gc.freeze()
    gc.enable()
    try:
        yield
    finally:
        gc.unfreeze()
        if not was_enabled:
            gc.disable()
