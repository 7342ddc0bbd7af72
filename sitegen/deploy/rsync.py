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
from sitegen.deploy.programs import Completed
from sitegen.deploy.target_files import TargetFile
from sitegen.deploy.target_state import FOLDER

IDLE_SECONDS = 60
"""Seconds without a byte after which a connection counts as dropped."""

PERSIST_SECONDS = 5
"""Seconds for which a connection stays open after its last use."""

MODES = "--chmod=ugo=rwX"
"""New files get the permissions that are usual there, not those that they have here."""

MAY_BE_KEPT_FROM_WRITING = 0o022
"""Of our umask what counts in a folder of this machine: a web server is another user."""

DROPPED = frozenset({10, 12, 30, 35, 255})
"""rsync's codes for connections that ended: socket, protocol, timeouts; 255 is ssh's."""

PARTIAL = 23
"""rsync's code when some files could not be had."""

PERMANENT = ("Permission denied", "Host key verification failed", "Could not resolve", "not known")
"""Errors that another attempt does not change."""

VANISHED = 24
"""rsync's code when files that were to be sent are not there, which is how they are deleted."""


class RsyncDestination:
    """A place that rsync reaches; a folder is relative to `site`."""

    def __init__(self, target: DeployTarget, contents: Contents, site: Path) -> None:
        self._site = site
        self._to = target.to.rstrip("/") + "/"
        self._contents = contents
        self._temporary = tempfile.TemporaryDirectory(prefix="sitegen-")
        self._folder = Path(self._temporary.name)
        self._connect = ["--rsh", _multiplexed(target.ssh or "ssh", self._folder)]
        self._umask = _umask() & MAY_BE_KEPT_FROM_WRITING
        self._mirror = self._subfolder("mirror")
        self._empty = self._subfolder("empty")

    def _subfolder(self, name: str) -> Path:
        (self._folder / name).mkdir()
        return self._folder / name

    def state_files(self) -> dict[str, bytes]:
        """Return the files in `target_state.FOLDER`, by name, through a local copy."""
        self._mirror.mkdir(exist_ok=True)
        wanted = (f"--include=/{FOLDER}/", f"--include=/{FOLDER}/*", "--exclude=*")
        options = ["--recursive", "--checksum", "--delete", *wanted]
        done = self._rsync([*options, self._to, f"{self._mirror}/"])
        if done.code == PARTIAL and "No such file or directory" in done.stderr:
            return {}  # no such folder yet: the first deployment
        self._check(done, "cannot read the target")
        folder = self._mirror / FOLDER
        found = folder.iterdir() if folder.is_dir() else ()
        return {item.name: item.read_bytes() for item in found if item.is_file()}

    def write_state_file(self, name: str, data: bytes) -> None:
        """Write one of these files; rsync moves it to its place when it is whole."""
        place = self._mirror / FOLDER / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        self._send([f"{FOLDER}/{name}"], self._mirror)

    def delete_state_files(self, names: Sequence[str]) -> None:
        """Delete some of these files."""
        self.delete([f"{FOLDER}/{name}" for name in names])

    def clear(self) -> None:
        """Do nothing: rsync removes what it could not send."""

    def matching(self, files: Sequence[TargetFile]) -> set[str]:
        """Return the paths of those files that are there just so, by rsync's checksums."""
        matching: set[str] = set()
        for items, source in self._sources(files):
            options = ["--checksum", "--dry-run", "--8-bit-output", "--out-format=%n"]
            paths = _null_separated(item.path for item in items)
            done = self._rsync([*options, *_files_from(), f"{source}/", self._to], paths)
            if done.code == PARTIAL and "No such file or directory" in done.stderr:
                return set()
            self._check(done, "cannot read the target")
            differing = set(done.stdout.decode("utf-8", "surrogateescape").splitlines())
            matching.update(item.path for item in items if item.path not in differing)
        return matching

    def send(self, files: Sequence[TargetFile]) -> None:
        """Put files in their places, with their modification times."""
        for items, source in self._sources(files):
            self._send([item.path for item in items], source)
        self._contents.check(files)  # rsync read them after us

    def _sources(self, files: Sequence[TargetFile]) -> Iterable[tuple[list[TargetFile], Path]]:
        """Yield the files that lie in a folder, and that folder."""
        if plain := [item for item in files if not item.encoding]:
            yield plain, self._contents.folder.absolute()
        if made := [item for item in files if item.encoding]:
            with tempfile.TemporaryDirectory(dir=self._folder) as staging:
                for item in made:
                    self._contents.stage(item, Path(staging))
                yield made, Path(staging)

    def _send(self, paths: Sequence[str], source: Path) -> None:
        options = ["--times", "--omit-dir-times", "--ignore-times", MODES, *_files_from()]
        done = self._rsync([*options, f"{source}/", self._to], _null_separated(paths))
        self._check(done, "cannot send every file")

    def delete(self, paths: Sequence[str], folders: Sequence[str] = ()) -> None:
        """Delete files, and then those folders that are empty.

        They are named as if they were to be sent from a folder that is empty.
        """
        options = ["--delete-missing-args", *_files_from(), f"{self._empty}/", self._to]
        done = self._rsync(options, _null_separated(paths))
        self._check(done, "cannot delete every file", VANISHED)
        for depth in sorted({path.count("/") for path in folders}, reverse=True):
            level = [path for path in folders if path.count("/") == depth]
            # A folder that holds files of others stays.
            self._check(
                self._rsync(options, _null_separated(level)), "cannot delete every file", VANISHED
            )

    def _rsync(self, arguments: Sequence[str], stdin: bytes = b"") -> Completed:
        """Run rsync, again where the connection was dropped: what has arrived stays there."""
        command = [
            "rsync",
            "--secluded-args",
            f"--timeout={IDLE_SECONDS}",
            *self._connect,
            *arguments,
        ]
        attempt = 0
        while True:
            done = programs.run(command, stdin=stdin, cwd=self._site, umask=self._umask)
            is_permanent = any(words in done.stderr for words in PERMANENT)
            if done.code not in DROPPED or is_permanent or not programs.wait_to_retry(attempt):
                return done
            attempt += 1

    def _check(self, done: Completed, what: str, expected: int = 0) -> None:
        if done.code not in (0, expected):
            resume = "the connection failed or was dropped: run `sitegen deploy` again to resume"
            hint = resume if done.code in DROPPED else None
            raise programs.failed(f"rsync: {what}", done, hint)


def _multiplexed(ssh: str, folder: Path) -> str:
    """Return the ssh command that shares one connection for the whole deployment.

    Our timeouts come after the user's own options, since ssh takes the first of each.
    """
    program, _, options = ssh.partition(" ")
    if program.rpartition("/")[2] != "ssh" or os.name != "posix":
        return ssh
    kept = f"-o ControlMaster=auto -o ControlPath={folder}/s -o ControlPersist={PERSIST_SECONDS}"
    alive = f"-o ConnectTimeout={IDLE_SECONDS // 2} -o ServerAliveInterval={IDLE_SECONDS // 4}"
    return " ".join(filter(None, (program, options, kept, alive)))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _files_from() -> list[str]:
    return ["--from0", "--files-from=-"]


def _null_separated(paths: Iterable[str]) -> bytes:
    return b"".join(path.encode("utf-8", "surrogateescape") + b"\0" for path in paths)
