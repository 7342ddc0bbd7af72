"""Front matter values as types: each method takes a node and gives the value or a problem.

A value that is not given (`null`, an empty text) reads like an absent key. What cannot be read is
added to the problems, and counts as an absent key, so that one run finds all that is wrong with a
file.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Literal
from urllib.parse import unquote, urlsplit

from sitegen.config.settings import Config
from sitegen.model.documents import OwnKey, ResponseState, interned
from sitegen.model.errors import Problem, did_you_mean
from sitegen.model.moments import Moment
from sitegen.model.urls import check_url, normal_form
from sitegen.model.wording import counted
from sitegen.parse import dates
from sitegen.parse.nodes import UNPRINTABLE, Array, Member, Node, Scalar, Table, location

_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})
_COMMAS = re.compile("[,、，]")  # noqa: RUF001 (Japanese lists have commas of their own)
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*")
"""A language tag."""
_REFERENCE = re.compile("&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


class Reader:
    """Reads the values of one file and keeps what is wrong with them."""

    def __init__(self, path: str, config: Config) -> None:
        self.path = path
        self.config = config
        self.zone = config.zone
        self.problems: list[Problem] = []
        self.unused: dict[OwnKey, None] = {}
        """The keys that nothing of ours takes, in their order."""

    def report(
        self,
        node: Node | Member,
        message: str,
        hint: str | None = None,
        severity: Literal["error", "warning"] = "error",
    ) -> None:
        """Add a problem at the place of a value or key."""
        self.problems.append(Problem(message, location(self.path, node), hint, severity))

    def leave(self, name: str, table: str = "") -> None:
        """Take note of a key that means nothing to us, of the table of a key that does, if any."""
        self.unused[interned(OwnKey(name, table))] = None

    def text(self, member: Member | None) -> str:
        """Return a text with its white space folded, or ""."""
        return " ".join(self.raw(member).split())

    def raw(self, member: Member | None, expected: str = "a text") -> str:
        """Return a text as it is written, without white space around it, or "".

        `expected` is what the message about a list or table in its place says.
        """
        if member is None:
            return ""
        if not isinstance(member.node, Scalar):
            kind = "a list" if isinstance(member.node, Array) else "a table"
            hint = "put it in quotes if it begins with [ or {" if expected == "a text" else None
            self.report(member.node, f'"{member.name}" must be {expected}, not {kind}', hint)
            return ""
        return "" if member.node.is_null else member.node.text.strip()

    def plain(self, member: Member | None) -> str:
        """Return a text as people read it: its character references of HTML are resolved."""
        text = self.text(member)
        if member is None or "&" not in text:
            return text
        return " ".join(self.resolved(text, member).split())

    def resolved(self, text: str, member: Member) -> str:
        """Return `text`, from the value of `member`, with its character references resolved."""
        found = [item for item in _REFERENCE.findall(text) if unescape(item) != item]
        if not found:
            return text
        plain = _REFERENCE.sub(lambda match: UNPRINTABLE.sub("", unescape(match[0])), text)
        message = f'{counted(len(found), "character reference")} of HTML in "{member.name}"'
        hint = f'write the characters themselves: "{" ".join(plain.split())}"'
        self.report(member.node, message, hint, "warning")
        return plain

    def flag(self, member: Member | None) -> bool | None:
        """Return true or false, or None where it is not given."""
        written = self.raw(member, "true or false").lower()
        if member is None or not written:
            return None
        if written in _TRUE or written in _FALSE:
            return written in _TRUE
        message = f'"{member.name}" must be true or false, not "{self.raw(member)}"'
        self.report(member.node, message)
        return None

    def moment(self, member: Member | None) -> Moment | None:
        """Return a point in time in the site's zone, or None."""
        written = " ".join(self.raw(member, "a date").split())
        if member is None or not written:
            return None
        try:
            return dates.parse_date(written, self.zone)
        except dates.InvalidDateError as error:
            self.report(member.node, f'"{member.name}": {error.reason}', error.hint)
            return None

    def texts(self, member: Member | None) -> list[Scalar]:
        """Return the texts of a list, or one text alone, white space folded, without empty ones."""
        if member is None:
            return []
        node = member.node
        if isinstance(node, Table):
            hint = "write them as a list: [one, two]"
            self.report(node, f'"{member.name}" must be a list of texts, not a table', hint)
            return []
        found = []
        for item in node.nodes if isinstance(node, Array) else (node,):
            if not isinstance(item, Scalar):
                kind = "a list" if isinstance(item, Array) else "a table"
                self.report(item, f'"{member.name}" must hold texts, not {kind}')
            elif not item.is_null and (text := " ".join(item.text.split())):
                found.append(item if text == item.text else item._replace(text=text))
        return found

    def plain_texts(self, member: Member | None) -> list[Scalar]:
        """Return the same with their character references of HTML resolved."""
        found = self.texts(member)
        if member is None or not any("&" in item.text for item in found):
            return found
        texts = (" ".join(self.resolved(item.text, member).split()) for item in found)
        return [item._replace(text=text) for item, text in zip(found, texts, strict=True) if text]

    def names(
        self, member: Member | None, *, semicolons: bool = False, whole: bool = False
    ) -> list[Scalar]:
        """Return names from a list, or from one text with commas between them.

        With `semicolons`, a text that has some is divided there, so that names may hold commas.
        With `whole`, commas divide nothing.
        """
        found = self.plain_texts(member)
        if member is None or not isinstance(member.node, Scalar) or not found:
            return found
        text = found[0].text
        if semicolons and ";" in text:
            parts = text.split(";")
        else:
            parts = [text] if whole else _COMMAS.split(text)
        return [found[0]._replace(text=part.strip()) for part in parts if part.strip()]

    def choice(self, member: Member | None, default: ResponseState) -> ResponseState:
        """Return open, closed or hidden; true and false mean open and closed."""
        written = self.raw(member, "open, closed or hidden").lower()
        if member is None or not written:
            return default
        if written in _TRUE or written == "open":
            return "open"
        if written in _FALSE or written == "closed":
            return "closed"
        if written == "hidden":
            return "hidden"
        message = f'"{member.name}" must be open, closed or hidden, not "{self.raw(member)}"'
        self.report(member.node, message, did_you_mean(written, ("open", "closed", "hidden")))
        return default

    def language(self, member: Member | None) -> str:
        """Return a language tag, the site's where none is given."""
        written = self.raw(member)
        if member is not None and written and not LANGUAGE.fullmatch(written):
            message = f'"{written}" is not a language tag'
            self.report(member.node, message, "for instance en, ja or pt-BR")
            written = ""
        return (written or self.config.language).replace("_", "-")

    def site_url(self, node: Scalar, name: str) -> str:
        """Return a text of the key `name` as a URL of this site, or "".

        A full address of this site is reduced to its path below the base path, and
        percent-encoding is taken off. It is in the one form of Unicode by which it is looked up.
        """
        written = node.text.strip()
        url = written
        if "://" in written or written.startswith("//"):
            url = self._own_path(node, written)
        url = normal_form(unquote(url))
        if not url:
            return ""
        reason = "it contains characters that no URL can have" if UNPRINTABLE.search(url) else None
        if reason := reason or check_url(url):
            hint = None if url.startswith("/") else f'write "/{url}"'
            self.report(node, f'"{name}" cannot be "{written}": {reason}', hint)
            return ""
        return url

    def _own_path(self, node: Scalar, written: str) -> str:
        try:
            parts = urlsplit(written)
        except ValueError:
            self.report(node, f'"{written}" is not a valid URL')
            return ""
        base = urlsplit(self.config.base_url)
        if base.netloc and parts.netloc != base.netloc:
            hint = "write the path on this site, beginning with /"
            self.report(node, f'"{written}" is on another site', hint)
            return ""
        path = parts.path or "/"
        prefix = base.path.rstrip("/")
        if base.netloc and prefix and path.startswith(f"{prefix}/"):
            path = path[len(prefix) :]
        return path + (f"?{parts.query}" if parts.query else "")
