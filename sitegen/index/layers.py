"""Which file of the same name stands before which: the site's, its theme's, the built-in one's.

A template calls the next file of a name below its own as `theme/NAME`. What that is depends on who
calls it, so each layer has names of its own for what lies below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sitegen.config.theme_places import THEMES
from sitegen.model.documents import Source
from sitegen.model.languages import normal_tag
from sitegen.model.urls import normal_form
from sitegen.scan.sources import LOCALE, STATIC, TEMPLATES, THEME

SITE = ""
"""The layer of the site's own files; the others are called as themes are, the last one `THEME`."""

_BELOW = " below "
_LOCALE_FILE = re.compile(rf"{LOCALE}/([A-Za-z0-9_-]+)\.toml")


def layer_of(path: str) -> str:
    """Return the layer of a source path."""
    root, _, below = path.partition("/")
    if root == THEMES:
        return below.partition("/")[0]
    return THEME if root == THEME else SITE


def template_name(name: str, caller: str) -> str:
    """Return the name in `Site.templates` of what the template file `caller` calls `name`.

    `caller` is its source path.
    """
    layer = layer_of(caller)
    if layer == THEME or not name.startswith(f"{THEME}/"):
        return name
    return _below(name.removeprefix(f"{THEME}/"), layer)


def called_name(name: str) -> str:
    """Return what a template called a name of `Site.templates`: `theme/base.html`."""
    return name.partition(_BELOW)[0]


def _below(name: str, layer: str) -> str:
    """Return the name of what stands below a layer."""
    return f"{THEME}/{name}{_BELOW}{layer}" if layer else f"{THEME}/{name}"


def template_files(sources: Mapping[str, Source], themes: Sequence[str] = ()) -> dict[str, Source]:
    """Return the template files by name: the site's stand before the theme's, and so on.

    `themes` are the names of the theme and its parents. `theme/base.html` names the next file below
    the site's own; for the templates of each layer there are such names, too (`template_name`).
    """
    layers = [(layer, dict(_templates(sources, roots))) for layer, roots in _roots(sources, themes)]
    found: dict[str, Source] = {}
    below: dict[str, Source] = dict(layers[-1][1])
    for layer, files in reversed(layers[:-1]):
        found.update({_below(name, layer): source for name, source in below.items()})
        below.update(files)
    if layers[0][0] != SITE:
        found.update({_below(name, SITE): source for name, source in below.items()})
    return {**found, **below}


def static_files(sources: Mapping[str, Source], themes: Sequence[str] = ()) -> dict[str, Source]:
    """Return the files of `static/` by their path below it in normal form, as `template_files`."""
    found: dict[str, Source] = {}
    for _, roots in reversed(_roots(sources, themes)):
        prefix = f"{roots}{STATIC}/"
        for path, source in sources.items():
            if path.startswith(prefix):
                found[normal_form(path.removeprefix(prefix))] = source
    return found


def locale_files(
    templates: Mapping[str, Source], themes: Sequence[str] = ()
) -> dict[str, tuple[Source, ...]]:
    """Return the files with words by the tags of their languages.

    Of each language the built-in theme's is first, then the theme's, the site's own is last.
    `templates` are what `template_files` gives. Case and underscores in a file's name are none of
    its tag.
    """
    files = {name: match[1] for name in templates if (match := _LOCALE_FILE.fullmatch(name))}
    found: dict[str, dict[Source, None]] = {}
    # One file may have several of the names: a layer without a file of its own has the next one's.
    for layer in (*reversed(themes), SITE, None):
        for name, tag in files.items():
            called = name if layer is None else _below(name, layer)
            if source := templates.get(called):
                found.setdefault(normal_tag(tag), {}).setdefault(source)
    return {tag: tuple(sources) for tag, sources in found.items()}


def _roots(sources: Mapping[str, Source], themes: Sequence[str]) -> list[tuple[str, str]]:
    """Return the layers, the first first: each one's name, and how its source paths begin."""
    middle = [(name, f"{THEMES}/{name}/") for name in themes]
    if any(path.startswith(f"{THEME}/") for path in sources):
        return [(SITE, ""), *middle, (THEME, f"{THEME}/")]
    # The site is the built-in theme itself: a theme of its own stands before that.
    return [*middle, (THEME, "")] if middle else [(SITE, ""), (THEME, "")]


def _templates(sources: Mapping[str, Source], root: str) -> Iterator[tuple[str, Source]]:
    prefix = f"{root}{TEMPLATES}/"
    for path, source in sources.items():
        if path.startswith(prefix):
            yield path.removeprefix(prefix), source
    if root.startswith(f"{THEMES}/"):
        for path, source in sources.items():
            if path.startswith(f"{root}{LOCALE}/"):
                yield path.removeprefix(root), source
