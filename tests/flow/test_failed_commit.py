"""A build that fails while it publishes: whatever it left, the next one puts it right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sitegen.flow.session import Session
from sitegen.model.errors import SitegenError
from tests.incremental.damage import failing
from tests.sitefactory import AT, Text, article, build_site, make_site, tree, write

EDITED = "articles/b.md"
OTHER_TITLES = {EDITED: article("Drought", date="2024-11-03")}
"""As long as the first title: no file's size tells of it."""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site of which one article's title stands on several pages."""
    return make_site(
        tmp_path / "site",
        {
            "a.md": article("Storm", date="2024-11-02"),
            "b.md": article("Showers", date="2024-11-03"),
            "c.md": article("Flood", date="2024-11-04"),
        },
    )


@pytest.fixture
def session() -> Iterator[Session]:
    """A process that goes on."""
    session = Session()
    yield session
    session.close()


def assert_clean(site: Path, session: Session | None = None) -> None:
    """Hold the output against a clean build's, and build again, which must do nothing."""
    clean = site.parent / "clean"
    build_site(site, output=clean, state=site.parent / "clean-state")
    assert tree(site / "output") == tree(clean)
    for one in (session, None):
        again = build_site(site, session=one)
        assert (again.rendered, again.written, again.removed) == ({}, (), ())


def take_back(site: Path) -> None:
    """Let the edited article be as it was before."""
    write(site, {EDITED: article("Showers", date="2024-11-03")})


@pytest.mark.parametrize("stays", [True, False])
def test_an_edit_that_was_published_by_half_can_be_taken_back(
    site: Path, session: Session, *, stays: bool
) -> None:
    """Where the system refuses to replace a file, pages before it do not keep a withdrawn title."""
    build_site(site, session=session)
    page, front = site / "output/2024/11/03/b/index.html", site / "output/index.html"
    front.unlink()
    write(site, {**OTHER_TITLES, "output/index.html/in-the-way": ""})
    with pytest.raises(SitegenError, match="cannot be written"):
        build_site(site, session=session, changed=[EDITED])
    assert "Drought" in page.read_text()

    (front / "in-the-way").unlink()
    front.rmdir()
    take_back(site)
    if stays:
        build_site(site, session=session, changed=[EDITED])
    else:
        build_site(site)

    assert "Drought" not in page.read_text()
    assert_clean(site, session)


CALLS = ("replace", "rename", "unlink", "mkdir", "rmdir", "utime", "lstat")


def failures(build: Any, function: str, error: type[BaseException]) -> Iterator[int]:
    """Let `build` fail at the first call of a function of `os`, at the second, …, until it ends."""
    after = 0
    while True:
        with (
            failing(function, after, error) as calls,
            suppress(SitegenError, OSError, KeyboardInterrupt),
        ):
            build()
        yield after
        if calls() <= after:
            return
        after += 1


EDITS: dict[str, dict[str, Text | None]] = {
    "another title": dict(OTHER_TITLES),
    "articles and files that come and go": {
        **OTHER_TITLES,
        "articles/d.md": article("Fog", date="2023-01-02", tags=["sea"]),
        "articles/c.md": None,
        "static/x.css": "x",
    },
}


FAILURES = [
    *((edit, function, KeyboardInterrupt) for edit in EDITS for function in CALLS[:-1]),
    *(("another title", function, OSError) for function in CALLS),
]
"""An edit, a function of `os`, and what is raised at one of its calls."""


@pytest.mark.parametrize(("edit", "function", "error"), FAILURES)
def test_wherever_a_build_fails_its_edit_can_be_taken_back(
    site: Path, session: Session, edit: str, function: str, error: type[BaseException]
) -> None:
    """At no call of the system does a failure leave a belief that is not true."""
    build_site(site, session=session)
    clean, files = tree(site / "output"), EDITS[edit]
    sources = tree(site)
    before = {path: sources.get(path) for path in files}

    def build() -> None:
        write(site, files)
        build_site(site, session=session, changed=list(files))

    for after in failures(build, function, error):
        write(site, before)
        build_site(site, session=session, changed=list(files))
        assert tree(site / "output") == clean, after
    assert_clean(site, session)


@pytest.mark.parametrize("function", ["replace", "unlink", "rmdir"])
def test_a_process_that_goes_on_sees_that_another_one_failed(
    site: Path, session: Session, function: str
) -> None:
    """What another process published by half is put right, though nothing was written of it."""
    write(site, {"articles/b.md": article("Showers", date="2024-11-03", expires="2024-11-06")})
    build_site(site, session=session)
    later = AT + timedelta(days=3)

    for _ in failures(lambda: build_site(site, at=later), function, KeyboardInterrupt):
        build_site(site, session=session, changed=[])
        assert_clean(site, session)
