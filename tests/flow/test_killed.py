"""A build that is killed at any moment leaves what the next build can repair."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.flow.build import Options
from tests.incremental.clean import CleanBuilder
from tests.sitefactory import AT, article, build_site, make_site, tree, write

pytestmark = pytest.mark.slow

MOMENTS = [
    *((False, (number + 0.5) / 10) for number in range(10)),
    *((True, (number + 0.5) / 5) for number in range(5)),
]
"""Whether it is the site's first build, and the moment as a part of the whole build."""

FIRST = {
    "kept.md": article("Kept", date="2024-01-01"),
    "edited.md": article("Edited", date="2024-01-02", category="World", tags=["river"]),
    "renamed.md": article("Renamed", date="2024-02-03", image="photo.svg"),
    "deleted.md": article("Deleted", date="2023-05-06", tags=["gone"]),
    "photo.svg": "<svg/>",
}
SECOND = {
    "articles/edited.md": article("Edited again", "Anew.", date="2024-01-02", category="Sport"),
    "articles/renamed.md": None,
    "articles/2024/new-name.md": article("Renamed", date="2024-02-03", image="../photo.svg"),
    "articles/deleted.md": None,
    "articles/added.md": article("Added", date="2024-03-04", aliases=["/old/"]),
    "articles/photo.svg": "<svg></svg>",
    "static/css/site.css": "body {}",
    "templates/archive.html": "{{ page.kind }}",
    "sitegen.toml": 'title = "Another"\naccent = "#123456"\n',
}
"""What a later build finds changed: something of each kind."""


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CleanBuilder]:
    """Clean builds to compare with."""
    with CleanBuilder(tmp_path_factory.mktemp("clean")) as builder:
        yield builder


def run(site: Path, moment: int | None = None) -> subprocess.CompletedProcess[str]:
    """Build in another process, which is killed at a moment if one is given.

    It writes no bytecode: that would be moments of the first run alone.
    """
    arguments = [str(site), AT.isoformat(), *([str(moment)] if moment else [])]
    command = [sys.executable, "-m", "tests.killing", *arguments]
    root = Path(__file__).parents[2]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=root, env=env)


@pytest.mark.parametrize(("is_first", "part"), MOMENTS)
def test_the_build_after_a_killed_one_is_right(
    tmp_path: Path, clean: CleanBuilder, *, is_first: bool, part: float
) -> None:
    """Killed at any moment, the next build gives the clean output, and the one after it rests."""
    count = _moments(tmp_path / "whole", is_first=is_first)
    site = _site(tmp_path / "site", is_first=is_first)
    killed = run(site, max(1, int(count * part)))
    assert killed.returncode == -signal.SIGKILL

    report = build_site(site)

    built, wanted = clean.build(site, Options(at=AT))
    assert not built.failed
    assert tree(site / "output") == wanted
    assert report.files == len(wanted) - 1  # the manifest is not one of the site's
    again = build_site(site)
    assert (again.rendered, again.written, again.removed) == ({}, (), ())


def _site(folder: Path, *, is_first: bool) -> Path:
    site = make_site(folder, FIRST, config='title = "One"\n')
    if not is_first:
        build_site(site)
        write(site, SECOND)
    return site


_counts: dict[bool, int] = {}


def _moments(folder: Path, *, is_first: bool) -> int:
    """Return how many moments a whole build has."""
    if is_first not in _counts:
        site = _site(folder, is_first=is_first)
        _counts[is_first] = int(run(site).stdout)
    return _counts[is_first]


def test_a_killed_build_that_is_killed_again_is_repaired(
    tmp_path: Path, clean: CleanBuilder
) -> None:
    """Builds may be killed one after the other; what each of them left is still repaired."""
    site = _site(tmp_path / "site", is_first=False)
    for part in (0.9, 0.5, 0.6, 0.4):
        killed = run(site, int(_moments(tmp_path / "whole", is_first=False) * part))
        assert killed.returncode == -signal.SIGKILL
    build_site(site)
    assert tree(site / "output") == clean.build(site, Options(at=AT))[1]


def test_no_half_written_file_is_ever_in_its_place(tmp_path: Path) -> None:
    """What lies in the output after a kill is, file by file, the old state or the new one."""
    site = _site(tmp_path / "site", is_first=False)
    before = tree(site / "output")
    copy = _site(tmp_path / "copy", is_first=False)
    build_site(copy)
    after = tree(copy / "output")
    count = _moments(tmp_path / "whole", is_first=False)
    for part in (0.8, 0.9, 0.97):
        run(site, int(count * part))
        for path, content in tree(site / "output").items():
            if path != ".sitegen-manifest" and not path.startswith(".sitegen-tmp/"):
                assert content in {before.get(path), after.get(path)}, path
