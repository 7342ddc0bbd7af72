"""What modules may touch: other packages, clocks, files, the environment.

Which package may import which is a contract in pyproject.toml, held by `make lint`.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import sitegen

PACKAGE = Path(sitegen.__file__).parent
REPOSITORY = PACKAGE.parent


def module_name(path: Path) -> str:
    """Return the name of a module below `sitegen`: `flow.build`, `flow`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


MODULES = {
    module_name(path): path for path in sorted(PACKAGE.rglob("*.py")) if "theme" not in path.parts
}

PACKAGES = """
altcha: receive.captcha
defusedxml: notify.protocols receive.pings
itsdangerous: receive.tokens
jinja2: receive.pages render.codegen render.environment render.failures render.filters
    render.nouns render.printing render.shortcodes render.undefined
markupsafe: html.direction render.codegen render.direction_functions render.metadata_functions
    render.shortcode_functions render.shortcodes render.template_functions
markdown: markdown.fast.blocks markdown.fast.engine markdown.fast.inline markdown.fast.links
    markdown.fast.plain markdown.fast.tree markdown.fences markdown.list_items markdown.lists
    markdown.python_markdown markdown.struck_text markdown.text_preprocessor responses.text
frontmatter: parse.front_matter
yaml: parse.yaml
latex2mathml: markdown.mathml
pyromark: markdown.commonmark
nh3: html.sanitizing
pygments: html.highlighting
babel: html.direction render.localization
obstore: deploy.cloud
brotli: deploy.contents
filelock: cache.store notify.delivery_log
tqdm: console.terminal
distributed: work.executor
httpcore: web.fetching
imagesize: check.flow queries.pictures
msgspec: cache.encoding model.moments
cbor2: search.bundles
pagefind_bin_extended: search.pagefind
starlette: preview.application receive.application receive.comments receive.moderation_pages
    receive.pages receive.pings receive.requests receive.server web.sending
uvicorn: preview.server receive.server web.idle_timeout
watchdog: watch.fallback watch.inotify watch.watching
"""
"""The packages of others, each with the few modules that know it."""

PURE = """
    cache.encoding cache.tables cache.trace check.addresses check.feeds check.finding check.hosting
    check.limits check.nesting check.pages check.pictures config.content_security
    config.hosting_checks config.targets config.toml_locations deploy.plan deploy.refusals
    deploy.target_files deploy.target_state flow.dependents html.figures html.finishing html.github
    html.highlighting html.line_breaks html.sanitizing html.scanning index.change index.exchange
    index.feeds index.former_addresses index.identities index.links index.listed index.lists
    index.lost_articles index.page_templates index.pages index.policies index.published
    index.redirects index.secret_files index.set_digests index.site index.sitemaps
    index.static_files index.term_texts index.translations index.undated markdown.fast.blocks
    markdown.fast.engine markdown.fast.inline markdown.fast.links markdown.fast.plain
    markdown.fast.substrings markdown.fast.tree markdown.fences markdown.list_items markdown.lists
    markdown.prose markdown.struck_text markdown.text_preprocessor model.answers model.documents
    model.errors model.frozen model.moments model.references model.search_index model.source_folders
    model.urls notify.articles notify.discovery notify.protocols notify.records notify.tasks
    parse.conversions parse.dates parse.dialects parse.fast_yaml parse.fields parse.formats
    parse.front_matter parse.identity parse.nodes parse.pages parse.parsing parse.terms
    parse.undated parse.values parse.yaml plan.host_dialects plan.host_redirects plan.outputs
    plan.parts plan.planning preview.reload_script queries queries.affected queries.answering
    queries.archives queries.articles queries.feeds queries.hosts queries.pages queries.settings
    queries.sitemaps queries.term_texts queries.translations receive.hints render.preview_notice
    render.response_functions render.structured_data render.template_functions responses.files
    responses.paths responses.text responses.threads search.documents search.shards web.charsets
    web.mentions
"""
"""Modules from values to values: what they give depends on what they are given and nothing else."""

WORLD = """
    asyncio concurrent ctypes fcntl http importlib io locale multiprocessing os pathlib platform
    random secrets select shutil signal socket sqlite3 subprocess sys tempfile threading time uuid
"""
"""Modules of Python through which files, clocks, chance, processes and networks come in."""

ENVIRONMENT = {
    "receive.environment": "secrets of moderators and of the mail server, which no file may hold",
}
"""The only modules that read variables of the environment, and what for."""

CLOCKS = frozenset({"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter"})

WATCHES = {
    "cli.commands.addresses": "takes now for the moment at which articles are published",
    "cli.commands.check": "takes now for the age of what is remembered of other sites",
    "cli.commands.init": "takes now for the first article",
    "cli.commands.list_articles": "takes now for the moment to look from",
    "cli.commands.new": "takes now for new files",
    "cli.commands.next_change": "takes now for the moment to look from",
    "cli.commands.notify": "takes now for the age of articles and for what is to be tried again",
    "deploy.sync": "knows by its silence that another deployment has ended",
    "deploy.builds": "knows whether an article has appeared since the build",
    "flow.build": "takes now for the moment to show, if it is given none, and measures itself",
    "receive.server": "tells the receiver when something came",
    "scan.sources": "does not trust the time stamp of a file that was written just now",
    "watch.debouncing": "waits until what is saved together has come",
    "watch.rebuild": "builds when the site changes by itself",
    "watch.watching": "waits until what is saved together has come",
    "web.fetching": "ends what takes too long",
    "work.executor": "measures whether more processes pay, and waits for threads that end",
}
"""The only modules that look at a clock, and what for."""

DATETIMES = {
    "check.feeds": "reads the dates of feeds, to see that they are some",
    "cli.commands.addresses": "looks at the clock",
    "cli.commands.check": "looks at the clock",
    "cli.commands.init": "looks at the clock",
    "cli.commands.list_articles": "looks at the clock",
    "cli.commands.new": "looks at the clock",
    "cli.commands.next_change": "looks at the clock",
    "cli.commands.notify": "looks at the clock",
    "cli.options": "reads the moment of --at, and gives it to the build",
    "deploy.builds": "looks at the clock",
    "deploy.target_state": "prints a time of the file system",
    "flow.build": "looks at the clock, and takes and gives what `Options` and `Report` hold",
    "flow.options": "holds what programs of others give to the build and get from it",
    "model.moments": "makes moments of them, and the other way round",
    "parse.dates": "makes moments of what editors write",
    "parse.formats": "gives a date of TOML back as its text",
    "receive.server": "looks at the clock",
    "search.background": "is told by `watch.rebuild` what the clock shows",
    "watch.rebuild": "looks at the clock",
    "watch.output_watch": "is told by `watch.rebuild` what the clock shows",
    "watch.timers": "is told by `watch.rebuild` what the clock shows",
}
"""The only modules that know Python's `datetime`, which is compared by wall clocks."""


def rows(table: str) -> dict[str, list[str]]:
    """Return the rows of a table by their first word."""
    lines = [
        line
        for line in table.replace("\n    ", " ").split("\n")
        if line and not line.startswith("#")
    ]
    return {name: rest.split() for name, _, rest in (line.partition(":") for line in lines)}


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield everything in a module but what only a type checker reads."""
    yield tree
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield from nodes(node)


@cache
def read(module: str) -> tuple[ast.AST, ...]:
    """Return everything in a module that is run."""
    return tuple(nodes(ast.parse(MODULES[module].read_text("utf-8"))))


def imported(module: str) -> Iterator[str]:
    """Yield the full name of every module or name that a module imports."""
    for node in read(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports with dots: write the whole name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("package", sorted(rows(PACKAGES)))
def test_a_package_is_known_in_few_modules(package: str) -> None:
    """What could be exchanged for another package is known where it would be exchanged."""
    users = {
        module for module in MODULES for name in imported(module) if name.split(".")[0] == package
    }

    assert users == set(rows(PACKAGES)[package])


def test_every_package_is_on_the_list() -> None:
    """A module does not take a new dependency along in passing."""
    known = {*rows(PACKAGES), "sitegen", *sys.stdlib_module_names}
    tops = {module: {name.split(".")[0] for name in imported(module)} for module in MODULES}

    assert {module: names - known for module, names in tops.items() if names - known} == {}


@pytest.mark.parametrize("module", PURE.split())
def test_a_pure_module_touches_nothing(module: str) -> None:
    """A module from values to values imports no files, clocks, chance, processes or networks."""
    assert not {name.split(".")[0] for name in imported(module)} & set(WORLD.split())
    assert not {
        node.func.id
        for node in read(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    } & {"open", "input", "print"}


@pytest.mark.parametrize("module", MODULES)
def test_only_some_modules_look_at_a_clock(module: str) -> None:
    """Time is an input: what is published does not depend on when it is asked."""
    calls = [
        ast.unparse(node.func)
        for node in read(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and ast.unparse(node.func.value) in {"datetime", "date", "time", "datetime.datetime"}
    ]

    assert bool(calls) == (module in WATCHES), calls


def test_only_some_modules_know_datetimes() -> None:
    """Everything else has a `Moment`, whose order is that of time."""
    users = {module for module in MODULES if "datetime.datetime" in imported(module)}

    assert users == set(DATETIMES)


def test_only_some_modules_turn_clocks() -> None:
    """What another zone's clocks show is asked of a moment, never of the machine's own zone."""
    calls = {
        module
        for module in MODULES
        for node in read(module)
        if isinstance(node, ast.Attribute)
        and node.attr in {"astimezone", "fromtimestamp", "strptime", "combine", "fromutc"}
    }

    # The last two print times of day for the person at this machine, and of the file system.
    assert calls == {"model.moments", "parse.dates", "watch.rebuild", "deploy.target_state"}


@pytest.mark.parametrize("module", MODULES)
def test_the_environment_is_not_read(module: str) -> None:
    """No variable of the environment changes what comes out, or where."""
    text = MODULES[module].read_text("utf-8")

    assert ("os.environ" in text) == (module in ENVIRONMENT)
    assert "getenv" not in text


def test_no_thread_ends_unseen() -> None:
    """Threads are started in one place, which tells what they fail with."""
    started = {
        module
        for module in MODULES
        for node in read(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "Thread"
    }

    # The receiver's own threads catch what their jobs fail with, write it to the log and go on.
    assert started == {"work.threads", "receive.workers"}


def test_a_floor_is_a_package_with_a_row_in_the_docs() -> None:
    """Packages, the floors of the import contract, and the rows of the architecture agree."""
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    table = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    layers = table["tool"]["importlinter"]["contracts"][0]["layers"]
    floors = [name for layer in reversed(layers) for name in re.findall(r"\w+", layer)]
    page = (REPOSITORY / "docs/architecture.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)/` \|", page, re.MULTILINE)

    assert set(floors) == packages
    assert rows == floors


def test_modules_have_names_that_say_something() -> None:
    """There is no room for what has no room."""
    nothing = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "core", "base"}

    assert not {name.rpartition(".")[2] for name in MODULES} & nothing
