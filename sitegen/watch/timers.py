"""When to build again though nothing was changed: after a failure, and when the time comes. Pure.

What stands in the way of a build need not be mended by saving a file: a disk that was full has
room again, a folder is given back. So what failed is tried again by itself, first soon, then after
longer and longer pauses (exponential backoff), and whatever is wrong, the site is looked at
whenever an article is to appear or to expire.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sitegen.work.backoff import Backoff


class Timers:
    """The moments for which a site that is built again and again has to wake up."""

    def __init__(self) -> None:
        self._backoff = Backoff()
        self._next_change: datetime | None = None

    def next_wake(
        self, now: datetime, next_change: datetime | None, *, failed: bool
    ) -> datetime | None:
        """Return when to build again, after a build that began at `now`; None: not by itself.

        `next_change` is when the site changes by itself, as far as this build knows; a build that
        `failed` may not, and an earlier one did.
        """
        if next_change is not None or not failed:
            self._next_change = next_change
        wakes = []
        if failed:
            wakes.append(now + self._backoff.failed())
        else:
            self._backoff.succeeded()
        # One that is past was due in a build that failed: the pause is for that.
        if self._next_change is not None and (not failed or self._next_change > now):
            wakes.append(_whole_second(self._next_change))
        return min(wakes, default=None)


def _whole_second(change: datetime) -> datetime:
    """Return the first whole second from `change` on: a build looks at whole seconds."""
    if not change.microsecond:
        return change
    return change.replace(microsecond=0) + timedelta(seconds=1)
