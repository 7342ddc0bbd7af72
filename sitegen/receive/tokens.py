"""Signed texts: the session of a moderator, the token of a form, the link in a mail."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import NamedTuple

from itsdangerous import BadData, URLSafeTimedSerializer

from sitegen.responses.paths import Place, place_of

SESSION_SECONDS = 12 * 3600
LINK_SECONDS = 14 * 86_400
BROWSER_SECONDS = 180 * 86_400


class Link(NamedTuple):
    """The content of a link in a mail."""

    place: Place
    digest: str
    """Of the file, so that nobody moderates a text that was not read."""


class Tokens:
    """Signs and verifies tokens. With another `secret`, all earlier ones are invalid."""

    def __init__(self, key: bytes, secret: str) -> None:
        self._secret = secret
        self._key = hmac.digest(key, secret.encode(), "sha256")

    def is_secret(self, text: str) -> bool:
        """Whether a text is the moderation secret."""
        return bool(self._secret) and hmac.compare_digest(text.encode(), self._secret.encode())

    def new_session(self) -> str:
        """Return a new session, for a cookie."""
        return self._signer("session").dumps(secrets.token_urlsafe(16))

    def is_session(self, text: str) -> bool:
        """Whether a cookie is a session that has not ended."""
        return bool(self._read("session", text, SESSION_SECONDS))

    def new_browser(self) -> str:
        """Return what a browser in which somebody has signed in is known by, for a cookie."""
        return self._signer("browser").dumps(secrets.token_urlsafe(16))

    def is_browser(self, text: str) -> bool:
        """Whether a cookie is that of a browser in which somebody has signed in."""
        return bool(self._read("browser", text, BROWSER_SECONDS))

    def form_token(self, session: str) -> str:
        """Return the token of the forms of a session, against forms of other sites (CSRF)."""
        return hmac.new(self._key, f"form {session}".encode(), hashlib.sha256).hexdigest()

    def is_form_token(self, text: str, session: str) -> bool:
        """Whether a text is the token of this session's forms."""
        return hmac.compare_digest(text.encode(), self.form_token(session).encode())

    def new_link(self, path: str, data: bytes) -> str:
        """Return the token of a link in a mail, for a response file and its bytes."""
        return self._signer("link").dumps([path, file_digest(data)])

    def read_link(self, text: str) -> Link | None:
        """Return the content of a link, or None if it is not ours or has expired."""
        found = self._read("link", text, LINK_SECONDS)
        if not isinstance(found, list):
            return None
        place = place_of(found[0])
        return Link(place, found[1]) if place else None

    def _signer(self, salt: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self._key, salt=f"sitegen {salt}", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def _read(self, salt: str, text: str, seconds: int) -> object:
        try:
            return self._signer(salt).loads(text, max_age=seconds)
        except BadData:
            return None


def file_digest(data: bytes) -> str:
    """Return the digest of a file for a link."""
    return hashlib.blake2b(data, digest_size=12).hexdigest()
