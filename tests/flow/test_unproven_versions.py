"""A site is the same whichever versions of other packages make it; only the time differs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.work.proven_versions import JINJA, MARKDOWN, MARKUPSAFE, notes_on_building
from tests.conftest import Pretend
from tests.rebuilding import rebuilding
from tests.sitefactory import NO_SEARCH, article, make_site, tree, write

REPOSITORY = Path(__file__).parents[2]
AT = "2026-12-01T12:00Z"
"""After the newest article of the newsroom."""

UNPROVEN = {"markdown": "3.11.99", "jinja2": "3.1.99", "markupsafe": "3.0.99"}


@pytest.fixture
def packet(tmp_path: Path) -> Path:
    """A copy of this repository's newsroom, without the search."""
    site = tmp_path / "packet"
    for folder in ("articles", "data", "includes", "responses"):
        shutil.copytree(REPOSITORY / folder, site / folder)
    config = (REPOSITORY / "sitegen.toml").read_text("utf-8")
    (site / "sitegen.toml").write_text(f"{config}\n{NO_SEARCH}", "utf-8")
    return site


def built(site: Path, output: Path) -> str:
    """Build in a process of its own, and return what it said."""
    words = ("build", "--site", site, "--output", output, "--at", AT, "--jobs", "1")
    done = subprocess.run(
        [sys.executable, "-m", "sitegen", *words], check=True, capture_output=True, text=True
    )
    return done.stderr


@pytest.mark.skipif(
    not all(known.is_proven for known in (MARKDOWN, JINJA, MARKUPSAFE)),
    reason="what is installed here is what would be pretended",
)
def test_the_newsroom_is_the_same_without_fast_paths(
    packet: Path, pretend: Pretend, tmp_path: Path
) -> None:
    """Where the packages do all work themselves, every byte of the output is the same."""
    assert "is tested with" not in built(packet, tmp_path / "fast")
    pretend(**UNPROVEN)
    said = built(packet, tmp_path / "slow")

    notes = notes_on_building()
    assert len(notes) == len(UNPROVEN)
    assert [said.count(f"note: {note}\n") for note in notes] == [1, 1, 1]
    made = tree(tmp_path / "slow")
    assert len(made) > 200
    assert made == tree(tmp_path / "fast")


def test_a_process_says_it_once(tmp_path: Path, pretend: Pretend) -> None:
    """Whoever watches a site reads of another version at the first build, and not at each save."""
    pretend(jinja2="3.1.99")
    site = make_site(tmp_path / "site", {"flood.md": article("Flood")})

    with rebuilding(site) as builds:
        write(site, {"articles/flood.md": article("Deluge")})
        builds.until(lambda: "Deluge" in (site / "output/index.html").read_text("utf-8"))

    told = [outcome.report.notes for outcome in builds.outcomes if outcome.report]
    assert len(told) > 1
    assert JINJA.note() in told[0]
    assert not any(told[1:])
