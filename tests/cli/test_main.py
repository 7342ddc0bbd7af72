"""The command line: exit codes, what goes where, and what is imported."""

import fcntl
import json
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen import __version__
from sitegen.cli.commands import build
from sitegen.cli.main import COMMANDS, main, parser
from sitegen.cli.reporting import BUG, INTERRUPTED, OK, PROBLEMS, USAGE
from sitegen.console.terminal import UNKNOWN
from tests.sitefactory import article, build_site, make_site, pages, times, tree

FLOOD = "2024/11/04/flood/index.html"


class Outcome:
    """How a command ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        """Take the exit code and what was printed."""
        self.code = code
        self.out = out
        self.err = err


Run = Callable[..., Outcome]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process."""

    def command(*arguments: str | Path) -> Outcome:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:  # argparse's way
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return Outcome(code, printed.out, printed.err)

    return command


def start(*arguments: str | Path, env: dict[str, str] | None = None) -> Outcome:
    """Run a command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "sitegen", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(env or {})},
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


# --- Usage


def test_the_exit_codes_are_the_contracts() -> None:
    """0 fine, 1 the site has problems, 2 wrong usage, 3 our bug."""
    assert (OK, PROBLEMS, USAGE, BUG) == (0, 1, 2, 3)


def test_version_and_help_are_data(run: Run) -> None:
    """What was asked for goes to stdout; nothing is said beside it."""
    version = run("--version")
    assert (version.code, version.out, version.err) == (OK, f"sitegen {__version__}\n", "")

    asked = run("--help")
    assert (asked.code, asked.err) == (OK, "")
    for command in ("build", "new", "init", "why", "verify"):
        assert f"\n    {command} " in asked.out


@pytest.mark.parametrize("command", ["build", "new", "init", "why", "verify", "next"])
def test_each_command_explains_itself(run: Run, command: str) -> None:
    """Every command has a help text of its own."""
    asked = run(command, "--help")

    assert (asked.code, asked.err) == (OK, "")
    assert f"usage: sitegen {command}" in asked.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--colour"],
        ["publish"],
        ["build", "--colour"],
        ["build", "extra"],
        ["build", "--jobs", "0"],
        ["build", "--jobs", "many"],
        ["build", "--at"],
        ["new"],
        ["why"],
        ["init"],
    ],
)
def test_wrong_usage_is_told_on_stderr(run: Run, arguments: list[str]) -> None:
    """An unknown command or option, or a missing value, is exit code 2."""
    outcome = run(*arguments)

    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "usage: sitegen" in outcome.err
    assert "sitegen: " in [line for line in outcome.err.splitlines() if "hint: " not in line][-1]
    assert "_positive" not in outcome.err


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        ("bild", "build"),
        ("Serve", "serve"),
        ("build --drafs", "--drafts"),
        ("build --jbos=2", "--jobs"),
        ("check --host netlfy", "netlify"),
        ("responses aprove", "approve"),
        ("--verson", "--version"),
    ],
)
def test_what_was_meant_is_named(run: Run, arguments: str, meant: str) -> None:
    """A command, option or word that is nearly right is told with the right one."""
    outcome = run(*arguments.split())

    assert (outcome.code, outcome.out) == (USAGE, "")
    assert outcome.err.splitlines()[-1] == f'hint: did you mean "{meant}"?'


def test_what_there_is_is_named(run: Run) -> None:
    """Where nothing is near, the known commands are listed."""
    assert f"hint: known commands: {', '.join(COMMANDS)}\n" in run("publish").err


EXAMPLES = [(name, example) for name, module in COMMANDS.items() for example in module.EXAMPLES]


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_examples_can_be_typed(run: Run, name: str, example: str) -> None:
    """The help of each command shows examples, and each is a command line that there is."""
    assert f"\n  {example}\n" in run(name, "--help").out
    uses = re.findall(r"""sitegen ((?:"[^"]*"|'[^']*'|[^"'&|>)])+)""", example)
    assert uses
    for use in uses:
        assert parser().parse_args(shlex.split(use)).command in COMMANDS


def test_no_command_at_all_shows_the_help(run: Run) -> None:
    """Somebody who types `sitegen` alone sees what there is; it is wrong usage for a script."""
    outcome = run()

    assert outcome.code == USAGE
    assert "usage: sitegen" in outcome.out


def test_no_site_is_wrong_usage(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside a site, or with a folder that is not there, nothing is built."""
    monkeypatch.chdir(tmp_path)
    outside = run("build")
    assert (outside.code, outside.out) == (USAGE, "")
    assert "no sitegen.toml in this folder" in outside.err

    gone = run("build", "--site", tmp_path / "gone")
    assert gone.code == USAGE
    assert "does not exist" in gone.err
    assert tree(tmp_path) == {}

    (tmp_path / "articles").mkdir()
    bare = run("build", "--site", tmp_path)
    assert (bare.code, bare.out) == (USAGE, "")
    assert "there is no sitegen.toml in" in bare.err
    assert "hint: write one, an empty file is enough" in bare.err
    assert [path.name for path in tmp_path.iterdir()] == ["articles"]


def test_a_command_works_in_every_folder_of_a_site(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site is the nearest folder above that has a configuration."""
    site = make_site(tmp_path, {"2024/flood.md": article()})
    monkeypatch.chdir(site / "articles" / "2024")

    assert run("build").code == OK
    assert FLOOD in pages(site)


# --- Imports


def modules_after(*arguments: str) -> set[str]:
    """Return the modules that a command has imported when it ends."""
    code = f"""
import sys
from sitegen.cli.main import COMMANDS, main, parser
try:
    main({list(arguments)!r})
except SystemExit:
    pass
print("\\n".join(sys.modules), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["build", "--help"]])
def test_help_imports_next_to_nothing(arguments: list[str]) -> None:
    """`--help` is instant because nothing slow is imported for it."""
    loaded = modules_after(*arguments)

    assert "argparse" in loaded
    slow = {"jinja2", "markdown", "babel", "pygments", "yaml", "frontmatter", "nh3", "sqlite3"}
    slow |= {"starlette", "uvicorn", "watchdog", "tqdm", "asyncio", "multiprocessing", "zoneinfo"}
    slow |= {"msgspec"}
    assert not loaded & slow
    ours = {name for name in loaded if name.startswith("sitegen.")}
    assert {name for name in ours if not name.startswith("sitegen.cli")} == {
        "sitegen.check",
        "sitegen.check.limits",  # the names of the hosts that --host may name
        "sitegen.model",
        "sitegen.model.errors",
    }


def test_a_build_with_nothing_to_do_imports_no_engines(tmp_path: Path) -> None:
    """Where nothing changed, neither Markdown nor Jinja2 nor Babel is loaded."""
    site = make_site(tmp_path, {"flood.md": article()})
    build_site(site)

    again = ["build", "--site", str(site), "--at", "2024-11-05T12:00"]
    loaded = modules_after(*again)
    assert "sitegen.flow.build" in loaded
    assert not loaded & {"jinja2", "markdown", "babel", "pygments", "nh3"}


# --- Building


def test_messages_go_to_stderr_and_data_to_stdout(run: Run, tmp_path: Path) -> None:
    """With `--json` stdout is JSON whatever there is to say; without, stdout is empty."""
    site = make_site(tmp_path, {"flood.md": article(body="[x](gone.md)")})

    plain = run("build", "--site", site)
    assert (plain.code, plain.out) == (OK, "")
    assert 'articles/flood.md:6: warning: the link "gone.md" leads nowhere' in plain.err
    assert f"Output: {site / 'output'}" in plain.err

    data = run("build", "--site", site, "--json")
    assert data.code == OK
    assert "leads nowhere" in data.err
    report = json.loads(data.out)
    assert report["articles"] == 1
    assert report["written"] == 0
    assert report["warnings"] == 1


TOKYO = 'timezone = "Asia/Tokyo"\n'


@pytest.mark.parametrize(
    ("at", "there"),
    [
        ("2024-11-04T21:53", False),
        ("2024-11-04T21:54", True),
        ("2024-11-04 21:54:00", True),
        ("2024-11-04", False),
        ("2024-11-05", True),
        ("2024-11-04T12:53:59Z", False),
        ("2024-11-04T12:54Z", True),
        ("2024-11-04T13:54+01:00", True),
        ("2024-11-04T21:54+00:00", True),
    ],
)
def test_a_time_is_in_the_sites_zone_unless_it_has_one(
    run: Run, tmp_path: Path, at: str, *, there: bool
) -> None:
    """`--at` without a zone is the newsroom's time; with one it is that moment."""
    site = make_site(tmp_path, {"flood.md": article(date="2024-11-04 21:54")}, config=TOKYO)

    assert run("build", "--site", site, "--at", at).code == OK
    assert (FLOOD in pages(site)) == there


@pytest.mark.parametrize("at", ["tomorrow", "2024-13-01", "2024-11-04T25:00", ""])
def test_a_time_that_is_none_is_wrong_usage(run: Run, tmp_path: Path, at: str) -> None:
    """A text that is no time says how to write one, and builds nothing."""
    site = make_site(tmp_path, {"flood.md": article()})
    outcome = run("build", "--site", site, "--at", at)

    assert (outcome.code, outcome.out) == (USAGE, "")
    assert f'--at: "{at}" is not a time' in outcome.err
    assert "hint: write it as 2024-11-04T21:54" in outcome.err
    assert not (site / "output").exists()


def test_drafts_can_be_looked_at(run: Run, tmp_path: Path) -> None:
    """`--drafts` shows drafts and scheduled articles; the next build hides them again."""
    site = make_site(
        tmp_path, {"flood.md": article(draft=True), "storm.md": article(date="2999-01-01")}
    )
    assert run("build", "--site", site, "--drafts").code == OK
    assert {FLOOD, "2999/01/01/storm/index.html"} <= pages(site).keys()

    assert run("build", "--site", site).code == OK
    assert not {FLOOD, "2999/01/01/storm/index.html"} & pages(site).keys()


def test_output_and_base_url_can_be_named(run: Run, tmp_path: Path) -> None:
    """`--output` and `--base-url` go before the configuration."""
    site = make_site(tmp_path / "site", {"flood.md": article()})
    there = tmp_path / "elsewhere"
    outcome = run(
        "build", "--site", site, "--output", there, "--base-url", "https://example.org/news"
    )

    assert outcome.code == OK
    assert not (site / "output").exists()
    assert 'href="/news/' in (there / "index.html").read_text("utf-8")
    wrong = run("build", "--site", site, "--base-url", "example.org")
    assert wrong.code == USAGE
    assert "is not a web address" in wrong.err


def test_an_output_folder_of_somebody_else_is_left_alone(run: Run, tmp_path: Path) -> None:
    """A folder that is not empty and not ours is refused, whatever the options say."""
    site = make_site(tmp_path, {"flood.md": article()}, files={"output/thesis.txt": "years"})
    outcome = run("build", "--site", site, "--clean")

    assert outcome.code == USAGE
    assert "not made by sitegen" in outcome.err
    assert tree(site / "output") == {"thesis.txt": b"years"}


def break_everything(site: Path) -> None:
    """Give a site problems of every kind."""
    make_site(
        site,
        {
            "a.md": "---\ntitle: [\n---\n",
            "b.md": article(date="2024-13-01", pin="maybe"),
            "c.md": article(slug="flood"),
            "d.md": article("D", "[x](gone.md)"),
        },
        templates={"search.html": "{{ nonsense }}", "404.html": "{% if %}"},
    )


def test_all_problems_of_a_run_are_told_together(run: Run, tmp_path: Path) -> None:
    """Broken heads, collisions, templates and links of one run come in one run, in order."""
    site = make_site(tmp_path, {"flood.md": article()})
    break_everything(site)
    outcome = run("build", "--site", site)

    assert (outcome.code, outcome.out) == (PROBLEMS, "")
    told = [
        line for line in outcome.err.splitlines() if line.startswith(("articles/", "templates/"))
    ]
    assert [line.partition(":")[0] for line in told] == [
        "articles/a.md",
        "articles/b.md",
        "articles/b.md",
        "articles/d.md",
        "articles/flood.md",
        "templates/404.html",
        "templates/search.html",
    ]
    assert "/2024/11/04/flood/ is wanted by articles/flood.md and by articles/c.md" in told[4]
    assert outcome.err.splitlines()[-1] == "6 errors"
    assert "\n> 3 | date" in outcome.err
    assert "Traceback" not in outcome.err


def test_a_broken_site_leaves_the_output_untouched(run: Run, tmp_path: Path) -> None:
    """While a site has problems its last good output stays, file by file, to the time stamp."""
    site = make_site(tmp_path, {"flood.md": article()})
    assert run("build", "--site", site).code == OK
    before, written = tree(site / "output"), times(site / "output")

    break_everything(site)
    assert run("build", "--site", site).code == PROBLEMS
    assert (tree(site / "output"), times(site / "output")) == (before, written)

    make_site(site, config="title = 5\n")
    outcome = run("build", "--site", site)
    assert outcome.code == PROBLEMS
    assert 'sitegen.toml:1:1: "title" must be text in quotes, not 5' in outcome.err
    assert outcome.err.splitlines()[-1] == "1 error"
    assert (tree(site / "output"), times(site / "output")) == (before, written)


def test_a_failed_build_says_how_to_go_on(run: Run, tmp_path: Path) -> None:
    """It names `--keep-going`, where that would publish more."""
    site = make_site(tmp_path, {"flood.md": article(), "bad.md": "---\ntitle: [\n---\n"})
    failed = run("build", "--site", site)

    assert failed.code == PROBLEMS
    assert failed.err.splitlines()[-2:] == [
        "nothing was published; `--keep-going` publishes what can be built",
        "1 error",
    ]
    assert "--keep-going" not in run("build", "--site", site, "--keep-going").err
    make_site(site, config="title = 5\n")
    assert "--keep-going" not in run("build", "--site", site).err


def test_a_failed_build_reports_as_json(run: Run, tmp_path: Path) -> None:
    """The report has the keys of every report, and says that nothing was published."""
    articles = {"flood.md": article(body="[x](gone.md)"), "bad.md": article(date="never")}
    site = make_site(tmp_path, {"flood.md": article()})
    good = json.loads(run("build", "--site", site, "--json").out)
    assert good["published"] is True
    make_site(site, articles)
    failed = run("build", "--site", site, "--json")

    assert failed.code == PROBLEMS
    report = json.loads(failed.out)
    assert report.keys() == good.keys()
    assert report["published"] is False
    assert (report["found"], report["articles"], report["not_shown"]["wrong"]) == (2, 1, 1)
    assert (report["written"], report["changed"], report["unchanged"]) == (0, [], 0)
    assert (report["errors"], report["warnings"]) == (1, 1)
    assert report["problems"][0] == {
        "severity": "error",
        "path": "articles/bad.md",
        "line": 3,
        "column": 7,
        "message": '"date": "never" cannot be read as a date',
        "hint": report["problems"][0]["hint"],
    }
    assert report["seconds"] > 0

    make_site(site, config="title = 5\n")
    unread = json.loads(run("build", "--site", site, "--json", "--at", "2024-12-01").out)
    assert unread.keys() == good.keys()
    assert {key for key, value in unread.items() if value is None} == set(UNKNOWN)
    assert (unread["published"], unread["errors"], len(unread["problems"])) == (False, 1, 1)


def test_a_quiet_command_tells_problems_only(run: Run, tmp_path: Path) -> None:
    """With `-q` there is no report; what is wrong is told as ever, and data is printed."""
    site = make_site(tmp_path, {"flood.md": article(summary="Wet.", category="Town")})
    for command in ("build", "verify", "check"):
        outcome = run(command, "-q", "--site", site)
        assert (outcome.code, outcome.out, outcome.err) == (OK, "", "")
    assert json.loads(run("build", "-q", "--json", "--site", site).out)["articles"] == 1

    make_site(site, {"flood.md": article(body="[x](gone.md)", date="never")})
    failed = run("build", "-q", "--site", site).err.splitlines()
    assert failed[0] == 'articles/flood.md:3:7: "date": "never" cannot be read as a date'
    assert failed[-1] == "1 error"
    assert run("build", "-q", "-v", "--site", site).code == USAGE


def test_a_verbose_build_tells_each_file(run: Run, tmp_path: Path) -> None:
    """With `-v` each file stands in a line: rendered and why, copied, removed."""
    site = make_site(tmp_path, {"flood.md": article()}, static={"map.txt": "here"})
    first = run("build", "-v", "--site", site).err.splitlines()
    assert f"rendered {FLOOD}: it is new" in first
    assert "written map.txt" in first

    (site / "articles" / "flood.md").unlink()
    (site / "static" / "map.txt").write_text("there")
    second = run("build", "-v", "--site", site).err.splitlines()
    assert f"removed {FLOOD}" in second
    assert "written map.txt" in second
    assert any(line.startswith("rendered index.html: ") for line in second)
    third = run("build", "-v", "--site", site).err
    assert not re.search("^(rendered|written|removed) ", third, re.MULTILINE)


def test_what_can_be_made_is_published_when_asked_for(run: Run, tmp_path: Path) -> None:
    """With `--keep-going` one broken article does not hold back the others; it is still told."""
    site = make_site(tmp_path, {"flood.md": article(), "bad.md": "---\ntitle: [\n---\n"})
    outcome = run("build", "--site", site, "--keep-going")

    assert outcome.code == PROBLEMS
    assert "articles/bad.md:" in outcome.err
    assert outcome.err.splitlines()[-1] == "1 error"
    assert FLOOD in pages(site)


def test_many_problems_of_one_kind_are_summed_up(run: Run, tmp_path: Path) -> None:
    """A hundred broken links do not fill the screen, nor do a hundred errors, unless asked for."""
    body = "\n\n".join(f"[x](gone-{number}.md)" for number in range(100))
    wrong = {f"{number}.md": article(date=f"never {number}") for number in range(40)}
    site = make_site(tmp_path, {"flood.md": article(body=body)})
    outcome = run("build", "--site", site)

    assert outcome.code == OK
    assert outcome.err.count("leads nowhere") == 3
    assert "warning: 97 more like this" in outcome.err
    make_site(site, wrong)
    failed = run("build", "--site", site)
    assert failed.code == PROBLEMS
    assert failed.err.count("articles/") == 6
    assert "\n37 more like this" in failed.err
    assert failed.err.splitlines()[-1] == "40 errors"
    each = run("build", "--site", site, "--all-problems")
    assert each.err.count("leads nowhere") == 100
    assert each.err.count("articles/") == 140
    assert "more like this" not in each.err


def test_new_and_init_print_what_they_made(run: Run, tmp_path: Path) -> None:
    """The paths of new files are data: a script or an editor can take them."""
    site = tmp_path / "paper"
    begun = run("init", site)
    assert begun.code == OK
    assert str(site / "sitegen.toml") in begun.out.splitlines()
    assert all(Path(line).is_file() for line in begun.out.splitlines())
    assert "sitegen build" in begun.err

    made = run("new", "--site", site, "The river rose", "--author", "Ann", "--author", "Bob")
    assert (made.code, made.err) == (OK, "")
    text = Path(made.out.strip()).read_text("utf-8")
    assert 'authors: ["Ann", "Bob"]' in text
    assert run("build", "--site", site).code == OK

    again = run("init", site)
    assert (again.code, again.out) == (USAGE, "")
    wrong = run("new", "--site", site, "River", "--category", "Nwes")
    assert (wrong.code, wrong.out) == (USAGE, "")
    assert 'did you mean "News"?' in wrong.err


def test_a_page_is_explained_and_an_output_proved(run: Run, tmp_path: Path) -> None:
    """`why` and `verify` give their findings as data, and `verify` a code for scripts."""
    site = make_site(tmp_path, {"flood.md": article()})
    assert run("build", "--site", site).code == OK
    why = run("why", "--site", site, "/2024/11/04/flood/")
    assert (why.code, why.err) == (OK, "")
    assert "rendered because it is new" in why.out
    assert json.loads(run("why", "--site", site, "/", "--json").out)["path"] == "index.html"
    unknown = run("why", "--site", site, "/nowhere/")
    assert (unknown.code, unknown.out) == (PROBLEMS, "")

    proved = run("verify", "--site", site)
    files = len(tree(site / "output")) - 1
    assert (proved.code, proved.out) == (OK, "")
    assert proved.err == f"identical to a clean build: {files} files\n"
    (site / "output" / FLOOD).write_text("mine")
    damaged = run("verify", "--site", site)
    assert damaged.code == PROBLEMS
    assert damaged.out.startswith(f"{FLOOD}: different\n    asked ")
    assert damaged.err == f"identical to a clean build: {files - 1} files\n"


def test_what_happens_next_is_listed(run: Run, tmp_path: Path) -> None:
    """Beside the time `next` says what happens to which article; as JSON, too."""
    articles = {
        "flood.md": article(date="2999-01-01 08:00"),
        "old.md": article("Storm", expires="2999-01-01 08:00"),
        "later.md": article("Tide", date="2999-01-02 08:00"),
        "draft.md": article("Rain", date="2999-01-01 07:00", draft=True),
    }
    site = make_site(tmp_path, articles, config=TOKYO)
    text = run("next", "--site", site)
    assert text.out == "2999-01-01T08:00:00+09:00\n"
    assert text.err.splitlines() == [
        'articles/flood.md: "Flood" appears',
        'articles/old.md: "Storm" expires',
    ]
    data = run("next", "--site", site, "--json")
    assert data.err == ""
    found = json.loads(data.out)
    assert found["next_change"] == "2999-01-01T08:00:00+09:00"
    assert [(item["change"], item["title"]) for item in found["next_changes"]] == [
        ("appears", "Flood"),
        ("expires", "Storm"),
    ]
    nothing = run("next", "--site", site, "--json", "--at", "3000-01-01")
    assert json.loads(nothing.out) == {"next_change": None, "next_changes": []}


def test_the_next_change_is_printed_as_a_time(run: Run, tmp_path: Path) -> None:
    """`next` prints one time for cron to wait for, or nothing."""
    articles = {"flood.md": article(date="2999-01-01 08:00"), "old.md": article()}
    site = make_site(tmp_path, articles, config=TOKYO)

    assert run("next", "--site", site).out == "2999-01-01T08:00:00+09:00\n"
    assert run("next", "--site", site, "--at", "2999-01-01T08:00").out == ""
    assert run("next", "--site", site, "--at", "2024-01-01").out == "2024-11-04T21:54:00+09:00\n"
    assert not (site / "output").exists()


# --- What goes wrong on our side


def test_a_bug_of_ours_shows_its_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception that is not a problem of the site ends with code 3 and what is to report."""

    def failing(_options: object) -> int:
        message = "the press broke"
        raise RuntimeError(message)

    monkeypatch.setattr(build, "run", failing)
    outcome = run("build")

    assert (outcome.code, outcome.out) == (BUG, "")
    assert "Traceback" in outcome.err
    assert "RuntimeError: the press broke" in outcome.err
    assert f"This is a bug in sitegen {__version__}" in outcome.err


def test_an_interruption_is_no_bug(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends with the shell's code and without a traceback."""

    def interrupted(_options: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(build, "run", interrupted)
    outcome = run("build")

    assert outcome.code == INTERRUPTED
    assert outcome.err == "interrupted; the site was not changed\n"


def test_a_reader_that_goes_away_is_no_bug(tmp_path: Path) -> None:
    """`sitegen build --json | head` ends quietly, and the site is built."""
    site = make_site(tmp_path, {"flood.md": article()})
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "sitegen", "build", "--json", "--site", str(site)]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)

    assert done.returncode == PROBLEMS
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr
    assert FLOOD in pages(site)


def test_a_terminal_without_unicode_ends_no_build(tmp_path: Path) -> None:
    """Messages that a terminal cannot show lose letters, not the build."""
    site = make_site(tmp_path, {"高潮.md": article("高潮", "[x](無い.md)")})
    outcome = start("build", "--site", site, env={"PYTHONIOENCODING": "ascii"})

    assert outcome.code == OK
    assert "leads nowhere" in outcome.err


# --- Terminals


def on_terminal(*arguments: str | Path, **env: str) -> str:
    """Run a command whose stderr is a terminal, and return what it shows."""
    main_end, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "sitegen", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=terminal,
        env={**os.environ, **env},
    )
    os.close(terminal)
    shown = b""
    while True:
        try:
            block = os.read(main_end, 65536)
        except OSError:  # Linux's way to say that the other end is closed
            break
        if not block:
            break
        shown += block
    os.close(main_end)
    assert process.wait() == OK
    return shown.decode()


def test_progress_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    """A long build has a bar on a terminal, none in a file, and never a colour."""
    site = make_site(tmp_path, {f"n{number}.md": article() for number in range(60)})

    shown = on_terminal("build", "--site", site, NO_COLOR="1", TERM="xterm-256color")
    assert "parse:" in shown
    assert "render:" in shown
    assert "\x1b[3" not in shown
    assert "\x1b[0m" not in shown
    assert "60 articles" in shown

    piped = start("build", "--clean", "--site", site)
    assert piped.code == OK
    assert "parse:" not in piped.err
    assert "\r" not in piped.err
    assert "\x1b" not in piped.err
