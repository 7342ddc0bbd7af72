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


class Link(NamedTuple):
    """What a link in a mail is about."""

    place: Place
    mark: str
    """A digest of the file, so that nobody decides about a text that was not read."""


class Tokens:
    """Makes and reads them. With another secret, all that were made are worth nothing."""

    def __init__(self, key: bytes, secret: str) -> None:
        self._secret = secret
        self._key = hmac.digest(key, secret.encode(), "sha256")

    def is_secret(self, text: str) -> bool:
        """Whether a text is the moderators' secret."""
        return bool(self._secret) and hmac.compare_digest(text.encode(), self._secret.encode())

    def session(self) -> str:
        """Return a new session, for a cookie."""
        return self._signer("session").dumps(secrets.token_urlsafe(16))

    def is_session(self, text: str) -> bool:
        """Whether a cookie is a session that has not ended."""
        return bool(self._read("session", text, SESSION_SECONDS))

    def form(self, session: str) -> str:
        """Return what a form of this session carries: no other site knows it."""
        return hmac.new(self._key, f"form {session}".encode(), hashlib.sha256).hexdigest()

    def is_form(self, text: str, session: str) -> bool:
        """Whether a form was made for this session."""
        return hmac.compare_digest(text.encode(), self.form(session).encode())

    def link(self, path: str, data: bytes) -> str:
        """Return what a link in a mail carries, for a response file and its bytes."""
        return self._signer("link").dumps([path, digest(data)])

    def read_link(self, text: str) -> Link | None:
        """Return what a link is about, or None if it is not ours or too old."""
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


def digest(data: bytes) -> str:
    """Return what a file is known by in a link."""
    return hashlib.blake2b(data, digest_size=12).hexdigest()
