"""The policy of the host allows what the built-in shortcodes of published texts show, no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sitegen.flow.build import Report
from sitegen.flow.session import Session
from tests.sitefactory import AT, article, build_site, make_site, pages, write

HOSTED = 'base_url = "https://example.org/"\n[hosting]\nhost = "netlify"\n'
BARE = {
    "article.html": "{{ body(page.article) }}",
    "page.html": "",
    "front.html": "",
    "base.html": "",
}
FILM = article("Film", "{{< youtube dQw4w9WgXcQ >}}")
MAP = article("Map", "{{< map lat=1 lon=2 >}}")
YOUTUBE, OSM = "https://www.youtube-nocookie.com", "https://www.openstreetmap.org"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site for a host that sends headers."""
    return make_site(tmp_path / "site", {"a.md": article("A")}, config=HOSTED, templates=BARE)


def allowed(site: Path) -> list[str]:
    """Return whose frames the host's policy allows, after the site itself."""
    policy = pages(site)["_headers"].partition("Content-Security-Policy: ")[2].partition("\n")[0]
    return policy.partition("frame-src 'self' ")[2].partition(";")[0].split()


def headers_of(report: Report) -> bool:
    """Whether a build has rendered the file of headers."""
    return "_headers" in report.rendered


def test_the_first_film_changes_the_policy_and_the_last_one_changes_it_back(site: Path) -> None:
    """What comes and goes between them does not, in a session as in new processes."""
    with Session() as session:
        for own_session in (None, session):
            build_site(site, session=own_session)
            assert allowed(site) == []

            def step(files: dict[str, str | None], expected: list[str], *, anew: bool) -> None:
                write(site, files)
                report = build_site(site, session=own_session)  # noqa: B023 - called in this turn
                assert (allowed(site), headers_of(report)) == (expected, anew)

            step({"articles/f.md": FILM}, [YOUTUBE], anew=True)
            step({"articles/g.md": FILM.replace("Film", "Two")}, [YOUTUBE], anew=False)
            step({"articles/m.md": MAP}, [OSM, YOUTUBE], anew=True)
            step({"articles/f.md": None}, [OSM, YOUTUBE], anew=False)
            step({"articles/g.md": article("Two", "No film.")}, [OSM], anew=True)
            step({"articles/g.md": None, "articles/m.md": None}, [], anew=True)


def test_an_article_that_is_not_public_allows_nothing(site: Path) -> None:
    """Not before its second; in a preview with drafts it does."""
    film = article("Film", "{{< youtube dQw4w9WgXcQ >}}", publish="2024-11-05 13:00")
    write(site, {"articles/f.md": film})
    appears = datetime(2024, 11, 5, 13, tzinfo=UTC)
    with Session() as session:
        for at, expected in ((appears - timedelta(seconds=1), []), (appears, [YOUTUBE])):
            build_site(site, at=at, session=session)
            assert allowed(site) == expected
    build_site(site, at=AT, drafts=True)
    assert allowed(site) == [YOUTUBE]


def test_pages_and_what_is_included_count(site: Path) -> None:
    """A film in a file of `includes/` is shown by whoever includes it; in code there is none."""
    write(
        site,
        {
            "pages/film.md": "---\ntitle: Film\n---\n{{< vimeo 146022717 >}}",
            "includes/map.md": '{{< include "deep.md" >}}\n\n    {{< youtube dQw4w9WgXcQ >}}\n',
            "includes/deep.md": "{{< map lat=1 lon=2 >}}",
            "templates/shortcodes/include.html": "{{ included(document, args.file or args[0]) }}",
        },
    )
    build_site(site)
    assert allowed(site) == ["https://player.vimeo.com"]
    write(site, {"articles/a.md": article("A", '{{< include file="map.md" >}}')})
    build_site(site)
    assert allowed(site) == ["https://player.vimeo.com", OSM]
    write(site, {"includes/map.md": "No map."})
    build_site(site)
    assert allowed(site) == ["https://player.vimeo.com"]


def test_templates_of_the_sites_own_are_allowed_by_the_configuration(site: Path) -> None:
    """One that shows a built-in's frame has it; any other is told, with what to write."""
    own = {
        "film.html": '{% include "shortcodes/youtube.html" %}',
        "chart.html": '<iframe title="Chart" src="https://charts.example/{{ args[0] }}"></iframe>',
        "map.html": "<p>{{ args.lat }}, {{ args.lon }}</p>",
    }
    write(site / "templates/shortcodes", own)
    body = "{{< film dQw4w9WgXcQ >}}\n\n{{< chart 7 >}}\n\n{{< map lat=1 lon=2 >}}"
    write(site, {"articles/a.md": article("A", body)})
    (problem,) = build_site(site).problems
    assert allowed(site) == [YOUTUBE]
    assert str(problem.location) == "articles/a.md"
    assert "browsers will not show frames of https://charts.example" in problem.message
    assert '[hosting] frames = ["https://charts.example"]' in (problem.hint or "")

    write(site, {"sitegen.toml": f'{HOSTED}frames = ["https://charts.example"]\n'})
    assert build_site(site).problems == ()
    assert allowed(site) == ["https://charts.example", YOUTUBE]


def test_a_policy_of_the_sites_own_stays_as_it_is(site: Path) -> None:
    """It is told what that blocks."""
    own = "content_security_policy = \"frame-src 'self'\"\n"
    write(site, {"sitegen.toml": HOSTED + own, "articles/f.md": FILM})
    (problem,) = build_site(site).problems
    assert str(problem.location) == "articles/f.md"
    assert f"browsers will not show frames of {YOUTUBE}" in problem.message
    assert "Content-Security-Policy: frame-src 'self'\n" in pages(site)["_headers"]
