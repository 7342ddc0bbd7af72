"""Tests run as `root` in containers, to whom the system refuses no file.

Without two of its capabilities the user is bound by permissions as any other, and still owns its
own files (capabilities(7), capset(2)).
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

_VERSION = 0x20080522
_OVERRIDES = 1 << 1 | 1 << 2
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Set(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


@contextmanager
def bound_by_permissions() -> Iterator[None]:
    """Let permissions hold for this thread, also where it is root's."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = _Header(_VERSION, 0), (_Set * 2)()
    _call(libc.capget, header, sets)
    had = sets[0].effective
    sets[0].effective = had & ~_OVERRIDES
    _call(libc.capset, header, sets)
    try:
        yield
    finally:
        sets[0].effective = had
        _call(libc.capset, header, sets)


def _call(function: ctypes._NamedFuncPointer, header: _Header, sets: ctypes.Array[_Set]) -> None:
    if function(ctypes.byref(header), sets):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
