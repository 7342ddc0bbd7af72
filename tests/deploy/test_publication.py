"""The course of a deployment, at a place that fails wherever it can."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.cache.store import Written
from sitegen.config.settings import DeployTarget
from sitegen.deploy import ledger
from sitegen.deploy.ledger import Run
from sitegen.deploy.outgoing import Outgoing, outgoing
from sitegen.deploy.publication import Outcome, Wishes, publish
from sitegen.model.errors import SitegenError, problem

BUILD = ("https://example.org/", "2024-11-05T12:00:00+00:00")
WISHES = Wishes(max_deletes=100)
FOREIGN = {"theirs.pdf": "theirs", "a/theirs.txt": "theirs"}


class Place:
    """Holds marks by path. It fails at a chosen step, before or after it is done."""

    def __init__(self) -> None:
        self.files = dict(FOREIGN)
        self.lain: dict[str, bytes] = {}
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

    def notes(self) -> dict[str, bytes]:
        """Return what was laid there."""
        self._step(done=False)
        return dict(self.lain)

    def note(self, name: str, data: bytes) -> None:
        """Lay something there."""
        self._step(done=False)
        self.lain[name] = data
        self._step(done=True)

    def forget(self, names: Sequence[str]) -> None:
        """Take something away, one by one."""
        for name in names:
            self._step(done=False)
            self.lain.pop(name, None)
            self._step(done=True)

    def held(self, files: Sequence[Outgoing]) -> set[str]:
        """Return what is there just so."""
        self._step(done=False)
        return {item.path for item in files if self.files.get(item.path) == item.mark}

    def send(self, files: Sequence[Outgoing]) -> None:
        """Take files, one by one."""
        for item in files:
            self._step(done=False)
            assert not any(path.startswith(f"{item.path}/") for path in self.files)
            self.files[item.path] = item.mark
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


def files(versions: dict[str, int]) -> dict[str, Outgoing]:
    """Return what is to be sent: paths in some version each."""
    written = {path: Written(bytes([n]) * 16, 9, 0, 0, 0) for path, n in versions.items()}
    return outgoing(written, DeployTarget(kind="folder"))


def deploy(place: Place, wanted: dict[str, Outgoing]) -> Outcome:
    """Deploy, and say nothing of it."""
    return publish(place, wanted, BUILD, WISHES, lambda *_: None)


def held(place: Place) -> dict[str, str]:
    """Return what the place holds of ours."""
    return {path: mark for path, mark in place.files.items() if path not in FOREIGN}


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
    place = Place()
    for versions, fails_in, is_late, is_killed in earlier:
        place.fails_in, place.is_late = fails_in, is_late
        lain = place.lain
        try:
            deploy(place, files(versions))
        except SitegenError:
            if is_killed:  # then its last words were never said
                for name, data in list(lain.items()):
                    if name.startswith(ledger.RUN):
                        (run,) = ledger.read({name: data}).runs
                        dead = Run(name, run.host, 2**22 + 1, 1.0, run.paths)
                        lain[name] = ledger.run_bytes(dead)
    place.fails_in = -1
    before = dict(place.files)
    place.sent = []
    wanted = files(last)

    deploy(place, wanted)

    assert held(place) == {path: item.mark for path, item in wanted.items()}
    assert {path: place.files[path] for path in FOREIGN} == FOREIGN
    assert all(before.get(path) != wanted[path].mark for path in place.sent)
    assert list(place.lain) == [ledger.DEPLOYED]
    place.sent, place.deleted = [], []
    again = deploy(place, wanted)
    assert (place.sent, place.deleted, again.touched) == ([], [], ())


class Between(Place):
    """Another deployment lays its note there at a chosen step of ours."""

    def __init__(self, moment: int) -> None:
        super().__init__()
        self.left = moment

    def _step(self, *, done: bool) -> None:
        self.left -= not done
        if self.left == 0 and not done:
            run = Run("run-other", "desk-3", 1, time.time(), ())
            self.lain["run-other"] = ledger.run_bytes(run)


@pytest.mark.parametrize("moment", [1, 2, 3, 4])
def test_one_that_began_before_we_looked(moment: int) -> None:
    """Where another's note lies there when we look, ours is taken away and nothing is sent."""
    place = Between(moment)

    with pytest.raises(SitegenError, match="another deployment"):
        deploy(place, files({"index.html": 1}))

    assert held(place) == {}
    assert list(place.lain) == ["run-other"]


@pytest.mark.parametrize("moment", [5, 6, 7])
def test_one_that_begins_after_we_looked(moment: int) -> None:
    """One that comes later sees our note and does nothing; ours ends, and what it holds is ours."""
    place = Between(moment)
    wanted = files({"index.html": 1, "x.css": 1})

    deploy(place, wanted)

    assert held(place) == {path: item.mark for path, item in wanted.items()}
    assert sorted(place.lain) == [ledger.DEPLOYED, "run-other"]
    with pytest.raises(SitegenError, match="another deployment"):
        deploy(place, files({"index.html": 2}))


def test_one_that_is_taken_over_stops() -> None:
    """Whose note is gone was taken over: it does not say what the place holds."""

    class TakenOver(Place):
        """Loses our note while the last file is sent."""

        def send(self, items: Sequence[Outgoing]) -> None:
            super().send(items)
            self.lain = {}

    place = TakenOver()

    with pytest.raises(SitegenError, match="another deployment"):
        deploy(place, files({"index.html": 1}))

    assert place.lain == {}
