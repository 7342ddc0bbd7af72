"""Targets for colleagues share nothing with others: drafts must not get where readers are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sitegen.config.settings import DeployTarget
from sitegen.deploy.builds import output_of
from sitegen.model.errors import Problem, UsageError
from sitegen.scan.real_path import real_path


def refuse_preview_mistakes(site: Path, targets: Mapping[str, DeployTarget]) -> None:
    """Raise `UsageError` for each target with `previews` that is where another one is.

    `targets` are all of a configuration, by their names.
    """
    problems = [
        problem
        for name, target in targets.items()
        if target.previews
        for other, item in targets.items()
        if other != name and (other > name or not item.previews)
        if (problem := _shared(site, (name, target), (other, item)))
    ]
    problems += [
        problem for name, target in targets.items() if (problem := _default(site, name, target))
    ]
    if problems:
        raise UsageError(*problems)


def _shared(
    site: Path, preview: tuple[str, DeployTarget], other: tuple[str, DeployTarget]
) -> Problem | None:
    (name, target), (other_name, item) = preview, other
    both = f'the target "{name}", which is for colleagues, and "{other_name}"'
    if _place(site, target) == _place(site, item):
        return Problem(f"{both} have the same place", hint="give each its own `to`")
    if _folder(site, name, target) == _folder(site, other_name, item):
        return Problem(f"{both} have the same output folder", hint="give each its own `output`")
    return None


def _default(site: Path, name: str, target: DeployTarget) -> Problem | None:
    """Return what is wrong with a preview that is built into the folder of the site itself."""
    if target.previews and _folder(site, name, target) == real_path(site / "output"):
        message = (
            f'the target "{name}" is for colleagues, and cannot have the output folder "output"'
        )
        return Problem(message, hint="leave out `output`, or name another folder")
    return None


def _folder(site: Path, name: str, target: DeployTarget) -> Path:
    return real_path(output_of(site, name, target))


def _place(site: Path, target: DeployTarget) -> tuple[str, ...]:
    """Return where a target is; the same for all spellings that are one place to sitegen."""
    to = target.to.rstrip("/")
    is_folder = target.kind == "folder" or (target.kind == "rsync" and ":" not in to)
    if is_folder:
        return ("folder", str(real_path(site / Path(to or "/").expanduser())))
    if target.kind == "git":
        return ("git", to.removesuffix(".git"), target.branch)
    return (target.kind, to, target.endpoint.rstrip("/"))
