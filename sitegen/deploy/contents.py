"""The bytes to send, from the output folder, compared with what the build left there."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

from sitegen.deploy.target_files import TargetFile
from sitegen.model.distribution import install_hint
from sitegen.model.errors import Problem, SitegenError, UsageError
from sitegen.output.staging import content_digest

LEVEL = 9
"""Of gzip."""

RESUME = "run `sitegen deploy` again: what has arrived is not sent twice"
"""The hint for a deployment that has failed on its way."""


class Contents:
    """Reads the files of the output folder `folder` for sending them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def source(self, item: TargetFile) -> Path:
        """Return the file of the output folder that `item` is made from."""
        return self.folder / item.source

    def data(self, item: TargetFile) -> bytes:
        """Return what the target is to hold.

        Raises `SitegenError` if the output folder no longer holds what was built.
        """
        try:
            data = self.source(item).read_bytes()
        except OSError:
            raise changed(item.source) from None
        if content_digest(data) != item.digest:
            raise changed(item.source)
        if item.encoding == "gz":
            return gzip.compress(data, LEVEL, mtime=0)
        return _brotli(data) if item.encoding == "br" else data

    def check(self, items: Iterable[TargetFile]) -> None:
        """Raise `SitegenError` if files that another program has read are no longer as built."""
        for item in items:
            self.data(item._replace(encoding=""))

    def stage(self, item: TargetFile, folder: Path) -> None:
        """Write what is made from a file below `folder`, at its path at the target."""
        path = folder / item.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.data(item))


def changed(path: str) -> SitegenError:
    """Return the error for a file that is no longer as it was built."""
    message = f'"{path}" changed in the output folder during the deployment'
    return SitegenError(Problem(message, hint=RESUME))


def require_brotli() -> None:
    """Raise `UsageError` if brotli is not installed."""
    try:
        import brotli  # noqa: F401, PLC0415 - an extra
    except ImportError:
        raise UsageError(
            Problem(
                "`brotli` is not installed",
                hint=install_hint("brotli"),
            )
        ) from None


def _brotli(data: bytes) -> bytes:
    import brotli  # noqa: PLC0415 - an extra

    packed: bytes = brotli.compress(data, mode=brotli.MODE_TEXT, quality=11)
    return packed
