"""A build says once what the policy of the host keeps browsers from showing."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.flow.session import Session
from tests.sitefactory import article, build_site, make_site, write

FRAME = '<iframe src="https://{}/embed/a" title="A film"></iframe>'
SCRIPT = '<script src="https://platform.example/w.js"></script>'
HOSTED = 'base_url = "https://example.org/"\n[hosting]\nhost = "netlify"\n'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site with three films and a script."""
    articles = {
        "a.md": article("A", FRAME.format("films.example")),
        "b.md": article("B", FRAME.format("films.example") + FRAME.format("maps.example")),
        "c.md": article("C", f"Text. {SCRIPT}"),
        "d.md": article("D", FRAME.format("example.org")),
        "e.md": article("E", FRAME.format("draft.example"), draft=True),
    }
    return make_site(tmp_path / "site", articles, config=HOSTED)


def test_a_build_says_once_what_is_blocked(site: Path) -> None:
    """Frames in one warning, with the setting that shows them, and scripts in another."""
    frames, scripts = build_site(site).problems

    assert str(frames.location) == "articles/a.md"
    assert frames.severity == scripts.severity == "warning"
    assert frames.message == (
        "browsers will not show frames of https://films.example (2 articles) and "
        "https://maps.example (1 article, first articles/b.md)"
    )
    assert '[hosting] frames = ["https://films.example", "https://maps.example"]' in (
        frames.hint or ""
    )
    assert str(scripts.location) == "articles/c.md"
    assert "of https://platform.example (1 article)" in scripts.message
    again = build_site(site)
    assert (again.rendered, again.problems) == ({}, (frames, scripts))


def test_what_is_allowed_is_not_told(site: Path) -> None:
    """Frames that the configuration names; and all where no policy of ours is sent."""
    write(
        site,
        {"sitegen.toml": HOSTED + 'frames = ["https://films.example", "https://maps.example"]\n'},
    )
    assert [item.message[:24] for item in build_site(site).problems] == ["browsers will not run sc"]
    write(site, {"sitegen.toml": HOSTED.replace("netlify", "github-pages")})
    assert build_site(site).problems == ()
    write(site, {"sitegen.toml": HOSTED + 'content_security_policy = "none"\n'})
    assert build_site(site).problems == ()


def test_it_follows_each_edit(site: Path) -> None:
    """What is told is what a clean build would tell."""
    with Session() as session:
        build_site(site, session=session)
        for body in ("No film.", FRAME.format("films.example"), SCRIPT):
            write(site, {"articles/b.md": article("B", body)})
            now = build_site(site, session=session, changed=["articles/b.md"])
            clean = build_site(site, output=site.parent / "clean", state=site.parent / "state")
            assert now.problems == clean.problems


def test_standalone_pages_count_like_articles(tmp_path: Path) -> None:
    """A frame on a page is told at the page."""
    page = f"---\ntitle: Map\n---\n\n{FRAME.format('maps.example')}\n"
    site = make_site(tmp_path / "site", config=HOSTED, files={"pages/map.md": page})
    found = [item for item in build_site(site).problems if "frames" in item.message]

    assert [str(item.location) for item in found] == ["pages/map.md"]
