"""A site that is watched and built again in another thread, for tests that edit it.

with rebuilding(site) as builds:
    save(site, {"articles/flood.md": article("Flood")})
    builds.until(lambda: "Flood" in pages(site)["index.html"])
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sitegen.flow.build import Options, build
from sitegen.watch.rebuild import Outcome, keep_building, utc_now
from sitegen.watch.watching import POLL_SECONDS, Watch
from tests.sitefactory import AT, Text, tree, write

DEADLINE_SECONDS = 60.0
"""After which something that should have happened counts as missing."""


class Builds:
    """What came of the builds so far. Conditions are looked at only while no build is under way."""

    def __init__(self, site: Path, watch: Watch, options: Options) -> None:
        self.site = site
        self.watch = watch
        self.options = options
        self.said: list[str] = []
        self.outcomes: list[Outcome] = []
        """Those that the test has waited for."""
        self._failure: BaseException | None = None
        self._news: deque[Outcome] = deque()
        self._is_building = True
        self._turn = threading.Condition()

    # From the thread that builds

    def begin(self) -> None:
        """Begin a build, as soon as the test looks at nothing."""
        with self._turn:
            self._is_building = True

    def take(self, outcome: Outcome) -> None:
        """Take what a build came to."""
        with self._turn:
            self._news.append(outcome)
            self._is_building = False
            self._turn.notify_all()

    def fail(self, error: BaseException) -> None:
        """Take the exception that ended the thread."""
        with self._turn:
            self._failure = error
            self._is_building = False
            self._turn.notify_all()

    # From the test

    def next(self) -> Outcome:
        """Wait for the next build and return what it came to."""
        with self._turn:
            return self._next(time.monotonic() + DEADLINE_SECONDS)

    def _next(self, deadline: float) -> Outcome:
        """Return the next outcome; in turn."""
        self._wait(lambda: bool(self._news or self._failure), deadline)
        if not self._news:
            raise AssertionError("building ended") from self._failure
        self.outcomes.append(self._news.popleft())
        return self.outcomes[-1]

    def _wait(self, condition: Callable[[], bool], deadline: float) -> None:
        left = max(0.0, deadline - time.monotonic())
        assert self._turn.wait_for(condition, left), "there was no build"

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until `condition` holds between two builds.

        It sees whole builds, and their outcomes: the files of one are in place when it is told.
        """
        deadline = time.monotonic() + DEADLINE_SECONDS
        with self._turn:
            while True:
                self._wait(lambda: not self._is_building, deadline)
                while self._news:
                    outcome = self._next(deadline)
                    assert not outcome.bug, outcome.bug
                if condition():
                    return
                self._wait(lambda: bool(self._news or self._failure), deadline)
                if self._failure:
                    raise AssertionError("building ended") from self._failure

    def until_clean(self, elsewhere: Path) -> None:
        """Wait until the output is that of a clean build, which is made below `elsewhere`."""
        clean = clean_output(self.site, elsewhere, self.options)
        output = self.options.output or self.site / "output"

        def differences() -> list[str]:
            now = tree(output)
            return sorted(path for path in {*clean, *now} if clean.get(path) != now.get(path))

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
    with Watch(site, said.append, poll=POLL_SECONDS if polling else 0) as watch:
        builds = Builds(site, watch, options)
        builds.said = said

        def begin(options: Options) -> Options:
            builds.begin()
            return adapt(options)

        def work() -> None:
            try:
                keep_building(site, options, watch, builds.take, adapt=begin, clock=clock)
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
