"""The bytes of a file that somebody writes → its text: encodings, line ends, control characters.

And the marks that a merge leaves.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator

from sitegen.model.errors import Location, Problem
from sitegen.parse.nodes import UNPRINTABLE

_CONFLICT_MARKERS = re.compile(r"^(?:<{7}|>{7})(?: .*)?$", re.MULTILINE)
_FENCED = re.compile(
    r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)


def conflicts(path: str, text: str) -> Iterator[Problem]:
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


def source_text(path: str, data: bytes) -> tuple[str | None, list[Problem], bool]:
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
