"""Runs a command and measures it: wall time, CPU time and peak memory of its process tree.

CPU time is what the kernel counted for the command and the children it waited for. Memory is
sampled from /proc every 20 ms; where there is none (not Linux) the kernel's peak is all there is.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

SAMPLE_SECONDS = 0.02

WORTH_A_LOOK = 1.02
"""Growth of the sum of RSS, which counts shared memory several times, at which PSS is asked for.

The kernel goes through all pages for it: too dear for each sample.
"""

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


_FOLDERS = re.compile(r"(?:file://)?(?:/[\w.@+-]+)+/")
"""Where things lie on this machine is nobody's business."""


class Usage(NamedTuple):
    """What a command cost, and how it ended."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds of user and system time of the process tree."""
    memory: int
    """Peak of the process tree in bytes: RSS of a sole process, PSS where there are several."""
    failure: str
    """Why it failed; "" if it did not."""


DO_NOT_KEEP = "PYTHONDONTWRITEBYTECODE"


def run(
    command: Sequence[str], folder: Path, timeout: float, environment: Mapping[str, str]
) -> Usage:
    """Run a command in `folder` and return what it cost; kill it after `timeout` seconds."""
    with tempfile.TemporaryFile() as told:
        started = time.perf_counter()
        process = start(command, folder, environment, told.fileno())
        memory = Memory(process.pid)
        timer = threading.Timer(timeout, end_group, [process.pid, signal.SIGKILL])
        memory.start()
        timer.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
            wall = time.perf_counter() - started
        finally:
            late = not timer.is_alive()
            timer.cancel()
            memory.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        failure = ""
        if late and process.returncode < 0:
            failure = f"not finished after {timeout:.0f} s"
        elif process.returncode:
            failure = f"exit code {process.returncode}: {_last_words(told.fileno())}"
    # What the system says of it at the end is at least what we had when we started it.
    peak = memory.peak or used.ru_maxrss * MAXRSS_UNIT
    return Usage(wall, used.ru_utime + used.ru_stime, peak, failure)


def start(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], told: int
) -> subprocess.Popen[bytes]:
    """Start a command in a process group of its own, with its output to the descriptor `told`."""
    # Users' Python keeps what it has compiled; a machine for development may be told not to.
    mine = {name: value for name, value in os.environ.items() if name != DO_NOT_KEEP}
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**mine, **environment},
        stdin=subprocess.DEVNULL,
        stdout=told,
        stderr=told,
        start_new_session=True,
    )


def end_group(pid: int, how: int) -> None:
    """Send a signal to the process group that `start` made; nothing if it has ended."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, how)


def _last_words(told: int) -> str:
    size = os.fstat(told).st_size
    text = os.pread(told, 2000, max(0, size - 2000)).decode(errors="replace")
    without_folders = _FOLDERS.sub("…/", text)
    return " ".join(without_folders.split())[-300:]


class Memory(threading.Thread):
    """Watches the memory of a process and all below it until `stop`."""

    def __init__(self, pid: int) -> None:
        """Take the process at the top of the tree."""
        super().__init__(daemon=True)
        self.peak = 0
        self._pid = pid
        self._over = threading.Event()
        self._resident = 0

    def run(self) -> None:
        """Sample until told to stop."""
        if not PROC.is_dir():
            return
        self._sample()
        while not self._over.wait(SAMPLE_SECONDS):
            self._sample()

    def stop(self) -> None:
        """End the sampling, and wait for the last sample."""
        self._over.set()
        self.join()

    def _sample(self) -> None:
        pids = list(tree(self._pid))
        resident = sum(map(_rss, pids))
        if len(pids) <= 1:
            self.peak = max(self.peak, _highest(self._pid))
        elif resident > self._resident * WORTH_A_LOOK:
            self._resident = resident
            self.peak = max(self.peak, sum(map(_pss, pids)))


def tree(pid: int) -> Iterator[int]:
    """Yield a process and everything below it."""
    pending = [pid]
    while pending:
        one = pending.pop()
        yield one
        try:
            for task in os.listdir(f"/proc/{one}/task"):  # noqa: PTH208 - 50 times a second
                children = _read(f"/proc/{one}/task/{task}/children")
                pending.extend(map(int, children.split()))
        except OSError:
            continue


def memory_of_tree(pid: int) -> int:
    """Return the memory of a process tree at this moment, in bytes; 0 where nobody tells."""
    if not PROC.is_dir():
        return 0
    pids = list(tree(pid))
    return sum(map(_rss if len(pids) == 1 else _pss, pids))


def cpu_of_tree(pid: int) -> float:
    """Return the seconds of CPU time that a live process tree has used so far."""
    if not PROC.is_dir():
        return 0.0
    ticks = 0
    for one in tree(pid):
        fields = _read(f"/proc/{one}/stat").rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))  # own and of ended children, user and system
    return ticks / TICKS


def _highest(pid: int) -> int:
    """Return the most memory that a process had since it began to run its program."""
    for line in _read(f"/proc/{pid}/status").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def _rss(pid: int) -> int:
    fields = _read(f"/proc/{pid}/statm").split()
    return int(fields[1]) * PAGE if fields else 0


def _pss(pid: int) -> int:
    for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return _rss(pid)


def _read(path: str) -> str:
    """Return what /proc tells of a process; "" if it has ended."""
    try:
        with open(path, encoding="ascii", errors="replace") as file:  # noqa: PTH123 - as above
            return file.read()
    except OSError:
        return ""
