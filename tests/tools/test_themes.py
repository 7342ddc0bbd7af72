"""`sitegen theme`: what themes there are and have, and copies of their files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sitegen.cli.main import main
from sitegen.model.errors import SitegenError, UsageError
from sitegen.tools.themes import copy_file, list_themes, theme_facts
from tests.installed_themes import install_theme
from tests.sitefactory import article, build_site, make_site, pages, tree, write

HARBOUR = """name = "Harbour"
version = "1.0"
description = "Wide margins."
templates = 1
parent = "quay"

[options.columns]
default = 3
choices = [2, 3]
description = "How many columns."
"""
QUAY = 'name = "Quay"\ntemplates = 1\n'
FILES = {
    "themes/harbour/theme.toml": HARBOUR,
    "themes/harbour/templates/base.html": '{% extends "theme/base.html" %}',
    "themes/harbour/templates/article.html": "{% block main %}{% endblock %}",
    "themes/harbour/templates/own.html": "x",
    "themes/harbour/static/css/site.css": "p {}",
    "themes/harbour/static/quay.txt": "x",
    "themes/harbour/locale/en.toml": 'search = "Seek"',
    "themes/quay/theme.toml": QUAY,
    "themes/quay/templates/article.html": "{% block main %}{% block tide %}{% endblock %}...",
    "themes/quay/static/quay.txt": "y",
    "themes/bad/theme.toml": "name = [",
}
CONFIG = 'theme = "harbour"\ntheme_options = { columns = 2 }\n'


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a site with three themes, of which it uses two, and one that is installed."""
    packages = tmp_path / "packages"
    install_theme(packages, "pier", "theme_pier", {"theme.toml": QUAY.replace("Quay", "Pier")})
    monkeypatch.syspath_prepend(str(packages))
    return make_site(tmp_path / "site", {"flood.md": article()}, config=CONFIG, files=FILES)


def ask(site: Path, *arguments: str) -> Any:
    """Return what the command prints for programs, by way of `capsys`."""
    return main(["theme", *arguments, "--site", str(site)])


def test_all_themes_are_listed_with_what_is_used(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What lies in the site, what is installed, and what is wrong with one stand side by side."""
    found = {theme.name: theme for theme in list_themes(site)}
    assert {name: theme.used for name, theme in found.items()} == {
        "bad": 0,
        "harbour": 1,
        "pier": 0,
        "quay": 2,
    }
    assert found["pier"].is_installed
    assert found["bad"].file is None
    assert ask(site) == 0
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "bad              in the site  wrong",
        "harbour  used    in the site  Harbour 1.0: Wide margins.",
        "pier             installed    Pier",
        "quay     parent  in the site  Quay",
    ]
    assert "themes/bad/theme.toml:1:8: TOML" in told.err


def test_a_broken_theme_that_is_used_is_a_problem_of_the_site(site: Path) -> None:
    """The list is printed all the same, and the exit code says that the site cannot be built."""
    write(site, {"sitegen.toml": 'theme = "bad"'})
    assert ask(site) == 1
    with pytest.raises(SitegenError, match=r"themes/bad/theme\.toml"):
        theme_facts(site)


def test_a_theme_that_is_missing_is_listed(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The name that the site gives stands among the others, and what to do about it below."""
    write(site, {"sitegen.toml": 'theme = "velvet"'})
    assert ask(site) == 1
    told = capsys.readouterr()
    assert "velvet   used    missing" in told.out.splitlines()
    assert 'sitegen.toml:1:1: there is no theme "velvet"' in told.err


def test_a_site_without_a_theme_has_the_built_in_one(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said, since no line of the list says so."""
    write(site, {"sitegen.toml": ""})
    assert ask(site) == 0
    assert "The site has the built-in theme." in capsys.readouterr().err


def test_what_a_theme_has_is_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each file says which one it stands before, and each option what the site has of it."""
    facts = theme_facts(site)
    assert {item.path: (item.before, item.extends) for item in facts.files} == {
        "locale/en.toml": ("theme/templates/locale/en.toml", True),
        "static/css/site.css": ("theme/static/css/site.css", False),
        "static/quay.txt": ("themes/quay/static/quay.txt", False),
        "templates/article.html": ("themes/quay/templates/article.html", False),
        "templates/base.html": ("theme/templates/base.html", True),
        "templates/own.html": ("", False),
    }
    assert facts.parents == ("quay",)
    assert ask(site, "info") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["Harbour 1.0", "Wide margins."]
    assert "  columns = 2  (2 or 3, by default 3)  How many columns." in lines
    assert "  templates/base.html     extends theme/templates/base.html" in lines
    assert "  static/css/site.css  replaces theme/static/css/site.css" in lines


def test_of_a_theme_that_is_not_used_the_defaults_are_told(site: Path) -> None:
    """The values of one theme's options are not those of another's."""
    write(site, {"sitegen.toml": 'theme = "quay"'})
    (option,) = theme_facts(site, "harbour").options
    assert (option.name, option.type, option.value, option.default) == ("columns", "number", 3, 3)
    assert theme_facts(site).name == "quay"
    assert theme_facts(site, "built-in").options == ()


def test_a_template_is_copied_from_the_next_layer(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A copy changes no page, tells what it extends, and never takes a file's place."""
    build_site(site)
    before = pages(site)
    assert ask(site, "copy", "front.html", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "path": "templates/front.html",
        "origin": "theme/templates/front.html",
        "extends": ["themes/harbour/templates/base.html", "theme/templates/base.html"],
        "blocks": list(copy_file(site, "templates/front.html", force=True).heritage.blocks),  # type: ignore[union-attr]  # it is a template
    }
    assert copy_file(site, "article.html").origin == "themes/harbour/templates/article.html"
    assert copy_file(site, "static/quay.txt").origin == "themes/harbour/static/quay.txt"
    build_site(site)
    assert pages(site) == before
    write(site, {"templates/front.html": "mine"})
    with pytest.raises(UsageError, match="the file exists"):
        copy_file(site, "front.html")
    assert (site / "templates/front.html").read_text() == "mine"


def test_an_extension_changes_nothing_until_it_is_edited(site: Path) -> None:
    """It has a line for each block; taking the signs of a comment away is a change."""
    build_site(site)
    before = tree(site / "output")
    made = copy_file(site, "front.html", extend=True)
    assert made.heritage is not None
    assert made.heritage.blocks[:1] == ("metadata",)
    build_site(site)
    assert tree(site / "output") == before
    place = site / "templates/front.html"
    line = "{% block footer %}{{ super() }}{% endblock %}"
    text = place.read_text()
    assert f"{{# {line} #}}" in text
    place.write_text(text.replace(f"{{# {line} #}}", line.replace("super() }}", "super() }}Ho!")))
    build_site(site)
    assert "Ho!" in pages(site)["index.html"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("copy", "aticle.html"), 'did you mean "article.html"?'),
        (("copy", "static/css/sit.css"), 'did you mean "static/css/site.css"?'),
        (("copy", "parts/words.html", "--extend"), "has no blocks"),
        (("copy", "static/css/site.css", "--extend"), "has no blocks"),
        (("copy", "../x"), 'the theme has no file "../x"'),
        (("copy",), "needs the name of a file"),
        (("list", "harbour"), "use `sitegen theme info harbour`"),
        (("info", "--force"), "`--force` works only with `copy`"),
        (("list", "--extend"), "`--extend` works only with `copy`"),
    ],
)
def test_wrong_usage_is_told(
    site: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    """What cannot be done is told with what can."""
    assert ask(site, *arguments) == 2
    assert message in capsys.readouterr().err


def test_an_unknown_theme_is_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The hint names the theme that is meant."""
    assert ask(site, "info", "harbor") == 2
    assert capsys.readouterr().err == (
        'there is no theme "harbor"\nhint: did you mean "harbour"?\n\n'
    )
