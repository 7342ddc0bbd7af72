"""A deployment from beginning to end: a target's name → the site there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from sitegen.config.settings import DeployTarget
from sitegen.deploy.cloud import CloudDestination
from sitegen.deploy.contents import Contents, require_brotli
from sitegen.deploy.folder import FolderDestination
from sitegen.deploy.git_branch import GitBranch
from sitegen.deploy.outgoing import Outgoing, outgoing
from sitegen.deploy.publication import Destination, Outcome, Tell, Wishes, publish
from sitegen.deploy.ready import Ready
from sitegen.deploy.rsync import RsyncDestination
from sitegen.deploy.steps import purge_list
from sitegen.model.errors import Problem, UsageError, did_you_mean
from sitegen.model.urls import Base


class Result(NamedTuple):
    """What a deployment did, or would do."""

    outcome: Outcome
    purge: tuple[str, ...]
    """The URLs of which caches must forget their copies."""
    sent_bytes: int


def chosen(targets: Mapping[str, DeployTarget], name: str | None) -> tuple[str, DeployTarget]:
    """Return the target of this name, or the only one. Raises `UsageError` if there is none."""
    if not targets:
        hint = "add a table [deploy.production] with `kind` and `to` to the configuration"
        raise UsageError(Problem("no target to deploy to", hint=hint))
    known = ", ".join(targets)
    if name is None:
        if len(targets) > 1:
            message = "there are several targets: which one?"
            raise UsageError(Problem(message, hint=f"sitegen deploy TARGET, one of: {known}"))
        (name,) = targets
    if name not in targets:
        hint = did_you_mean(name, targets) or f"known: {known}"
        raise UsageError(Problem(f'there is no target "{name}"', hint=hint))
    return name, targets[name]


def deploy(site: Path, target: DeployTarget, ready: Ready, wishes: Wishes, tell: Tell) -> Result:
    """Bring the target in step with a build, and return what was done."""
    if "br" in target.precompress:
        require_brotli()
    files = outgoing(ready.files, target)
    contents = Contents(ready.output)
    build = (ready.base_url, ready.at)
    if target.kind == "git":
        outcome = GitBranch(target, contents, site).publish(files, build, wishes, tell)
    else:
        place = _destination(site, target, contents)
        outcome = publish(place, files, build, wishes, tell)
    touched = tuple(_as_asked_for(outcome.touched, files))
    base = Base.parse(ready.base_url)
    size = sum(item.size for item in outcome.steps.sent)
    return Result(outcome, tuple(purge_list(touched, outcome.steps.new, base)), size)


def _destination(site: Path, target: DeployTarget, contents: Contents) -> Destination:
    if target.kind == "rsync":
        return RsyncDestination(target, contents, site)
    if target.kind == "cloud":
        return CloudDestination(target, contents)
    return FolderDestination(site / Path(target.to).expanduser(), contents, site)


def _as_asked_for(paths: tuple[str, ...], files: Mapping[str, Outgoing]) -> Iterator[str]:
    """Yield the paths that readers ask for: compressed copies are sent in their place."""
    known = {*paths, *files}
    for path in paths:
        item = files.get(path)
        is_copy = item.source != path if item else _without_suffix(path) in known
        if not is_copy:
            yield path


def _without_suffix(path: str) -> str:
    return path.removesuffix(".gz").removesuffix(".br") if path.endswith((".gz", ".br")) else ""
