"""Finds keys and tokens in what is about to be published, by the forms that their makers gave them.

Whatever has such a form is found, wherever it stands: in a page, a script, a feed, a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sitegen.check.built_site import BuiltSite
from sitegen.check.finding import Finding
from sitegen.check.page_checks import IMAGE_SUFFIXES
from sitegen.index.secret_files import is_secret
from sitegen.model.errors import Location

PASSED_OVER = (
    *IMAGE_SUFFIXES, ".mp4", ".webm", ".mov", ".mp3", ".ogg", ".m4a", ".wasm", ".woff", ".woff2",
    ".ttf", ".otf", ".pdf", ".gz", ".br", ".zip", ".pf_index", ".pf_fragment", ".pf_meta",
)  # fmt: skip
"""How the names of files end in which no text can be read as it is."""


class Kind(NamedTuple):
    """A kind of secret."""

    name: str
    sign: bytes
    """What stands in each of them. To look for it takes almost no time."""
    form: re.Pattern[bytes]


def _kind(name: str, sign: str, form: str) -> Kind:
    return Kind(name, sign.encode(), re.compile(form.encode()))


_ALONE = r"(?<![A-Za-z0-9_-])"
"""Before a token: nothing that could belong to it."""

_PEM = r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,300}?[A-Za-z0-9+/]{40}"
"""With the begin of the key itself: an article may name the header alone."""

KINDS = (
    _kind("a private key", "PRIVATE KEY", _PEM),
    _kind("a PuTTY key", "PuTTY-User-Key-File", r"PuTTY-User-Key-File-\d: "),
    _kind("an AWS access key", "AKIA", _ALONE + r"AKIA[A-Z2-7]{16}(?![A-Za-z0-9])"),
    _kind("a temporary AWS access key", "ASIA", _ALONE + r"ASIA[A-Z2-7]{16}(?![A-Za-z0-9])"),
    _kind(
        "an AWS secret key",
        "aws_secret_access_key",
        r"aws_secret_access_key[\"']?\s{0,9}[=:]\s{0,9}[\"']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])",
    ),
    _kind("a GitHub token", "gh", _ALONE + r"gh[pousr]_[A-Za-z0-9]{36}(?![A-Za-z0-9])"),
    _kind("a GitHub token", "github_pat_", _ALONE + r"github_pat_[A-Za-z0-9_]{82}"),
    _kind("a GitLab token", "glpat-", _ALONE + r"glpat-[A-Za-z0-9_-]{20}"),
    _kind("a Slack token", "xox", _ALONE + r"xox[abeoprs]-[0-9A-Za-z-]{20}"),
    _kind("a Stripe key", "k_live_", _ALONE + r"[rs]k_live_[0-9A-Za-z]{24}"),
    _kind("a SendGrid key", "SG.", _ALONE + r"SG\.[\w-]{22}\.[\w-]{43}"),
    _kind("a PyPI token", "pypi-AgE", _ALONE + r"pypi-AgE[\w-]{50}"),
    _kind("an npm token", "npm_", _ALONE + r"npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])"),
    _kind("a Google service account", "private_key_id", r'"private_key_id":\s{0,9}"[0-9a-f]{40}"'),
    _kind("an OpenAI or Anthropic key", "sk-", _ALONE + r"sk-(?:ant|proj|svcacct)-[\w-]{40}"),
    _kind("a password file", ":$", r"(?m)^[\w.@-]{1,64}:\$(?:apr1|2[aby]|5|6)\$[./A-Za-z0-9$]{20}"),
)  # fmt: skip

EXAMPLE = b"EXAMPLE"
"""In the keys with which documentation shows what one looks like."""


class Found(NamedTuple):
    """A secret in a file."""

    path: str
    kind: str
    line: int


def secrets(data: bytes) -> Iterator[tuple[str, int]]:
    """Yield the kind of each secret in a file, with its line; of a kind the first alone."""
    for kind in KINDS:
        if kind.sign not in data:
            continue
        for match in kind.form.finditer(data):
            if EXAMPLE not in match[0]:
                yield kind.name, data.count(b"\n", 0, match.start()) + 1
                break


def secret_chunk(output: Path, chunk: list[str]) -> list[list[Found]]:
    """Read several files of an output folder: the work of an executor."""
    return [
        [Found(path, kind, line) for kind, line in secrets((output / path).read_bytes())]
        for path in chunk
    ]


def _is_looked_into(built: BuiltSite, path: str) -> bool:
    """Whether secrets are looked for in a file: not where the site says that one is meant."""
    copy = built.copies.get(path)
    is_meant = built.is_skipped(f"/{path}") or (copy is not None and is_secret(copy.source.path))
    return not is_meant and not path.casefold().endswith(PASSED_OVER)


def secret_findings(
    built: BuiltSite, read: Callable[[list[str]], Iterable[list[Found]]]
) -> Iterator[Finding]:
    """Yield what looks like a secret in the files of a built site. No message repeats it."""
    paths = sorted(filter(partial(_is_looked_into, built), built.sizes))
    for found in read(paths):
        for path, kind, line in found:
            is_copy = path in built.copies
            place = built.place(path) if is_copy else built.source(path)
            where = f", on line {line:,}" if is_copy else ""
            message = f"what looks like {kind} would be published{where}"
            hint = "remove it, and have a new one made: what was published may be known to others"
            # Without its line: a code frame would show it.
            yield Finding("secret", message, Location(place.path), hint)
