"""Deploys with rsync: over ssh, to an rsync daemon, or to a folder.

Nothing but rsync is needed there: no shell. Which files are sent and deleted is always named
(`--files-from`), so that rsync neither looks through the target nor removes what is not ours.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from sitegen.config.settings import DeployTarget
from sitegen.deploy import programs
from sitegen.deploy.contents import Contents
from sitegen.deploy.ledger import FOLDER
from sitegen.deploy.outgoing import Outgoing
from sitegen.deploy.programs import Ran

SILENCE = 60
"""Seconds without a byte after which a connection counts as dropped."""

LINGER = 5
"""Seconds for which a connection stays open after its last use."""

DROPPED = frozenset({10, 12, 30, 35, 255})
"""rsync's codes for connections that ended: socket, protocol, timeouts; 255 is ssh's."""

PARTIAL = 23
"""rsync's code when some files could not be had."""

FINAL = ("Permission denied", "Host key verification failed", "Could not resolve", "not known")
"""What another try does not mend."""

VANISHED = 24
"""rsync's code when files that were to be sent are not there, which is how they are deleted."""


class RsyncDestination:
    """A place that rsync reaches."""

    def __init__(self, target: DeployTarget, contents: Contents, site: Path) -> None:
        """Take the target, relative to the site if it is a folder; nothing is connected yet."""
        self._site = site
        self._to = target.to.rstrip("/") + "/"
        self._contents = contents
        self._temporary = tempfile.TemporaryDirectory(prefix="sitegen-")
        self._folder = Path(self._temporary.name)
        self._connect = ["--rsh", _kept_open(target.ssh or "ssh", self._folder)]
        self._mirror = self._made("mirror")
        self._empty = self._made("empty")

    def _made(self, name: str) -> Path:
        (self._folder / name).mkdir()
        return self._folder / name

    def notes(self) -> dict[str, bytes]:
        """Return the files in `ledger.FOLDER`, by name: copied here, where only news are sent."""
        self._mirror.mkdir(exist_ok=True)
        wanted = (f"--include=/{FOLDER}/", f"--include=/{FOLDER}/*", "--exclude=*")
        options = ["--recursive", "--checksum", "--delete", *wanted]
        ran = self._rsync([*options, self._to, f"{self._mirror}/"])
        if ran.code == PARTIAL and "No such file or directory" in ran.said:
            return {}  # no such folder yet: the first deployment
        self._check(ran, "the target cannot be read")
        folder = self._mirror / FOLDER
        found = folder.iterdir() if folder.is_dir() else ()
        return {item.name: item.read_bytes() for item in found if item.is_file()}

    def note(self, name: str, data: bytes) -> None:
        """Write one of these files; rsync moves it to its place when it is whole."""
        place = self._mirror / FOLDER / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        self._send([f"{FOLDER}/{name}"], self._mirror)

    def forget(self, names: Sequence[str]) -> None:
        """Remove some of them."""
        self.delete([f"{FOLDER}/{name}" for name in names])

    def held(self, files: Sequence[Outgoing]) -> set[str]:
        """Return the paths of those files that lie there just so, by rsync's checksums."""
        held: set[str] = set()
        for items, source in self._sources(files):
            options = ["--checksum", "--dry-run", "--8-bit-output", "--out-format=%n"]
            ran = self._rsync([*options, *_named(), f"{source}/", self._to], _list(items))
            if ran.code == PARTIAL and "No such file or directory" in ran.said:
                return set()
            self._check(ran, "the target cannot be read")
            would = set(ran.out.decode("utf-8", "surrogateescape").splitlines())
            held.update(item.path for item in items if item.path not in would)
        return held

    def send(self, files: Sequence[Outgoing]) -> None:
        """Put files in their places, with the times that they have here."""
        for items, source in self._sources(files):
            self._send([item.path for item in items], source)
        self._contents.check(files)  # rsync read them after us

    def _sources(self, files: Sequence[Outgoing]) -> Iterable[tuple[list[Outgoing], Path]]:
        """Yield the files that lie in a folder, and that folder."""
        if plain := [item for item in files if not item.encoding]:
            yield plain, self._contents.folder.absolute()
        if made := [item for item in files if item.encoding]:
            with tempfile.TemporaryDirectory(dir=self._folder) as staging:
                for item in made:
                    self._contents.stage(item, Path(staging))
                yield made, Path(staging)

    def _send(self, paths: Sequence[str], source: Path) -> None:
        options = ["--times", "--omit-dir-times", "--ignore-times", *_named()]
        ran = self._rsync([*options, f"{source}/", self._to], _listed(paths))
        self._check(ran, "not everything could be sent")

    def delete(self, paths: Sequence[str], folders: Sequence[str] = ()) -> None:
        """Remove files, and then those folders that are empty.

        They are named as if they were to be sent from a folder that is empty.
        """
        options = ["--delete-missing-args", *_named(), f"{self._empty}/", self._to]
        ran = self._rsync(options, _listed(paths))
        self._check(ran, "not everything could be deleted", VANISHED)
        for depth in sorted({path.count("/") for path in folders}, reverse=True):
            level = [path for path in folders if path.count("/") == depth]
            # A folder that holds files of others stays.
            self._check(
                self._rsync(options, _listed(level)), "not everything could be deleted", VANISHED
            )

    def _rsync(self, arguments: Sequence[str], given: bytes = b"") -> Ran:
        """Run rsync, again where the connection was dropped: what has arrived stays there."""
        command = ["rsync", "--secluded-args", f"--timeout={SILENCE}", *self._connect, *arguments]
        attempt = 0
        while True:
            ran = programs.run(command, given=given, folder=self._site)
            is_final = any(words in ran.said for words in FINAL)
            if ran.code not in DROPPED or is_final or not programs.pause(attempt):
                return ran
            attempt += 1

    def _check(self, ran: Ran, what: str, expected: int = 0) -> None:
        if ran.code not in (0, expected):
            dropped = "there is no connection, or it was dropped; deploy again to go on from here"
            hint = dropped if ran.code in DROPPED else None
            raise programs.failed(f"rsync: {what}", ran, hint)


def _kept_open(ssh: str, folder: Path) -> str:
    """Return the command that connects, of which one connection serves for a whole deployment.

    What is said of a line that is dead comes after the person's own options, which ssh prefers.
    """
    program, _, options = ssh.partition(" ")
    if program.rpartition("/")[2] != "ssh" or os.name != "posix":
        return ssh
    kept = f"-o ControlMaster=auto -o ControlPath={folder}/s -o ControlPersist={LINGER}"
    alive = f"-o ConnectTimeout={SILENCE // 2} -o ServerAliveInterval={SILENCE // 4}"
    return " ".join(filter(None, (program, options, kept, alive)))


def _named() -> list[str]:
    return ["--from0", "--files-from=-"]


def _listed(paths: Iterable[str]) -> bytes:
    return b"".join(path.encode("utf-8", "surrogateescape") + b"\0" for path in paths)


def _list(items: Iterable[Outgoing]) -> bytes:
    return _listed(item.path for item in items)
