"""Whatever the operating system refuses is told with its path, and damages nothing."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sitefactory import article, build_site, make_site, tree

EVERY = 2
"""To refuse each thing takes twice as long, and has been done."""


@pytest.mark.parametrize("error", [errno.EACCES, errno.ENOSPC, errno.EMFILE, errno.EIO])
def test_a_refusal_is_an_error_with_a_path(tmp_path: Path, error: int) -> None:
    """Nothing is told as a bug, and the next build leaves what a clean one does."""
    site = make_site(
        tmp_path / "site",
        {f"e{number}.md": article(f"E{number}") for number in range(5)},
        templates={"theme.css": "/* own */"},
        static={"map.txt": "map"},
        files={
            "responses/2024-11-04-e0/1.md": (
                "---\nkind: comment\nauthor: Ann\ndate: 2024-11-05T08:00:00Z\n---\nYes.\n"
            )
        },
    )
    command = [sys.executable, "-m", "tests.flow.refusing", str(site), str(error), str(EVERY)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) > 10
    assert [line for line in lines if line["bug"]] == []
    assert not [line for line in lines if "None" in line["problems"]]
    build_site(site)
    incremental = tree(site / "output")
    build_site(site, clean=True)
    assert tree(site / "output") == incremental


ROOT = Path(__file__).parents[2]
