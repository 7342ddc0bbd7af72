"""Deploys to object storage: Amazon S3 and what speaks its protocol, Google Cloud Storage, Azure.

obstore reads the credentials from the environment itself, so that none passes through our hands.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from sitegen.config.settings import DeployTarget
from sitegen.deploy.contents import RESUME, Contents
from sitegen.deploy.programs import redacted
from sitegen.deploy.target_files import TargetFile
from sitegen.deploy.target_state import FOLDER
from sitegen.model.distribution import install_hint
from sitegen.model.errors import Problem, SitegenError, UsageError

if TYPE_CHECKING:
    from obstore.store import AzureStore, GCSStore, S3Store

CHECKSUM_KEY = "sitegenmark"
"""The metadata that holds a file's checksum: a name that all three services take. Files that were
deployed have it, so that it stays."""

RETRIES: dict[str, Any] = {
    "max_retries": 6,
    "retry_timeout": timedelta(minutes=5),
    "backoff": {
        "init_backoff": timedelta(milliseconds=200),
        "max_backoff": timedelta(seconds=10),
        "base": 2,
    },
}
"""Retries after dropped connections and for busy servers."""

TIMEOUTS = {"connect_timeout": "15s", "timeout": "300s"}
"""A part of a large file must pass in this time on a slow line."""

_CODE = re.compile(r"<Code>([^<]*)</Code>")
_MESSAGE = re.compile(r"<Message>([^<]*)</Message>")
_HINTS = {
    "NoSuchBucket": "create it first, or correct `to`",
    "ContainerNotFound": "create it first, or correct `to`",
    "InvalidAccessKeyId": "check that the credentials in the environment belong to this service",
    "SignatureDoesNotMatch": "check the secret key in the environment",
    "AccessDenied": "check that these credentials may read, write, list and delete there",
}

T = TypeVar("T")


class CloudDestination:
    """A bucket or container, or the part of one below a prefix. Nothing is connected yet.

    Raises `UsageError` if the library is not installed.
    """

    def __init__(self, target: DeployTarget, contents: Contents) -> None:
        self._target = target
        self._contents = contents
        with self._translated_errors():
            self._store = _store(target)

    def state_files(self) -> dict[str, bytes]:
        """Return the files in `target_state.FOLDER`, by name."""
        import obstore  # noqa: PLC0415 - an extra

        found: dict[str, bytes] = {}
        with self._translated_errors():
            for item in obstore.list(self._store, FOLDER).collect():
                with contextlib.suppress(FileNotFoundError):  # another deployment ended just now
                    data = obstore.get(self._store, item["path"]).bytes().to_bytes()
                    found[item["path"].rpartition("/")[2]] = data
        return found

    def write_state_file(self, name: str, data: bytes) -> None:
        """Write one of these files, in one step."""
        headers = {"Content-Type": "application/gzip", "Cache-Control": "no-store"}
        with self._translated_errors():
            self._put(f"{FOLDER}/{name}", data, headers)

    def delete_state_files(self, names: Sequence[str]) -> None:
        """Delete some of these files."""
        self.delete([f"{FOLDER}/{name}" for name in names])

    def clear(self) -> None:
        """Do nothing: an object is there whole or not at all."""

    def matching(self, files: Sequence[TargetFile]) -> set[str]:
        """Return the paths of those files that are there just so, by the checksums beside them."""
        return {
            item.path
            for item, matches in zip(files, self._each(self._matches, files), strict=True)
            if matches
        }

    def _matches(self, item: TargetFile) -> bool:
        import obstore  # noqa: PLC0415 - an extra

        try:
            found = obstore.get(self._store, item.path, options={"head": True})
        except FileNotFoundError:
            return False
        return found.attributes.get(CHECKSUM_KEY) == item.checksum

    def send(self, files: Sequence[TargetFile]) -> None:
        """Put files in their places, several at once."""
        self._each(self._send, files)

    def _send(self, item: TargetFile) -> None:
        assert item.headers is not None  # noqa: S101 - files for the cloud have them
        headers = {
            "Content-Type": item.headers.type,
            "Cache-Control": item.headers.cache,
            CHECKSUM_KEY: item.checksum,
        }
        if item.headers.encoding:
            headers["Content-Encoding"] = item.headers.encoding
        self._put(item.path, self._contents.data(item), headers)

    def _put(self, path: str, data: bytes, headers: dict[str, str]) -> None:
        import obstore  # noqa: PLC0415 - an extra

        obstore.put(self._store, path, data, attributes=headers)

    def delete(self, paths: Sequence[str], _folders: Sequence[str] = ()) -> None:
        """Delete files; there are no folders."""
        self._each(self._delete, paths)

    def _delete(self, path: str) -> None:
        import obstore  # noqa: PLC0415 - an extra

        with contextlib.suppress(FileNotFoundError):
            obstore.delete(self._store, path)

    def _each(self, do: Callable[[Any], T], items: Iterable[Any]) -> list[T]:
        """Do something with each item, several at once; the first failure ends it."""
        pool = ThreadPoolExecutor(self._target.parallel, "deploy")
        try:
            with self._translated_errors():
                return list(pool.map(do, items))
        finally:
            pool.shutdown(cancel_futures=True)

    @contextlib.contextmanager
    def _translated_errors(self) -> Iterator[None]:
        """Turn the library's errors into a problem, without what could be a secret."""
        try:
            yield
        except SitegenError:
            raise
        except ImportError:
            hint = install_hint("cloud")
            raise UsageError(Problem("`obstore` is not installed", hint=hint)) from None
        except Exception as error:  # noqa: BLE001 - its errors have no common class but this
            message, code = _described(error)
            hint = _HINTS.get(code, RESUME)
            raise SitegenError(Problem(f"{self._target.to}: {message}", hint=hint)) from None


def _described(error: Exception) -> tuple[str, str]:
    """Return the message of a service, in one line, and its error code, or "".

    Whole answers are not passed on: S3 repeats what was signed, Azure the address with its key.
    """
    text = str(error)
    if code := _CODE.search(text):
        message = _MESSAGE.search(text)
        words = message[1].splitlines()[0] if message and message[1] else ""
        return redacted(f"{code[1]}: {words}".removesuffix(": ")), code[1]
    line = text.partition("\n")[0].partition(": <?xml")[0]
    if not isinstance(error, OSError) and not type(error).__module__.startswith("obstore"):
        line = type(error).__name__
    return redacted(line), ""


def _store(target: DeployTarget) -> S3Store | GCSStore | AzureStore:
    """Return the library's view of the target. Raises `ImportError` if there is no library."""
    from obstore.store import AzureStore, GCSStore, S3Store  # noqa: PLC0415 - an extra

    scheme, _, place = target.to.partition("://")
    name, _, path = place.partition("/")
    options: dict[str, Any] = {
        "prefix": path.strip("/") or None,
        "client_options": {**TIMEOUTS, "allow_http": target.endpoint.startswith("http://")},
        "retry_config": RETRIES,
    }
    if scheme == "gs":
        return GCSStore(name, **options, **_non_empty(base_url=target.endpoint))
    if scheme == "az":
        return AzureStore(name, **options, **_non_empty(endpoint=target.endpoint))
    return S3Store(name, **options, **_non_empty(endpoint=target.endpoint, region=target.region))


def _non_empty(**values: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
