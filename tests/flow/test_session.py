"""What a process that builds again and again believes of its last build."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.flow.session import Session
from tests.sitefactory import article, build_site, make_site, write


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session after a build and an edit."""
    site = make_site(tmp_path, {"a.md": article(body="Old."), "b.md": article("B")})
    session = Session()
    build_site(site, session=session)
    write(site, {"articles/a.md": article(body="New.")})
    build_site(site, session=session, changed=["articles/a.md"])
    yield session
    session.close()


def test_who_asked_what_is_known_after_an_edit(session: Session) -> None:
    """Then only the outputs that depend on the next one need to be looked at."""
    assert session.indexed is not None
    assert session.dependents_for(session.indexed) is not None


def test_an_index_from_nothing_has_every_output_looked_at(session: Session) -> None:
    """Without a difference from the last plan nobody knows what became of it."""
    assert session.indexed is not None
    assert session.dependents_for(session.indexed._replace(difference=None)) is None


def test_files_that_the_last_build_does_not_know_have_every_output_looked_at(
    session: Session,
) -> None:
    """A file of ours that no record speaks of has to go, or to be made again: look at all."""
    assert session.indexed is not None
    written = dict(session.state.written)
    del written["2024/11/04/a/index.html"]
    session.state = session.state._replace(written=written)

    assert session.dependents_for(session.indexed) is None


def test_nothing_is_believed_once_another_process_has_built(session: Session) -> None:
    """What another one wrote is read anew."""
    indexed = session.indexed
    assert indexed is not None
    session.invalidate()

    assert session.dependents_for(indexed) is None
    assert (session.indexed, session.scan, session.changed) == (None, None, None)


def test_a_note_is_told_once(session: Session) -> None:
    """However many builds come upon the same."""
    assert session.not_yet_told(["a", "b"]) == ("a", "b")
    assert session.not_yet_told(["b", "c"]) == ("c",)
