"""Where a path leads."""

from __future__ import annotations

import os
from pathlib import Path


def real_path(path: Path) -> Path:
    """Return the path without symbolic links.

    Of a link that leads to itself it is the link: `Path.resolve` raises `RuntimeError` for that up
    to Python 3.12, and nothing later.
    """
    return Path(os.path.realpath(path))
