"""What failed is tried again, soon at first and never too seldom."""

from __future__ import annotations

from sitegen.work.backoff import LONGEST, SHORTEST, Backoff


def test_pauses_grow_to_a_limit() -> None:
    """The first pause is short, each is twice the one before, and none is longer than a limit."""
    backoff = Backoff()
    pauses = [backoff.failed() for _ in range(40)]

    assert pauses[:4] == [SHORTEST, 2 * SHORTEST, 4 * SHORTEST, 8 * SHORTEST]
    assert pauses == sorted(pauses)
    assert set(pauses[20:]) == {LONGEST}
    backoff.succeeded()
    assert backoff.failed() == SHORTEST
