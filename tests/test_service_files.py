"""What docs/receiving.md gives to be copied onto a server is complete, and does what it says."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest

from docs.generate import commands, options
from tests.programs import needed
from tests.sitefactory import write
from tests.test_docs import DOCS, REPOSITORY, blocks

PAGE = DOCS / "receiving.md"
SERVICE = DOCS / "service"
UNITS = sorted(SERVICE.glob("*.service")) + sorted(SERVICE.glob("*.timer"))
SCRIPT = SERVICE / "push-responses.sh"
SITE = "/srv/paper"

each_unit = pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)


def sample(language: str) -> str:
    """Return the only block of the page in a language."""
    (found,) = (block.text for block in blocks(PAGE) if block.language == language)
    return found


def unit(path: Path) -> ConfigParser:
    """Return what a unit file says; of a key that is given twice, the last."""
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text("utf-8"))
    return parser


def check_command(words: list[str]) -> None:
    """Hold the words after `sitegen` against its commands and options."""
    known = commands()
    names = {name for item in options(known[words[0]]) for name in item.option_strings}
    assert {word for word in words[1:] if word.startswith("--")} <= names


def test_the_page_names_each_file() -> None:
    """Nothing lies there that nobody finds."""
    text = PAGE.read_text("utf-8")
    assert all(f"(service/{path.name})" in text for path in SERVICE.iterdir())


def test_nginx_limits_what_the_page_promises() -> None:
    """Connections and requests of each address are limited, in zones that are declared."""
    text = sample("nginx")
    for kind in ("limit_conn", "limit_req"):
        zone = rf"^{kind}_zone \$binary_remote_addr zone=(\w+):"
        zones = set(re.findall(zone, text, re.MULTILINE))
        used = set(re.findall(rf"^ +{kind} (?:zone=)?(\w+)", text, re.MULTILINE))
        assert zones == used != set()
    assert text.count("{") == text.count("}")
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    assert all(line.endswith((";", "{", "}")) for line in lines)
    # As large as the form may be, or readers would be told so by nginx.
    assert "client_max_body_size 128k;" in text


@each_unit
def test_a_unit_starts_what_there_is(path: Path) -> None:
    """Programs have whole paths, commands are ours, and the units know each other."""
    said = unit(path)
    known = {item.name for item in UNITS}
    for name in (
        *shlex.split(said["Unit"].get("After", "")),
        said.get("Timer", "Unit", fallback=""),
    ):
        assert not name or name in known or name.endswith(".target")
    if path.suffix == ".timer":
        assert path.with_suffix(".service").name in known
        assert said["Install"]["WantedBy"] == "timers.target"
        return
    program, *words = shlex.split(said["Service"]["ExecStart"])
    if program.endswith("/sitegen"):
        check_command(words)
        assert said["Install"]["WantedBy"] == "multi-user.target"
    else:
        assert Path(program).name == SCRIPT.name
        assert words == [SITE]
    assert program.startswith("/")


@each_unit
def test_a_unit_may_do_little(path: Path) -> None:
    """Nothing runs as root, or may write outside the site."""
    if path.suffix == ".timer":
        return
    said = unit(path)["Service"]
    assert said["User"] not in ("", "root")
    assert said["WorkingDirectory"] == SITE
    assert said["ProtectSystem"] == "strict"
    assert said["NoNewPrivileges"] == "yes"
    for place in said["ReadWritePaths"].split():
        assert place.removeprefix("-").startswith(SITE)


def test_the_receiver_starts_in_a_new_site(tmp_path: Path) -> None:
    """The folders that its unit lets it write to are made by `init`, or may be missing."""
    command = [sys.executable, "-m", "sitegen", "init", str(tmp_path / "paper")]
    subprocess.run(command, check=True, capture_output=True)
    places = unit(SERVICE / "sitegen-receive.service")["Service"]["ReadWritePaths"].split()
    needed = [place for place in places if not place.startswith("-")]
    assert needed
    for place in needed:
        assert (tmp_path / "paper" / place.removeprefix(f"{SITE}/")).is_dir()


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """`systemd-analyze verify` has nothing to say: every key is known where it stands."""
    for path in UNITS:
        text = re.sub(
            r"^ExecStart=\S+", "ExecStart=/bin/true", path.read_text("utf-8"), flags=re.MULTILINE
        )
        (tmp_path / path.name).write_text(text, "utf-8")
    names = [str(tmp_path / path.name) for path in UNITS]
    done = subprocess.run(
        [needed("systemd-analyze"), "verify", "--man=no", *names],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "sitegen-" in line]
    assert ours == []


def test_the_dockerfile_is_sound() -> None:
    """Its extra exists, it does not run as root, and its check asks the port that it opens."""
    text = re.sub(r"^#.*\n", "", (SERVICE / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    lines = [line.split(None, 1) for line in text.replace("\\\n", " ").splitlines() if line]
    names = [name for name, _ in lines]
    assert set(names) <= {
        *("FROM", "RUN", "USER", "WORKDIR", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"),
    }
    said = {line[0]: line[1] for line in lines}
    assert re.fullmatch(r"python:3\.1[1-3]-slim", said["FROM"])
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert said["USER"] not in ("root", "0")
    extras = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    (package,) = re.findall(r'"(sitegen-news)\[(\w+)\]"', text)
    assert package[0] == extras["name"]
    assert package[1] in extras["optional-dependencies"]
    assert json.loads(said["ENTRYPOINT"]) == ["sitegen"]
    check_command(json.loads(said["CMD"]))
    (port,) = {item.default for item in options(commands()["receive"]) if item.dest == "port"}
    assert said["EXPOSE"] == str(port)
    check = json.loads(said["HEALTHCHECK"].partition("CMD")[2])
    compile(check[2], "HEALTHCHECK", "exec")
    assert f"http://127.0.0.1:{port}/health" in check[2]


# The script, on a bare repository


NEUTRAL = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{
        f"GIT_{who}_{what}": "a@example.org"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    },
}
FLOOD = "responses/pending/2024-flood"


def git(folder: Path, *words: str) -> str:
    """Run git in a folder, and return what it prints."""
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, env=NEUTRAL, check=True, capture_output=True, text=True).stdout


def push(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the script for a clone."""
    command = ["/bin/sh", str(SCRIPT), str(folder)]
    return subprocess.run(command, env=NEUTRAL, check=False, capture_output=True, text=True)


@pytest.fixture
def clones(tmp_path: Path) -> tuple[Path, Path]:
    """The clone of the receiver and that of an editor, of one bare repository."""
    bare = tmp_path / "paper.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    server, desk = tmp_path / "server", tmp_path / "desk"
    git(tmp_path, "clone", "--quiet", str(bare), str(desk))
    write(desk, {"articles/flood.md": "# Flood\n", "responses/pending/.gitkeep": ""})
    git(desk, "checkout", "--quiet", "-B", "main")
    git(desk, "add", ".")
    git(desk, "commit", "--quiet", "--message", "Begin")
    git(desk, "push", "--quiet", "origin", "main")
    git(tmp_path, "clone", "--quiet", str(bare), str(server))
    return server, desk


def published(server: Path) -> set[str]:
    """Return the files in the bare repository."""
    names = git(server.parent / "paper.git", "ls-tree", "-r", "--name-only", "main")
    return set(names.split())


def test_responses_get_into_the_repository_and_articles_back(clones: tuple[Path, Path]) -> None:
    """Both sides have all of it, though both were changed; nothing else is committed."""
    server, desk = clones
    leftover = f"{FLOOD}/.01aa-{'0f' * 16}.tmp"
    write(server, {f"{FLOOD}/01aa.md": "one", leftover: "half", "notes.txt": "mine"})
    write(desk, {"articles/siren.md": "# Siren\n"})
    git(desk, "add", ".")
    git(desk, "commit", "--quiet", "--message", "Siren")
    git(desk, "push", "--quiet", "origin", "main")
    done = push(server)
    assert (done.returncode, done.stderr) == (0, "")
    expected = {"articles/flood.md", "articles/siren.md", "responses/pending/.gitkeep"}
    assert published(server) == {*expected, f"{FLOOD}/01aa.md"}
    assert (server / "articles/siren.md").is_file()
    assert (server / leftover).is_file()
    # What is moderated moves, and a run without news makes no commit.
    (server / "responses/2024-flood").mkdir()
    (server / f"{FLOOD}/01aa.md").rename(server / "responses/2024-flood/01aa.md")
    assert push(server).returncode == 0
    assert published(server) == {*expected, "responses/2024-flood/01aa.md"}
    head = git(server, "rev-parse", "HEAD")
    assert push(server).returncode == 0
    assert git(server, "rev-parse", "HEAD") == head
    assert git(server, "status", "--porcelain").splitlines() == [
        "?? notes.txt",
        f"?? {FLOOD}/",
    ]


def test_a_push_that_fails_is_made_up_for(clones: tuple[Path, Path]) -> None:
    """Without the repository the script fails, and everything is there; then all of it gets out."""
    server, _ = clones
    bare = server.parent / "paper.git"
    bare.rename(server.parent / "away.git")
    write(server, {f"{FLOOD}/01aa.md": "one"})
    assert push(server).returncode != 0
    assert (server / f"{FLOOD}/01aa.md").is_file()
    (server.parent / "away.git").rename(bare)
    write(server, {f"{FLOOD}/01bb.md": "two"})
    assert push(server).returncode == 0
    assert {f"{FLOOD}/01aa.md", f"{FLOOD}/01bb.md"} <= published(server)


def test_two_decisions_on_one_response_are_told(clones: tuple[Path, Path]) -> None:
    """Nothing is lost, no half merge is left, and what comes later is committed all the same."""
    server, desk = clones
    write(server, {f"{FLOOD}/01aa.md": "one\n"})
    assert push(server).returncode == 0
    git(desk, "pull", "--quiet", "origin", "main")
    for folder, text in ((server, "server\n"), (desk, "desk\n")):
        write(folder, {f"{FLOOD}/01aa.md": text})
    git(desk, "commit", "--quiet", "--all", "--message", "Edit")
    git(desk, "push", "--quiet", "origin", "main")
    for number in range(2):
        write(server, {f"{FLOOD}/0{number}.md": "later"})
        done = push(server)
        assert done.returncode == 1
        assert "merge by hand" in done.stderr
        assert (server / f"{FLOOD}/01aa.md").read_text("utf-8") == "server\n"
        assert git(server, "status", "--porcelain") == ""
    assert not (server / ".git/MERGE_HEAD").exists()


def test_only_one_runs_at_a_time(clones: tuple[Path, Path]) -> None:
    """While another has the lock, nothing is done and nothing is wrong."""
    server, _ = clones
    write(server, {f"{FLOOD}/01aa.md": "one"})
    lock = server / ".git/push-responses.lock"
    command = ["flock", str(lock), "/bin/sh", str(SCRIPT), str(server)]
    done = subprocess.run(command, env=NEUTRAL, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert git(server, "log", "--format=%s").split() == ["Begin"]
    assert push(server).returncode == 0
    assert f"{FLOOD}/01aa.md" in published(server)
