"""What templates are told about the versions of an article in other languages."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.cache.trace import Answer, Question, digest
from sitegen.index.change import Change
from sitegen.index.site import Site
from sitegen.index.translations import original
from sitegen.model.documents import Entry, Teaser
from sitegen.model.urls import normal_form
from sitegen.queries.kinds import OWN, TEASERS, Function, question


def _affected(site: Site, change: Change) -> Iterator[Question]:
    """Yield the question for each article of a group in which a version changed."""
    roots = set()
    for entry in change.entries:
        id_ = entry.teaser.id
        # As which its translations name an original that is gone.
        roots |= {original(site, entry), id_, normal_form(id_)}
    for root in roots:
        yield ("translations", root)
        for entry in site.translated.get(root, ()):
            yield ("translations", entry.teaser.id)


@question(
    "translations",
    scope=OWN,
    reads=(TEASERS,),
    affected=_affected,
    function=Function(
        "Heads",
        "its versions in all languages, teasers, the original first; empty if it is the only one",
        "when one of them is edited, appears or goes",
    ),
)
def translations(site: Site, id_: str) -> Answer:
    """The published versions of an article in all languages, the original first, or none."""
    entry = site.entries.get(id_)
    root = original(site, entry) if entry else id_
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
