"""Response files on disk: moved whole, never elsewhere."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from sitegen.config.settings import Config
from sitegen.model import moments
from sitegen.model.errors import SitegenError
from sitegen.responses.files import Response, response_bytes
from sitegen.responses.moderation import (
    erase,
    find,
    list_responses,
    move,
    places,
    put,
    read_response,
    remove_leftovers,
)
from sitegen.responses.paths import Place, path_of
from tests.sitefactory import tree, write

DATE = moments.parse("2026-11-23T13:55:02Z")
COMMENT = Response("2023-03-14-flood", "01aa", "comment", "Maud", DATE, "Two tides.")
PENDING = Place("pending", "2023-03-14-flood", "01aa")
SHOWN = PENDING._replace(status="shown")
FOLDERS = ("responses", "responses/pending", "responses/spam", "responses/deleted")


def test_a_response_is_one_whole_file(tmp_path: Path) -> None:
    """Nothing but the file itself is left behind, and putting it again replaces it."""
    for text in ("One.", "Two."):
        path = put(tmp_path, "pending", COMMENT._replace(text=text))
        assert tree(tmp_path) == {path: response_bytes(COMMENT._replace(text=text))}


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    """In every folder; what another may be writing now stays, and so does what is not ours."""
    left = [f"{folder}/2023-flood/.01aa-{'0f' * 16}.tmp" for folder in FOLDERS]
    writing = f"responses/2023-flood/.01bb-{'0f' * 16}.tmp"
    others = ["responses/2023-flood/.notes.tmp", "responses/2023-flood/01cc.md", "responses/.x.tmp"]
    write(tmp_path, dict.fromkeys([*left, writing, *others], "half"))
    for path in (*left, *others):
        os.utime(tmp_path / path, (1_000_000_000, 1_000_000_000))
    now = (tmp_path / writing).stat().st_mtime
    assert sorted(remove_leftovers(tmp_path, now)) == sorted(left)
    assert set(tree(tmp_path)) == {writing, *others}
    assert remove_leftovers(tmp_path, now + 10) == [writing]
    assert remove_leftovers(tmp_path / "elsewhere", now) == []


def test_moderation_is_moving_a_file(tmp_path: Path) -> None:
    """Each decision moves the file to the folder of that name; a second one finds nothing."""
    put(tmp_path, "pending", COMMENT)
    here = PENDING
    for status in ("shown", "spam", "deleted", "pending", "shown"):
        there = here._replace(status=status)
        assert move(tmp_path, here, status)
        assert not move(tmp_path, here, status)
        assert tree(tmp_path) == {path_of(there): response_bytes(COMMENT)}
        here = there
    assert move(tmp_path, SHOWN, "shown")


def test_approving_drops_the_hints(tmp_path: Path) -> None:
    """What was said to the moderator is not kept with what is published."""
    put(tmp_path, "pending", COMMENT._replace(hints=("three links",)))
    assert move(tmp_path, PENDING, "shown")
    assert tree(tmp_path) == {path_of(SHOWN): response_bytes(COMMENT)}


def test_an_approved_update_takes_the_place_of_the_older_state(tmp_path: Path) -> None:
    """A source that changed its text has one response, not two."""
    put(tmp_path, "shown", COMMENT)
    put(tmp_path, "pending", COMMENT._replace(text="Three tides."))
    assert find(tmp_path, "01aa") == [PENDING, SHOWN]
    assert move(tmp_path, PENDING, "shown")
    found = read_response(tmp_path, SHOWN, Config())
    assert found.response == COMMENT._replace(text="Three tides.")


def test_a_broken_file_is_not_approved(tmp_path: Path) -> None:
    """What would stop the next build stays where it is."""
    file = tmp_path / path_of(PENDING)
    file.parent.mkdir(parents=True)
    file.write_text("---\nkind: comment\nemail: x@example.org\n---\n\nHello\n")
    with pytest.raises(SitegenError, match="is not allowed"):
        move(tmp_path, PENDING, "shown")
    assert file.exists()
    assert move(tmp_path, PENDING, "spam")


def test_erasing_leaves_nothing(tmp_path: Path) -> None:
    """A response that was erased is in no folder."""
    put(tmp_path, "deleted", COMMENT)
    place = PENDING._replace(status="deleted")
    assert erase(tmp_path, place)
    assert not erase(tmp_path, place)
    assert tree(tmp_path) == {}


def test_the_oldest_waits_first(tmp_path: Path) -> None:
    """A list is in order of time, and what cannot be read stands before all."""
    for id_, day in (("01aa", 3), ("01bb", 1), ("01cc", 2)):
        put(tmp_path, "pending", COMMENT._replace(id=id_, date=DATE + timedelta(days=day)))
    (tmp_path / "responses/pending/2023-03-14-flood/zz.md").write_text("kind comment\n")
    ids = [found.place.id for found in list_responses(tmp_path, "pending", Config())]
    assert ids == ["zz", "01bb", "01cc", "01aa"]
    assert list_responses(tmp_path, "shown", Config()) == []


def test_only_response_files_are_listed(tmp_path: Path) -> None:
    """Hidden files, notes and links are passed over, and pending is no article."""
    put(tmp_path, "shown", COMMENT)
    put(tmp_path, "pending", COMMENT)
    folder = tmp_path / "responses/2023-03-14-flood"
    for name in (".01bb.md", "notes.txt", "01CC.md", "01dd.md.tmp"):
        (folder / name).write_text("x")
    (folder / "01ee.md").symlink_to(folder / "01aa.md")
    assert list(places(tmp_path, "shown")) == [SHOWN]
    assert find(tmp_path, "01ee") == []
    assert find(tmp_path, "../01aa") == []


@pytest.mark.parametrize(
    "link",
    ["responses", "responses/pending", "responses/pending/2023-03-14-flood",
     "responses/pending/2023-03-14-flood/01aa.md"],
)  # fmt: skip
def test_nothing_is_written_behind_a_link(tmp_path: Path, link: str) -> None:
    """Wherever a symbolic link stands on the way, nothing is written, moved or removed."""
    site, outside = tmp_path / "site", tmp_path / "outside"
    put(outside, "pending", COMMENT)
    before = tree(outside)
    place = site / link
    place.parent.mkdir(parents=True)
    place.symlink_to(outside / link)
    actions = (
        lambda: put(site, "pending", COMMENT._replace(text="Other.")),
        lambda: move(site, PENDING, "shown"),
        lambda: erase(site, PENDING),
        lambda: read_response(site, PENDING, Config()),
    )
    for action in actions:
        with pytest.raises(SitegenError, match="symbolic links"):
            action()
    assert tree(outside) == before


def test_names_that_are_none_are_refused(tmp_path: Path) -> None:
    """A name from outside never becomes a path."""
    for thread, id_ in (("..", "x"), ("a/b", "x"), ("a", "../x"), ("pending", "x")):
        place = Place("pending", thread, id_)
        with pytest.raises(ValueError, match="not a place"):
            move(tmp_path, place, "spam")
        with pytest.raises(ValueError, match="not a place"):
            erase(tmp_path, place)


def test_a_file_that_is_too_large_is_told(tmp_path: Path) -> None:
    """No response fills the memory."""
    put(tmp_path, "pending", COMMENT)
    (tmp_path / path_of(PENDING)).write_bytes(b"x" * 1_000_001)
    with pytest.raises(SitegenError, match="larger"):
        read_response(tmp_path, PENDING, Config())


def test_a_file_that_cannot_be_read_is_told_as_that(tmp_path: Path) -> None:
    """A failure says what could not be done: to read, not to write."""
    (tmp_path / path_of(PENDING)).mkdir(parents=True)
    with pytest.raises(SitegenError, match="cannot be read"):
        read_response(tmp_path, PENDING, Config())
