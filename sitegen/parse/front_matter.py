"""The bytes of a document's file → its front matter as a `Table`, and its body.

Deals with encodings, line ends, control characters, merge conflicts and fences.
`python-frontmatter` finds and splits fences; what stands between them is parsed by `fast_yaml`,
`yaml` and `formats`, which keep the positions of values.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import NamedTuple

from frontmatter.default_handlers import BaseHandler, YAMLHandler

from sitegen.model.errors import Location, Problem
from sitegen.parse import fast_yaml, formats, yaml
from sitegen.parse.nodes import UNPRINTABLE, FrontMatterError, Scalar, Table, check_characters


class FrontMatter(NamedTuple):
    """A file's front matter, and the text that follows it."""

    table: Table
    body: str
    """With `\\n` as its only line end."""
    first_line: int
    """The line of the file that the body begins on."""
    is_clean: bool = False
    """Whether the body is known to hold no character that no HTML may hold."""

    def has_value(self, key: str) -> bool:
        """Whether something stands under `key`, be it wrong; null and an empty text are nothing."""
        members = self.table.members.items()
        nodes = (member.node for name, member in members if name.casefold() == key)
        return any(not (isinstance(n, Scalar) and (n.is_null or not n.text.strip())) for n in nodes)

    def location(self, path: str, *keys: str) -> Location:
        """Return the place of the first of `keys` that the file has, else the file's start."""
        members = {name.casefold(): member for name, member in self.table.members.items()}
        for key in keys:
            if key in members:
                return Location(path, members[key].node.line, members[key].node.column)
        return Location(path, 1, 1)


_YAML = YAMLHandler(fm_boundary=re.compile(r"^(?:-{3,}|\.{3})[ \t]*$", re.MULTILINE))
_TOML = BaseHandler(re.compile(r"^\+{3,}[ \t]*$", re.MULTILINE), "+++", "+++")
_JSON = re.compile(r'\{\s*(?:"|\}|$)', re.MULTILINE)
_YAML_ENDS = re.compile("[\x85\u2028\u2029]")
_LOOKS_LIKE_FRONT_MATTER = re.compile(
    r"(?:title|date|author|category|tags)[ \t]*([:=])", re.IGNORECASE
)


def read_front_matter(
    path: str, data: bytes, *, header_lines: bool = False
) -> tuple[FrontMatter | None, list[Problem]]:
    """Return the front matter and body of a file, or None and the errors, in both cases warnings.

    `path` is for messages. With `header_lines` a file without fences may begin with `Title: x`
    lines, as Pelican's do. A file without front matter has an empty table.
    """
    text, problems, is_clean = _text(path, data)
    if text is None:
        return None, problems
    conflicts = [*_conflicts(path, text)]
    if conflicts:
        return None, conflicts
    if not text or text.isspace():
        hint = "write the front matter and the article, or delete the file"
        return None, [Problem("the file is empty", Location(path, 1, 1), hint)]
    try:
        return _split(text, header_lines=header_lines, is_clean=is_clean), problems
    except FrontMatterError as error:
        place = Location(path, error.line, error.column)
        return None, [*problems, Problem(error.message, place, error.hint)]


def _split(text: str, *, header_lines: bool, is_clean: bool) -> FrontMatter:
    start = len(text) - len(text.lstrip("\n"))
    line, text = start + 1, text[start:]
    if text.startswith("---") and _YAML.detect(text):
        fenced, body = _between(_YAML, text, line)
        table = _lines_or_yaml(fenced, line) if header_lines else _yaml(fenced, line)
    elif text.startswith("+++") and _TOML.detect(text):
        fenced, body = _between(_TOML, text, line)
        table = formats.read_toml(fenced, line)
    elif _JSON.match(text):
        table, end = formats.read_json(text, line)
        body = text[end:]
    elif header_lines:
        table, end = formats.read_lines(text, line)
        body = text[end:]
    else:
        _check_missing_fence(text, line)
        table, body = Table({}, line, 1), text
    if "\\" in text[: len(text) - len(body)]:
        check_characters(table)
    first_line = line + text.count("\n", 0, len(text) - len(body))
    return FrontMatter(table, body, first_line, is_clean)


def _yaml(fenced: str, line: int) -> Table:
    """Parse YAML; what only YAML counts as line ends are spaces to it."""
    text = fenced if fenced.isascii() else _YAML_ENDS.sub(" ", fenced)
    return fast_yaml.read(text, line) or yaml.read(text, line)


def _lines_or_yaml(fenced: str, line: int) -> Table:
    """Parse YAML, or `Title: Flood: day 2` lines between fences."""
    try:
        return _yaml(fenced, line)
    except FrontMatterError:
        lines = fenced.removeprefix("\n")
        table, length = formats.read_lines(lines, line + 1)
        if lines[length:].strip():
            raise
        return table


def _check_missing_fence(text: str, line: int) -> None:
    """Raise `FrontMatterError` for a text that begins like front matter without its fence."""
    found = _LOOKS_LIKE_FRONT_MATTER.match(text)
    if found is None:
        return
    fence = "---" if found[1] == ":" else "+++"
    hint = f"put a line `{fence}` before it"
    if not re.search(rf"^{re.escape(fence)}[ \t]*$", text, re.MULTILINE):
        hint += " and after it"
        if fence == "---":
            hint += '; for an archive of Pelican, set `[front_matter] dialect = "pelican"`'
    raise FrontMatterError(f"the front matter does not begin with {fence}", line, 1, hint)


def _between(handler: BaseHandler, text: str, line: int) -> tuple[str, str]:
    try:
        return handler.split(text)
    except ValueError:
        fence = handler.END_DELIMITER
        message = f"the front matter is not closed: there is no second line {fence}"
        hint = f"put a line `{fence}` between the front matter and the text"
        raise FrontMatterError(message, line, 1, hint) from None


_CONFLICT_MARKERS = re.compile(r"^(?:<{7}|>{7})(?: .*)?$", re.MULTILINE)
_FENCED = re.compile(
    r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)


def _conflicts(path: str, text: str) -> Iterator[Problem]:
    """Yield a problem for each conflict that a merge has left, not for examples in fenced code."""
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return
    bare = _FENCED.sub(lambda found: "\n" * found[0].count("\n"), text)
    divided = re.search(r"^={7}$", bare, re.MULTILINE) is not None
    opened = False
    for found in _CONFLICT_MARKERS.finditer(bare):
        if found[0].startswith("<"):
            opened = True
        elif opened or not divided:
            opened = False
            continue
        line = bare.count("\n", 0, found.start()) + 1
        hint = "keep the right lines, and delete the others and the conflict markers"
        yield Problem("unresolved merge conflict", Location(path, line, 1), hint)


_USUAL = bytes(range(32, 127)) + b"\t\n\r"
_UNUSUAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
"""What no page can show, and what no HTML may hold (`prose.without_controls`)."""


def _text(path: str, data: bytes) -> tuple[str | None, list[Problem], bool]:
    """Return the text of a file with one kind of line end, or None, and what is wrong with it.

    And whether it is known to hold no character that no HTML may hold.
    """
    try:
        text = data.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        return None, [_not_utf8(path, error.object, error.start)], False
    if b"\r" in data:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _UNUSUAL.search(data.translate(None, _USUAL).decode()):
        return text, [], True  # Looking at the few bytes that are left of most texts is soon done.
    text = text.lstrip("\ufeff")
    found = UNPRINTABLE.search(text)
    if not found:
        return text, [], False
    line = text.count("\n", 0, found.start()) + 1
    place = Location(path, line, found.start() - text.rfind("\n", 0, found.start()))
    if "\0" in text:
        hint = "save it as UTF-8 text, not as UTF-16 or a word processor's document"
        return None, [Problem("this is not a text file", place, hint)], False
    number = len(UNPRINTABLE.findall(text))
    more = f" (and {number - 1:,} more)" if number > 1 else ""
    message = f"control character U+{ord(found[0]):04X} in the text{more}"
    hint = "it is ignored; delete it, and type the text again"
    text = UNPRINTABLE.sub(lambda found: " " if found[0] in "\v\f" else "", text)
    return text, [Problem(message, place, hint, "warning")], False


_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_KANA = re.compile("[\u3040-\u30ff]")
_OTHER = re.compile("[^\x00-\x7f]")


def _not_utf8(path: str, data: bytes, start: int) -> Problem:
    before = data[:start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line_before = before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")
    place = Location(path, before.count(b"\n") + 1, len(line_before) + 1)
    guess = _encoding(data)
    hint = "save it as UTF-8" + (f"; it looks like {guess}" if guess else "")
    return Problem(f"the file is not UTF-8: byte 0x{data[start]:02X}", place, hint)


def _encoding(data: bytes) -> str | None:
    """Return the likely encoding of bytes that are not UTF-8.

    A Japanese text shows kana in the right one of its encodings; nearly any bytes pass for
    Windows-1252, so it is tried last.
    """
    for byte_order_mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(byte_order_mark):
            return name
    for codec, name in (("cp932", "Shift_JIS"), ("euc_jp", "EUC-JP")):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if 5 * len(_KANA.findall(text)) >= len(_OTHER.findall(text)):
            return name
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if b"\0" in data else "Windows-1252"
