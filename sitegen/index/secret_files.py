"""Files that look like secrets by their names: published only where the site says so. Pure.

Keys and passwords get into `static/` with a folder that was copied there, and nobody sees hidden
files. `.well-known/` is there to be published, whatever it holds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase

from sitegen.config.theme_places import THEMES
from sitegen.model.documents import Source
from sitegen.model.errors import Location, Problem
from sitegen.model.source_folders import DOCUMENT_SUFFIXES, DOCUMENTS
from sitegen.model.urls import normal_form
from sitegen.scan.sources import STATIC

NAMES = frozenset(
    {
        ".env", ".htpasswd", ".netrc", "_netrc", ".npmrc", ".pypirc", ".pgpass", ".my.cnf",
        ".s3cfg", ".boto", ".dockercfg", ".git-credentials", ".gitconfig", ".vault-token",
        ".bash_history", ".zsh_history", "id_rsa", "id_dsa", "id_ecdsa", "id_ecdsa_sk",
        "id_ed25519", "id_ed25519_sk",
    }
)  # fmt: skip
"""The names of such files, in lower case."""

SUFFIXES = frozenset(
    {
        "env", "pem", "key", "ppk", "p12", "pfx", "jks", "keystore", "kdbx", "ovpn", "tfstate",
    }
)  # fmt: skip
"""How their names end, after the last dot."""

FOLDERS = frozenset({".ssh", ".gnupg", ".aws", ".azure", ".gcloud", ".kube", ".docker"})
"""Folders all of whose files are secrets."""

PUBLIC = ".well-known"
"""The folder of what is for everybody (RFC 8615)."""


def without_secrets(
    sources: Mapping[str, Source], publish: Collection[str]
) -> tuple[Mapping[str, Source], list[Problem]]:
    """Return the files of a site that may be published, and a warning for each of the others.

    `publish` are the patterns of names and paths that the site allows.
    """
    held_back = [
        path
        for path in sources
        # Of many sources nearly all are documents, which are published as pages only.
        if not path.endswith(DOCUMENT_SUFFIXES) or path.startswith((f"{STATIC}/", f"{THEMES}/"))
        if is_secret(path, publish)
    ]
    if not held_back:
        return sources, []
    gone = set(held_back)
    kept = {path: source for path, source in sources.items() if path not in gone}
    return kept, [_warning(path) for path in held_back]


def is_secret(path: str, publish: Collection[str] = ()) -> bool:
    """Whether a source file looks like a secret, and matches none of the patterns `publish`."""
    root, _, below = path.partition("/")
    if root == THEMES:
        _, root, below = (*below.split("/", 2), "", "")[:3]
    if root not in (STATIC, *DOCUMENTS) or below.startswith(f"{PUBLIC}/"):
        return False
    return _looks_secret(below.casefold()) and not any(
        _allows(normal_form(item), normal_form(below)) for item in publish
    )


def _looks_secret(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return (
        name in NAMES
        or name.startswith(".env.")
        or ("." in name and name.rpartition(".")[2] in SUFFIXES)
        or ("/." in f"/{folder}" and not FOLDERS.isdisjoint(folder.split("/")))
    )


def _allows(pattern: str, below: str) -> bool:
    """Whether a pattern names a file, by its name alone or by its path below `static/`."""
    return fnmatchcase(below, pattern) or fnmatchcase(below.rpartition("/")[2], pattern)


def _warning(path: str) -> Problem:
    name = path.rpartition("/")[2]
    message = "the file looks like a secret by its name, and is not published"
    hint = f'move it out of the site; to publish it, set `publish = ["{name}"]` in [hosting]'
    return Problem(message, Location(path), hint, "warning")
