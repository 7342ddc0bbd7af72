"""Deployments to a branch of a real git repository."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.deploy import programs
from sitegen.deploy.target_state import FOLDER
from tests import endpoints
from tests.deploying import ARTICLES, Ended, command, deploy, more, published, site_with, start
from tests.endpoints import Git, Proxy
from tests.sitefactory import article, tree, write

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def _programs() -> None:
    """The programs are there; missing ones fail in CI and skip elsewhere."""
    if endpoints.missing():
        if os.environ.get("CI"):
            pytest.fail(endpoints.hint())
        pytest.skip(endpoints.hint())


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again is tried at once."""
    monkeypatch.setattr(programs, "PAUSES", (0.0, 0.0))


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints."""
    name = ("-c", "user.name=Editor", "-c", "user.email=editor@example.org")
    done = subprocess.run(
        ["git", *name, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A repository elsewhere."""
    git(tmp_path, "init", "--quiet", "--bare", "paper.git")
    return tmp_path / "paper.git"


@pytest.fixture
def site(tmp_path: Path, bare: Path) -> Path:
    """A site whose target is the branch `gh-pages` there."""
    return site_with(tmp_path / "site", f'kind = "git"\nto = "{bare}"\ncname = "www.example.org"')


def on_branch(bare: Path, folder: Path, branch: str = "gh-pages") -> dict[str, bytes]:
    """Return the files of a branch, checked out anew, but for sitegen's own list."""
    number = len(list(folder.glob("clone-*")))
    clone = folder / f"clone-{number}"
    git(folder, "clone", "--quiet", "--branch", branch, str(bare), str(clone))
    return published(clone)


def expected(site: Path) -> dict[str, bytes]:
    """Return what a branch is to hold."""
    return {**published(site / "output"), ".nojekyll": b"", "CNAME": b"www.example.org\n"}


def commits(bare: Path, branch: str = "gh-pages") -> list[str]:
    """Return the messages of a branch's commits."""
    return git(bare, "log", "--format=%s", branch).splitlines()


def test_a_branch(
    site: Path, bare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The branch holds the build and what the host reads; then what differs is sent."""
    write(site, {"static/crlf.txt": "a\r\nb\r\n", "static/.gitattributes": "* text eol=lf"})
    first = deploy(site, capsys)
    assert first.code == 0
    assert "the branch does not exist yet" in first.err
    assert on_branch(bare, tmp_path) == expected(site)
    (only,) = commits(bare)
    assert only.startswith("Deploy https://example.org/ as of 20")

    second = deploy(site, capsys)
    assert "t: 0 sent" in second.err
    assert len(commits(bare)) == 1

    write(site, {"articles/a1.md": None, "articles/a2.md": article("Article 2", "It fell.")})
    dry = deploy(site, capsys, "--dry-run")
    assert len(commits(bare)) == 1
    third = deploy(site, capsys)
    assert "1 deleted" in third.err
    assert f"t: {sum('send' in line for line in dry.listed)} sent" in third.err
    assert "https://example.org/2024/11/04/a1/" in third.listed
    assert len(commits(bare)) == 2
    assert on_branch(bare, tmp_path) == expected(site)


def test_a_squashed_branch(
    site: Path, bare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without history the branch is always one commit."""
    more(site, 'history = "squashed"\nbranch = "pages"')
    deploy(site, capsys)
    write(site, {"articles/a1.md": None})

    deploy(site, capsys)

    assert len(commits(bare, "pages")) == 1
    assert on_branch(bare, tmp_path, "pages") == expected(site)


def test_what_is_not_ours_stays(
    site: Path, bare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files that somebody else committed to the branch stay, in their history, too."""
    work = tmp_path / "work"
    git(tmp_path, "init", "--quiet", "--initial-branch=gh-pages", "work")
    write(work, {"README.md": "theirs", "index.html": "old"})
    git(work, "add", ".")
    git(work, "commit", "--quiet", "--message", "Begin")
    git(work, "push", "--quiet", str(bare), "gh-pages")

    done = deploy(site, capsys)

    assert "nothing on it is deleted" in done.err
    assert on_branch(bare, tmp_path) == {**expected(site), "README.md": b"theirs"}
    assert commits(bare)[1] == "Begin"

    git(work, "pull", "--quiet", str(bare), "gh-pages")
    write(work, {"index.html": "by hand"})
    git(work, "commit", "--quiet", "--all", "--message", "By hand")
    git(work, "push", "--quiet", str(bare), "gh-pages")
    assert "t: 1 sent" in deploy(site, capsys, "--recheck").err
    assert on_branch(bare, tmp_path)["index.html"] == expected(site)["index.html"]


def test_deletions_are_capped(site: Path, bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """More deletions than are allowed are refused, and nothing is pushed."""
    deploy(site, capsys)
    write(site, {"articles/a1.md": None, "articles/a2.md": None})

    refused = deploy(site, capsys, "--max-deletes", "1")

    assert refused.code == 1
    assert "--max-deletes 2" in refused.err
    assert len(commits(bare)) == 1


def test_lost_articles_are_refused(
    site: Path, bare: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The branch knows which articles it holds; a site that lost them is not pushed."""
    deploy(site, capsys)
    write(site, {f"articles/{name}": None for name in ARTICLES})

    refused = deploy(site, capsys)

    assert refused.code == 1
    assert "all 6 articles of the last deployment are gone" in refused.err
    assert len(commits(bare)) == 1
    assert deploy(site, capsys, "--allow-lost-articles").code == 0
    assert len(commits(bare)) == 2


@pytest.mark.parametrize("shallow", [False, True])
def test_a_remote_by_its_name(
    site: Path, bare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, shallow: bool
) -> None:
    """A remote's name is one of the repository that the site lies in, whose own files are left."""
    write(site, {"sitegen.toml": '[deploy.t]\nkind = "git"\nto = "origin"\n'})
    git(site, "init", "--quiet", "--initial-branch=main")
    write(site, {".gitignore": ".sitegen/\noutput/\n"})
    for message in ("One", "Two"):
        git(site, "add", ".")
        git(site, "commit", "--quiet", "--allow-empty", "--message", message)
    git(site, "push", "--quiet", str(bare), "main")
    clone = tmp_path / "again"
    depth = ["--depth=1"] if shallow else []
    git(tmp_path, "clone", "--quiet", "--branch=main", *depth, f"file://{bare}", str(clone))

    assert deploy(clone, capsys).code == 0
    write(clone, {"articles/a1.md": None})
    assert deploy(clone, capsys).code == 0

    assert len(commits(bare)) == 2
    assert git(clone, "status", "--porcelain") == " D articles/a1.md\n"
    assert len(git(clone, "log", "--format=%s").splitlines()) == (1 if shallow else 2)
    assert on_branch(bare, tmp_path) == {**published(clone / "output"), ".nojekyll": b""}


def test_no_repository_around_the_site(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A remote's name without a repository is told."""
    write(site, {"sitegen.toml": '[deploy.t]\nkind = "git"\nto = "origin"\n'})

    done = deploy(site, capsys)

    assert done.code == 1
    assert "is in no git repository" in done.err


def test_two_at_once(site: Path, bare: Path, tmp_path: Path) -> None:
    """Of two deployments at once each is whole, and one that comes too late is told."""
    command("build", "--site", site)
    ends: list[Ended] = []

    def run() -> None:
        ends.append(command("deploy", "--site", site, "--no-build"))

    both = [threading.Thread(target=run) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert 0 in {end.code for end in ends}
    assert {end.code for end in ends} <= {0, 1}
    assert on_branch(bare, tmp_path) == expected(site)


# Over a connection


@pytest.fixture
def server(bare: Path) -> Iterator[Git]:
    """The repository behind git's own server."""
    with endpoints.git_server(bare.parent) as made:
        yield made


@pytest.fixture
def served(server: Git) -> Iterator[Proxy]:
    """A way to it that can be cut."""
    with endpoints.proxy(server.port) as way:
        yield way


@pytest.fixture
def cut_site(tmp_path: Path, bare: Path, served: Proxy) -> Path:
    """A site whose target is behind the way that can be cut."""
    to = f"git://127.0.0.1:{served.port}/{bare.name}"
    return site_with(tmp_path / "far", f'kind = "git"\nto = "{to}"\ncname = "www.example.org"')


def test_a_dropped_connection(
    cut_site: Path, bare: Path, tmp_path: Path, served: Proxy, capsys: pytest.CaptureFixture[str]
) -> None:
    """A connection that is dropped is made again, and nothing is lost."""
    write(cut_site, {"static/big.bin": os.urandom(300_000)})
    served.drops = [1 << 20, 150_000]

    done = deploy(cut_site, capsys)

    assert served.dropped == 1
    assert done.code == 0
    assert on_branch(bare, tmp_path) == expected(cut_site)


def test_killed_half_way(
    cut_site: Path,
    bare: Path,
    tmp_path: Path,
    server: Git,
    served: Proxy,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A killed deployment leaves the branch as it was; the next one is whole."""
    deploy(cut_site, capsys)
    before = on_branch(bare, tmp_path)
    write(cut_site, {"static/big.bin": os.urandom(8_000_000)})
    half_way = served.passed + 2_000_000
    running = start("deploy", "--site", cut_site)
    served.wait_for(half_way)
    running.kill()
    served.cut()
    running.wait()
    server.rest()
    assert on_branch(bare, tmp_path) == before

    assert deploy(cut_site, capsys).code == 0

    assert on_branch(bare, tmp_path) == expected(cut_site)
    assert "t: 0 sent" in deploy(cut_site, capsys).err
    assert FOLDER in {path.partition("/")[0] for path in tree(tmp_path / "clone-2")}


def test_an_address_beside_the_site(
    site: Path, bare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A path is one as seen from the site, wherever the command is run."""
    write(site, {"sitegen.toml": '[deploy.t]\nkind = "git"\nto = "../paper.git"\n'})

    assert deploy(site, capsys).code == 0

    assert on_branch(bare, tmp_path) == {**published(site / "output"), ".nojekyll": b""}
