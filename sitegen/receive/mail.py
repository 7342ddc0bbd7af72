"""Mails to the moderators about waiting responses, with a link to moderate each."""

from __future__ import annotations

import smtplib
import ssl
import subprocess
from email.message import EmailMessage
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from sitegen.html.direction import isolated_text
from sitegen.receive.context import Context
from sitegen.receive.database import digest_of
from sitegen.receive.tokens import Tokens
from sitegen.responses import moderation
from sitegen.responses.files import REVERSING
from sitegen.responses.moderation import StoredResponse
from sitegen.responses.paths import path_of
from sitegen.web.host_names import is_loopback

DELAY = 60
"""Seconds that a mail waits for more responses."""

INTERVAL = 600
"""The least seconds between two mails."""

MOST_RESPONSES = 20
"""In one mail."""

MAILED_SECONDS = 365 * 86_400
"""Seconds for which a waiting response is not mailed again."""

_TIMEOUT = 20
_LONGEST_TEXT = 1000


class MailSettings(NamedTuple):
    """How mail is sent."""

    server: str
    """The value of `[receive] mail_server`."""
    password: str
    sender: str
    recipients: tuple[str, ...]


def schedule_mail(context: Context) -> None:
    """Put a mail to the moderators into the queue."""
    due = max(context.now + DELAY, context.database.number("mailed") + INTERVAL)
    context.database.enqueue("mail", digest_of("mail"), {}, (), context.now, due=due)
    context.wake()


def mail_waiting(context: Context, settings: MailSettings) -> bool:
    """Send a mail about the responses since the last one; return whether there were any.

    Raises `OSError` (and `smtplib.SMTPException`, which is one) if it cannot be sent.
    """
    waiting = [
        found
        for found in moderation.list_responses(context.site, "pending", context.config)
        if found.response and not context.database.is_used(_digest(found), context.now)
    ]
    if not waiting:
        return False
    _send(message_about(waiting, context, settings), settings)
    context.database.set_number("mailed", context.now)
    for found in waiting:
        context.database.use_once(_digest(found), context.now, MAILED_SECONDS)
    return True


def _digest(found: StoredResponse) -> bytes:
    """Return the digest by which a response counts as mailed; a changed one has another."""
    changed = found.response.changed if found.response else None
    # "told", as in the databases of earlier versions: or all that waits would be mailed again.
    return digest_of("told", found.place.thread, found.place.id, str(changed))


def message_about(
    waiting: list[StoredResponse], context: Context, settings: MailSettings
) -> EmailMessage:
    """Return the mail about waiting responses."""
    message = EmailMessage()
    title = " ".join(context.config.title.split())
    count = len(waiting)
    pages = context.pages
    shown = isolated_text(title, pages.language)
    message["Subject"] = pages.translate("moderation.waiting", count=count, title=shown)
    message["From"] = settings.sender
    message["To"] = ", ".join(settings.recipients)
    message["Auto-Submitted"] = "auto-generated"
    parts = [_about(found, context) for found in waiting[:MOST_RESPONSES]]
    if count > MOST_RESPONSES:
        link = f"{receiver_url(context)}moderation/"
        parts.append(pages.translate("moderation.more", count=count - MOST_RESPONSES, link=link))
    message.set_content("\n\n".join(parts) + "\n", cte="base64")
    return message


def _about(found: StoredResponse, context: Context) -> str:
    response = found.response
    if response is None:
        return ""
    data = (context.site / path_of(found.place)).read_bytes()
    token = Tokens(context.database.key, context.secret).new_link(path_of(found.place), data)
    text = REVERSING.sub("", response.text[:_LONGEST_TEXT])
    pages = context.pages
    lines = [
        pages.translate(
            "moderation.about",
            kind=pages.kind(response.kind),
            author=isolated_text(response.author or response.source, pages.language),
            thread=isolated_text(response.thread, pages.language),
        ),
        *(pages.translate("moderation.hint_line", hint=hint) for hint in response.hints),
        *(f"> {line}" for line in text.splitlines()),
    ]
    if context.secret:
        link = f"{receiver_url(context)}moderation/decide?t={token}"
        lines.append(pages.translate("moderation.link", link=link))
    return "\n".join(lines)


def receiver_url(context: Context) -> str:
    """Return the URL of the receiver, which ends in a slash."""
    return context.config.responses.receiver.rstrip("/") + "/"


def _send(message: EmailMessage, settings: MailSettings) -> None:
    server_url = urlsplit(settings.server)
    if server_url.scheme == "sendmail":
        command = [server_url.path, "-i", "-t"]
        subprocess.run(command, input=message.as_bytes(), check=True, timeout=_TIMEOUT)  # noqa: S603 - the program that the configuration names
        return
    host = server_url.hostname or "localhost"
    tls = ssl.create_default_context()
    if server_url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, server_url.port or 465, timeout=_TIMEOUT, context=tls
        )
    else:
        server = smtplib.SMTP(host, server_url.port or 587, timeout=_TIMEOUT)
    with server:
        if server_url.scheme == "smtp" and not is_loopback(host):
            server.starttls(context=tls)
        if server_url.username:
            server.login(unquote(server_url.username), settings.password)
        server.send_message(message)
