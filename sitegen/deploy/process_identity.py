"""Which process of which machine deploys: a number in use again must not be taken for it.

A process id means something on one start of one machine, and in one container of it, only. Two
machines may have one name, too. So the id is asked for where all of that is the same.
"""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path
from typing import NamedTuple

_PROC = Path("/proc")
_BOOT = _PROC / "sys/kernel/random/boot_id"
_START_FIELD = 22
"""Of the fields of `/proc/<id>/stat`: when the process began (proc_pid_stat(5))."""


class ProcessIdentity(NamedTuple):
    """A process, as another one may look for it."""

    host: str
    """The name of the machine."""
    boot: str
    """The start of the machine, and the container of it; "" where the system does not say."""
    id: int
    began: int
    """When it began, in the system's ticks since the start of the machine; 0 if that is unknown."""


def own_identity() -> ProcessIdentity:
    """Return the identity of this process."""
    return ProcessIdentity(socket.gethostname(), _boot(), os.getpid(), _began(os.getpid()))


def may_run(process: ProcessIdentity) -> bool:
    """Whether a process may be running; True where it cannot be known, on another machine."""
    own = own_identity()
    if process.host != own.host or process.boot != own.boot or os.name != "posix":
        return True
    if process.id == own.id:
        return False  # an earlier process had our id
    try:
        os.kill(process.id, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # it is another user's
    return not process.began or process.began == _began(process.id)


def _boot() -> str:
    boot = container = ""
    with contextlib.suppress(OSError):
        boot = _BOOT.read_text("ascii").strip()
        container = os.readlink(_PROC / "self/ns/pid")  # noqa: PTH115 - it leads to no file
    return f"{boot} {container}".strip()


def _began(process: int) -> int:
    try:
        text = (_PROC / str(process) / "stat").read_text("utf-8", "replace")
        # The second field, the name in brackets, may hold anything.
        return int(text.rpartition(")")[2].split()[_START_FIELD - 3])
    except (OSError, ValueError, IndexError):
        return 0
