"""A process that goes on is done with a problem as soon as it is mended, in whatever way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.flow.session import Session
from sitegen.model.errors import SitegenError
from tests.sitefactory import article, build_site, make_site, tree, write

pytestmark = pytest.mark.slow

BROKEN = "---\ntitle: [\n---\n"
Mending = dict[str, str | None]

WAYS: dict[str, tuple[Mending, Mending]] = {
    "an article that was never right is removed": (
        {"articles/new.md": BROKEN},
        {"articles/new.md": None},
    ),
    "an article that was never right is renamed and mended": (
        {"articles/new.md": BROKEN},
        {"articles/new.md": None, "articles/other.md": article("Other")},
    ),
    "an article is removed": ({"articles/a.md": BROKEN}, {"articles/a.md": None}),
    "an article is as it was": ({"articles/a.md": BROKEN}, {"articles/a.md": article("A")}),
    "an article is another": ({"articles/a.md": BROKEN}, {"articles/a.md": article("B")}),
    "a collision is over": (
        {"articles/x/a.md": article("A")},
        {"articles/x/a.md": article("A", slug="b")},
    ),
    "a template is removed": (
        {"templates/404.html": "{{ nothing }}"},
        {"templates/404.html": None},
    ),
    "an included template comes": (
        {"templates/404.html": "{% include 'x.html' %}"},
        {"templates/x.html": "x"},
    ),
    "a text is given": (
        {"templates/404.html": "{{ text('own') }}"},
        {"templates/locale/en.toml": 'own = "x"'},
    ),
    "a static file comes": (
        {"templates/404.html": "{{ asset('x.css') }}"},
        {"static/x.css": "x"},
    ),
    "an article that a template names comes": (
        {"templates/404.html": "{{ teaser('articles/x.md').title }}"},
        {"articles/x.md": article("X")},
    ),
    "the configuration": ({"sitegen.toml": "title = ["}, {"sitegen.toml": 'title = "U"'}),
}


def by_paths(files: Mending) -> list[str] | None:
    """Name what changed."""
    return list(files)


def by_nothing(_files: Mending) -> list[str] | None:
    """Let the build look at all files."""
    return None


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("named", [by_paths, by_nothing])
def test_what_is_mended_is_forgotten(
    tmp_path: Path, way: str, named: Callable[[Mending], list[str] | None]
) -> None:
    """After a problem is mended the build is that of a process that never saw it."""
    site = make_site(tmp_path / "site", {"a.md": article("A"), "c.md": article("C")})
    session = Session()
    build_site(site, session=session)
    good = tree(site / "output")
    broken, mended = WAYS[way]
    write(site, broken)
    for changed in (named(broken), [], None):
        with pytest.raises(SitegenError):
            build_site(site, session=session, changed=changed)
        assert tree(site / "output") == good
    write(site, mended)
    report = build_site(site, session=session, changed=named(mended))
    session.close()

    other = tmp_path / "other"
    clean = build_site(site, output=other, state=tmp_path / "state")
    assert tree(site / "output") == tree(other)
    assert report.problems == clean.problems
    assert build_site(site).rendered == {}
