"""`sitegen serve`: builds the site, serves it, and rebuilds it while it is edited."""

from __future__ import annotations

import errno
import socket
import webbrowser
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import uvicorn

from sitegen.cache.store import FOLDER
from sitegen.config.loading import load_config
from sitegen.config.settings import Config
from sitegen.console.terminal import source_text
from sitegen.flow.build import Options
from sitegen.model.errors import Problem, SitegenError, UsageError, describe_html, exception_text
from sitegen.model.urls import Base
from sitegen.preview.application import Preview, application
from sitegen.preview.reload_events import ReloadEvents
from sitegen.queries.hosts import host_policy
from sitegen.watch.rebuild import BuildLog, Outcome, keep_building
from sitegen.watch.watching import Watch
from sitegen.web.host_names import AllowedHosts, allowed_hosts, is_everywhere, is_loopback
from sitegen.web.idle_timeout import IdleTimeoutProtocol
from sitegen.web.static_host import StaticHost
from sitegen.work.threads import start_thread

PREVIEW = "preview"
"""Folder in `.sitegen/` that is built into, one for each port, since pages contain addresses."""

MAX_PORTS = 50
"""Ports that are tried, the first one among them."""

MAX_SHOWN = 20
"""Problems shown over a page; the terminal has them all."""

CLOSE_SECONDS = 1
"""Time that answers under way are given at the end."""


class Address(NamedTuple):
    """Where a preview is to be had."""

    host: str
    port: int

    @property
    def origin(self) -> str:
        """The address for a browser on this computer: `http://127.0.0.1:8000`."""
        host = "127.0.0.1" if is_everywhere(self.host) else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def serve(
    site: Path,
    options: Options,
    address: Address,
    tell: Callable[[str], None],
    *,
    allow_hosts: Collection[str] = (),
    open_browser: bool = False,
    watch: Watch | None = None,
    all_problems: bool = False,
) -> None:
    """Show the site at `address` and keep it up to date, until the watch ends or Ctrl-C.

    `allow_hosts` are names to answer to beside those of `address`: a proxy's, say.
    `tell` gets texts for the terminal; with `all_problems` those of one kind are not summed up.
    Raises `UsageError` if there is no such host, or no free port near the one that was asked for.
    """
    with listening(address, tell) as listener, watch or Watch(site, tell) as watching:
        at = Address(address.host, listener.getsockname()[1])
        folder = site / FOLDER / PREVIEW / str(at.port)
        preview = Preview(StaticHost(folder), ReloadEvents(), "")
        log = BuildLog(site, each=all_problems)
        first = True
        config = Config()
        frames: tuple[str, ...] = ()

        def adapt(asked: Options) -> Options:
            nonlocal config
            config = load_config(site)
            base = Base.parse(config.base_url)
            preview.prefix = base.prefix
            preview.policy = host_policy(config, frames)
            return replace(asked, base_url=f"{at.origin}{base.prefix}/")

        def published(outcome: Outcome) -> None:
            nonlocal first, frames
            report = outcome.report
            if report is not None:
                frames = report.frames
                preview.policy = host_policy(config, frames)
            changed = () if report is None else (*report.written, *report.removed)
            preview.reload_events.publish(changed, shown(outcome, site), len(outcome.errors))
            for line in log.lines(outcome):
                tell(line)
            if first:
                first = False
                url = at.origin + preview.home
                tell(f"\nPreview: {url} (Ctrl-C to stop)\n")
                if open_browser:
                    # In a thread of its own: some browsers run in the terminal until they end.
                    start_thread("browser", partial(webbrowser.open, url), no_browser, daemon=True)

        def no_browser(error: BaseException) -> None:
            tell(f"warning: the browser could not be opened: {exception_text(error)}")

        hosts = allowed_hosts(at.host, allow_hosts)
        with serving(preview, hosts, listener, watching.end):
            build = replace(options, output=folder, keep_going=True)
            keep_building(site, build, watching, published, adapt=adapt)


def shown(outcome: Outcome, site: Path) -> list[str]:
    """Return the errors of a build as HTML, for the page that is open."""
    errors = outcome.errors
    texts = [describe_html(error, source_text(error, site)) for error in errors[:MAX_SHOWN]]
    if more := len(errors) - len(texts):
        texts.append(f"<p>… and {more:,} more: see the terminal.</p>")
    return texts


@contextmanager
def listening(address: Address, tell: Callable[[str], None]) -> Iterator[socket.socket]:
    """Give a socket that listens on the address, or on the next free port after it."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listener = None
    for port in range(address.port, min(address.port + MAX_PORTS, 65536)):
        try:
            listener = socket.create_server((address.host, port), family=family)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                message = f"cannot listen on {address.host}, port {port}: {error.strerror or error}"
                hint = "choose another `--host` or `--port`"
                raise UsageError(Problem(message, hint=hint)) from None
            continue
        break
    if listener is None:
        tried = f"port {port} is" if port == address.port else f"ports {address.port}–{port} are"
        message = f"{tried} in use"
        raise UsageError(Problem(message, hint="choose another `--port`"))
    with listener:
        if address.port not in (0, port):
            tell(f"port {address.port} is in use; using port {port} instead")
        if not is_loopback(address.host):
            tell(
                f"warning: with --host {address.host} everyone in your network can read this "
                "preview, unpublished articles included"
            )
        yield listener


@contextmanager
def serving(
    preview: Preview,
    hosts: AllowedHosts,
    listener: socket.socket,
    on_failure: Callable[[], object],
) -> Iterator[None]:
    """Answer requests to `hosts` from another thread while the block runs.

    Should that thread fail, `on_failure` is called in it, to end the block; then what it failed
    with is raised, as `SitegenError` where the system refused something.
    """
    server = uvicorn.Server(
        uvicorn.Config(
            application(preview, hosts),
            log_config=None,
            access_log=False,
            # The same everywhere, whatever else is installed; it ends requests that never end.
            http=IdleTimeoutProtocol,
            loop="asyncio",
            ws="none",
            lifespan="off",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=CLOSE_SECONDS,
        )
    )
    failures: list[BaseException] = []

    def fail(error: BaseException) -> None:
        failures.append(error)
        on_failure()

    thread = start_thread("preview", partial(server.run, [listener]), fail)
    try:
        yield
    finally:
        preview.reload_events.close()
        server.should_exit = True
        if thread.ident is not None:
            thread.join()
    for error in failures:
        if isinstance(error, OSError):
            raise SitegenError(Problem(f"the preview ended: {error.strerror or error}")) from error
        raise error
