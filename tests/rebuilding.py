"""A site that is watched and built again in another thread, for tests that edit it.

with rebuilding(site) as builds:
    save(site, {"articles/flood.md": article("Flood")})
    builds.until(lambda: "Flood" in pages(site)["index.html"])
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sitegen.flow.build import Options, build
from sitegen.watch.rebuild import Outcome, keep_building, utc_now
from sitegen.watch.watching import Watch
from tests.sitefactory import AT, Text, tree, write

DEADLINE_SECONDS = 60.0
"""After which something that should have happened counts as missing."""


class Builds:
    """What came of the builds so far."""

    def __init__(self, site: Path, watch: Watch, options: Options) -> None:
        self.site = site
        self.watch = watch
        self.options = options
        self.said: list[str] = []
        self.outcomes: list[Outcome] = []
        self.failure: BaseException | None = None
        self._news: queue.SimpleQueue[Outcome | None] = queue.SimpleQueue()

    def take(self, outcome: Outcome) -> None:
        """Take what a build came to; from the thread that builds."""
        self._news.put(outcome)

    def fail(self, error: BaseException) -> None:
        """Take the exception that ended the thread."""
        self.failure = error
        self._news.put(None)

    def next(self) -> Outcome:
        """Wait for the next build and return what it came to."""
        return self._next(time.monotonic() + DEADLINE_SECONDS)

    def _next(self, deadline: float) -> Outcome:
        try:
            outcome = self._news.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise AssertionError("there was no build") from None
        if outcome is None:
            raise AssertionError("building ended") from self.failure
        self.outcomes.append(outcome)
        return outcome

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until `condition` holds after some build."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not self._holds(condition):
            outcome = self._next(deadline)
            assert not outcome.bug, outcome.bug

    @staticmethod
    def _holds(condition: Callable[[], bool]) -> bool:
        try:
            return condition()
        except OSError:  # a file went away while it was read: a build is under way
            return False

    def until_clean(self, elsewhere: Path) -> None:
        """Wait until the output is that of a clean build, which is made below `elsewhere`."""
        clean = clean_output(self.site, elsewhere, self.options)
        output = self.options.output or self.site / "output"

        def differences() -> list[str]:
            now = tree(output)
            return sorted(
                path
                for path in {*clean, *now}
                if clean.get(path) != now.get(path) and not path.startswith(".sitegen-tmp")
            )

        try:
            self.until(lambda: not differences())
        except AssertionError as error:
            raise AssertionError(f"{error}; these differ: {differences()[:20]}") from error


def save(folder: Path, files: Mapping[str, Text | None]) -> None:
    """Write files by their path below `folder`, each in one step; None removes one.

    So a build sees a file as it was before or as it is after, however slow the machine is.
    """
    for path, content in files.items():
        place = folder / path
        if content is None:
            place.unlink(missing_ok=True)
            continue
        beside = place.with_name(f".{place.name}.part")
        write(beside.parent, {beside.name: content})
        beside.replace(place)


def clean_output(site: Path, elsewhere: Path, options: Options) -> dict[str, bytes]:
    """Return every file of a build that knows nothing of others."""
    number = len(list(elsewhere.iterdir())) if elsewhere.is_dir() else 0
    output, state = elsewhere / f"{number}-output", elsewhere / f"{number}-state"
    build(site, replace(options, output=output, state=state))
    return tree(output)


@contextmanager
def rebuilding(
    site: Path,
    *,
    options: Options | None = None,
    polling: bool = False,
    adapt: Callable[[Options], Options] = lambda options: options,
    clock: Callable[[], datetime] = utc_now,
) -> Iterator[Builds]:
    """Watch the site and build it again in another thread while the block runs.

    The first build is done when the block begins. Built is the site as it is at `AT`, unless
    `options` say otherwise.
    """
    options = options or Options(at=AT, keep_going=True)
    said: list[str] = []
    with Watch(site, said.append, polling=polling) as watch:
        builds = Builds(site, watch, options)
        builds.said = said

        def work() -> None:
            try:
                keep_building(site, options, watch, builds.take, adapt=adapt, clock=clock)
            except BaseException as error:  # noqa: BLE001 - it is raised in the test
                builds.fail(error)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            builds.next()
            yield builds
        finally:
            watch.end()
            thread.join()
