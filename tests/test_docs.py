"""The documentation says what is so: names, links, tables and examples are held to the code."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, get_type_hints

import pytest

from docs.css_variables import PRIVATE, PUBLIC, declared
from docs.generate import commands, filled, options
from sitegen.cache.trace import ABSENT, Answer, Tracker
from sitegen.config.front_matter_keys import KEYS
from sitegen.config.loading import from_table
from sitegen.config.settings import Config
from sitegen.index.links import _KINDS
from sitegen.model.answers import Period
from sitegen.model.documents import Article, Teaser, Term
from sitegen.parse.dialects import _PRESETS
from sitegen.plan.outputs import TEMPLATES_BY_KIND
from sitegen.render.data_functions import DataFunctions
from sitegen.render.direction_functions import DirectionFunctions
from sitegen.render.edition_functions import EditionFunctions
from sitegen.render.environment import Environment
from sitegen.render.metadata_functions import MetadataFunctions
from sitegen.render.response_functions import ResponseFunctions
from sitegen.render.settings import ATTRIBUTES
from sitegen.render.shortcode_functions import ShortcodeFunctions
from tests.sitefactory import build_site, make_site, pages

REPOSITORY = Path(__file__).parent.parent
DOCS = REPOSITORY / "docs"
README = REPOSITORY / "README.md"
PAGES = [README, REPOSITORY / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]
MOST_BYTES = 300_000
AT = datetime(2024, 12, 1, 12, tzinfo=UTC)
"""After the latest date in an example."""

SURROUNDINGS = {
    "static/map.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "articles/2024/11/flood.jpg": "a picture",
}
"""What the examples name besides each other."""

KEYS_TO_ALL = {"categories", "tags"}
"""Foreign keys that every dialect takes for what they say."""

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)

_FENCED = re.compile(r"^( *)(`{3,})([^\n`]*)\n(.*?)^\1\2 *$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LINK = re.compile(r"\]\(<?([^)\s>]+)>?\)")
_CODE = re.compile(r"`([^`\n]+)`")


class Block(NamedTuple):
    """A fenced block: its language, the file that it is an example of, its text."""

    language: str
    file: str
    text: str


def text_of(page: Path) -> str:
    """Return the text of a page."""
    return page.read_text("utf-8")


def blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page, without the indentation of a list around them."""
    for found in _FENCED.finditer(text_of(page)):
        language, _, file = found[3].strip().partition(" file=")
        yield Block(language, file, re.sub(rf"^{found[1]}", "", found[4], flags=re.MULTILINE))


def prose(page: Path) -> str:
    """Return the text of a page without fenced blocks."""
    return _FENCED.sub("", text_of(page))


def section(page: str, heading: str) -> str:
    """Return what stands below a heading of a page in docs/, up to the next one."""
    _, found, rest = prose(DOCS / page).partition(f"# {heading}\n")
    assert found, f"{page} has no heading {heading}"
    return re.split(r"^#", rest, maxsplit=1, flags=re.MULTILINE)[0]


def first_column(text: str) -> list[str]:
    """Return the code in the first column of the tables in a text."""
    rows = re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)
    return [code for row in rows for code in _CODE.findall(row)]


# Commands


@each_page
def test_generated_parts_are_as_the_code_says(page: Path) -> None:
    """What docs/generate.py fills in is what the code says now: else `make docs`."""
    assert text_of(page) == filled(text_of(page))


def test_every_command_and_option_is_documented() -> None:
    """commands.md has a section with the options of each command."""
    for name in commands():
        part = section("commands.md", f"`sitegen {name}`")
        assert f"<!-- begin options {name} -->" in part


def said_commands(page: Path) -> Iterator[list[str]]:
    """Yield the words of each use of sitegen in the code of a page."""
    shell = [block.text for block in blocks(page) if block.language in ("sh", "text", "console")]
    for line in (*"\n".join(shell).splitlines(), *_CODE.findall(prose(page))):
        for use in re.findall(r"(?:^|[$(; ])sitegen ([a-z]+(?: [^&|>;#]*)?)", line):
            if line.startswith(("sitegen ", "$ sitegen")) or "&& sitegen" in line or "(s" in line:
                yield shlex.split(use.split(")")[0])


@each_page
def test_every_command_and_option_that_is_named_exists(page: Path) -> None:
    """A page never names a command or an option that there is not."""
    known = commands()
    for command, *words in said_commands(page):
        assert command in known, f"sitegen {command}"
        names = {name for item in options(known[command]) for name in item.option_strings}
        for word in words:
            name = word.partition("=")[0]
            assert not word.startswith("--") or name in {*names, "--help"}, f"{command} {word}"


@each_page
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    """`make x` in a page is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", text_of(REPOSITORY / "Makefile"), re.MULTILINE))
    shell = [block.text for block in blocks(page) if block.language == "sh"]
    lines = (*"\n".join(shell).splitlines(), *_CODE.findall(prose(page)))
    named = {found[1] for line in lines if (found := re.match(r"make ([a-z]+)\b", line))}
    assert named <= targets


def test_the_pythons_that_were_tried_are_told() -> None:
    """The README names the versions that the package says it runs on."""
    project = tomllib.loads(text_of(REPOSITORY / "pyproject.toml"))["project"]
    told = [line.rpartition(" ")[2] for line in project["classifiers"] if " :: 3." in line]
    assert f"Python {', '.join(told[:-1])} and {told[-1]}." in text_of(README)
    assert project["requires-python"] == f">={told[0]}"


# Configuration


@each_page
def test_every_toml_example_is_a_configuration(page: Path) -> None:
    """An example in TOML is accepted as sitegen.toml, if it is not of another file."""
    for block in blocks(page):
        if block.language == "toml" and block.file in ("", "sitegen.toml"):
            from_table(tomllib.loads(block.text))


@each_page
def test_every_key_of_the_configuration_that_is_named_exists(page: Path) -> None:
    """`[table] key` in a page names a key that there is."""
    tables = get_type_hints(Config)
    for table, key in re.findall(r"`\[([a-z_]+)\] ([a-z_]+)", prose(page)):
        assert key in {item.name for item in fields(tables[table])}, f"[{table}] {key}"


# Front matter


def test_front_matter_is_documented() -> None:
    """writing.md has a row for each key of front matter, and no other."""
    assert sorted(first_column(section("writing.md", "Front matter"))) == sorted(KEYS)


def test_messages_are_ours() -> None:
    """The messages in writing.md are those that the code has."""
    source = "\n".join(text_of(path) for path in (REPOSITORY / "sitegen").rglob("*.py"))
    kinds = "|".join(sorted(_KINDS.values(), key=len, reverse=True))
    named = first_column(section("writing.md", "When something is wrong"))
    assert named
    for message in named:
        for piece in re.split(rf'"[^"]*"|/\S+/|…|---|0x\w+|\d+|\b(?:{kinds})\b', message):
            assert piece.strip(" :") in source, message


@pytest.mark.parametrize("dialect", _PRESETS)
def test_dialects_are_documented(dialect: str) -> None:
    """migrating.md names each key that a dialect knows."""
    text = section("migrating.md", "Dialects")
    (row,) = (line for line in text.splitlines() if line.startswith(f'| `"{dialect}"` |'))
    named = {code.partition(":")[0].casefold() for code in _CODE.findall(row)}
    pictures = {code.casefold() for code in _CODE.findall(text.partition("| `dialect` |")[0])}
    assert _PRESETS[dialect].keys() <= named | pictures | KEYS_TO_ALL


# Templates


def ask_nothing(_: tuple[str | int, ...]) -> Answer:
    """Answer nothing: the names of functions are known without a site."""
    return Answer(None, ABSENT)


def test_functions_are_documented() -> None:
    """templates.md has a row for each function of the template API, and no other."""
    tracker = Tracker(ask_nothing)
    questions = Environment(tracker, lambda _source: b"").questions
    known = {*questions.functions(), *MetadataFunctions(tracker, questions).functions()} - {"site"}
    shortcodes = ShortcodeFunctions(tracker, questions)
    known |= shortcodes.functions().keys()
    known |= ResponseFunctions(tracker.ask).functions().keys()
    known |= DirectionFunctions(tracker.ask).functions().keys()
    known |= DataFunctions(tracker, shortcodes).functions().keys()
    known |= EditionFunctions(tracker.ask, questions).functions().keys()
    named = [
        code.partition("(")[0]
        for heading in (
            "Articles",
            "Standalone pages",
            "Lists",
            "Sitemaps",
            "Data",
            "Feeds and corrections",
            "Heads",
            "What shortcodes name",
            "Links and words",
        )
        for code in first_column(section("templates.md", heading))
    ]
    assert sorted(named) == sorted(known)


_UNPRINTED = {"body", "references", "related", "shortcodes", "translation_of"}
"""The body is printed by `body()`, which resolves its references and shows its shortcodes."""


def test_settings_are_documented() -> None:
    """templates.md has a row for each attribute of `site`."""
    named = first_column(section("templates.md", "Settings"))
    assert sorted(named) == sorted(f"site.{name}" for name in ATTRIBUTES)


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("Teaser", Teaser._fields),
        ("Article", set(Article._fields) - _UNPRINTED),
    ],
)
def test_records_are_documented(heading: str, names: Iterable[str]) -> None:
    """templates.md has a row for each thing that a template can read of a record."""
    assert sorted(first_column(section("templates.md", heading))) == sorted(
        f".{name}" for name in names
    )


@pytest.mark.parametrize(
    ("heading", "names"),
    [("Term", Term._fields), ("Period", [item.name for item in fields(Period)])],
)
def test_small_records_are_documented(heading: str, names: Iterable[str]) -> None:
    """templates.md names each thing that a template can read of a small record."""
    assert _CODE.findall(section("templates.md", heading)) == [f".{name}" for name in names]


def test_kinds_of_pages_are_documented() -> None:
    """templates.md has each kind of page with its template."""
    text = section("templates.md", "Pages and their templates")
    rows = re.findall(r"^\| ([^|]+) \| `([^`]+)` \|", text, re.MULTILINE)
    named = {kind: file for kinds, file in rows for kind in _CODE.findall(kinds)}
    assert named == TEMPLATES_BY_KIND


# Style sheets


def test_every_css_variable_stays_or_is_private() -> None:
    """Whoever adds a variable to the theme says whether others may rely on it."""
    assert declared() == {*PUBLIC, *PRIVATE}
    assert PRIVATE.isdisjoint(PUBLIC)


# Architecture


def test_every_module_that_is_named_exists() -> None:
    """A module or package that architecture.md names by its path is there."""
    package = REPOSITORY / "sitegen"
    tops = {path.name for path in package.iterdir() if path.is_dir()}
    named = [code for code in _CODE.findall(text_of(DOCS / "architecture.md")) if "/" in code]
    paths = [code for code in named if code.partition("/")[0] in tops and "*" not in code]
    theme = {"templates", "static"}

    assert len(paths) > 50
    assert [code for code in paths if not (package / code).exists()] == []
    assert theme.isdisjoint(tops)


# Links and examples


def anchors(page: Path) -> set[str]:
    """Return the fragments of a page's headings, as GitHub makes them."""
    headings = _HEADING.findall(prose(page))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    """A link to a file of the repository, and to a heading in it, finds it."""
    for target in _LINK.findall(_CODE.sub("", prose(page))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        assert not fragment or fragment in anchors(file), target


def test_pictures_are_small_and_shown() -> None:
    """Each picture of the documentation is shown in a page, and below 300 kB."""
    shown = {
        (page.parent / target).resolve()
        for page in PAGES
        for target in _LINK.findall(prose(page))
        if target.endswith((".png", ".svg"))
    }
    pictures = set((DOCS / "images").iterdir())
    assert pictures == shown
    assert all(picture.stat().st_size <= MOST_BYTES for picture in pictures)


@each_page
def test_examples_build(page: Path, tmp_path: Path) -> None:
    """The examples of a page, as the files that they are, make a site without a warning."""
    files = {block.file: block.text for block in blocks(page) if block.file}
    site = make_site(tmp_path, files=SURROUNDINGS | files)

    report = build_site(site, at=AT)

    assert report.problems == ()
    articles = [name for name in files if name.startswith("articles/")]
    assert report.articles == len(articles)


def test_the_override_is_seen(tmp_path: Path) -> None:
    """What templates.md changes is different on the pages, and the theme stays around it."""
    files = {block.file: block.text for block in blocks(DOCS / "templates.md") if block.file}
    site = make_site(tmp_path, files=files)

    build_site(site, at=AT)

    made = pages(site)
    article = made["2024/11/06/anchor/index.html"]
    assert "<p>Printed when the tide allows</p>" in article
    assert "<p>Pictures: Ada Wren</p>" in article
    assert re.search(r'href="/css/front\.[0-9a-f]{8}\.css"', made["index.html"])
    assert "css/front." not in article
