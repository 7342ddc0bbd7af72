"""Run as a program: builds a site and is killed at a chosen moment, as a machine may kill it.

Moments are counted, not timed: each file that is opened, renamed or removed, each folder made, each
statement to the database and each step of progress is one. `python -m tests.killing SITE AT MOMENT`
kills itself at moment MOMENT; without one it builds to the end, and prints how many there were.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sitegen.flow.build import Options, build

COUNTED = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"})


class Moments:
    """Counts moments, and ends the process at one of them."""

    def __init__(self, last: int | None) -> None:
        self.count = 0
        self.last = last

    def tick(self, *_: object) -> None:
        """Count one."""
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count what happens in the block, and all events of the interpreter from then on."""
        moments = self

        class Connection(sqlite3.Connection):
            def execute(self, *arguments: Any) -> sqlite3.Cursor:
                moments.tick()
                return super().execute(*arguments)

            def executemany(self, *arguments: Any) -> sqlite3.Cursor:
                moments.tick()
                return super().executemany(*arguments)

        connect = sqlite3.connect

        def connect_counting(*arguments: Any, **named: Any) -> sqlite3.Connection:
            return connect(*arguments, factory=Connection, **named)

        sys.addaudithook(self.see)
        with patch.object(sqlite3, "connect", connect_counting):
            yield

    def see(self, event: str, _arguments: tuple[Any, ...]) -> None:
        """Count an event of the interpreter."""
        if event in COUNTED:
            self.tick()


def main(site: str, at: str, last: str | None = None) -> None:
    """Build, or be killed."""
    moments = Moments(int(last) if last else None)

    with moments.counted():
        options = Options(at=datetime.fromisoformat(at), jobs=1)
        build(Path(site), options, progress=moments.tick)
    sys.stdout.write(str(moments.count))


if __name__ == "__main__":
    main(*sys.argv[1:])
