"""What decides the bytes of a site is known to the cache, and nothing else decides them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from sitegen.cache import epoch
from sitegen.config.settings import (
    PRESETS,
    Config,
    Feeds,
    FrontMatterConfig,
    Language,
    MarkdownConfig,
    Responses,
    Taxonomy,
    Urls,
)
from sitegen.flow.build import Options
from sitegen.flow.session import Session
from sitegen.model.frozen import FrozenMap
from sitegen.parse.documents import settings_digest
from sitegen.parse.parsing import parse
from sitegen.scan.sources import theme_folder
from tests.incremental.clean import CleanBuilder
from tests.incremental.newsroom import BODIES, FIELDS
from tests.sitefactory import AT, NO_SEARCH, article, build_site, make_site, tree, write

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CleanBuilder]:
    """Clean builds to compare with."""
    with CleanBuilder(tmp_path_factory.mktemp("clean")) as builder:
        yield builder


CONFIG = """
title = "T"
lists.per_page = 2
base_url = "https://example.org/news/"
feeds.tags = ["atom", "rss", "json"]
"""


ORIGINAL: dict[str, Any] = {"translation_of": None, "lang": None}


def rich_site(folder: Path, order: int = 1) -> Path:
    """Return a site with something of everything; `order` -1 writes its files the other way."""
    articles = {}
    for number, body in enumerate(BODIES):
        head = {key: values[number % len(values)] for key, values in FIELDS.items()}
        head |= {"slug": None, "date": f"2024-{number % 12 + 1:02}-03 10:00", "publish": None}
        head |= {"draft": None, "expires": None, "id": None, "aliases": [f"/old/{number}/"]}
        head |= {"translation_of": "a0.md", "lang": "fr"} if number == 1 else ORIGINAL
        articles[f"2024/a{number}.md"] = article(body=body, **head)
    files = {**articles, "2024/photo.svg": "<svg/>", "2024/map.svg": "<svg/>"}
    files["album/one.svg"] = "<svg/>"
    site = make_site(folder, config=CONFIG)
    write(site / "articles", dict(list(files.items())[::order]))
    write(site / "static", {"pic.svg": "<svg/>"})
    write(site / "templates" / "shortcodes", {"box.html": "<b>{{ inner }}</b>"})
    write(site / "data", {"members.csv": "slug,name\nann,Ann\n"})
    write(site / "includes", {"tides.md": "High at *six*. ![P](/pic.svg)"})
    return site


# --- What decides nothing


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "2", "TZ": "America/New_York"},
        {"TZ": "Asia/Tokyo", "LANG": "ja_JP.UTF-8", "LC_ALL": "ja_JP.UTF-8"},
        {"TZ": "", "LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"},
        {"PYTHONOPTIMIZE": "2", "PYTHONDONTWRITEBYTECODE": "1"},
    ],
    ids=" ".join,
)
def test_the_surroundings_decide_nothing(tmp_path: Path, surroundings: dict[str, str]) -> None:
    """Hash seed, time zone, locale and umask of the process leave no trace in the output."""
    site = rich_site(tmp_path / "site")
    build_site(site)
    with CleanBuilder(tmp_path, **surroundings) as builder:
        assert builder.build(site, Options(at=AT))[1] == tree(site / "output")


def test_the_place_and_age_of_files_decide_nothing(tmp_path: Path) -> None:
    """Two copies of a site, written at other times in another order, become the same site."""
    one = rich_site(tmp_path / "one")
    other = rich_site(tmp_path / "somewhere" / "else", order=-1)
    for number, path in enumerate(sorted(other.rglob("*"))):
        os.utime(path, (number * 1000, number * 1000))
    build_site(one)
    build_site(other)
    assert tree(one / "output") == tree(other / "output")


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_the_number_of_processes_decides_nothing(tmp_path: Path, method: str) -> None:
    """One process and several make the same bytes, however they are started."""
    site = rich_site(tmp_path / "site")
    write(site, {"templates/article.html": COUNTING, "templates/count.html": COUNT})
    build_site(site, jobs=1)
    other = tmp_path / "other"
    # In a process of its own, which has one thread: beside others nothing may be forked.
    arguments = [site, other, tmp_path / "state", AT.isoformat(), method]
    command = [sys.executable, "-W", "error::DeprecationWarning", "-c", THREE_JOBS]
    root = Path(__file__).parents[2]
    subprocess.run([*command, *map(str, arguments)], check=True, cwd=root)
    assert tree(other) == tree(site / "output")


THREE_JOBS = """
import sys
from datetime import datetime
from pathlib import Path
from sitegen.flow.build import Options, build
site, output, state = map(Path, sys.argv[1:4])
at = datetime.fromisoformat(sys.argv[4])
build(site, Options(at=at, output=output, state=state, jobs=3, start_method=sys.argv[5]))
"""


COUNT = (
    "{% set n = namespace(v=0) %}{% macro next() %}{% set n.v = n.v + 1 %}{{ n.v }}{% endmacro %}"
)
COUNTING = '{% import "count.html" as count %}{{ count.next() }}{{ body(page.article) }}'


def test_the_newsroom_of_this_repository_is_the_same_twice(
    tmp_path: Path, clean: CleanBuilder
) -> None:
    """A real paper, built here and by a process of other surroundings, has the same bytes."""
    root = theme_folder()
    site = tmp_path / "site"
    for folder in ("articles", "data"):
        shutil.copytree(root / folder, site / folder)
    shutil.copy(root / "sitegen.toml", site)
    build_site(site)
    assert clean.build(site, Options(at=AT))[1] == tree(site / "output")


# --- A process that goes on


SETTINGS = [
    *("", 'timezone = "Asia/Tokyo"', 'timezone = "America/New_York"', 'timezone = "UTC"'),
    *("extra = { a = true, b = 1 }", "extra = { a = 1, b = 1 }", "extra = { b = 1, a = 1 }"),
    *("extra = { a = 1.0, b = 1 }", 'language = "ja"', 'dates.stamp = "d/M HH:mm z"'),
    "[markdown.extensions.toc]\npermalink = true",
    "[markdown.extensions.toc]\npermalink = 1",
    '[markdown.extensions."tests.incremental.shouting"]\n[markdown.extensions.nl2br]',
    '[markdown.extensions.nl2br]\n[markdown.extensions."tests.incremental.shouting"]',
]
"""Settings that are equal to Python, or nearly, and not on a page."""


def test_a_process_mixes_no_settings_up(tmp_path: Path, clean: CleanBuilder) -> None:
    """Whatever was built before in the same process, each setting gives its own bytes."""
    zones = {"articles/2024/b.md": article("B", date="2024-11-03 01:30 -0500")}
    show = "{% for name, value in site.extra.items() %}{{ name }}={{ value }};{% endfor %}"
    site = rich_site(tmp_path / "site")
    write(site, {**zones, "templates/404.html": show})
    session = Session()
    for text in (*SETTINGS, *SETTINGS[::-1]):
        write(site, {"sitegen.toml": f"{text}\n{NO_SEARCH}"})
        build_site(site, session=session, changed=["sitegen.toml"])
        assert tree(site / "output") == clean.build(site, Options(at=AT))[1], text
    session.close()


@pytest.mark.parametrize("key", ["date", "publish", "updated"])
def test_an_hour_that_comes_twice_is_told_apart(
    tmp_path: Path, clean: CleanBuilder, key: str
) -> None:
    """Two moments that the newsroom's clocks show alike are two moments."""
    site = make_site(tmp_path / "site", config='timezone = "America/New_York"\n')
    session = Session()
    at = AT.replace(day=3, hour=6)
    for hour in ("01:30 -0400", "01:30 -0500", "01:30 -0400"):
        head = {"date": "2024-01-01", key: f"2024-11-03 {hour}"}
        write(site, {"articles/a.md": article(**head)})
        build_site(site, at=at, session=session, changed=["articles/a.md"])
        assert tree(site / "output") == clean.build(site, Options(at=at))[1], hour
    session.close()


def test_a_failed_build_forgets_no_path(tmp_path: Path, clean: CleanBuilder) -> None:
    """Paths that were named to a build that failed need not be named again."""
    site = rich_site(tmp_path / "site")
    session = Session()
    build_site(site, session=session)
    write(site, {"articles/2024/a1.md": article("New"), "sitegen.toml": "title = ["})
    with pytest.raises(Exception, match=r"sitegen\.toml"):
        build_site(site, session=session, changed=["articles/2024/a1.md", "sitegen.toml"])
    write(site, {"sitegen.toml": f'title = "T"\n{NO_SEARCH}'})
    build_site(site, session=session, changed=["sitegen.toml"])
    session.close()
    assert tree(site / "output") == clean.build(site, Options(at=AT))[1]


# --- The keys of the cache


class Reading:
    """A configuration that notes which of its fields are read."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.read: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        """Note the field, or that which a value is made from."""
        made_from = {"zone": "timezone", "taxonomy_keys": "taxonomies"}
        self.read.add(made_from.get(name, name))
        return getattr(self.config, name)


OTHERS: Mapping[str, Any] = {
    "base_url": "https://example.com/x/",
    "language": "ja",
    "timezone": "Asia/Tokyo",
    "categories": ("A",),
    "default_category": "B",
    "urls": Urls(article="/{slug}/"),
    "markdown": MarkdownConfig(toc_depth=1),
    "front_matter": FrontMatterConfig(unknown="error"),
    "feeds": Feeds(authority="old.example.org"),
    "responses": Responses(comments="closed"),
    "languages": FrozenMap({"ja": Language(folder="japanese")}),
    "editions": FrozenMap({"ja": Config(language="ja")}),
    "site_language": "fr",
    "home": "/ja/",
    "taxonomies": FrozenMap({**PRESETS, "place": Taxonomy(key="mood", url="/place/{slug}/")}),
}


@pytest.mark.parametrize("dialect", ["", "hugo", "jekyll", "pelican", "zola", "astro"])
def test_parsing_reads_no_setting_that_is_not_in_its_key(dialect: Any) -> None:
    """Every field of the configuration that parsing reads makes another key of its results."""
    config = Config(
        front_matter=FrontMatterConfig(dialect=dialect), base_url="https://example.org/"
    )
    read: set[str] = set()
    for number in range(max(len(values) for values in FIELDS.values())):
        head = {key: values[number % len(values)] for key, values in FIELDS.items()}
        text = article(body=BODIES[number % len(BODIES)], url="/x/", **head).encode()
        reading = Reading(config)
        parse("articles/a.md", text, reading)  # type: ignore[arg-type]  # it reads like one
        read |= reading.read
    assert {"base_url", "language", "timezone", "taxonomies", "markdown", "front_matter"} <= read
    assert read <= {field.name for field in fields(Config)}
    for name in read:
        other = replace(config, **{name: OTHERS[name]})
        assert settings_digest(other) != settings_digest(config), name


def test_the_code_of_a_foreign_extension_is_in_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An extension that a newsroom wrote itself makes another key when it is edited."""
    monkeypatch.syspath_prepend(str(tmp_path))
    options = FrozenMap({"loud": {}, "smarty": {}})
    config = Config(markdown=MarkdownConfig(extensions=options))
    digests = set()
    for text in ("A = 1", "A = 2", "A = 1"):
        (tmp_path / "loud.py").write_text(text)
        epoch.code_digest.cache_clear()
        digests.add(settings_digest(config))
    assert len(digests) == 2
    (tmp_path / "loud.py").unlink()
    (tmp_path / "loud").mkdir()
    (tmp_path / "loud" / "__init__.py").write_text("")
    (tmp_path / "loud" / "deep.py").write_text("A = 3")
    epoch.code_digest.cache_clear()
    assert settings_digest(config) not in digests


def test_the_epoch_is_the_same_in_every_process(clean: CleanBuilder, tmp_path: Path) -> None:
    """A cache that another process made, with other surroundings, is used."""
    site = rich_site(tmp_path / "site")
    clean.build(site, Options(at=AT))
    report = build_site(site, output=clean.output, state=clean.state)
    assert (report.parsed, report.rendered, report.written, report.notes) == (0, {}, (), ())
