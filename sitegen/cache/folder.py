"""The folder of what is kept, and what tells other programs that it is a cache."""

from __future__ import annotations

import contextlib
from pathlib import Path

from sitegen.model.refusals import refusal

_KEPT = "sitegen cannot keep here what it needs between builds"

_MARKS = {
    ".gitignore": "# Made by sitegen: nothing in here belongs into version control.\n*\n",
    "CACHEDIR.TAG": (
        "Signature: 8a477f597d28d172789f06886806bc55\n"
        "# This folder is a cache of sitegen: backups can leave it out (https://bford.info/cachedir/).\n"
    ),
}


def make_folder(folder: Path) -> None:
    """Make the folder of what is kept, with the files that say so, where they are not there.

    Raises `UsageError` if the system refuses it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusal(error, str(folder), _KEPT) from None
    for name, text in _MARKS.items():
        # "x" writes neither over a file nor through a link; a full disk must not end a build.
        with contextlib.suppress(OSError), (folder / name).open("x", encoding="utf-8") as file:
            file.write(text)
