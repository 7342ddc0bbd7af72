"""Packages with themes, as pip leaves them in a folder of `sys.path`: with files alone."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.sitefactory import write


def install_theme(
    folder: Path, name: str, module: str, files: Mapping[str, str], version: str = "1.0"
) -> None:
    """Install the theme `name` into `folder`, in place of an earlier version.

    `module` is the package that holds `files`, by their paths below it.
    """
    outermost = module.partition(".")[0]
    uninstall_theme(folder, outermost)
    write(folder / module.replace(".", "/"), files)
    write(folder / outermost, {"__init__.py": "raise RuntimeError('imported')"})
    metadata = f"Metadata-Version: 2.1\nName: {outermost}\nVersion: {version}\n"
    entry = f"[sitegen.themes]\n{name} = {module}\n"
    write(folder / f"{outermost}.dist-info", {"METADATA": metadata, "entry_points.txt": entry})


def uninstall_theme(folder: Path, outermost: str, *, metadata: bool = True) -> None:
    """Remove a package, and its metadata if they are to go, too."""
    shutil.rmtree(folder / outermost, ignore_errors=True)
    if metadata:
        shutil.rmtree(folder / f"{outermost}.dist-info", ignore_errors=True)
