"""Deploys to a git branch, as GitHub Pages and GitLab Pages read one: a commit is all or nothing.

Nothing but git is needed, here or there. The branch's files are never checked out.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from sitegen.cache.store import FOLDER as STATE
from sitegen.config.settings import DeployTarget
from sitegen.deploy import ledger, programs
from sitegen.deploy.contents import Contents
from sitegen.deploy.ledger import DEPLOYED, Deployed, Ledger
from sitegen.deploy.outgoing import Outgoing, Phase
from sitegen.deploy.programs import Ran
from sitegen.deploy.publication import Outcome, Tell, Wishes, refuse_deletions
from sitegen.deploy.steps import Steps, steps
from sitegen.model.errors import Problem, SitegenError

LEDGER = f"{ledger.FOLDER}/{DEPLOYED}"

HOST_FILES = (".nojekyll", "CNAME")
"""What GitHub Pages reads: not to run Jekyll, and the site's domain."""

NOTHING = "0" * 40

FROM_ENVIRONMENT = (
    'credential.helper=!f() { test -z "$SITEGEN_GIT_TOKEN" || { '
    'echo "username=${SITEGEN_GIT_USER:-x-access-token}"; '
    'echo "password=$SITEGEN_GIT_TOKEN"; }; }; f'
)
"""Lets git itself take a token from the environment: it is in no argument and no file."""

_DROPPED = re.compile(
    r"early EOF|hung up|Connection (reset|refused|closed|timed out)|timed out|RPC failed"
    r"|unexpected disconnect|Broken pipe"
)
_REFUSED = re.compile(r"stale info|fetch first|non-fast-forward|cannot lock ref|\[rejected\]")
_IS_NAME = re.compile(r"[\w.-]+")


class GitBranch:
    """A branch of a repository elsewhere."""

    def __init__(self, target: DeployTarget, contents: Contents, site: Path) -> None:
        """Take the target; a remote's name is one of the repository that the site lies in."""
        self._target = target
        self._contents = contents
        self._site = site
        self._temporary = tempfile.TemporaryDirectory(prefix="sitegen-")
        self._folder = Path(self._temporary.name)
        self._own, self._staged = self._folder / "own", self._folder / "staged"
        self._own.mkdir()
        self._branch = f"refs/heads/{target.branch}"
        self._mark = blake2b(f"{target.to}\0{target.branch}".encode(), digest_size=6).hexdigest()
        self._fetched = f"refs/sitegen/{self._mark}"
        self._repository, self._depth = self._prepared()
        self._identity = self._name()

    def _prepared(self) -> tuple[Path, list[str]]:
        """Return the repository to work in, and how much of a history to fetch into it."""
        if _IS_NAME.fullmatch(self._target.to):
            asked = ["rev-parse", "--is-shallow-repository", "--absolute-git-dir"]
            ran = programs.run(["git", "-C", str(self._site), *asked])
            if ran.code:
                message = (
                    f'"{self._target.to}" is a remote\'s name, and the site lies in no repository'
                )
                hint = "give the whole address of the repository"
                raise SitegenError(Problem(message, hint=hint))
            shallow, found = ran.out.decode("utf-8", "surrogateescape").splitlines()
            # To fetch a part only would cut off the history of a whole repository.
            return Path(found), ["--depth=1"] if shallow == "true" else []
        place = self._site / STATE / "deploy" / f"{self._mark}.git"
        if not (place / "HEAD").exists():
            self._ok(
                programs.run(["git", "init", "--quiet", "--bare", str(place)]), "no repository"
            )
        return place.resolve(), ["--depth=1"]

    def _name(self) -> list[str]:
        """Return who commits, where the person at this machine has not told git."""
        ran = programs.run(["git", "-C", str(self._site), "config", "user.email"])
        return [] if ran.out.strip() else ["user.name=sitegen", "user.email=sitegen@localhost"]

    def publish(
        self, files: Mapping[str, Outgoing], build: tuple[str, str], wishes: Wishes, tell: Tell
    ) -> Outcome:
        """Let the branch hold `files`, and return what was done. `build` is (base_url, moment).

        Raises `SitegenError` where it must not or cannot be; then the branch is as it was.
        """
        made = self._made(files)
        wanted = {**files, **made}
        old = self._fetch()
        known = self._ledger(old)
        before = None if known.deployed is None or wishes.recheck else known.deployed.files
        planned = steps(wanted, before)
        gone = [] if known.deployed is None else sorted(known.deployed.files.keys() - wanted.keys())
        self._index(old, planned, gone)
        todo = self._differences(old, wanted)
        refuse_deletions(todo, wishes)
        outcome = Outcome(todo, todo.paths, tuple(_notes(old, known)))
        marks = {path: item.mark for path, item in wanted.items()}
        is_known = known.deployed is not None and known.deployed.files == marks
        if wishes.dry_run or (not todo.paths and is_known):
            return outcome
        self._contents.check(item for item in planned.sent if item.path not in made)
        self._add({LEDGER: ledger.deployed_bytes(Deployed(marks, *build))})
        tell("commit", 0, 1)
        self._push(old, self._commit(old, build))
        tell("commit", 1, 1)
        return outcome

    def _made(self, files: Mapping[str, Outgoing]) -> dict[str, Outgoing]:
        """Return the files that the host reads, but for those that the site has itself."""
        texts = dict(zip(HOST_FILES, ("", f"{self._target.cname}\n"), strict=True))
        if not self._target.cname:
            del texts["CNAME"]
        made = {}
        for path, text in texts.items():
            if path not in files:
                (self._own / path).write_text(text, "utf-8")
                mark = blake2b(text.encode(), digest_size=16)
                made[path] = Outgoing(
                    path, path, mark.digest(), len(text), "", None, mark.hexdigest(), Phase.ASSETS
                )
        return made

    # What is there

    def _fetch(self) -> str:
        """Fetch the branch, and return its last commit, or "" where there is no such branch."""
        found = self._remote(["ls-remote", self._target.to, self._branch])
        self._ok(found, "the repository cannot be read")
        if not found.out.strip():
            return ""
        refs = f"+{self._branch}:{self._fetched}"
        options = ["--quiet", "--no-tags", "--no-write-fetch-head", *self._depth]
        self._ok(
            self._remote(["fetch", *options, self._target.to, refs]), "the branch cannot be read"
        )
        return self._said(["rev-parse", f"{self._fetched}^{{commit}}"])

    def _ledger(self, old: str) -> Ledger:
        ran = self._git(["cat-file", "blob", f"{old}:{LEDGER}"]) if old else None
        return ledger.read({DEPLOYED: ran.out} if ran and not ran.code else {})

    # What is to be there

    def _index(self, old: str, planned: Steps, gone: Sequence[str]) -> None:
        """Lay out the tree of the new commit: the old one, less what went, and what is new."""
        self._ok(self._git(["read-tree", old] if old else ["read-tree", "--empty"]), "no tree")
        self._update(f"0 {NOTHING}\t{path}" for path in gone)
        plain = [item for item in planned.sent if not item.encoding]
        coded = [item for item in planned.sent if item.encoding]
        for item in coded:
            self._contents.stage(item, self._staged)
        places = [*map(self._place, plain), *(self._staged / item.path for item in coded)]
        pairs = zip([*plain, *coded], self._hashed(places), strict=True)
        self._update(f"100644 {id_}\t{item.path}" for item, id_ in pairs)

    def _place(self, item: Outgoing) -> Path:
        own = self._own / item.path
        return own if item.path in HOST_FILES and own.is_file() else self._contents.place(item)

    def _hashed(self, places: Iterable[Path]) -> list[str]:
        names = "".join(f"{place.absolute()}\n" for place in places)
        command = ["hash-object", "-w", "--no-filters", "--stdin-paths"]
        ran = self._git(command, names.encode("utf-8", "surrogateescape"))
        self._ok(ran, "the output folder cannot be read")
        return ran.out.decode().split()

    def _update(self, lines: Iterable[str]) -> None:
        given = "".join(f"{line}\0" for line in lines).encode("utf-8", "surrogateescape")
        command = ["update-index", "--add", "--replace", "-z", "--index-info"]
        self._ok(self._git(command, given), "the tree cannot be made")

    def _add(self, files: Mapping[str, bytes]) -> None:
        for path, data in files.items():
            ran = self._git(["hash-object", "-w", "--no-filters", "--stdin"], data)
            self._ok(ran, "nothing can be written")
            self._update([f"100644 {ran.out.decode().strip()}\t{path}"])

    def _differences(self, old: str, wanted: Mapping[str, Outgoing]) -> Steps:
        """Return what the new tree changes, as git sees it."""
        tree = old or self._said(["hash-object", "-t", "tree", "--stdin", "-w"])
        options = ["--cached", "--no-renames", "--name-status", "-z", tree]
        ran = self._git(["diff-index", *options])
        self._ok(ran, "the trees cannot be compared")
        words = ran.out.decode("utf-8", "surrogateescape").split("\0")[:-1]
        found = dict(zip(words[1::2], words[::2], strict=True))
        sent = tuple(wanted[path] for path in sorted(found) if path in wanted)
        gone = tuple(path for path in sorted(found) if found[path] == "D" and path not in wanted)
        new = frozenset(path for path, kind in found.items() if kind == "A")
        return Steps((), (sent,), gone, new, frozenset(), len(wanted) - len(sent))

    # Going there

    def _commit(self, old: str, build: tuple[str, str]) -> str:
        parents = ["-p", old] if old and self._target.history == "kept" else []
        base_url, at = build
        message = f"Deploy {base_url or 'the site'} as of {at}\n".encode()
        tree = self._said(["write-tree"])
        ran = self._git(["commit-tree", *parents, tree], message, self._identity)
        self._ok(ran, "nothing can be committed")
        return ran.out.decode().strip()

    def _push(self, old: str, new: str) -> None:
        """Put the commit in its place, if that is still as it was when we looked."""
        lease = f"--force-with-lease={self._branch}:{old}"
        ran = self._remote(["push", "--quiet", lease, self._target.to, f"{new}:{self._branch}"])
        if ran.code and _REFUSED.search(ran.said):
            # After a dropped connection it may be our own commit that stands there.
            found = self._remote(["ls-remote", self._target.to, self._branch])
            if found.out.decode().split()[:1] == [new]:
                return
            message = "the branch was changed by somebody else at the same time"
            raise SitegenError(Problem(message, hint="nothing was deployed; deploy again"))
        self._ok(ran, "the commit cannot be sent; the branch is as it was")

    # Git

    def _remote(self, arguments: Sequence[str]) -> Ran:
        """Run git over a connection, again where that was dropped."""
        attempt = 0
        while True:
            ran = self._git(arguments, settings=[FROM_ENVIRONMENT])
            if not ran.code or not _DROPPED.search(ran.said) or not programs.pause(attempt):
                return ran
            attempt += 1

    def _git(
        self, arguments: Sequence[str], given: bytes = b"", settings: Sequence[str] = ()
    ) -> Ran:
        configured = [word for setting in settings for word in ("-c", setting)]
        places = {
            "GIT_DIR": str(self._repository),
            "GIT_INDEX_FILE": str(self._folder / "index"),
            "GIT_TERMINAL_PROMPT": "0",
        }
        command = ["git", *configured, *arguments]
        return programs.run(command, given=given, settings=places, folder=self._site)

    def _said(self, arguments: Sequence[str]) -> str:
        ran = self._git(arguments)
        self._ok(ran, "something is wrong with the repository")
        return ran.out.decode("utf-8", "surrogateescape").strip()

    def _ok(self, ran: Ran, what: str) -> None:
        if ran.code:
            raise programs.failed(f"git: {what}", ran)


def _notes(old: str, known: Ledger) -> Iterable[str]:
    if not old:
        yield "there was no such branch: it is made"
    elif known.deployed is None:
        yield "the branch has no list of what was deployed: nothing on it is deleted"
