"""What templates are told about the versions of an article in other languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sitegen.cache.trace import Answer, Question, digest
from sitegen.index.change import Change
from sitegen.index.listed import parsed_base
from sitegen.index.site import Site
from sitegen.index.sitemaps import is_listed
from sitegen.index.translations import original
from sitegen.model.documents import Entry, Teaser
from sitegen.model.urls import normal_form
from sitegen.queries.kinds import OWN, TEASERS, Function, question


def _groups(site: Site, change: Change) -> Iterator[str]:
    """Yield the id of each article of a group in which a version changed."""
    roots = set()
    for entry in change.entries:
        id_ = entry.teaser.id
        # As which its translations name an original that is gone.
        roots |= {original(site, entry), id_, normal_form(id_)}
    for root in roots:
        yield root
        for entry in site.translated.get(root, ()):
            yield entry.teaser.id


def _of_groups(kind: str) -> Callable[[Site, Change], Iterator[Question]]:
    def affected(site: Site, change: Change) -> Iterator[Question]:
        return ((kind, id_) for id_ in _groups(site, change))

    return affected


@question(
    "translations",
    scope=OWN,
    reads=(TEASERS,),
    affected=_of_groups("translations"),
    function=Function(
        "Heads",
        "its versions in all languages, teasers, the original first; empty if it is the only one",
        "when one of them is edited, appears or goes",
    ),
)
def translations(site: Site, id_: str) -> Answer:
    """The published versions of an article in all languages, the original first, or none."""
    return _answer(_versions(site, id_))


@question(
    "alternates",
    scope=OWN,
    reads=(TEASERS, "base_url"),
    affected=_of_groups("alternates"),
    function=Function(
        "Heads",
        "those of its versions that search engines are to show (`hreflang`), teasers; empty if it "
        "is none of them, or the only one",
        "when one of them is edited, appears or goes",
    ),
)
def alternates(site: Site, id_: str) -> Answer:
    """The versions of an article that search engines are to show where they are."""
    base = parsed_base(site.config.base_url)
    shown = [version for version in _versions(site, id_) if is_listed(version, base)]
    return _answer(shown if any(version.teaser.id == id_ for version in shown) else [])


def _versions(site: Site, id_: str) -> list[Entry]:
    """Return the published versions of an article, the original first; none if it is alone."""
    entry = site.entries.get(id_)
    root = original(site, entry) if entry else id_
    others = site.translated.get(root, ())
    if not entry or not others:
        return []
    first = site.entries.get(root)
    versions: dict[str, Entry] = {}
    for version in (*([first] if first else []), *others):
        versions.setdefault(version.teaser.lang, version)
    return list(versions.values())


def _answer(shown: Sequence[Entry]) -> Answer:
    value: tuple[Teaser, ...] = tuple(version.teaser for version in shown)
    if len(value) < 2:  # noqa: PLR2004 - one version has no others
        return Answer((), digest("no translations"))
    digests = digest(*(version.teaser_digest for version in shown))
    return Answer(value, digests, tuple(teaser.id for teaser in value))
