"""Whatever can change the output besides the site is in the epoch."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest

from sitegen.cache.epoch import MAKERS, epoch
from tests.test_architecture import MODULES, REPOSITORY, imported

OTHERS = {
    "filelock": "lets one build wait for another",
    "distributed": "carries work to other machines, and its results back as they are",
    "typing-extensions": "types for older versions of Python",
}
"""Packages that the build or a maker imports and that cannot change a byte, and what they do."""

UNSEEN = {
    "tzdata": "is read by Python's zoneinfo where the system has no time zones",
}
"""Makers that no module imports, and how they come in."""


def name_of(distribution: str) -> str:
    """Return the one spelling of a distribution's name (`PyYAML` and `pyyaml` are the same)."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def floors_of_the_build() -> set[str]:
    """Return the packages of sitegen that make a page, or that those import."""
    table = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    layers = table["tool"]["importlinter"]["contracts"][0]["layers"]
    return set(layers[layers.index("flow") :])


def imported_by_the_build() -> set[str]:
    """Return the distributions that modules of the build import, at once or later."""
    known = packages_distributions()
    tops = {
        name.partition(".")[0]
        for module in MODULES
        if module.partition(".")[0] in floors_of_the_build()
        for name in imported(module)
    }
    return {name_of(found) for top in tops for found in known.get(top, ())} - {"sitegen"}


def needed_by(distribution: str) -> set[str]:
    """Return the distributions that one cannot do without."""
    try:
        lines = requires(distribution) or []
    except PackageNotFoundError:
        return set()
    return {name_of(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in lines if ";" not in line}


def test_what_the_build_imports_is_in_the_epoch() -> None:
    """A package that a module of the build imports changes the epoch, or is known to be harmless.

    A cache that survived its new version would mix pages of two versions.
    """
    assert imported_by_the_build() - set(OTHERS) == set(MAKERS) - set(UNSEEN)


def test_what_makers_need_is_in_the_epoch() -> None:
    """A package that a maker cannot do without is a maker, too."""
    known = {*MAKERS, *OTHERS}
    missing = {maker: needed_by(maker) - known for maker in MAKERS}

    assert {maker: names for maker, names in missing.items() if names} == {}


@pytest.mark.parametrize("maker", MAKERS)
def test_another_version_of_a_maker_is_another_epoch(
    maker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an older or newer version of a package made is not taken for this one's."""
    metadata = tmp_path / f"{maker.replace('-', '_')}-0.0.1.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text(f"Metadata-Version: 2.1\nName: {maker}\nVersion: 0.0.1\n")
    before = epoch.__wrapped__()
    monkeypatch.syspath_prepend(str(tmp_path))

    assert epoch.__wrapped__() != before
