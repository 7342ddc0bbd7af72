"""Pictures in formats that browsers do not show."""

from __future__ import annotations

from sitegen.model.errors import Location, Problem, Severity
from sitegen.model.references import is_external

_HEIC = (
    "export it as JPEG; an iPhone takes JPEGs with Settings → Camera → Formats → Most Compatible"
)
_UNSHOWN: dict[str, tuple[str, str, Severity]] = {
    **dict.fromkeys((".heic", ".heif", ".hif"), ("HEIC", _HEIC, "error")),
    **dict.fromkeys((".tif", ".tiff"), ("TIFF", "export it as JPEG or PNG", "warning")),
    ".psd": ("Photoshop", "export it as JPEG or PNG", "error"),
}
"""By suffix: what the format is called, what to do, and how bad it is. Safari alone shows TIFF."""


def refused_picture(target: str, place: Location) -> Problem | None:
    """Return the problem of a picture file of the site that most browsers cannot show, or None.

    `target` is as it was written, and `place` where.
    """
    path = target.partition("?")[0].partition("#")[0]
    dot = path.rfind(".")
    found = _UNSHOWN.get(path[dot:].lower()) if dot >= 0 else None
    if found is None or is_external(target):
        return None
    name, hint, severity = found
    message = f'"{target}" cannot be shown by most browsers: it is a {name} file'
    return Problem(message, place, hint, severity)
