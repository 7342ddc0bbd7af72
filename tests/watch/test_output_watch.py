"""What somebody does to files of the output folder is noticed, repaired and told."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from sitegen.flow.build import Options
from sitegen.flow.session import Session
from sitegen.watch.output_watch import SHORTEST, OutputWatch
from sitegen.watch.rebuild import BuildLog
from sitegen.work.backoff import LONGEST
from tests.rebuilding import Builds, rebuilding, save
from tests.sitefactory import AT, article, build_site, make_site, tree

FRONT = "index.html"
STYLE = "css/site.css"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with one article."""
    return make_site(tmp_path / "site", {"flood.md": article("Flood")})


@pytest.fixture
def builds(site: Path) -> Iterator[Builds]:
    """The site being watched and built, by a clock that runs ten minutes a glance."""
    times = (AT + number * timedelta(minutes=10) for number in count())
    with rebuilding(site, options=Options(keep_going=True), clock=lambda: next(times)) as made:
        yield made


@pytest.fixture
def session(site: Path) -> Iterator[Session]:
    """What is kept of a build of the site."""
    with Session() as made:
        build_site(site, session=made)
        yield made


def look(watch: OutputWatch) -> tuple[str, ...] | None:
    """Look at all files, at the times that are asked for; return what was found."""
    before = watch.due
    while watch.due is not None:
        now = watch.due
        found = watch.step(now)
        if found is not None or watch.due > now:
            return found
    assert before is None
    return None


def edit(place: Path) -> None:
    """Write something else, of the same length and with the same time."""
    found = place.stat()
    place.write_bytes(place.read_bytes()[::-1])
    os.utime(place, ns=(found.st_atime_ns, found.st_mtime_ns))


def replace(place: Path) -> None:
    """Put a link in its place."""
    place.unlink()
    place.symlink_to("/etc/hostname")


@pytest.mark.parametrize("damage", [edit, Path.unlink, replace])
@pytest.mark.parametrize("path", [FRONT, STYLE])
def test_a_file_that_somebody_changed_is_made_again(
    builds: Builds, damage: Callable[[Path], None], path: str
) -> None:
    """Edited, removed or replaced, rendered or copied: it is soon as a clean build makes it."""
    before = tree(builds.site / "output")
    damage(builds.site / "output" / path)
    builds.watch.wake()
    builds.until(lambda: builds.outcomes[-1].output_changed == (path,))

    assert tree(builds.site / "output") == before
    said = list(BuildLog(builds.site).lines(builds.outcomes[-1]))
    assert said[0].startswith("note: changed or removed by others in the output folder")
    assert said[0].endswith(f"made again: {path}")
    assert " output folder: " in said[-1]


def test_an_output_folder_that_was_removed_is_made_again(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to save a file to have the site back."""
    monkeypatch.setattr("sitegen.watch.output_watch.SHORTEST", timedelta(milliseconds=20))
    with rebuilding(site) as builds:
        (site / "output").rename(tmp_path / "moved")
        builds.until(lambda: builds.outcomes[-1].output_changed == ())
        assert tree(site / "output") == tree(tmp_path / "moved")


def test_what_we_write_ourselves_is_no_news(site: Path, session: Session) -> None:
    """After a build, whatever it wrote, and after one in another process, nothing is repaired."""
    watch = OutputWatch(session)
    for title in ("Deluge", "Drought"):
        save(site, {"articles/flood.md": article(title)})
        build_site(site, session=session)
        watch.begin(AT, failed=False)
        assert look(watch) is None

    save(site, {"articles/flood.md": article("Fog")})
    build_site(site)
    watch.begin(AT, failed=False)
    assert look(watch) == ()
    assert build_site(site, session=session).written == ()
    watch.begin(AT, failed=False)
    assert look(watch) is None


def test_a_file_that_was_only_touched_is_left(site: Path, session: Session) -> None:
    """A backup or a copy that keeps the bytes changes nothing."""
    os.utime(site / "output" / FRONT)
    watch = OutputWatch(session)
    watch.begin(AT, failed=False)
    assert look(watch) is None


def test_a_large_site_is_looked_at_in_steps(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two steps a save can come in; after the last there is a pause."""
    monkeypatch.setattr("sitegen.watch.output_watch.STEP_FILES", 10)
    watch = OutputWatch(session)
    watch.begin(AT, failed=False)
    assert watch.due == AT + SHORTEST
    steps = 0
    while watch.due == AT + SHORTEST:
        assert watch.step(AT + SHORTEST) is None
        steps += 1

    assert steps == 1 + -(-len(session.state.written) // 10)
    assert watch.due == AT + 2 * SHORTEST


def test_after_a_failure_nothing_is_looked_at(session: Session) -> None:
    """What failed is tried again anyway, and has its own pauses."""
    watch = OutputWatch(session)
    watch.begin(AT, failed=True)
    assert watch.due is None


def test_who_changes_a_file_each_time_is_not_fought_for_ever(site: Path, session: Session) -> None:
    """Another program that edits each page after us makes us look less and less often."""
    watch = OutputWatch(session)
    now: datetime = AT
    pauses = []
    for _ in range(12):
        watch.begin(now, failed=False)
        assert watch.due is not None
        pauses.append(watch.due - now)
        now = watch.due
        edit(site / "output" / FRONT)
        assert look(watch) == (FRONT,)
        build_site(site, session=session)
    assert pauses[0] == SHORTEST
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST

    watch.begin(now, failed=False)
    assert look(watch) is None
    watch.begin(now, failed=False)
    assert watch.due == now + SHORTEST
