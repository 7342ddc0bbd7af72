"""Save → page on disk: how long a generator that watches its site takes to show an edit."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from benchmarks import measure, outputs
from benchmarks.corpus import Story
from benchmarks.peers import Variant
from benchmarks.sites import Edited

POLL_SECONDS = 0.001
IDLE_SECONDS = 0.8
"""A tool that has used no CPU time for so long is done with what it was doing."""

PROBE_SECONDS = 20.0
"""How long a tool that has just started is given to follow an edit before it is given another."""

FEWEST = 3
"""Edits of each kind, however slow the tool is."""

IDLE_SHARE = 0.05
"""A tool that polls is idle as well: so much of one core is nothing."""


@dataclass
class Saves:
    """What was seen after edits of one kind."""

    seconds: list[float] = field(default_factory=list)
    """From save to page on disk, one each."""
    wrong: list[str] = field(default_factory=list)
    """What was wrong on pages and lists when the tool had come to rest."""
    files: int = 0
    """Files that the last of these edits wrote."""
    cpu: float = 0.0
    """Seconds of CPU time that the last of these edits took, until the tool was idle."""


class Watched(NamedTuple):
    """What a tool in its watch mode did."""

    start: float
    """Seconds until it had started and come to rest."""
    kinds: dict[str, Saves]
    memory: int
    """Of the process tree at the end, in bytes."""
    failure: str


class Patience(NamedTuple):
    """How many edits are made of each kind, and how long is waited for them."""

    edits: int
    budget: float
    """Seconds after which fewer will do, but three at least."""
    timeout: float
    """Seconds that the start and any one edit may take."""


class NotShownError(Exception):
    """An edit did not reach the page in time, or the tool ended."""


def watch(
    variant: Variant,
    command: Sequence[str],
    site: Edited,
    patience: Patience,
    environment: Mapping[str, str],
    *,
    feeds: bool,
) -> Watched:
    """Start a tool, edit articles, and return how it followed."""
    kinds: dict[str, Saves] = {}
    with tempfile.TemporaryFile() as told:
        started = time.perf_counter()
        tool = measure.start(command, site.folder, environment, told.fileno())
        begun, memory, failure = 0.0, 0, ""
        try:
            _wait_for_rest(tool, patience.timeout)
            begun = time.perf_counter() - started - IDLE_SECONDS
            _wait_for_answer(tool, site, patience.timeout)
            for name, edit in (
                ("body edit", site.edit_body),
                ("title edit", site.edit_title),
                ("new article", site.add_article),
            ):
                kinds[name] = Saves()
                for wrong in _edits(kinds[name], tool, site, edit, patience):
                    outputs.collect(kinds[name].wrong, wrong)
                    if feeds:
                        told_of = outputs.feeds(site.folder / variant.output, site.stories[-1])
                        outputs.collect(kinds[name].wrong, told_of)
            memory = measure.memory_of_tree(tool.pid)
        except NotShownError as error:
            failure = str(error)
        finally:
            _end(tool)
    return Watched(begun, kinds, memory, failure)


def _edits(
    saves: Saves,
    tool: subprocess.Popen[bytes],
    site: Edited,
    edit: Callable[[], tuple[Path, Story]],
    patience: Patience,
) -> Iterator[Iterator[str]]:
    """Make edits of one kind; after each yield what is wrong with pages and lists."""
    output = site.folder / site.variant.output
    begun = time.monotonic()
    while len(saves.seconds) < patience.edits:
        before = outputs.snapshot(output)
        used = measure.cpu_of_tree(tool.pid)
        saved = time.perf_counter()
        _, story = edit()
        shown = _wait_for_page(site.variant, tool, output, story, patience.timeout)
        saves.seconds.append(shown - saved)
        _wait_for_rest(tool, patience.timeout)
        saves.cpu = measure.cpu_of_tree(tool.pid) - used
        saves.files = outputs.written(before, outputs.snapshot(output)).files
        yield outputs.article(output, site.variant, story)
        yield outputs.lists_show(output, site.variant, story, site.stories[-1])
        late = time.monotonic() - begun > patience.budget
        if late and len(saves.seconds) >= FEWEST:
            break


def _wait_for_page(
    variant: Variant, tool: subprocess.Popen[bytes], output: Path, story: Story, timeout: float
) -> float:
    """Return the moment at which an article's page is there with its title and its text."""
    path = output / variant.article_url(story).strip("/") / "index.html"
    words = (story.mark.encode(), story.title.encode())
    limit = time.perf_counter() + timeout
    while True:
        try:
            data = path.read_bytes()
        except OSError:
            data = b""
        now = time.perf_counter()
        if all(word in data for word in words) and data.rstrip().endswith(b"</html>"):
            return now
        if now > limit:
            raise NotShownError(f"a page did not show its edit after {timeout:.0f} s")
        if tool.poll() is not None:
            raise NotShownError(f"the watch mode ended with exit code {tool.returncode}")
        time.sleep(POLL_SECONDS)


def _wait_for_answer(tool: subprocess.Popen[bytes], site: Edited, timeout: float) -> None:
    """Edit articles until one edit is followed: only then is the tool known to be watching."""
    limit = time.monotonic() + timeout
    while True:
        _, story = site.edit_body()
        output = site.folder / site.variant.output
        try:
            _wait_for_page(site.variant, tool, output, story, PROBE_SECONDS)
        except NotShownError:
            if tool.poll() is not None or time.monotonic() > limit:
                raise
        else:
            _wait_for_rest(tool, timeout)
            return


def _wait_for_rest(tool: subprocess.Popen[bytes], timeout: float) -> None:
    """Wait until the tool does nothing."""
    limit = time.monotonic() + timeout
    for busy in _shares(tool):
        if tool.poll() is not None:
            raise NotShownError(f"the watch mode ended with exit code {tool.returncode}")
        if not busy:
            return
        if time.monotonic() > limit:
            raise NotShownError(f"the watch mode was not at rest after {timeout:.0f} s")


def _shares(tool: subprocess.Popen[bytes]) -> Iterator[bool]:
    """Yield again and again whether the tool has been busy for the last while."""
    before = measure.cpu_of_tree(tool.pid)
    while True:
        time.sleep(IDLE_SECONDS)
        now = measure.cpu_of_tree(tool.pid)
        yield now - before > IDLE_SHARE * IDLE_SECONDS
        before = now


def _end(tool: subprocess.Popen[bytes]) -> None:
    """End the tool and all that it started."""
    measure.end_group(tool.pid, signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        tool.wait(10)
    measure.end_group(tool.pid, signal.SIGKILL)
    tool.wait()
