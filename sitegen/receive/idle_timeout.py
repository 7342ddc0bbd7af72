"""HTTP with an end to waiting: whoever connects must also ask.

uvicorn waits for the head of a request as long as it takes, so that a few thousand connections
that say nothing, or one letter a minute, would be all that it has. A proxy in front usually sees
to that; here it is seen to without one.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""Time for the head of a request to come, from the first byte or the connection on."""


class PatientProtocol(H11Protocol):
    """Closes connections on which no request comes."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Begin to wait."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def data_received(self, data: bytes) -> None:
        """Wait until what has come is the head of a request."""
        super().data_received(data)
        if self._is_asked():
            self._stop()
        elif self._timer is None:
            self._timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop()
        super().connection_lost(exc)

    def _is_asked(self) -> bool:
        """Whether a request has come that is not answered yet."""
        cycle = getattr(self, "cycle", None)  # None until the first request, whatever its type says
        return cycle is not None and not cycle.response_complete

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if not self._is_asked():
            self.transport.abort()
