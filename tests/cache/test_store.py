"""The cache can come to any harm: the build is right, and says what happened."""

from __future__ import annotations

import random
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sitegen.cache import store, tables
from sitegen.cache.record_reader import MissingRecordError, Reader
from sitegen.cache.records import pack, record_digest, seal
from sitegen.cache.store import State, Store
from sitegen.cache.tables import Cached, LastBuild, Written
from sitegen.cache.trace import Trace
from sitegen.flow.build import Options
from sitegen.flow.session import Session
from sitegen.model import moments
from sitegen.model.documents import Article, Teaser, Term
from sitegen.model.errors import SitegenError, UsageError
from tests.incremental import damage
from tests.incremental.clean import CleanBuilder
from tests.sitefactory import AT, article, build_site, make_site, pages, tree, write

pytestmark = pytest.mark.slow

ARTICLES = {f"n{number}.md": article(f"Number {number}", tags=["x"]) for number in range(4)}
EDIT = {"articles/n1.md": article("Number one", "Anew.", tags=["x"])}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CleanBuilder]:
    """Clean builds to compare with."""
    with CleanBuilder(tmp_path_factory.mktemp("clean")) as builder:
        yield builder


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small site."""
    return make_site(tmp_path / "site", ARTICLES)


def assert_exact(site: Path, clean: CleanBuilder) -> None:
    """Hold the output against a clean build, and see that a further build rests."""
    assert tree(site / "output") == clean.build(site, Options(at=AT))[1]
    again = build_site(site)
    assert (again.rendered, again.written, again.notes) == ({}, (), ())


# --- Damage


TOLD = {
    "zero": "damaged",
    "garbage": "damaged",
    "foreign_epoch": "another version",
    "delete_all": "",
}
"""What the notes say, where it is certain; a file that is not there is no damage."""


@pytest.mark.parametrize("edited", [False, True], ids=["as it was", "edited"])
@pytest.mark.parametrize("kind", sorted(damage.CACHE))
def test_a_damaged_cache_leads_to_a_right_build(
    site: Path, clean: CleanBuilder, kind: str, *, edited: bool
) -> None:
    """After any damage the output is that of a clean build, and the cache is whole again."""
    build_site(site)
    damage.CACHE[kind](site / ".sitegen", random.Random(3))  # noqa: S311 - not for secrets
    if edited:
        write(site, EDIT)
    report = build_site(site)
    if kind in TOLD:
        assert TOLD[kind] in " ".join(report.notes)
        assert bool(report.notes) == bool(TOLD[kind])
    assert_exact(site, clean)


def test_a_lost_body_is_parsed_again(site: Path, clean: CleanBuilder) -> None:
    """Bodies that the cache has lost are made anew, and it is told."""
    build_site(site)
    database = damage.databases(site / ".sitegen")[0]
    damage.lose(database, "articles")
    write(site, {"templates/article.html": "{{ body(page.article) }}"})
    report = build_site(site)
    assert any("had lost articles/n" in note for note in report.notes)
    assert_exact(site, clean)


@pytest.mark.parametrize("quarter", range(4))
@pytest.mark.parametrize("table", ["articles", "entries", "shown_responses"])
def test_records_that_lose_what_was_just_written_begin_anew(
    site: Path, clean: CleanBuilder, table: str, quarter: int
) -> None:
    """A disk that lost a block of a table can take records and not give them back."""
    response = "---\nkind: comment\nauthor: Maud\ndate: 2024-11-05 08:00\n---\n\nTwo tides.\n"
    write(site, {"responses/2024-11-04-n1/01aa.md": response})
    build_site(site)
    path = damage.databases(site / ".sitegen")[0]
    database = sqlite3.connect(path)
    query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
    (page,) = database.execute(query, (table,)).fetchone()
    (size,) = database.execute("PRAGMA page_size").fetchone()
    database.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size + quarter * size // 4)
        file.write(bytes(size // 4))
    said = "{% for item in thread(page.article).comments %}{{ item.html }}{% endfor %}"
    write(site, {"templates/article.html": f"{{{{ body(page.article) }}}}{said}"})
    build_site(site)
    assert_exact(site, clean)


@pytest.mark.parametrize(
    ("asking", "is_kept"),
    [
        ("{% set path %}map.svg{% endset %}{{ asset(path) }}", True),
        ('{{ translations("\\ud800") | length }}', False),
        ("{{ site.extra.get('\\ud800') is none }}", False),
    ],
)
def test_what_a_template_asks_oddly(
    tmp_path: Path, clean: CleanBuilder, asking: str, *, is_kept: bool
) -> None:
    """A question with markup is kept; a page whose questions cannot be is made anew."""
    static = {"map.svg": "<svg/>"}
    site = make_site(tmp_path / "site", ARTICLES, templates={"article.html": asking}, static=static)
    build_site(site)
    again = build_site(site)
    assert (again.written, again.notes) == ((), ())
    assert not again.rendered if is_kept else len(again.rendered) == len(ARTICLES)
    write(site, {"static/map.svg": "<svg><path/></svg>"})
    build_site(site)
    assert tree(site / "output") == clean.build(site, Options(at=AT))[1]


def test_a_body_of_another_state_is_not_taken(tmp_path: Path) -> None:
    """A body that comes out of the records is the one that was asked for, or none."""
    folder = tmp_path / ".sitegen"
    kept = Store(folder, tmp_path / "output")
    card = Teaser(
        "a.md", "/a/", "A", moments.of(AT), None, Term("x", "x", "/x/"), (), (), "", None, "en"
    )
    record, other = (
        seal(tables.ARTICLES, (b"mark of the teaser", *Article(card, body)[1:]))
        for body in ("<p>old</p>", "<p>new</p>")
    )
    old = record_digest(record)
    cached = pack(tables.ENTRIES, "a.md", Cached("key", None, ()))
    kept.keep_parsed({"a.md": store.Kept(cached, record)})
    assert kept.load_article(card, old) == Article(card, "<p>old</p>")
    with pytest.raises(MissingRecordError):
        kept.load_article(card, record_digest(other))
    with pytest.raises(MissingRecordError):
        kept.load_article(card._replace(id="b.md"), old)
    kept.close()
    with pytest.raises(MissingRecordError):
        Reader(tmp_path / "nowhere" / "x.sqlite", tables.ARTICLES)("a.md", old)


def test_a_cache_that_is_removed_in_use_is_made_again(site: Path, clean: CleanBuilder) -> None:
    """A process that goes on notices that its cache was deleted, and says so."""
    session = Session()
    build_site(site, session=session)
    damage.delete_all(site / ".sitegen", random.Random(0))  # noqa: S311 - not for secrets
    write(site, EDIT)
    report = build_site(site, session=session, changed=EDIT)
    assert "removed while it was in use" in " ".join(report.notes)
    session.close()
    assert_exact(site, clean)


def test_what_another_process_did_is_noticed(site: Path, clean: CleanBuilder) -> None:
    """A process that goes on does not believe its memory if another one has built meanwhile."""
    session = Session()
    build_site(site, session=session)
    write(site, EDIT)
    build_site(site)
    write(site, {"articles/n1.md": ARTICLES["n1.md"]})
    build_site(site, session=session, changed=EDIT)
    session.close()
    assert_exact(site, clean)


# --- No room


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """Let no file of this process grow above `size` bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("goes_on", [False, True], ids=["new process", "same process"])
def test_a_cache_that_cannot_be_saved_is_no_harm(
    site: Path, clean: CleanBuilder, *, goes_on: bool
) -> None:
    """On a disk that is full for the cache the site is built, and it is told; later all is well."""
    session = Session()
    build_site(site, session=session)
    for number in range(3):
        if not goes_on:
            session.close()
        more = "Much more. " * 2700
        write(site, {f"articles/n{number}.md": article(f"Another {number}", more, tags=["x"])})
        with no_file_above(40_000):
            report = build_site(site, session=session)
        assert any("could not be saved" in note for note in report.notes)
        assert tree(site / "output") == clean.build(site, Options(at=AT))[1]
    write(site, EDIT)
    report = build_site(site, session=session)
    assert "Number one" in pages(site)["index.html"]
    session.close()
    assert tree(site / "output") == clean.build(site, Options(at=AT))[1]
    build_site(site)
    assert_exact(site, clean)


def test_a_body_that_was_saved_later_is_the_one_that_counts(
    site: Path, clean: CleanBuilder
) -> None:
    """A text that could not be saved is forgotten as soon as a later one could."""
    session = Session()
    build_site(site, session=session)
    large = article("Large", "Much more. " * 2700)
    write(site, {"articles/n1.md": large})
    with no_file_above(40_000):
        build_site(site, session=session)
    write(site, {"articles/n1.md": article("Large", "Little.")})
    build_site(site, session=session)
    session.close()
    assert_exact(site, clean)


def test_a_full_disk_leaves_the_output_as_it_was(site: Path, clean: CleanBuilder) -> None:
    """If a page cannot be written, nothing is published, and the file is named."""
    build_site(site)
    before = tree(site / "output")
    write(site, {"articles/n1.md": article("Large", "Much more. " * 6000)})
    with no_file_above(20_000), pytest.raises(SitegenError, match="cannot be written"):
        build_site(site)
    assert tree(site / "output") == before
    build_site(site)
    assert_exact(site, clean)


def test_a_cache_without_a_place_is_no_harm(site: Path, clean: CleanBuilder) -> None:
    """Where no database can be opened, each build does everything, and says why."""
    for path in damage.databases(site / ".sitegen"):
        path.unlink()
    (site / ".sitegen" / "articles.sqlite" / "x").mkdir(parents=True)
    for _ in range(2):
        report = build_site(site)
        assert any("could not be saved" in note for note in report.notes)
        assert tree(site / "output") == clean.build(site, Options(at=AT))[1]


READER = """
import gc, os, sqlite3, sys
from contextlib import closing
from pathlib import Path
from sitegen.cache.record_reader import Reader
from sitegen.cache.records import Records, Table, record_digest, seal

def opened():
    gc.collect()
    return sum(isinstance(item, sqlite3.Connection) for item in gc.get_objects())

texts = Table("texts", str, is_wide=True)
record = seal(texts, "text")
with closing(Records(Path(sys.argv[1]), "epoch", [texts])) as records:
    records.put(texts, {"a.md": record})
    reader = Reader(records.path, texts)
    assert reader("a.md", record_digest(record)) == "text"
    before = opened()
    child = os.fork()
    if not child:
        assert reader("a.md", record_digest(record)) == "text"
        reader.close()
        assert opened() == before
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
"""


def test_a_forked_process_leaves_its_parents_file_alone(tmp_path: Path) -> None:
    """It opens one of its own: SQLite allows a child not even to close what its parent opened."""
    subprocess.run([sys.executable, "-c", READER, tmp_path / "x.sqlite"], check=True)


# --- Two builds at once


BUILDER = """
import sys
from datetime import datetime
from pathlib import Path
from sitegen.flow.build import Options, build
print("ready", flush=True)
report = build(Path(sys.argv[1]), Options(at=datetime.fromisoformat(sys.argv[2])))
print(len(report.rendered), flush=True)
"""


def test_two_builds_at_once_take_turns(site: Path, clean: CleanBuilder) -> None:
    """Of two processes that build one site at the same moment, the second finds nothing to do."""
    with store.lock(site / ".sitegen"):
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", BUILDER, str(site), AT.isoformat()],
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
    rendered = sorted(int(process.communicate()[0]) for process in processes)
    assert [process.returncode for process in processes] == [0, 0]
    assert rendered[0] == 0
    assert rendered[1] > 0
    assert_exact(site, clean)


def test_a_build_that_waits_too_long_is_told(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that cannot have the lock ends with a message, and touches nothing."""
    build_site(site)
    before = tree(site / "output")
    write(site, EDIT)
    monkeypatch.setattr(store, "LOCK_SECONDS", 0)
    with (
        store.lock(site / ".sitegen"),
        pytest.raises(UsageError, match="another build of this site is still running"),
    ):
        build_site(site)
    assert tree(site / "output") == before


def test_each_output_folder_has_its_own_traces(site: Path, clean: CleanBuilder) -> None:
    """Two output folders of one site, for different moments and addresses, never mix."""
    other = site.parent / "preview"
    for text in ("One.", "Two.", "Three."):
        write(site, {"articles/n2.md": article("N", text, date="2024-11-05 13:00")})
        build_site(site, output=other, drafts=True, base_url="https://preview.example/")
        build_site(site)
        assert tree(site / "output") == clean.build(site, Options(at=AT))[1]
        options = Options(at=AT, drafts=True, base_url="https://preview.example/")
        assert tree(other) == clean.build(site, options)[1]
    assert_exact(site, clean)


def stored(folder: Path) -> State:
    """Return the state that a new process finds."""
    store = Store(folder / ".sitegen", folder / "output")
    found = store.state()
    store.close()
    return found


def test_whatever_changed_of_an_output_is_saved(tmp_path: Path) -> None:
    """Its trace, its file, or both; what is the same is kept, and what is gone is not."""
    last = LastBuild(moments.of(AT), False, "", b"", b"", b"", False, {}, {}, (), ())  # noqa: FBT003
    file = Written(b"digest", 1, 2, 3, 4)
    trace = Trace(("a", 1), b"digest", (("setting", "title"),), (), "it is new")
    same = trace._replace(record=("b", 1))
    first = State({"a": trace, "b": same}, {}, {"a": file, "b": file}, last)
    touched = first._replace(written={"a": file, "b": file._replace(mtime_ns=9)})
    other = touched._replace(traces={"a": trace._replace(reason="other"), "b": same})
    failed = other._replace(traces={"b": same})
    gone = failed._replace(written={"b": file}, traces={"b": same})
    store = Store(tmp_path / ".sitegen", tmp_path / "output")
    before = State({}, {}, {}, None)
    for now in (first, touched, other, failed, gone):
        store.keep_state(before, now)
        found = stored(tmp_path)
        assert (found.written, found.traces) == (now.written, now.traces)
        before = now
    store.close()
