"""Runs the jobs of the queue in the background: files comments, verifies mentions, sends mail."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Final, Literal

from sitegen.model.errors import SitegenError
from sitegen.receive.context import Context, from_payload
from sitegen.receive.database import Job
from sitegen.receive.hints import NO_PROOF_OF_WORK
from sitegen.receive.journal import Event
from sitegen.receive.mail import MailSettings, mail_waiting, schedule_mail
from sitegen.receive.verifying import status_for, verify
from sitegen.responses import moderation
from sitegen.responses.paths import Place
from sitegen.web.fetching import Fetcher

THREADS = 5
"""Most of their time they wait for other sites."""

RETRIES = (60, 600, 7200)
"""Seconds to the next attempts for a source that cannot be reached; then it is given up."""

RETRY_LOCAL = 300
"""Seconds to the next attempt after a failure of ours: a full disk, a mail server that is down."""

RETRY_UNFIT = 86_400
"""Seconds to the next attempt for a comment that no file can hold, although it was checked."""

_EVENTS: Final[Mapping[str, Event]] = {
    "filed": "filed",
    "unchanged": "unchanged",
    "withdrawn": "withdrawn",
    "unfit": "failed",
}
"""What is recorded of a job, by its outcome."""

_LONGEST_WAIT = 600
_PURGE_SECONDS = 3600


class WorkSignal:
    """Wakes the threads that wait for a job."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.count = 0
        """How often it was notified."""

    def notify(self) -> None:
        """Wake the threads: a job is due."""
        with self._condition:
            self.count += 1
            self._condition.notify_all()

    def wait(self, seen: int, seconds: float) -> None:
        """Wait until it was notified more than `seen` times, or for so long."""
        with self._condition:
            if seen == self.count and seconds > 0:
                self._condition.wait(seconds)


class Workers:
    """Threads that run the jobs of the queue.

    `signal` is what `Context.wake` notifies; without `settings` no mail is sent.
    """

    def __init__(
        self, context: Context, fetcher: Fetcher, settings: MailSettings | None, signal: WorkSignal
    ) -> None:
        self._context = context
        self._fetcher = fetcher
        self._mail_settings = settings
        self._signal = signal
        self._is_stopping = False
        self._purged_at = 0.0
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the threads."""
        self._is_stopping = False
        for number in range(THREADS):
            # One of them never waits for other sites: slow sources must not hold up comments.
            name = f"receive-{number}"
            thread = threading.Thread(target=self._run, args=(number == 0,), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Stop after the jobs that are running; the rest stays in the queue."""
        self._is_stopping = True
        self._signal.notify()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    @property
    def are_running(self) -> bool:
        """Whether all threads run."""
        threads = list(self._threads)
        return len(threads) == THREADS and all(thread.is_alive() for thread in threads)

    def run_due_jobs(self) -> int:
        """Run all jobs that are due, in this thread; return how many there were."""
        count = 0
        while (job := self._context.database.next_job(self._context.now)) is not None:
            self._run_job(job)
            count += 1
        return count

    def _run(self, only_local: bool) -> None:  # noqa: FBT001 - of a thread
        while not self._is_stopping:
            seen = self._signal.count
            try:
                self._purge()
                if self._run_next(only_local=only_local):
                    continue
                due = self._context.database.next_due(only_local=only_local)
            except Exception as error:  # noqa: BLE001 - the thread must live: say, on a full disk
                self._context.log(f"cannot read the queue: {error}")
                due = self._context.now + RETRY_LOCAL
            wait = _LONGEST_WAIT if due is None else min(due - self._context.now, _LONGEST_WAIT)
            self._signal.wait(seen, wait)

    def _run_next(self, *, only_local: bool) -> bool:
        job = self._context.database.next_job(self._context.now, only_local=only_local)
        if job is not None:
            self._run_job(job)
        return job is not None

    def _purge(self) -> None:
        now = self._context.now
        if now - self._purged_at > _PURGE_SECONDS:
            self._purged_at = now
            self._context.database.purge(now)
            moderation.remove_leftovers(self._context.site, now)

    def _run_job(self, job: Job) -> None:
        database = self._context.database
        try:
            outcome = self._outcome(job)
        except Exception as error:  # noqa: BLE001 - nothing that was acknowledged is lost
            self._context.log(f"the job `{job.kind}` failed and will be tried again: {error}")
            self._context.journal.record("failed", job.kind)
            database.reschedule(job, self._context.now + RETRY_LOCAL)
            return
        if outcome == "unfit":
            database.reschedule(job, self._context.now + RETRY_UNFIT)
        elif outcome == "retry" and job.tries < len(RETRIES):
            database.reschedule(job, self._context.now + RETRIES[job.tries])
        else:
            database.complete(job)
        self._record(job, outcome)
        if outcome == "filed" and self._mail_settings is not None:
            schedule_mail(self._context)

    def _record(self, job: Job, outcome: str) -> None:
        """Record what became of a job."""
        journal, thread = self._context.journal, str(job.payload.get("thread", ""))
        name = str(job.payload.get("id", ""))
        if not name and (known := self._context.database.find_mention(job.digest)):
            name = known.id
        if outcome in _EVENTS:
            journal.record(_EVENTS[outcome], job.kind, thread=thread, id=name)
        elif outcome == "none":
            journal.record("refused", job.kind, reason="no_link", thread=thread)
        elif outcome == "retry" and job.kind != "proof":
            event: Event = "failed" if job.tries < len(RETRIES) else "refused"
            journal.record(event, job.kind, reason="unreachable", thread=thread)

    def _outcome(self, job: Job) -> str:
        if job.kind == "comment":
            return _file_comment(job.payload, self._context)
        if job.kind == "proof":
            return _accept_proof(job.payload["thread"], job.payload["id"], self._context)
        if job.kind == "mail":
            if self._mail_settings is not None:
                mail_waiting(self._context, self._mail_settings)
            return "done"
        return verify(job, self._context, self._fetcher)


def _file_comment(payload: Mapping[str, object], context: Context) -> Literal["filed", "unfit"]:
    response = from_payload(payload)
    try:
        moderation.put(context.site, status_for(response, context), response)
    except ValueError as error:
        # Never, since it was checked before; a later version of sitegen may check more. It was
        # acknowledged, so that it stays in the queue until somebody has looked at it.
        context.log(f"cannot file a comment, which stays in the queue: {error}")
        return "unfit"
    except SitegenError as error:
        raise OSError(str(error)) from error
    return "filed"


def _accept_proof(thread: str, name: str, context: Context) -> Literal["done", "retry"]:
    """Remove from a comment the hint that it has no proof of work."""
    place = Place("pending", thread, name)
    response = moderation.read_response(context.site, place, context.config).response
    if response is None:  # not filed yet, or moderated already
        return "retry"
    proved = response._replace(
        hints=tuple(hint for hint in response.hints if hint != NO_PROOF_OF_WORK)
    )
    status = status_for(proved, context)
    moderation.put(context.site, status, proved)
    if status == "shown":
        moderation.erase(context.site, place)
    return "done"
