"""Which languages stand in for one another."""

from collections.abc import Iterator

import pytest
from babel.core import get_global
from babel.localedata import locale_identifiers

from sitegen.model.languages import base_language, fallbacks, normal_tag


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("es-MX", "es-MX es-419 es en"),
        ("es-ES", "es-ES es en"),
        ("zh-TW", "zh-TW zh-Hant-TW zh-Hant en"),
        ("zh-MO", "zh-MO zh-Hant-MO zh-Hant-HK zh-Hant en"),
        ("zh-CN", "zh-CN zh-Hans-CN zh-Hans zh en"),
        ("zh", "zh zh-Hans en"),
        ("zh_hant", "zh-Hant en"),
        ("no", "no nb en"),
        ("nn", "nn nb no en"),
        ("nb", "nb no en"),
        ("pt-BR", "pt-BR pt en"),
        ("pt-AO", "pt-AO pt-PT pt en"),
        ("en", "en"),
        ("en-US", "en-US en"),
        ("en-AU", "en-AU en-001 en-GB en"),
        ("en-DE", "en-DE en-150 en-001 en-GB en"),
        ("en-GB", "en-GB en-001 en"),
        ("sr-ME", "sr-ME sr-Latn-ME sr-Latn en"),
        ("sr", "sr sr-Cyrl en"),
        ("de-CH-1996", "de-CH de en"),
        ("de-u-co-phonebk", "de en"),
        ("iw", "he en"),
        ("tlh", "tlh en"),
    ],
)
def test_words_fall_back_along_the_parents_of_a_language(tag: str, expected: str) -> None:
    """A region falls back to its language, a script to no other one, all at last to English."""
    assert fallbacks(tag) == tuple(expected.split())


def cldr_parents(locale: str) -> Iterator[str]:
    """Yield a locale and those that it inherits from, by CLDR's tables."""
    exceptions, likely = get_global("parent_exceptions"), get_global("likely_subtags")
    while locale:
        yield locale
        if locale in exceptions:
            locale = exceptions[locale].replace("root", "")
            continue
        locale, _, last = locale.rpartition("_")
        is_script = len(last) == 4
        if is_script and likely.get(locale, f"_{last}_").split("_")[1] != last:
            return


def test_no_parent_that_cldr_knows_is_left_out() -> None:
    """What CLDR says of parents is in the fallbacks, in the same order, for each of its locales."""
    wrong = {}
    for locale in locale_identifiers():
        if locale == "root" or any(len(part) > 4 for part in locale.split("_")):
            continue
        parents = [item.replace("_", "-") for item in cldr_parents(locale)]
        ours = iter(fallbacks(locale))
        if not all(parent in ours for parent in parents):
            wrong[locale] = (parents, fallbacks(locale))

    assert wrong == {}


def test_a_tag_has_one_spelling() -> None:
    """Case, underscores, former codes, variants and extensions make no other language."""
    spellings = ("zh-Hant-TW", "zh_hant_tw", "ZH-HANT-TW", "zh-Hant-TW-x-own", "cmn-Hant-TW")

    assert {normal_tag(tag) for tag in spellings} == {"zh-Hant-TW"}
    assert normal_tag("en-gb-oxendict") == "en-GB"
    assert base_language("iw_IL") == "he"
