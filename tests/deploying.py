"""What the tests of deployments share: a site with a target, and the command run on it.

`python -m tests.deploying LAST sitegen-arguments…` runs the command and is killed before the file
number LAST is moved to its place (at a folder), as a machine may kill it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from sitegen.cli.main import main
from sitegen.deploy.target_state import FOLDER
from tests.sitefactory import article, make_site, tree, write

ARTICLES = {f"a{number}.md": article(f"Article {number}") for number in range(6)}


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def listed(self) -> list[str]:
        """The lines on stdout."""
        return self.out.splitlines()

    @property
    def sent(self) -> int:
        """How many files were sent to the target `t`."""
        return int(self.err.partition("\nt: ")[2].split()[0].replace(",", ""))


Deploy = Callable[..., Ended]
"""`deploy` on a site, with the command's arguments."""


def deploy(site: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> Ended:
    """Run `sitegen deploy` in this process."""
    code = main(["deploy", "--site", str(site), *arguments])
    printed = capsys.readouterr()
    return Ended(code, printed.out, printed.err)


def site_with(folder: Path, target: str, base_url: str = "https://example.org/") -> Path:
    """Make a site of six articles with the target `t`, of which `target` are the keys."""
    config = f'base_url = "{base_url}"\n[deploy.t]\n{target}\n'
    return make_site(folder, ARTICLES, config=config, static={"logo.svg": "<svg/>"})


def more(site: Path, keys: str) -> None:
    """Add keys to the target of a site."""
    config = (site / "sitegen.toml").read_text()
    write(site, {"sitegen.toml": config.replace("[deploy.t]\n", f"[deploy.t]\n{keys}\n")})


def command(
    *arguments: str | Path, env: Mapping[str, str] | None = None, killed_at: int | None = None
) -> Ended:
    """Run `sitegen` with `arguments` in a process of its own."""
    program = [sys.executable, "-m"]
    program += ["sitegen"] if killed_at is None else ["tests.deploying", str(killed_at)]
    done = subprocess.run(
        [*program, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **(env or {})},
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def start(*arguments: str | Path) -> subprocess.Popen[bytes]:
    """Begin `sitegen` with `arguments` in a process of its own, and do not wait for it."""
    program = [sys.executable, "-m", "sitegen", *map(str, arguments)]
    return subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def published(folder: Path) -> dict[str, bytes]:
    """Return the files below `folder` that readers can ask for."""
    return {
        path: data
        for path, data in tree(folder).items()
        if not path.startswith((f"{FOLDER}/", ".sitegen-", ".git/"))
    }


class Killer:
    """Counts the files that are moved to their places, and kills the process at one of them."""

    def __init__(self, last: int) -> None:
        self.left = last

    def see(self, event: str, arguments: tuple[object, ...]) -> None:
        """Take an event of the interpreter."""
        if event == "os.rename" and f"{FOLDER}{os.sep}sending" in str(arguments[0]):
            self.left -= 1
            if self.left < 0:
                os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.addaudithook(Killer(int(sys.argv[1])).see)
    sys.exit(main(sys.argv[2:]))
