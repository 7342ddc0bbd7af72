"""The findings of a check: rule, location, message and severity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import NamedTuple, get_type_hints

from sitegen.config.settings import Check, Level
from sitegen.model.errors import Location, Problem, Severity

BUILD = "build"
"""The rule of problems that the build itself reports. Their severity is the build's."""


class Finding(NamedTuple):
    """One violation of a rule."""

    rule: str
    """As in the documentation: `broken-link`."""
    message: str
    location: Location
    """In the source if it was written there; else in the output."""
    hint: str | None = None
    page: str = ""
    """The URL of the page, the first of several, on which it was seen; "" if on none."""
    pages: int = 0
    """On how many pages it was seen."""
    severity: Severity = "warning"


def rules() -> tuple[str, ...]:
    """Return the names of all rules that the configuration can turn off, in its order."""
    hints = get_type_hints(Check)
    levels = (item.name for item in fields(Check) if hints[item.name] == Level)
    return tuple(name.replace("_", "-") for name in levels)


def level(rule: str, settings: Check) -> str:
    """Return what the configuration says of a rule: `error`, `warning` or `off`."""
    return str(getattr(settings, rule.replace("-", "_")))


def with_severity(findings: Iterable[Finding], settings: Check) -> Iterator[Finding]:
    """Yield the findings that count, with their severity, as the configuration has it."""
    for finding in findings:
        if finding.rule == BUILD:
            yield finding
        elif (severity := level(finding.rule, settings)) != "off":
            yield finding._replace(severity="error" if severity == "error" else "warning")


def deduplicated(findings: Iterable[Finding]) -> list[Finding]:
    """Return each finding once: of those that say the same of a place, one that has a hint."""
    known: dict[tuple[str, str, Location], Finding] = {}
    for finding in findings:
        key = (finding.rule, finding.message, finding.location)
        if key not in known or (finding.hint and not known[key].hint):
            known[key] = finding
    return list(known.values())


def sort_key(finding: Finding) -> tuple[Location, str, str]:
    """Order findings by file, line and column."""
    return (finding.location, finding.rule, finding.message)


def from_problem(problem: Problem) -> Finding:
    """Return a problem of the build as a finding."""
    location = problem.location or Location("")
    return Finding(BUILD, problem.message, location, problem.hint, severity=problem.severity)


def to_problem(finding: Finding) -> Problem:
    """Return a finding as a problem to show, with the name of its rule."""
    message = finding.message
    if finding.pages > 1:
        message += f", on {finding.pages:,} pages"
    if finding.rule != BUILD:
        message += f" [{finding.rule}]"
    location = finding.location if finding.location.path else None
    return Problem(message, location, finding.hint, finding.severity)
