"""Rules of `sitegen.web.charsets`: which bytes are which text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.web.charsets import UnknownCharsetError, charset_of, codec_of, decoded

SAMPLES = (
    "エルダーマスの洪水について書きました。",
    "トラックバックのテスト",
    "今日の港",
    "ニュース記事「高潮」を読んで思ったこと…",
)


@pytest.mark.parametrize("text", SAMPLES)
@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc_jp", "iso2022_jp"])
def test_japanese_is_known_without_being_declared(text: str, codec: str) -> None:
    """Pings of the time when nothing could say the encoding are read as what they are."""
    assert decoded(text.encode(codec)) == text


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("Shift_JIS", "cp932"),
        ("x-sjis", "cp932"),
        ("EUC-JP", "euc_jp"),
        ("iso-2022-jp", "iso2022_jp"),
        ("UTF-8", "utf-8"),
    ],
)
def test_what_is_declared_comes_first(name: str, codec: str) -> None:
    """The names that Japanese programs wrote are known, in any case of letters."""
    for text in SAMPLES:
        assert decoded(text.encode(codec), name) == text
        assert decoded(text.encode(codec), "", name) == text


def test_a_wrong_declaration_is_seen_through() -> None:
    """Bytes that cannot be what is declared are read as what they can be."""
    assert decoded("高潮…".encode(), "EUC-JP") == "高潮…"
    assert decoded("高潮です".encode("euc_jp"), "utf-8") == "高潮です"


@pytest.mark.parametrize(
    "name",
    ["utf-7", "UTF7", "unicode-1-1-utf-7", "utf-16", "utf-16le", "utf-32", "zip", "hex", "rot13",
     "unicode_escape", "idna", "punycode", "hz-gb-2312", "nonsense"],
)  # fmt: skip
def test_encodings_that_hide_markup_are_refused(name: str) -> None:
    """In UTF-7 `+ADw-script+AD4-` is a tag: only encodings of the list are taken."""
    assert codec_of(name) is None
    with pytest.raises(UnknownCharsetError):
        decoded(b"+ADw-script+AD4-", name)


def test_utf_7_that_is_not_declared_stays_as_it_is() -> None:
    """Nothing is guessed to be UTF-7."""
    assert decoded(b"+ADw-script+AD4-") == "+ADw-script+AD4-"


@given(st.binary(max_size=60))
def test_bytes_become_text_or_are_refused(data: bytes) -> None:
    """There is no third way, and nothing is replaced in silence."""
    try:
        text = decoded(data)
    except UnknownCharsetError:
        return
    assert "\ufffd" not in text or "\ufffd".encode() in data


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("text/html; charset=UTF-8", "UTF-8"),
        ('text/html;charset="euc-jp"', "euc-jp"),
        ("text/html; CHARSET = shift_jis ; x=y", "shift_jis"),
        ("text/html", ""),
        ("", ""),
    ],
)
def test_a_charset_is_found_in_a_content_type(header: str, name: str) -> None:
    """Quoted or not, wherever it stands."""
    assert charset_of(header) == name
