"""The files that a build reads beside the folders of a site: one list, for all who must know them.

What is watched, the digest by which `verify` and `deploy --no-build` know the sources again, and
the build itself follow from it.
"""

from __future__ import annotations

from pathlib import Path

from sitegen.config.loading import FILE_NAME, PYPROJECT
from sitegen.model.errors import Location, Problem, SitegenError
from sitegen.model.frozen import FrozenMap

CONFIGURATION = (FILE_NAME, PYPROJECT)
"""The files of which one holds the configuration: `load_config` reads them."""

ADDRESSES = "addresses.tsv"
"""Remembers the addresses that articles had."""

SITE_TEXTS = (ADDRESSES,)
"""The files whose whole text belongs to the sources."""

SITE_FILES = (*CONFIGURATION, *SITE_TEXTS)
"""Everything that a build reads in the site folder itself."""


def read_site_texts(site: Path) -> FrozenMap:
    """Return the texts of `SITE_TEXTS` by name, "" for a file that does not exist.

    Raises `SitegenError` if one cannot be read.
    """
    return FrozenMap({name: _read(site, name) for name in SITE_TEXTS})


def _read(site: Path, name: str) -> str:
    try:
        return (site / name).read_text("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise SitegenError(
            Problem("the file is not UTF-8", Location(name), "save it as UTF-8")
        ) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise SitegenError(Problem(f"cannot be read: {reason}", Location(name))) from None
