"""What the receiver takes from the environment: secrets, which stand in no file of the site."""

from __future__ import annotations

import os
from typing import NamedTuple

from sitegen.model.errors import Problem, UsageError

MODERATION = "SITEGEN_MODERATION_SECRET"
MAIL = "SITEGEN_MAIL_PASSWORD"
SITE = "SITEGEN_SITE"

SHORTEST = 16
"""Characters of the moderators' secret."""


class Secrets(NamedTuple):
    """Secrets; "" where none is set."""

    moderation: str
    mail: str


def read_secrets() -> Secrets:
    """Return the secrets. Raises `UsageError` if one is too short to be one."""
    found = Secrets(os.environ.get(MODERATION, ""), os.environ.get(MAIL, ""))
    if found.moderation and len(found.moderation) < SHORTEST:
        hint = 'make one with: python3 -c "import secrets; print(secrets.token_urlsafe())"'
        message = f"{MODERATION} must have at least {SHORTEST} characters"
        raise UsageError(Problem(message, hint=hint))
    return found


def site_named() -> str:
    """Return the site that the environment names, for servers that start the application."""
    return os.environ.get(SITE, ".")
