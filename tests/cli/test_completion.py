"""Completion by shells: the scripts are what the shells read, and offer what there is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from sitegen.cli.completion import SCRIPTS, completed_commands
from sitegen.cli.main import COMMANDS, main, parser
from tests.programs import needed

KNOWN = tuple(completed_commands(parser()))


def script(name: str, folder: Path) -> Path:
    """Write the script for a shell into a folder, and return its path."""
    path = folder / f"sitegen.{name}"
    path.write_text(SCRIPTS[name](KNOWN), "utf-8")
    return path


def completed(folder: Path, line: str) -> set[str]:
    """Return what bash offers for the last word of a command line."""
    words = line.split(" ")
    quoted = " ".join(f"'{word}'" for word in words)
    code = (
        f"source '{script('bash', folder)}'; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; "
        "_sitegen; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    done = subprocess.run(
        [needed("bash"), "-c", code], capture_output=True, text=True, check=True, cwd=folder
    )
    assert done.stderr == ""
    return set(done.stdout.split())


def test_every_command_and_option_is_known() -> None:
    """The scripts are made from the parser: each of them holds all that there is."""
    assert [command.name for command in KNOWN] == list(COMMANDS)
    for name, make in SCRIPTS.items():
        made = make(KNOWN)
        for command in KNOWN:
            assert command.name in made
            for option in command.options:
                for word in (*option.words, *(item.lstrip("-") for item in option.names)):
                    assert word in made, (name, command.name, word)


def test_bash_offers_what_fits(tmp_path: Path) -> None:
    """Commands first, then options of the command, then what an option may be, or files."""
    (tmp_path / "paper").mkdir()

    assert completed(tmp_path, "sitegen bu") == {"build"}
    assert completed(tmp_path, "sitegen ") >= {*COMMANDS, "--help"}
    assert completed(tmp_path, "sitegen build --k") == {"--keep-going"}
    assert completed(tmp_path, "sitegen --site paper list --dr") <= {"--drafts"}
    assert completed(tmp_path, "sitegen check --host net") == {"netlify"}
    assert completed(tmp_path, "sitegen responses --status ") == {
        "pending",
        "shown",
        "spam",
        "deleted",
    }
    assert "approve" in completed(tmp_path, "sitegen responses ")
    assert completed(tmp_path, "sitegen build --output pa") == {"paper"}
    assert completed(tmp_path, "sitegen build --at pa") == set()


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_shell_reads_its_script(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the command prints is without a fault of syntax, whatever the texts of the help are."""
    assert main(["completion", name]) == 0
    printed = capsys.readouterr().out
    assert printed == SCRIPTS[name](KNOWN)
    path = script(name, tmp_path)

    done = subprocess.run([needed(name), "-n", path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_fish_offers_what_fits(tmp_path: Path) -> None:
    """As fish itself says what it would offer."""
    path = script("fish", tmp_path)
    code = f"source {path}; complete -C 'sitegen bu'; complete -C 'sitegen check --host net'"
    done = subprocess.run(
        [needed("fish"), "--no-config", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == ["build", "netlify"]


def test_zsh_takes_its_script(tmp_path: Path) -> None:
    """A function is made of it, and is known to be that of the command."""
    path = script("zsh", tmp_path)
    code = f"autoload -Uz compinit; compinit -D; source {path}; echo $_comps[sitegen]"
    done = subprocess.run(
        [needed("zsh"), "-f", "-c", code], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("_sitegen\n", "")
