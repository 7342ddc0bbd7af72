"""The published search index, read back for tests as its readers in the browser read it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from tests.sitefactory import tree

INDEX = "output/search/index"


def shards(site: Path) -> dict[str, dict[str, Any]]:
    """Return the listed shards by their names (`2024-en`)."""
    listed = json.loads((site / INDEX / "shards.json").read_bytes())
    return {shard["path"].strip("/"): shard for shard in listed["shards"]}


def results(site: Path, shard: str) -> dict[str, dict[str, Any]]:
    """Return what the results of a shard show, by their URLs."""
    folder = site / INDEX / shard / "fragment"
    found = [json.loads(plain(path.read_bytes())) for path in sorted(folder.iterdir())]
    return {result["url"]: result for result in found}


def plain(data: bytes) -> bytes:
    """Return what a file of the index says: unpacked, without its signature."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    return gzip.decompress(data).removeprefix(b"pagefind_dcd")


def everything(site: Path) -> bytes:
    """Return every byte of the index, unpacked."""
    return b"\n".join(plain(data) for data in index_files(site).values())


def index_files(site: Path) -> dict[str, bytes]:
    """Return the files of the index by their path below its folder."""
    return tree(site / INDEX)
