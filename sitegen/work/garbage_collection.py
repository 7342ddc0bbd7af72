"""Python's cyclic garbage collector, kept out of the way.

A build holds millions of small frozen values, of which none is ever in a cycle. Each look of the
collector at all of them costs as much as a stage of the build, and in a forked worker it copies
the memory that the worker shares with its parent.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_rest() -> Iterator[None]:
    """Collect nothing inside the block: for stages that only make values that stay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def on_new_values() -> Iterator[None]:
    """Collect inside the block, but look only at values that are made in it.

    For parsing and rendering, in which foreign code makes cycles.
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
