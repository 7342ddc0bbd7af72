"""Other programs can tell what `.sitegen/` is, and leave it alone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from sitegen.cache.folder import make_folder
from tests.sitefactory import article, build_site, make_site, tree, write

SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55"


def test_a_build_tells_git_and_backups_what_is_a_cache(tmp_path: Path) -> None:
    """Git passes over all of the folder, and programs that know CACHEDIR.TAG do, too."""
    site = make_site(tmp_path / "site", {"a.md": article()})
    build_site(site)
    assert (site / ".sitegen/CACHEDIR.TAG").read_bytes().startswith(SIGNATURE)
    subprocess.run(["git", "init", "-q"], cwd=site, check=True)
    ran = subprocess.run(
        ["git", "status", "--porcelain", "-uall"], cwd=site, check=True, capture_output=True
    )
    assert b"articles/a.md" in ran.stdout
    assert b".sitegen/" not in ran.stdout


def test_what_lies_there_stays(tmp_path: Path) -> None:
    """A file of the same name that somebody wrote is left as it is, and a lost one comes again."""
    write(tmp_path / "state", {".gitignore": "mine\n"})
    for _ in range(2):
        make_folder(tmp_path / "state")
        files = tree(tmp_path / "state")
        assert files[".gitignore"] == b"mine\n"
        assert files["CACHEDIR.TAG"].startswith(SIGNATURE)
        (tmp_path / "state/CACHEDIR.TAG").unlink()


@pytest.mark.parametrize("name", [".gitignore", "CACHEDIR.TAG"])
def test_nothing_is_written_through_a_link(tmp_path: Path, name: str) -> None:
    """A planted link does not make us write a file elsewhere."""
    folder = tmp_path / "state"
    folder.mkdir()
    (folder / name).symlink_to(tmp_path / "outside")
    make_folder(folder)
    assert not (tmp_path / "outside").exists()
