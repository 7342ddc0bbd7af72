"""A timeout for idle connections: the head of a request must come within some seconds.

uvicorn waits for it without end, so that a few thousand connections that send nothing, or one byte
a minute, would use up all connections (the Slowloris attack). A proxy in front usually prevents
that; here it is prevented without one.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""Time for the head of a request, from the connection or its first byte on."""


class IdleTimeoutProtocol(H11Protocol):
    """HTTP that closes connections on which no request comes."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Start the timer."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(HEAD_SECONDS, self._close_if_idle)

    def data_received(self, data: bytes) -> None:
        """Stop the timer when the head of a request is complete."""
        super().data_received(data)
        if self._has_request():
            self._stop_timer()
        elif self._timer is None:
            self._timer = self.loop.call_later(HEAD_SECONDS, self._close_if_idle)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer."""
        self._stop_timer()
        super().connection_lost(exc)

    def _has_request(self) -> bool:
        """Whether there is a request that is not answered yet."""
        cycle = getattr(self, "cycle", None)  # None until the first request, whatever its type says
        return cycle is not None and not cycle.response_complete

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _close_if_idle(self) -> None:
        self._timer = None
        if not self._has_request():
            self.transport.abort()
