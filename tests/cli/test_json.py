"""`--json`: every command that answers something does so for programs, in documented keys."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docs.generate import commands, options
from sitegen.cli.reporting import OK, PROBLEMS
from tests.cli.test_main import Outcome, run
from tests.responses.test_loading import FLOOD, comment
from tests.sitefactory import article, make_site
from tests.test_docs import DOCS

__all__ = ["run"]

Answer = Callable[..., Any]

SAY_NOTHING = {"serve", "watch", "receive", "completion"}
"""Commands that run until they are stopped, or whose answer is a program itself."""

ELSEWHERE = {"check": "checking.md", "responses": "responses.md"}
"""Commands of whose keys some are documented in another page."""


THEME = """name = "Harbour"
templates = 1
[options.columns]
default = 3
description = "How many."
"""


@pytest.fixture
def answer(run: Callable[..., Outcome], tmp_path: Path) -> Answer:
    """Return what a command prints for programs; nothing is on stdout beside it."""
    config = (
        'base_url = "https://example.org/"\n[deploy.www]\nkind = "folder"\n'
        f"to = {json.dumps(str(tmp_path / 'www'))}\n"
    )
    site = make_site(
        tmp_path / "site",
        {
            "flood.md": article(body="[x](gone.md)"),
            "soon.md": article("Storm", date="2999-01-01"),
            "bad.md": article(date="never"),
        },
        config=config,
        files={
            f"responses/{FLOOD}/01aa.md": comment(),
            "themes/harbour/theme.toml": THEME,
            "themes/harbour/templates/base.html": '{% extends "theme/base.html" %}',
        },
    )

    def ask(command: str, *arguments: str | Path, code: int = OK) -> Any:
        place = () if command == "init" else ("--site", site)
        done = run(command, *arguments, "--json", *place)
        assert done.code == code, done.err
        return json.loads(done.out)

    ask("build", code=PROBLEMS)
    (site / "articles" / "bad.md").unlink()
    ask("build")
    return ask


def keys(document: Any) -> set[str]:
    """Return the keys of all objects in a document."""
    if isinstance(document, list):
        return {key for item in document for key in keys(item)}
    if isinstance(document, dict):
        return {*document, *(key for value in document.values() for key in keys(value))}
    return set()


def documented(command: str) -> set[str]:
    """Return all code in the section of a command, and in the one on `build`, whose keys recur."""
    page = (DOCS / "commands.md").read_text("utf-8")
    texts = [
        page.split(f"\n## `sitegen {name}`\n")[1].split("\n## ")[0] for name in (command, "build")
    ]
    if command in ELSEWHERE:
        texts.append((DOCS / ELSEWHERE[command]).read_text("utf-8"))
    return set(re.findall(r"`(\w+)`", " ".join(texts)))


CALLS = [
    ("build", [], 0),
    ("why", ["/"], 0),
    ("verify", [], 0),
    ("check", [], PROBLEMS),
    ("list", [], 0),
    ("next", [], 0),
    ("responses", ["list", "--status", "shown"], 0),
    ("responses", ["spam", "01aa"], 0),
    ("deploy", [], 0),
    ("notify", ["--dry-run"], 0),
    ("addresses", [], 0),
    ("theme", ["list"], 0),
    ("theme", ["info", "harbour"], 0),
    ("theme", ["copy", "article.html"], 0),
    ("new", ["High tide"], 0),
    ("words", [], 0),
    ("words", ["hu", "--print"], 0),
    ("ids", ["--dry-run"], 0),
]


@pytest.mark.parametrize(("command", "arguments", "code"), CALLS)
def test_answers_have_documented_keys(
    answer: Answer, command: str, arguments: list[str], code: int
) -> None:
    """What a program may rely on stands in the documentation, key by key."""
    found = keys(answer(command, *arguments, code=code))

    assert found
    assert found - documented(command) == set()


def test_a_new_site_is_answered(answer: Answer, tmp_path: Path) -> None:
    """`init` prints the paths of the files, of which each is there."""
    paths = answer("init", tmp_path / "paper")["paths"]

    assert paths
    assert all(Path(path).is_file() for path in paths)


def test_every_command_that_answers_has_json() -> None:
    """Whoever adds a command says what programs get of it, or that it answers nothing."""
    with_json = {
        name
        for name, command in commands().items()
        if any("--json" in item.option_strings for item in options(command))
    }
    assert with_json == commands().keys() - SAY_NOTHING
    assert with_json == {"init", *(command for command, _, _ in CALLS)}


def test_a_deployment_says_what_it_did(answer: Answer, tmp_path: Path) -> None:
    """What was sent is at the target; a second run sends nothing."""
    first, second = answer("deploy", "--dry-run"), answer("deploy")
    third = answer("deploy")

    assert (first["dry_run"], second["dry_run"]) == (True, False)
    assert first["sent"] == second["sent"]
    assert second["bytes"] > 0
    assert second["new"] == len(second["sent"])
    assert all((tmp_path / "www" / path).is_file() for path in second["sent"])
    assert (third["sent"], third["deleted"], third["unchanged"]) == ([], [], second["new"])
    assert (third["found"], third["articles"], third["not_shown"]["scheduled"]) == (2, 1, 1)


def test_a_comparison_names_the_files(answer: Answer, tmp_path: Path) -> None:
    """A file that was changed is in the list with what its page had asked."""
    page = tmp_path / "site" / "output" / "index.html"
    page.write_text("mine")
    found = answer("verify", code=PROBLEMS)

    (difference,) = found["differences"]
    assert (difference["path"], difference["difference"]) == ("index.html", "different")
    assert difference["asked"]
    assert found["identical"] == found["files"] - 1
