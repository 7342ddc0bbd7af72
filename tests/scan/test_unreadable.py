"""What cannot be read stays as it was; what is not there any more is gone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.scan.sources import (
    Scan,
    Stamp,
    UnreadableError,
    read_source,
    rescan,
    scan,
)
from tests.sitefactory import write

Scanning = Callable[[Path, Scan, list[str]], Scan]


def anew(site: Path, before: Scan, _paths: list[str]) -> Scan:
    """Look at all files, as another process does."""
    return scan(site, before.stamps)


SCANNING = pytest.mark.parametrize("look", [anew, rescan], ids=["all", "changed"])
"""A build looks at all files, or at those that a watcher named."""


def circle(path: Path) -> None:
    """Put something in a place that nobody can read, not even the system's own user."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    path.symlink_to(path.name)


def dangling(path: Path) -> None:
    """Put a link to nowhere in a place."""
    circle(path)
    path.unlink()
    path.symlink_to("nowhere")


@SCANNING
@pytest.mark.parametrize("spoil", [circle, dangling])
def test_a_file_that_cannot_be_read_stays(
    tmp_path: Path, look: Scanning, spoil: Callable[[Path], None]
) -> None:
    """Its source is the last one, and the path is told."""
    write(tmp_path, {"articles/a.md": "A", "articles/b.md": "B"})
    before = scan(tmp_path, {})
    spoil(tmp_path / "articles/a.md")
    found = look(tmp_path, before, ["articles/a.md"])
    assert found.sources == before.sources
    assert found.digest == before.digest
    assert not found.is_readable("articles/a.md")
    assert found.is_readable("articles/b.md")
    (problem,) = found.problems
    assert str(problem.location) == "articles/a.md"
    assert problem.is_error


@SCANNING
def test_all_below_a_folder_that_cannot_be_read_stays(tmp_path: Path, look: Scanning) -> None:
    """One problem names the folder; files beside it are looked at."""
    write(tmp_path, {"articles/x/a.md": "A", "articles/x/y/b.md": "B", "articles/c.md": "C"})
    before = scan(tmp_path, {})
    circle(tmp_path / "articles/x")
    (tmp_path / "articles/c.md").unlink()
    found = look(tmp_path, before, ["articles/x", "articles/c.md"])
    assert set(before.sources) - set(found.sources) == {"articles/c.md"}
    assert [str(problem.location) for problem in found.problems] == ["articles/x"]


@SCANNING
def test_what_can_be_read_again_is_read(tmp_path: Path, look: Scanning) -> None:
    """A watcher need not name it once more."""
    write(tmp_path, {"articles/a.md": "A"})
    before = scan(tmp_path, {})
    circle(tmp_path / "articles/a.md")
    kept = look(tmp_path, before, ["articles/a.md"])
    (tmp_path / "articles/a.md").unlink()
    write(tmp_path, {"articles/a.md": "Another"})
    found = look(tmp_path, kept, [])
    assert found.sources["articles/a.md"].size == len("Another")
    assert found.problems == ()
    assert found.is_readable("articles/a.md")


@SCANNING
@pytest.mark.parametrize("root", ["articles", "responses"])
@pytest.mark.parametrize(
    "leave", [lambda _path: None, lambda path: path.symlink_to("nowhere")], ids=["gone", "dangling"]
)
def test_a_whole_folder_that_is_missing_is_an_error(
    tmp_path: Path, look: Scanning, root: str, leave: Callable[[Path], None]
) -> None:
    """A checkout without it must not empty the site."""
    write(tmp_path, {f"{root}/a/b.md": "A", "static/logo.svg": "x"})
    before = scan(tmp_path, {})
    shutil.rmtree(tmp_path / root)
    leave(tmp_path / root)
    found = look(tmp_path, before, [root])
    assert found.sources == before.sources
    assert [str(problem.location) for problem in found.problems] == [root]


@SCANNING
def test_an_empty_folder_is_meant(tmp_path: Path, look: Scanning) -> None:
    """Whoever empties the folder withdraws what was in it; so does who removes static files."""
    write(tmp_path, {"articles/a.md": "A", "static/logo.svg": "x"})
    before = scan(tmp_path, {})
    (tmp_path / "articles/a.md").unlink()
    shutil.rmtree(tmp_path / "static")
    found = look(tmp_path, before, ["articles/a.md", "static"])
    assert not [path for path in found.sources if not path.startswith("theme/")]
    assert found.problems == ()


def test_a_site_that_never_had_articles_has_none(tmp_path: Path) -> None:
    """A missing folder is no error where nothing was in it."""
    write(tmp_path, {"static/a.txt": "x"})
    assert scan(tmp_path, scan(tmp_path, {}).stamps).problems == ()


@SCANNING
def test_a_link_in_the_place_of_a_folder_withdraws_nothing(tmp_path: Path, look: Scanning) -> None:
    """Links to folders are not followed, which is told; what was there stays."""
    write(tmp_path, {"articles/x/a.md": "A", "static/y/z.txt": "z"})
    before = scan(tmp_path, {})
    shutil.rmtree(tmp_path / "articles/x")
    (tmp_path / "articles/x").symlink_to(tmp_path / "static/y")
    found = look(tmp_path, before, ["articles/x"])
    assert found.sources == before.sources
    assert len(found.problems) == 1


def test_a_source_that_cannot_be_read_is_told_as_such(tmp_path: Path) -> None:
    """Whoever needs its bytes is not sent looking for an edit that there was not."""
    write(tmp_path, {"articles/a.md": "A"})
    source = scan(tmp_path, {}).sources["articles/a.md"]
    circle(tmp_path / "articles/a.md")
    with pytest.raises(UnreadableError, match=r"articles/a\.md: cannot be read: "):
        read_source(tmp_path, source)


@pytest.mark.usefixtures("permissions")
def test_a_file_without_permission_stays(tmp_path: Path) -> None:
    """As in the wild: a file that belongs to somebody else, a folder that cannot be entered."""
    write(tmp_path, {"articles/a.md": "A", "articles/x/b.md": "B", "articles/y/c.md": "C"})
    before = scan(tmp_path, {})
    for path, mode in (("articles/a.md", 0), ("articles/x", 0), ("articles/y", 0o400)):
        (tmp_path / path).chmod(mode)
    try:
        found = scan(tmp_path, before.stamps)
    finally:
        for path in ("articles/x", "articles/y"):
            (tmp_path / path).chmod(0o700)
    assert found.sources == before.sources
    assert [str(problem.location) for problem in found.problems] == [
        "articles/a.md",
        "articles/y/c.md",
        "articles/x",
    ]
    assert all("Permission denied" in problem.message for problem in found.problems)


def test_a_file_that_may_still_change_is_kept_but_not_trusted(tmp_path: Path) -> None:
    """Its stamp says what it held, and no file has the stamp's time."""
    write(tmp_path, {"articles/a.md": "A"})
    stamps = scan(tmp_path, {}).stamps
    found = os.lstat(tmp_path / "articles/a.md")
    assert isinstance(stamps["articles/a.md"], Stamp)
    assert stamps["articles/a.md"].mtime_ns != found.st_mtime_ns
