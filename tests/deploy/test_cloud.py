"""Deployments to object storage: a real S3-compatible server on loopback, cut off and resumed."""

from __future__ import annotations

import gzip
import os
import signal
import threading
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import obstore
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from sitegen.deploy import cloud
from sitegen.deploy.cloud import CHECKSUM_KEY
from sitegen.deploy.target_state import FOLDER
from tests import endpoints
from tests.deploying import Ended, command, deploy, more, published, site_with, start
from tests.endpoints import Proxy
from tests.sitefactory import article, write

pytestmark = pytest.mark.slow

SECRET = "s3cr3t-AbCdEf/0123456789"  # noqa: S105 - of nothing
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_EC2_METADATA_DISABLED": "true",
}


QUICK = {
    "init_backoff": timedelta(milliseconds=1),
    "max_backoff": timedelta(milliseconds=2),
    "base": 2,
}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """An S3-compatible server."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    yield server.get_host_and_port()[1]
    server.stop()


@pytest.fixture
def way(port: int) -> Iterator[Proxy]:
    """A way to the server that can be cut."""
    with endpoints.proxy(port) as proxy:
        yield proxy


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials stand in the environment; what is tried again is tried at once."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(cloud.RETRIES, "backoff", QUICK)
    monkeypatch.setitem(cloud.RETRIES, "max_retries", 3)


@pytest.fixture
def bucket(port: int, tmp_path: Path) -> str:
    """A new bucket."""
    name = f"b{abs(hash(tmp_path))}"
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{name}", method="PUT")
    urllib.request.urlopen(request).close()  # noqa: S310 - ours
    return name


@pytest.fixture
def site(tmp_path: Path, bucket: str, way: Proxy) -> Path:
    """A site whose target is the bucket's folder `news`."""
    to = (
        f'to = "s3://{bucket}/news"\nendpoint = "http://127.0.0.1:{way.port}"\nregion = "us-east-1"'
    )
    return site_with(tmp_path / "site", f'kind = "cloud"\n{to}')


@pytest.fixture
def store(port: int, bucket: str) -> S3Store:
    """The whole bucket, seen past the proxy."""
    endpoint = f"http://127.0.0.1:{port}"
    return S3Store(
        bucket, client_options={"allow_http": True}, endpoint=endpoint, region="us-east-1"
    )


def paths(store: S3Store) -> list[str]:
    """Return what lies in the bucket, our state files aside."""
    found = (item["path"] for item in obstore.list(store).collect())
    return sorted(path for path in found if f"{FOLDER}/" not in path)


def objects(store: S3Store) -> dict[str, bytes]:
    """Return the objects below the prefix, as they are."""
    return {
        path.removeprefix("news/"): obstore.get(store, path).bytes().to_bytes()
        for path in paths(store)
        if path.startswith("news/")
    }


def headers(store: S3Store, path: str) -> dict[str, str]:
    """Return what an object is served with."""
    found = obstore.get(store, f"news/{path}", options={"head": True}).attributes
    return {str(key): value for key, value in found.items() if key != CHECKSUM_KEY}


def test_a_bucket(site: Path, store: S3Store, capsys: pytest.CaptureFixture[str]) -> None:
    """The bucket comes to hold the build, then what differs is sent; what is others' stays."""
    obstore.put(store, "other/report.pdf", b"theirs")
    obstore.put(store, "news/theirs.pdf", b"theirs")
    write(site, {"static/a b+ä.txt": "odd"})
    assert deploy(site, capsys).code == 0
    assert objects(store) == {**published(site / "output"), "theirs.pdf": b"theirs"}

    assert "t: 0 sent (0 new, 0 bytes), 0 deleted" in deploy(site, capsys).err

    write(site, {"articles/a1.md": None, "articles/a2.md": article("Article 2", "It fell.")})
    dry = deploy(site, capsys, "--dry-run")
    done = deploy(site, capsys)
    assert f"t: {sum('send' in line for line in dry.listed)} sent" in done.err
    assert "1 deleted" in done.err
    assert objects(store) == {**published(site / "output"), "theirs.pdf": b"theirs"}
    assert "other/report.pdf" in paths(store)


def test_headers(site: Path, store: S3Store, capsys: pytest.CaptureFixture[str]) -> None:
    """Objects are served with the right types and times, compressed ones as what they are."""
    more(site, 'precompress = ["gz"]\ncache_pages = 30')

    deploy(site, capsys)

    assert headers(store, "index.html") == {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "public, max-age=30",
        "Content-Encoding": "gzip",
    }
    page = obstore.get(store, "news/index.html").bytes().to_bytes()
    assert gzip.decompress(page) == (site / "output/index.html").read_bytes()
    assert headers(store, "logo.svg") == {
        "Content-Type": "image/svg+xml; charset=utf-8",
        "Cache-Control": "public, max-age=3600",
    }
    fingerprinted = next(path for path in objects(store) if path.startswith("css/site."))
    assert "immutable" in headers(store, fingerprinted)["Cache-Control"]
    assert "t: 0 sent" in deploy(site, capsys).err


def test_recheck(site: Path, store: S3Store, capsys: pytest.CaptureFixture[str]) -> None:
    """What somebody else changed or removed is found, and nothing else is sent."""
    deploy(site, capsys)
    obstore.put(store, "news/index.html", b"by hand")
    obstore.delete(store, "news/logo.svg")

    assert "t: 2 sent" in deploy(site, capsys, "--recheck").err
    assert objects(store) == published(site / "output")


@pytest.mark.parametrize("drops", [[300], [*[1 << 20] * 9, 10_000] * 20, [300] * 3])
def test_dropped_connections(
    site: Path, store: S3Store, way: Proxy, capsys: pytest.CaptureFixture[str], drops: list[int]
) -> None:
    """Connections that are dropped are made again, and nothing is lost."""
    write(site, {f"static/{number:02}.bin": os.urandom(40_000) for number in range(10)})
    way.drops = list(drops)

    done = deploy(site, capsys)

    assert way.dropped > 0
    assert done.code == 0
    assert objects(store) == published(site / "output")


def test_cut_off_and_resumed(
    site: Path, store: S3Store, way: Proxy, capsys: pytest.CaptureFixture[str]
) -> None:
    """When the line stays dead it is told; the next deployment sends only what is missing."""
    more(site, "parallel = 2")
    write(site, {f"static/{number:02}.bin": os.urandom(40_000) for number in range(20)})
    way.drops = [*([1 << 20] * 90), *([100] * 500)]

    cut = deploy(site, capsys)
    assert cut.code == 1
    assert "run `sitegen deploy` again" in cut.err
    arrived = objects(store)
    assert 0 < len(arrived) < len(published(site / "output"))

    way.drops = []
    done = deploy(site, capsys)

    assert objects(store) == published(site / "output")
    # The server may have had some more in hand when it was cut off.
    assert 0 < done.sent <= len(objects(store)) - len(arrived)
    assert "t: 0 sent" in deploy(site, capsys).err
    assert len(obstore.list(store, f"news/{FOLDER}").collect()) == 1


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_ended_and_resumed(
    site: Path, store: S3Store, way: Proxy, capsys: pytest.CaptureFixture[str], how: signal.Signals
) -> None:
    """A deployment that the system ends half-way is resumed at once by the next."""
    more(site, "parallel = 2")
    write(site, {f"static/{number:02}.bin": os.urandom(40_000) for number in range(20)})
    running = start("deploy", "--site", site)
    way.wait_for(300_000)
    running.send_signal(how)
    assert running.wait() == (-9 if how is signal.SIGKILL else 130)
    way.cut()
    arrived = objects(store)
    assert 0 < len(arrived) < len(published(site / "output"))

    done = deploy(site, capsys)

    assert objects(store) == published(site / "output")
    # The server may have had some more in hand when it was cut off.
    assert 0 < done.sent <= len(objects(store)) - len(arrived)


def test_two_at_once(site: Path, store: S3Store, capsys: pytest.CaptureFixture[str]) -> None:
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
    assert deploy(site, capsys).code == 0
    assert objects(store) == published(site / "output")


# What goes wrong


def test_no_bucket(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bucket that is not there is told in the service's words, with a hint."""
    config = (site / "sitegen.toml").read_text()
    write(site, {"sitegen.toml": config.replace("s3://b", "s3://x")})

    done = deploy(site, capsys)

    assert done.code == 1
    assert "NoSuchBucket" in done.err
    assert "create it first" in done.err


@pytest.fixture
def dead() -> Iterator[int]:
    """A port at which nobody answers."""
    with endpoints.dead_port() as port:
        yield port


GOOGLE = '{"type":"service_account","private_key":"' + SECRET + '","client_email":'


@pytest.mark.parametrize(
    ("to", "endpoint", "settings"),
    [
        ("s3://x", "http://127.0.0.1:{port}", {}),
        ("s3://b", "http://127.0.0.1:{dead}", {}),
        ("gs://b", "http://127.0.0.1:{dead}", {"GOOGLE_SERVICE_ACCOUNT_KEY": GOOGLE}),
        ("az://b", "http://127.0.0.1:{dead}/a", {"AZURE_STORAGE_ACCOUNT_NAME": "a"}),
        (
            "az://b",
            "http://127.0.0.1:{port}/a",
            {
                "AZURE_STORAGE_ACCOUNT_NAME": "a",
                "AZURE_STORAGE_SAS_TOKEN": f"sv=2024&sig={SECRET.replace('/', '%2F')}",
            },
        ),
    ],
)
def test_no_secret_is_ever_told(
    site: Path, port: int, dead: int, to: str, endpoint: str, settings: dict[str, str]
) -> None:
    """Whatever goes wrong, neither messages nor tracebacks show what stands in the environment."""
    place = endpoint.format(port=port, dead=dead)
    config = f'[deploy.t]\nkind = "cloud"\nto = "{to}"\nendpoint = "{place}"\n'
    write(site, {"sitegen.toml": config})
    key = (
        {"AZURE_STORAGE_ACCOUNT_KEY": "czNjcjN0LUFiQ2RFZi8wMTIzNDU2Nzg5"}
        if "SAS" not in str(settings)
        else {}
    )

    done = command("deploy", "--site", site, env={**ENVIRONMENT, **key, **settings})

    assert done.code == 1
    said = done.out + done.err
    for secret in (SECRET, SECRET.replace("/", "%2F"), "czNjcjN0LUFiQ2RFZi8wMTIzNDU2Nzg5", "sig="):
        assert secret not in said
    assert "Traceback" not in said
