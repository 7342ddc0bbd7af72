"""What a build tells of languages without words."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from sitegen.config.loading import from_table
from sitegen.index.exchange import exchange
from sitegen.index.layers import template_files
from sitegen.index.missing_words import problems
from sitegen.index.site import Site
from sitegen.index.words import Catalogues
from tests.entries import LATER, entry, site_of, source

THEME = "theme/templates/locale"
OWN = "templates/locale"
FILES = {
    f"{THEME}/en.toml": 'loading = "L"\na = "a"\nb.one = "1"\nb.other = "b"',
    f"{THEME}/de.toml": 'a = "de"\nb.one = "1"\nb.other = "de"',
    f"{THEME}/zh-Hans.toml": 'a = "zh"\nb.other = "zh"',
}


def paper(
    language: str, documents: Mapping[str, str] | None = None, own: Mapping[str, str] | None = None
) -> Site:
    """Return a site whose articles have these languages, with files of its own for words."""
    files = {**FILES, **{f"{OWN}/{name}.toml": text for name, text in (own or {}).items()}}
    sources = {path: source(path, text) for path, text in files.items()}
    words = Catalogues(template_files(sources), lambda item: files[item.path].encode())
    entries = [entry(name, lang=lang) for name, lang in (documents or {}).items()]
    site = site_of(entries, config=from_table({"language": language}))
    return replace(site, catalogues=words)


def told(site: Site) -> list[str]:
    """Return what is told of a site's words."""
    return [item.message for item in problems(site)]


@pytest.mark.parametrize("language", ["en", "en-GB", "de", "de-AT", "zh", "zh-CN"])
def test_nothing_is_told_of_a_language_with_words(language: str) -> None:
    """Nor of its regions, nor of any English."""
    assert told(paper(language, {"x": language, "y": "en-AU", "z": "de_CH"})) == []


def test_a_site_in_a_language_without_words_is_told_once() -> None:
    """However many articles it has, with the command that helps; it is no error."""
    site = paper("hu", {"x": "hu", "y": "hu_HU"})

    (first,) = problems(site)
    assert first.message == (
        'there are no words for the language of the site, "hu"; pages show English ones'
    )
    assert first.hint == "run `sitegen words hu`, which writes the file to fill in"
    assert first.severity == "warning"


def test_a_script_has_no_words_of_another() -> None:
    """A paper in traditional characters does not get simplified ones without a word."""
    assert told(paper("zh-TW")) == [
        'there are no words for the language of the site, "zh-TW"; pages show English ones'
    ]


def test_the_languages_of_documents_are_told_with_their_numbers() -> None:
    """Each once, whatever its regions; the widest is the one to translate."""
    assert told(paper("en", {"x": "hu", "y": "hu_HU", "z": "lt", "v": "de", "w": "en"})) == [
        'there are no words for the language of 2 documents, "hu"; English ones stand for them',
        'there are no words for the language of 1 document, "lt"; English ones stand for them',
    ]


def test_words_of_the_sites_own_are_enough() -> None:
    """Complete, they are told of no more than the theme's are; else it is told how many lack."""
    whole = 'a = "hu"\nb.other = "hu"'

    assert told(paper("hu", {"x": "hu"}, {"hu": whole})) == []
    assert told(paper("en", {"x": "hu"}, {"hu": whole})) == []
    (partly,) = told(paper("hu", {}, {"hu": 'a = "hu"\nb.other = ""'}))
    assert partly.startswith('the language of the site, "hu", lacks 1 word; pages')
    (partly,) = told(paper("en", {"x": "hu"}, {"hu": 'a = "hu"'}))
    assert partly.startswith('not all words are translated for the language of 1 document, "hu"')


def test_many_languages_are_told_in_one_line() -> None:
    """An archive in dozens of languages does not bury its other problems."""
    tags = ["hu", "lt", "lv", "et", "sk", "sl", "hr", "bg", "el", "th", "ro"]

    (message,) = told(paper("en", {tag: tag for tag in tags}))

    assert message.startswith("there are no words, or not all, for 11 languages of documents: bg,")


def test_a_language_whose_last_document_goes_is_told_no_more() -> None:
    """The languages of a site are those of what is published now."""
    site = paper("en", {"x": "hu", "y": "de"})
    (gone,) = (id_ for id_, item in site.entries.items() if item.teaser.lang == "hu")

    after = exchange(site, {gone: None}, LATER, {**site.entries, gone: None}.get).site

    assert dict(after.languages) == {"de": 1}
    assert told(after) == []
    drafts = {item.teaser.id: item for item in (entry("v", lang="hu", draft=True),)}
    assert told(exchange(after, drafts, LATER, drafts.get).site) == []
