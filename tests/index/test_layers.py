"""Which file of a name stands before which, for any number of layers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sitegen.index.layers import (
    called_name,
    layer_of,
    locale_files,
    static_files,
    template_files,
    template_name,
)
from sitegen.model.documents import Source

THEMES = ("harbour", "quay", "pier")
LAYERS = ("", *(f"themes/{name}/" for name in THEMES), "theme/")
"""How the source paths of all layers begin, the nearest first."""


def sources(*paths: str) -> dict[str, Source]:
    """Return sources by path."""
    return {path: Source(path, path, 1) for path in sorted(paths)}


def in_some_layers(name: str) -> st.SearchStrategy[dict[str, Source]]:
    """Return the strategy of a site in which a file is in some of the layers, `name` below each."""
    present = st.lists(st.booleans(), min_size=len(LAYERS), max_size=len(LAYERS))
    return present.map(
        lambda flags: sources(
            "theme/templates/other.html",
            *(f"{layer}{name}" for layer, is_there in zip(LAYERS, flags, strict=True) if is_there),
        )
    )


@given(found=in_some_layers("templates/a.html"))
def test_a_template_is_the_nearest_and_theme_is_the_next_below_the_caller(
    found: dict[str, Source],
) -> None:
    """`a.html` is the first layer's that has it; `theme/a.html` the first below the caller."""
    names = template_files(found, THEMES)
    held = [layer for layer in LAYERS if f"{layer}templates/a.html" in found]

    def path(name: str) -> str | None:
        source = names.get(name)
        return source.path if source else None

    assert path("a.html") == (f"{held[0]}templates/a.html" if held else None)
    for place, layer in enumerate(LAYERS[:-1]):
        below = [other for other in LAYERS[place + 1 :] if other in held]
        name = template_name("theme/a.html", f"{layer}templates/b.html")
        assert path(name) == (f"{below[0]}templates/a.html" if below else None)
        assert called_name(name) == "theme/a.html"
    assert template_name("a.html", "themes/quay/templates/b.html") == "a.html"


@given(found=in_some_layers("static/a.css"))
def test_a_static_file_is_the_nearest(found: dict[str, Source]) -> None:
    """The first layer that has a static file gives it."""
    held = [layer for layer in LAYERS if f"{layer}static/a.css" in found]
    made = static_files(found, THEMES)
    assert [source.path for source in made.values()] == [
        f"{layer}static/a.css" for layer in held[:1]
    ]


def test_words_are_laid_over_from_below() -> None:
    """The built-in theme's before a theme's, the site's last."""
    found = sources(
        "theme/templates/locale/en.toml",
        "theme/templates/locale/pt.toml",
        "themes/quay/locale/en.toml",
        "themes/harbour/locale/pt.toml",
        "themes/harbour/locale/pt-BR.toml",
        "templates/locale/pt.toml",
    )
    files = locale_files(template_files(found, THEMES), THEMES)
    assert {tag: [source.path for source in sources] for tag, sources in files.items()} == {
        "en": ["theme/templates/locale/en.toml", "themes/quay/locale/en.toml"],
        "pt": [
            "theme/templates/locale/pt.toml",
            "themes/harbour/locale/pt.toml",
            "templates/locale/pt.toml",
        ],
        "pt-BR": ["themes/harbour/locale/pt-BR.toml"],
    }


def test_the_repository_can_have_a_theme() -> None:
    """Where the site's templates are the built-in theme, a theme stands before them."""
    found = sources("templates/a.html", "static/a.css", "themes/quay/templates/a.html")
    names = template_files(found, ("quay",))
    assert names["a.html"].path == "themes/quay/templates/a.html"
    below = template_name("theme/a.html", "themes/quay/templates/a.html")
    assert names[below].path == "templates/a.html"
    assert static_files(found, ("quay",))["a.css"].path == "static/a.css"


def test_a_path_tells_its_layer() -> None:
    """The site has no name among the layers, the built-in theme has one."""
    paths = ("templates/a.html", "themes/quay/static/a.css", "theme/templates/a.html")
    assert [layer_of(path) for path in paths] == ["", "quay", "theme"]
