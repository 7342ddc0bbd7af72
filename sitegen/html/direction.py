"""The direction in which languages and texts run, as Unicode and CLDR know it. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, Literal

from markupsafe import Markup

Direction = Literal["ltr", "rtl"]
"""A value of the attribute `dir`."""

RIGHT_TO_LEFT: Final = frozenset(
    {
        "Adlm", "Arab", "Aran", "Armi", "Avst", "Chrs", "Cprt", "Elym", "Gara", "Hatr", "Hebr",
        "Hung", "Khar", "Lydi", "Mand", "Mani", "Mend", "Merc", "Mero", "Narb", "Nbat", "Nkoo",
        "Orkh", "Ougr", "Palm", "Phli", "Phlp", "Phnx", "Prti", "Rohg", "Samr", "Sarb", "Sidt",
        "Sogd", "Sogo", "Syrc", "Syre", "Syrj", "Syrn", "Thaa", "Todr", "Yezi",
    }
)  # fmt: skip
"""The scripts that CLDR has as written from right to left (scriptMetadata), by ISO 15924."""

_SCRIPT = re.compile("[A-Za-z]{4}")
_REGION = re.compile("[A-Za-z]{2}|[0-9]{3}")
_TAG = re.compile("<[^>]*>")
_MAYBE_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U0001efff]"
)
"""Where Unicode has all letters that are written from right to left: a text without any is fast."""

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
_MARKS: Final = {"ltr": "\u200e", "rtl": "\u200f"}


@lru_cache(maxsize=256)
def direction(language: str) -> Direction:
    """Return the direction of a language: that of the script that its tag names, or implies.

    `ar` is "rtl", `ar-Latn` is not; `az` is not, `az-Arab` and `az-IR` are. Nothing known of the
    language is "ltr".
    """
    return "rtl" if _script(language) in RIGHT_TO_LEFT else "ltr"


def _script(language: str) -> str:
    """Return the script of a language tag, as CLDR's likely subtags have it; "" for unknown."""
    from babel.core import get_global  # noqa: PLC0415 - slow to import

    first, *others = language.replace("_", "-").split("-")
    region = ""
    for part in others:
        if len(part) == 1:
            break  # Extensions and private use say nothing about the script.
        if _SCRIPT.fullmatch(part):
            return part.title()
        if not region and _REGION.fullmatch(part):
            region = part.upper()
    code = first.lower()
    # The few codes that are two subtags name the script themselves: `sh` is `sr_Latn`.
    code = get_global("language_aliases").get(code, code)
    likely = get_global("likely_subtags")
    found = likely.get(f"{code}_{region}") or likely.get(code) or code
    return next((part for part in found.split("_")[1:] if _SCRIPT.fullmatch(part)), "")


def first_strong(html: str) -> Direction | Literal[""]:
    """Return the direction of the first letter of a text that has one; "" if none has.

    Tags are skipped: `html` may be text or HTML. So does the attribute `dir="auto"`.
    """
    for sign in _TAG.sub("", html):
        if (found := _strong(sign)) is not None:
            return found
    return ""


def _strong(sign: str) -> Direction | None:
    if sign.isascii():
        return "ltr" if sign.isalpha() else None
    bidirectional = unicodedata.bidirectional(sign)
    if bidirectional == "L":
        return "ltr"
    return "rtl" if bidirectional in ("R", "AL") else None


def runs_against(text: str, language: str) -> bool:
    """Whether a text has letters that run against the direction of a language."""
    if direction(language) == "ltr":
        return not text.isascii() and _MAYBE_RIGHT_TO_LEFT.search(text) is not None
    return any(_strong(sign) == "ltr" for sign in _TAG.sub("", text))


def isolated(text: str | Markup, language: str) -> Markup:
    """Return a text to stand within a line of a language, as HTML.

    It is in `<bdi>` if some of it runs the other way: the order of what stands beside it stays.
    """
    escaped = Markup.escape(text)
    if runs_against(text, language):
        return Markup("<bdi>%s</bdi>") % escaped
    return escaped


def isolated_text(text: str, language: str) -> str:
    """Return the same where no element can be: U+2068 and U+2069 do what `<bdi>` does."""
    if runs_against(text, language):
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
    return text


def directed(text: str, language: str) -> str:
    """Return a text of a language for readers that look at its first letter alone, as of feeds.

    One that begins with a name of another script gets the invisible mark of its direction.
    """
    own = direction(language)
    if first_strong(text) in ("", own):
        return text
    return f"{_MARKS[own]}{text}"
