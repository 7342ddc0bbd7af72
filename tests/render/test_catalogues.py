"""The words of the theme in every language: complete, and written as the language is."""

from __future__ import annotations

import re
import string

import pytest

from sitegen.config.settings import Config
from sitegen.index.words import LAYOUT_WORDS, read_catalogues
from sitegen.model.languages import base_language
from sitegen.render import localization
from sitegen.render.localization import plural_forms
from sitegen.scan.sources import theme_folder

CATALOGUES = read_catalogues(theme_folder(), Config())
LANGUAGES = [
    "en", "en-GB", "ja", "zh-Hans", "zh-Hant", "ko", "de", "fr", "es", "pt", "pt-PT", "it",
    "nl", "sv", "nb", "da", "fi", "pl", "cs", "uk", "ru", "tr", "id", "vi", "ar", "he", "fa",
    "hi",
]  # fmt: skip
PARTS = ("en-GB", "pt-PT")
"""Languages of which a file holds only what differs from a wider one."""
WHOLE = [language for language in LANGUAGES if language not in PARTS]

ENGLISH = CATALOGUES.words("en")
IMPLIED = {"ar": ("zero", "one", "two"), "he": ("one", "two")}
"""Forms that are for one number only, and may say it in words."""


def own_texts(language: str) -> dict[str, str]:
    """Return the words in the file of a language."""
    (catalogue,) = CATALOGUES.files(language)
    return dict(catalogue.texts)


def own_plurals(language: str) -> dict[str, set[str]]:
    """Return the words of a language's file that have forms, with the names of these."""
    (catalogue,) = CATALOGUES.files(language)
    return {key: set(forms) for key, forms in catalogue.plurals.items()}


def names_in(text: str) -> set[str]:
    """Return what is filled into a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def english_of(key: str) -> str:
    """Return the English word of a key, for a form that English has not its `other`."""
    return ENGLISH.texts.get(key) or ENGLISH.texts[f"{key.rpartition('.')[0]}.other"]


def test_these_are_the_languages() -> None:
    """A language is added here, too; what is wrong in a file would be told in every build."""
    assert CATALOGUES.languages == tuple(sorted(LANGUAGES))
    assert list(CATALOGUES.problems(LANGUAGES)) == []


@pytest.mark.parametrize("language", WHOLE)
def test_a_catalogue_has_every_word(language: str) -> None:
    """The same words as English, but for the layout's own lines; the forms are those of CLDR."""
    plurals = own_plurals(language)
    words = {key for key in own_texts(language) if key.rpartition(".")[0] not in plurals}
    layout = set(LAYOUT_WORDS) if language == "en" else set()

    assert set(plurals) == set(ENGLISH.plurals)
    assert {frozenset(forms) for forms in plurals.values()} == {frozenset(plural_forms(language))}
    expected = {key for key in ENGLISH.texts if key.rpartition(".")[0] not in plurals}
    assert words == expected - set(LAYOUT_WORDS) | layout


@pytest.mark.parametrize("language", PARTS)
def test_a_part_of_a_catalogue_holds_only_what_differs(language: str) -> None:
    """A word that is equal in the wider language is not said twice."""
    wider = CATALOGUES.words(base_language(language)).texts

    assert {key for key, text in own_texts(language).items() if wider.get(key) == text} <= {
        f"{key}.{form}" for key in own_plurals(language) for form in plural_forms(language)
    }
    assert set(own_texts(language)) <= set(wider)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_is_filled_in_as_in_english(language: str) -> None:
    """No name in braces is missing, and none is too many."""
    for key, text in own_texts(language).items():
        expected = names_in(english_of(key))
        form = key.rpartition(".")[2]
        if form in IMPLIED.get(language, ()) and "count" not in names_in(text):
            expected -= {"count"}
        assert names_in(text) == expected, key


SAME = {
    "de": {"Feed", "Film", "Moderation", "Name", "Site", "Spam", "Trackbacks", "Website"},
    "fr": {
        "Article", "Date", "Film", "Important", "Mention", "Note", "Page {number}",
        "Site", "Source", "{count} article", "{count} articles",
    },
    "es": {"Series"},
    "pt": {"Feed", "Site", "Spam", "Tag", "Tags", "Trackbacks"},
    "it": {"Feed", "Spam"},
    "nl": {"Feed", "Film", "Series", "Site", "Spam", "Tip", "Trackbacks", "Website"},
    "sv": {"Film"},
    "nb": {"Film", "Send"},
    "da": {"Feed", "Film", "Send", "Spam", "Tip", "Trackbacks"},
    "pl": {"Film", "Spam"},
    "cs": {"Film", "Spam", "Tip"},
    "tr": {"Film", "Site"},
    "id": {"Film", "Spam"},
}  # fmt: skip
"""Words that are the same in English and another language."""


@pytest.mark.parametrize("language", WHOLE[1:])
def test_no_word_was_left_in_english(language: str) -> None:
    """Those that are equal are named."""
    equal = {text for key, text in own_texts(language).items() if ENGLISH.texts.get(key) == text}

    assert {text for text in equal if re.search("[A-Za-z]", re.sub(r"{\w+}", "", text))} == (
        SAME.get(language, set())
    )


SPACES = {"comma", "and"}
"""Words that are put between others, with the spaces around them."""

_WIDE = "[\u3000-\u303f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff00-\uffef]"
_NO_WIDE_SPACE = re.compile(
    "[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef] [\u3000-\u30ff\u3400-\u9fff]"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_set_as_the_language_is(language: str) -> None:
    """No typewriter's quotation marks, no space too many; French has its narrow ones."""
    for key, text in own_texts(language).items():
        assert not re.search("[\"'`]|\\.\\.\\.|  ", text), key
        assert key in SPACES or text == text.strip(), key
        if language == "fr":
            assert not re.search("[^\u202f/sp][;:!?»]|«[^\u202f]", text), key
        if language in ("ja", "zh-Hans", "zh-Hant"):
            assert not _NO_WIDE_SPACE.search(text), key


QUOTATION_MARKS = {
    "en": "“”", "ja": "「」", "zh-Hans": "“”", "zh-Hant": "「」", "ko": "‘’", "de": "„“",
    "fr": "«»", "es": "«»", "pt": "“”", "pt-PT": "«»", "it": "«»", "nl": "‘’", "sv": "””",
    "nb": "«»", "da": "»«", "fi": "””", "pl": "„”", "cs": "„“", "uk": "«»", "ru": "«»",
    "tr": "“”", "id": "“”", "vi": "“”", "ar": "«»", "he": "„”", "fa": "«»", "hi": "“”",
}  # fmt: skip


@pytest.mark.parametrize("language", QUOTATION_MARKS)
def test_what_was_searched_stands_in_the_quotation_marks_of_the_language(language: str) -> None:
    """German has „…“, Swedish ”…”, French « … »."""
    marks = QUOTATION_MARKS[language]
    found = CATALOGUES.words(language).texts["search_none"].replace("\u202f", "")

    assert f"{marks[0]}{{query}}{marks[1]}" in found


# --- What templates, scripts and the receiver use

_ROOT = theme_folder()
_USED = re.compile(r"""\b(?:text|translate)\(\s*["']([\w.]+)["']""")
_BUILT = {
    "templates/parts/words.html": ("status_draft", "status_scheduled", "status_expired"),
    "templates/parts/responses.html": ("mention_like", "mention_repost", "mention_bookmark"),
    "sitegen/render/metadata_functions.py": (
        "by", "byline.photographer", "byline.illustrator", "byline.video", "byline.data",
        "byline.editor", "byline.translator",
    ),
    "sitegen/queries/lists.py": (
        "categories", "category", "tags", "tag", "authors", "author", "all_series", "series",
    ),
    "sitegen/html/github.py": (
        "alert.note", "alert.tip", "alert.important", "alert.warning", "alert.caution",
    ),
    "sitegen/render/pages.py": ("preview",),
    "templates/parts/media.html": ("media_audio", "media_video"),
    "sitegen/receive/comments.py": (
        "receiver.received", "receiver.received_title", "receiver.shown", "receiver.shown_title",
        "receiver.no_article", "receiver.closed", "receiver.no_name", "receiver.no_text",
        "receiver.long_name", "receiver.long_text", "receiver.personal_name",
        "receiver.reversing_name", "receiver.bad_website", "receiver.unfit", "receiver.too_many",
    ),
    "sitegen/receive/moderation_pages.py": (
        "moderation.pending", "moderation.shown", "moderation.spam", "moderation.deleted",
        "moderation.bad_link", "moderation.done", "moderation.done_before",
        "moderation.changed_since",
    ),
    "sitegen/responses/files.py": (
        "moderation.comment", "moderation.mention", "moderation.reply", "moderation.like",
        "moderation.repost", "moderation.bookmark",
    ),
}  # fmt: skip
"""Words whose keys are put together, by the file that does so."""


def used() -> set[str]:
    """Return the keys of all words that templates, scripts and the receiver use."""
    files = [
        *_ROOT.glob("templates/**/*.*"),
        *_ROOT.glob("sitegen/receive/**/*.*"),
        *_ROOT.glob("sitegen/render/*.py"),
    ]
    texts = [
        path.read_text("utf-8")
        for path in files
        if path.suffix in (".html", ".xml", ".json", ".py")
    ]
    found = {key for text in texts for key in _USED.findall(text) if key[-1] not in "._"}
    return found | {key for keys in _BUILT.values() for key in keys}


def test_every_word_is_used_and_every_used_word_is_there() -> None:
    """No language is asked to translate what nobody reads."""
    plurals = set(ENGLISH.plurals)
    keys = {key for key in ENGLISH.texts if key.rpartition(".")[0] not in plurals} | plurals

    assert used() == keys


# --- Numbers


@pytest.mark.parametrize(
    ("language", "up_to_21", "hundred"),
    [
        (
            "ar",
            ["لا مقالات", "مقال واحد", "مقالان", "3 مقالات", "5 مقالات", "11 مقالًا", "21 مقالًا"],
            "100 مقال",
        ),
        (
            "ru",
            ["0 материалов", "1 материал", "2 материала", "3 материала", "5 материалов",
             "11 материалов", "21 материал"],
            "100 материалов",
        ),
        (
            "pl",
            ["0 artykułów", "1 artykuł", "2 artykuły", "3 artykuły", "5 artykułów",
             "11 artykułów", "21 artykułów"],
            "100 artykułów",
        ),
        (
            "cs",
            ["0 článků", "1 článek", "2 články", "3 články", "5 článků", "11 článků", "21 článků"],
            "100 článků",
        ),
        (
            "he",
            ["0 כתבות", "כתבה אחת", "שתי כתבות", "3 כתבות", "5 כתבות", "11 כתבות", "21 כתבות"],
            "100 כתבות",
        ),
        ("ja", ["0件", "1件", "2件", "3件", "5件", "11件", "21件"], "100件"),
    ],
)  # fmt: skip
def test_a_number_has_the_form_that_its_language_has_for_it(
    language: str, up_to_21: list[str], hundred: str
) -> None:
    """0, 1, 2, 3, 5, 11, 21 and 100 articles, in languages that count differently."""
    (nearest, forms), *_ = CATALOGUES.words(language).plurals["articles"]

    def shown(count: int) -> str:
        return forms[localization.plural_form(nearest, count)].format(count=count)

    assert base_language(nearest) == language
    assert [shown(count) for count in (0, 1, 2, 3, 5, 11, 21)] == up_to_21
    assert shown(100) == hundred
