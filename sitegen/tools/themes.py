"""The themes that a site can have, what is in them, and copies of their files: `sitegen theme`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from sitegen.config.loading import load_config
from sitegen.config.settings import Config
from sitegen.config.theme_files import ThemeFile
from sitegen.config.theme_places import (
    THEMES,
    installed_themes,
    own_themes,
    theme_path,
    theme_place,
)
from sitegen.config.themes import Theme, absent_hint, load_theme
from sitegen.index.layers import called_name, static_files, template_files, template_name
from sitegen.model.documents import Source
from sitegen.model.errors import Location, Problem, SitegenError, UsageError, did_you_mean
from sitegen.model.frozen import EMPTY
from sitegen.model.urls import normal_form
from sitegen.render.blocks import Heritage, heritage
from sitegen.scan.sources import (
    LOCALE,
    STATIC,
    TEMPLATES,
    THEME,
    THEME_FOLDERS,
    read_source,
    scan,
    theme_folder,
)

BUILT_IN_NAME = "built-in"
"""How the command calls the theme that is there without one."""


class ListedTheme(NamedTuple):
    """A theme that the site can choose, or has chosen although there is none."""

    name: str
    folder: Path
    is_installed: bool
    used: int
    """0 if it is not used, 1 for the site's theme, 2 for the parent of that, and so on."""
    file: ThemeFile | None
    """What it says of itself; None if that is wrong."""
    problems: tuple[Problem, ...]

    @property
    def is_missing(self) -> bool:
        """Whether there is no such theme."""
        return not self.is_installed and not self.folder.is_dir()


class ThemeOptionValue(NamedTuple):
    """An option of a theme, and what the site has of it."""

    name: str
    type: str
    value: Any
    default: Any
    choices: tuple[Any, ...]
    description: str


class FileOfTheme(NamedTuple):
    """A file of a theme, and the one below it that it stands before."""

    path: str
    """Below the folder of the theme."""
    before: str
    """The source path of the other; "" if there is none."""
    extends: bool
    """Whether it says only what is different in the other."""


class ThemeFacts(NamedTuple):
    """What a theme has."""

    name: str
    folder: Path
    file: ThemeFile
    parents: tuple[str, ...]
    options: tuple[ThemeOptionValue, ...]
    files: tuple[FileOfTheme, ...]


class CopiedFile(NamedTuple):
    """A file that was written into the site."""

    path: str
    """Relative to the site folder."""
    origin: str
    """The source path of what it was copied from, or extends."""
    heritage: Heritage | None
    """None for what is no template."""


class _Files(NamedTuple):
    """The files of a site's layers."""

    site: Path
    theme: Theme
    sources: Mapping[str, Source]
    templates: Mapping[str, Source]

    def read(self, source: Source) -> bytes:
        return read_source(self.site, source)

    def inherited(self, source: Source) -> Heritage:
        """Return what a template extends."""
        return heritage(source, self.templates, self.read)

    @property
    def built_in(self) -> str:
        """How the source paths of the built-in theme begin, which the site itself may be."""
        return f"{THEME}/" if any(path.startswith(f"{THEME}/") for path in self.sources) else ""

    def static_below(self, theme: Sequence[str]) -> Mapping[str, Source]:
        """Return the static files of themes and the built-in one, without the site's own."""
        own = f"{STATIC}/" if self.built_in else "//"
        sources = {path: it for path, it in self.sources.items() if not path.startswith(own)}
        return static_files(sources, theme)


def list_themes(site: Path) -> tuple[ListedTheme, ...]:
    """Return the themes that lie in the site or are installed, and the one it names, by name."""
    config = load_config(site)
    try:
        used = load_theme(site, config).names
    except SitegenError:
        used = (config.theme,) if config.theme else ()
    installed = {*installed_themes()} - {*(own := own_themes(site))}
    names = sorted({*own, *installed, *used})
    return tuple(
        _listed(site, config, name, used, is_installed=name in installed) for name in names
    )


def _listed(
    site: Path, config: Config, name: str, used: tuple[str, ...], *, is_installed: bool
) -> ListedTheme:
    place = used.index(name) + 1 if name in used else 0
    try:
        (layer, *_) = _theme(site, config, name).layers
    except SitegenError as error:
        folder = site / THEMES / name
        return ListedTheme(name, folder, is_installed, place, None, error.problems)
    return ListedTheme(name, layer.folder, is_installed, place, layer.file, ())


def _theme(site: Path, config: Config, name: str) -> Theme:
    """Return a theme as it is by itself, without what the site chose in another."""
    if name == config.theme:
        return load_theme(site, config)
    return load_theme(site, replace(config, theme=name, theme_options=EMPTY))


def theme_facts(site: Path, name: str = "") -> ThemeFacts:
    """Return what the theme of a name has, without one the site's.

    Raises `UsageError` if there is no such theme, and `SitegenError` if something is wrong with it.
    """
    config = load_config(site)
    if name not in ("", BUILT_IN_NAME) and theme_place(site, name) is None:
        raise UsageError(Problem(f'there is no theme "{name}"', hint=absent_hint(site, name)))
    name = name or config.theme
    if name in ("", BUILT_IN_NAME):
        theme, layer = Theme(), THEME
        file = ThemeFile(name="Built-in", description="The theme of a site that names none.")
        folder = theme_folder()
    else:
        theme = _theme(site, config, name)
        layer = name
        folder, file = theme.layers[0].folder, theme.layers[0].file
    files = _files(site, theme)
    options = (
        ThemeOptionValue(
            key,
            option.kind,
            theme.options[key],
            option.default,
            tuple(option.choices),
            option.description,
        )
        for key, option in theme.declared().items()
    )
    return ThemeFacts(
        name or BUILT_IN_NAME,
        folder,
        file,
        theme.names[1:],
        tuple(options),
        tuple(_files_of(files, layer)),
    )


def _files(site: Path, theme: Theme) -> _Files:
    sources = scan(site, {}, theme=theme, roots=(TEMPLATES, STATIC)).sources
    return _Files(site, theme, sources, template_files(sources, theme.names))


def _files_of(files: _Files, layer: str) -> Iterator[FileOfTheme]:
    """Yield the files of the first layer of a theme, `THEME` for the built-in one."""
    prefix = files.built_in if layer == THEME else theme_path(layer, "")
    below = {} if layer == THEME else files.static_below(files.theme.names[1:])
    for path, source in files.sources.items():
        folder, _, name = path.removeprefix(prefix).partition("/")
        if not path.startswith(prefix) or folder not in THEME_FOLDERS:
            continue
        found, extends = None, False
        if folder == STATIC:
            found = below.get(normal_form(name))
        elif layer != THEME:
            asked = f"{THEME}/{name if folder == TEMPLATES else f'{LOCALE}/{name}'}"
            found = files.templates.get(template_name(asked, path))
            # Words are laid over those of the file below.
            extends = found is not None and (
                folder == LOCALE or found.path in files.inherited(source).parents
            )
        yield FileOfTheme(f"{folder}/{name}", found.path if found else "", extends)


def copy_file(site: Path, file: str, *, extend: bool = False, force: bool = False) -> CopiedFile:
    """Copy a file of the site's theme into the site, where it stands before that one.

    `file` is a template by its name, or any by its path below the theme's folder
    (`static/css/site.css`). With `extend` the copy only extends the other, with a place for each
    of its blocks. Raises `UsageError` for a file that no theme has, for one without blocks where it
    is to be extended, and for one that the site has unless with `force`.
    """
    theme = load_theme(site, load_config(site))
    files = _files(site, theme)
    static = files.static_below(theme.names)
    folder, _, name = file.partition("/")
    if folder not in (TEMPLATES, STATIC) or not name:
        folder, name = TEMPLATES, file
    below = {
        called_name(known).removeprefix(f"{THEME}/"): source
        for known, source in files.templates.items()
        if known.startswith(f"{THEME}/") and called_name(known) == known
    }
    found = static.get(normal_form(name)) if folder == STATIC else below.get(name)
    if found is None:
        known = (*below, *(f"{STATIC}/{path}" for path in static))
        hint = did_you_mean(file, known) or "see which there are with `sitegen theme info`"
        raise UsageError(Problem(f'the theme has no file "{file}"', hint=hint))
    path = f"{folder}/{name}"
    place = site / path
    if found.path == path:
        hint = "edit it; the site is the built-in theme itself"
        raise UsageError(Problem("the file is that of the theme", Location(path), hint))
    if place.exists() and not force:
        raise UsageError(
            Problem("the file exists", Location(path), "add `--force` to write over it")
        )
    inherited = files.inherited(found) if path.endswith(".html") and folder == TEMPLATES else None
    data = files.read(found)
    if extend:
        if inherited is None or not inherited.blocks:
            message = f'"{name}" has no blocks that another file could change'
            raise UsageError(Problem(message, hint="copy it as it is, without `--extend`"))
        data = extension_of(name, inherited.blocks).encode()
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    return CopiedFile(path, found.path, inherited)


def extension_of(name: str, blocks: Iterable[str]) -> str:
    """Return a template that extends the next one of its name, with its blocks as comments."""
    head = [f'{{% extends "{THEME}/{name}" %}}', "", _HOW, ""]
    body = [f"{{# {{% block {block} %}}{{{{ super() }}}}{{% endblock %}} #}}" for block in blocks]
    return "\n".join((*head, *body, ""))


_HOW = """{#
  All that is not said here stays as it is below. To change a block, take away the signs of the
  comment around it: super() is what stands there now. Delete the lines of the others.
#}"""
