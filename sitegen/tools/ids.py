"""Writes into each article without an `id` the identity that it has now.

Nothing changes for readers; but from then on the file can be renamed and given another date.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from sitegen.config.loading import load_config
from sitegen.flow.reading import read_documents
from sitegen.model.errors import Location, Problem, SitegenError, raise_errors
from sitegen.parse.front_matter import FrontMatter, read_front_matter
from sitegen.parse.identity import with_distinct_identities
from sitegen.parse.nodes import untyped_value
from sitegen.scan.sources import disk_path, read_source

_FENCE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(---|\+\+\+)-*\+*[ \t]*(\r?\n)")
_BRACE = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*\r?\n)*")


class Written(NamedTuple):
    """The files that got an id, and those that could not be given one."""

    paths: tuple[str, ...]
    problems: tuple[Problem, ...]


def write_ids(site: Path, *, dry_run: bool = False) -> Written:
    """Write an id into each article that has none; with `dry_run` only tell into which.

    Raises `SitegenError` if articles have errors, or two of them the same id.
    """
    settings = load_config(site)
    files, found = read_documents(site, settings)
    entries, clashes = with_distinct_identities(found.articles())
    raise_errors([*found.problems(), *clashes])
    header_lines = settings.front_matter.dialect == "pelican"
    paths = []
    problems = []
    for entry in sorted(entries, key=lambda item: item.teaser.id):
        if entry.id_line:
            continue
        path, identity = entry.teaser.id, entry.teaser.identity
        text = with_id(read_source(site, files.sources[path]), identity, header_lines=header_lines)
        if text is None:
            hint = f"add it by hand: `id: {identity}`"
            message = "cannot add an id to this front matter"
            problems.append(Problem(message, Location(path), hint, "warning"))
            continue
        if not dry_run:
            _replace(disk_path(site, path), text)
        paths.append(path)
    return Written(tuple(paths), tuple(problems))


def with_id(data: bytes, identity: str, *, header_lines: bool = False) -> bytes | None:
    """Return an article file with an `id` in its front matter, and nothing else changed, or None.

    None where that cannot be done without more: what comes out is read again and compared.
    """
    eol = b"\r\n" if b"\r\n" in data else b"\n"
    if match := _FENCE.match(data):
        sign = b" = " if match[1] == b"+++" else b": "
        value = json.dumps(identity) if match[1] == b"+++" else identity
        line = b"id" + sign + value.encode() + match[2]
    elif match := _BRACE.match(data):
        line = f'"id": {json.dumps(identity)}, '.encode()
    else:
        match = _BEGINNING.match(data)
        line = f"id: {identity}".encode() + eol
        if not header_lines:
            line = b"---" + eol + line + b"---" + eol
    start = match.end() if match else 0
    new = data[:start] + line + data[start:]
    return new if _differs_in_id(data, new, identity, header_lines=header_lines) else None


def _differs_in_id(old: bytes, new: bytes, identity: str, *, header_lines: bool) -> bool:
    before, _ = read_front_matter("", old, header_lines=header_lines)
    after, _ = read_front_matter("", new, header_lines=header_lines)
    if before is None or after is None:
        return False
    return _values(after) == {**_values(before), "id": repr(identity)} and (
        before.body.lstrip("\n") == after.body.lstrip("\n")
    )


def _values(front_matter: FrontMatter) -> dict[str, str]:
    members = front_matter.table.members.items()
    return {name: repr(untyped_value(member.node)) for name, member in members}


def _replace(path: Path, data: bytes) -> None:
    """Write a file beside its place, then rename it: nobody ever finds half of it."""
    beside = path.with_name(f".{path.name}.sitegen-tmp")
    try:
        beside.write_bytes(data)
        shutil.copymode(path, beside)
        os.replace(beside, path)  # noqa: PTH105 - as everywhere
    except OSError as error:
        beside.unlink(missing_ok=True)
        message = f"cannot be written: {error.strerror}"
        raise SitegenError(Problem(message, Location(str(path)))) from None
