"""Every link within the site leads to a page and a place on it that exist, by lychee."""

import json
import subprocess
import sys
from pathlib import Path

CHECKER = Path(sys.executable).parent / "lychee"


def faults(output: Path, base_url: str, root: Path) -> list[str]:
    """Give a line for each link, picture or fragment that leads nowhere.

    Absolute links to the site itself (canonical ones, say) are followed too; links to other sites
    are not: nothing here goes to the network.

    Args:
        output: the folder of the built site.
        base_url: the address that it was built for, which ends in a slash.
        root: the folder that stands for the host's `/`; `output` itself or a parent of it.

    Raises:
        RuntimeError: the checker gave no report, or found no link at all.
    """
    done = subprocess.run(
        [
            *(str(CHECKER), "--offline", "--include-fragments=full", "--no-progress"),
            *("--index-files", "index.html", "--root-dir", str(root), "--format", "json"),
            *("--remap", f"^{base_url} {output.as_uri()}/", str(output)),
        ],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    try:
        report = json.loads(done.stdout)
    except ValueError as error:
        raise RuntimeError(f"lychee gave no report: {done.stdout}{done.stderr}") from error
    if not report["total"]:
        raise RuntimeError(f"lychee found no link in {output}")
    return [
        f"{Path(file).relative_to(output)}:{_line(entry)}: {_target(entry, root)}:"
        f" {entry['status']['text']}"
        for kind in ("error_map", "timeout_map")
        for file, entries in sorted(report[kind].items())
        for entry in entries
    ]


def _line(entry: dict[str, dict[str, int]]) -> int:
    return entry.get("span", {}).get("line", 0)


def _target(entry: dict[str, str], root: Path) -> str:
    return entry["url"].removeprefix(root.as_uri())
