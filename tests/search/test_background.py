"""The index is made beside the editing: pages never wait for it, and it catches up with them."""

from __future__ import annotations

import os
import resource
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from sitegen.cache.record_reader import MissingRecordError
from sitegen.flow.session import Session
from sitegen.index.site import Site
from sitegen.model.documents import Article, Teaser
from sitegen.search import pagefind
from sitegen.search.background import BackgroundIndexer
from sitegen.search.pagefind import PagefindError
from sitegen.search.shards import years
from sitegen.search.year_shards import LoadDocument, index_year
from sitegen.watch.rebuild import BuildLog
from sitegen.work.backoff import SHORTEST
from tests.rebuilding import DEADLINE_SECONDS, Builds, rebuilding, save
from tests.searching import INDEX, everything, shards
from tests.sitefactory import AT, article, build_site, make_site

pytestmark = pytest.mark.slow

CONFIG = "[search]\nenabled = true\n"
ARTICLES = {
    "flood.md": article("Flood", "The weir gave way."),
    "fire.md": article("Fire", "The barn burned.", date="2023-05-01 10:00"),
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small site with articles of two years."""
    return make_site(tmp_path / "site", ARTICLES, config=CONFIG)


def caught_up(builds: Builds) -> None:
    """Wait until a build says that the index is in step."""
    builds.until(
        lambda: (report := builds.outcomes[-1].report) is not None and not report.index_pending
    )


def published(site: Path, text: str) -> bool:
    """Whether an article's page holds a text."""
    return text in (site / "output/2024/11/04/flood/index.html").read_text("utf-8")


class Indexer:
    """An `BackgroundIndexer` and what it has woken us for."""

    def __init__(self) -> None:
        self.woken = threading.Semaphore(0)
        self.indexing = BackgroundIndexer(self.woken.release)

    def wait(self, results: int) -> None:
        """Wait until so many results have come."""
        for _ in range(results):
            assert self.woken.acquire(timeout=DEADLINE_SECONDS)


@pytest.fixture
def indexer() -> Iterator[Indexer]:
    """An indexer that is ended."""
    made = Indexer()
    yield made
    made.indexing.stop()


@pytest.fixture
def index(site: Path) -> Iterator[Site]:
    """The index of the site in a process that goes on."""
    session = Session()
    build_site(site, session=session, index_later=True)
    assert session.indexed is not None
    yield session.indexed.site
    session.close()


def lost(teaser: Teaser, _mark: bytes) -> Article:
    """Fail as a reader does whose article was edited meanwhile."""
    raise MissingRecordError(teaser.id)


def broken(teaser: Teaser, _mark: bytes) -> Article:
    """Fail as Pagefind does."""
    raise PagefindError(teaser.id)


def hold_up(began: Path, never: Path, teaser: Teaser, _mark: bytes) -> Article:
    """Say through one pipe that an article is wanted, and wait at another."""
    began.write_text("began")
    never.read_text()
    raise MissingRecordError(teaser.id)


def test_years_come_one_after_the_other(index: Site, indexer: Indexer) -> None:
    """Elsewhere the same is made as here, the newest year first."""
    indexer.indexing.submit(index, {}, AT)
    indexer.wait(2)
    ready = indexer.indexing.take_results()
    expected = years(index, pagefind.version())

    assert list(ready) == [expected["2024"].key.hex(), expected["2023"].key.hex()]
    for year in expected.values():
        assert ready[year.key.hex()] == index_year(
            year, LoadDocument(index.load_article, index.load_page, index.load_term)
        )
    assert indexer.indexing.take_results() == {}


def test_a_run_is_not_begun_twice(index: Site, indexer: Indexer) -> None:
    """While a run is under way, an offer waits for the next time."""
    for _ in range(5):
        indexer.indexing.submit(index, {}, AT)
    indexer.wait(2)
    assert len(indexer.indexing.take_results()) == 2
    assert not indexer.woken.acquire(blocking=False)


def test_what_cannot_be_made_elsewhere_is_handed_back(index: Site, indexer: Indexer) -> None:
    """An article that is gone is the build's business; a failure of Pagefind is told."""
    indexer.indexing.submit(replace(index, load_article=lost), {}, AT)
    indexer.wait(2)
    assert list(indexer.indexing.take_results().values()) == [None, None]
    indexer.indexing.submit(replace(index, load_article=broken), {}, AT)
    indexer.wait(2)
    told = indexer.indexing.take_results().values()
    assert [str(error) for error in told] == ["articles/flood.md", "articles/fire.md"]


def test_an_ended_run_leaves_nothing(index: Site) -> None:
    """Who ends it need not wait for all years, and finds no more processes or threads of it."""
    indexer = Indexer()
    indexer.indexing.submit(index, {}, AT)
    indexer.indexing.stop()
    indexer.indexing.submit(index, {}, AT)

    assert "index" not in [thread.name for thread in threading.enumerate()]


def test_a_run_that_is_ended_at_work_ends_quietly(index: Site, tmp_path: Path) -> None:
    """A process that is told to end in the middle of a year gives nothing, and that is no fault."""
    began, never = tmp_path / "began", tmp_path / "never"
    os.mkfifo(began)
    os.mkfifo(never)
    indexer = Indexer()
    indexer.indexing.submit(replace(index, load_article=partial(hold_up, began, never)), {}, AT)
    assert began.read_text() == "began"
    indexer.indexing.stop()

    assert list(indexer.indexing.take_results().values()) == [None, None]


@contextmanager
def no_files_left() -> Iterator[None]:
    """Let nothing more be opened in this process while the block runs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_what_ends_a_run_is_told_and_tried_again(index: Site, indexer: Indexer) -> None:
    """Where no file can be opened a run ends; the next begins after a pause, then a longer one."""
    indexing, now = indexer.indexing, AT
    with no_files_left():
        for pause in (SHORTEST, 2 * SHORTEST):
            assert indexing.submit(index, {}, now) is None
            indexer.wait(1)
            assert indexing.problem is not None
            assert indexing.problem.message.endswith("tried again: Too many open files")
            assert indexing.submit(index, {}, now) == now + pause
            now += pause
            assert indexing.submit(index, {}, now - pause / 2) == now
    assert indexing.take_results() == {}

    assert indexing.submit(index, {}, now) is None
    indexer.wait(2)
    assert len(indexing.take_results()) == 2
    assert indexing.problem is None


def test_a_site_is_searched_in_the_end_though_a_run_failed(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that fails is told beside the pages, which are published, and another one mends it."""
    room = tmp_path / "scratch"
    room.write_text("no folder")
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    with rebuilding(site) as builds:
        builds.until(lambda: bool(builds.outcomes[-1].problems))
        (problem,) = builds.outcomes[-1].problems
        assert problem.message == "the site has no search index: Not a directory"
        assert not problem.is_error
        assert published(site, "The weir gave way.")
        room.unlink()
        room.mkdir()
        builds.until(lambda: not builds.outcomes[-1].problems)
        caught_up(builds)
        builds.until_clean(tmp_path / "clean")


def test_pages_do_not_wait_for_the_index(site: Path, tmp_path: Path) -> None:
    """The first build publishes pages; the index follows by itself, as a clean build has it."""
    with rebuilding(site) as builds:
        first = builds.outcomes[0]
        assert first.report is not None
        assert first.report.index_pending
        assert "index.html" in first.report.written
        caught_up(builds)
        assert builds.outcomes[-1].indexed
        builds.until_clean(tmp_path / "clean")
    assert list(shards(site)) == ["2024-en", "2023-en"]


def test_an_edit_while_it_is_made_is_found_in_the_end(site: Path, tmp_path: Path) -> None:
    """Saves are answered one by one, and after the last the index has its words, and no others."""
    with rebuilding(site) as builds:
        for number in range(4):
            text = article("Flood", f"The xylograph{number} floats.")
            save(site, {"articles/flood.md": text})
            builds.until(partial(published, site, f"xylograph{number}"))
        caught_up(builds)
        builds.until_clean(tmp_path / "clean")

    assert [f"xylograph{number}".encode() in everything(site) for number in range(4)] == [
        False,
        False,
        False,
        True,
    ]


def test_an_edit_without_new_words_settles(site: Path) -> None:
    """Where nothing else is to be found, the index is taken for current, and nothing is written."""
    with rebuilding(site) as builds:
        caught_up(builds)
        before = (site / INDEX / "shards.json").stat().st_mtime_ns
        save(site, {"articles/flood.md": article("Flood", "The *weir* gave way.")})
        builds.until(partial(published, site, "<em>weir</em>"))
        caught_up(builds)
        report = builds.outcomes[-1].report
        assert report is not None
        assert report.written == ()
        assert (site / INDEX / "shards.json").stat().st_mtime_ns == before


def test_an_article_that_lost_its_address_is_not_waited_for(site: Path, tmp_path: Path) -> None:
    """Indexed is what is published, so that the index catches up, and is not made for ever."""
    save(site, {"articles/other/flood.md": article("Deluge", "Who was here first?")})
    with rebuilding(site) as builds:
        assert builds.outcomes[0].errors
        caught_up(builds)
        builds.until_clean(tmp_path / "clean")


def test_the_log_names_the_index(site: Path) -> None:
    """A build for the index alone is told as that."""
    with rebuilding(site) as builds:
        caught_up(builds)
        (*_, line) = BuildLog(site).lines(builds.outcomes[-1])

    assert "search index: 0 rendered" in line


def test_temporary_folders_go(site: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What was written for Pagefind is gone afterwards."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    build_site(site)

    assert list((tmp_path / "scratch").iterdir()) == []
