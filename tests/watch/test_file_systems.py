"""Places from which no events come are known by their file system."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.watch import file_systems
from sitegen.watch.file_systems import file_system, silent_file_system

WSL = """\
60 75 8:32 / / rw,relatime - ext4 /dev/sdc rw,discard
74 60 0:46 / /mnt/c rw,noatime - 9p C:\\134 rw,aname=drvfs;path=C:\\;uid=1000
75 60 0:50 / /mnt/c/build rw,relatime - tmpfs tmpfs rw
76 60 0:51 / /mnt/my\\040paper rw,relatime shared:7 master:1 - nfs4 10.0.0.2:/paper rw
77 60 0:52 / /srv rw,relatime - ext4 /dev/sdd rw
78 60 0:53 / /srv rw,relatime - cifs //nas/srv rw
a line that is none
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/ann/paper", "ext4"),
        ("/mnt/c", "9p"),
        ("/mnt/c/Users/Ann/paper", "9p"),
        ("/mnt/c/build/x", "tmpfs"),
        ("/mnt/cx/paper", "ext4"),
        ("/mnt/my paper/articles", "nfs4"),
        ("/srv/paper", "cifs"),
    ],
)
def test_the_innermost_mount_counts(folder: str, kind: str) -> None:
    """Of all mounts above a folder it is the nearest, and of two at one place the later."""
    assert file_system(folder, WSL) == kind


def test_what_is_not_known_is_not_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a type that is known for it is polled; a system that says nothing is believed in."""
    mounts = tmp_path / "mountinfo"
    monkeypatch.setattr(file_systems, "MOUNTS", mounts)
    assert silent_file_system("/srv/paper") == ""
    mounts.write_text(WSL)
    assert silent_file_system("/home/ann/paper") == ""
    assert file_system("/home", "") == ""
    monkeypatch.setattr("sys.platform", "linux")
    assert silent_file_system("/srv/paper") == "cifs"
    monkeypatch.setattr("sys.platform", "darwin")
    assert silent_file_system("/srv/paper") == ""
