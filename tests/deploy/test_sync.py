"""Syncing a destination that fails wherever it can."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.cache.tables import Written
from sitegen.config.settings import DeployTarget
from sitegen.deploy import target_state
from sitegen.deploy.process_identity import ProcessIdentity
from sitegen.deploy.refusals import DeployOptions
from sitegen.deploy.sync import Outcome, sync
from sitegen.deploy.target_files import TargetFile, target_files
from sitegen.deploy.target_state import Run, Version
from sitegen.index.lost_articles import PublishedArticles
from sitegen.model.errors import SitegenError, problem

ARTICLES = PublishedArticles({"tag:example.org,2024-11-04:a": "/a/"})
VERSION = Version("https://example.org/", "2024-11-05T12:00:00+00:00", ARTICLES.urls)
OPTIONS = DeployOptions(max_deletes=100)
FOREIGN = {"theirs.pdf": "theirs", "a/theirs.txt": "theirs"}


class FailingDestination:
    """Holds checksums by path. It fails at a chosen step, before or after it is done."""

    def __init__(self) -> None:
        self.files = dict(FOREIGN)
        self.state: dict[str, bytes] = {}
        self.sent: list[str] = []
        self.deleted: list[str] = []
        self.fails_in = -1
        self.is_late = False

    def _step(self, *, done: bool) -> None:
        """Count half a step, and fail if it is its turn."""
        if done == self.is_late:
            self.fails_in -= 1
            if self.fails_in == 0:
                raise problem("the connection was dropped")

    def state_files(self) -> dict[str, bytes]:
        """Return what was written there."""
        self._step(done=False)
        return dict(self.state)

    def write_state_file(self, name: str, data: bytes) -> None:
        """Write one of them."""
        self._step(done=False)
        self.state[name] = data
        self._step(done=True)

    def delete_state_files(self, names: Sequence[str]) -> None:
        """Delete some of them, one by one."""
        for name in names:
            self._step(done=False)
            self.state.pop(name, None)
            self._step(done=True)

    def clear(self) -> None:
        """Nothing is ever half-written."""
        self._step(done=False)

    def matching(self, files: Sequence[TargetFile]) -> set[str]:
        """Return what is there just so."""
        self._step(done=False)
        return {item.path for item in files if self.files.get(item.path) == item.checksum}

    def send(self, files: Sequence[TargetFile]) -> None:
        """Take files, one by one."""
        for item in files:
            self._step(done=False)
            assert not any(path.startswith(f"{item.path}/") for path in self.files)
            self.files[item.path] = item.checksum
            self.sent.append(item.path)
            self._step(done=True)

    def delete(self, paths: Sequence[str], folders: Sequence[str]) -> None:
        """Remove files, one by one."""
        for path in paths:
            self._step(done=False)
            self.files.pop(path, None)
            self.deleted.append(path)
            self._step(done=True)
        assert list(folders) == sorted(folders, key=lambda path: (-path.count("/"), path))


def files(versions: dict[str, int]) -> dict[str, TargetFile]:
    """Return what is to be sent: paths in some version each."""
    written = {path: Written(bytes([n]) * 16, 9, 0, 0, 0) for path, n in versions.items()}
    return target_files(written, DeployTarget(kind="folder"))


def deploy(destination: FailingDestination, wanted: dict[str, TargetFile]) -> Outcome:
    """Deploy, and say nothing of it."""
    return sync(destination, wanted, VERSION, ARTICLES, OPTIONS, lambda *_: None)


def own_files(destination: FailingDestination) -> dict[str, str]:
    """Return what the destination holds of ours."""
    return {path: checksum for path, checksum in destination.files.items() if path not in FOREIGN}


VERSIONS = st.dictionaries(
    st.sampled_from(["index.html", "a/index.html", "b/index.html", "x.css", "feed.xml", "c"]),
    st.integers(0, 2),
)


@given(
    st.lists(st.tuples(VERSIONS, st.integers(-1, 25), st.booleans(), st.booleans()), max_size=5),
    VERSIONS,
)
def test_whatever_fails_the_next_is_whole(
    earlier: list[tuple[dict[str, int], int, bool, bool]], last: dict[str, int]
) -> None:
    """After deployments that failed anywhere, or were killed there, one that ends is exact.

    It holds the build, what is others' stays, nothing that had arrived is sent again, and after
    it there is nothing to do.
    """
    destination = FailingDestination()
    for versions, fails_in, is_late, is_killed in earlier:
        destination.fails_in, destination.is_late = fails_in, is_late
        state = destination.state
        try:
            deploy(destination, files(versions))
        except SitegenError:
            if is_killed:  # then its last words were never said
                for name, data in list(state.items()):
                    if name.startswith(target_state.RUN):
                        (run,) = target_state.read({name: data}).runs
                        dead = Run(name, run.process._replace(id=2**22 + 1), 1.0, run.paths)
                        state[name] = target_state.run_bytes(dead)
    destination.fails_in = -1
    before = dict(destination.files)
    destination.sent = []
    wanted = files(last)

    deploy(destination, wanted)

    assert own_files(destination) == {path: item.checksum for path, item in wanted.items()}
    assert {path: destination.files[path] for path in FOREIGN} == FOREIGN
    assert all(before.get(path) != wanted[path].checksum for path in destination.sent)
    assert list(destination.state) == [target_state.MANIFEST]
    destination.sent, destination.deleted = [], []
    again = deploy(destination, wanted)
    assert (destination.sent, destination.deleted, again.touched) == ([], [], ())


class Between(FailingDestination):
    """Another deployment writes its run there at a chosen step of ours."""

    def __init__(self, moment: int) -> None:
        super().__init__()
        self.left = moment

    def _step(self, *, done: bool) -> None:
        self.left -= not done
        if self.left == 0 and not done:
            run = Run("run-other", ProcessIdentity("web-3", "", 1, 0), time.time(), ())
            self.state["run-other"] = target_state.run_bytes(run)


@pytest.mark.parametrize("moment", [1, 2, 3, 4, 5])
def test_one_that_began_before_we_looked(moment: int) -> None:
    """Where another run is there when we look, ours is deleted and nothing is sent."""
    destination = Between(moment)

    with pytest.raises(SitegenError, match="another deployment"):
        deploy(destination, files({"index.html": 1}))

    assert own_files(destination) == {}
    assert list(destination.state) == ["run-other"]


@pytest.mark.parametrize("moment", [6, 7, 8])
def test_one_that_begins_after_we_looked(moment: int) -> None:
    """One that comes later sees our run and does nothing; ours ends, and what it holds is ours."""
    destination = Between(moment)
    wanted = files({"index.html": 1, "x.css": 1})

    deploy(destination, wanted)

    assert own_files(destination) == {path: item.checksum for path, item in wanted.items()}
    assert sorted(destination.state) == [target_state.MANIFEST, "run-other"]
    with pytest.raises(SitegenError, match="another deployment"):
        deploy(destination, files({"index.html": 2}))


def test_one_that_is_taken_over_stops() -> None:
    """Whose run is gone was taken over: it does not say what the destination holds."""

    class TakenOver(FailingDestination):
        """Loses our run while the last file is sent."""

        def send(self, items: Sequence[TargetFile]) -> None:
            super().send(items)
            self.state = {}

    destination = TakenOver()

    with pytest.raises(SitegenError, match="another deployment"):
        deploy(destination, files({"index.html": 1}))

    assert destination.state == {}
