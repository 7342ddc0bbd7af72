"""What templates are told about settings, texts, templates and static files."""

from __future__ import annotations

from typing import Any

from sitegen.cache.trace import ABSENT, Answer, digest, fingerprint
from sitegen.index import lists
from sitegen.index.site import Site
from sitegen.model.frozen import FrozenMap
from sitegen.model.references import published_name
from sitegen.model.urls import normal_form
from sitegen.queries.kinds import FILES, SETTINGS, SHARED, WHOLE_SITE, Function, question
from sitegen.queries.lists import LISTS


@question("setting", scope=SHARED, reads=(SETTINGS,))
def setting(site: Site, *names: str) -> Answer:
    """The value of a setting, by the names of its keys."""
    value: Any = site.config
    for name in names:
        value = value.get(name) if isinstance(value, FrozenMap) else getattr(value, name)
    return Answer(value, fingerprint(value), (str(value) or "(empty)",))


@question("theme_option", scope=SHARED, reads=(SETTINGS,))
def theme_option(site: Site, name: str = "") -> Answer:
    """What the site chose for an option of its theme, or None; without a name all of them."""
    options = site.theme.options
    value: Any = options.get(name) if name else options
    return Answer(value, fingerprint(value), ("absent" if value is None else str(value),))


@question(
    "index_url",
    scope=SHARED,
    reads=("taxonomies",),
    function=Function(LISTS, "the address of the list of all terms, or `none`", "with `[urls]`"),
)
def index_url(site: Site, taxonomy: str) -> Answer:
    """The URL of the list of all terms of a taxonomy, or None."""
    url = lists.index_url(site.config.taxonomies[taxonomy].url)
    return Answer(url, fingerprint(url), (str(url),))


@question("text", scope=SHARED, reads=(FILES, "language"))
def text(site: Site, key: str) -> Answer:
    """A text of the user interface, or None."""
    text = site.words.texts.get(key)
    return Answer(text, fingerprint(text), (str(text),))


@question("plural_forms", scope=SHARED, reads=(FILES, "language"))
def plural_forms(site: Site, key: str) -> Answer:
    """The forms of a text for numbers, by language: the nearest first, none if it has no forms."""
    forms = tuple(
        (item.language, FrozenMap(item.forms)) for item in site.words.plurals.get(key, ())
    )
    members = tuple(f"{language} {form}" for language, found in forms for form in found.values())
    return Answer(forms, fingerprint(forms), members)


@question("text_in", scope=SHARED, reads=(FILES,))
def text_in(site: Site, language: str, key: str) -> Answer:
    """A text in the language of a document, or None."""
    text = site.catalogues.words(language).texts.get(key)
    return Answer(text, fingerprint(text), (str(text),))


@question("template", about=WHOLE_SITE, scope=SHARED, reads=(FILES,))
def template(site: Site, name: str) -> Answer:
    """A template file by the name that templates call it by, or None."""
    source = site.templates.get(name)
    if source is None:
        return Answer(None, ABSENT, ("absent",))
    return Answer(source, digest(source.path, source.digest), (f"{source.path} as edited",))


@question("asset", about=WHOLE_SITE, scope=SHARED, reads=(FILES,))
def asset(site: Site, path: str) -> Answer:
    """The fingerprinted URL of a file of `static/`, or None."""
    path = normal_form(path)
    source = site.static.get(path)
    if source is None:
        return Answer(None, ABSENT, ("absent",))
    url = f"/{published_name(path, source.digest)}"
    return Answer(url, fingerprint(url), (url,))
