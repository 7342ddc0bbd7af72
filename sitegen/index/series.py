"""Articles that are parts of a series: in the order of their parts, then of their dates."""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.index.published import place_key
from sitegen.index.site import Site
from sitegen.model.documents import Entry


def in_order(site: Site, taxonomy: str, slug: str) -> Sequence[Entry]:
    """Return the articles of a term as its list has them: the first part, or the oldest, first.

    Those that do not say which part they are come after those that do.
    """
    line = site.by_term[taxonomy].get(slug, ())
    if site.config.taxonomies[taxonomy].order == "date":
        return line
    return sorted(line, key=_part_key)


def _part_key(entry: Entry) -> tuple[bool, int, tuple[int, str]]:
    part = entry.teaser.part
    return (not part, part, place_key(entry))
