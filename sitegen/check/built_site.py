"""The built site that is checked."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from sitegen.check.finding import level
from sitegen.config.settings import Check
from sitegen.index.site import Site
from sitegen.model.documents import Source
from sitegen.model.errors import Location
from sitegen.plan.outputs import Copy
from sitegen.plan.planning import Plan
from sitegen.work.executor import Workers


class BuiltSite(NamedTuple):
    """A site and its output folder, as the build has left them."""

    folder: Path
    output: Path
    site: Site
    plan: Plan
    copies: dict[str, Copy]
    """What is copied, those under a fingerprinted name too, by path in the output folder."""
    sources: dict[str, Source]
    sizes: dict[str, int]
    """The size of every file of the output folder, by its path."""
    workers: Workers
    shown_as: Path
    """What messages call the output folder, where another one stands in for it."""

    @property
    def settings(self) -> Check:
        """What the configuration says of checks."""
        return self.site.config.check

    def is_on(self, *rules: str) -> bool:
        """Whether one of some rules is not turned off."""
        return any(level(rule, self.settings) != "off" for rule in rules)

    def is_skipped(self, target: str) -> bool:
        """Whether the configuration excludes an address from checks."""
        return any(fnmatchcase(target, pattern) for pattern in self.settings.skip)

    def shown(self, path: str) -> str:
        """Return the path of a file of the output folder as messages show it."""
        place = self.shown_as / path
        if place.is_relative_to(self.folder):
            return place.relative_to(self.folder).as_posix()
        return place.as_posix()

    def place(self, path: str, line: int = 0, column: int = 0) -> Location:
        """Return a place in a file of the output folder; in its source if it is a mere copy."""
        if copy := self.copies.get(path):
            return Location(copy.source.path, line, column)
        return Location(self.shown(path), line, column)

    def source(self, path: str) -> Location:
        """Return the document that a file of the output folder is made from, else the file."""
        output = self.plan.outputs.get(path)
        entry = self.site.document(output.made_from) if output else None
        return Location(entry.teaser.id, entry.url_line) if entry else self.place(path)
