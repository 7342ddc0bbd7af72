"""What a target's configuration may say: `[deploy.NAME]`, checked. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from fractions import Fraction

from sitegen.config.settings import DeployTarget
from sitegen.model.errors import Location, Problem, did_you_mean

ENCODINGS = ("gz", "br")

ONLY_FOR = {
    "ssh": "rsync",
    "branch": "git",
    "history": "git",
    "cname": "git",
    "endpoint": "cloud",
    "region": "cloud",
    "parallel": "cloud",
    "cache_pages": "cloud",
    "cache_feeds": "cloud",
    "cache_files": "cloud",
}
"""The kind of target that a key says something about."""

EXAMPLES = {
    "folder": '"/srv/www/paper"',
    "rsync": '"user@example.org:/srv/www/paper"',
    "git": '"origin" or "git@example.org:me/paper.git"',
    "cloud": '"s3://bucket", "gs://bucket" or "az://container"',
}

_PASSWORD = re.compile(r"^[a-z+.-]+://[^/@\s]*:[^/@\s]*@", re.IGNORECASE)
_TOKEN = re.compile(r"^https?://[^/@\s]+@", re.IGNORECASE)
_CLOUD = re.compile(r"(s3|gs|az)://([^/\s]+)(/\S*)?")
_HOST = re.compile(r"(rsync://|\[?[\w.@:-]+\]?:).+")
_PERCENTAGE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?) ?%", re.ASCII)
_DOMAIN = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+")

Locate = Callable[[tuple[str, ...]], Location]


def target_problems(name: str, target: DeployTarget, location: Locate) -> Iterator[Problem]:
    """Yield a problem for each value that has the right type but cannot be.

    `location` gives the place of a key. No message repeats an address that holds a password.
    """

    def place(key: str) -> Location:
        return location(("deploy", name, key))

    if not re.fullmatch(r"[\w.-]+", name):
        message = f'"{name}" cannot be the name of a target'
        yield Problem(message, location(("deploy", name)), "use letters, digits, . - and _")
    if not target.kind:
        message = f'the target "{name}" has no "kind"'
        hint = f'add it, for instance `kind = "{_kind(target.to)}"`'
        yield Problem(message, location(("deploy", name)), hint)
    if not target.to:
        hint = f"add it: to = {EXAMPLES[target.kind or 'rsync']}"
        yield Problem(f'the target "{name}" has no "to"', location(("deploy", name)), hint)
    elif _PASSWORD.match(target.to) or (target.kind == "git" and _TOKEN.match(target.to)):
        message = f'"deploy.{name}.to" holds a password or token, which do not belong in a file'
        # Without a line: a code frame would show it.
        yield Problem(
            message,
            Location(place("to").path),
            "set it in the environment instead (see docs/deploying.md)",
        )
        return  # the code frames of other messages could show it, too
    else:
        yield from _address_problems(target, place("to"))
    for item in fields(target):
        only = ONLY_FOR.get(item.name, target.kind)
        if target.kind and only != target.kind and getattr(target, item.name) != item.default:
            message = f'"{item.name}" has no effect on a target of kind "{target.kind}"'
            yield Problem(
                message, place(item.name), f'remove it: it is for targets of kind "{only}"'
            )
    yield from _value_problems(target, place)


def share(percentage: str) -> Fraction:
    """Return the share that a percentage says, from 0 to 1: `10%` is a tenth.

    Raises `ValueError` for a text that is none.
    """
    found = _PERCENTAGE.fullmatch(percentage)
    part = Fraction(found[1]) / 100 if found else Fraction(-1)
    if not 0 <= part <= 1:
        message = f'"{percentage}" is not a percentage'
        raise ValueError(message)
    return part


def share_problems(percentage: str, place: Location) -> Iterator[Problem]:
    """Yield a problem if `percentage`, which stands at `place`, is none."""
    try:
        share(percentage)
    except ValueError as error:
        yield Problem(str(error), place, 'write a percentage from "0%" to "100%", such as "10%"')


def _kind(to: str) -> str:
    """Return the kind of target that an address looks like."""
    if _CLOUD.fullmatch(to):
        return "cloud"
    if to.endswith(".git"):
        return "git"
    return "rsync" if ":" in to else "folder"


def _address_problems(target: DeployTarget, place: Location) -> Iterator[Problem]:
    wrong = target.to.startswith("-") or any(ord(char) < 32 for char in target.to)  # noqa: PLR2004 - control characters
    if target.kind == "cloud":
        wrong = wrong or not _CLOUD.fullmatch(target.to)
    elif target.kind == "rsync":
        is_path = "/" in target.to and ":" not in target.to
        wrong = wrong or not (is_path or _HOST.fullmatch(target.to))
    if wrong:
        where = f'a target of kind "{target.kind}"' if target.kind else "a target"
        message = f'"{target.to}" is not an address for {where}'
        hint = f"for instance {EXAMPLES[target.kind]}" if target.kind else None
        yield Problem(message, place, hint)


def _value_problems(target: DeployTarget, place: Callable[[str], Location]) -> Iterator[Problem]:
    for key in ("max_deletes", "cache_pages", "cache_feeds", "cache_files"):
        if getattr(target, key) < 0:
            yield Problem(f'"{key}" must be at least 0', place(key))
    yield from share_problems(target.max_lost_articles, place("max_lost_articles"))
    if target.parallel < 1:
        yield Problem('"parallel" must be at least 1', place("parallel"))
    for encoding in target.precompress:
        if encoding not in ENCODINGS:
            hint = did_you_mean(encoding, ENCODINGS) or 'known: "gz" and "br"'
            message = f'unknown compression "{encoding}"'
            yield Problem(message, place("precompress"), hint)
    if target.kind == "cloud" and "br" in target.precompress:
        message = "cloud storage serves one encoding to all browsers, and not all support brotli"
        yield Problem(message, place("precompress"), 'write `precompress = ["gz"]`')
    if target.cname and not _DOMAIN.fullmatch(target.cname):
        message = f'"{target.cname}" is not a domain'
        yield Problem(message, place("cname"), 'write a bare domain: "www.example.org"')
    if not re.fullmatch(r"(?!-)[^\s~^:?*\[\\]+", target.branch) or ".." in target.branch:
        yield Problem(f'"{target.branch}" is not a valid branch name', place("branch"))
    if target.endpoint and not re.fullmatch(r"https?://[^\s@?#]+", target.endpoint):
        message = '"endpoint" is not a web address'
        yield Problem(message, place("endpoint"), 'for instance "https://s3.example.org"')
