"""What the operating system refuses → an error with a path and a hint. Never a bug of ours."""

from __future__ import annotations

import errno

from sitegen.model.errors import Location, Problem, UsageError


def refusal(error: OSError, path: str = "", doing: str = "cannot be used") -> UsageError:
    """Return the error of what the operating system refuses: no bug of ours, and not the site's.

    `path` is where, if the error does not say so better; `doing` what was to be done with it.
    """
    where = path or (error.filename if isinstance(error.filename, str) else "")
    told = error.strerror or str(error)
    message = f"{doing}: {told}" if where else told
    return UsageError(
        Problem(message, Location(where) if where else None, _HINTS.get(error.errno or 0))
    )


_HINTS = {
    **dict.fromkeys((errno.EACCES, errno.EPERM), "may you read and write there?"),
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "make room on the disk, and try again"),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), "allow more open files: `ulimit -n 4096`"),
    **dict.fromkeys((errno.EEXIST, errno.ENOTDIR), "move away what lies there, or above"),
    errno.EROFS: "the disk is read-only: name another place, or write to another disk",
    errno.EIO: "the disk has a fault: look at the system's log",
}
"""What may help, by what the operating system says."""
