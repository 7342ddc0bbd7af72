"""What templates can ask about answering an article: who takes responses, and under which name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sitegen.model.documents import Teaser
from sitegen.model.errors import did_you_mean
from sitegen.render.question_functions import UnanswerableError
from sitegen.responses.paths import thread_name

ENDPOINTS: Final[Mapping[str, str]] = {
    "comment": "",
    "webmention": "",
    "pingback": "pingback",
    "trackback": "trackback",
}
"""Paths of the receiver, each with the key of `[responses]` that it needs to be named at all."""


class ResponseFunctions:
    """The functions about responding, asking through `ask`."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask

    def functions(self) -> dict[str, Any]:
        """Return what templates see, by name."""
        return {
            "receiver": self.receiver,
            "thread_name": self.thread_name,
        }

    def receiver(self, path: str) -> str | None:
        """Return the full address of an endpoint of the receiver, or None.

        `path` begins with one of `ENDPOINTS`: "comment", "trackback/2024/11/04/flood/".
        """
        base: str = self._ask("setting", "responses", "receiver")
        endpoint = path.partition("/")[0]
        if endpoint not in ENDPOINTS:
            message = f'unknown endpoint "{endpoint}" of the receiver'
            hint = did_you_mean(endpoint, ENDPOINTS) or f"known endpoints: {', '.join(ENDPOINTS)}"
            raise UnanswerableError(message, hint, name=endpoint)
        switch = ENDPOINTS[endpoint]
        if not base or (switch and not self._ask("setting", "responses", switch)):
            return None
        return f"{base.rstrip('/')}/{path}"

    @staticmethod
    def thread_name(teaser: Teaser) -> str:
        """Return the name that the receiver knows an article by: that of its folder of responses.

        It follows from the identity of the article alone.
        """
        return thread_name(teaser.identity)
