"""The bytes of what is sent, from the output folder, held against what the build left there."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

from sitegen.deploy.outgoing import Outgoing
from sitegen.model.errors import Problem, SitegenError, UsageError
from sitegen.output.staging import content_digest

LEVEL = 9


class Contents:
    """Reads the files of an output folder for sending them."""

    def __init__(self, folder: Path) -> None:
        """Take the output folder."""
        self.folder = folder

    def place(self, item: Outgoing) -> Path:
        """Return the file of the output folder that `item` is made from."""
        return self.folder / item.source

    def data(self, item: Outgoing) -> bytes:
        """Return what the target is to hold.

        Raises `SitegenError` if the output folder no longer holds what was built.
        """
        try:
            data = self.place(item).read_bytes()
        except OSError:
            raise changed(item.source) from None
        if content_digest(data) != item.content:
            raise changed(item.source)
        if item.encoding == "gz":
            return gzip.compress(data, LEVEL, mtime=0)
        return _brotli(data) if item.encoding == "br" else data

    def check(self, items: Iterable[Outgoing]) -> None:
        """Raise `SitegenError` unless the files that another program read are still the same."""
        for item in items:
            self.data(item._replace(encoding=""))

    def stage(self, item: Outgoing, folder: Path) -> None:
        """Write what is made from a file below `folder`, at its path at the target."""
        place = folder / item.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(self.data(item))


def changed(path: str) -> SitegenError:
    """Return the error for a file that is no longer as it was built."""
    message = f"{path} was changed in the output folder while it was sent"
    return SitegenError(Problem(message, hint="deploy again: what was sent is not sent twice"))


def require_brotli() -> None:
    """Raise `UsageError` if brotli is wanted and not installed."""
    try:
        import brotli  # noqa: F401, PLC0415 - an extra
    except ImportError:
        raise UsageError(
            Problem("brotli is not installed", hint='pip install "sitegen[brotli]"')
        ) from None


def _brotli(data: bytes) -> bytes:
    import brotli  # noqa: PLC0415 - an extra

    packed: bytes = brotli.compress(data, mode=brotli.MODE_TEXT, quality=11)
    return packed
