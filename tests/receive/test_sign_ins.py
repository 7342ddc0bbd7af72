"""Rules of `sitegen.receive.sign_ins`: who waits, how long, and who does not."""

import pytest

from sitegen.receive import sign_ins
from sitegen.receive.senders import networks_of
from sitegen.receive.sign_ins import FREE, MOST_SECONDS, SECONDS, SignIns

NOON = 1_800_000_000.0
HERE, THERE = networks_of("203.0.113.7"), networks_of("203.0.113.8")


def test_the_first_attempts_are_free_and_the_next_wait() -> None:
    """Each for one interval more, until the wait would be too long."""
    made = SignIns()
    waits = [made.attempt(HERE, NOON) for _ in range(FREE + 5)]
    assert waits == [0] * FREE + [SECONDS, 2 * SECONDS, 3 * SECONDS, 4 * SECONDS, 4 * SECONDS]
    assert waits[-1] > MOST_SECONDS


def test_others_do_not_wait() -> None:
    """However many are tried from one address, another is as free as before."""
    made = SignIns()
    for _ in range(1000):
        made.attempt(HERE, NOON)
    assert made.attempt(THERE, NOON) == 0


def test_time_pays() -> None:
    """After an interval one more is free; after a while all are."""
    made = SignIns()
    for _ in range(FREE):
        made.attempt(HERE, NOON)
    assert made.attempt(HERE, NOON + SECONDS) == 0
    assert made.attempt(HERE, NOON + SECONDS) == SECONDS
    later = NOON + (2 * FREE + 2) * SECONDS
    assert [made.attempt(HERE, later) for _ in range(FREE)] == [0] * FREE


def test_a_right_one_does_not_count() -> None:
    """Whoever signs in often is not slowed down."""
    made = SignIns()
    for _ in range(100):
        assert made.attempt(HERE, NOON) == 0
        made.take_back(HERE)


@pytest.mark.parametrize(("step", "free"), [(1 << 64, 3), (1 << 72, 10)], ids=["56", "48"])
def test_a_large_network_counts_too(step: int, free: int) -> None:
    """A new IPv6 network for each attempt helps only as far as the share of the larger one."""
    made = SignIns()
    start = int.from_bytes(bytes.fromhex("20010db8000100000000000000000000"), "big")
    waits = [made.attempt(networks_of(_v6(start + number * step)), NOON) for number in range(150)]
    assert waits.count(0) == free * FREE
    assert max(waits) > MOST_SECONDS


def _v6(number: int) -> str:
    return ":".join(f"{number >> shift & 0xFFFF:x}" for shift in range(112, -16, -16))


def test_only_so_many_networks_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has waited long enough is forgotten first."""
    monkeypatch.setattr(sign_ins, "MOST_NETWORKS", 2)
    made = SignIns()
    for _ in range(FREE):
        made.attempt(HERE, NOON)
    for number in range(10):
        made.attempt(networks_of(f"198.51.100.{number}"), NOON)
    assert made.attempt(HERE, NOON) == SECONDS
