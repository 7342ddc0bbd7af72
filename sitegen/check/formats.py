"""The result of a check as JSON and as SARIF. `docs/checking.md` documents the formats."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from sitegen import __version__
from sitegen.check.finding import BUILD, Finding, rules
from sitegen.check.flow import CheckResult
from sitegen.console.terminal import counts_record

VERSION = 1
"""Of the JSON: raised when a key changes its meaning or goes away."""


def as_json(result: CheckResult) -> str:
    """Return the result of a check as JSON."""
    warnings = len(result.findings) - result.errors
    return json.dumps(
        {
            "version": VERSION,
            "found": result.counts.found,
            "not_shown": result.counts.not_shown(),
            "articles": result.articles,
            "standalone": counts_record(result.standalone),
            "pages": result.pages,
            "files": result.files,
            "errors": result.errors,
            "warnings": warnings,
            "findings": [_finding(finding) for finding in result.findings],
        },
        ensure_ascii=False,
        indent=2,
    )


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "path": finding.location.path,
        "line": finding.location.line,
        "column": finding.location.column,
        "message": finding.message,
        "hint": finding.hint,
        "page": finding.page or None,
        "pages": finding.pages,
    }


def as_sarif(result: CheckResult) -> str:
    """Return the result of a check as SARIF 2.1.0, which code hosts show beside the lines."""
    tool = {
        "name": "sitegen check",
        "version": __version__,
        "rules": [{"id": rule} for rule in (BUILD, *rules())],
    }
    run = {
        "tool": {"driver": tool},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding) for finding in result.findings],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    document = {"$schema": schema, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=2)


def _result(finding: Finding) -> dict[str, Any]:
    text = f"{finding.message}. {finding.hint}" if finding.hint else finding.message
    item: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": finding.severity,
        "message": {"text": text},
    }
    location = finding.location
    if location.path:
        place: dict[str, Any] = {"artifactLocation": {"uri": quote(location.path)}}
        if location.line:
            place["region"] = {"startLine": location.line}
            if location.column:
                place["region"]["startColumn"] = location.column
        item["locations"] = [{"physicalLocation": place}]
    return item
