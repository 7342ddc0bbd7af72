"""The versions of other packages for which our fast paths are proven, and the guard on them.

A fast path does a package's work by way of parts that the package does not promise to keep. Tests
compare it with the package itself, in the versions that are listed here. With any other version,
a patch version too, the package does the work itself: the output is the same, and takes longer.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple


class ProvenVersions(NamedTuple):
    """A package, and the versions of it for which a fast path is proven."""

    fast_path: str
    """What it is for, as the beginning of a note."""
    package: str
    """As pip knows it."""
    versions: tuple[str, ...]
    """`3.1.6` is that version alone, `7.1.*` each that begins so."""
    otherwise: str
    """What happens with any other version, as the end of a note."""

    @property
    def is_proven(self) -> bool:
        """Whether the installed version is one of them."""
        found = installed_version(self.package)
        return any(
            f"{found}.".startswith(known[:-1]) if known.endswith("*") else found == known
            for known in self.versions
        )

    def note(self) -> str:
        """Return what to tell people, or "" where there is nothing to tell."""
        if self.is_proven:
            return ""
        found = installed_version(self.package) or "an unknown version"
        known = ", ".join(self.versions)
        return (
            f"{self.fast_path} is tested with {self.package} {known}, not {found}; {self.otherwise}"
        )


MARKDOWN = ProvenVersions(
    "the fast path for Markdown", "markdown", ("3.11.3",), "parsing articles takes longer"
)
"""For `sitegen.markdown.fast`. Python-Markdown 3.11.2 lacks parts that it builds upon."""

JINJA = ProvenVersions(
    "the fast path for templates", "jinja2", ("3.1.6",), "rendering pages takes longer"
)
"""For `sitegen.render.codegen`. Tracking needs Jinja2 3.1 in any case, as pyproject.toml says."""

MARKUPSAFE = ProvenVersions(
    "the fast path for escaping",
    "markupsafe",
    ("3.0.0", "3.0.1", "3.0.2", "3.0.3", "3.0.4"),
    "rendering pages takes longer",
)
"""For the private function that `sitegen.render.codegen` escapes with."""

WATCHDOG = ProvenVersions(
    "watching with inotify",
    "watchdog",
    ("7.1.*",),
    "polling for changes every second instead",
)
"""For `sitegen.watch.inotify`. A late event is no wrong output, so patch versions may pass."""


def notes_on_building() -> tuple[str, ...]:
    """Return what to tell people of the packages that a build uses."""
    return tuple(note for used in (MARKDOWN, JINJA, MARKUPSAFE) if (note := used.note()))


@cache
def installed_version(package: str) -> str:
    """Return the version of a package that is installed, "" where it is not known."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
