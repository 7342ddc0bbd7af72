"""What failed is tried again, and no known change of time is slept through."""

from __future__ import annotations

from datetime import timedelta

from sitegen.watch.timers import Timers
from sitegen.work.backoff import LONGEST, SHORTEST
from tests.sitefactory import AT

SECOND = timedelta(seconds=1)


def test_a_site_that_is_well_sleeps_until_it_changes() -> None:
    """Nothing is built for nothing: the next change alone wakes it, at a whole second."""
    timers = Timers()

    assert timers.next_wake(AT, None, failed=False) is None
    assert timers.next_wake(AT, AT + 5 * SECOND, failed=False) == AT + 5 * SECOND
    fraction = AT + timedelta(seconds=5, microseconds=1)
    assert timers.next_wake(AT, fraction, failed=False) == AT + 6 * SECOND
    assert timers.next_wake(AT, None, failed=False) is None


def test_a_failure_keeps_the_timers() -> None:
    """A failed build knows no change; the one that was known before wakes it, if that is sooner."""
    timers = Timers()
    due = AT + timedelta(minutes=12)
    timers.next_wake(AT, due, failed=False)
    now, wakes = AT, []
    while now < due:
        wake = timers.next_wake(now, None, failed=True)
        assert wake is not None
        assert now < wake <= now + LONGEST
        now = wake
        wakes.append(wake)

    assert wakes[0] == AT + SHORTEST
    assert wakes[-1] == due


def test_a_change_that_failed_at_its_time_is_tried_after_pauses() -> None:
    """At the moment of an expiry the disk is full: no storm of builds, and no end of trying."""
    timers = Timers()
    timers.next_wake(AT, AT + SECOND, failed=False)
    first = timers.next_wake(AT + SECOND, AT + SECOND, failed=True)
    assert first == AT + SECOND + SHORTEST
    second = timers.next_wake(first, AT + SECOND, failed=True)
    assert second == first + 2 * SHORTEST
    assert timers.next_wake(second, second + SECOND, failed=True) == second + SECOND


def test_success_ends_the_trying() -> None:
    """Once a build is well, only the next change counts, and a later failure begins anew."""
    timers = Timers()
    for _ in range(10):
        timers.next_wake(AT, None, failed=True)
    assert timers.next_wake(AT, None, failed=False) is None
    assert timers.next_wake(AT, None, failed=True) == AT + SHORTEST
