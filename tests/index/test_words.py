"""The words of a language: which files they come from, and what is told of these."""

from collections.abc import Mapping

import pytest

from sitegen.index.layers import template_files
from sitegen.index.words import Catalogues
from sitegen.model.errors import Location, Problem
from sitegen.scan.sources import unreadable
from tests.entries import source


def catalogues(files: Mapping[str, str | bytes]) -> Catalogues:
    """Return the words of locale files, which are given by their source path."""
    contents = {
        path: text.encode() if isinstance(text, str) else text for path, text in files.items()
    }
    sources = {path: source(path, data.hex()) for path, data in contents.items()}
    return Catalogues(template_files(sources), lambda item: contents[item.path])


def told(files: Mapping[str, str | bytes], *languages: str) -> list[Problem]:
    """Return what is told of locale files from which the words of these languages come."""
    return list(catalogues(files).problems(languages))


THEME = "theme/templates/locale"
OWN = "templates/locale"


def test_the_nearest_language_goes_first_and_the_site_before_the_theme() -> None:
    """A word is the region's, else the language's, else English; the site's before the theme's."""
    found = catalogues(
        {
            f"{THEME}/en.toml": 'a = "en"\nb = "en"\nc = "en"\nd = "en"\n',
            f"{THEME}/pt.toml": 'b = "pt"\nc = "pt"\nd = "pt"\n',
            f"{THEME}/pt-BR.toml": 'c = "pt-BR"\n',
            f"{OWN}/pt-BR.toml": 'd = "own"\n',
        }
    )

    assert found.words("pt-BR").texts == {"a": "en", "b": "pt", "c": "pt-BR", "d": "own"}
    assert found.words("en").texts == dict.fromkeys("abcd", "en")


@pytest.mark.parametrize("name", ["zh-Hant", "zh-hant", "zh_Hant"])
def test_a_file_is_found_however_its_tag_is_spelt(name: str) -> None:
    """Case and underscores in a file's name make no other language."""
    found = catalogues({f"{OWN}/{name}.toml": 'a = "x"'})

    assert found.words("zh-TW").texts == {"a": "x"}


def test_plural_forms_are_keys_below_a_key() -> None:
    """`articles.one` can be written as a dotted key or in a table; both are forms."""
    dotted = catalogues({f"{OWN}/en.toml": 'a.one = "x"\na.other = "y"'}).words("en")
    table = catalogues({f"{OWN}/en.toml": '[a]\none = "x"\nother = "y"'}).words("en")

    assert dotted.texts == table.texts == {"a.one": "x", "a.other": "y"}
    assert dotted.plurals == table.plurals == {"a": (("en", {"one": "x", "other": "y"}),)}


def test_forms_are_never_mixed_with_those_of_another_language() -> None:
    """Who has only English words counts as English does: 21 is `one` in Lithuanian, not there.

    A region's form is laid over its language's, the site's over the theme's.
    """
    found = catalogues(
        {
            f"{THEME}/en.toml": 'a.one = "en1"\na.other = "en"',
            f"{THEME}/pt.toml": 'a.one = "pt1"\na.other = "pt"',
            f"{OWN}/pt-PT.toml": 'a.other = "own"',
        }
    )

    assert found.words("lt").plurals["a"] == (("en", {"one": "en1", "other": "en"}),)
    assert found.words("pt-PT").plurals["a"] == (
        ("pt-PT", {"one": "pt1", "other": "own"}),
        ("en", {"one": "en1", "other": "en"}),
    )


def test_roles_are_no_plural_forms() -> None:
    """`byline.editor` is a word with a dot in its key."""
    words = catalogues({f"{OWN}/en.toml": 'byline.editor = "x"\nbyline.other = "y"'}).words("en")

    assert words.plurals == {}


# --- What is wrong in a file


ENGLISH = {f"{THEME}/en.toml": 'a = "en"\nb = "{name}, {date}"\nc.one = "1"\nc.other = "{count}"\n'}


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ('b = "x"\na =\n', 2, 4, "TOML: invalid value"),
        (b'b = "x"\na = "caf\xe9"\n', 2, 9, "the file is not UTF-8"),
        ('b = "x"\na = 3\n', 2, 5, '"a" must be a text'),
        ('a = ["x"]\n', 1, 5, '"a" must be a text'),
        ('b = "x"\na = "{date}"\n', 2, 5, 'nothing is filled in for "{date}" in "a"'),
        ('b = "{nam}, {date}"\n', 1, 5, 'nothing is filled in for "{nam}" in "b"'),
        ('b = "{}"\n', 1, 5, 'nothing is filled in for "{}" in "b"'),
        ('b = "{name.x}"\n', 1, 5, 'nothing is filled in for "{name.x}" in "b"'),
        ('b = "{name"\n', 1, 5, '"b" has a brace that is not closed, or that nothing opens'),
        ('[c]\nfew = "{n}"\n', 2, 7, 'nothing is filled in for "{n}" in "c.few"'),
    ],
)
def test_what_is_wrong_in_a_file_is_told_at_its_place(
    text: str | bytes, line: int, column: int, message: str
) -> None:
    """A wrong word is told with line and column, and does not stop the build."""
    (problem,) = told({**ENGLISH, f"{OWN}/de.toml": text}, "de")

    assert problem.message == message
    assert problem.location == Location(f"{OWN}/de.toml", line, column)
    assert problem.severity == "warning"


def test_a_wrong_word_costs_only_itself() -> None:
    """The other words of its file count; in its place stands that of the next file."""
    files = {**ENGLISH, f"{THEME}/de.toml": 'a = "de"', f"{OWN}/de.toml": 'a = 3\nb = "{date}"'}

    assert catalogues(files).words("de").texts["a"] == "de"
    assert catalogues(files).words("de").texts["b"] == "{date}"


def test_a_file_that_cannot_be_read_costs_only_itself() -> None:
    """Its words are those of the next file; that is a warning."""

    def refuse(_item: object) -> bytes:
        raise unreadable(f"{OWN}/de.toml", "Permission denied")

    name = f"{OWN}/de.toml"
    found = Catalogues(template_files({name: source(name)}), refuse)

    assert found.words("de").texts == {}
    (problem,) = found.problems(("de",))
    assert (problem.severity, problem.location) == ("warning", Location(name))


def test_the_english_words_of_a_site_are_held_to_those_of_the_theme() -> None:
    """What the theme fills in decides what a site's own English word may hold."""
    (problem,) = told({**ENGLISH, f"{OWN}/en.toml": 'b = "{nme}"\nown = "{any}"'}, "en")

    assert problem.location == Location(f"{OWN}/en.toml", 1, 5)


def test_files_of_other_languages_are_not_looked_at() -> None:
    """What is wrong in a file from which no word comes is not told."""
    assert told({**ENGLISH, f"{OWN}/de.toml": "a ="}, "fr") == []


# --- What a language lacks


def test_what_a_language_lacks_are_the_english_words_that_it_does_not_have() -> None:
    """Words of its parents are there; the layout's own lines never are missing."""
    files = {
        f"{THEME}/en.toml": 'loading = "L"\na = "a"\nb = "b"\nc.one = "1"\nc.other = "c"\nd = "d"',
        f"{THEME}/pt.toml": 'a = "pt"',
        f"{OWN}/pt-PT.toml": 'd = "pt-PT"',
    }

    assert catalogues(files).lacking("pt-PT") == ("b", "c.other")
    assert catalogues(files).lacking("pt-PT", ("one", "many")) == (
        "b", "c.one", "c.many", "c.other",
    )  # fmt: skip
    assert catalogues(files).lacking("en-GB") == ()
