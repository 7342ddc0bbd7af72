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
from sitegen.deploy.contents import Contents
from sitegen.deploy.ledger import FOLDER
from sitegen.deploy.outgoing import Outgoing
from sitegen.deploy.programs import redacted
from sitegen.model.errors import Problem, SitegenError, UsageError

if TYPE_CHECKING:
    from obstore.store import AzureStore, GCSStore, S3Store

MARK = "sitegenmark"
"""The metadata that holds a file's mark: a name that all three services take."""

RETRIES: dict[str, Any] = {
    "max_retries": 6,
    "retry_timeout": timedelta(minutes=5),
    "backoff": {
        "init_backoff": timedelta(milliseconds=200),
        "max_backoff": timedelta(seconds=10),
        "base": 2,
    },
}
"""How dropped connections and busy servers are tried again."""

TIMEOUTS = {"connect_timeout": "15s", "timeout": "300s"}
"""A part of a large file must pass in this time on a slow line."""

_CODE = re.compile(r"<Code>([^<]*)</Code>")
_MESSAGE = re.compile(r"<Message>([^<]*)</Message>")
_HINTS = {
    "NoSuchBucket": "make it first, or mend `to`",
    "ContainerNotFound": "make it first, or mend `to`",
    "InvalidAccessKeyId": "are the credentials in the environment those of this service?",
    "SignatureDoesNotMatch": "is the secret in the environment the right one?",
    "AccessDenied": "may these credentials read, write, list and delete there?",
}

T = TypeVar("T")


class CloudDestination:
    """A bucket or container, or the part of one below a prefix."""

    def __init__(self, target: DeployTarget, contents: Contents) -> None:
        """Take the target; nothing is connected yet.

        Raises `UsageError` if the library is not installed.
        """
        self._target = target
        self._contents = contents
        with self._told():
            self._store = _store(target)

    def notes(self) -> dict[str, bytes]:
        """Return the files in `ledger.FOLDER`, by name."""
        import obstore  # noqa: PLC0415 - an extra

        found: dict[str, bytes] = {}
        with self._told():
            for item in obstore.list(self._store, FOLDER).collect():
                with contextlib.suppress(FileNotFoundError):  # another deployment ended just now
                    data = obstore.get(self._store, item["path"]).bytes().to_bytes()
                    found[item["path"].rpartition("/")[2]] = data
        return found

    def note(self, name: str, data: bytes) -> None:
        """Write one of these files, in one step."""
        headers = {"Content-Type": "application/gzip", "Cache-Control": "no-store"}
        with self._told():
            self._put(f"{FOLDER}/{name}", data, headers)

    def forget(self, names: Sequence[str]) -> None:
        """Remove some of them."""
        self.delete([f"{FOLDER}/{name}" for name in names])

    def held(self, files: Sequence[Outgoing]) -> set[str]:
        """Return the paths of those files that are there just so: by the marks beside them."""
        return {
            item.path
            for item, holds in zip(files, self._each(self._holds, files), strict=True)
            if holds
        }

    def _holds(self, item: Outgoing) -> bool:
        import obstore  # noqa: PLC0415 - an extra

        try:
            found = obstore.get(self._store, item.path, options={"head": True})
        except FileNotFoundError:
            return False
        return found.attributes.get(MARK) == item.mark

    def send(self, files: Sequence[Outgoing]) -> None:
        """Put files in their places, several at once."""
        self._each(self._send, files)

    def _send(self, item: Outgoing) -> None:
        assert item.headers is not None  # noqa: S101 - files for the cloud have them
        headers = {
            "Content-Type": item.headers.type,
            "Cache-Control": item.headers.cache,
            MARK: item.mark,
        }
        if item.headers.encoding:
            headers["Content-Encoding"] = item.headers.encoding
        self._put(item.path, self._contents.data(item), headers)

    def _put(self, path: str, data: bytes, headers: dict[str, str]) -> None:
        import obstore  # noqa: PLC0415 - an extra

        obstore.put(self._store, path, data, attributes=headers)

    def delete(self, paths: Sequence[str], _folders: Sequence[str] = ()) -> None:
        """Remove files; there are no folders."""
        self._each(self._delete, paths)

    def _delete(self, path: str) -> None:
        import obstore  # noqa: PLC0415 - an extra

        with contextlib.suppress(FileNotFoundError):
            obstore.delete(self._store, path)

    def _each(self, do: Callable[[Any], T], items: Iterable[Any]) -> list[T]:
        """Do something with each item, several at once; with the first failure the rest is left."""
        pool = ThreadPoolExecutor(self._target.parallel, "deploy")
        try:
            with self._told():
                return list(pool.map(do, items))
        finally:
            pool.shutdown(cancel_futures=True)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the library raises into a problem, without what could be a secret."""
        try:
            yield
        except SitegenError:
            raise
        except ImportError:
            hint = 'pip install "sitegen[cloud]"'
            raise UsageError(Problem("obstore is not installed", hint=hint)) from None
        except Exception as error:  # noqa: BLE001 - its errors have no common class but this
            said, code = _said(error)
            hint = _HINTS.get(code, "what was sent is not sent again: deploy again")
            raise SitegenError(Problem(f"{self._target.to}: {said}", hint=hint)) from None


def _said(error: Exception) -> tuple[str, str]:
    """Return what a service said, in a line, and its own word for it.

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
        return GCSStore(name, **options, **_given(base_url=target.endpoint))
    if scheme == "az":
        return AzureStore(name, **options, **_given(endpoint=target.endpoint))
    return S3Store(name, **options, **_given(endpoint=target.endpoint, region=target.region))


def _given(**values: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
