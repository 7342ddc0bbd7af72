"""Whether what the configuration says of redirects and headers can be. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from sitegen.config.settings import Config
from sitegen.model.errors import Location, Problem
from sitegen.model.urls import check_url

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The name of a header: RFC 9110, 5.1."""

_ORIGIN = re.compile(r"https?://(?:\*\.)?[\w.-]+(?::[0-9]+)?")

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def hosting_problems(
    config: Config, location: Callable[[tuple[str, ...]], Location]
) -> Iterator[Problem]:
    """Yield a problem for each redirect and header that cannot be."""
    for source, target in config.redirects.items():
        place = location(("redirects", source))
        if reason := _source_fault(source):
            yield Problem(f'"{source}" cannot be redirected: {reason}', place)
        elif reason := _target_fault(target, is_pattern=source.endswith("*")):
            hint = 'write a path or a full address: "/new/", "https://example.org/new/"'
            yield Problem(f'"{source}" cannot redirect to "{target}": {reason}', place, hint)
    for name, value in config.hosting.headers.items():
        place = location(("hosting", "headers", name))
        if not _TOKEN.fullmatch(name):
            yield Problem(f'"{name}" is not a valid header name', place)
        elif not isinstance(value, str) or _CONTROL.search(value):
            yield Problem(f'the header "{name}" must be one line of text', place)
        elif "$" in value and config.hosting.host == "nginx":
            yield Problem(
                f'the header "{name}" cannot contain "$", which nginx reads as a variable', place
            )
    if _CONTROL.search(config.hosting.content_security_policy):
        place = location(("hosting", "content_security_policy"))
        yield Problem('"hosting.content_security_policy" must be one line of text', place)
    yield from _frame_problems(config, location)


def _frame_problems(
    config: Config, location: Callable[[tuple[str, ...]], Location]
) -> Iterator[Problem]:
    for origin in config.hosting.frames:
        if not _ORIGIN.fullmatch(origin):
            hint = 'write scheme and host only: "https://www.youtube-nocookie.com"'
            place = location(("hosting", "frames"))
            yield Problem(f'"{origin}" is not the origin of a frame', place, hint)


def _source_fault(source: str) -> str | None:
    stem = source.removesuffix("*")
    if "*" in stem or (stem != source and not stem.endswith("/")):
        return '"*" is allowed only at the end, after a slash: "/old/*"'
    if stem == "/" != source:
        return "it would match every page"
    return check_url(stem)


def _target_fault(target: object, *, is_pattern: bool) -> str | None:
    if not isinstance(target, str):
        return "it must be text in quotes"
    if re.search(r"[\s\"'<>\\]", target):
        return "it must not contain spaces, quotes, angle brackets or backslashes"
    if ":splat" in target and not (is_pattern and target.endswith("/:splat")):
        return '":splat" is allowed only at the end, if the source ends with "*"'
    if target.startswith("/"):
        return check_url(re.split("[?#]", target)[0])
    try:
        parts = urlsplit(target)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fine = False
    return None if fine else "it must begin with / or https://"
