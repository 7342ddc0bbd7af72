"""A build beside the output folder: of the same site, to look at, and gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sitegen.cache.store import FOLDER, Store, lock
from sitegen.flow.options import Options


@contextmanager
def built_beside(site: Path, options: Options, kept: tuple[str, ...]) -> Iterator[Options]:
    """Give the options of a build into a temporary folder that goes on in spite of errors.

    `kept` are the files with errors of which a build with `options` knows the last good state: so
    does this one.
    """
    output, state = options.output or site / "output", options.state or site / FOLDER
    with tempfile.TemporaryDirectory(prefix="sitegen-") as temporary:
        folder = Path(temporary)
        beside = replace(
            options,
            output=folder / "output",
            state=folder / "state",
            keep_going=True,
            clean=False,
        )
        with (
            lock(state),
            Store(state, output) as known,
            Store(folder / "state", folder / "output") as fresh,
        ):
            if (last := known.state().last) is not None:
                fresh.take_last_good(known, last._replace(kept=kept))
        yield beside
