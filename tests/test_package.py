"""The wheel that users install works on its own, with nothing of the repository beside it."""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest

from sitegen import __version__

REPOSITORY = Path(__file__).parent.parent


@dataclass(frozen=True)
class Installed:
    """An environment that holds the built wheel."""

    wheel: Path
    folder: Path

    @property
    def programs(self) -> Path:
        """The folder of its programs."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    def run(self, *command: str, cwd: Path) -> str:
        """Run one of its programs in the folder `cwd` and give what it prints to stdout."""
        done = subprocess.run(
            [self.programs / command[0], *command[1:]],
            check=False,
            cwd=cwd,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def pip(self, command: str, *arguments: str | Path) -> None:
        """Let pip do something to it: without network, and without looking at dependencies."""
        offline = ("--no-deps", "--no-index") if command == "install" else ()
        pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
        subprocess.run(
            [*pip, "--python", self.programs / "python", command, *offline, *arguments], check=True
        )

    def distributions(self) -> dict[str, str]:
        """Give the version of each distribution in it, by its name."""
        code = """
from importlib.metadata import distributions
for found in distributions():
    print(found.name, found.version)
"""
        lines = self.run("python", "-c", code, cwd=self.folder).splitlines()
        return dict(line.split() for line in lines)


def new_environment(wheel: Path, folder: Path) -> Installed:
    """Make an empty environment in `folder`, for `wheel`."""
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    return Installed(wheel, folder)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel, made from the source archive and installed into a new environment.

    No network: the build tool and sitegen's dependencies are those of the running environment.
    They are reached by a path at the end of the new one's; path files in there (that of an editable
    install of the checkout, say) are not read.
    """
    dist = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", dist, REPOSITORY],
        check=True,
        capture_output=True,
    )
    (wheel,) = dist.glob("sitegen_news-*.whl")

    environment = new_environment(wheel, tmp_path_factory.mktemp("environment"))
    environment.pip("install", wheel)
    folder = environment.folder
    site_packages = environment.run(
        "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder
    )
    outer = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (Path(site_packages.strip()) / "outer.pth").write_text("\n".join(sorted(outer)))
    return environment


def test_the_wheel_carries_the_theme(installed: Installed) -> None:
    """Every file of the theme at the repository's top is in the wheel, and nothing else beside."""
    packed = set(ZipFile(installed.wheel).namelist())

    for folder in ("templates", "static"):
        theme = {
            f"sitegen/theme/{path.relative_to(REPOSITORY).as_posix()}"
            for path in (REPOSITORY / folder).rglob("*")
            if path.is_file()
        }
        assert theme
        assert theme == {name for name in packed if name.startswith(f"sitegen/theme/{folder}/")}
    tops = {re.sub(r"-[\d.]+\.dist-info", ".dist-info", name.split("/")[0]) for name in packed}
    assert tops == {"sitegen", "sitegen_news.dist-info"}
    assert "sitegen/py.typed" in packed
    assert "sitegen/preview/reload.js" in packed
    pages = {path.name for path in (REPOSITORY / "sitegen" / "receive" / "pages").iterdir()}
    assert {f"sitegen/receive/pages/{name}" for name in pages} <= packed


def test_the_wheel_is_what_is_run(installed: Installed, tmp_path: Path) -> None:
    """The new environment runs the wheel's own code, not the checkout's."""
    source = installed.run("python", "-c", "import sitegen; print(sitegen.__file__)", cwd=tmp_path)

    assert Path(source.strip()).is_relative_to(installed.folder.resolve())


def test_a_site_is_made_and_built_outside_the_repository(
    installed: Installed, tmp_path: Path
) -> None:
    """`sitegen init` and `sitegen build` of the wheel make a whole site with the theme."""
    installed.run("sitegen", "init", "paper", cwd=tmp_path)
    site = tmp_path / "paper"
    sources = sorted((site / "articles").rglob("*.md"))
    installed.run("sitegen", "build", cwd=site)

    output = site / "output"
    articles = [
        path.read_text(encoding="utf-8")
        for path in output.glob("[0-9][0-9][0-9][0-9]/*/*/*/index.html")
    ]
    assert sources
    assert len(articles) == len(sources)
    for article in articles:
        assert "▼" in article
        assert "Category:" in article
    for page in ("index.html", "404.html", "search/index.html"):
        assert "</html>" in (output / page).read_text(encoding="utf-8")
    (stylesheet,) = re.findall(
        r'<link rel="stylesheet" href="/(css/site\.[^"]+\.css)"',
        (output / "index.html").read_text(encoding="utf-8"),
    )
    assert (output / stylesheet).is_file()


# --- The other distribution, which is called `sitegen` at PyPI


def foreign_wheel(folder: Path, version: str, package: str, *, command: bool = False) -> Path:
    """Make a wheel of a distribution `sitegen` that holds one package, and perhaps our command."""
    info = f"sitegen-{version}.dist-info"
    files = {
        f"{package}/__init__.py": "",
        f"{package}/generate.py": "def generate():\n    print('theirs')\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: sitegen\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if command:
        files[f"{info}/entry_points.txt"] = (
            f"[console_scripts]\nsitegen = {package}.generate:generate\n"
        )
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in (*files, f"{info}/RECORD"))
    folder.mkdir(exist_ok=True)
    path = folder / f"sitegen-{version}-py3-none-any.whl"
    with ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


@pytest.fixture
def beside(installed: Installed, tmp_path: Path) -> Installed:
    """An environment of its own that holds our wheel and nothing else."""
    environment = new_environment(installed.wheel, tmp_path / "environment")
    environment.pip("install", installed.wheel)
    return environment


OURS = {"sitegen-news": __version__}


def test_an_upgrade_of_the_other_leaves_ours(beside: Installed, tmp_path: Path) -> None:
    """For pip the two are different: neither is installed, upgraded or removed for the other."""
    index = tmp_path / "index"
    foreign_wheel(index, "0.9.2", "othersite")

    beside.pip("install", "--find-links", index, "sitegen")
    assert beside.distributions() == OURS | {"sitegen": "0.9.2"}

    foreign_wheel(index, "0.9.3", "othersite")
    beside.pip("install", "--find-links", index, "--upgrade", "sitegen")
    assert beside.distributions() == OURS | {"sitegen": "0.9.3"}
    beside.pip("install", "--find-links", beside.wheel.parent, "--upgrade", "sitegen-news")
    assert beside.distributions() == OURS | {"sitegen": "0.9.3"}
    assert beside.run("sitegen", "--version", cwd=tmp_path) == f"sitegen {__version__}\n"

    beside.pip("uninstall", "--yes", "sitegen")
    assert beside.distributions() == OURS
    assert beside.run("sitegen", "--version", cwd=tmp_path) == f"sitegen {__version__}\n"


def test_ours_can_be_had_back_from_under_the_other(beside: Installed, tmp_path: Path) -> None:
    """Where the other's package and command overwrote ours, the two lines of the docs mend it."""
    theirs = foreign_wheel(tmp_path / "index", "0.9.2", "sitegen", command=True)
    beside.pip("install", theirs)
    assert beside.run("sitegen", "--version", cwd=tmp_path) == "theirs\n"

    page = (REPOSITORY / "docs" / "installing.md").read_text(encoding="utf-8")
    lines = re.findall(r"^pip (uninstall|install --force.*) (sitegen\S*)$", page, re.MULTILINE)
    assert [name for _, name in lines] == ["sitegen", "sitegen-news"]
    beside.pip("uninstall", "--yes", "sitegen")
    beside.pip("install", "--force-reinstall", beside.wheel)

    assert beside.distributions() == OURS
    assert beside.run("sitegen", "--version", cwd=tmp_path) == f"sitegen {__version__}\n"


def test_every_imported_package_is_declared() -> None:
    """What sitegen imports from others stands in the dependencies of pyproject.toml."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    lines = [*project["dependencies"], *extras]
    declared = {normal(re.split(r"[<>=!~ \[;]", line)[0]) for line in lines}
    owners = packages_distributions()

    for path in sorted((REPOSITORY / "sitegen").rglob("*.py")):
        for module in imported_modules(path.read_text(encoding="utf-8")):
            if module not in sys.stdlib_module_names and module != "sitegen":
                packages = {normal(name) for name in owners.get(module, ())}
                assert packages & declared, f"{path.name} imports {module}"


def imported_modules(code: str) -> set[str]:
    """Give the first parts of the names that absolute imports in `code` load."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def normal(name: str) -> str:
    """Give a distribution's name as PEP 503 spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()
