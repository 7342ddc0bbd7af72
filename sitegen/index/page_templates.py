"""The templates that standalone pages ask for, and that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.index.site import Site
from sitegen.model.errors import Location, Problem, did_you_mean


def problems(site: Site) -> Iterator[Problem]:
    """Yield an error for each published page whose template does not exist."""
    for id_, entry in sorted(site.pages.shown.items()):
        asked = entry.template
        if asked is not None and asked.target not in site.templates:
            message = f'the template "{asked.target}" does not exist'
            known = [name for name in site.templates if name.endswith(".html")]
            hint = did_you_mean(asked.target, known) or "it is a file of templates/"
            yield Problem(message, Location(id_, asked.line), hint)
