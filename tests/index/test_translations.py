"""Versions of an article in several languages know each other, and mistakes are told."""

from pathlib import Path

from sitegen.index.translations import problems
from tests.entries import entry, site_of
from tests.sitefactory import article, build_site, make_site, pages, write

CONFIG = 'base_url = "https://example.org/"\nlanguage = "en"'
ENGLISH, GERMAN = "2024/11/04/flood/index.html", "2024/11/04/flut/index.html"


def alternates(page: str) -> list[str]:
    """Return the lines of a page that name other versions."""
    return [line for line in page.split("\n") if "hreflang=" in line and line.startswith("<link")]


def test_each_version_names_all(tmp_path: Path) -> None:
    """All in the same words, the original as the default; readers are offered the others."""
    versions = {
        "flood.md": article(),
        "de/flut.md": article("Flut", lang="de", translation_of="../flood.md"),
        "alone.md": article("Alone"),
    }
    site = make_site(tmp_path, versions, config=CONFIG)
    build_site(site)
    found = pages(site)

    links = alternates(found[ENGLISH])
    assert links == [
        '<link rel="alternate" hreflang="en" href="https://example.org/2024/11/04/flood/">',
        '<link rel="alternate" hreflang="de" href="https://example.org/2024/11/04/flut/">',
        '<link rel="alternate" hreflang="x-default" href="https://example.org/2024/11/04/flood/">',
    ]
    assert alternates(found[GERMAN]) == links
    assert alternates(found["2024/11/04/alone/index.html"]) == []
    assert '<a href="/2024/11/04/flut/" hreflang="de" lang="de">Deutsch</a>' in found[ENGLISH]
    assert '"workTranslation":[{"@type":"NewsArticle"' in found[GERMAN]


def test_versions_follow_each_other(tmp_path: Path) -> None:
    """A version that appears, moves or goes makes the pages of the others anew, and no more."""
    later = article("B", date="2024-11-04 23:00", category="World")
    site = make_site(tmp_path, {"flood.md": article(), "b.md": later}, config=CONFIG)
    build_site(site)
    other = "2024/11/04/b/index.html"

    german = article("Flut", date="2021-01-01", lang="de", translation_of="flood.md")
    write(site, {"articles/flut.md": german})
    assert {ENGLISH} == build_site(site).rendered.keys() & {ENGLISH, other}
    write(site, {"articles/flut.md": german.replace("Flut", "Hochwasser")})
    assert {ENGLISH} == build_site(site).rendered.keys() & {ENGLISH, other}
    write(site, {"articles/flut.md": None})
    assert {ENGLISH} == build_site(site).rendered.keys() & {ENGLISH, other}
    assert alternates(pages(site)[ENGLISH]) == []


def test_a_translation_needs_an_original() -> None:
    """One original for all: no missing file, no chain, no language twice."""

    def told(*translations: tuple[str, str, str]) -> list[str]:
        made = [
            entry(name, lang=lang, translation_of=f"{of}.md") for name, lang, of in translations
        ]
        return [str(item.message) for item in problems(site_of([entry("flood"), *made]))]

    assert told(("flut", "de", "flood"), ("crue", "fr", "flood")) == []
    assert told(("flut", "de", "fleod")) == [
        'the article is a translation of "fleod.md", which is no article'
    ]
    assert told(("flut", "de", "flood"), ("crue", "fr", "flut")) == [
        '"flut.md" is a translation itself'
    ]
    assert told(("flut", "de", "flood"), ("x", "de", "flood")) == [
        'there is another version in the language "de": articles/flut.md'
    ]
    assert told(("flood-2", "en", "flood")) == [
        'there is another version in the language "en": articles/flood.md'
    ]


def test_an_original_that_is_not_published_yet_is_no_mistake() -> None:
    """Until then the translation stands alone."""
    draft = entry("flood", draft=True)
    site = site_of([draft, entry("flut", lang="de", translation_of="flood.md")])
    assert problems(site) == []


def test_search_engines_are_told_of_the_versions_that_they_may_show(tmp_path: Path) -> None:
    """None with `noindex` or that is another site's; a version that is none of them names none."""
    french = {"lang": "fr", "translation_of": "flood.md"}
    site = make_site(
        tmp_path,
        {
            "flood.md": article(),
            "flut.md": article("Flut", lang="de", translation_of="flood.md"),
            "crue.md": article("Crue", noindex=True, **french),
        },
        config=CONFIG,
    )
    french_page = "2024/11/04/crue/index.html"

    def told(path: str) -> list[str]:
        return [line.split('"')[3] for line in alternates(pages(site)[path])]

    build_site(site)
    assert told(ENGLISH) == told(GERMAN) == ["en", "de", "x-default"]
    assert told(french_page) == []
    assert 'hreflang="fr" lang="fr">' in pages(site)[ENGLISH]

    foreign = article("Crue", canonical="https://example.com/crue/", **french)
    write(site, {"articles/crue.md": foreign})
    build_site(site)
    assert told(ENGLISH) == ["en", "de", "x-default"]
    own = foreign.replace("https://example.com/crue/", "https://example.org/2024/11/04/crue/")
    write(site, {"articles/crue.md": own, "articles/flood.md": article(noindex=True)})
    build_site(site)
    assert told(ENGLISH) == []
    assert told(GERMAN) == told(french_page) == ["fr", "de", "x-default"]
