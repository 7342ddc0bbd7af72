"""Rules of `sitegen.web.host_throttle`: when a host may get its next request."""

from __future__ import annotations

from sitegen.web.host_throttle import HostThrottle


def test_there_is_a_pause_between_two_requests_to_a_host() -> None:
    """Whatever the requests are for; what a request took counts towards the pause."""
    times = iter([0.0, 0.0, 0.25, 1.0, 5.0, 9.0])
    waits: list[float] = []
    throttle = HostThrottle(1.0, waits.append, lambda: next(times))

    for url in ("http://a.example/1", "http://A.example/2", "http://b.example/1"):
        with throttle.slot(url):
            pass

    assert waits == [0.75]
