"""The site is built again when it changes and when its time comes, whatever went wrong before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, count, repeat
from pathlib import Path

import pytest

from sitegen.cache.store import lock
from sitegen.flow.article_counts import ArticleCounts
from sitegen.flow.build import Options, Report
from sitegen.model.errors import Location, Problem, UsageError
from sitegen.watch.rebuild import BuildLog, Outcome, keep_building
from sitegen.watch.watching import Watch
from tests.rebuilding import rebuilding, save
from tests.sitefactory import AT, NO_SEARCH, article, build_site, make_site, pages, tree, write

ANY_TIME = Options(keep_going=True)
FLOOD = "articles/flood.md"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with one article."""
    return make_site(tmp_path / "site", {"flood.md": article("Flood")})


def report(**values: object) -> Report:
    """Return the report of a build in which nothing happened, but for `values`."""
    nothing: dict[str, object] = {
        "articles": 1,
        "pages": 1,
        "files": 1,
        "parsed": 0,
        "rendered": {},
        "written": (),
        "removed": (),
        "problems": (),
        "notes": (),
        "next_change": None,
        "seconds": 0.0412,
    }
    return Report(**{**nothing, **values})  # type: ignore[arg-type]  # by name


# --- Time


def clock_from(start: datetime) -> Callable[[], datetime]:
    """Return a clock that shows `start` when it is first read, and goes on from there."""
    begun: list[datetime] = []

    def clock() -> datetime:
        now = datetime.now(UTC)
        begun.append(now)
        return start + (now - begun[0])

    return clock


def test_an_article_appears_by_itself(site: Path) -> None:
    """At the second for which an article is announced, the site is built without any change."""
    soon = AT + timedelta(seconds=1)
    clock = clock_from(AT)
    save(site, {"articles/news.md": article("Comet", publish=soon.isoformat())})
    with rebuilding(site, options=ANY_TIME, clock=clock) as builds:
        assert "Comet" not in pages(site)["index.html"]
        builds.until(lambda: "Comet" in pages(site)["index.html"])
        assert clock() >= soon
        assert [item.changed for item in builds.outcomes] == [None, frozenset()]


def test_an_article_leaves_by_itself(site: Path) -> None:
    """At the second at which an article expires, it is gone."""
    soon = AT + timedelta(seconds=1)
    save(site, {"articles/news.md": article("Comet", expires=soon.isoformat())})
    with rebuilding(site, options=ANY_TIME, clock=clock_from(AT)) as builds:
        assert "Comet" in pages(site)["index.html"]
        builds.until(lambda: "Comet" not in pages(site)["index.html"])


def test_a_clock_that_is_put_back_hides_what_has_not_appeared(site: Path) -> None:
    """The site is that of the clock's time, even if the clock was wrong before."""
    later = AT + timedelta(hours=1)
    save(site, {"articles/news.md": article("Comet", publish=later.isoformat())})
    times: Iterator[datetime] = chain([later], repeat(AT))
    with rebuilding(site, options=ANY_TIME, clock=lambda: next(times)) as builds:
        builds.until(lambda: "Comet" not in pages(site)["index.html"])
        assert builds.outcomes[0].report is not None
        assert builds.outcomes[0].report.articles == 2


def test_a_clock_that_is_put_forward_shows_what_has_appeared(site: Path) -> None:
    """However the time comes, its articles come with it."""
    later = AT + timedelta(hours=1)
    save(site, {"articles/news.md": article("Comet", publish=later.isoformat())})
    times: Iterator[datetime] = chain([AT], repeat(later + timedelta(days=1)))
    with rebuilding(site, options=ANY_TIME, clock=lambda: next(times)) as builds:
        builds.until(lambda: "Comet" in pages(site)["index.html"])


def test_at_a_fixed_time_nothing_happens_by_itself(site: Path) -> None:
    """`--at` shows one moment, for as long as it is shown."""
    save(site, {"articles/news.md": article("Comet", publish=AT.isoformat())})
    before = Options(at=AT - timedelta(seconds=1), keep_going=True)
    with rebuilding(site, options=before) as builds:
        save(site, {FLOOD: article("Deluge")})
        builds.until(lambda: "Deluge" in pages(site)["index.html"])
        assert "Comet" not in pages(site)["index.html"]
        assert frozenset() not in [outcome.changed for outcome in builds.outcomes]


# --- Failures


def test_a_broken_article_keeps_its_last_good_page(site: Path) -> None:
    """An article that cannot be read is told and stays as it was; the others go on."""
    with rebuilding(site) as builds:
        save(site, {FLOOD: "---\ntitle: [\n---\n"})
        outcome = builds.next()
        assert [problem.location and problem.location.path for problem in outcome.errors] == [FLOOD]
        assert "Flood" in pages(site)["index.html"]

        save(site, {"articles/storm.md": article("Storm")})
        builds.until(lambda: "Storm" in pages(site)["index.html"])
        assert builds.outcomes[-1].errors == outcome.errors

        save(site, {FLOOD: article("Deluge")})
        builds.until(lambda: "Deluge" in pages(site)["index.html"])
        assert not builds.outcomes[-1].errors


def test_what_a_failed_build_did_not_look_at_is_looked_at_later(site: Path) -> None:
    """With a broken configuration nothing is built, and nothing of that time is forgotten."""
    with rebuilding(site) as builds:
        save(site, {"sitegen.toml": "title = "})
        assert builds.next().report is None
        save(site, {FLOOD: article("Deluge")})
        assert builds.next().report is None
        assert "Flood" in pages(site)["index.html"]

        save(site, {"sitegen.toml": 'title = "The Packet"'})
        builds.until(lambda: "The Packet" in pages(site)["index.html"])
        assert "Deluge" in pages(site)["index.html"]
        assert builds.outcomes[-1].changed == {"sitegen.toml", FLOOD}  # type: ignore[comparison-overlap]  # a frozenset equals a set


def test_a_configuration_that_is_gone_for_a_moment_changes_nothing(
    site: Path, tmp_path: Path
) -> None:
    """A branch without it, or an editor between two steps: the last good site stays until then."""
    save(
        site,
        {"sitegen.toml": f'title = "The Packet"\nbase_url = "https://x.example/"\n{NO_SEARCH}'},
    )
    with rebuilding(site) as builds:
        before = tree(site / "output")
        save(site, {"sitegen.toml": None})
        outcome = builds.next()
        assert outcome.report is None
        assert "there is no sitegen.toml" in outcome.errors[0].message
        save(site, {FLOOD: article("Deluge")})
        assert builds.next().report is None
        assert tree(site / "output") == before

        save(site, {"sitegen.toml": f'title = "The Herald"\n{NO_SEARCH}'})
        builds.until(lambda: "The Herald" in pages(site)["index.html"])
        builds.until_clean(tmp_path / "clean")


def test_a_site_that_is_broken_from_the_start_is_waited_for(site: Path) -> None:
    """The first build may fail for the site's sake: the next save may mend it."""
    save(site, {"sitegen.toml": "title = "})
    with rebuilding(site) as builds:
        assert builds.outcomes[0].report is None
        assert builds.outcomes[0].errors
        save(site, {"sitegen.toml": ""})
        builds.until((site / "output/index.html").exists)


def test_a_place_that_cannot_be_built_into_is_told_at_once(site: Path) -> None:
    """Waiting would not help where the output folder is somebody else's."""
    save(site, {"output/photo.jpg": "not ours"})
    with Watch(site, print) as watch, pytest.raises(UsageError, match="photo"):
        keep_building(site, ANY_TIME, watch, print)


def test_a_build_that_is_locked_out_is_made_later(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another build holds the site, its changes are kept, and built afterwards."""
    monkeypatch.setattr("sitegen.cache.store.LOCK_SECONDS", 0.05)
    with rebuilding(site) as builds:
        with lock(site / ".sitegen"):
            save(site, {FLOOD: article("Deluge")})
            outcome = builds.next()
            assert outcome.refused
        save(site, {"articles/storm.md": article("Storm")})
        builds.until(lambda: "Storm" in pages(site)["index.html"])
        assert "Deluge" in pages(site)["index.html"]


def test_a_build_that_was_refused_at_its_time_is_tried_again(site: Path) -> None:
    """What stood in the way goes, and the article appears although nobody saves a file."""
    later = AT + timedelta(hours=1)
    save(site, {"articles/news.md": article("Comet", publish=later.isoformat())})
    in_the_way = site / "output/2024/11/04/news/index.html"
    times = chain([AT], (later + n * timedelta(minutes=10) for n in count()))

    tries = count()

    def adapt(options: Options) -> Options:
        number = next(tries)
        if number == 1:
            write(in_the_way.parent, {in_the_way.name: "somebody else's"})
        elif number == 4:
            in_the_way.unlink()
        return options

    with rebuilding(site, options=ANY_TIME, adapt=adapt, clock=lambda: next(times)) as builds:
        failures = [builds.next() for _ in range(3)]
        assert all("did not make" in outcome.errors[0].message for outcome in failures)
        assert [outcome.is_retry for outcome in failures] == [False, True, True]
        builds.until(lambda: not builds.outcomes[-1].errors)
        assert "Comet" in pages(site)["index.html"]
        assert "Comet" in in_the_way.read_text()
        assert all(not outcome.changed for outcome in builds.outcomes[1:])


def test_another_build_of_the_same_site_does_no_harm(site: Path, tmp_path: Path) -> None:
    """`sitegen build` beside a watch: both write the same, and neither is confused."""
    with rebuilding(site) as builds:
        for title in ("Deluge", "Drought"):
            save(site, {FLOOD: article(title)})
            build_site(site)
            builds.until_clean(tmp_path / "clean")
        (site / "output/index.html").unlink()
        save(site, {FLOOD: article("Flood")})
        builds.until_clean(tmp_path / "clean")


def test_a_bug_of_ours_does_not_end_the_watch(site: Path, tmp_path: Path) -> None:
    """The traceback is told, the last good site stays, and the next save is built as any other."""
    faults = [False, True, False]

    def adapt(options: Options) -> Options:
        assert not faults.pop(0), "a slip"
        return options

    with rebuilding(site, adapt=adapt) as builds:
        save(site, {FLOOD: article("Deluge")})
        outcome = builds.next()
        assert "AssertionError: a slip" in outcome.bug
        assert "a bug in sitegen" in outcome.errors[0].message
        assert "Flood" in pages(site)["index.html"]

        save(site, {"articles/storm.md": article("Storm")})
        builds.until_clean(tmp_path / "clean")


# --- What the terminal shows


def test_a_build_is_one_line(tmp_path: Path) -> None:
    """The line says what was changed, what was done, and how long it took."""
    log = BuildLog(tmp_path)
    done = report(rendered={"index.html": "it is new"}, written=("index.html",), removed=("a",))

    (line,) = log.lines(Outcome(frozenset({FLOOD}), done))
    assert line[8:] == f" {FLOOD}: 1 rendered, 1 written, 1 removed in 41 ms"
    (line,) = log.lines(Outcome(frozenset({"articles/a.md", FLOOD, "sitegen.toml"}), done))
    assert line[9:].startswith("articles/a.md and 2 more: ")
    (line,) = log.lines(Outcome(None, done))
    assert line[9:].startswith("all files: ")
    (line,) = log.lines(Outcome(frozenset(), done))
    assert line[9:].startswith("scheduled change: ")


def test_each_file_is_told_where_it_is_asked_for(tmp_path: Path) -> None:
    """A verbose log names what was rendered, with the reason, copied and removed."""
    done = report(rendered={"a": "it is new"}, written=("a", "b"), removed=("c",))

    assert list(BuildLog(tmp_path, files=True).lines(Outcome(None, done)))[:-1] == [
        "rendered a: it is new",
        "written b",
        "removed c",
    ]


def test_what_is_not_shown_is_told_where_it_changes(tmp_path: Path) -> None:
    """How many articles are held back, and why, is said once, and again when it is different."""
    log = BuildLog(tmp_path)
    held = Outcome(None, report(counts=ArticleCounts(shown=2, drafts=1, expired=3)))

    assert list(log.lines(held))[1:] == ["2 of 6 articles shown; not shown: 1 draft, 3 expired"]
    assert list(log.lines(held))[1:] == []
    free = Outcome(None, report(counts=ArticleCounts(shown=6)))
    assert list(log.lines(free))[1:] == ["6 articles shown"]
    assert list(log.lines(free))[1:] == []


def test_errors_are_told_each_time_and_warnings_once(site: Path) -> None:
    """An error is shown until it is mended; a warning that was there before is not news."""
    log = BuildLog(site)
    error = Problem("no title", Location(FLOOD, 1), "add a title")
    warning = Problem("a link leads nowhere", Location(FLOOD, 5), severity="warning")
    outcome = Outcome(None, report(), (error, warning))

    first = "\n".join(log.lines(outcome))
    assert f"{FLOOD}:1: no title" in first
    assert "> 1 | ---" in first
    assert "a link leads nowhere" in first
    assert first.endswith("; 1 error")
    second = "\n".join(log.lines(outcome))
    assert "no title" in second
    assert "a link leads nowhere" not in second
    assert next(log.lines(Outcome(None, report()))).endswith("41 ms")
    assert "a link leads nowhere" in "\n".join(log.lines(outcome))


def test_another_try_is_told_when_it_comes_to_something_else(site: Path) -> None:
    """A disk that stays full is one message, however often it is tried; then comes what is done."""
    log = BuildLog(site)
    full = Problem("cannot be written: No space left on device", Location("output/index.html"))
    failed = Outcome(None, None, (full,))
    again = Outcome(None, None, (full,), is_retry=True)
    done = report(written=("index.html",))

    assert "No space left" in "".join(log.lines(failed))
    assert list(log.lines(again)) == []
    assert list(log.lines(again)) == []
    other = Outcome(None, None, (Problem("the site is locked"),), is_retry=True)
    assert "locked" in "".join(log.lines(other))
    (line,) = log.lines(Outcome(None, done, is_retry=True))
    assert line[9:].startswith("tried again: 0 rendered, 1 written")
    assert "No space left" in "".join(log.lines(failed))
    assert "No space left" in "".join(log.lines(failed))


def test_a_failed_build_says_so(tmp_path: Path) -> None:
    """Where nothing could be built the line says that, and notes and tracebacks are shown."""
    lines = list(
        BuildLog(tmp_path).lines(Outcome(None, None, (Problem("a"), Problem("b")), bug="Tr…"))
    )
    assert lines[0] == "Tr…"
    assert lines[-1].endswith("all files: not built, 2 errors")
    noted = report(notes=("the cache was started afresh",))
    assert "note: the cache was started afresh" in list(
        BuildLog(tmp_path).lines(Outcome(None, noted))
    )
