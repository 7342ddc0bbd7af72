"""What an editor is told when something is wrong: where, what, and how to mend it.

A `Problem` is a value: modules return them or raise them in a `SitegenError`, so that a run can
collect every problem before it says anything. Only a bug of ours ends in a traceback.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Literal

Severity = Literal["error", "warning"]
"""An error keeps the site from being published."""

CONTEXT_LINES = 2
"""Lines of source shown before and after the faulty one in a code frame."""

FRAME_WIDTH = 160
"""Characters of a source line shown in a code frame; a longer line is cut around the column."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a source file.

    `path` is relative to the site folder, with forward slashes. `line` and `column` count from 1,
    in characters; 0 means that they are not known.
    """

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return `path`, `path:line` or `path:line:column`, as compilers write it."""
        parts = [self.path]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a message, the place, a hint, and whether it stops the build."""

    message: str
    location: Location | None = None
    hint: str | None = None
    severity: Severity = "error"

    @property
    def is_error(self) -> bool:
        """Whether the site must not be published with this problem."""
        return self.severity == "error"


class SitegenError(Exception):
    """Problems of the site that end what was being done. Never raised for a bug of ours.

    Made of at least one problem, in the order in which they are to be shown.
    """

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(headline(problem) for problem in problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type[SitegenError], tuple[Problem, ...]]:
        """Let the error travel between processes with its problems."""
        return (type(self), self.problems)


class UsageError(SitegenError):
    """The command line or its surroundings are wrong (exit code 2)."""


def problem(
    message: str, location: Location | None = None, hint: str | None = None
) -> SitegenError:
    """Return an error of a single problem, ready to be raised."""
    return SitegenError(Problem(message, location, hint))


def raise_errors(problems: Iterable[Problem]) -> None:
    """Raise `SitegenError` with those of `problems` that are errors, if there are any."""
    if errors := [item for item in problems if item.is_error]:
        raise SitegenError(*errors)


def exception_text(error: BaseException) -> str:
    """Return what an exception of other people's code says, for messages that name no Python type.

    An exception without a text says its name in words: `not implemented error`.
    """
    if isinstance(error, KeyError):
        return f"there is no {error}"
    return str(error) or _CAPITAL.sub(r" \g<0>", type(error).__name__).strip().lower()


_CAPITAL = re.compile("[A-Z][a-z]+")


def sort_key(item: Problem) -> tuple[int, Location, str]:
    """Order problems by file, line and column; those without a place come first."""
    return (0 if item.location is None else 1, item.location or Location(""), item.message)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return `did you mean "World"?` for the nearest of the `known` words, or None."""
    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.7)
    return f'did you mean "{folded[near[0]]}"?' if near else None


def headline(item: Problem) -> str:
    """Return the first line of a problem: `articles/flood.md:4:7: unknown category "Wrold"`."""
    label = "" if item.is_error else "warning: "
    return f"{item.location}: {label}{item.message}" if item.location else f"{label}{item.message}"


def describe(item: Problem, source: str | None = None) -> str:
    """Return the whole text of a problem: headline, code frame, blank line, hint.

    `source` is the text of the file that the problem lies in, or None where it cannot be shown.
    """
    parts = [headline(item)]
    frame = code_frame(source, item.location) if source is not None and item.location else ""
    if frame:
        parts.append(frame)
    if item.hint:
        parts.append(f"\nhint: {item.hint}" if frame else f"hint: {item.hint}")
    return "\n".join(parts)


def describe_html(item: Problem, source: str | None = None) -> str:
    """Return the same as `describe` as an HTML fragment, with everything escaped."""
    frame = code_frame(source, item.location) if source is not None and item.location else ""
    parts = [f"<h2>{escape(headline(item))}</h2>"]
    if frame:
        parts.append(f"<pre>{escape(frame)}</pre>")
    if item.hint:
        parts.append(f"<p>hint: {escape(item.hint)}</p>")
    return "\n".join(parts)


def code_frame(source: str, location: Location) -> str:
    """Return the lines around `location` with numbers and a caret, or "" without a line.

    Takes the text of the file. Tabs become one space and other control characters `·`, so that
    the caret stands where it should; wide characters (East Asian) count as two columns.
    """
    # Not `splitlines`: it also divides at form feeds and U+2028, which no editor counts as lines.
    lines = source.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    if not 1 <= location.line <= len(lines):
        return ""
    first = max(1, location.line - CONTEXT_LINES)
    last = min(len(lines), location.line + CONTEXT_LINES)
    gutter = len(str(last))
    cut = max(0, location.column - FRAME_WIDTH // 2)
    shown = []
    for number in range(first, last + 1):
        text = _printable(lines[number - 1])[cut : cut + FRAME_WIDTH]
        pointer = ">" if number == location.line else " "
        shown.append(f"{pointer} {number:>{gutter}} | {text}".rstrip())
        if number == location.line and location.column:
            indent = sum(_columns(char) for char in text[: location.column - 1 - cut])
            shown.append(f"  {'':>{gutter}} | {' ' * indent}^")
    return "\n".join(shown)


def _printable(line: str) -> str:
    return "".join(" " if char == "\t" else char if char.isprintable() else "·" for char in line)


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):  # stands on the character before it
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
