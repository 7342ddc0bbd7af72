"""Run as a program: multiplies numbers in other processes; run by the tests of executors.

`python -m tests.working [BESIDE] METHOD…` does it once for each way to start a process ("auto" is
the executor's choice), and prints how the processes were started, one line each. BESIDE is a
thread that runs meanwhile: "thread" for one of Python's, "native" for one that Python knows not.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import sys
import threading
from typing import cast

from sitegen.work.executor import StartMethod, Workers, run

ITEMS = range(100)


def times(context: int, chunk: list[int]) -> list[tuple[int, int, str]]:
    """Return each number times the context, with the process that did it and its kind."""
    kind = type(multiprocessing.current_process()).__name__
    return [(context * number, os.getpid(), kind) for number in chunk]


def main(*words: str) -> None:
    """Do the work in each way."""
    if words[0] == "thread":
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    elif words[0] == "native":
        library = ctypes.CDLL(None)
        identity = ctypes.c_ulong()
        library.pthread_create(ctypes.byref(identity), None, library.pause, None)
    for method in words[words[0] in ("thread", "native") :]:
        chosen = None if method == "auto" else cast("StartMethod", method)
        results = list(run(times, 3, ITEMS, Workers(jobs=2, start_method=chosen)))
        assert [number for number, _, _ in results] == [3 * number for number in ITEMS]
        assert os.getpid() not in {process for _, process, _ in results}
        (kind,) = {kind for _, _, kind in results}
        sys.stdout.write(f"{kind}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
