"""Which articles say the same in other languages: groups around an original."""

from __future__ import annotations

from sitegen.index.site import Site
from sitegen.model.documents import Entry, Reference
from sitegen.model.errors import Location, Problem
from sitegen.model.references import resolve_target


def original(site: Site, entry: Entry) -> str:
    """Return the id of the article that this one is a translation of, or its own."""
    written = entry.translation_of
    target = resolve_target(entry.teaser.id, written.target) if written else None
    return site.id_of(target.path) if target and target.path else entry.teaser.id


def problems(site: Site) -> list[Problem]:
    """Return what is wrong with the articles that say that they are translations."""
    found = []
    for root, versions in site.translated.items():
        first = site.entries.get(root)
        languages = {first.teaser.lang: root} if first else {}
        for entry in versions:
            written = entry.translation_of or Reference("", "")
            location = Location(entry.teaser.id, written.line)
            if first is None and root not in site.hidden:
                message = f'the article is a translation of "{written.target}", which is no article'
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
