"""What templates hold besides texts: nothing of it knows the clock, the zone or the memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import NoneType
from typing import Any

import pytest

from sitegen.model.documents import Article, StandalonePage, TermText, Thread
from sitegen.model.errors import Problem, SitegenError
from sitegen.model.frozen import FrozenMap
from sitegen.model.moments import Moment
from sitegen.queries import KINDS
from sitegen.queries.articles import LazyArticle, LazyThread
from sitegen.queries.comments import NewestComments
from sitegen.queries.pages import LazyPage
from sitegen.queries.term_texts import LazyText
from tests.queries.test_kinds import fresh_site
from tests.questions import questions_of
from tests.sitefactory import article, build_site, make_site, pages, write

HELD = frozenset({str, int, float, bool, NoneType, Moment, FrozenMap})
"""Plain values that templates may hold. None of them has a method whose result depends on more."""

LAZY = {
    LazyArticle: Article._fields,
    LazyPage: StandalonePage._fields,
    LazyText: TermText._fields,
    LazyThread: Thread._fields,
    NewestComments: (),
}
"""Values that are fetched when a template looks at them, with their attributes."""


def parts(value: Any) -> Iterator[Any]:
    """Yield a value and everything in it."""
    yield value
    if isinstance(value, Mapping):
        value = tuple(value.values())
    elif is_dataclass(value):
        value = tuple(getattr(value, item.name) for item in fields(value))
    elif type(value) in LAZY:
        value = tuple(getattr(value, name) for name in LAZY[type(value)])
    if isinstance(value, tuple):
        for item in value:
            yield from parts(item)


@pytest.mark.parametrize("name", sorted(kind.name for kind in KINDS.values() if kind.function))
def test_answers_are_made_of_values_without_surroundings(name: str) -> None:
    """Whatever a template gets consists of our own tuples, and of plain values without a clock."""
    site = fresh_site()
    found = {
        type(part)
        for question in questions_of(site, KINDS[name])
        for part in parts(KINDS[name].answer(site, *question[1:]).value)
    }
    ours = {kind for kind in found if kind.__module__.startswith("sitegen.")} - LAZY.keys()

    assert found - ours - HELD - LAZY.keys() - {tuple} == set()
    assert all(issubclass(kind, tuple) or is_dataclass(kind) for kind in ours - HELD)


def told(site: Path, text: str) -> Problem:
    """Return the problem of a front page with this template."""
    write(site, {"templates/front.html": text})
    with pytest.raises(SitegenError) as caught:
        build_site(site)
    return next(item for item in caught.value.problems if item.is_error)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site with an article."""
    config = "[extra]\nlaunch = 2024-11-04\nhour = 21:54:00\n"
    return make_site(tmp_path_factory.mktemp("site"), {"a.md": article()}, config=config)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("{{ edition().now() }}", 'a moment has no "now"', "there is no clock"),
        ("{{ edition().today() }}", 'a moment has no "today"', "there is no clock"),
        ("{{ edition().utcnow() }}", 'a moment has no "utcnow"', "there is no clock"),
        ("{{ edition().now }}", 'a moment has no "now"', "edition()"),
        ("{{ edition()['now'] }}", 'a moment has no "now"', "edition()"),
        ("{{ edition() | attr('today') }}", 'a moment has no "today"', "edition()"),
        ("{{ [edition()] | map(attribute='now') | first }}", 'a moment has no "now"', "edition()"),
        ("{{ edition().astimezone() }}", 'a moment has no "astimezone"', "`timezone`"),
        ("{{ edition().strftime('%c') }}", 'a moment has no "strftime"', "stamp()"),
        (
            "{{ edition().timestamp() }}",
            'a moment has no "timestamp"',
            "known parts: year, month, day",
        ),
        ("{{ iso(none) }}", '"moment" of iso() must be a moment, not nothing', "iso(moment)"),
        ("{{ stamp('2024-11-04') }}", "must be a moment, not a text", "stamp(moment)"),
        ("{{ rfc822(front()) }}", "must be a moment, not front()", "rfc822(moment)"),
        ("{{ long_date(site.extra.launch) }}", "must be a moment, not a text", "long_date("),
        ("{{ medium_date(nothing) }}", '"nothing" is not defined', "while rendering /"),
        ("{{ site.extra.launch.today() }}", 'a text has no "today"', "while rendering /"),
        ("{{ '{:%c}'.format(edition()) }}", 'do not fit the text "{:%c}"', "while rendering /"),
        ("{{ edition() < '2024' }}", "a moment and a text cannot be compared", "while rendering /"),
        ("{{ href }}", "href is a function, and was not called", "call it as href(url)"),
        ("{{ edition }}", "edition is a function, and was not called", "call it as edition()"),
        ("{{ site.title.upper }}", "upper is a function, and was not called", "upper()"),
        ("{{ [href] }}", "a list cannot be printed whole", "{% for … %}"),
        ("{{ {'a': href} }}", "a table cannot be printed whole", "one of its values"),
        ("{{ terms('category') | map(attribute='name') }}", "a list cannot be printed", "join"),
        ("{{ newest_comments() }}", "newest_comments() cannot be printed whole", "{% for … %}"),
        ("{{ site }}", "site cannot be printed whole", "print a part of it: .title"),
        ("{{ cycler('a', 'b') }}", "a cycler cannot be printed whole", ".next()"),
    ],
)
def test_what_depends_on_surroundings_is_refused(
    site: Path, text: str, message: str, hint: str
) -> None:
    """A clock, a zone, a place in memory: each is an error at the template's line, with a hint."""
    problem = told(site, f"\n{text}")

    assert message in problem.message
    assert problem.location is not None
    assert (problem.location.path, problem.location.line) == ("templates/front.html", 2)
    assert hint in (problem.hint or "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ edition() }}", "2024-11-04 21:54:00+00:00"),
        ("{{ edition().year }}-{{ edition().month }}-{{ edition().day }}", "2024-11-4"),
        ("{{ edition().hour }}:{{ edition().minute }}:{{ edition().second }}", "21:54:0"),
        ("{{ edition().now is defined }}", "False"),
        ("{{ edition().now | default('no clock') }}", "no clock"),
        ("{{ (edition() - edition()).days }}", "0"),
        ("{{ [edition(), edition()] | max == edition() }}", "True"),
        ("{{ site.extra.launch }} {{ site.extra.hour }}", "2024-11-04 21:54:00"),
        ("{{ site.extra.launch[:4] }}", "2024"),
    ],
)
def test_what_is_promised_of_values_is_printed(site: Path, text: str, shown: str) -> None:
    """The parts of a moment, the distance of two, and what the configuration says of dates."""
    write(site, {"templates/front.html": text})
    build_site(site)

    assert pages(site)["index.html"] == shown
