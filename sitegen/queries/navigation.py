"""What templates are told about menus."""

from __future__ import annotations

from sitegen.cache.trace import Answer, fingerprint
from sitegen.index.navigation import menu as entries_of
from sitegen.index.site import Site
from sitegen.queries.kinds import PAGES, SHARED, TEASERS, TERMS, Function, question
from sitegen.queries.lists import LISTS


@question(
    "navigation",
    scope=SHARED,
    reads=(TEASERS, PAGES, TERMS, "navigation", "categories", "default_category"),
    function=Function(
        LISTS,
        'the [entries](#entry-of-a-menu) of a menu: `navigation("header")`, `"footer"` or one of '
        "your own",
        "with `[navigation]`, and when what it leads to appears, goes, or is called otherwise",
    ),
)
def navigation(site: Site, menu: str) -> Answer:
    """The entries of a menu."""
    entries = entries_of(site, menu)
    return Answer(entries, fingerprint(entries), tuple(entry.label for entry in entries))
