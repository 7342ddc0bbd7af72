"""Files to be read by an executor, here or where the site folder is not."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from sitegen.config.settings import Config
from sitegen.model.documents import Source
from sitegen.scan.sources import read_source


class FileTask(NamedTuple):
    """A file to read; its bytes are sent along where the worker cannot read it."""

    source: Source
    data: bytes | None = None


class FileContext(NamedTuple):
    """What all tasks of a kind share: site folder, configuration, digest of its settings."""

    site: Path
    config: Config
    settings: str

    def with_data(self, task: FileTask) -> FileTask:
        """Return the same with the file's bytes, for a worker that cannot read it."""
        return task._replace(data=read_source(self.site, task.source))
