"""Which versions of other packages we know, and that any other is told of."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from sitegen.work.proven_versions import (
    JINJA,
    MARKDOWN,
    MARKUPSAFE,
    WATCHDOG,
    ProvenVersions,
    notes_on_building,
)
from tests.conftest import Pretend
from tests.test_docs import section

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
PRESS = ProvenVersions("printing", "press", ("3.1.6", "7.1.*"), "the ink takes longer to dry")


@pytest.mark.parametrize(
    ("version", "proven"),
    [
        ("3.1.6", True),
        ("3.1.60", False),
        ("3.1.7", False),
        ("3.1", False),
        ("7.1", True),
        ("7.1.0", True),
        ("7.1.12", True),
        ("7.10.0", False),
        ("7.2.0", False),
    ],
)
def test_a_version_is_known_or_is_not(pretend: Pretend, version: str, *, proven: bool) -> None:
    """A version counts alone, and with `.*` for all that begin like it."""
    pretend(press=version)

    assert PRESS.is_proven == proven


def test_what_is_not_known_is_told(pretend: Pretend) -> None:
    """The note says which version is there, which are known, and what happens instead."""
    beginning, end = "printing is tested with press 3.1.6, 7.1.*", "the ink takes longer to dry"
    assert PRESS.note() == f"{beginning}, not an unknown version; {end}"

    pretend(press="3.2")
    assert PRESS.note() == f"{beginning}, not 3.2; {end}"


def test_there_is_nothing_to_tell_of_a_version_that_is_known(pretend: Pretend) -> None:
    """Where all is as it was tried, nobody hears of it."""
    pretend(press="3.1.6", markdown="3.11.3", jinja2="3.1.6", markupsafe="3.0.4")

    assert PRESS.note() == ""
    assert notes_on_building() == ()


def test_a_build_tells_of_each_package_that_it_uses(pretend: Pretend) -> None:
    """Several packages can be of other versions at once."""
    pretend(markdown="3.12", jinja2="3.1.7", markupsafe="3.1")

    assert notes_on_building() == (MARKDOWN.note(), JINJA.note(), MARKUPSAFE.note())
    assert MARKDOWN.note() == (
        "the fast path for Markdown is tested with markdown 3.11.3, not 3.12; "
        "parsing articles takes longer"
    )


def test_what_is_known_is_documented() -> None:
    """installing.md has a row for each package: known versions, and what happens with others."""
    text = section("installing.md", "Versions of other packages")
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", text, re.MULTILINE)

    assert rows == [
        (known.package, ", ".join(known.versions), known.otherwise)
        for known in (MARKDOWN, JINJA, MARKUPSAFE, WATCHDOG)
    ]


def ranges() -> dict[str, Requirement]:
    """Return what pyproject.toml asks for, by package."""
    lines = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["dependencies"]
    return {found.name: found for found in map(Requirement, lines)}


@pytest.mark.parametrize("known", [JINJA, MARKDOWN, MARKUPSAFE, WATCHDOG], ids=lambda k: k.package)
def test_what_is_known_may_be_installed(known: ProvenVersions) -> None:
    """pyproject.toml allows each version in which our way was compared."""
    allowed = ranges()[known.package].specifier

    assert all(allowed.contains(version.replace("*", "0")) for version in known.versions)


@pytest.mark.parametrize("known", [JINJA, WATCHDOG], ids=lambda known: known.package)
def test_what_has_no_other_way_ends_before_the_next_minor_version(known: ProvenVersions) -> None:
    """Where we need private parts of a package, pyproject.toml keeps its next minor version out."""
    numbers = re.match(r"(\d+)\.(\d+)", known.versions[-1])
    assert numbers
    following = f"{numbers[1]}.{int(numbers[2]) + 1}.0"

    assert not ranges()[known.package].specifier.contains(following)
