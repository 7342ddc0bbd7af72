"""Starts threads of which none ends unseen: what goes wrong in one is told to whoever started it.

A thread of Python that ends by an exception leaves a traceback somewhere, and everybody waiting.
"""

from __future__ import annotations

import threading
from collections.abc import Callable


def start_thread(
    name: str,
    work: Callable[[], object],
    on_failure: Callable[[BaseException], object],
    *,
    daemon: bool = False,
) -> threading.Thread:
    """Run `work` in a new thread, and return the thread.

    `on_failure` is called with the exception that ended `work`, from that thread; or from the
    caller's, where the system starts no more threads. A `daemon` does not keep the process alive.
    """

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - whatever it was, somebody must know
            on_failure(error)

    thread = threading.Thread(target=run, name=name, daemon=daemon)
    try:
        thread.start()
    except RuntimeError as error:
        on_failure(error)
    return thread
