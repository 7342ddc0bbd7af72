"""What templates are told about pictures: how large they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from io import BytesIO

from sitegen.cache.trace import ABSENT, Answer, digest, fingerprint
from sitegen.index.site import PICTURES, Site
from sitegen.model.documents import Source
from sitegen.queries.kinds import FILES, OWN, WHOLE_SITE, question

_NUMBER = re.compile("([0-9]+)")


class Size:
    """The size of a picture in pixels, which is only measured when a template asks for it.

    0 where it is not known: the file says none, or is no picture.
    """

    __slots__ = ("_read", "_source")

    def __init__(self, read: Callable[[Source], bytes], source: Source) -> None:
        """Measure the file `source` with its bytes from `read`."""
        self._read = read
        self._source = source

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height."""
        return _measured(self._read, self._source)


@lru_cache(maxsize=4096)
def _measured(read: Callable[[Source], bytes], source: Source) -> tuple[int, int]:
    # A picture stands on its article's page and on those that recommend it: it is read once.
    return measure(read(source))


def measure(data: bytes) -> tuple[int, int]:
    """Return width and height of a picture file in pixels, as browsers turn it; else (0, 0)."""
    import imagesize  # noqa: PLC0415 - not needed to compare

    try:
        width, height = imagesize.get(BytesIO(data))
    except Exception:  # noqa: BLE001 - a file may be damaged in any way: then its size is not known
        return (0, 0)
    size = (round(width), round(height))
    return size if min(size) > 0 else (0, 0)


@question(
    "picture", about=WHOLE_SITE, scope=OWN, reads=(FILES,), affected=lambda _site, _change: ()
)
def picture(site: Site, path: str) -> Answer:
    """The size of a picture file by its source path, or None if it is not published."""
    root, _, rest = path.partition("/")
    source = site.static.get(rest) if root == "static" else site.files.get(path)
    # Of other files nothing is compared but whether they are there.
    if source is None or path in site.withheld or not path.endswith(PICTURES):
        return Answer(None, ABSENT, ("absent",))
    return Answer(Size(site.read, source), digest("picture", source.digest), (source.digest,))


@question("pictures_in_folder", scope=OWN, reads=(FILES,), affected=lambda _site, _change: ())
def pictures_in_folder(site: Site, folder: str) -> Answer:
    """The names of the pictures in a folder, by its source path in normal form, in order."""
    root, _, rest = folder.partition("/")
    files: Iterable[str] = site.files
    if root == "static":
        files = (f"static/{path}" for path in site.static if path.startswith(rest))
    paths = (path for path in files if path.endswith(PICTURES) and path not in site.withheld)
    names = sorted(
        (path.rpartition("/")[2] for path in paths if path.rpartition("/")[0] == folder),
        key=_as_counted,
    )
    return Answer(tuple(names), fingerprint(names), tuple(names))


def _as_counted(name: str) -> tuple[list[str | int], str]:
    """Return what puts `9.jpg` before `10.jpg`."""
    parts = _NUMBER.split(name)
    counted = [int(part) if place % 2 else part for place, part in enumerate(parts)]
    return counted, name
