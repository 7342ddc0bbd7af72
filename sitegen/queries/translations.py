"""What templates are told about the versions of an article in other languages."""

from __future__ import annotations

from collections.abc import Mapping

from sitegen.cache.trace import Answer, digest
from sitegen.index.site import Site
from sitegen.index.translations import original
from sitegen.model.documents import Entry, Teaser
from sitegen.queries.answering import Answering


def _translations(site: Site, id_: str) -> Answer:
    """The published versions of an article in all languages, the original first, or none."""
    entry = site.entries.get(id_)
    root = original(entry) if entry else id_
    others = site.translated.get(root, ())
    if not entry or not others:
        return Answer((), digest("no translations"))
    first = site.entries.get(root)
    versions: dict[str, Entry] = {}
    for version in (*([first] if first else []), *others):
        versions.setdefault(version.teaser.lang, version)
    shown = tuple(versions.values())
    value: tuple[Teaser, ...] = tuple(version.teaser for version in shown)
    if len(value) == 1:
        return Answer((), digest("no translations"))
    digests = digest(*(version.teaser_digest for version in shown))
    return Answer(value, digests, tuple(teaser.id for teaser in value))


ANSWERS: Mapping[str, Answering] = {"translations": _translations}
"""The kinds of question that are answered here."""
