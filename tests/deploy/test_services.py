"""Deployments to the services that are not S3: Google Cloud Storage and Azure.

Azure is Azurite, by Azure's makers. No emulator of Google's speaks the XML protocol whole; the
S3-compatible server does, but for the metadata of objects.
"""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import obstore
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import AzureStore, GCSStore, ObjectStore

from sitegen.deploy.cloud import CHECKSUM_KEY
from sitegen.deploy.target_state import FOLDER
from tests import endpoints
from tests.deploying import deploy, published, site_with
from tests.sitefactory import article, write

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def azure() -> Iterator[int]:
    """Azure's storage; without Node or Azurite the tests fail in CI and skip elsewhere."""
    if not endpoints.AZURITE.exists():
        hint = "no Azurite: `make test` installs it, with npm"
        if os.environ.get("CI"):
            pytest.fail(hint)
        pytest.skip(hint)
    with endpoints.azure_storage() as port:
        yield port


@pytest.fixture(scope="module")
def google() -> Iterator[int]:
    """A server for Google's protocol."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    yield server.get_host_and_port()[1]
    server.stop()


@pytest.fixture
def on_azure(
    azure: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, ObjectStore]:
    """A site whose target is a new container, and that container."""
    name = f"c{abs(hash(tmp_path))}"
    endpoints.azure_container(azure, name)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", endpoints.AZURE_ACCOUNT)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", endpoints.AZURE_KEY)
    endpoint = f"http://127.0.0.1:{azure}/{endpoints.AZURE_ACCOUNT}"
    keys = f'kind = "cloud"\nto = "az://{name}/news"\nendpoint = "{endpoint}"'
    store = AzureStore(name, prefix="news", endpoint=endpoint, client_options={"allow_http": True})
    return site_with(tmp_path / "site", keys), store


@pytest.fixture
def on_google(
    google: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, ObjectStore]:
    """A site whose target is a new bucket, and that bucket."""
    name, endpoint = f"b{abs(hash(tmp_path))}", f"http://127.0.0.1:{google}"
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/{name}", method="PUT")).close()  # noqa: S310 - ours
    monkeypatch.setenv("GOOGLE_BEARER_TOKEN", "token")
    keys = f'kind = "cloud"\nto = "gs://{name}/news"\nendpoint = "{endpoint}"'
    store = GCSStore(name, prefix="news", base_url=endpoint, client_options={"allow_http": True})
    return site_with(tmp_path / "site", keys), store


def objects(store: ObjectStore) -> dict[str, bytes]:
    """Return the objects that readers can ask for."""
    paths = [item["path"] for item in obstore.list(store).collect()]
    return {
        path: obstore.get(store, path).bytes().to_bytes()
        for path in paths
        if not path.startswith(FOLDER)
    }


@pytest.mark.parametrize("service", ["on_azure", "on_google"])
def test_a_service(
    service: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """It comes to hold the build, with its headers; then nothing is sent; then what differs."""
    site, store = request.getfixturevalue(service)
    obstore.put(store, "theirs.pdf", b"theirs")
    assert deploy(site, capsys).code == 0
    assert objects(store) == {**published(site / "output"), "theirs.pdf": b"theirs"}
    headers = obstore.get(store, "index.html", options={"head": True}).attributes
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "public, max-age=60"

    assert "t: 0 sent (0 new, 0 bytes), 0 deleted" in deploy(site, capsys).err

    write(site, {"articles/a1.md": None, "articles/a2.md": article("Article 2", "It fell.")})
    assert "1 deleted" in deploy(site, capsys).err
    assert objects(store) == {**published(site / "output"), "theirs.pdf": b"theirs"}


def test_checksums_come_back_from_azure(
    on_azure: tuple[Path, ObjectStore], capsys: pytest.CaptureFixture[str]
) -> None:
    """Files are known by their checksums, and not sent again when the list is lost."""
    site, store = on_azure
    deploy(site, capsys)
    obstore.put(store, "index.html", b"by hand")
    obstore.delete(store, f"{FOLDER}/deployed.json.gz")
    assert CHECKSUM_KEY in obstore.get(store, "404.html", options={"head": True}).attributes

    assert "t: 1 sent" in deploy(site, capsys).err
    assert objects(store) == published(site / "output")
