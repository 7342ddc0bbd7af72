"""A thread that fails is not silent."""

from __future__ import annotations

import threading

import pytest

from sitegen.work.threads import start_thread


def test_a_thread_runs_and_ends() -> None:
    """Its work is done beside the caller's, under its name, and nothing is told."""
    done: list[str] = []
    failures: list[BaseException] = []
    start_thread(
        "work", lambda: done.append(threading.current_thread().name), failures.append
    ).join()

    assert done == ["work"]
    assert failures == []


@pytest.mark.parametrize("error", [OSError("full"), ValueError("a slip"), SystemExit(1)])
def test_what_ends_a_thread_is_told(error: BaseException) -> None:
    """Whatever it was: the process itself does not end by it, so somebody must be told."""
    failures: list[BaseException] = []

    def work() -> None:
        raise error

    start_thread("work", work, failures.append, daemon=True).join()
    assert failures == [error]


def test_a_thread_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has no room for another thread, that is a failure like any other."""

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    failures: list[BaseException] = []
    thread = start_thread("work", list, failures.append)

    assert [str(error) for error in failures] == ["can't start new thread"]
    assert thread.ident is None
