"""Real places to deploy to, on loopback: an ssh server, and a connection that can be dropped.

`python -m tests.endpoints` makes sure that the programs are there, and installs them where it can.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from typing import NamedTuple

DEBIAN_PACKAGES = {
    "rsync": "rsync",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "sshd": "openssh-server",
    "git": "git",
}
"""What the tests of deployments run, and where Debian keeps it."""

PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
"""Debian's `sshd` lies where only root's PATH leads."""


def missing() -> list[str]:
    """Return the programs that are not there."""
    return [name for name in DEBIAN_PACKAGES if shutil.which(name, path=PLACES) is None]


def install() -> list[str]:
    """Install what is missing, where we may; return what is still missing."""
    if missing() and shutil.which("apt-get") and os.geteuid() == 0:
        packages = sorted({DEBIAN_PACKAGES[name] for name in missing()})
        apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300"]
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([*apt, "update", "--quiet"], check=False, env=quiet)
        command = [*apt, "install", "--yes", "--quiet", "--no-install-recommends", *packages]
        subprocess.run(command, check=False, env=quiet)
    return missing()


def hint() -> str:
    """Return how to get what is missing."""
    packages = " ".join(sorted({DEBIAN_PACKAGES[name] for name in missing()}))
    return f"no {', '.join(missing())}; on Debian and Ubuntu: sudo apt install {packages}"


@contextmanager
def dead_port() -> Iterator[int]:
    """Give a port of loopback that nobody listens on, and nobody else gets while the block runs."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def _on_free_port(
    start: Callable[[int], subprocess.Popen[bytes]],
) -> tuple[int, subprocess.Popen[bytes]]:
    """Start a server on a free port; on another one if somebody else took that meanwhile."""
    ended: list[int] = []
    while len(ended) < PORTS:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port: int = free.getsockname()[1]
        server = start(port)
        while server.returncode is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                return port, server
            with contextlib.suppress(subprocess.TimeoutExpired):
                ended.append(server.wait(LOOK_SECONDS))
    message = f"the server ended with codes {ended}"
    raise RuntimeError(message)


def _until_closed(pipe: int) -> None:
    """Wait until nobody holds the other end of a pipe any more, into which nothing is written."""
    os.set_blocking(pipe, True)
    while os.read(pipe, 1):
        pass


PORTS = 5
"""How many free ports are tried."""

LOOK_SECONDS = 0.02
"""How often it is tried whether a server listens already."""


class Proxy:
    """Passes connections on, and drops as many as it is told to, each after some bytes."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.drops: list[int] = []
        """After how many bytes from the client each of the next connections is dropped."""
        self.dropped = 0
        self.passed = 0
        """Bytes that came from clients."""
        self._news = threading.Condition()
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                limit = self.drops.pop(0) if self.drops else None
                threading.Thread(target=self._pass, args=(client, limit), daemon=True).start()

    def _pass(self, client: socket.socket, limit: int | None) -> None:
        to = ("127.0.0.1", self._to)
        with (
            client,
            contextlib.suppress(OSError),  # the server may have ended
            socket.create_connection(to) as server,
        ):
            self._between(client, server, limit)

    def _between(self, client: socket.socket, server: socket.socket, limit: int | None) -> None:
        back = threading.Thread(target=_copy, args=(server, client), daemon=True)
        back.start()
        passed = 0
        self._ends += [client, server]

        def goes_on(number: int) -> bool:
            nonlocal passed
            passed += number
            with self._news:
                self.passed += number
                self._news.notify_all()
            return limit is None or passed < limit

        if not _copy(client, server, goes_on):
            self.dropped += 1
            for end in (client, server):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        back.join()

    def wait_for(self, number: int) -> None:
        """Wait until so many bytes have passed."""
        with self._news:
            self._news.wait_for(lambda: self.passed >= number)

    def cut(self) -> None:
        """Drop all connections."""
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Take no more connections."""
        self._server.close()


def _copy(
    source: socket.socket, sink: socket.socket, goes_on: Callable[[int], bool] = lambda _: True
) -> bool:
    """Copy bytes until one side ends; return False if `goes_on` said to drop the connection."""
    try:
        while data := source.recv(1 << 14):
            if not goes_on(len(data)):
                return False
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    return True


@contextmanager
def proxy(to: int) -> Iterator[Proxy]:
    """Put a proxy before a port of loopback."""
    made = Proxy(to)
    try:
        yield made
    finally:
        made.close()


class Ssh(NamedTuple):
    """An ssh server that takes one key."""

    port: int
    folder: Path
    """Where the keys lie."""
    at_work: int
    """A pipe whose other end is open in each command that came in."""

    def rest(self) -> None:
        """Wait until no command is at work any more: it may outlive its connection a little."""
        _until_closed(self.at_work)

    def command(self, port: int | None = None) -> str:
        """Return the command that connects to it, or to a proxy before it."""
        options = (
            f"-p {port or self.port}",
            f"-i {self.folder}/key",
            f"-o UserKnownHostsFile={self.folder}/known",
            "-o StrictHostKeyChecking=accept-new -o IdentitiesOnly=yes -F none",
            "-o LogLevel=ERROR",
        )
        return f"ssh {' '.join(options)}"


@contextmanager
def ssh_server(folder: Path) -> Iterator[Ssh]:
    """Start sshd on loopback, with keys of its own, and end it afterwards."""
    for name in ("key", "host"):
        keygen = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(keygen, check=True)
    shutil.copy(folder / "key.pub", folder / "authorized")
    os.mkfifo(folder / "at-work")
    command = folder / "command"
    command.write_text(f'exec 9> "{folder}/at-work"\neval "$SSH_ORIGINAL_COMMAND"\n')
    config = folder / "sshd_config"
    config.write_text(
        f"ListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\n"
        f'ForceCommand sh "{command}"\n'
        f"AuthorizedKeysFile {folder}/authorized\nStrictModes no\nUsePAM no\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n"
        "MaxStartups 100\nLogLevel ERROR\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # a service would have made it
    program = shutil.which("sshd", path=PLACES)
    assert program is not None
    sshd = [program, "-D", "-f", str(config), "-p"]
    port, server = _on_free_port(
        lambda port: subprocess.Popen([*sshd, str(port)], stderr=subprocess.DEVNULL)
    )
    at_work = os.open(folder / "at-work", os.O_RDONLY | os.O_NONBLOCK)
    try:
        yield Ssh(port, folder, at_work)
    finally:
        server.terminate()
        server.wait()
        os.close(at_work)


AZURITE = Path(__file__).parent / "emulators/node_modules/azurite/dist/src/blob/main.js"
"""Azure's storage, emulated by its makers."""

AZURE_ACCOUNT = "devstoreaccount1"
AZURE_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)
"""Known to everybody: the emulator's."""


@contextmanager
def azure_storage() -> Iterator[int]:
    """Start Azurite on loopback; give the port."""
    options = ("--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent")
    azurite = ["node", str(AZURITE), *options, "--blobPort"]
    port, server = _on_free_port(
        lambda port: subprocess.Popen([*azurite, str(port)], stdout=subprocess.DEVNULL)
    )
    try:
        yield port
    finally:
        server.terminate()
        server.wait()


def azure_container(port: int, name: str) -> None:
    """Make a container, which the library for deployments cannot."""
    date = formatdate(usegmt=True)
    headers = f"x-ms-date:{date}\nx-ms-version:2021-08-06\n"
    place = f"/{AZURE_ACCOUNT}/{AZURE_ACCOUNT}/{name}\nrestype:container"
    signed = "PUT\n" + "\n" * 11 + headers + place
    mac = hmac.new(base64.b64decode(AZURE_KEY), signed.encode(), hashlib.sha256).digest()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/{AZURE_ACCOUNT}/{name}?restype=container",
        method="PUT",
        headers={
            "x-ms-date": date,
            "x-ms-version": "2021-08-06",
            "Authorization": f"SharedKey {AZURE_ACCOUNT}:{base64.b64encode(mac).decode()}",
            "Content-Length": "0",
        },
    )
    urllib.request.urlopen(request).close()  # noqa: S310 - ours


class Git:
    """git's own server, started for each connection, as inetd does it."""

    def __init__(self, folder: Path) -> None:
        """Serve the repositories of a folder, for writing too."""
        options = ("--inetd", "--export-all", "--enable=receive-pack", f"--base-path={folder}")
        self._command = ["git", "daemon", *options, str(folder)]
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._started: list[tuple[subprocess.Popen[bytes], int]] = []
        """Each with a pipe whose other end is open in it, and in all that it starts."""
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                reading, writing = os.pipe()
                server = subprocess.Popen(
                    self._command,
                    stdin=line.fileno(),
                    stdout=line.fileno(),
                    stderr=subprocess.DEVNULL,
                    pass_fds=(writing,),
                    start_new_session=True,  # it has children, which end with it
                )
                os.close(writing)
                line.close()
                self._started.append((server, reading))

    def rest(self) -> None:
        """Wait until no server is at work any more: it may outlive its connection a little."""
        while self._started:
            server, pipe = self._started.pop()
            _until_closed(pipe)
            os.close(pipe)
            server.wait()

    def close(self) -> None:
        """Take no more connections, and end those that there are."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for server, _ in self._started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
        self.rest()


@contextmanager
def git_server(folder: Path) -> Iterator[Git]:
    """Serve the repositories of a folder while the block runs."""
    made = Git(folder)
    try:
        yield made
    finally:
        made.close()


if __name__ == "__main__":
    if install():
        print(f"{hint()}\nThe tests that need them will be skipped.", file=sys.stderr)
        sys.exit(1 if os.environ.get("CI") else 0)
