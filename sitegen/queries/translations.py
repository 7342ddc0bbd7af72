"""What templates are told about the versions of a document in other languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sitegen.cache.trace import Answer, Question, digest
from sitegen.index.change import Change
from sitegen.index.listed import parsed_base
from sitegen.index.site import Site
from sitegen.index.sitemaps import is_listed
from sitegen.index.translations import original, versions
from sitegen.model.documents import AnyEntry, AnyTeaser
from sitegen.model.urls import normal_form
from sitegen.queries.kinds import OWN, PAGES, TEASERS, WHOLE_SITE, Function, question


def groups(site: Site, change: Change) -> Iterator[str]:
    """Yield the id of each document of a group in which a version changed."""
    roots = set()
    for entry in (*change.gone(), *change.come()):
        id_ = entry.teaser.id
        # As which its translations name an original that is gone.
        roots |= {original(site, entry), id_, normal_form(id_)}
        # One that goes, or comes before the others, leaves them another original.
        roots.update(other.teaser.id for other in site.by_version.get(entry.version_of, ()))
    for root in roots:
        yield root
        for entry in versions(site, root):
            yield entry.teaser.id


def _of_groups(kind: str) -> Callable[[Site, Change], Iterator[Question]]:
    def affected(site: Site, change: Change) -> Iterator[Question]:
        return ((kind, id_) for id_ in groups(site, change))

    return affected


@question(
    "translations",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(TEASERS, PAGES),
    affected=_of_groups("translations"),
    function=Function(
        "Heads",
        "its versions in all languages, teasers, the original first; empty if it is the only one",
        "when one of them is edited, appears or goes",
    ),
)
def translations(site: Site, id_: str) -> Answer:
    """The published versions of a document in all languages, the original first, or none."""
    return _answer(_versions(site, id_))


@question(
    "alternates",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(TEASERS, PAGES, "base_url"),
    affected=_of_groups("alternates"),
    function=Function(
        "Heads",
        "those of its versions that search engines are to show (`hreflang`), teasers; empty if it "
        "is none of them, or the only one",
        "when one of them is edited, appears or goes",
    ),
)
def alternates(site: Site, id_: str) -> Answer:
    """The versions of a document that search engines are to show where they are."""
    base = parsed_base(site.config.base_url)
    shown = [version for version in _versions(site, id_) if is_listed(version, base)]
    return _answer(shown if any(version.teaser.id == id_ for version in shown) else [])


def _versions(site: Site, id_: str) -> list[AnyEntry]:
    """Return the published versions of a document, the original first; none if it is alone."""
    entry = site.document(id_)
    if not entry:
        return []
    root = original(site, entry)
    # A document of another kind, which somebody has named by mistake, is no original.
    others = [other for other in versions(site, root) if type(other) is type(entry)]
    if not others:
        return []
    first = site.document(root)
    found: dict[str, AnyEntry] = {}
    for version in (*([first] if type(first) is type(entry) else []), *others):
        found.setdefault(version.teaser.lang, version)
    return list(found.values())


def _answer(shown: Sequence[AnyEntry]) -> Answer:
    value: tuple[AnyTeaser, ...] = tuple(version.teaser for version in shown)
    if len(value) < 2:  # noqa: PLR2004 - one version has no others
        return Answer((), digest("no translations"))
    digests = digest(*(version.teaser_digest for version in shown))
    return Answer(value, digests, tuple(teaser.id for teaser in value))
