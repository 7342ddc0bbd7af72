"""Which documents say the same in other languages: groups around an original.

A document names its original (`translation_of`), or it has the name of its file in common with it,
or a key (`translation_key`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sitegen.index.pages import is_page
from sitegen.index.site import Site
from sitegen.model.documents import AnyEntry, Reference
from sitegen.model.errors import Location, Problem
from sitegen.model.references import resolve_target


def original(site: Site, entry: AnyEntry) -> str:
    """Return the id of the document that this one is a translation of, or its own.

    Of those that have a name in common it is that of the first edition that has one.
    """
    written = entry.translation_of
    if written:
        target = resolve_target(entry.teaser.id, written.target)
        return site.id_of(target.path) if target and target.path else entry.teaser.id
    group = site.by_version.get(entry.version_of, ())
    return next(
        (other.teaser.id for other in group if other.translation_of is None), entry.teaser.id
    )


def versions(site: Site, root: str) -> Sequence[AnyEntry]:
    """Return the published translations of a document: those that name it first, by their ids."""
    groups = site.pages.translated if is_page(root) else site.translated
    named = groups.get(root, ())
    entry = site.document(root)
    if entry is None or not entry.version_of:
        return named
    alike = site.by_version.get(entry.version_of, ())
    others = [
        other
        for other in alike
        if other.teaser.id != root and original(site, other) == root and not other.translation_of
    ]
    return [*named, *others] if others else named


def problems(site: Site) -> list[Problem]:
    """Return what is wrong with the documents that say that they are translations."""
    found = _problems(site, site.translated, is_page=False)
    return found + _problems(site, site.pages.translated, is_page=True)


def _problems(
    site: Site, groups: Mapping[str, Sequence[AnyEntry]], *, is_page: bool
) -> list[Problem]:
    found = []
    noun = "page" if is_page else "article"
    entries = site.pages.shown if is_page else site.entries
    hidden = site.pages.hidden if is_page else site.hidden
    for root, translations in groups.items():
        first: AnyEntry | None = entries.get(root)
        languages = {first.teaser.lang: root} if first else {}
        for entry in translations:
            written = entry.translation_of or Reference("", "")
            location = Location(entry.teaser.id, written.line)
            if first is None and root not in hidden:
                message = f'the {noun} is a translation of "{written.target}", which is no {noun}'
                hint = "name the original's file, as in a link: ../03/flood.md"
                found.append(Problem(message, location, hint))
                continue
            if first is not None and original(site, first) != root:
                message = f'"{written.target}" is a translation itself'
                found.append(
                    Problem(message, location, f"name the original: {original(site, first)}")
                )
                continue
            other = languages.setdefault(entry.teaser.lang, entry.teaser.id)
            if other != entry.teaser.id:
                message = f'there is another version in the language "{entry.teaser.lang}": {other}'
                found.append(Problem(message, location, "give each translation its own `lang`"))
    return found
