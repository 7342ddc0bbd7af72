"""What templates are told about settings, texts, templates and static files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sitegen.cache.trace import ABSENT, Answer, digest, fingerprint
from sitegen.index import lists
from sitegen.index.site import Site
from sitegen.model.frozen import FrozenMap
from sitegen.model.references import published_name
from sitegen.queries.answering import Answering


def _setting(site: Site, *names: str) -> Answer:
    value: Any = site.config
    for name in names:
        value = value.get(name) if isinstance(value, FrozenMap) else getattr(value, name)
    return Answer(value, fingerprint(value), (str(value) or "(empty)",))


def _index_url(site: Site, taxonomy: str) -> Answer:
    url = lists.index_url(getattr(site.config.urls, taxonomy))
    return Answer(url, fingerprint(url), (str(url),))


def _text(site: Site, key: str) -> Answer:
    text = site.texts.get(key)
    return Answer(text, fingerprint(text), (str(text),))


def _template(site: Site, template: str) -> Answer:
    source = site.templates.get(template)
    if source is None:
        return Answer(None, ABSENT, ("absent",))
    return Answer(source, digest(source.path, source.digest), (f"{source.path} as edited",))


def _asset(site: Site, path: str) -> Answer:
    """The fingerprinted URL of a file of `static/`, or None."""
    source = site.static.get(path)
    if source is None:
        return Answer(None, ABSENT, ("absent",))
    url = f"/{published_name(path, source.digest)}"
    return Answer(url, fingerprint(url), (url,))


ANSWERS: Mapping[str, Answering] = {
    "setting": _setting,
    "index_url": _index_url,
    "text": _text,
    "template": _template,
    "asset": _asset,
}
"""The kinds of question that are answered here."""
