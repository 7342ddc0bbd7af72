"""Deployments with rsync: to a folder and over a real ssh server, interrupted and resumed."""

from __future__ import annotations

import gzip
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.deploy import programs
from sitegen.deploy.target_state import FOLDER
from tests import endpoints
from tests.deploying import Ended, command, deploy, more, published, site_with, start
from tests.endpoints import Proxy, Ssh
from tests.sitefactory import article, times, tree, write

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def _programs() -> None:
    """The programs are there; missing ones fail in CI and skip elsewhere."""
    if endpoints.missing():
        if os.environ.get("CI"):
            pytest.fail(endpoints.hint())
        pytest.skip(endpoints.hint())


@pytest.fixture(scope="module")
def ssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ssh]:
    """An ssh server on loopback."""
    with endpoints.ssh_server(tmp_path_factory.mktemp("ssh")) as server:
        yield server


@pytest.fixture
def dropping(ssh: Ssh) -> Iterator[Proxy]:
    """A way to the ssh server that can be cut."""
    with endpoints.proxy(ssh.port) as proxy:
        yield proxy


@pytest.fixture
def www(tmp_path: Path) -> Path:
    """The folder that is deployed to."""
    return tmp_path / "w w w"


@pytest.fixture(params=["folder", "ssh"])
def site(tmp_path: Path, www: Path, request: pytest.FixtureRequest) -> Path:
    """A site whose target is a folder, by its path or through ssh."""
    keys = f'kind = "rsync"\nto = "{www}"'
    if request.param == "ssh":
        server: Ssh = request.getfixturevalue("ssh")
        keys = f'kind = "rsync"\nto = "127.0.0.1:{www}"\nssh = "{server.command()}"'
    return site_with(tmp_path / "site", keys)


@pytest.fixture
def cut_site(tmp_path: Path, www: Path, ssh: Ssh, dropping: Proxy) -> Path:
    """A site whose target is behind the way that can be cut."""
    to = f'to = "127.0.0.1:{www}"\nssh = "{ssh.command(dropping.port)}"'
    return site_with(tmp_path / "site", f'kind = "rsync"\n{to}')


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again is tried at once."""
    monkeypatch.setattr(programs, "PAUSES", (0.0, 0.0))


def test_everybody_may_read_what_is_deployed(
    site: Path, www: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """New files have the permissions that are usual there, be our umask as it may."""
    before = os.umask(0o077)  # not that of the server
    try:
        assert deploy(site, capsys).code == 0
    finally:
        os.umask(before)

    assert (www / "index.html").stat().st_mode & 0o777 == 0o644
    assert (www / "2024/11").stat().st_mode & 0o777 == 0o755


def test_rsync(site: Path, www: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The target comes to hold the build, then nothing is sent; then what was edited."""
    write(site, {"static/name with spaces ä.txt": "odd"})
    first = deploy(site, capsys)
    assert (first.code, published(www)) == (0, published(site / "output"))
    assert times(www)["index.html"] // 10**9 == times(site / "output")["index.html"] // 10**9

    before = times(www)
    assert "t: 0 sent (0 new, 0 bytes), 0 deleted" in deploy(site, capsys).err
    assert times(www) == before

    write(www, {"upload/theirs.pdf": "theirs"})
    write(site, {"articles/a1.md": None, "articles/a2.md": article("Article 2", "It fell.")})
    dry = deploy(site, capsys, "--dry-run")
    assert "delete 2024/11/04/a1/index.html" in dry.listed
    assert published(www) != published(site / "output")
    done = deploy(site, capsys)
    assert f"t: {sum('send' in line for line in dry.listed)} sent" in done.err
    assert published(www) == {**published(site / "output"), "upload/theirs.pdf": b"theirs"}
    assert not (www / "2024/11/04/a1").exists()
    assert [path for path in tree(www) if path.startswith(FOLDER)] == [f"{FOLDER}/deployed.json.gz"]


def test_a_file_becomes_a_folder(site: Path, www: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that changes its kind is cleared before it is used."""
    write(site, {"static/about": "text"})
    deploy(site, capsys)
    write(site, {"static/about": None, "static/about/us.txt": "text"})
    assert deploy(site, capsys).code == 0
    assert published(www) == published(site / "output")

    write(site, {"static/about/us.txt": None})
    (site / "static/about").rmdir()
    write(site, {"static/about": "text"})
    assert deploy(site, capsys).code == 0
    assert published(www) == published(site / "output")


def test_compressed_copies(site: Path, www: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Compressed copies are sent with what they are made from."""
    more(site, 'precompress = ["gz"]')

    deploy(site, capsys)

    page = (www / "index.html").read_bytes()
    assert gzip.decompress((www / "index.html.gz").read_bytes()) == page
    assert "t: 0 sent" in deploy(site, capsys).err


def test_a_folder_beside_the_site(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A path is one as seen from the site, wherever the command is run."""
    write(site, {"sitegen.toml": '[deploy.t]\nkind = "rsync"\nto = "../beside"\n'})

    assert deploy(site, capsys).code == 0

    assert published(tmp_path / "beside") == published(site / "output")


def test_recheck(site: Path, www: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What somebody else changed or removed is found, and nothing else is sent."""
    deploy(site, capsys)
    (www / "index.html").write_text("by hand")
    (www / "logo.svg").unlink()

    assert "t: 2 sent" in deploy(site, capsys, "--recheck").err
    assert published(www) == published(site / "output")


@pytest.mark.parametrize("drops", [[2000], [30_000], [150_000]])
def test_a_dropped_connection(
    cut_site: Path,
    www: Path,
    ssh: Ssh,
    dropping: Proxy,
    capsys: pytest.CaptureFixture[str],
    drops: list[int],
) -> None:
    """A connection that is dropped, wherever, is made again, and nothing is lost."""
    write(cut_site, {"static/big.bin": os.urandom(200_000)})
    dropping.drops = list(drops)

    done = deploy(cut_site, capsys)

    ssh.rest()
    assert dropping.dropped == 1
    assert done.code == 0
    assert published(www) == published(cut_site / "output")


def test_cut_off_and_resumed(
    cut_site: Path, www: Path, ssh: Ssh, dropping: Proxy, capsys: pytest.CaptureFixture[str]
) -> None:
    """When the line stays dead it is told; the next deployment sends only what is missing."""
    noise = {f"static/{number:02}.bin": os.urandom(40_000) for number in range(20)}
    write(cut_site, noise)
    dropping.drops = [400_000] + [100] * 30

    cut = deploy(cut_site, capsys)
    assert cut.code == 1
    assert "the connection failed or was dropped" in cut.err
    ssh.rest()
    arrived = published(www)
    there = times(www)
    assert 0 < len(arrived) < len(published(cut_site / "output"))

    dropping.drops = []
    done = deploy(cut_site, capsys)

    assert published(www) == published(cut_site / "output")
    assert 0 < done.sent == len(published(www)) - len(arrived)
    assert {path: times(www)[path] for path in arrived} == {path: there[path] for path in arrived}
    assert "t: 0 sent" in deploy(cut_site, capsys).err


def test_killed_and_resumed(
    cut_site: Path, www: Path, ssh: Ssh, dropping: Proxy, capsys: pytest.CaptureFixture[str]
) -> None:
    """A deployment that the system kills half-way is resumed at once by the next."""
    noise = {f"static/{number:02}.bin": os.urandom(40_000) for number in range(20)}
    write(cut_site, noise)
    running = start("deploy", "--site", cut_site)
    dropping.wait_for(400_000)
    running.kill()
    running.wait()
    dropping.cut()
    ssh.rest()
    arrived = published(www)
    assert len(arrived) < len(published(cut_site / "output"))

    done = deploy(cut_site, capsys)

    assert published(www) == published(cut_site / "output")
    assert 0 < done.sent == len(published(www)) - len(arrived)
    assert "every file was compared" in done.err


def test_no_key(site: Path, ssh: Ssh, capsys: pytest.CaptureFixture[str]) -> None:
    """A server that does not let us in is told at once, with its own words."""
    keys = f'kind = "rsync"\nto = "127.0.0.1:/x"\nssh = "{ssh.command()} -o IdentityFile=/dev/null"'
    config = keys.replace(f"-i {ssh.folder}/key", "-o IdentityAgent=none")
    write(site, {"sitegen.toml": f"[deploy.t]\n{config}\n"})

    done = deploy(site, capsys)

    assert done.code == 1
    assert "Permission denied" in done.err


def test_two_at_once(site: Path, www: Path) -> None:
    """Of two deployments at once at most one goes on, and what comes out is the build."""
    command("build", "--site", site)
    ends: list[Ended] = []

    def run() -> None:
        ends.append(command("deploy", "--site", site, "--no-build"))

    both = [threading.Thread(target=run) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert {end.code for end in ends} <= {0, 1}
    assert all(end.code == 0 or "another deployment" in end.err for end in ends)
    last = command("deploy", "--site", site)
    assert last.code == 0
    assert published(www) == published(site / "output")
