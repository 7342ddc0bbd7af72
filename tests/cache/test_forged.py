"""A planted cache runs nothing: what does not fit is made anew, and the pages are right.

A poisoned cache of a CI, or a repository that ships one, can bring in any `.sitegen/`.
"""

from __future__ import annotations

import pickle
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sitegen.cache import tables
from sitegen.cache.records import CHECK_SIZE, DIGEST_SIZE, Table, pack
from sitegen.cache.tables import OutputRecord, Written
from sitegen.flow.build import Options, Report
from sitegen.model.search_index import Part
from tests.incremental import forging
from tests.incremental.clean import CleanBuilder
from tests.incremental.damage import databases
from tests.incremental.forging import FORGERIES, Trap, keys_of, plant
from tests.sitefactory import AT, article, build_site, make_site, tree

CONFIG = """
base_url = "https://paper.example/"
[search]
enabled = true
[front_matter]
unshown = ["stage"]
"""

RESPONSE = "---\nkind: comment\nauthor: Maud\ndate: 2024-11-05 08:00\n---\n\nTwo tides.\n"

FLOOD = "2024-11-04-flood"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with something in every table, and the output that it has."""
    site = make_site(
        tmp_path_factory.mktemp("built") / "site",
        {
            "flood.md": article("Flood", "See [the ferry](ferry.md).", tags=["tides"], stage=3),
            "ferry.md": article("Ferry", corrections=[{"date": "2024-11-05", "text": "Two."}]),
        },
        config=CONFIG,
        files={
            f"responses/{FLOOD}/01aa.md": RESPONSE,
            "static/photo.svg": "<svg/>",
            "data/members.csv": "slug,name\nann,Ann\n",
        },
        templates={"404.html": '{{ data("members") | tojson }}{{ data("members", 0, "name") }}'},
    )
    assert build_site(site).problems == ()
    return site


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    """The same site in another place, with its cache."""
    return shutil.copytree(built, tmp_path / "site", symlinks=True)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CleanBuilder]:
    """Clean builds to compare with."""
    with CleanBuilder(tmp_path_factory.mktemp("clean")) as builder:
        yield builder


def place_of(site: Path, table: Table[Any]) -> Path:
    """Return the database that holds a table."""
    of_site = table in tables.OF_SITE
    return next(
        path for path in databases(site / ".sitegen") if path.name.startswith("a") == of_site
    )


def cache_moved(site: Path) -> None:
    """Let the cache of the copied site be one of its own output folder."""
    path = next(path for path in databases(site / ".sitegen") if path.name.startswith("o"))
    moved = site / ".sitegen" / "moved"
    path.rename(moved)
    build_site(site)
    own = next(path for path in databases(site / ".sitegen") if path.name.startswith("o"))
    moved.replace(own)


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """What must not appear."""
    return tmp_path / "sprung"


def assert_right(site: Path, built: Path, report: Report) -> None:
    """Hold the output against what it was before, and see that a further build rests."""
    assert tree(site / "output") == tree(built / "output")
    assert report.notes
    again = build_site(site)
    assert (again.rendered, again.written, again.notes, again.problems) == ({}, (), (), ())


ALL = [(table, forgery) for table in forging.TABLES for forgery in FORGERIES]


@pytest.mark.parametrize(("name", "forgery"), ALL, ids=str)
def test_a_forged_record_runs_nothing(
    site: Path, built: Path, trap: Path, name: str, forgery: str
) -> None:
    """Whatever a record of any table holds, it costs a rebuild and a note, and nothing runs."""
    cache_moved(site)
    path = place_of(site, forging.TABLES[name])
    plant(path, name, keys_of(path, name)[0], forgery, trap)
    report = build_site(site)
    assert not trap.exists()
    assert_right(site, built, report)


def test_the_trap_is_one(trap: Path) -> None:
    """What is planted would run if it were unpickled."""
    pickle.loads(FORGERIES["pickled"](b"", trap))  # noqa: S301 - our own trap
    assert trap.is_dir()


@pytest.mark.parametrize("name", sorted(forging.TABLES))
def test_every_table_has_a_record(built: Path, name: str) -> None:
    """There is something to be forged in every table."""
    assert keys_of(place_of(built, forging.TABLES[name]), name)


SCRIPTS = {
    "endless view": """
        DROP TABLE entries;
        CREATE VIEW entries AS WITH RECURSIVE n(key, value) AS
            (SELECT 'a', x'00' UNION ALL SELECT key, value FROM n) SELECT * FROM n;
    """,
    "trigger": """
        CREATE TRIGGER t AFTER INSERT ON entries BEGIN DELETE FROM articles; END;
    """,
    "endless epoch": """
        DROP TABLE epoch;
        CREATE VIEW epoch AS WITH RECURSIVE n(text) AS
            (SELECT 'a' UNION ALL SELECT text FROM n) SELECT * FROM n;
    """,
    "other columns": """
        DROP TABLE stamps;
        CREATE TABLE stamps (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    """,
    "one table more": "CREATE TABLE more (key TEXT)",
    "two epochs": "INSERT INTO epoch SELECT text FROM epoch",
    "no epoch": "DELETE FROM epoch",
}
"""What somebody does to the database of articles."""


@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_a_database_with_other_things_in_it_is_not_looked_at(
    site: Path, built: Path, script: str
) -> None:
    """Of a file that is not made as we make it no table is read."""
    database = sqlite3.connect(site / ".sitegen/articles.sqlite")
    database.executescript(SCRIPTS[script])
    database.close()
    report = build_site(site)
    assert "articles.sqlite was started afresh" in " ".join(report.notes)
    assert_right(site, built, report)


def test_an_epoch_that_is_no_text_runs_nothing(site: Path, built: Path, trap: Path) -> None:
    """The epoch is compared and not decoded: it comes before anything is known of a file."""
    database = sqlite3.connect(site / ".sitegen/articles.sqlite")
    database.execute("UPDATE epoch SET text = ?", (pickle.dumps(Trap(trap)),))
    database.commit()
    database.close()
    report = build_site(site)
    assert not trap.exists()
    assert_right(site, built, report)


@pytest.mark.parametrize("name", ["articles.sqlite", "articles.sqlite-wal", "articles.sqlite-shm"])
@pytest.mark.parametrize("there", [True, False], ids=["a file", "no file"])
def test_a_link_in_the_cache_is_not_followed(
    site: Path, built: Path, tmp_path: Path, name: str, *, there: bool
) -> None:
    """A planted link would have what articles say be written to a file of somebody's home."""
    outside = tmp_path / "profile"
    if there:
        outside.write_text("mine")
    link = site / ".sitegen" / name
    link.unlink(missing_ok=True)
    link.symlink_to(outside)
    report = build_site(site)
    assert (outside.read_text() if there else outside.exists()) == ("mine" if there else False)
    assert not link.is_symlink()
    assert_right(site, built, report)


OUTSIDE = ["../outside", "a/../../outside", "/etc/outside"]


@pytest.mark.parametrize("path", OUTSIDE)
@pytest.mark.parametrize("table", [tables.OUTPUTS, tables.SEARCH], ids=lambda table: table.name)
def test_a_record_cannot_name_a_file_elsewhere(
    site: Path, built: Path, path: str, table: Table[Any]
) -> None:
    """A record of the right type that names a file outside the output folder is damage.

    Else the file could be taken for ours: removed, or sent with a deployment.
    """
    cache_moved(site)
    (site / "outside").write_text("mine")
    written = Written(bytes(DIGEST_SIZE), 4, 0, 0, 0)
    value: Any = OutputRecord(written, None)
    key = path
    if table is tables.SEARCH:
        key, value = "2024", Part(b"key", b"content", (path,))
    database = sqlite3.connect(place_of(site, table))
    database.execute(
        f"INSERT OR REPLACE INTO {table.name} VALUES (?, ?)",  # noqa: S608 - our own name
        (key, bytes(pack(table, key, value))),
    )
    database.commit()
    database.close()
    report = build_site(site)
    assert (site / "outside").read_text() == "mine"
    assert "damaged" in " ".join(report.notes)
    assert_right(site, built, report)


def test_whoever_writes_there_can_change_pages(site: Path, clean: CleanBuilder) -> None:
    """A record of the right type is believed, and a clean build shows what it did.

    So it is with a page in the output folder.
    """
    path = site / ".sitegen/articles.sqlite"
    key = "articles/ferry.md"
    database = sqlite3.connect(path)
    (data,) = database.execute("SELECT value FROM entries WHERE key = ?", (key,)).fetchone()
    cached = tables.ENTRIES.encoding.decode(data[CHECK_SIZE:])
    assert cached.entry
    teaser = cached.entry.teaser._replace(title="Planted")
    entry = cached.entry._replace(teaser=teaser, teaser_digest=b"another")
    forged = pack(tables.ENTRIES, key, cached._replace(entry=entry))
    database.execute("UPDATE entries SET value = ? WHERE key = ?", (bytes(forged), key))
    database.commit()
    database.close()
    build_site(site)
    assert b"Planted" in (site / "output/index.html").read_bytes()
    assert b"Planted" not in clean.build(site, Options(at=AT))[1]["index.html"]
