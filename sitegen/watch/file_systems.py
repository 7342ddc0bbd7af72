"""File systems that tell nothing of what is changed elsewhere: by another computer, or the host.

The kernel tells only of what is done through itself (inotify(7)): of an edit on a file server, or
in Windows below a virtual machine, no event comes.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

SILENT = frozenset(
    {
        "9p",  # WSL's drives, and with them Docker's volumes on Windows
        "drvfs",
        "virtiofs",
        "vboxsf",
        "vmhgfs",
        "fuse.vmhgfs-fuse",
        "prl_fs",
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "fuse.sshfs",
        "fuse.rclone",
        "fuse.gvfsd-fuse",
    }
)
"""Their types, as Linux names them. Docker's others for macOS pass events on."""

MOUNTS = Path("/proc/self/mountinfo")

_OCTAL = re.compile(r"\\([0-7]{3})")


def silent_file_system(folder: str) -> str:
    """Return the type of the file system of an absolute path if it is a silent one, else ""."""
    if sys.platform != "linux":
        return ""
    try:
        mounts = MOUNTS.read_text("utf-8", "surrogateescape")
    except OSError:
        return ""
    kind = file_system(folder, mounts)
    return kind if kind in SILENT else ""


def file_system(folder: str, mounts: str) -> str:
    """Return the type of the file system that holds an absolute path, "" if that is not known.

    `mounts` is the text of `/proc/self/mountinfo` (proc(5)).
    """
    longest, found = -1, ""
    for line in mounts.splitlines():
        before, dash, after = line.partition(" - ")
        parts = before.split(" ")
        if not dash or len(parts) <= _MOUNT_POINT:
            continue
        point = _OCTAL.sub(lambda octal: chr(int(octal[1], 8)), parts[_MOUNT_POINT]).rstrip("/")
        # Of two at one place the later one lies over the other.
        if len(point) >= longest and (folder == point or folder.startswith(f"{point}/")):
            longest, found = len(point), after.split(" ")[0]
    return found


_MOUNT_POINT = 4
"""The number of the field, from 0."""
