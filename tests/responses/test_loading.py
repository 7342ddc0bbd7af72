"""Responses in a build: what is made anew, what is told, what is never looked at."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.flow.session import Session
from sitegen.model.errors import SitegenError
from tests.sitefactory import article, build_site, make_site, pages, tree, write

FLOOD = "2024-11-04-flood"
PAGE = "2024/11/04/flood/index.html"

Build = Callable[..., set[str]]


def comment(text: str = "Two tides.", **head: str) -> str:
    """Return the text of a comment's file."""
    keys = {"kind": "comment", "author": "Maud", "date": "2024-11-05 08:00", **head}
    return "\n".join(("---", *(f"{key}: {value}" for key, value in keys.items()), "---", text, ""))


def ping(**head: str) -> str:
    """Return the text of a webmention's file."""
    return comment(kind="webmention", source="https://quay.example.org/1", **head)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site with two articles, one of which has a comment."""
    articles = {"2024/flood.md": article(), "2024/siren.md": article("Siren", slug="siren")}
    return make_site(tmp_path / "site", articles, files={f"responses/{FLOOD}/01aa.md": comment()})


@pytest.fixture(params=["once", "again"])
def rendered(site: Path, session: Session, request: pytest.FixtureRequest) -> Build:
    """Return a function that changes files and builds; it returns the outputs made anew.

    Both in a process that builds again and again, and in one that builds once.
    """
    lasting = session if request.param == "again" else None
    build_site(site, session=lasting)

    def build(files: dict[str, str | None]) -> set[str]:
        write(site, files)
        changed = list(files) if lasting else None
        return set(build_site(site, session=lasting, changed=changed).rendered)

    return build


def counts(site: Path, page: str = PAGE) -> tuple[str, str]:
    """Return the two counts at the foot of an article."""
    text = pages(site)[page]
    start = text.index("Comment (")
    foot = text[start : text.index("</ul>", start)]
    comments, _, rest = foot.partition("Trackback(")
    return comments[9 : comments.index(")")], rest[: rest.index(")")]


def test_a_new_response_renders_its_article_alone(site: Path, rendered: Build) -> None:
    """One file more is one page made anew, with one more counted."""
    assert counts(site) == ("1", "0")
    assert rendered({f"responses/{FLOOD}/01bb.md": comment("And a sluice.")}) == {PAGE}
    assert counts(site) == ("2", "0")
    assert rendered({f"responses/{FLOOD}/01cc.md": ping()}) == {PAGE}
    assert counts(site) == ("2", "1")
    assert rendered({}) == set()


def test_the_first_response_of_all(tmp_path: Path, session: Session) -> None:
    """A site that had no responses notices its first one."""
    site = make_site(tmp_path / "site", {"flood.md": article()})
    build_site(site, session=session)
    file = {f"responses/{FLOOD}/01aa.md": comment()}
    write(site, file)
    assert set(build_site(site, session=session, changed=file).rendered) == {PAGE}
    assert counts(site) == ("1", "0")


def test_an_edit_or_removal_renders_the_article_alone(site: Path, rendered: Build) -> None:
    """What is moderated afterwards changes just the page that shows it."""
    assert rendered({f"responses/{FLOOD}/01aa.md": comment("Three tides.")}) == {PAGE}
    assert "Three tides." in pages(site)[PAGE]
    assert rendered({f"responses/{FLOOD}/01aa.md": None}) == {PAGE}
    assert counts(site) == ("0", "0")


def test_an_edit_that_shows_nothing_renders_nothing(rendered: Build) -> None:
    """Another way of writing the same response leaves all pages as they are."""
    assert rendered({f"responses/{FLOOD}/01aa.md": comment(hints="[three links]")}) == set()


def test_pending_responses_are_not_looked_at(site: Path, rendered: Build) -> None:
    """What waits, is spam or was deleted is neither shown, counted, read nor copied."""
    hidden = {
        f"responses/{name}/{FLOOD}/01zz.md": "\0 broken" for name in ("pending", "spam", "deleted")
    }
    assert rendered(dict(hidden)) == set()
    assert counts(site) == ("1", "0")
    (site / "responses/pending" / FLOOD / "01zz.md").chmod(0)
    assert rendered({f"responses/{FLOOD}/01bb.md": comment()}) == {PAGE}
    assert not [path for path in tree(site / "output") if path.startswith("responses")]


def test_approving_is_moving(site: Path, rendered: Build) -> None:
    """A file that is moved out of pending appears, one that is moved to spam goes."""
    rendered({f"responses/pending/{FLOOD}/01bb.md": comment("Second.")})
    move = {
        f"responses/pending/{FLOOD}/01bb.md": None,
        f"responses/{FLOOD}/01bb.md": comment("Second."),
    }
    assert rendered(move) == {PAGE}
    assert "Second." in pages(site)[PAGE]
    back = {
        f"responses/spam/{FLOOD}/01bb.md": comment("Second."),
        f"responses/{FLOOD}/01bb.md": None,
    }
    assert rendered(back) == {PAGE}
    assert "Second." not in pages(site)[PAGE]


def test_closing_keeps_what_was_said(site: Path, rendered: Build) -> None:
    """A closed article shows its thread, a hidden one neither thread nor count."""
    closed = {"articles/2024/flood.md": article(comments="closed")}
    assert PAGE in rendered(dict(closed))
    assert "Two tides." in pages(site)[PAGE]
    hidden = {"articles/2024/flood.md": article(comments="hidden")}
    assert PAGE in rendered(dict(hidden))
    assert "Two tides." not in pages(site)[PAGE]
    assert "Comment (" not in pages(site)[PAGE]
    assert "Trackback(0)" in pages(site)[PAGE]


def test_responses_follow_an_article_that_moves(site: Path, rendered: Build) -> None:
    """Another folder, headline and address keep the responses."""
    moved = {
        "articles/2024/flood.md": None,
        "articles/specials/flood.md": article("High water", slug="high-water"),
    }
    page = "2024/11/04/high-water/index.html"
    assert page in rendered(dict(moved))
    assert counts(site, page) == ("1", "0")


def test_an_article_with_an_id_has_its_responses_there(site: Path, rendered: Build) -> None:
    """A written id names the folder, so that another day or file name keeps them, too."""
    uuid = "8a0b7c1e-0000-4000-8000-000000000001"
    rendered(
        {
            "articles/2024/siren.md": article("Siren", slug="siren", id=uuid),
            f"responses/{uuid}/01aa.md": comment(),
        }
    )
    assert counts(site, "2024/11/04/siren/index.html") == ("1", "0")


def test_responses_without_an_article_are_told(site: Path, session: Session) -> None:
    """A warning points at the file, and guesses where it belongs."""
    write(site, {"responses/2024-11-03-flood/01aa.md": comment()})
    (problem,) = build_site(site).problems
    assert not problem.is_error
    assert str(problem.location) == "responses/2024-11-03-flood/01aa.md"
    assert FLOOD in str(problem.hint)
    for lasting in (None, session):
        assert build_site(site, session=lasting).problems == (problem,)


def test_a_draft_keeps_its_responses_to_itself(site: Path, rendered: Build) -> None:
    """Responses to what is not published are no fault, and on no page."""
    rendered({"articles/2024/flood.md": article(draft=True)})
    assert build_site(site).problems == ()
    assert not [text for text in pages(site).values() if "Two tides." in text]


def test_a_broken_response_stops_the_build_at_its_line(site: Path, session: Session) -> None:
    """The editor is told where to look; mended, it is published."""
    path = f"responses/{FLOOD}/01bb.md"
    write(site, {path: comment(email="maud@example.org")})
    for _ in range(2):
        with pytest.raises(SitegenError) as caught:
            build_site(site, session=session, changed=[path])
        (problem,) = caught.value.problems
        assert str(problem.location) == f"{path}:5:1"
    with pytest.raises(SitegenError):
        build_site(site)
    write(site, {path: comment("Mended.")})
    assert set(build_site(site, session=session, changed=[path]).rendered) >= {PAGE}
    assert counts(site) == ("2", "0")


def test_a_broken_response_can_be_passed_over(site: Path) -> None:
    """A preview that keeps going shows the others."""
    write(site, {f"responses/{FLOOD}/01bb.md": "no head"})
    report = build_site(site, keep_going=True)
    assert counts(site) == ("1", "0")
    assert [item.is_error for item in report.problems] == [True, True]


def test_a_text_that_markdown_cannot_take_is_shown_as_typed(site: Path) -> None:
    """One comment stops no build: its text is there, and whoever moderates is told of the file."""
    text = "- " * 3990 + "x"
    write(site, {f"responses/{FLOOD}/01bb.md": comment(text)})
    report = build_site(site)
    (told,) = report.problems
    assert told.severity == "warning"
    assert told.location is not None
    assert told.location.path == f"responses/{FLOOD}/01bb.md"
    assert "shown as it was typed" in told.message
    assert f"<p>{text}</p>" in pages(site)[PAGE]
    write(site, {f"responses/{FLOOD}/01bb.md": comment(text, format="text")})
    assert not build_site(site).problems


def test_stray_files_are_told(site: Path) -> None:
    """A file in the wrong place is passed over with a warning; notes at the top are not."""
    write(
        site,
        {
            "responses/README.md": "How we moderate",
            f"responses/{FLOOD}/.gitkeep": "",
            f"responses/{FLOOD}/Notes.md": "x",
            f"responses/{FLOOD}/deep/01aa.md": comment(),
        },
    )
    told = {str(problem.location) for problem in build_site(site).problems}
    assert told == {f"responses/{FLOOD}/Notes.md", f"responses/{FLOOD}/deep/01aa.md"}


def test_a_lost_cache_loses_no_response(site: Path) -> None:
    """Where the records have lost a text, its file is read again."""
    session = Session()
    build_site(site, session=session)
    session.close()
    with sqlite3.connect(site / ".sitegen/articles.sqlite") as database:
        database.execute("DELETE FROM shown_responses")
    database.close()
    write(site, {"articles/2024/flood.md": article(body="New text.")})
    build_site(site)
    assert "Two tides." in pages(site)[PAGE]


def test_times_are_told_in_the_sites_zone(site: Path, rendered: Build) -> None:
    """Another zone in the configuration changes what is shown of every response."""
    write(site, {f"responses/{FLOOD}/01aa.md": comment(date="2024-11-05T08:00:00Z")})
    rendered({"sitegen.toml": 'timezone = "Asia/Tokyo"'})
    assert "2024-11-05T17:00:00+09:00" in pages(site)[PAGE]


def test_many_responses_are_read_by_several_processes(site: Path) -> None:
    """Who reads the files does not matter to what comes out."""
    files = {
        f"responses/{FLOOD}/{number:04}.md": comment(f"Number {number}.") for number in range(40)
    }
    write(site, files)
    build_site(site, jobs=1)
    once = tree(site / "output")
    build_site(site, jobs=2, clean=True)
    assert tree(site / "output") == once
    assert counts(site) == ("41", "0")
