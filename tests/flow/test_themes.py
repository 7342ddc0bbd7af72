"""Themes of a site: which file stands before which, and what a change of one makes anew."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from sitegen.flow.build import Options, build
from sitegen.flow.session import Session
from sitegen.model.errors import Location, Problem, SitegenError
from sitegen.tools.verify import verify
from tests.installed_themes import install_theme, uninstall_theme
from tests.sitefactory import AT, article, build_site, make_site, pages, tree, write

HEAD = 'name = "Harbour"\ntemplates = 1\n'
COLUMNS = """
[options.columns]
type = "number"
default = 3
choices = [2, 3]
description = "How many columns the front page has."

[options.tint]
type = "color"
default = "#112233"
description = "The colour of rules."
"""

ONE, FRONT, MISSING = "2024/11/04/flood/index.html", "index.html", "404.html"


def site_with(folder: Path, files: dict[str, str], config: str = 'theme = "harbour"') -> Path:
    """Return a site with one article, a theme, and other files by their paths."""
    site = make_site(folder, {"flood.md": article()}, config=config)
    write(site, {"themes/harbour/theme.toml": HEAD, **files})
    return site


def shouted(name: str, word: str) -> str:
    """Return a template that extends the next one of its name, and says a word in its footer."""
    return (
        f'{{% extends "theme/{name}" %}}'
        f"{{% block footer %}}{{{{ super() }}}}<b>{word}</b>{{% endblock %}}"
    )


def words(site: Path, path: str) -> list[str]:
    """Return what templates said on a page, in their order."""
    return re.findall(r"<b>(\w+)</b>", pages(site)[path])


def problems_of(site: Path, **options: object) -> tuple[Problem, ...]:
    """Return what is wrong with a site."""
    with pytest.raises(SitegenError) as caught:
        build_site(site, **options)  # type: ignore[arg-type]  # those of Options
    return caught.value.problems


# --- Which file stands before which


def test_each_layer_extends_the_next_one(tmp_path: Path) -> None:
    """`theme/base.html` is the next file of that name: the theme's, its parent's, the built-in."""
    files = {
        "templates/base.html": shouted("base.html", "site"),
        "themes/harbour/theme.toml": f'{HEAD}parent = "quay"',
        "themes/harbour/templates/base.html": shouted("base.html", "harbour"),
        "themes/quay/theme.toml": HEAD,
        "themes/quay/templates/base.html": shouted("base.html", "quay"),
    }
    site = site_with(tmp_path, files)
    build_site(site)
    for path in (ONE, FRONT, MISSING):
        assert words(site, path) == ["quay", "harbour", "site"]


def test_a_layer_without_the_file_is_passed_over(tmp_path: Path) -> None:
    """What the theme does not have is its parent's, or the built-in one's."""
    files = {
        "templates/article.html": shouted("article.html", "site"),
        "themes/harbour/theme.toml": f'{HEAD}parent = "quay"',
        "themes/quay/theme.toml": HEAD,
        "themes/quay/templates/article.html": shouted("article.html", "quay"),
    }
    site = site_with(tmp_path, files)
    build_site(site)
    assert words(site, ONE) == ["quay", "site"]
    assert words(site, FRONT) == []


def test_included_and_imported_files_are_those_below_the_caller(tmp_path: Path) -> None:
    """It is the file in which a tag stands that `theme/` is seen from, also through a parent."""
    part = '{% include "theme/parts/note.html" ignore missing %}'
    files = {
        "templates/parts/note.html": f"<b>site</b>{part}",
        "themes/harbour/templates/parts/note.html": f"<b>harbour</b>{part}",
        "themes/harbour/templates/parts/kit.html": "{% macro say() %}<b>kit</b>{% endmacro %}",
        "themes/harbour/templates/404.html": (
            '{% import "parts/kit.html" as kit %}{{ kit.say() }}{% include "parts/note.html" %}'
        ),
    }
    site = site_with(tmp_path, files)
    build_site(site)
    assert words(site, MISSING) == ["kit", "site", "harbour"]


def test_static_files_and_words_stand_in_the_same_order(tmp_path: Path) -> None:
    """The site's static files and words come first, then the theme's, its parent's, ours."""
    files = {
        "templates/locale/en.toml": 'one = "site"',
        "themes/harbour/locale/en.toml": 'one = "harbour"\ntwo = "harbour"\nsearch = "Seek"',
        "themes/harbour/theme.toml": f'{HEAD}parent = "quay"',
        "themes/quay/theme.toml": HEAD,
        "themes/quay/locale/en.toml": 'two = "quay"\nthree = "quay"\nsearch = "Hunt"',
        "themes/quay/templates/404.html": (
            '{{ text("one") }} {{ text("two") }} {{ text("three") }} {{ text("search") }}'
        ),
        "static/a.txt": "site",
        "themes/harbour/static/a.txt": "harbour",
        "themes/harbour/static/b.txt": "harbour",
        "themes/quay/static/b.txt": "quay",
        "themes/quay/static/css/site.css": "quay",
        "themes/quay/static/.well-known/x.txt": "quay",
    }
    site = site_with(tmp_path, files)
    build_site(site)
    found = pages(site)
    assert found[MISSING] == "site harbour quay Seek"
    assert found["a.txt"] == "site"
    assert found["b.txt"] == "harbour"
    assert found["css/site.css"] == "quay"
    assert found[".well-known/x.txt"] == "quay"


def test_the_words_of_a_theme_may_be_in_another_language(tmp_path: Path) -> None:
    """A theme's words of the site's language go before its English ones, as ours do."""
    files = {
        "themes/harbour/locale/en.toml": 'tide = "Tide"\nship = "Ship"',
        "themes/harbour/locale/pt.toml": 'tide = "Maré"',
        "themes/harbour/templates/404.html": '{{ text("tide") }} {{ text("ship") }}',
    }
    site = site_with(tmp_path, files, 'theme = "harbour"\nlanguage = "pt-BR"')
    build_site(site)
    assert pages(site)[MISSING] == "Maré Ship"


def test_what_a_theme_has_besides_is_not_read(tmp_path: Path) -> None:
    """A theme is templates, static files and words: of another file nothing is published."""
    files = {
        "themes/harbour/notes.txt": "x",
        "themes/harbour/__init__.py": "raise RuntimeError",
        "themes/other/static/x.txt": "of a theme that is not chosen",
        "themes/harbour/static/.env": "PASSWORD=1",
    }
    site = site_with(tmp_path, files)
    report = build_site(site)
    assert not {"notes.txt", "x.txt", ".env"} & pages(site).keys()
    assert any("looks like a secret" in problem.message for problem in report.problems)


def test_a_theme_shows_shortcodes_in_its_own_way(tmp_path: Path) -> None:
    """Its templates of shortcodes go before ours, which they can include, with what these read."""
    files = {
        "themes/harbour/templates/shortcodes/note.html": (
            '<b>harbour</b>{% include "theme/shortcodes/note.html" %}'
        ),
        "themes/harbour/templates/shortcodes/tide.html": "<b>tide</b>",
        "articles/flood.md": article(
            body='{{< note title="How" >}}We counted.{{< /note >}}\n\n{{< tide >}}'
        ),
    }
    site = site_with(tmp_path, files)
    report = build_site(site)
    assert report.problems == ()
    assert words(site, ONE) == ["harbour", "tide"]
    assert '<aside class="note" aria-label="How">' in pages(site)[ONE]


# --- What is made anew


def edited(site: Path, session: Session, files: dict[str, str | None]) -> set[str]:
    """Return what is rendered after an edit in a session, in which a new process finds no more."""
    write(site, files)
    report = build_site(site, session=session, changed=list(files))
    assert build_site(site).rendered == {}
    return set(report.rendered)


def test_an_edit_of_a_theme_renders_what_uses_it_and_nothing_else(tmp_path: Path) -> None:
    """Of a theme of two layers, each edit, new file and removed file makes its pages anew."""
    files = {
        "templates/article.html": shouted("article.html", "site"),
        "themes/harbour/theme.toml": f'{HEAD}parent = "quay"{COLUMNS}',
        "themes/harbour/templates/404.html": "{{ site.theme.columns }}",
        "themes/harbour/templates/front.html": shouted("front.html", "harbour"),
        "themes/quay/theme.toml": HEAD,
    }
    site = site_with(tmp_path, files)
    with Session() as session:
        build_site(site, session=session)
        quay = "themes/quay/templates/article.html"
        harbour = "themes/harbour/templates/article.html"
        front = "themes/harbour/templates/front.html"
        options = "themes/harbour/theme.toml"
        steps: list[tuple[dict[str, str | None], set[str]]] = [
            ({front: shouted("front.html", "pier")}, {FRONT}),
            ({quay: shouted("article.html", "quay")}, {ONE}),
            ({harbour: shouted("article.html", "harbour")}, {ONE}),
            ({quay: shouted("article.html", "quay2")}, {ONE}),
            ({harbour: "alone"}, {ONE}),
            ({quay: None}, set()),
            ({"templates/article.html": None}, {ONE}),
            ({harbour: None}, {ONE}),
            ({options: f'{HEAD}parent = "quay"\ndescription = "x"{COLUMNS}'}, set()),
            ({options: f"{HEAD}{COLUMNS.replace('default = 3', 'default = 2')}"}, {MISSING}),
            ({"sitegen.toml": TWO_COLUMNS}, {MISSING}),
            ({"sitegen.toml": TWO_COLUMNS.replace("112233", "445566")}, set()),
            ({"themes/harbour/locale/en.toml": 'unused = "x"'}, set()),
            ({"themes/harbour/static/new.txt": "x"}, set()),
        ]
        for edit, rendered in steps:
            assert edited(site, session, edit) == rendered, edit
    assert verify(site).differences == ()


TWO_COLUMNS = """
theme = "harbour"
theme_options = { columns = 3, tint = "#112233" }
search = { enabled = false }
"""


def test_themes_are_switched_as_if_built_anew(tmp_path: Path) -> None:
    """Each choice of a theme, in a session or in a new process, gives what a clean build does."""
    files = {
        "themes/harbour/templates/base.html": shouted("base.html", "harbour"),
        "themes/harbour/static/a.txt": "harbour",
        "themes/quay/theme.toml": HEAD,
        "themes/quay/templates/base.html": shouted("base.html", "quay"),
        "themes/quay/static/a.txt": "quay",
    }
    site = site_with(tmp_path, files)
    config = "[search]\nenabled = false"
    with Session() as session:
        for name, said in (
            ("harbour", ["harbour"]),
            ("quay", ["quay"]),
            ("", []),
            ("harbour", ["harbour"]),
        ):
            edited(site, session, {"sitegen.toml": f'theme = "{name}"\n{config}'})
            assert words(site, FRONT) == said
            assert pages(site).get("a.txt") == (said[0] if said else None)
            assert verify(site).differences == ()


def test_a_whole_theme_is_put_in_place_of_another(tmp_path: Path) -> None:
    """A folder that is renamed is a theme with all that is in it, and without it an error."""
    files = {"themes/harbour/templates/404.html": "old", "themes/quay/templates/404.html": "new"}
    site = site_with(tmp_path, {**files, "themes/quay/theme.toml": HEAD})
    with Session() as session:
        build_site(site, session=session)
        (site / "themes/harbour").rename(site / "themes/old")
        with pytest.raises(SitegenError, match='there is no theme "harbour"'):
            build_site(site, session=session, changed=["themes/harbour", "themes/old"])
        assert pages(site)[MISSING] == "old"
        (site / "themes/quay").rename(site / "themes/harbour")
        build_site(site, session=session, changed=["themes/quay", "themes/harbour"])
        assert pages(site)[MISSING] == "new"
    assert verify(site).differences == ()


def test_workers_have_the_templates_of_a_theme(tmp_path: Path) -> None:
    """Several processes make the same pages as one."""
    files = {
        "themes/harbour/theme.toml": HEAD + COLUMNS,
        "themes/harbour/templates/base.html": shouted("base.html", "harbour"),
        "themes/harbour/templates/404.html": "{{ site.theme.columns }}{{ site.theme.tint }}",
    }
    site = site_with(tmp_path / "site", files)
    build_site(site)
    other = tmp_path / "other"
    build(site, Options(at=AT, output=other, state=tmp_path / "state", jobs=2))
    assert tree(other) == tree(site / "output")
    assert tree(other)[MISSING] == b"3#112233"


# --- Options


def test_options_have_their_defaults_and_the_sites_values(tmp_path: Path) -> None:
    """What a site chooses goes before the theme's default, and this before its parent's."""
    files = {
        "themes/harbour/theme.toml": f'{HEAD}parent = "quay"{COLUMNS}',
        "themes/harbour/templates/404.html": (
            "{{ site.theme.columns }} {{ site.theme.tint }} {{ site.theme.get('sea') }}"
            "{{ site.theme.nothing is defined }}"
            "{% for name, value in site.theme.items() %} {{ name }}{% endfor %}"
        ),
        "themes/quay/theme.toml": (
            HEAD
            + COLUMNS.replace("default = 3", "default = 2")
            + '[options.sea]\ntype = "boolean"\ndefault = true\ndescription = "Waves?"\n'
        ),
    }
    config = 'theme = "harbour"\n[theme_options]\ntint = "#abcdef"\n'
    site = site_with(tmp_path, files, config)
    build_site(site)
    assert pages(site)[MISSING] == "3 #abcdef TrueFalse columns tint sea"


def test_options_that_are_equal_to_python_are_told_apart(tmp_path: Path) -> None:
    """`true` and `1` are two values on a page, in a session, too."""
    option = '[options.sea]\ndefault = {}\ndescription = "Waves."\n'
    files = {"themes/harbour/templates/404.html": "{{ site.theme.sea }}"}
    site = site_with(tmp_path, {**files, "themes/harbour/theme.toml": HEAD + option.format(1)})
    with Session() as session:
        build_site(site, session=session)
        changed = {"themes/harbour/theme.toml": HEAD + option.format("true")}
        assert edited(site, session, {**changed}) == {MISSING}
    assert pages(site)[MISSING] == "True"
    assert verify(site).differences == ()


@pytest.mark.parametrize(
    ("chosen", "place", "message", "hint"),
    [
        ("columns = 4", (3, 1), '"theme_options.columns" must be 2 or 3, not 4', None),
        ('columns = "3"', (3, 1), "must be a whole number", None),
        ("colums = 3", (3, 1), 'unknown key "theme_options.colums"', 'did you mean "columns"?'),
        ("x = 3", (3, 1), 'unknown key "theme_options.x"', "known options: columns, tint"),
        ('tint = "red"', (3, 1), '"red" is not a colour', 'for instance "#9b1c1c"'),
    ],
)
def test_a_wrong_option_is_told_where_it_stands(
    tmp_path: Path, chosen: str, place: tuple[int, int], message: str, hint: str | None
) -> None:
    """What a site cannot choose is an error at its line of the configuration."""
    config = f'theme = "harbour"\n[theme_options]\n{chosen}\n'
    site = site_with(tmp_path, {"themes/harbour/theme.toml": HEAD + COLUMNS}, config)
    (problem,) = problems_of(site)
    assert problem.location == Location("sitegen.toml", *place)
    assert message in problem.message
    assert problem.hint == hint


def test_options_of_no_theme_are_an_error(tmp_path: Path) -> None:
    """The built-in theme has no options."""
    site = make_site(tmp_path, config="[theme_options]\ncolumns = 3\n")
    (problem,) = problems_of(site)
    assert problem.location == Location("sitegen.toml", 1, 2)
    assert "has no options" in problem.message


def test_an_option_that_the_theme_does_not_have_is_told_in_the_template(tmp_path: Path) -> None:
    """A template that asks for an option by a wrong name is told the right one."""
    files = {
        "themes/harbour/theme.toml": HEAD + COLUMNS,
        "themes/harbour/templates/404.html": "\n{{ site.theme.colums }}",
    }
    (problem,) = problems_of(site_with(tmp_path, files))
    assert problem.location == Location("themes/harbour/templates/404.html", 2, 15)
    assert problem.message == 'site.theme has no "colums"'
    assert (problem.hint or "").startswith('did you mean "columns"?')


# --- What is wrong with themes


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("harbor", 'there is no theme "harbor"', 'did you mean "harbour"?'),
        ("velvet", 'there is no theme "velvet"', "make the folder themes/velvet/, or install"),
        ("../x", '"../x" cannot be the name of a theme', "write the name of a folder in themes/"),
    ],
)
def test_a_theme_that_is_not_there_is_told(
    tmp_path: Path, name: str, message: str, hint: str
) -> None:
    """The place is that of the key, and the hint names what is alike, or where to get one."""
    site = site_with(tmp_path, {}, f'title = "T"\ntheme = "{name}"\n')
    (problem,) = problems_of(site)
    assert problem.location == Location("sitegen.toml", 2, 1)
    assert problem.message == message
    assert (problem.hint or "").startswith(hint)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        (None, 0, 0, "the file does not exist"),
        ('name = "H', 1, 8, "TOML: "),
        ("templates = 1", 0, 0, "the theme has no name"),
        ('name = "H"', 0, 0, "the theme does not say what it is written for"),
        ('name = "H"\ntemplates = 2', 2, 1, "written for version 2 of the template functions"),
        ('name = "H"\ntemplates = 0', 2, 1, "written for version 0 of the template functions"),
        ('name = "H"\ntemplates = "1"', 2, 1, '"templates" must be a whole number'),
        (HEAD + 'parrent = "x"', 3, 1, 'unknown key "parrent"'),
        (HEAD + 'parent = "x"', 3, 1, 'there is no theme "x"'),
        (HEAD + 'parent = "harbour"', 3, 1, "is its own parent: harbour → harbour"),
        (HEAD + "[options.a]\ndefault = 1", 3, 2, 'the option "a" has no description'),
        (HEAD + '[options.a]\ndescription = "A."', 3, 2, 'the option "a" has no default'),
        (
            HEAD + '[options.a]\ndescription = "A."\ntype = "number"\ndefault = "x"',
            6,
            1,
            '"options.a.default" must be a whole number, not "x"',
        ),
        (
            HEAD + '[options.a]\ndescription = "A."\nchoices = ["x"]\ndefault = "y"',
            6,
            1,
            '"options.a.default" must be "x", not "y"',
        ),
        (
            HEAD + '[options.a]\ndescription = "A."\nchoices = "x"\ndefault = "y"',
            5,
            1,
            '"options.a.choices" must be a list, not "x"',
        ),
        (
            HEAD + '[options.a]\ndescription = "A."\ntype = "colour"\ndefault = "#112233"',
            5,
            1,
            '"options.a.type" must be "text" or "number" or "boolean" or "color" or "list"',
        ),
        (HEAD + '[options.Ab]\ndescription = "A."\ndefault = ""', 3, 2, '"Ab" cannot be the name'),
        (HEAD + '[options.get]\ndescription = "A."\ndefault = ""', 3, 2, '"get" cannot be the'),
    ],
)
def test_a_mistake_in_theme_toml_is_told_at_its_line(
    tmp_path: Path, text: str | None, line: int, column: int, message: str
) -> None:
    """What a theme says of itself is checked as the configuration is."""
    site = site_with(tmp_path, {})
    write(site, {"themes/harbour/theme.toml": text})
    (site / "themes/harbour").mkdir(parents=True, exist_ok=True)
    (problem,) = problems_of(site)
    assert problem.location == Location("themes/harbour/theme.toml", line, column)
    assert message in problem.message


def test_themes_that_are_each_others_parents_are_told(tmp_path: Path) -> None:
    """A circle is told with all that are in it."""
    files = {
        "themes/harbour/theme.toml": f'{HEAD}parent = "quay"',
        "themes/quay/theme.toml": f'{HEAD}parent = "harbour"',
    }
    (problem,) = problems_of(site_with(tmp_path, files))
    assert problem.message == ('the theme "harbour" is its own parent: harbour → quay → harbour')


def test_a_template_that_no_layer_has_is_told_by_its_own_name(tmp_path: Path) -> None:
    """A message says `theme/none.html`, as it stands in the template."""
    files = {"themes/harbour/templates/404.html": '{% extends "theme/none.html" %}'}
    (problem,) = problems_of(site_with(tmp_path, files))
    assert problem.location is not None
    assert problem.location.path == "themes/harbour/templates/404.html"
    assert problem.message == 'there is no template "theme/none.html"'


def test_a_block_that_nothing_below_a_theme_has_is_told(tmp_path: Path) -> None:
    """A theme's templates are looked at as the site's own are, each from its own layer."""
    files = {
        "templates/404.html": '{% extends "theme/404.html" %}{% block sea %}x{% endblock %}',
        "themes/harbour/templates/404.html": (
            '{% extends "theme/404.html" %}{% block foter %}{% endblock %}'
        ),
    }
    report = build_site(site_with(tmp_path, files))
    told = {problem.location: problem.hint for problem in report.problems if problem.location}
    assert told[Location("themes/harbour/templates/404.html", 1, 40)] == ('did you mean "footer"?')
    assert Location("templates/404.html", 1, 40) in told


@pytest.mark.parametrize("path", ["themes", "themes/harbour"])
def test_a_link_is_no_theme(tmp_path: Path, path: str) -> None:
    """Nothing outside the site is read, whatever a symbolic link says."""
    site = site_with(tmp_path / "site", {})
    (site / path).rename(tmp_path / "moved")
    (site / path).symlink_to(tmp_path / "moved")
    (problem,) = problems_of(site)
    assert problem.location == Location(path)
    assert problem.message == "symbolic links to themes are not followed"


# --- Installed themes


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder into which packages can be installed."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


def test_an_installed_theme_is_used_and_none_of_its_code(tmp_path: Path, packages: Path) -> None:
    """A package that has a theme gives its files; what it has of code is not imported."""
    files = {
        "__init__.py": "raise RuntimeError('imported')",
        "theme.toml": HEAD + COLUMNS,
        "templates/base.html": shouted("base.html", "installed"),
        "static/a.txt": "installed",
        "locale/en.toml": 'search = "Seek"',
    }
    install_theme(packages, "harbour", "theme_harbour.inner", files)
    site = make_site(tmp_path / "site", {"flood.md": article()}, config='theme = "harbour"')
    build_site(site)
    assert words(site, ONE) == ["installed"]
    assert pages(site)["a.txt"] == "installed"
    assert verify(site).differences == ()
    assert not [name for name in sys.modules if name.startswith("theme_harbour")]


def test_an_upgrade_of_an_installed_theme_renders_what_it_changes(
    tmp_path: Path, packages: Path
) -> None:
    """It is the content of its files that counts, not its version; a folder goes before it."""
    files = {
        "theme.toml": HEAD,
        "templates/base.html": shouted("base.html", "one"),
        "templates/404.html": "lost",
    }
    install_theme(packages, "harbour", "theme_harbour", files)
    site = make_site(tmp_path / "site", {"flood.md": article()}, config='theme = "harbour"')
    build_site(site)
    install_theme(packages, "harbour", "theme_harbour", files, version="2.0")
    assert build_site(site).rendered == {}
    install_theme(packages, "harbour", "theme_harbour", {**files, "templates/404.html": "found"})
    assert set(build_site(site).rendered) == {MISSING}
    write(site, {"themes/harbour/theme.toml": HEAD, "themes/harbour/templates/404.html": "here"})
    with Session() as session:
        build_site(site, session=session)
        assert pages(site)[MISSING] == "here"
        assert words(site, ONE) == []
        (site / "themes/harbour").rename(site / "themes/other")
        build_site(site, session=session, changed=["themes/harbour", "themes/other"])
        assert words(site, ONE) == ["one"]
    assert verify(site).differences == ()


def test_a_theme_that_was_uninstalled_is_told(tmp_path: Path, packages: Path) -> None:
    """The last good site stays, and the message says what to do."""
    install_theme(packages, "harbour", "theme_harbour", {"theme.toml": HEAD})
    site = make_site(tmp_path / "site", {"flood.md": article()}, config='theme = "harbour"')
    build_site(site)
    before = tree(site / "output")
    uninstall_theme(packages, "theme_harbour")
    (problem,) = problems_of(site)
    assert problem.message == 'there is no theme "harbour"'
    assert "pip install" in (problem.hint or "")
    assert tree(site / "output") == before


def test_two_packages_with_one_theme_are_told(tmp_path: Path, packages: Path) -> None:
    """Which of them comes first must not decide what a site looks like."""
    for name in ("theme_a", "theme_b"):
        install_theme(packages, "harbour", name, {"theme.toml": HEAD})
    (problem,) = problems_of(make_site(tmp_path / "site", config='theme = "harbour"'))
    assert problem.location == Location("sitegen.toml", 1, 1)
    assert '"theme_a" and "theme_b"' in problem.message


def test_an_entry_point_to_nothing_is_told(tmp_path: Path, packages: Path) -> None:
    """A package that names what it does not have is named."""
    install_theme(packages, "harbour", "theme_harbour", {"theme.toml": HEAD})
    uninstall_theme(packages, "theme_harbour", metadata=False)
    (problem,) = problems_of(make_site(tmp_path / "site", config='theme = "harbour"'))
    assert 'a package "theme_harbour" that is not there' in problem.message
