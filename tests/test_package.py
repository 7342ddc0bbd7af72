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
    (wheel,) = dist.glob("sitegen-*.whl")

    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    environment = Installed(wheel, folder)
    pip = (sys.executable, "-m", "pip", "--python", environment.programs / "python")
    subprocess.run(
        [*pip, "install", "--quiet", "--no-deps", "--no-index", wheel],
        check=True,
    )
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
    assert tops == {"sitegen", "sitegen.dist-info"}
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
