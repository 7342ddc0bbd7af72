"""The documents that the configuration names as the paper's policies, and that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.config.settings import POLICIES
from sitegen.index.redirects import Places
from sitegen.index.site import Site
from sitegen.model.errors import Problem, Severity, did_you_mean
from sitegen.model.source_folders import document_folder
from sitegen.model.urls import normal_form


def problems(site: Site, places: Places) -> Iterator[Problem]:
    """Yield a problem for each policy whose document does not exist, or is not published."""
    for key in POLICIES:
        written: str = getattr(site.config.publisher, key)
        id_ = site.id_of(normal_form(written)) if document_folder(written) else ""
        if not id_ or site.document(id_):
            continue
        place = places(("publisher", key))
        if site.unpublished(id_):
            message = f'"{written}" is not published; it is left out of "{key}"'
            yield Problem(message, place, severity="warning")
        else:
            severity: Severity = "error" if site.config.links.broken == "error" else "warning"
            known = (*site.pages.shown, *site.pages.hidden)
            message = f'"{key}": "{written}" does not exist'
            yield Problem(message, place, did_you_mean(written, known), severity)
