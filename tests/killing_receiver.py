"""Run as a program: a receiver that takes, files and moderates, and is killed at chosen moments.

`python -m tests.killing_receiver SITE` does all of it and prints how many moments there were (see
`tests.killing`). `python -m tests.killing_receiver SITE:MOMENT …` does it for each site, in a
process that is killed at that moment. What was acknowledged is appended to SITE/thanked.txt.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sitegen.config.loading import from_table
from sitegen.receive.environment import Secrets
from sitegen.receive.server import Receiver, make_receiver
from sitegen.responses import moderation
from tests.killing import Moments
from tests.receiving import BASE, FLOOD, FORM

COMMENTS = 6


def texts() -> list[str]:
    """Return what is sent; one has a hint for the moderator."""
    return [f"comment {number}" for number in range(COMMENTS - 1)] + ["a casino"]


def receiver(site: Path) -> Receiver:
    """Return the receiver of a site, which logs nothing."""
    config = from_table({"base_url": BASE, "receive": {"words": ["casino"]}})
    return make_receiver(site, config, Secrets("", ""), lambda _line: None)


def send(made: Receiver, text: str) -> int:
    """Send a comment, and return the status of the answer."""
    statuses: list[int] = []
    body = urlencode({"url": FLOOD, "name": "Ann", "text": text}).encode()
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/comment",
        "query_string": b"",
        "headers": [(b"content-type", FORM.encode())],
    }

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def answer(message: dict[str, Any]) -> None:
        statuses.extend([message["status"]] if "status" in message else [])

    asyncio.run(made.app(scope, receive, answer))  # type: ignore[arg-type]  # plain dictionaries
    return statuses[0]


def work(site: Path, last: int | None) -> int:
    """Take comments, file them and approve every other; return how many moments there were."""
    moments = Moments(last)

    thanked = os.open(site / "thanked.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with moments.counted():
        made = receiver(site)
        for number, text in enumerate(texts()):
            if send(made, text) == 200:
                os.write(thanked, f"{text}\n".encode())
            if number % 2:
                made.workers.run_due_jobs()
                waiting = list(moderation.places(site, "pending"))
                moderation.move(site, waiting[-1], "shown")
        made.context.database.close()
    return moments.count


def main(*arguments: str) -> None:
    """Do it in this process, or in one that is killed for each of the arguments."""
    for argument in arguments:
        site, _, last = argument.partition(":")
        if not last:
            sys.stdout.write(str(work(Path(site), None)))
        elif (child := os.fork()) == 0:
            work(Path(site), int(last))
            os._exit(0)
        else:
            os.waitpid(child, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
