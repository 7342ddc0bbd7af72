"""What is saved together is built together, and a single save at once."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from sitegen.watch.debouncing import (
    GRACE_SECONDS,
    MAX_BATCH_PATHS,
    MAX_DELAY_SECONDS,
    QUIET_SECONDS,
    SMALL_BATCH_PATHS,
    Batch,
    BatchQueue,
    Debouncer,
    Kind,
)

LONG = 60.0

CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d", "e", "f", None]),
        st.sampled_from(["writing", "written", "touched"]),
        st.floats(0, 0.5),
    ),
    min_size=1,
)


def test_nothing_settles_where_nothing_changed() -> None:
    """Without a change there is no batch."""
    assert Debouncer().settles_at() is None


def test_a_save_in_place_settles_when_the_file_is_closed() -> None:
    """A file that is being written waits for its end, and no longer."""
    gathering = Debouncer()
    gathering.add("articles/a.md", "writing", 10.0)
    assert gathering.settles_at() == 10.0 + QUIET_SECONDS

    gathering.add("articles/a.md", "written", 10.01)
    assert gathering.settles_at() == 10.01 + GRACE_SECONDS
    assert gathering.take() == Batch(frozenset({"articles/a.md"}))
    assert gathering.settles_at() is None


def test_a_file_whose_rights_change_is_not_whole() -> None:
    """Editors set the rights of a file between making and filling it."""
    gathering = Debouncer()
    gathering.add("articles/a.md", "writing", 0.0)
    gathering.add("articles/a.md", "touched", 0.001)
    assert gathering.settles_at() == 0.001 + QUIET_SECONDS


def test_a_burst_settles_when_it_pauses() -> None:
    """Many files wait for a longer pause: more of them are on their way."""
    gathering = Debouncer()
    for number in range(SMALL_BATCH_PATHS + 1):
        gathering.add(f"articles/{number}.md", "written", 0.0)
    assert gathering.settles_at() == QUIET_SECONDS


def test_a_burst_does_not_wait_for_ever() -> None:
    """Changes that never pause are handed over all the same."""
    gathering = Debouncer()
    for number in range(1000):
        gathering.add("articles/a.md", "writing", number * QUIET_SECONDS / 2)
    assert gathering.settles_at() == MAX_DELAY_SECONDS


def test_very_many_paths_are_everything() -> None:
    """Where thousands of files changed, looking at all is cheaper than at each."""
    gathering = Debouncer()
    for number in range(MAX_BATCH_PATHS + 1):
        gathering.add(f"articles/{number}.md", "written", 0.0)
    assert gathering.take() == Batch(None)


def test_doubt_covers_everything_else() -> None:
    """None among the paths says that anything may have changed."""
    gathering = Debouncer()
    gathering.add("articles/a.md", "written", 0.0)
    gathering.add(None, "written", 0.0)
    gathering.add("articles/b.md", "written", 0.0)
    assert gathering.take() == Batch(None)


@given(CHANGES)
def test_no_change_is_lost(changes: list[tuple[str | None, Kind, float]]) -> None:
    """Whatever comes in which order, every path is in the batch, and the batch settles in time."""
    gathering = Debouncer()
    now = first = 100.0
    for path, kind, pause in changes:
        now += pause
        if path is changes[0][0] and gathering.settles_at() is None:
            first = now
        gathering.add(path, kind, now)
    settles = gathering.settles_at()
    assert settles is not None
    assert settles <= max(now, first + MAX_DELAY_SECONDS) + QUIET_SECONDS
    paths = [path for path, _, _ in changes]
    known = frozenset(path for path in paths if path is not None)
    assert gathering.take() == Batch(None if None in paths else known)


def test_a_batch_reaches_a_thread_that_waits() -> None:
    """Whoever waits for a batch gets one that is made meanwhile."""
    batches = BatchQueue()
    threading.Timer(0.01, batches.add, ("articles/a.md",)).start()
    assert batches.take(LONG) == Batch(frozenset({"articles/a.md"}))


def test_the_end_ends_a_wait() -> None:
    """Nobody waits for batches that will not come."""
    batches = BatchQueue()
    threading.Timer(0.01, batches.end).start()
    assert batches.take(LONG) is None
    assert batches.ended
    batches.add("articles/a.md")
    assert batches.take(LONG) is None


def test_a_wait_has_an_end() -> None:
    """Where nothing changes, the wait ends with nothing."""
    assert BatchQueue().take(0.0) is None


def test_a_wake_gives_an_empty_batch() -> None:
    """Who waits can be woken without a change, once."""
    batches = BatchQueue()
    batches.wake()
    assert batches.take(LONG) == Batch(frozenset())
    assert batches.take(0) is None


def test_a_wake_does_not_go_before_a_save() -> None:
    """A change that is on its way comes first: the wake waits for it."""
    batches = BatchQueue()
    batches.add("articles/a.md")
    batches.wake()
    assert batches.take(LONG) == Batch(frozenset({"articles/a.md"}))
    assert batches.take(LONG) == Batch(frozenset())
