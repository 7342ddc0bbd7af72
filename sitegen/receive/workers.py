"""Does what the queue holds, in the background: files comments, looks at mentions, sends mail."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Literal

from sitegen.model.errors import SitegenError
from sitegen.receive.context import Desk, unpacked
from sitegen.receive.hints import NO_PROOF
from sitegen.receive.ledger import Job
from sitegen.receive.mail import Post, ask_for_mail, send_news
from sitegen.receive.verifying import status_for, verify
from sitegen.responses import moderation
from sitegen.responses.paths import Place
from sitegen.web.fetching import Fetcher

THREADS = 5
"""Most of their time is waiting for others."""

RETRIES = (60, 600, 7200)
"""Seconds to the next tries at a source that cannot be reached; after them it is forgotten."""

LATER = 300
"""Seconds to the next try at something of ours: a full disk, a mail server that is away."""

_LONGEST_NAP = 600
_FORGETTING = 3600


class Bell:
    """Wakes whoever waits for something to do."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.rung = 0
        """How often it was rung."""

    def ring(self) -> None:
        """Tell that there is something to do."""
        with self._condition:
            self.rung += 1
            self._condition.notify_all()

    def wait(self, heard: int, seconds: float) -> None:
        """Wait until it has been rung more than `heard` times, or for so long."""
        with self._condition:
            if heard == self.rung and seconds > 0:
                self._condition.wait(seconds)


class Workers:
    """Threads that work off the queue."""

    def __init__(self, desk: Desk, fetcher: Fetcher, post: Post | None, bell: Bell) -> None:
        """Take what `Desk.wake` rings as `bell`, and how mail is sent (None: not at all)."""
        self._desk = desk
        self._fetcher = fetcher
        self._post = post
        self._bell = bell
        self._is_over = False
        self._forgotten = 0.0
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin."""
        self._is_over = False
        for number in range(THREADS):
            # Of these, one never waits for others: slow sources must not hold up comments.
            name = f"receive-{number}"
            thread = threading.Thread(target=self._run, args=(number == 0,), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End after what is being done; the rest stays in the queue."""
        self._is_over = True
        self._bell.ring()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def work_off(self) -> int:
        """Do everything that is due, here and now; return how much it was."""
        count = 0
        while (job := self._desk.ledger.next_job(self._desk.now)) is not None:
            self._do(job)
            count += 1
        return count

    def _run(self, only_own: bool) -> None:  # noqa: FBT001 - of a thread
        while not self._is_over:
            heard = self._bell.rung
            try:
                self._forget()
                if self._one(only_own=only_own):
                    continue
                due = self._desk.ledger.next_due(only_own=only_own)
            except Exception as error:  # noqa: BLE001 - the thread must live: say, on a full disk
                self._desk.tell(f"the queue cannot be read: {error}")
                due = self._desk.now + LATER
            nap = _LONGEST_NAP if due is None else min(due - self._desk.now, _LONGEST_NAP)
            self._bell.wait(heard, nap)

    def _one(self, *, only_own: bool) -> bool:
        job = self._desk.ledger.next_job(self._desk.now, only_own=only_own)
        if job is not None:
            self._do(job)
        return job is not None

    def _forget(self) -> None:
        now = self._desk.now
        if now - self._forgotten > _FORGETTING:
            self._forgotten = now
            self._desk.ledger.forget(now)

    def _do(self, job: Job) -> None:
        ledger = self._desk.ledger
        try:
            outcome = self._outcome(job)
        except Exception as error:  # noqa: BLE001 - nothing that was acknowledged is lost
            self._desk.tell(f"not done yet ({job.kind}): {error}")
            ledger.later(job, self._desk.now + LATER)
            return
        if outcome == "retry" and job.tries < len(RETRIES):
            ledger.later(job, self._desk.now + RETRIES[job.tries])
        else:
            ledger.done(job)
        if outcome == "filed" and self._post is not None:
            ask_for_mail(self._desk)

    def _outcome(self, job: Job) -> str:
        if job.kind == "comment":
            return _file_comment(job.payload, self._desk)
        if job.kind == "proof":
            return _prove(job.payload["thread"], job.payload["id"], self._desk)
        if job.kind == "mail":
            if self._post is not None:
                send_news(self._desk, self._post)
            return "done"
        return verify(job, self._desk, self._fetcher)


def _file_comment(payload: Mapping[str, object], desk: Desk) -> Literal["filed", "none"]:
    response = unpacked(payload)
    try:
        moderation.put(desk.site, status_for(response, desk), response)
    except ValueError as error:  # never, since it was tried before: but it must not come for ever
        desk.tell(f"a comment cannot be filed: {error}")
        return "none"
    except SitegenError as error:
        raise OSError(str(error)) from error
    return "filed"


def _prove(thread: str, name: str, desk: Desk) -> Literal["done", "retry"]:
    """Take the hint from a comment that its browser did not work for it."""
    place = Place("pending", thread, name)
    response = moderation.read_response(desk.site, place, desk.config).response
    if response is None:  # not filed yet, or decided already
        return "retry"
    proved = response._replace(hints=tuple(hint for hint in response.hints if hint != NO_PROOF))
    status = status_for(proved, desk)
    moderation.put(desk.site, status, proved)
    if status == "shown":
        moderation.erase(desk.site, place)
    return "done"
