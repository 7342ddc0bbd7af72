"""Explains an output: its questions and their answers, and why it was rendered the last time."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sitegen.cache.store import FOLDER, State, Store, lock
from sitegen.cache.trace import Asked, name
from sitegen.model.errors import Problem, SitegenError, did_you_mean
from sitegen.model.urls import Base, check_url, normal_form, output_path, url_of_file

MAX_SHOWN = 8
"""Members of an answer that are named; the others are counted."""


def why(site: Path, url: str, output: Path | None = None) -> dict[str, object]:
    """Return the trace of the output at `url` (a URL, an address or a path of the output).

    Keys: `url`, `path`, `template`, `reason` (why it was rendered the last time), `last_build`
    ("rendered" or "unchanged"), and `answers`, a list of (question, members). Raises
    `SitegenError` if the last build made no such page.
    """
    state = last_state(site, output)
    path = _path(state, url)
    trace = state.traces.get(path)
    if trace is None:
        if path in state.written:
            message = f"{path} is a copy of its source file, and depends on nothing else"
            raise SitegenError(Problem(message))
        known = {url_of_file(item): item for item in state.written}
        hint = did_you_mean("/" + path.removesuffix("index.html"), known)
        raise SitegenError(Problem(f'the last build has no output "{url}"', hint=hint))
    shared = [state.shared.get(item) or Asked(item, b"", ()) for item in trace.shared]
    stale = state.last.stale if state.last else {}
    return {
        "url": str(trace.record[1]),
        "path": path,
        "template": str(trace.record[3]),
        "reason": trace.reason,
        "last_build": "rendered" if path in stale else "unchanged",
        "answers": [(name(item.question), item.members) for item in (*trace.own, *shared)],
    }


def last_state(site: Path, output: Path | None = None) -> State:
    """Return what the last build of an output folder left; `SitegenError` if there is none."""
    folder = site / FOLDER
    with lock(folder), Store(folder, output or site / "output") as store:
        state = store.state()
    if state.last is None:
        hint = "run `sitegen build` first"
        raise SitegenError(Problem("this site has not been built yet", hint=hint))
    return state


def _path(state: State, url: str) -> str:
    """Return the path in the output folder that a URL, an address or such a path means."""
    if url in state.written:  # in the name of a file, # and ? are letters like any other
        return url
    try:
        path = normal_form(unquote(urlsplit(url).path))
    except ValueError:
        raise SitegenError(Problem(f'"{url}" is not a URL')) from None
    prefix = Base.parse(state.last.base_url).prefix if state.last else ""
    if prefix and path.startswith(f"{prefix}/"):
        path = path.removeprefix(prefix)
    path = path if path.startswith("/") else f"/{path}"
    if reason := check_url(path):
        raise SitegenError(Problem(f'"{url}" cannot be a URL of the site: {reason}'))
    return output_path(path)


def why_text(found: dict[str, object]) -> str:
    """Return the answer of `why` for a person."""
    lines = [
        f"{found['url']}  →  {found['path']}, from {found['template']}",
        f"rendered because {found['reason']}",
    ]
    if found["last_build"] == "unchanged":
        lines.append("not rendered by the last build: every answer was the same")
    lines.append("questions:")
    answers = found["answers"]
    assert isinstance(answers, list)  # noqa: S101 - for the type checker
    for question, members in answers:
        shown = ", ".join(str(member) for member in members[:MAX_SHOWN])
        more = f", and {len(members) - MAX_SHOWN} more" if len(members) > MAX_SHOWN else ""
        lines.append(f"  {question}" + (f" → {shown}{more}" if shown else ""))
    return "\n".join(lines)


def why_json(found: dict[str, object]) -> str:
    """Return the answer of `why` as JSON."""
    return json.dumps(found, ensure_ascii=False, indent=2)
