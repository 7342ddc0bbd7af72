"""The environment variables of the receiver: secrets, which are in no file of the site."""

from __future__ import annotations

import os
from typing import NamedTuple

from sitegen.model.errors import Problem, UsageError

MODERATION = "SITEGEN_MODERATION_SECRET"
MAIL = "SITEGEN_MAIL_PASSWORD"
SITE = "SITEGEN_SITE"

SHORTEST = 16
"""The least characters of the moderation secret."""


class Secrets(NamedTuple):
    """The secrets; "" where none is set."""

    moderation: str
    mail: str


def read_secrets() -> Secrets:
    """Return the secrets. Raises `UsageError` if the moderation secret is too short."""
    found = Secrets(os.environ.get(MODERATION, ""), os.environ.get(MAIL, ""))
    if found.moderation and len(found.moderation) < SHORTEST:
        hint = 'create one with `python3 -c "import secrets; print(secrets.token_urlsafe())"`'
        message = f"`{MODERATION}` must have at least {SHORTEST} characters"
        raise UsageError(Problem(message, hint=hint))
    return found


def site_folder() -> str:
    """Return the site folder that the environment names, for servers that start the application."""
    return os.environ.get(SITE, ".")
