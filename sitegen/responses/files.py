"""One response of a reader or of another site: the bytes of its file → `Response`, and back.

A file says nothing twice. Its folder tells which article it answers and whether it is shown, its
name is the id that permalinks and replies use: so moderation is moving a file, and two people's
work never meets in one line. What the public must not know of a person is refused here.
"""

from __future__ import annotations

import json
import re
from base64 import b32encode
from typing import Any, Literal, NamedTuple, get_args
from urllib.parse import urlsplit

from sitegen.config.settings import Config
from sitegen.model import moments
from sitegen.model.errors import Location, Problem, did_you_mean
from sitegen.model.moments import Moment
from sitegen.parse.front_matter import FrontMatter, read_front_matter
from sitegen.parse.nodes import UNPRINTABLE, Member, Scalar
from sitegen.parse.values import Reader
from sitegen.responses.paths import ROOT, Place, is_id, path_of, place_of

Kind = Literal["comment", "trackback", "pingback", "webmention"]
Mention = Literal["mention", "reply", "like", "repost", "bookmark"]
Format = Literal["markdown", "text", "html"]
_ULID_LENGTH = 26

KNOWN = (
    "kind", "author", "url", "date", "in_reply_to", "source", "title", "site", "mention", "lang",
    "changed", "format", "staff", "hints",
)  # fmt: skip
"""Every key of a response's front matter."""

_PLACED = {
    "id": "the file's name is its id",
    "status": "the file's folder says it: that of its article, or pending/, spam/ or deleted/",
    "article": "the file's folder is that of its article",
}
_PERSONAL = re.compile(r"mail|(?:^|[-_ ])ip(?:[-_ v46]|$)|addr|agent|phone")
_ADDRESS = re.compile(
    r"[^\s@]+@[^\s@]+\.[^\s@]+|\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*(?::[0-9a-fA-F]*){2,}"
)
_PRIVATE = "these files are published with the site: leave out contact details and IP addresses"

REVERSING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of the text around them (UAX #9, explicit formatting)."""

_HINTS = re.compile(rb"(?<=\n)hints: \[.*\]\n")
_CONFLICT = re.compile(r"^(?=<{7}|>{7})", re.MULTILINE)
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_LONGEST_URL = 2000


class Response(NamedTuple):
    """What somebody said about an article."""

    thread: str
    """The name of the article's folder: see `thread_name`."""
    id: str
    kind: Kind
    author: str
    """"" where the author of another site's page is not known."""
    date: Moment
    text: str
    """As written: in the format that `format` names."""
    url: str = ""
    """The author's own page."""
    source: str = ""
    """The page of another site that links to ours. Comments have none."""
    title: str = ""
    """Of the source."""
    site: str = ""
    """The name of the site that the source belongs to."""
    in_reply_to: str = ""
    """The id of the comment that this one answers."""
    mention: Mention | Literal[""] = ""
    """What kind of webmention it is."""
    lang: str = ""
    changed: Moment | None = None
    """When the text of a webmention was last taken from its source anew."""
    format: Format | Literal[""] = ""
    """"" is Markdown for a comment, plain text for all others."""
    staff: bool = False
    """An answer of the newsroom itself."""
    hints: tuple[str, ...] = ()
    """What a moderator should look at; not kept when the response is approved."""


def new_id(moment: Moment, random: bytes) -> str:
    """Return an id for a response that came at `moment`; ids sort by time.

    `random` are 10 random bytes. A ULID (https://github.com/ulid/spec) in lower case, since file
    systems may not tell the cases apart.
    """
    milliseconds = moment.instant // 1000
    # 130 bits in 26 digits; b32encode takes whole groups of 5 bytes, so 6 zeroes come before.
    data = bytes(4) + milliseconds.to_bytes(6, "big") + random[:10].rjust(10, b"\0")
    digits = b32encode(data).decode().translate(_CROCKFORD)
    return digits[-_ULID_LENGTH:]


_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghjkmnpqrstvwxyz")


def read(path: str, data: bytes, config: Config) -> tuple[Response | None, list[Problem]]:
    """Return the response that a file holds, or None and the errors; warnings may come with both.

    `path` is its source path, which says what the file itself does not.
    """
    place = place_of(path)
    if place is None:
        hint = (
            f"name it {ROOT}/<article's folder>/<id>.md, in lower-case letters, digits and hyphens"
        )
        return None, [Problem("no response can have this path", Location(path), hint)]
    head, problems = read_front_matter(path, data)
    if head is None:
        return None, problems
    reader = _ResponseReader(path, config, head)
    response = reader.response(place)
    problems += reader.values.problems
    return (None if any(problem.is_error for problem in problems) else response), problems


class _ResponseReader:
    """Reads the front matter and text of one file."""

    def __init__(self, path: str, config: Config, found: FrontMatter) -> None:
        self.values = Reader(path, config)
        self.front_matter = found
        self.get = found.table.members.get
        for name, member in found.table.members.items():
            self._check_key(name, member)

    def _check_key(self, name: str, member: Member) -> None:
        if name in KNOWN:
            return
        if name in _PLACED:
            self.values.report(member, f'"{name}" does not belong here', _PLACED[name])
        elif _PERSONAL.search(name.casefold()):
            self.values.report(member, f'"{name}" is not allowed in a response', _PRIVATE)
        else:
            hint = did_you_mean(name, KNOWN) or f"known keys: {', '.join(KNOWN)}"
            self.values.report(member, f'unknown key "{name}"', hint, "warning")

    def response(self, place: Place) -> Response | None:
        """Return the response, or None where something is missing; `values` has the problems."""
        text = self.front_matter.body.strip("\n").rstrip()
        kind: Kind | Literal[""] = self._choice("kind", get_args(Kind))
        if not kind and not self._text("kind"):
            self._missing("kind", f"one of {', '.join(get_args(Kind))}")
        date = self.values.moment(self.get("date"))
        if date is None and not self._text("date"):
            self._missing("date", "for instance date: 2026-11-23T13:55:02Z")
        author, site, title = self._name("author"), self._name("site"), self._line("title")
        if kind == "comment" and not author:
            self._missing("author", "write the name that the comment was sent with")
        source = self._url("source")
        if kind and kind != "comment" and not self._text("source"):
            self._missing("source", "write the address of the page that links to the article")
        if kind == "comment":
            if source:
                self._report(
                    "source",
                    '"source" does not belong in a comment',
                    "write the author's page as `url`",
                )
            if not text:
                location = Location(self.values.path, self.front_matter.first_line)
                hint = "write it below the front matter, or delete the file"
                self.values.problems.append(Problem("the comment has no text", location, hint))
        url = self._url("url")
        reply, mention = self._reply(), self._choice("mention", get_args(Mention))
        lang = self.values.language(self.get("lang")) if self._text("lang") else ""
        changed = self.values.moment(self.get("changed"))
        written_as = self._choice("format", get_args(Format))
        staff = self.values.flag(self.get("staff")) or False
        hints = tuple(item.text for item in self.values.texts(self.get("hints")))
        if not kind or date is None:
            return None
        return Response(
            *place[1:],
            kind=kind,
            author=author,
            date=date,
            text=text,
            url=url,
            source=source,
            title=title,
            site=site,
            in_reply_to=reply,
            mention=mention,
            lang=lang,
            changed=changed,
            format=written_as,
            staff=staff,
            hints=hints,
        )

    def _text(self, key: str) -> str:
        member = self.get(key)
        is_text = member is None or isinstance(member.node, Scalar)
        return self.values.text(member) if is_text else "?"

    def _report(self, key: str, message: str, hint: str | None) -> None:
        member = self.get(key)
        if member is not None:
            self.values.report(member.node, message, hint)

    def _missing(self, key: str, hint: str) -> None:
        place = self.get(key) or self.front_matter.table
        location = Location(self.values.path, place.line, place.column)
        self.values.problems.append(Problem(f'"{key}" is missing', location, hint))

    def _line(self, key: str) -> str:
        """Return a text that is shown beside others, without what would reverse these."""
        text = self.values.text(self.get(key))
        member = self.get(key)
        if member is not None and (found := REVERSING.search(text)):
            code = f"U+{ord(found[0]):04X}"
            message = f'"{key}" contains the character {code}, which reverses text; it is left out'
            self.values.report(member, message, "delete it", "warning")
        return " ".join(REVERSING.sub("", text).split())

    def _name(self, key: str) -> str:
        text = self._line(key)
        if _ADDRESS.fullmatch(text):
            self._report(key, f'"{key}" is an email or IP address', _PRIVATE)
        return text

    def _url(self, key: str) -> str:
        url = self.values.raw(self.get(key))
        if url and (reason := url_fault(url)):
            self._report(key, f'"{key}" cannot be "{url[:80]}": {reason}', None)
            return ""
        return url

    def _choice(self, key: str, known: tuple[str, ...]) -> Any:
        value = self.values.text(self.get(key))
        if not value or value in known:
            return value
        hint = did_you_mean(value, known) or f"one of {', '.join(known)}"
        self._report(key, f'"{key}" cannot be "{value}"', hint)
        return ""

    def _reply(self) -> str:
        value = self.values.text(self.get("in_reply_to"))
        if value and not is_id(value):
            hint = "write the name of a comment's file, without .md"
            self._report("in_reply_to", f'"{value}" is not the id of a comment', hint)
            return ""
        return value


def url_fault(url: str) -> str | None:
    """Return why this cannot be the URL of a web page, or None."""
    if len(url) > _LONGEST_URL:
        return f"it is longer than {_LONGEST_URL} characters"
    if (
        any(sign.isspace() or sign in '<>"\\^`{|}' for sign in url)
        or UNPRINTABLE.search(url)
        or REVERSING.search(url)
    ):
        return "it contains a space or another invalid character"
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "it is not a valid URL"
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return "it must begin with https:// or http://"
    return "it contains a user name" if "@" in parts.netloc else None


def response_bytes(response: Response) -> bytes:
    """Return the file of a response: `read` gives the same one back.

    What no page can show is left out of its texts, and what reverses text of its lines. Raises
    `ValueError` for a response that `read` would refuse.
    """
    lines = ["---", f"kind: {response.kind}"]
    for key in KNOWN[1:]:
        value = getattr(response, key)
        if isinstance(value, Moment):
            lines.append(f"{key}: {_moment(value)}")
        elif isinstance(value, tuple):
            items = [_quoted(text) for item in value if (text := _line(item))]
            lines += [f"{key}: [{', '.join(items)}]"] if items else []
        elif value is True:
            lines.append(f"{key}: true")
        elif value and (text := _line(value)):
            lines.append(f"{key}: {_quoted(text)}")
    # No reader's text may look like an unresolved merge to us.
    text = _CONFLICT.sub(" ", _shown(response.text)).strip("\n").rstrip()
    data = "\n".join((*lines, "---", "", text, "")).encode()
    path = path_of(Place("shown", response.thread, response.id))
    found, problems = read(path, data, Config())
    if found is None:
        raise ValueError(problems[0].message)
    return data


def without_hints(data: bytes) -> bytes:
    """Return the bytes of a file without the line of hints in its front matter."""
    end = data.find(b"\n---\n", 1) + 1
    return _HINTS.sub(b"", data[:end], count=1) + data[end:]


def _moment(moment: Moment) -> str:
    return moments.iso(moments.in_zone(moment, "UTC"), "seconds").replace("+00:00", "Z")


def _shown(text: str) -> str:
    return UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text))


def _line(text: str) -> str:
    return " ".join(REVERSING.sub("", _shown(text)).split())


def _quoted(text: str) -> str:
    """Return a text as a YAML scalar: YAML reads JSON's strings."""
    return json.dumps(text, ensure_ascii=False)
