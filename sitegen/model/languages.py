"""Which languages stand in for one another, as CLDR has it. Tags are those of BCP 47.

CLDR's tables are Babel's, which is slow to import: what is needed of them in every build stands
here, and the tests compare it.
"""

from __future__ import annotations

import re
from functools import lru_cache

ENGLISH = "en"

_ALIASES = {"cmn": "zh", "in": "id", "iw": "he", "ji": "yi", "mo": "ro", "tl": "fil"}
"""Former codes, and those of one language in a group, for which CLDR has another."""

_AMERICAN = frozenset(
    {
        "AS", "BI", "GU", "MH", "MP", "PH", "PR", "UM", "US", "VI",
    }
)  # fmt: skip
"""Where English is written as in the United States. Everywhere else it is International English
(`en-001`), whose words are those of Britain here."""

_EUROPEAN_ENGLISH = frozenset(
    {
        "AT", "BE", "CH", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GE", "HU", "IT", "LT",
        "LV", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "UA",
    }
)  # fmt: skip

_LATIN_AMERICAN = frozenset(
    {
        "AR", "BO", "BR", "BZ", "CL", "CO", "CR", "CU", "DO", "EC", "GT", "HN", "JP", "MX",
        "NI", "PA", "PE", "PR", "PY", "SV", "US", "UY", "VE",
    }
)  # fmt: skip
"""Where CLDR's Spanish is that of Latin America (`es-419`)."""

_EUROPEAN_PORTUGUESE = frozenset(
    {
        "AO", "CH", "CV", "FR", "GQ", "GW", "LU", "MO", "MZ", "ST", "TL",
    }
)  # fmt: skip

_SCRIPTS = {
    "az": "Latn", "bal": "Arab", "bs": "Latn", "ff": "Latn", "ha": "Latn", "hi": "Deva",
    "hnj": "Hmnp", "iu": "Cans", "kaa": "Cyrl", "kk": "Cyrl", "kok": "Deva", "ks": "Arab",
    "ku": "Latn", "ky": "Cyrl", "mn": "Cyrl", "mni": "Beng", "ms": "Latn", "mww": "Hmnp",
    "pa": "Guru", "rhg": "Rohg", "sat": "Olck", "sd": "Arab", "shi": "Tfng", "sr": "Cyrl",
    "su": "Latn", "suz": "Deva", "ug": "Arab", "uz": "Latn", "vai": "Vaii", "yue": "Hant",
    "zh": "Hans",
}  # fmt: skip
"""Languages of several scripts, with the one that each has where nothing is said of it."""

_SCRIPTS_OF_REGIONS = {
    ("az", "Arab"): "IQ IR", ("az", "Cyrl"): "RU", ("ha", "Arab"): "CM SD",
    ("kk", "Arab"): "AF CN IR MN", ("ku", "Arab"): "IQ IR LB", ("ku", "Cyrl"): "AM AZ GE TM",
    ("ky", "Arab"): "CN", ("ky", "Latn"): "TR", ("mn", "Mong"): "CN", ("ms", "Arab"): "CC",
    ("pa", "Arab"): "PK", ("sd", "Deva"): "IN", ("sr", "Latn"): "ME RO TR",
    ("ug", "Cyrl"): "KZ MN", ("uz", "Arab"): "AF", ("uz", "Cyrl"): "CN", ("yue", "Hans"): "CN",
    ("zh", "Hant"): "AU BN GB GF HK ID MO PA PF PH SR TH TW US VN",
}  # fmt: skip
"""Where such a language is usually written in another script."""

_NORWEGIAN = ("nb", "no")


class _Tag:
    """The parts of a language tag that languages are compared by."""

    def __init__(self, tag: str) -> None:
        first, *others = re.split("[-_]", tag.strip())
        self.language = _ALIASES.get(first.lower(), first.lower())
        self.script = self.region = ""
        for position, part in enumerate(others):
            if len(part) == 1:  # an extension, or what is for private use
                break
            if len(part) == 4 and part.isalpha() and position == 0:  # noqa: PLR2004
                self.script = part.title()
            elif not self.region and re.fullmatch("[A-Za-z]{2}|[0-9]{3}", part):
                self.region = part.upper()


def normal_tag(tag: str) -> str:
    """Return a language tag in its usual spelling, without variants and extensions: `zh-Hant-TW`.

    Takes `zh_hant_tw`, `iw`, `en-gb-oxendict`, and gives `zh-Hant-TW`, `he`, `en-GB`.
    """
    parts = _Tag(tag)
    return _joined(parts.language, parts.script, parts.region)


def base_language(tag: str) -> str:
    """Return the language of a tag without script and region: `zh` of `zh-Hant-TW`."""
    return _Tag(tag).language


def widest(tag: str) -> str:
    """Return the widest language whose words are those of a tag: `zh-Hant` of `zh-TW`."""
    found = [item for item in fallbacks(tag) if base_language(item) != ENGLISH]
    return found[-1] if found else ENGLISH


@lru_cache(maxsize=256)
def fallbacks(tag: str) -> tuple[str, ...]:
    """Return the languages whose words stand in for those of a tag: itself first, English last.

    `es-MX` gives es-MX, es-419, es, en. Among parents are those that only we have: British words
    for International English, Bokmål for all of Norwegian.
    """
    parts = _Tag(tag)
    language, script, region = parts.language, parts.script, parts.region
    found = [_joined(language, script, region)]
    if script or language in _SCRIPTS:
        usual = _likely_script(language, "")
        written = script or _likely_script(language, region)
        found += [_joined(language, written, region)] if region else []
        found += ["zh-Hant-HK"] if language == "zh" and written == "Hant" and region == "MO" else []
        found += [_joined(language, written, "")]
        if written == usual:
            found += [_joined(language, "", region), language]
        elif (language, written) == ("hi", "Latn"):
            found += ["en-IN", "en-001", "en-GB"]
    else:
        found += [_joined(language, "", region), *_parents(language, region), language]
        found += _NORWEGIAN if language in ("no", "nn", "nb") else ()
    return tuple(dict.fromkeys((*found, ENGLISH)))


def _parents(language: str, region: str) -> tuple[str, ...]:
    if language == "en" and region and region not in _AMERICAN:
        return (*(("en-150",) if region in _EUROPEAN_ENGLISH else ()), "en-001", "en-GB")
    if language == "es" and region in _LATIN_AMERICAN:
        return ("es-419",)
    if language == "pt" and region in _EUROPEAN_PORTUGUESE:
        return ("pt-PT",)
    return ()


def _likely_script(language: str, region: str) -> str:
    """Return the script in which a language is usually written, in a region if one is given."""
    for (known, script), regions in _SCRIPTS_OF_REGIONS.items():
        if known == language and region in regions.split():
            return script
    return _SCRIPTS.get(language, "Latn")


def _joined(*parts: str) -> str:
    return "-".join(filter(None, parts))
