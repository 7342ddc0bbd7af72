"""Languages without words: what is told of them in a build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sitegen.index.site import Site
from sitegen.index.words import Catalogues
from sitegen.model.documents import AnyEntry
from sitegen.model.errors import Problem
from sitegen.model.languages import ENGLISH, base_language, widest
from sitegen.model.wording import counted

MOST_LANGUAGES = 10
"""Beyond so many, the languages of documents are told in one line."""


def counted_languages(
    counts: Mapping[str, int], old: Iterable[AnyEntry], new: Iterable[AnyEntry]
) -> Mapping[str, int]:
    """Return how many documents each language has, with some documents exchanged."""
    found = dict(counts)
    for entries, step in ((old, -1), (new, 1)):
        for entry in entries:
            language = entry.teaser.lang
            found[language] = found.get(language, 0) + step
    return {language: count for language, count in sorted(found.items()) if count}


def problems(site: Site) -> Iterator[Problem]:
    """Yield what is wrong with the words of the site's language and of those of its documents.

    Each language is told once, whatever its regions and the spellings of its tag: all are
    warnings, since English words stand in.
    """
    own = site.config.language
    others = [language for language in site.languages if widest(language) != widest(own)]
    yield from site.catalogues.problems((own, *others))
    yield from _of_the_site(site.catalogues, own)
    yield from _of_documents(site, others)


def _of_the_site(catalogues: Catalogues, language: str) -> Iterator[Problem]:
    lacking = catalogues.lacking(language)
    if not lacking:
        return
    message = (
        f'the language of the site, "{language}", lacks {counted(len(lacking), "word")}'
        if catalogues.has_words(language)
        else f'there are no words for the language of the site, "{language}"'
    )
    yield Problem(f"{message}; pages show English ones", None, _hint(language), "warning")


def _of_documents(site: Site, languages: Iterable[str]) -> Iterator[Problem]:
    counts: dict[str, int] = {}
    for language in languages:
        tag = widest(language)
        counts[tag] = counts.get(tag, 0) + site.languages[language]
    without = {tag: count for tag, count in counts.items() if _lacks_words(site.catalogues, tag)}
    if len(without) > MOST_LANGUAGES:
        tags = ", ".join(without)
        message = (
            f"there are no words, or not all, for {len(without)} languages of documents: {tags}"
        )
        yield Problem(message, None, "run `sitegen words` for what each lacks", "warning")
        return
    for tag, count in without.items():
        documents = counted(count, "document")
        said = (
            "not all words are translated"
            if site.catalogues.has_words(tag)
            else "there are no words"
        )
        message = f'{said} for the language of {documents}, "{tag}"; English ones stand for them'
        yield Problem(message, None, _hint(tag), "warning")


def _lacks_words(catalogues: Catalogues, tag: str) -> bool:
    """Whether words are missing. A theme's files are not read for that: they are many."""
    if base_language(tag) == ENGLISH:
        return False
    if not catalogues.has_words(tag):
        return True
    return catalogues.has_own_words(tag) and bool(catalogues.lacking(tag))


def _hint(language: str) -> str:
    return f"run `sitegen words {widest(language)}`, which writes the file to fill in"
