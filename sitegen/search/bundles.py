"""Makes Pagefind's output reproducible: the same index with the same bytes each time.

Pagefind 1.5 writes filters and its list of them in a random order, and names files by their
bytes. Here they are sorted and renamed. In the same pass each result gets what the list of
results shows but nobody searches for, and a name that begins with the article's date, so that
results can be put in order without being fetched.

The format (gzip of a signature and CBOR or JSON) is that of Pagefind 1.5, as its program writes it
and its script reads it: https://github.com/Pagefind/pagefind
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Container, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from sitegen.model.errors import exception_text
from sitegen.search.pagefind import PagefindError

SIGNATURE = b"pagefind_dcd"
ENTRY = "pagefind-entry.json"
SCRIPT = "pagefind.js"
"""What a page loads. The other scripts and all stylesheets are for Pagefind's own interface, and
the theme has a worker of its own."""

HASH_SIZE = 5
"""Bytes of a digest in a name: Pagefind's own names have as many."""


FORMAT_ERRORS = (OSError, LookupError, ValueError, TypeError, EOFError, zlib.error)
"""What reading another format than this one raises."""

SHORTEST = 6
"""Digits of the digest in a result's name, which has the minute, too."""

FRAGMENT = "fragment/{}.pf_fragment"


class SearchResult(NamedTuple):
    """What is written into the result of one document."""

    url: str
    stamp: str
    """Begins the name of its file."""
    shown: dict[str, Any]
    """Further metadata, by name."""


class Bundle(NamedTuple):
    """The files of a shard."""

    files: dict[str, bytes]
    """By their path below the shard's folder."""
    tag: str
    """Changes with the content."""
    stemmed: bool
    """Whether Pagefind has a stemmer for the language."""


def read_bundle(folder: Path, results: Sequence[SearchResult]) -> Bundle:
    """Return the index in Pagefind's output `folder` in its published form.

    The documents were `0.html`, `1.html`, …: the places of their `results`. Raises `PagefindError`
    for a folder that does not look as Pagefind 1.5 makes it.
    """
    try:
        return _read(folder, results)
    except FORMAT_ERRORS as error:
        message = f"unknown format of Pagefind's output: {exception_text(error)}"
        raise PagefindError(message) from error


def _read(folder: Path, results: Sequence[SearchResult]) -> Bundle:
    entry = json.loads((folder / ENTRY).read_bytes())
    ((language, index),) = entry["languages"].items()
    version, pages, chunks, filters, _sorts, metas = _decoded(
        folder / f"pagefind.{index['hash']}.pf_meta"
    )
    files: dict[str, bytes] = {}
    for page in pages:
        fragment = json.loads(_unpacked(folder / f"fragment/{page[0]}.pf_fragment"))
        result = results[int(fragment["url"].strip("/").removesuffix(".html"))]
        fragment["url"] = result.url
        fragment["meta"].update(result.shown)
        text = json.dumps(fragment, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        page[0] = _result_name(result.stamp, text.encode(), files)
        files[FRAGMENT.format(page[0])] = _packed(text.encode())
    for *_, name in chunks:
        # As Pagefind made it: its order is that of words and documents.
        files[f"index/{name}.pf_index"] = (folder / f"index/{name}.pf_index").read_bytes()
    ordered = []
    for field, name in sorted(filters):
        values = _decoded(folder / f"filter/{name}.pf_filter")
        data = _encoded([values[0], sorted(values[1])])
        ordered.append([field, _name(language, data)])
        files[f"filter/{ordered[-1][1]}.pf_filter"] = _packed(data)
    meta = _encoded([version, pages, chunks, ordered, [], metas])
    index["hash"] = _name(language, meta)
    files[f"pagefind.{index['hash']}.pf_meta"] = _packed(meta)
    files[ENTRY] = _json(entry)
    return Bundle(files, index["hash"], stemmed=bool(index["wasm"]))


def scripts(folder: Path) -> dict[str, bytes]:
    """Return what a page loads to search, from Pagefind's output `folder`, with an empty index.

    The pages load the empty index first, which is nobody's shard, and then all shards alike.
    """
    try:
        entry = json.loads((folder / ENTRY).read_bytes())
        ((language, index),) = entry["languages"].items()
        old = _decoded(folder / f"pagefind.{index['hash']}.pf_meta")
        meta = _encoded([old[0], [], [], [], [], old[5]])
        engine = f"wasm.{index['wasm'] or 'unknown'}.pagefind"
        files = {name: (folder / name).read_bytes() for name in (SCRIPT, engine)}
    except FORMAT_ERRORS as error:
        message = f"unknown format of Pagefind's output: {exception_text(error)}"
        raise PagefindError(message) from error
    index.update(hash=_name(language, meta), page_count=0)
    files[f"pagefind.{index['hash']}.pf_meta"] = _packed(meta)
    files[ENTRY] = _json(entry)
    return files


def _name(language: str, data: bytes) -> str:
    return f"{language}_{blake2b(data, digest_size=HASH_SIZE).hexdigest()}"


def _result_name(stamp: str, data: bytes, taken: Container[str]) -> str:
    """Return a short name: a reader's browser loads the names of all results of a shard."""
    digest = blake2b(data).hexdigest()
    lengths = range(SHORTEST, len(digest))
    names = (f"{stamp}-{digest[:length]}" for length in lengths)
    return next(name for name in names if FRAGMENT.format(name) not in taken)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _packed(data: bytes) -> bytes:
    return gzip.compress(SIGNATURE + data, mtime=0)


def _unpacked(path: Path) -> bytes:
    data = gzip.decompress(path.read_bytes())
    if not data.startswith(SIGNATURE):
        message = f"{path.name} has no signature"
        raise ValueError(message)
    return data[len(SIGNATURE) :]


def _decoded(path: Path) -> Any:
    import cbor2  # noqa: PLC0415 - an extra

    return cbor2.loads(_unpacked(path))


def _encoded(value: Any) -> bytes:
    import cbor2  # noqa: PLC0415 - an extra

    return bytes(cbor2.dumps(value))
