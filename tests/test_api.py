"""What is public in Python: six names, as docs/api.md says, and `python -m sitegen`."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Literal, assert_type

import pytest

import sitegen
from sitegen import Options, Problem, Report, SitegenError, build
from sitegen.cli.reporting import OK, PROBLEMS, USAGE
from tests.sitefactory import article, make_site
from tests.test_docs import DOCS, blocks, first_column, section

AT = datetime(2024, 11, 5, 12, tzinfo=UTC)

PRIVATE = {
    "Options": {"start_method", "index_later"},
    "Report": {
        "counts",
        "standalone",
        "unshown_keys",
        "index_failed",
        "frames",
        "index_pending",
        "is_published",
        "next_changes",
        "sources",
    },
    "Problem": set[str](),
}
"""What `sitegen` itself uses, and may change with any version."""


def said_by(code: str, *, cwd: Path | None = None) -> str:
    """Run Python code in a process of its own, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=cwd
    )
    return done.stdout


# --- The names


def test_six_names_are_public() -> None:
    """Whoever makes another name public writes it into this test and into docs/api.md."""
    public = ["Options", "Problem", "Report", "SitegenError", "__version__", "build"]

    assert sorted(sitegen.__all__) == dir(sitegen) == public
    assert sorted(first_column(section("api.md", "What is public"))) == public
    assert said_by("from sitegen import *; print(sorted(n for n in dir() if n[:2] != '__'))") == (
        f"{[name for name in public if name != '__version__']}\n"
    )


def test_public_names_are_those_of_the_modules() -> None:
    """A name is the same object wherever it is imported from, and stays what it is."""
    assert sitegen.build is import_module("sitegen.flow.build").build
    assert sitegen.Options is import_module("sitegen.flow.options").Options
    assert sitegen.Report is import_module("sitegen.flow.options").Report
    assert sitegen.Problem is import_module("sitegen.model.errors").Problem
    assert sitegen.SitegenError is import_module("sitegen.model.errors").SitegenError
    assert vars(sitegen)["build"] is sitegen.build


def test_what_is_not_public_is_not_there() -> None:
    """Another name is an `AttributeError`, and for a type checker, too."""
    with pytest.raises(AttributeError, match="module 'sitegen' has no attribute 'Session'"):
        sitegen.Session  # type: ignore[attr-defined]  # noqa: B018 - fails in mypy if it is known


def test_no_module_hides_a_public_name() -> None:
    """There is no `sitegen.build` beside the function: importing modules changes no name."""
    modules = {path.stem for path in Path(sitegen.__file__).parent.iterdir()}

    assert not modules & set(sitegen.__all__)


def test_importing_sitegen_imports_nothing_else() -> None:
    """What is public is loaded when it is named: a command's help and a worker need none of it."""
    code = (
        "import sys; known = set(sys.modules); import sitegen; {}; print(*set(sys.modules) - known)"
    )
    loaded = said_by(code.format("dir(sitegen), sitegen.__version__")).split()
    assert [name for name in loaded if name.split(".")[0] == "sitegen"] == ["sitegen"]
    assert not {"pathlib", "asyncio", "sqlite3", "jinja2", "markdown", "watchdog"} & set(loaded)

    loaded = said_by(code.format("sitegen.SitegenError")).split()
    assert "sitegen.model.errors" in loaded
    assert "sitegen.flow.build" not in loaded


# --- Their types


def test_the_names_have_types(tmp_path: Path) -> None:
    """A type checker knows what is asked for and what comes back; `make lint` holds this."""
    site = make_site(tmp_path, {"flood.md": article(body="[x](gone.md)")})
    options = Options(at=AT, drafts=True, output=tmp_path / "made", jobs=1)
    stages: list[tuple[str, int, int]] = []

    def progress(stage: str, done: int, total: int) -> None:
        stages.append((stage, done, total))

    report = build(site, options, progress=progress)
    (problem,) = report.problems
    error = SitegenError(problem)

    assert_type(sitegen.__version__, str)
    assert_type(options.at, datetime | None)
    assert_type(options.output, Path | None)
    assert_type(report, Report)
    assert_type(report.articles, int)
    assert_type(report.rendered, dict[str, str])
    assert_type(report.written, tuple[str, ...])
    assert_type(report.next_change, datetime | None)
    assert_type(report.problems, tuple[Problem, ...])
    assert_type(problem.hint, str | None)
    assert_type(problem.severity, Literal["error", "warning"])
    assert_type(error.problems, tuple[Problem, ...])
    assert report.articles == 1
    assert str(problem.location) == "articles/flood.md:6"
    assert ("render", report.pages, report.pages) in stages


# --- What docs/api.md says of them


@pytest.mark.parametrize("kind", [Options, Report, Problem], ids=lambda kind: kind.__name__)
def test_attributes_are_documented(kind: type[Options | Report | Problem]) -> None:
    """api.md has a row with the type for each attribute; what has none is private."""
    properties = inspect.getmembers(kind, lambda member: isinstance(member, property))
    types = {item.name: str(item.type) for item in fields(kind)}
    types |= {
        name: str(inspect.signature(item.fget).return_annotation) for name, item in properties
    }
    text = section("api.md", kind.__name__)
    rows = {
        name: " | ".join(re.findall(r"`([^`]+)`", said))
        for name, said in re.findall(r"^\| `(\w+)` \| ([^|]+) \|", text, re.MULTILINE)
    }

    assert sorted(rows) == sorted(types.keys() - PRIVATE[kind.__name__])
    if kind is not Problem:  # has types of ours, which the page describes
        assert rows == {name: types[name] for name in rows}


def test_the_signature_is_documented() -> None:
    """What api.md passes to `build` may be passed so; whatever more there is may be left out."""
    (text,) = (block.text for block in blocks(DOCS / "api.md") if block.language == "text")
    parameters = inspect.signature(build).parameters
    said = re.findall(r"(\w+)(?::|=)", text)

    assert said == ["site", "options", "progress"]
    assert list(parameters)[:2] == said[:2]
    assert all(
        item.kind is item.KEYWORD_ONLY and item.default is not item.empty
        for item in list(parameters.values())[2:]
    )
    assert said[2] in parameters


@pytest.fixture
def example(tmp_path: Path) -> Callable[[], tuple[int, str]]:
    """The program of docs/api.md, beside a site that is called `paper` as in there."""
    (text,) = (block.text for block in blocks(DOCS / "api.md") if block.language == "python")
    (tmp_path / "preview.py").write_text(text)

    def run() -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "preview.py"],
            check=False,
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_the_example_builds_a_preview(
    tmp_path: Path, example: Callable[[], tuple[int, str]]
) -> None:
    """The program in api.md does what it says: drafts in the output, warnings on the terminal."""
    make_site(tmp_path / "paper", {"flood.md": article("Flood", "[x](gone.md)", draft=True)})
    code, said = example()

    assert code == 0, said
    assert said.startswith("1 articles, ")
    assert 'warning: the link "gone.md" leads nowhere' in said
    assert "Flood" in (tmp_path / "preview/index.html").read_text("utf-8")


def test_the_example_tells_what_is_wrong(
    tmp_path: Path, example: Callable[[], tuple[int, str]]
) -> None:
    """With an error the program in api.md says where and why, and how to mend it."""
    site = make_site(tmp_path / "paper", {"flood.md": article()}, config='categories = ["World"]')
    (site / "articles/flood.md").write_text(article(category="Wrold"))

    assert example() == (
        1,
        'articles/flood.md:4:11\n  unknown category "Wrold"\n  did you mean "World"?\n',
    )
    assert not (tmp_path / "preview").exists()


# --- The program


def run_module(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `python -m sitegen` and return how it ended."""
    words = (sys.executable, "-m", "sitegen", *arguments)
    return subprocess.run(words, check=False, capture_output=True, text=True)


def test_the_package_can_be_run(tmp_path: Path) -> None:
    """`python -m sitegen` is the command: its name in the usage, its output, its exit codes."""
    version = run_module("--version")
    assert (version.returncode, version.stdout) == (OK, f"sitegen {sitegen.__version__}\n")

    wrong = run_module("publish")
    assert (wrong.returncode, wrong.stdout) == (USAGE, "")
    assert wrong.stderr.startswith("usage: sitegen [-h]")

    site = make_site(tmp_path, {"flood.md": "---\ntitle: [\n---\n"})
    assert run_module("build", "--site", site).returncode == PROBLEMS
    (site / "articles/flood.md").write_text(article())
    assert run_module("build", "--site", site, "--jobs", "2").returncode == OK


def test_importing_the_program_runs_nothing() -> None:
    """A process that a build starts may read the program again: it must not build again."""
    assert said_by("import sitegen.__main__") == ""
    assert said_by("import runpy; runpy.run_module('sitegen', run_name='__mp_main__')") == ""
