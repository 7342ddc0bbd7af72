"""What the figures were measured on, and with what: no names and no paths."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.peers import Variant, program

_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)?")

LIBRARIES = ("jinja2", "markdown")


def describe() -> dict[str, str]:
    """Return processor, cores, memory, kernel and Python of this machine."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
    }


def versions(variants: Iterable[Variant]) -> dict[str, str]:
    """Return the versions of the programs that are measured, and of what sitegen stands on."""
    found = {}
    for name in dict.fromkeys(variant.program for variant in variants):
        words = program(name)
        if words is None:
            continue
        command = [*words, "version" if name == "hugo" else "--version"]
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        match = _VERSION.search(told)
        found[name] = match[0] if match else "unknown"
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8", errors="replace")
    except OSError:
        return platform.machine()
    match = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return match[1].strip() if match else platform.machine()
