"""The configuration's keys for what readers and other sites say, and for what they are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sitegen.setting_keys import key


@dataclass(frozen=True, slots=True)
class Responses:
    """`[responses]`: comments and trackbacks where an article does not say otherwise."""

    comments: Literal["open", "closed", "hidden"] = key("open", "Default of `comments`.")
    trackbacks: Literal["open", "closed", "hidden"] = key("open", "Default of `trackbacks`.")
    receiver: str = key(
        "",
        "Where `sitegen receive` is reached: `https://respond.example.org/`. Without it there is "
        "no form.",
    )
    pingback: bool = key(
        default=False, doc="Whether Pingback is offered, too. Hardly anything but spam uses it."
    )
    trackback: bool = key(
        default=False, doc="Whether TrackBack is offered, too. Hardly anything but spam uses it."
    )


@dataclass(frozen=True, slots=True)
class Receive:
    """`[receive]`: what `sitegen receive` takes, how much of it, and whom it tells."""

    unmoderated: tuple[str, ...] = key(
        (),
        "Kinds that are shown at once if nothing about them is suspicious: `comment`, "
        "`webmention`, `pingback`, `trackback`. All others wait for a moderator.",
    )
    proxies: tuple[str, ...] = key(
        (),
        "Addresses or networks of your own reverse proxies, whose `X-Forwarded-For` is believed: "
        '`["127.0.0.1"]`.',
    )
    per_address: int = key(10, "Responses that are taken from one address in ten minutes.")
    per_source: int = key(30, "Mentions that are taken from one site in an hour.")
    per_article: int = key(200, "Responses that are taken for one article in an hour.")
    in_total: int = key(3000, "Responses that are taken from everybody in an hour.")
    most_links: int = key(2, "Links in a comment, above which the moderator is told.")
    words: tuple[str, ...] = key((), "Words in a response of which the moderator is told.")
    proof_of_work: bool = key(
        default=False,
        doc="Whether the moderator is told of comments whose browser did not work for them "
        "(ALTCHA); with `unmoderated`, only those that did are shown at once.",
    )
    mail_to: tuple[str, ...] = key(
        (), "Who is told by mail that responses wait; each can be decided with a link."
    )
    mail_from: str = key("", "The sender of these mails.")
    mail_server: str = key(
        "",
        "How they are sent: `smtps://user@mail.example.org`, `smtp://…` (with STARTTLS) or "
        "`sendmail:/usr/sbin/sendmail`. The password is in the environment "
        "(`SITEGEN_MAIL_PASSWORD`).",
    )


@dataclass(frozen=True, slots=True)
class Notify:
    """`[notify]`: whom `sitegen notify` tells that articles link to them, and how patiently."""

    ways: tuple[str, ...] = key(
        ("webmention", "pingback", "trackback"),
        "By what other sites are told: the first of `webmention`, `pingback`, `trackback` that "
        "they take and that is listed here.",
    )
    days: int = key(14, "How old the last change of an article may be that was never told of.")
    skip: tuple[str, ...] = key(
        (), "Addresses that are never told, as patterns: `https://example.org/*`."
    )
    pause: int = key(1000, "Milliseconds between two requests to one host.")
    per_host: int = key(20, "The most notifications to one host in a run; the others wait.")
    seconds: int = key(20, "How long an answer of another site may take, in seconds.")
    private: bool = key(
        default=False, doc="Tell addresses of private networks, too, and of any port."
    )
