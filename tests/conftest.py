"""Fixtures that all tests share.  Each section is one subject; add a section for a new one."""

import os
import signal
import sqlite3
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from http import HTTPStatus
from importlib import invalidate_caches
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import Phase, settings
from playwright.sync_api import Browser, Page

from sitegen.cache.epoch import epoch
from sitegen.flow.session import Session
from sitegen.work.proven_versions import installed_version
from tests.browser import NoBrowserError, running_browser
from tests.privileges import bound_by_permissions
from tests.static_server import serving

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A job in the background ignores Ctrl-C, and so would the commands that tests start and end.
    signal.signal(signal.SIGINT, signal.default_int_handler)


# --- Hypothesis: no deadlines (a slow machine is no bug); in CI the same examples each time.

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "mutants",  # `make mutants`: a few examples, the same each time, and no search for smaller ones
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


# --- SQLite: who opens a file closes it, the product and the tests.  Python tells of one that is
# left open only from 3.13 on, and then in whatever test runs when it is collected.

_connect = sqlite3.connect
_opened: list[tuple[sqlite3.Connection, traceback.StackSummary]] = []


def _connect_noting(*arguments: Any, **named: Any) -> sqlite3.Connection:
    connection: sqlite3.Connection = _connect(*arguments, **named)
    _opened.append((connection, traceback.extract_stack(limit=12)))
    return connection


sqlite3.connect = _connect_noting  # type: ignore[assignment]  # it takes what the other takes


@pytest.fixture(autouse=True)
def _files_of_sqlite_are_closed() -> Iterator[None]:
    """Fail a test that leaves a file of SQLite open, and show where it was opened."""
    _opened.clear()
    yield
    left = [stack for connection, stack in _opened if not _is_closed(connection)]
    for connection, _ in _opened:
        connection.close()
    _opened.clear()
    assert not left, "\n".join(("left open by", *left[0].format()))


def _is_closed(connection: sqlite3.Connection) -> bool:
    try:
        connection.total_changes  # noqa: B018 - it raises
    except sqlite3.ProgrammingError:
        return True
    return False


@pytest.fixture
def session() -> Iterator[Session]:
    """What a process keeps that builds again and again; its files are closed with the test."""
    with Session() as made:
        yield made


# --- Golden sites: `--renew-golden` writes what is expected anew (tests/sites/README.md).


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option, which no machine that only checks may use."""
    parser.addoption(
        "--renew-golden", action="store_true", help="write the expected golden files anew"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to renew where nobody reads the difference."""
    if config.getoption("--renew-golden") and os.environ.get("CI"):
        raise pytest.UsageError("--renew-golden is for people: nobody reads the difference in CI")


# --- Versions: `pretend(jinja2="3.2.0")` makes a package look like another version of itself.


class Pretend:
    """Puts metadata of other versions where Python finds it before that of what is installed."""

    def __init__(self, folder: Path) -> None:
        """Take the folder for the metadata, which is to be in Python's path."""
        self.folder = folder

    def __call__(self, **versions: str) -> None:
        """Let each package of `versions` look like that version."""
        for package, version in versions.items():
            try:
                entries = distribution(package).read_text("entry_points.txt")
            except PackageNotFoundError:
                entries = None
            info = self.folder / f"{package}-{version}.dist-info"
            info.mkdir()
            text = f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n"
            (info / "METADATA").write_text(text)
            (info / "entry_points.txt").write_text(entries or "")
        invalidate_caches()
        _forget_versions()


@pytest.fixture
def pretend(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Pretend]:
    """Make packages look like other versions of themselves, here and in processes of the test."""
    folder = tmp_path_factory.mktemp("metadata")
    monkeypatch.syspath_prepend(folder)
    paths = (str(folder), os.environ.get("PYTHONPATH", ""))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    yield Pretend(folder)
    _forget_versions()


def _forget_versions() -> None:
    installed_version.cache_clear()
    epoch.cache_clear()


# --- Browser: `browser` for the whole run, `page` for one test, `static_server` for its pages.


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use the browser, and run them last.

    Playwright's synchronous interface keeps an event loop on this thread for as long as the browser
    runs, and `asyncio.run` is refused beside it.
    """
    plain: list[pytest.Item] = []
    with_browser: list[pytest.Item] = []
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
            with_browser.append(item)
        else:
            plain.append(item)
    items[:] = [*plain, *with_browser]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; a missing one fails in CI and skips elsewhere."""
    with ExitStack() as stack:
        try:
            chromium = stack.enter_context(running_browser())
        except NoBrowserError as error:
            if os.environ.get("CI"):
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield chromium


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A blank page in a profile of its own."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


class StaticServer(Protocol):
    """Serves a folder and gives its address, which ends in `base`."""

    def __call__(
        self,
        folder: Path,
        base: str = "/",
        headers: Mapping[str, str] | None = None,
        before: Callable[[str], HTTPStatus | None] = lambda _path: None,
    ) -> str:
        """Serve `folder` as `tests.static_server.serving` does."""
        ...


@pytest.fixture
def static_server() -> Iterator[StaticServer]:
    """Static hosts on loopback, as many as the test asks for; they end with the test."""
    with ExitStack() as stack:

        def serve(
            folder: Path,
            base: str = "/",
            headers: Mapping[str, str] | None = None,
            before: Callable[[str], HTTPStatus | None] = lambda _path: None,
        ) -> str:
            return stack.enter_context(serving(folder, base, headers, before))

        yield serve


@pytest.fixture
def permissions() -> Iterator[None]:
    """Let permissions hold in the test, also where it is run by root."""
    with bound_by_permissions():
        yield
