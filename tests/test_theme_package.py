"""A theme as others make one: a package with files alone, built as a wheel and installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from sitegen.tools.themes import list_themes, theme_facts
from tests.sitefactory import NO_SEARCH, article, build_site, make_site, pages, write

SOURCES = Path(__file__).parent / "themes" / "harbour"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the theme, built without network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder]
    subprocess.run([*map(str, command), str(SOURCES)], check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def packages(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip has installed it."""
    folder = tmp_path_factory.mktemp("packages")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "install", "--no-deps", "--no-index", "--target", folder, wheel], check=True
    )
    return folder


@pytest.fixture
def site(packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site that has the theme."""
    monkeypatch.syspath_prepend(str(packages))
    articles = {
        "flood.md": article(category="World"),
        **{f"{day}.md": article(f"Fog {day}", date=f"2024-10-{day}") for day in range(10, 18)},
    }
    return make_site(tmp_path, articles, config='theme = "harbour"')


def test_the_wheel_holds_files_and_no_code(wheel: Path) -> None:
    """What a designer makes is in it, and nothing that could be run."""
    names = set(ZipFile(wheel).namelist())
    package = SOURCES / "sitegen_theme_harbour"
    files = {path.relative_to(SOURCES).as_posix() for path in package.rglob("*") if path.is_file()}
    assert files <= names
    assert not [name for name in names if name.endswith((".py", ".so"))]


def test_the_installed_theme_is_seen(site: Path) -> None:
    """It is listed with what it says of itself, and its files stand before the built-in ones."""
    (listed,) = list_themes(site)
    assert (listed.name, listed.is_installed, listed.used) == ("harbour", True, 1)
    files = {item.path: item.before for item in theme_facts(site).files}
    assert files["static/css/site.css"] == "theme/static/css/site.css"


def test_pages_have_another_look_and_say_the_same(site: Path) -> None:
    """The front page is the theme's; an article says what it must, in its order."""
    report = build_site(site)
    assert report.problems == ()
    made = pages(site)
    assert '<div class="below' in made["index.html"]
    assert ">Latest</h2>" in made["index.html"]
    assert "--band: #0b3954; --columns: 3;" in made["css/theme.css"]
    story = made["2024/11/04/flood/index.html"]
    said = (
        "▼",
        "Category:<a",
        "<p>The river rose.</p>",
        "4/11 21:54",
        "Comment (0)",
        "Trackback(0)",
    )
    assert [story.index(word) for word in said] == sorted(story.index(word) for word in said)


def test_an_option_makes_anew_what_asked_for_it(site: Path) -> None:
    """A colour costs the style sheet, what is on the front page that page, and nothing else."""
    build_site(site)
    for option, rendered in (
        ('band = "#552200"', {"css/theme.css"}),
        ('band = "#552200"\ncolumns = 4', {"css/theme.css"}),
        ('band = "#552200"\ncolumns = 4\nnewest = false', {"index.html"}),
    ):
        config = f'theme = "harbour"\n{NO_SEARCH}\n[theme_options]\n{option}\n'
        write(site, {"sitegen.toml": config})
        assert set(build_site(site).rendered) == rendered
    assert "Latest" not in pages(site)["index.html"]
