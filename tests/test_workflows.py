"""The workflow files of docs/workflows: they parse, and what they run exists and does its work."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from docs.generate import commands, options
from sitegen.check.limits import HOSTS
from tests.sitefactory import article, make_site, write

FILES = sorted((Path(__file__).parent.parent / "docs/workflows").iterdir())


def parsed(path: Path) -> dict[str, Any]:
    """Return what a workflow file says."""
    text = path.read_text("utf-8")
    found = tomllib.loads(text) if path.suffix == ".toml" else yaml.safe_load(text)
    assert isinstance(found, dict)
    return found


def texts(value: object) -> Iterator[str]:
    """Yield every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def test_the_hosts_have_their_files() -> None:
    """There is a file for each host that is promised."""
    assert [path.name for path in FILES] == [
        "cloudflare-pages.yml",
        "deploy.yml",
        "github-pages.yml",
        "gitlab-ci.yml",
        "netlify.toml",
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_commands_and_options_exist(path: Path) -> None:
    """Every command that a workflow runs is ours, with its options."""
    known = commands()
    uses = re.findall(r"sitegen ([a-z]+[^&|;)\n]*)", "\n".join(texts(parsed(path))))
    assert uses
    for use in uses:
        command, *words = shlex.split(use)
        names = {name for item in options(known[command]) for name in item.option_strings}
        assert {word for word in words if word.startswith("--")} <= names, use
        if "--host" in words:
            assert words[words.index("--host") + 1] in HOSTS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_cache_is_kept(path: Path) -> None:
    """Every workflow keeps `.sitegen` and the output folder from run to run."""
    said = "\n".join(texts(parsed(path)))

    assert ".sitegen" in said
    assert re.search(r"^(output|public)/?$", said, re.MULTILINE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_actions_are_named_with_their_versions(path: Path) -> None:
    """No step runs whatever version of an action there happens to be."""
    for job in parsed(path).get("jobs", {}).values():
        for step in job["steps"]:
            assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step.get("uses", "a/b@v1"))


def steps_of(name: str) -> dict[str, str]:
    """Return the scripts of a GitHub workflow by the names of their steps."""
    (path,) = (path for path in FILES if path.name == name)
    (job,) = parsed(path)["jobs"].values()
    return {step["name"]: step["run"] for step in job["steps"] if "name" in step}


@pytest.mark.parametrize("name", ["github-pages.yml", "cloudflare-pages.yml"])
def test_a_schedule_publishes_when_something_is_due(tmp_path: Path, name: str) -> None:
    """The scripts of a workflow, run: a push publishes, a schedule when an article is due."""
    site = make_site(
        tmp_path / "site",
        {"flood.md": article("Flood", summary="It rose.", category="Other")},
        config='base_url = "https://example.org/"',
    )
    write(
        tmp_path / "bin",
        {"sitegen": f'#!/bin/sh\nexec "{sys.executable}" -m sitegen "$@"\n'},
    )
    (tmp_path / "bin/sitegen").chmod(0o755)
    scripts = steps_of(name)

    def due(event: str) -> bool:
        output = tmp_path / "output.txt"
        output.write_text("")
        run(scripts["Is anything due?"], GITHUB_EVENT_NAME=event, GITHUB_OUTPUT=str(output))
        return output.read_text() == "now=yes\n"

    def run(script: str, **variables: str) -> None:
        path = f"{tmp_path}/bin:{os.environ['PATH']}"
        env = {**os.environ, "PATH": path, **variables}
        subprocess.run(["bash", "-e", "-c", script], cwd=site, env=env, check=True)

    later = datetime.now(UTC) + timedelta(days=400)
    write(site, {"articles/later.md": article("Later", date=f"{later:%Y-%m-%d %H:%M}")})
    assert due("push")
    run(scripts["Build"])
    assert (site / "output/2024/11/04/flood/index.html").exists()
    assert due("push")
    assert not due("schedule")

    last = datetime.now(UTC) - timedelta(days=2)
    write(site, {".sitegen/published": f"{last.isoformat(timespec='seconds')}\n"})
    between = datetime.now(UTC) - timedelta(days=1)
    write(site, {"articles/now.md": article("Now", date=f"{between:%Y-%m-%d %H:%M}")})
    assert due("schedule")
