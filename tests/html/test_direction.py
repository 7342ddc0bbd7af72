"""The direction of languages, and of texts beside others."""

import sys
import unicodedata

import pytest
from babel import Locale, localedata
from markupsafe import Markup

from sitegen.html.direction import (
    directed,
    direction,
    first_strong,
    isolated,
    isolated_text,
    runs_against,
)

HEBREW = "יעל"
ARABIC = "ليلى"


@pytest.mark.parametrize(
    "tag", ["ar", "ar-EG", "he", "iw", "yi", "fa", "fa_AF", "ur", "ps", "ckb", "dv", "sd-PK", "ug"]
)
def test_languages_of_right_to_left_scripts_are_so(tag: str) -> None:
    """A language that is written in such a script by itself has its direction."""
    assert direction(tag) == "rtl"


@pytest.mark.parametrize(
    ("tag", "way"),
    [
        ("ar-Latn", "ltr"),
        ("az", "ltr"),
        ("az-Arab", "rtl"),
        ("az_IR", "rtl"),
        ("pa", "ltr"),
        ("pa-Arab-PK", "rtl"),
        ("pa-PK", "rtl"),
        ("sd", "rtl"),
        ("sd-Deva", "ltr"),
        ("uz-AF", "rtl"),
        ("ks-deva", "ltr"),
        ("he-Latn-IL", "ltr"),
        ("en-x-Arab", "ltr"),
        ("ff-Adlm", "rtl"),
        ("ar-u-nu-latn", "rtl"),
    ],
)
def test_the_script_decides_not_the_language(tag: str, way: str) -> None:
    """The script that a tag names, or that its region implies, comes before the language's own."""
    assert direction(tag) == way


@pytest.mark.parametrize("tag", ["", "en", "ja", "zh-Hant", "xx", "qaa-x-mine", "und"])
def test_what_nobody_knows_runs_from_left(tag: str) -> None:
    """A language of which nothing is known has the direction that pages have by themselves."""
    assert direction(tag) == "ltr"


def test_every_language_of_cldr_has_its_direction() -> None:
    """For the locales that Babel knows, the answer is the one that CLDR gives."""
    every = localedata.locale_identifiers()
    # All that run from right to left, and as many of the others as are read in a moment.
    names = {*every[::9], *(name for name in every if direction(name) == "rtl")}
    # Of columns of Mongolian CLDR says that they run from top to bottom.
    known = {name: Locale.parse(name).text_direction == "rtl" for name in names}
    wrong = [name for name, is_rtl in known.items() if (direction(name) == "rtl") != is_rtl]
    assert wrong == []
    assert len(names) > 150


def test_the_first_letter_says_the_direction_of_a_text() -> None:
    """Digits, signs and tags are no letters."""
    assert first_strong(f"<p class='x'>1984: «{HEBREW}» Tom</p>") == "rtl"
    assert first_strong(f"(3) Tom {HEBREW}") == "ltr"
    assert first_strong("12:30 – 😀") == ""


def test_only_what_runs_against_the_line_is_isolated() -> None:
    """Most names stay as they are, so that pages of one direction do."""
    assert isolated("Tom & Co.", "en") == "Tom &amp; Co."
    assert isolated(ARABIC, "fa") == ARABIC
    assert isolated(HEBREW, "en") == f"<bdi>{HEBREW}</bdi>"
    assert isolated("C++", "ar") == "<bdi>C++</bdi>"
    assert isolated(Markup("A &amp; B"), "he") == "<bdi>A &amp; B</bdi>"
    assert isolated_text(HEBREW, "en") == f"\u2068{HEBREW}\u2069"
    assert isolated_text("Tom", "en") == "Tom"
    assert isolated("<24>", "ar") == "&lt;24&gt;"


def test_a_title_that_begins_otherwise_gets_the_mark_of_its_direction() -> None:
    """A reader that looks at the first letter alone finds the direction of the language there."""
    assert directed(f"IBM {ARABIC}", "ar") == f"\u200fIBM {ARABIC}"
    assert directed(f"{HEBREW} at sea", "en") == f"\u200e{HEBREW} at sea"
    assert directed(ARABIC, "ar") == ARABIC
    assert directed("1984", "ar") == "1984"


def test_no_letter_that_runs_from_right_is_overlooked() -> None:
    """The fast look at a text finds every letter that Unicode has as such."""
    signs = map(chr, range(sys.maxunicode + 1))
    strong = [sign for sign in signs if unicodedata.bidirectional(sign) in ("R", "AL")]
    assert len(strong) > 1000
    assert all(runs_against(sign, "en") for sign in strong)
