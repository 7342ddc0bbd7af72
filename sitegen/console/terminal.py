"""What the commands print: problems with their code frames, reports, a progress bar."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sitegen.model.errors import Location, Problem, describe
from sitegen.model.source_folders import ARTICLES, PAGES, TERMS
from sitegen.model.wording import counted
from sitegen.scan.sources import disk_path

if TYPE_CHECKING:
    from sitegen.flow.article_counts import ArticleCounts
    from sitegen.flow.build import Report
    from sitegen.index.scheduled import Kind, ScheduledChange
    from sitegen.work.progress import Progress

MAX_SIMILAR = 3
"""How many problems of one kind are shown in full; the others are counted."""

MAX_TITLES = 3
"""Articles that are named in one line; the others are counted."""

MIN_STEPS = 50
"""A stage with no more steps than this shows no progress bar."""


def problem_texts(
    problems: Sequence[Problem], site: Path | None, *, each: bool = False
) -> Iterator[str]:
    """Yield the text of each problem; of many of one kind, the first and their number.

    With `each`, all of them are told in full.
    """
    kinds = Counter(map(_kind, problems))
    told: Counter[tuple[str, str]] = Counter()
    for problem in problems:
        kind = _kind(problem)
        told[kind] += 1
        if each or told[kind] <= MAX_SIMILAR:
            yield describe(problem, source_text(problem, site))
        if not each and told[kind] == MAX_SIMILAR < kinds[kind]:
            # Here, and not where the next one lies: "this" is what stands right above.
            label = "" if problem.is_error else "warning: "
            yield f"{label}{kinds[kind] - MAX_SIMILAR:,} more like this"
    if not each and any(number > MAX_SIMILAR for number in kinds.values()):
        yield "hint: see each with `--all-problems`"


def _kind(problem: Problem) -> tuple[str, str]:
    """Return the severity, and the message without what is in quotes, numbers and paths."""
    unquoted = '"'.join(problem.message.split('"')[::2])
    return problem.severity, _NUMBER_OR_PATH.sub("…", unquoted)


_NUMBER_OR_PATH = re.compile(r"\S*[\d/]\S*")


def source_text(problem: Problem, site: Path | None) -> str | None:
    """Return the text of the file that a problem lies in, as it is now; None if there is none.

    Not cached: `serve` and `watch` show a file again after it was edited.
    """
    if site is None or problem.location is None or not problem.location.line:
        return None
    try:
        return disk_path(site, problem.location.path).read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return None


def report_json(report: Report) -> str:
    """Return the report of a build as JSON, as `build --json` prints it."""
    return _json(
        {
            "published": report.is_published,
            "found": report.counts.found,
            "articles": report.articles,
            "not_shown": report.counts.not_shown(),
            "standalone": counts_record(report.standalone),
            "pages": report.pages,
            "rendered": len(report.rendered),
            "written": len(report.written),
            "unchanged": report.unchanged,
            "removed": len(report.removed),
            "seconds": round(report.seconds, 3),
            "changed": [*report.written, *report.removed],
            "removed_paths": list(report.removed),
            "next_change": report.next_change.isoformat() if report.next_change else None,
            "next_changes": [scheduled_record(change) for change in report.next_changes],
            **problems_record(report.problems),
        }
    )


UNKNOWN = (
    "found", "articles", "not_shown", "standalone", "pages", "rendered", "written", "unchanged",
    "removed", "seconds", "changed", "removed_paths", "next_change", "next_changes",
)  # fmt: skip
"""Keys of a build's report that are null where the build ended before it had read the site."""


def failure_json(problems: Sequence[Problem]) -> str:
    """Return the report of a build that ended before it had read the site, as JSON."""
    return _json({"published": False, **dict.fromkeys(UNKNOWN), **problems_record(problems)})


def problems_record(problems: Sequence[Problem]) -> dict[str, Any]:
    """Return problems and their numbers, as JSON has them."""
    errors = sum(problem.is_error for problem in problems)
    return {
        "errors": errors,
        "warnings": len(problems) - errors,
        "problems": [problem_record(problem) for problem in problems],
    }


def problem_record(problem: Problem) -> dict[str, Any]:
    """Return a problem, as JSON has it."""
    location = problem.location or Location("")
    return {
        "severity": problem.severity,
        "path": location.path,
        "line": location.line,
        "column": location.column,
        "message": problem.message,
        "hint": problem.hint,
    }


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


def report_text(report: Report, output: Path) -> str:
    """Return the report of a build for a person: a few lines."""
    done = (
        f"{len(report.rendered):,} rendered, {counted(len(report.written), 'file')} written, "
        f"{len(report.removed):,} removed, {report.unchanged:,} unchanged, "
        f"in {report.seconds:.2f} s"
    )
    documents = documents_text(report.counts, report.standalone)
    lines = [f"{documents}, {counted(report.pages, 'page')}: {done}"]
    lines += not_shown_lines(report.counts, report.standalone)
    if report.next_change:
        what = scheduled_text(report.next_changes)
        lines.append(f"Next scheduled change: {report.next_change.isoformat()}, {what}")
    if not report.has_address:
        lines.append("No feeds and sitemaps: `base_url` is not set")
    lines.append(f"Output: {output}")
    return "\n".join(lines)


def file_texts(report: Report) -> Iterator[str]:
    """Yield a line for each file that a build rendered, with the reason, copied or removed."""
    for path, reason in sorted(report.rendered.items()):
        yield f"rendered {path}: {reason}"
    for path in sorted({*report.written} - report.rendered.keys()):
        yield f"written {path}"
    yield from (f"removed {path}" for path in sorted(report.removed))


def counts_record(counts: ArticleCounts) -> dict[str, Any]:
    """Return how many documents there are and what became of them, as JSON has it."""
    return {"found": counts.found, "shown": counts.shown, "not_shown": counts.not_shown()}


def shown_text(counts: ArticleCounts, noun: str = "article") -> str:
    """Return how many documents are shown: `3 articles`, `830 of 2,423 articles`."""
    if counts.shown == counts.found:
        return counted(counts.found, noun)
    return f"{counts.shown:,} of {counted(counts.found, noun)}"


def documents_text(articles: ArticleCounts, pages: ArticleCounts) -> str:
    """Return how many articles are shown, and how many standalone pages if there are any."""
    more = f" and {shown_text(pages, 'standalone page')}" if pages.found else ""
    return shown_text(articles) + more


def not_shown_lines(articles: ArticleCounts, pages: ArticleCounts) -> Iterator[str]:
    """Yield a line that says how many articles are not shown, and why; and one for pages."""
    for what, counts in (("Not shown", articles), ("Standalone pages not shown", pages)):
        if left := not_shown_text(counts):
            yield f"{what}: {left}"


def counts_text(counts: ArticleCounts, noun: str = "article") -> str:
    """Return how many documents are shown, how many are not, and why, as one line."""
    left = not_shown_text(counts)
    return f"{shown_text(counts, noun)} shown" + (f"; not shown: {left}" if left else "")


def not_shown_text(counts: ArticleCounts) -> str:
    """Return how many documents are not shown, by why they are not; "" if all are shown."""
    words = {
        "drafts": counted(counts.drafts, "draft"),
        "scheduled": f"{counts.scheduled:,} scheduled",
        "expired": f"{counts.expired:,} expired",
        "wrong": f"{counts.wrong:,} with errors",
        "left_out": f"{counts.left_out:,} without an address of its own",
        "ignored": f"{counts.ignored:,} ignored",
    }
    return ", ".join(words[why] for why, number in counts.not_shown().items() if number)


_HAPPENS: Mapping[Kind, tuple[str, str]] = {
    "appears": ("appears", "appear"),
    "expires": ("expires", "expire"),
    "leaves_news": ("leaves the news sitemap", "leave the news sitemap"),
}

_NOUNS = {
    ARTICLES: ("article", "articles"),
    PAGES: ("page", "pages"),
    TERMS: ("text of a term", "texts of terms"),
}
"""What documents are called, by their folders."""


def scheduled_text(changes: Sequence[ScheduledChange]) -> str:
    """Return what happens at one moment: `1 article appears ("Flood"), 2 articles expire (…)`."""
    parts = []
    for (kind, words), (folder, nouns) in product(_HAPPENS.items(), _NOUNS.items()):
        titles = [
            f'"{change.teaser.title}"'
            for change in changes
            if change.kind == kind and change.teaser.id.startswith(f"{folder}/")
        ]
        if titles:
            more = f" and {len(titles) - MAX_TITLES:,} more" if len(titles) > MAX_TITLES else ""
            named = f"{', '.join(titles[:MAX_TITLES])}{more}"
            many = len(titles) > 1
            parts.append(f"{len(titles):,} {nouns[many]} {words[many]} ({named})")
    return ", ".join(parts)


def happens(kind: Kind) -> str:
    """Return what happens to one document: `appears`, `leaves the news sitemap`."""
    return _HAPPENS[kind][0]


def scheduled_record(change: ScheduledChange) -> dict[str, str]:
    """Return what happens to a document by itself, as JSON has it."""
    teaser = change.teaser
    return {"change": change.kind, "path": teaser.id, "url": teaser.url, "title": teaser.title}


@contextmanager
def progress(*, shown: bool = True) -> Iterator[Progress]:
    """Show a progress bar on stderr, on a terminal only; it is removed afterwards.

    Not if it is not to be `shown`.
    """
    if not shown or not sys.stderr.isatty():
        yield _silent
        return
    from tqdm import tqdm  # noqa: PLC0415 - only where there is a terminal

    # Its thread would mend bars that hang; beside a thread no process can be forked.
    tqdm.monitor_interval = 0
    bars: dict[str, Any] = {}

    def show(stage: str, done: int, total: int) -> None:
        if total <= MIN_STEPS:
            return
        if stage not in bars:
            for bar in bars.values():
                bar.close()
            bars[stage] = tqdm(total=total, desc=stage, leave=False, file=sys.stderr)
        bars[stage].update(done - bars[stage].n)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Show nothing."""
