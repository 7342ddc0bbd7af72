"""What a build reads beside the folders is one list, and whoever must know it follows that."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.config.settings import DeployTarget
from sitegen.deploy.builds import last_build
from sitegen.model import moments
from sitegen.model.errors import SitegenError
from sitegen.scan.site_files import SITE_FILES, SITE_TEXTS, read_site_texts
from sitegen.scan.sources import ROOTS
from sitegen.tools.verify import verify
from sitegen.watch.watching import Watch
from tests.rebuilding import DEADLINE_SECONDS, save
from tests.sitefactory import AT, NO_SEARCH, article, build_site, make_site

CONTENTS = {
    "sitegen.toml": (NO_SEARCH, f'title = "The Packet"\n{NO_SEARCH}'),
    "pyproject.toml": ("[tool.sitegen]", '[tool.sitegen]\ntitle = "The Packet"'),
    "addresses.tsv": ("", "flood-id\t/old/\n"),
}
"""Each file as it is at first, and with an edit that counts."""

OPENED = """
import json, os, sys
from datetime import datetime, UTC
from pathlib import Path

site, elsewhere = Path(sys.argv[1]), Path(sys.argv[2])
opened = set()

def note(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        opened.add(os.fsdecode(arguments[0]))

sys.addaudithook(note)
from sitegen import Options, build

at = datetime(2024, 11, 5, 12, tzinfo=UTC)
build(site, Options(at=at, output=elsewhere / "output", state=elsewhere / "state", jobs=1))
below = (Path(path) for path in opened if Path(path).is_relative_to(site))
print(json.dumps(sorted(str(path.relative_to(site)) for path in below)))
"""


def site_with(tmp_path: Path, name: str) -> Path:
    """Return a site in which the file `name` counts, with what it holds at first."""
    site = make_site(tmp_path / "site", {"flood.md": article("Flood", id="flood-id")})
    if name == "pyproject.toml":
        (site / "sitegen.toml").unlink()
    save(site, {name: CONTENTS[name][0]})
    return site


def test_a_build_opens_no_other_file_of_the_site_folder(tmp_path: Path) -> None:
    """What a build opens lies in a folder of the site or is on the list, which has no more."""
    site = make_site(
        tmp_path / "site",
        {"flood.md": article()},
        static={"a.css": "b {}"},
        templates={"404.html": "<p>Lost</p>"},
        files={
            "responses/x/1.md": "---\nkind: comment\ndate: 2024-11-05\nauthor: Ann\n---\nWell.\n",
            "notes.txt": "",
            "README.md": "# News",
        },
    )
    (site / "sitegen.toml").rename(site / "pyproject.toml")
    save(site, {"pyproject.toml": "[tool.sitegen.search]\nenabled = false\n"})
    command = [sys.executable, "-c", OPENED, str(site), str(tmp_path / "elsewhere")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    opened = [path for path in json.loads(done.stdout) if path.partition("/")[0] not in ROOTS]

    assert "articles/flood.md" in json.loads(done.stdout)
    assert sorted(SITE_FILES) == opened


@pytest.mark.parametrize("name", SITE_FILES)
def test_each_file_is_watched(tmp_path: Path, name: str) -> None:
    """An edit of any of them is told, by its name."""
    site = site_with(tmp_path, name)
    with Watch(site, print) as watch:
        save(site, {name: CONTENTS[name][1]})
        batch = watch.wait(DEADLINE_SECONDS)
    assert batch is not None
    assert batch.paths == {name}  # type: ignore[comparison-overlap]  # a frozenset equals a set


@pytest.mark.parametrize("name", SITE_FILES)
def test_each_file_belongs_to_the_sources(tmp_path: Path, name: str) -> None:
    """After an edit of any of them, the last build is neither proved nor deployed."""
    site = site_with(tmp_path, name)
    build_site(site)
    target, now = DeployTarget(), moments.of(AT)
    assert verify(site).differences == ()
    assert last_build(site, "t", target, now).files

    save(site, {name: CONTENTS[name][1]})
    with pytest.raises(SitegenError, match="the sources have changed"):
        verify(site)
    with pytest.raises(SitegenError, match="have changed since"):
        last_build(site, "t", target, now)

    build_site(site)
    assert verify(site).differences == ()
    assert last_build(site, "t", target, now).files


def test_a_text_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    """No file and an empty one are the same to a site."""
    assert read_site_texts(tmp_path) == dict.fromkeys(SITE_TEXTS, "")


def test_a_text_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """What is there and not text, or no file, is not taken for empty."""
    for name in SITE_TEXTS:
        save(tmp_path, {name: b"\xff"})
        with pytest.raises(SitegenError, match=rf"{name}: the file is not UTF-8"):
            read_site_texts(tmp_path)
        (tmp_path / name).unlink()
        (tmp_path / name).mkdir()
        with pytest.raises(SitegenError, match=rf"{name}: cannot be read: Is a directory"):
            read_site_texts(tmp_path)
