"""Tells the moderators by mail what waits, with a link to decide about each."""

from __future__ import annotations

import smtplib
import ssl
import subprocess
from email.message import EmailMessage
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from sitegen.receive.context import Desk
from sitegen.receive.ledger import mark_of
from sitegen.receive.tokens import Tokens
from sitegen.responses import moderation
from sitegen.responses.moderation import StoredResponse
from sitegen.responses.paths import path_of
from sitegen.web.host_names import is_loopback

SOON = 60
"""Seconds that a mail waits for more responses to tell of."""

PAUSE = 600
"""Seconds between two mails."""

MOST = 20
"""Responses in a mail."""

REMEMBERED = 365 * 86_400
"""Seconds for which a response that waits is not told of again."""

_TIMEOUT = 20
_LONGEST = 1000


class Post(NamedTuple):
    """How mail is sent."""

    server: str
    """As `[receive] mail_server` says it."""
    password: str
    sender: str
    recipients: tuple[str, ...]


def ask_for_mail(desk: Desk) -> None:
    """See to it that the moderators are told soon."""
    due = max(desk.now + SOON, desk.ledger.number("mailed") + PAUSE)
    desk.ledger.take("mail", mark_of("mail"), {}, (), desk.now, due=due)
    desk.wake()


def send_news(desk: Desk, post: Post) -> bool:
    """Send a mail about what came since the last one; return whether there was anything.

    Raises `OSError` (and `smtplib.SMTPException`, which is one) if it cannot be sent.
    """
    waiting = [
        found
        for found in moderation.list_responses(desk.site, "pending", desk.config)
        if found.response and not desk.ledger.is_used(_mark(found), desk.now)
    ]
    if not waiting:
        return False
    _send(message_about(waiting, desk, post), post)
    desk.ledger.note("mailed", desk.now)
    for found in waiting:
        desk.ledger.use(_mark(found), desk.now, REMEMBERED)
    return True


def _mark(found: StoredResponse) -> bytes:
    """Return what is remembered of a response that was told of; of a changed one, another."""
    changed = found.response.changed if found.response else None
    return mark_of("told", found.place.thread, found.place.id, str(changed))


def message_about(waiting: list[StoredResponse], desk: Desk, post: Post) -> EmailMessage:
    """Return the mail about responses that wait."""
    message = EmailMessage()
    title = " ".join(desk.config.title.split())
    count = len(waiting)
    message["Subject"] = f"{count} response{'' if count == 1 else 's'} to look at: {title}"
    message["From"] = post.sender
    message["To"] = ", ".join(post.recipients)
    message["Auto-Submitted"] = "auto-generated"
    parts = [_about(found, desk) for found in waiting[:MOST]]
    if count > MOST:
        parts.append(f"And {count - MOST:,} more: {receiver_url(desk)}moderation/")
    message.set_content("\n\n".join(parts) + "\n", cte="base64")
    return message


def _about(found: StoredResponse, desk: Desk) -> str:
    response = found.response
    if response is None:
        return ""
    data = (desk.site / path_of(found.place)).read_bytes()
    token = Tokens(desk.ledger.key, desk.secret).link(path_of(found.place), data)
    text = response.text[:_LONGEST]
    lines = [
        f"{response.kind} by {response.author or response.source} to {response.thread}",
        *(f"look at: {hint}" for hint in response.hints),
        *(f"> {line}" for line in text.splitlines()),
    ]
    if desk.secret:
        lines.append(f"Decide: {receiver_url(desk)}moderation/decide?t={token}")
    return "\n".join(lines)


def receiver_url(desk: Desk) -> str:
    """Return the address of the receiver, which ends in a slash."""
    return desk.config.responses.receiver.rstrip("/") + "/"


def _send(message: EmailMessage, post: Post) -> None:
    location = urlsplit(post.server)
    if location.scheme == "sendmail":
        command = [location.path, "-i", "-t"]
        subprocess.run(command, input=message.as_bytes(), check=True, timeout=_TIMEOUT)  # noqa: S603 - the program that the configuration names
        return
    host = location.hostname or "localhost"
    context = ssl.create_default_context()
    if location.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, location.port or 465, timeout=_TIMEOUT, context=context
        )
    else:
        server = smtplib.SMTP(host, location.port or 587, timeout=_TIMEOUT)
    with server:
        if location.scheme == "smtp" and not is_loopback(host):
            server.starttls(context=context)
        if location.username:
            server.login(unquote(location.username), post.password)
        server.send_message(message)
