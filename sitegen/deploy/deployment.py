"""A deployment from beginning to end: a target's name → the site there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from sitegen.config.settings import DeployTarget
from sitegen.deploy.builds import DeployableBuild
from sitegen.deploy.cloud import CloudDestination
from sitegen.deploy.contents import Contents, require_brotli
from sitegen.deploy.folder import FolderDestination
from sitegen.deploy.git_branch import GitBranch
from sitegen.deploy.plan import purge_list
from sitegen.deploy.refusals import DeployOptions
from sitegen.deploy.rsync import RsyncDestination
from sitegen.deploy.sync import Destination, Outcome, sync
from sitegen.deploy.target_files import TargetFile, target_files
from sitegen.deploy.target_state import Version
from sitegen.model.errors import Problem, UsageError, did_you_mean
from sitegen.model.urls import Base
from sitegen.work.progress import Progress


class Result(NamedTuple):
    """What a deployment did, or would do."""

    outcome: Outcome
    purge: tuple[str, ...]
    """The URLs of which caches must forget their copies."""
    sent_bytes: int


def choose_target(
    targets: Mapping[str, DeployTarget], name: str | None
) -> tuple[str, DeployTarget]:
    """Return the target of this name, or the only one. Raises `UsageError` if there is none."""
    if not targets:
        hint = "add a table `[deploy.production]` with `kind` and `to` to sitegen.toml"
        raise UsageError(Problem("no deployment target is configured", hint=hint))
    known = ", ".join(targets)
    if name is None:
        if len(targets) > 1:
            hint = f"choose one with `sitegen deploy TARGET`: {known}"
            raise UsageError(Problem("several deployment targets are configured", hint=hint))
        (name,) = targets
    if name not in targets:
        hint = did_you_mean(name, targets) or f"known targets: {known}"
        raise UsageError(Problem(f'unknown target "{name}"', hint=hint))
    return name, targets[name]


def deploy(
    site: Path,
    target: DeployTarget,
    build: DeployableBuild,
    options: DeployOptions,
    progress: Progress,
) -> Result:
    """Bring the target in step with a build, and return what was done."""
    if "br" in target.precompress:
        require_brotli()
    files = target_files(build.files, target)
    contents = Contents(build.output)
    version = Version(build.base_url, build.at, build.articles.urls)
    if target.kind == "git":
        branch = GitBranch(target, contents, site)
        outcome = branch.deploy(files, version, build.articles, options, progress)
    else:
        destination = _destination(site, target, contents)
        outcome = sync(destination, files, version, build.articles, options, progress)
    touched = tuple(_without_compressed_copies(outcome.touched, files))
    base = Base.parse(build.base_url)
    size = sum(item.size for item in outcome.plan.sent)
    return Result(outcome, tuple(purge_list(touched, outcome.plan.new, base)), size)


def _destination(site: Path, target: DeployTarget, contents: Contents) -> Destination:
    if target.kind == "rsync":
        return RsyncDestination(target, contents, site)
    if target.kind == "cloud":
        return CloudDestination(target, contents)
    return FolderDestination(site / Path(target.to).expanduser(), contents, site)


def _without_compressed_copies(
    paths: tuple[str, ...], files: Mapping[str, TargetFile]
) -> Iterator[str]:
    """Yield the paths that readers ask for: compressed copies are sent in their place."""
    known = {*paths, *files}
    for path in paths:
        item = files.get(path)
        is_copy = item.source != path if item else _without_suffix(path) in known
        if not is_copy:
            yield path


def _without_suffix(path: str) -> str:
    return path.removesuffix(".gz").removesuffix(".br") if path.endswith((".gz", ".br")) else ""
