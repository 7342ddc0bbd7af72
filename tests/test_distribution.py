"""What pip is told to install is ours: `sitegen-news`, not the `sitegen` of somebody else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.model.distribution import DISTRIBUTION, install_hint
from tests.test_docs import section

REPOSITORY = Path(__file__).parent.parent
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]

TEXTS = (".md", ".py", ".toml", ".yml", ".yaml", ".html", ".xml", ".txt", ".js", ".css", ".json")
"""How the names of files end that somebody may read an instruction in."""

PLACES = (
    "sitegen/**/*",
    "docs/**/*",
    "templates/**/*",
    "articles/**/*",
    "pages/**/*",
    "benchmarks/*",
    "benchmarks/peers/**/*",
    "*",
)
FILES = ("Makefile", ".ci/run")

_ALONE = r"(?<![\w./-])sitegen(?![\w/-]|\.\w)"
WRONG = {
    "an extra of it": rf"{_ALONE}\[",
    "an installation of it": r"\b(?:pip3?|pipx|uv|conda|poetry|pdm)\b[^\n`|;&#]*"
    rf"\b(?:install|add|download|upgrade|run|inject|sync)\b[^\n`|;&#]*{_ALONE}",
    "uvx": rf"\buvx\b[^\n`|;&#]*{_ALONE}",
    "a requirement of it": rf"{_ALONE} *(?:[=~!<>]=|[<>] *\d|@ )",
    "its metadata": r"""\b(?:version|metadata|distribution|requires)\(["']sitegen["']\)""",
    "a requirements file that names it": rf"requirements\.txt`? (?:# )?names\s+(?:# )?{_ALONE}",
}
"""Ways to name a distribution called `sitegen`."""


def texts() -> Iterator[tuple[str, str]]:
    """Yield every text of the repository from which somebody may install, with its path."""
    found = {path for place in PLACES for path in REPOSITORY.glob(place) if path.suffix in TEXTS}
    for path in sorted({*found, *(REPOSITORY / name for name in FILES)}):
        yield path.relative_to(REPOSITORY).as_posix(), path.read_text("utf-8")


def test_the_distribution_is_called_as_the_code_says() -> None:
    """The name in pyproject.toml is the one that messages tell people to install."""
    assert PROJECT["name"] == DISTRIBUTION == "sitegen-news"


def test_no_text_names_the_distribution_of_others() -> None:
    """No page, message, workflow or file of ours makes anybody install PyPI's `sitegen`."""
    found = [
        f"{path}: {what}: {match[0]}"
        for path, text in texts()
        for what, pattern in WRONG.items()
        for match in re.finditer(pattern, text)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("an extra of it", "needs `sitegen[search]`"),
        ("an installation of it", "pip install 'sitegen'"),
        ("an installation of it", "python -m pip install --upgrade sitegen"),
        ("an installation of it", "uv tool install sitegen"),
        ("uvx", "uvx sitegen build"),
        ("a requirement of it", "sitegen>=0.1"),
        ("its metadata", 'version("sitegen")'),
        ("a requirements file that names it", "The site's requirements.txt names\n# sitegen."),
    ],
)
def test_the_wrong_name_would_be_found(what: str, text: str) -> None:
    """Each way to name the other distribution is seen, and ours is not taken for it."""
    assert re.search(WRONG[what], text)
    assert not re.search(WRONG[what], text.replace("sitegen", "sitegen-news"))


def test_every_extra_that_is_named_exists() -> None:
    """Messages and pages name extras that pyproject.toml has."""
    extras = set(PROJECT["optional-dependencies"])
    named = {
        name
        for _, text in texts()
        for found in re.finditer(rf"{DISTRIBUTION}\[([\w,]+)\]", text)
        for name in found[1].split(",")
    }
    asked = {
        name
        for _, text in texts()
        for name in re.findall(r"""install_hint\(["'](\w+)["']\)""", text)
    }

    assert asked
    assert named | asked <= extras
    assert install_hint("search") == 'install it with `pip install "sitegen-news[search]"`'


def test_extras_are_documented() -> None:
    """installing.md has a row for each extra of pyproject.toml, and no other."""
    rows = re.findall(r"^\| `(\w+)` \|", section("installing.md", "Extras"), re.MULTILINE)

    assert sorted(rows) == sorted(PROJECT["optional-dependencies"])
