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
from sitegen.deploy import programs, target_state
from sitegen.deploy.contents import Contents
from sitegen.deploy.plan import DeployPlan, plan_deployment
from sitegen.deploy.programs import Completed
from sitegen.deploy.refusals import DeployOptions, refusals, would_be_refused
from sitegen.deploy.sync import Outcome
from sitegen.deploy.target_files import Phase, TargetFile
from sitegen.deploy.target_state import MANIFEST, Manifest, Version
from sitegen.index.lost_articles import PublishedArticles
from sitegen.model.errors import Problem, SitegenError
from sitegen.work.progress import Progress

MANIFEST_PATH = f"{target_state.FOLDER}/{MANIFEST}"

HOST_FILES = (".nojekyll", "CNAME")
"""What GitHub Pages reads: not to run Jekyll, and the site's domain."""

ZERO_ID = "0" * 40

CREDENTIAL_HELPER = (
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
_REMOTE_NAME = re.compile(r"[\w.-]+")


class GitBranch:
    """A branch of another repository.

    A target that is the name of a remote is one of the repository that `site` lies in.
    """

    def __init__(self, target: DeployTarget, contents: Contents, site: Path) -> None:
        self._target = target
        self._contents = contents
        self._site = site
        self._temporary = tempfile.TemporaryDirectory(prefix="sitegen-")
        self._folder = Path(self._temporary.name)
        self._host_files, self._staged = self._folder / "host", self._folder / "staged"
        self._host_files.mkdir()
        self._branch = f"refs/heads/{target.branch}"
        self._target_id = blake2b(
            f"{target.to}\0{target.branch}".encode(), digest_size=6
        ).hexdigest()
        self._fetched = f"refs/sitegen/{self._target_id}"
        self._repository, self._depth = self._open_repository()
        self._identity = self._fallback_identity()

    def _open_repository(self) -> tuple[Path, list[str]]:
        """Return the repository to work in, and options for how much history to fetch into it."""
        if _REMOTE_NAME.fullmatch(self._target.to):
            asked = ["rev-parse", "--is-shallow-repository", "--absolute-git-dir"]
            done = programs.run(["git", "-C", str(self._site), *asked])
            if done.code:
                message = (
                    f'"{self._target.to}" cannot be a remote: the site is in no git repository'
                )
                hint = "set `to` to the address of the repository"
                raise SitegenError(Problem(message, hint=hint))
            shallow, found = done.stdout.decode("utf-8", "surrogateescape").splitlines()
            # To fetch a part only would cut off the history of a whole repository.
            return Path(found), ["--depth=1"] if shallow == "true" else []
        repository = self._site / STATE / "deploy" / f"{self._target_id}.git"
        if not (repository / "HEAD").exists():
            done = programs.run(["git", "init", "--quiet", "--bare", str(repository)])
            self._check(done, "cannot create a repository")
        return repository.resolve(), ["--depth=1"]

    def _fallback_identity(self) -> list[str]:
        """Return settings for who commits, if git does not know the user of this machine."""
        done = programs.run(["git", "-C", str(self._site), "config", "user.email"])
        return [] if done.stdout.strip() else ["user.name=sitegen", "user.email=sitegen@localhost"]

    def deploy(
        self,
        files: Mapping[str, TargetFile],
        version: Version,
        articles: PublishedArticles,
        options: DeployOptions,
        progress: Progress,
    ) -> Outcome:
        """Make the branch hold `files`, and return what was done.

        `version` is which build they are, `articles` are those of the site.

        Raises `SitegenError` where it must not or cannot; then the branch is as it was.
        """
        added = self._added_files(files)
        wanted = {**files, **added}
        old = self._fetch()
        manifest = self._manifest(old)
        deployed = {} if manifest is None else manifest.files
        before = None if manifest is None or options.recheck else deployed
        planned = plan_deployment(wanted, before)
        gone = sorted(deployed.keys() - wanted.keys())
        self._index(old, planned, gone)
        todo = self._differences(old, wanted)
        refused = refusals(todo, manifest, articles, options)
        if refused and not options.dry_run:
            raise SitegenError(*refused)
        notes = (*_notes(old, manifest), *map(would_be_refused, refused))
        outcome = Outcome(todo, todo.paths, notes)
        checksums = {path: item.checksum for path, item in wanted.items()}
        is_recorded = manifest is not None and manifest.says(checksums, version)
        if options.dry_run or (not todo.paths and is_recorded):
            return outcome
        self._contents.check(item for item in planned.sent if item.path not in added)
        self._add({MANIFEST_PATH: target_state.manifest_bytes(Manifest(checksums, version))})
        progress("commit", 0, 1)
        self._push(old, self._commit(old, version))
        progress("commit", 1, 1)
        return outcome

    def _added_files(self, files: Mapping[str, TargetFile]) -> dict[str, TargetFile]:
        """Write the files that the host reads, unless the site has them, and return them."""
        texts = dict(zip(HOST_FILES, ("", f"{self._target.cname}\n"), strict=True))
        if not self._target.cname:
            del texts["CNAME"]
        added = {}
        for path, text in texts.items():
            if path not in files:
                (self._host_files / path).write_text(text, "utf-8")
                digest = blake2b(text.encode(), digest_size=16)
                added[path] = TargetFile(
                    path,
                    path,
                    digest.digest(),
                    len(text),
                    "",
                    None,
                    digest.hexdigest(),
                    Phase.ASSETS,
                )
        return added

    # What the branch holds

    def _fetch(self) -> str:
        """Fetch the branch, and return its last commit, or "" where there is no such branch."""
        found = self._remote(["ls-remote", self._target.to, self._branch])
        self._check(found, "cannot read the repository")
        if not found.stdout.strip():
            return ""
        refs = f"+{self._branch}:{self._fetched}"
        options = ["--quiet", "--no-tags", "--no-write-fetch-head", *self._depth]
        fetched = self._remote(["fetch", *options, self._target.to, refs])
        self._check(fetched, "cannot read the branch")
        return self._output(["rev-parse", f"{self._fetched}^{{commit}}"])

    def _manifest(self, old: str) -> Manifest | None:
        done = self._git(["cat-file", "blob", f"{old}:{MANIFEST_PATH}"]) if old else None
        files = {MANIFEST: done.stdout} if done and not done.code else {}
        return target_state.read(files).manifest

    # What it is to hold

    def _index(self, old: str, planned: DeployPlan, gone: Sequence[str]) -> None:
        """Prepare the tree of the new commit: the old one, without `gone`, with what is new."""
        done = self._git(["read-tree", old] if old else ["read-tree", "--empty"])
        self._check(done, "cannot read the files of the branch")
        self._update(f"0 {ZERO_ID}\t{path}" for path in gone)
        plain = [item for item in planned.sent if not item.encoding]
        encoded = [item for item in planned.sent if item.encoding]
        for item in encoded:
            self._contents.stage(item, self._staged)
        sources = [*map(self._source, plain), *(self._staged / item.path for item in encoded)]
        pairs = zip([*plain, *encoded], self._object_ids(sources), strict=True)
        self._update(f"100644 {id_}\t{item.path}" for item, id_ in pairs)

    def _source(self, item: TargetFile) -> Path:
        added = self._host_files / item.path
        is_added = item.path in HOST_FILES and added.is_file()
        return added if is_added else self._contents.source(item)

    def _object_ids(self, sources: Iterable[Path]) -> list[str]:
        names = "".join(f"{source.absolute()}\n" for source in sources)
        command = ["hash-object", "-w", "--no-filters", "--stdin-paths"]
        done = self._git(command, names.encode("utf-8", "surrogateescape"))
        self._check(done, "cannot read the output folder")
        return done.stdout.decode().split()

    def _update(self, lines: Iterable[str]) -> None:
        entries = "".join(f"{line}\0" for line in lines).encode("utf-8", "surrogateescape")
        command = ["update-index", "--add", "--replace", "-z", "--index-info"]
        self._check(self._git(command, entries), "cannot prepare the commit")

    def _add(self, files: Mapping[str, bytes]) -> None:
        for path, data in files.items():
            done = self._git(["hash-object", "-w", "--no-filters", "--stdin"], data)
            self._check(done, "cannot write to the repository")
            self._update([f"100644 {done.stdout.decode().strip()}\t{path}"])

    def _differences(self, old: str, wanted: Mapping[str, TargetFile]) -> DeployPlan:
        """Return what the new tree changes, as git sees it."""
        tree = old or self._output(["hash-object", "-t", "tree", "--stdin", "-w"])
        options = ["--cached", "--no-renames", "--name-status", "-z", tree]
        done = self._git(["diff-index", *options])
        self._check(done, "cannot compare the files")
        words = done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]
        found = dict(zip(words[1::2], words[::2], strict=True))
        sent = tuple(wanted[path] for path in sorted(found) if path in wanted)
        gone = tuple(path for path in sorted(found) if found[path] == "D" and path not in wanted)
        new = frozenset(path for path, kind in found.items() if kind == "A")
        return DeployPlan((), (sent,), gone, new, frozenset(), len(wanted) - len(sent))

    # Committing

    def _commit(self, old: str, version: Version) -> str:
        parents = ["-p", old] if old and self._target.history == "kept" else []
        message = f"Deploy {version.base_url or 'the site'} as of {version.at}\n".encode()
        tree = self._output(["write-tree"])
        done = self._git(["commit-tree", *parents, tree], message, self._identity)
        self._check(done, "cannot create the commit")
        return done.stdout.decode().strip()

    def _push(self, old: str, new: str) -> None:
        """Push the commit, if the branch is still as it was when we looked."""
        lease = f"--force-with-lease={self._branch}:{old}"
        done = self._remote(["push", "--quiet", lease, self._target.to, f"{new}:{self._branch}"])
        if done.code and _REFUSED.search(done.stderr):
            # After a dropped connection it may be our own commit that stands there.
            found = self._remote(["ls-remote", self._target.to, self._branch])
            if found.stdout.decode().split()[:1] == [new]:
                return
            message = "the branch was changed during the deployment"
            hint = "nothing was deployed: run `sitegen deploy` again"
            raise SitegenError(Problem(message, hint=hint))
        self._check(done, "cannot push the commit; the branch is unchanged")

    # Git

    def _remote(self, arguments: Sequence[str]) -> Completed:
        """Run git over a connection, with retries where that was dropped."""
        attempt = 0
        while True:
            done = self._git(arguments, settings=[CREDENTIAL_HELPER])
            if (
                not done.code
                or not _DROPPED.search(done.stderr)
                or not programs.wait_to_retry(attempt)
            ):
                return done
            attempt += 1

    def _git(
        self, arguments: Sequence[str], stdin: bytes = b"", settings: Sequence[str] = ()
    ) -> Completed:
        configured = [word for setting in settings for word in ("-c", setting)]
        env = {
            "GIT_DIR": str(self._repository),
            "GIT_INDEX_FILE": str(self._folder / "index"),
            "GIT_TERMINAL_PROMPT": "0",
        }
        command = ["git", *configured, *arguments]
        return programs.run(command, stdin=stdin, env=env, cwd=self._site)

    def _output(self, arguments: Sequence[str]) -> str:
        done = self._git(arguments)
        self._check(done, "cannot read the repository")
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def _check(self, done: Completed, what: str) -> None:
        if done.code:
            raise programs.failed(f"git: {what}", done)


def _notes(old: str, manifest: Manifest | None) -> Iterable[str]:
    if not old:
        yield "the branch does not exist yet: it is created"
    elif manifest is None:
        yield "the branch has no list of deployed files: nothing on it is deleted"
