"""Save → page on disk: how long a generator that watches its site takes to show an edit."""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import measure, outputs
from benchmarks.corpus import Story
from benchmarks.peers import Variant
from benchmarks.sites import Edited

POLL_SECONDS = 0.001
IDLE_SECONDS = 0.8
"""A tool that has used no CPU time for so long is done with what it was doing."""

IDLE_SHARE = 0.05
"""A tool that polls is idle as well: so much of one core is nothing."""


class Saves(NamedTuple):
    """What was seen after edits of one kind."""

    seconds: list[float]
    """From save to page on disk, one each."""
    wrong: list[str]
    """What was wrong on pages and lists when the tool had come to rest."""
    files: int
    """Files that the last of these edits wrote."""
    cpu: float
    """Seconds of CPU time that the last of these edits took, until the tool was idle."""


class Watched(NamedTuple):
    """What a tool in its watch mode did."""

    start: float
    """Seconds until it had started and come to rest."""
    kinds: dict[str, Saves]
    memory: int
    """Of the process tree at the end, in bytes."""
    failure: str


class NotShownError(Exception):
    """An edit did not reach the page in time, or the tool ended."""


def watch(
    variant: Variant,
    command: Sequence[str],
    site: Edited,
    edits: int,
    budget: float,
    timeout: float,
    environment: dict[str, str],
) -> Watched:
    """Start a tool, edit articles, and return how it followed.

    Of each kind of edit `edits` are made, fewer if they would take longer than `budget` seconds,
    but at least three. `timeout` is how long the start and any one edit may take.
    """
    kinds: dict[str, Saves] = {}
    with tempfile.TemporaryFile() as told:
        started = time.perf_counter()
        tool = measure.start(command, site.folder, environment, told.fileno())
        begun, memory, failure = 0.0, 0, ""
        try:
            _wait_for_rest(tool, timeout, site, variant)
            begun = time.perf_counter() - started - IDLE_SECONDS
            for name, edit in (
                ("body edit", site.edit_body),
                ("title edit", site.edit_title),
                ("new article", site.add_article),
            ):
                kinds[name] = _edits(variant, tool, site, edit, edits, budget, timeout)
            memory = measure.memory_of_tree(tool.pid)
        except NotShownError as error:
            failure = str(error)
        finally:
            _end(tool)
    return Watched(begun, kinds, memory, failure)


def _edits(
    variant: Variant,
    tool: subprocess.Popen[bytes],
    site: Edited,
    edit: Callable[[], tuple[Path, Story]],
    edits: int,
    budget: float,
    timeout: float,
) -> Saves:
    output = site.folder / variant.output
    seconds: list[float] = []
    wrong: dict[str, None] = {}
    written, cpu = 0, 0.0
    begun = time.monotonic()
    while len(seconds) < edits:
        before = outputs.snapshot(output)
        used = measure.cpu_of_tree(tool.pid)
        saved = time.perf_counter()
        _, story = edit()
        shown = _wait_for_page(variant, tool, output, story, timeout)
        seconds.append(shown - saved)
        _wait_for_rest(tool, timeout)
        cpu = measure.cpu_of_tree(tool.pid) - used
        written = outputs.written(before, outputs.snapshot(output)).files
        wrong.update(dict.fromkeys(outputs.article(output, variant, story)))
        wrong.update(dict.fromkeys(outputs.lists_show(output, variant, story)))
        if time.monotonic() - begun > budget and len(seconds) >= min(edits, 3):
            break
    return Saves(seconds, list(wrong), written, cpu)


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


def _wait_for_rest(
    tool: subprocess.Popen[bytes],
    timeout: float,
    site: Edited | None = None,
    variant: Variant | None = None,
) -> None:
    """Wait until the tool does nothing, and until the site's newest article is there."""
    limit = time.monotonic() + timeout
    for busy in _shares(tool):
        if tool.poll() is not None:
            raise NotShownError(f"the watch mode ended with exit code {tool.returncode}")
        if not busy and (site is None or variant is None or _is_built(site, variant)):
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


def _is_built(site: Edited, variant: Variant) -> bool:
    output = site.folder / variant.output
    return not list(outputs.article(output, variant, site.stories[-1]))


def _end(tool: subprocess.Popen[bytes]) -> None:
    """End the tool and all that it started."""
    measure.end_group(tool.pid, signal.SIGINT)
    try:
        tool.wait(10)
    except subprocess.TimeoutExpired:
        pass
    measure.end_group(tool.pid, signal.SIGKILL)
    tool.wait()
