"""Bytes of pings and pages → text, in the encodings that the web of their time was written in."""

from __future__ import annotations

import re
from contextlib import suppress

_CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ms_kanji": "cp932",
    "cp932": "cp932",
    "euc-jp": "euc_jp",
    "euc_jp": "euc_jp",
    "x-euc-jp": "euc_jp",
    "eucjp": "euc_jp",
    "iso-2022-jp": "iso2022_jp",
    "iso2022jp": "iso2022_jp",
    "jis": "iso2022_jp",
    "iso-8859-1": "cp1252",  # as browsers take it (Encoding Standard)
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-2": "iso8859_2",
    "windows-1250": "cp1250",
    "iso-8859-15": "iso8859_15",
    "koi8-r": "koi8_r",
    "windows-1251": "cp1251",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
}
"""Names of encodings and Python's codecs for them. An allow list: in UTF-7 a text without `<` can
become one with it, UTF-16 and UTF-32 hide ASCII, and Python has codecs that unpack archives."""

_PARAMETER = re.compile(r""";\s*charset\s*=\s*["']?([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)
_ESCAPED_JIS = re.compile(rb"\x1b\$[@B]|\x1b\([BJ]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fc\u3001\u3002]")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")


class UnknownCharsetError(Exception):
    """The encoding of a text is not supported, or its bytes are not in it."""


def codec_of(name: str) -> str | None:
    """Return Python's codec for the name of an encoding, or None if it is not supported."""
    return _CODECS.get(name.strip().lower())


def charset_of(content_type: str) -> str:
    """Return the `charset` of a Content-Type as it is written there, or ""."""
    found = _PARAMETER.search(content_type)
    return found[1] if found else ""


def decoded(data: bytes, *declared: str) -> str:
    """Return the text of `data`, by the first encoding that is declared ("" is none).

    Without one: UTF-8, or else what Japanese bytes look like. Raises `UnknownCharsetError` for a
    declared encoding that is not supported, and for bytes that are no text.
    """
    name = next(filter(None, declared), "")
    if name:
        codec = codec_of(name)
        if codec is None:
            message = "the declared encoding is not supported"
            raise UnknownCharsetError(message)
        # Declared wrongly, as so often: the bytes may still be legible.
        with suppress(UnicodeDecodeError):
            return data.decode(codec)
    with suppress(UnicodeDecodeError):
        return data.decode("iso2022_jp" if _ESCAPED_JIS.search(data) else "utf-8")
    guesses = []
    for codec in ("cp932", "euc_jp"):
        with suppress(UnicodeDecodeError):
            text = data.decode(codec)
            if not _PRIVATE_USE.search(text):
                guesses.append(text)
    if not guesses:
        message = "the encoding of the text cannot be recognised"
        raise UnknownCharsetError(message)
    return max(guesses, key=_looks_japanese)


def _looks_japanese(text: str) -> float:
    """Return how likely people wrote this: EUC-JP read as Shift_JIS is full of half-width kana."""
    size = len(text) or 1
    return (len(_KANA.findall(text)) - 2 * len(_HALF_WIDTH.findall(text))) / size
