"""What an editor is told when a template is wrong: in plain words, at the place, with a way out."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sitegen.config.loading import from_table
from sitegen.index.site import Site
from sitegen.model.documents import Source
from sitegen.model.errors import Problem
from sitegen.model.moments import Moment
from sitegen.plan.outputs import Output
from sitegen.queries import KINDS, answer, tracker
from sitegen.render.environment import Environment
from sitegen.render.failures import describe_failure
from sitegen.render.filters import FILTERS
from sitegen.render.nouns import Noun, is_function, noun
from sitegen.render.printing import UnprintableError, text_of
from sitegen.scan.sources import content_digest
from tests.conftest import Pretend
from tests.entries import NOON, daily, entry, site_of
from tests.questions import every_question

PATH = "templates/page.html"

OF_PYTHON = re.compile(
    r"\bobject\b|0x[0-9a-f]{4}|\bsitegen\.[a-z]|<class|<function|<bound|<built-in|\bNoneType\b|\bNone\b"
    r"|\b(?:str|int|float|bool|tuple|dict|bytes|datetime|FrozenMap|Markup|Teaser|Term|Article)\b"
    r"|\b[A-Z]\w*(?:Error|Exception|Page|Listing|Thread|Undefined)\b|\b__\w+__\b"
)
"""Words of Python's, and of our own code, that no editor should read."""


def small_site() -> Site:
    """Return a site that has something of everything."""
    articles = [
        *daily(5, tags=["river", "tide"], authors=["Ann"]),
        entry("first", date=NOON, related=("n000.md",), translation_of="n001.md", lang="de"),
        entry("corrected", corrected=(NOON,)),
    ]
    files = ("articles/map.png", "static/css/a.css", "static/logo.svg", "templates/a.html")
    table = {"base_url": "https://example.org/", "extra": {"motto": "Tides", "deep": {"er": 1}}}
    return site_of(articles, files, config=from_table(table))


SITE = small_site()


class TriedTemplate:
    """A template that is tried out on the site."""

    def __init__(
        self, text: str, others: Mapping[str, str] | None = None, site: Site = SITE
    ) -> None:
        self.texts = {PATH: text, **{f"templates/{key}": it for key, it in (others or {}).items()}}
        names = {path.removeprefix("templates/"): path for path in self.texts}
        sources = {
            name: Source(path, content_digest(self.texts[path].encode()), 0)
            for name, path in names.items()
        }
        site = replace(site, templates=sources)
        self.environment = Environment(
            tracker(site), lambda source: self.texts[source.path].encode(), names
        )

    def render(self) -> str | Problem:
        """Return the text of the page, or what an editor is told."""
        page = Output("a/index.html", "/a/", "article", "page.html", article="articles/n000.md")
        try:
            return self.environment.get_template("page.html").render(page=page)
        except Exception as error:  # noqa: BLE001 - whatever it is, an editor is told
            problem = describe_failure(error, "/a/", self.environment)
            assert problem, "told as a bug of ours"
            return problem


def told(text: str, others: Mapping[str, str] | None = None) -> Problem:
    """Return what an editor is told of a template."""
    problem = TriedTemplate(text, others).render()
    assert isinstance(problem, Problem), f"it is no mistake: {problem!r}"
    return problem


MISTAKES = [
    # What is printed
    ("{{ front }}", 4, "front is a function, and was not called", "call it as front()"),
    ("{{ listing }}", 4, "listing is a function", "call it as listing(taxonomy, slug, number)"),
    ("{{ href }}", 4, "href is a function, and was not called", "call it as href(url)"),
    ("{{ 'a'.upper }}", 8, "upper is a function, and was not called", "call it as upper()"),
    ("{% macro word(a) %}{% endmacro %}{{ word }}", 37, "word is a function", "as word(a)"),
    ("{{ article(page.article) }}", 4, "an article cannot be printed whole", "{{ body(article) }}"),
    ("{{ front() }}", 4, "front() cannot be printed whole", "print a part of it: .lead, .seconds"),
    ("{{ terms('tag') }}", 4, "a list cannot be printed whole", "go through it with {% for … %}"),
    ("{{ [1, 2] }}", 4, "a list cannot be printed whole", 'join(", ")'),
    ("{{ terms('tag') | map(attribute='name') }}", 4, "a list cannot be printed whole", "join"),
    ("{{ site.extra.deep }}", 4, "a table cannot be printed whole", "tojson"),
    ("{{ site }}", 4, "site cannot be printed whole", ".title"),
    ("{{ page }}", 4, "page cannot be printed whole", ".path"),
    ("{{ edition }}", 4, "edition is a function, and was not called", "edition()"),
    ("{{ page.article if false else none }}", 4, "there is nothing to print", '{{ … or "" }}'),
    ("{% set a = none %}{{ a }}", 22, '"a" cannot be printed: it is nothing here', '{{ a or "" }}'),
    # What text is made of
    ("{{ 'a' ~ front }}", 10, "front is a function, and was not called", "front()"),
    ("{{ front() | upper }}", 4, "front() cannot be printed whole", ".lead"),
    ("{{ [front, 1] | join }}", 5, "front is a function, and was not called", "front()"),
    ("{{ terms('tag') | join(', ') }}", 4, "a term cannot be printed whole", "{{ term.name }}"),
    ("{{ '%s' % front() }}", 4, "front() cannot be printed whole", ".lead"),
    ("{{ '{}'.format(front()) }}", 4, "front() cannot be printed whole", ".lead"),
    ("{{ '{0.upper}'.format('a') }}", 6, '"{0.upper}" asks for a part', "give the part alone"),
    ("{{ '{a}'.format(b=1) }}", 0, 'the text "{a}" needs "a"', "give it as `a=…`"),
    ("{{ front | string | length }}", 4, "front is a function, and was not called", "front()"),
    ("{{ article(page.article) | tojson }}", 0, "an article cannot be written as JSON", "lists"),
    ("{{ json(front()) }}", 0, "front() cannot be written as JSON", "give it texts and numbers"),
    ("{{ json(front) }}", 9, "front is a function, and was not called", "front()"),
    # Names and parts
    ("{{ fornt() }}", 4, '"fornt" is not defined', 'did you mean "front"?'),
    ("{% set story = 1 %}{{ stroy }}", 23, '"stroy" is not defined', 'did you mean "story"?'),
    ("{{ front().leed }}", 12, 'front() has no "leed"', 'did you mean "lead"?'),
    ("{{ front.lead }}", 4, "front is a function, and was not called", "call it as front()"),
    ("{{ teaser(page.article).titel }}", 25, 'a teaser has no "titel"', 'did you mean "title"?'),
    ("{{ article(page.article).title }}", 26, 'an article has no "title"', "known parts: teaser"),
    ("{{ page.adress }}", 9, 'page has no "adress"', "known parts: path"),
    ("{{ site.titel }}", 9, "site.titel does not exist", 'did you mean "title"?'),
    ("{{ site.extra.moto }}", 15, 'site.extra has no "moto"', 'did you mean "motto"?'),
    ("{{ site.extra[1:] }}", 9, "a key of site.extra must be a text", "while rendering"),
    ("{{ site.extra.deep.est }}", 20, '"site.extra.deep" has no "est"', "known keys: er"),
    ("{{ terms('tag').name }}", 17, '"terms(\'tag\')" has no "name"', "while rendering"),
    ("{{ 'a'.uppr() }}", 8, 'a text has no "uppr"', 'did you mean "upper"?'),
    ("{{ front()[9] }}", 0, "front() has no item 9", "while rendering"),
    ("{{ index_url('tag').x.y }}", 21, "a text has no", "while rendering"),
    (
        "{{ teaser(page.article).updated.year }}",
        33,
        '"teaser(page.article).updated" is nothing here, and has no "year"',
        "ask for it first with {% if teaser(page.article).updated %}",
    ),
    ("{{ page.__class__ }}", 9, 'page has no "__class__"', "known parts"),
    ("{{ page.count }}", 9, 'page has no "count"', "known parts"),
    ("{{ 'a' | attr('__len__') }}", 16, 'a text has no "__len__"', "while rendering"),
    ("{{ 'x' | upcase }}", 10, 'unknown filter "upcase"', "while rendering"),
    ("{{ 'x' | uper }}", 10, 'unknown filter "uper"', 'did you mean "upper"?'),
    ("{% if 1 > 2 %}{{ 1 | uper }}{% endif %}{{ 1 | uper }}", 0, 'unknown filter "uper"', "upper"),
    ("{{ 'x' is defind }}", 11, 'unknown test "defind"', 'did you mean "defined"?'),
    ("{% inclde 'a' %}", 4, 'unknown tag "inclde"', 'did you mean "include"?'),
    ("{% include 'pge.html' %}", 13, 'there is no template "pge.html"', '"page.html"'),
    ("{% include ['a', 'b'] %}", 14, 'there is no template "a" or "b"', "while rendering"),
    # Calls
    ("{{ article(none) }}", 4, '"id" of article() must be a text, not nothing', "article(id)"),
    ("{{ article(front()) }}", 4, '"id" of article() must be a text, not front()', "article(id)"),
    ("{{ article(['a']) }}", 4, '"id" of article() must be a text, not a list', "article(id)"),
    ("{{ months('2024') }}", 4, '"year" of months() must be a whole number, not a text', "year"),
    ("{{ months(2024.0) }}", 4, "must be a whole number, not a fraction", "months(year)"),
    ("{{ corrections(true) }}", 4, "must be a whole number, not true or false", "number"),
    ("{{ terms('tga') }}", 11, 'unknown taxonomy "tga"', "known taxonomies: category, tag"),
    ("{{ feeds('tags') }}", 11, 'unknown taxonomy "tags"', 'did you mean "tag"?'),
    ("{{ listing(['a'], 1) }}", 4, 'listing() needs "number"', "call it as listing(taxonomy"),
    ("{{ href() }}", 4, 'href() needs "url"', "call it as href(url)"),
    ("{{ href('/', 2) }}", 4, "href() does not take 2 values", "call it as href(url)"),
    ("{{ href(ur='/') }}", 4, 'href() does not take "ur"', "call it as href(url)"),
    ("{{ href('/', url='/') }}", 4, 'href() was given "url" twice', "call it as href(url)"),
    ("{{ href(none) }}", 4, '"url" of href() must be a text, not nothing', "call it as href(url)"),
    (
        "{{ body(teaser(page.article)) }}",
        4,
        "an article, a page, a term's text or a text, not a teaser",
        "body",
    ),
    (
        "{{ picture(page) }}",
        4,
        "must be a teaser, a page's teaser or a term's teaser, not page",
        "picture",
    ),
    ("{{ month_name(2024, 13) }}", 4, "there is no answer to month_name(2024, 13)", "call it as"),
    ("{{ text('no') }}", 10, 'there is no text "no"', "templates/locale/"),
    ("{{ text('newest', count='x') }}", 19, '"count" of text() must be a number', "while"),
    ("{{ receiver('comments') }}", 14, 'unknown endpoint "comments"', 'did you mean "comment"?'),
    ("{{ asset('no.css') }}", 11, 'there is no file "no.css" in static/', "while rendering"),
    ("{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", 0, "macro 'm' takes not more than 1", "while"),
    # Python's own exceptions
    ("{{ 'a' + 1 }}", 0, 'a text and a number cannot be put together with "+"', "with ~"),
    ("{{ 1 - 'a' }}", 0, 'a number and a text cannot be put together with "-"', "while"),
    ("{{ 1 < 'a' }}", 0, "a number and a text cannot be compared", "while rendering"),
    ("{{ 1 / 0 }}", 0, "a number is divided by 0", "while rendering"),
    ("{{ -'a' }}", 0, "a text has no sign", "while rendering"),
    ("{{ page.url() }}", 0, "a text is no function, and cannot be called", "while rendering"),
    ("{% for x in front %}{% endfor %}", 13, "front is a function, and was not called", "front()"),
    ("{% for x in 3 %}{% endfor %}", 0, "a number is no list, and cannot be gone", "while"),
    ("{% for x in none %}{% endfor %}", 0, "there is nothing to go through", "while rendering"),
    ("{% for a, b in [1] %}{% endfor %}", 0, "a number is no list of several values", "while"),
    ("{% set a, b = [1] %}", 0, "there are not as many values as names", "while rendering"),
    ("{{ 3 | length }}", 0, "a number has no length", "while rendering"),
    ("{{ 1 in 2 }}", 0, 'a number has nothing that "in" could find', "while rendering"),
    ("{{ none[1:2] }}", 0, "there is nothing that could have items", "while rendering"),
    ("{{ {[]: 1} }}", 0, "a list cannot be looked up", "while rendering"),
    ("{{ '%d' % 'a' }}", 0, "the text before % and the values after it do not fit", "while"),
    ("{{ 10 ** 5000 }}", 0, "the template is nested too deeply, or has a number", "while"),
    (
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        0,
        "a template or a macro uses itself without end",
        "while rendering",
    ),
    # Jinja2's own
    ("{% if %}", 0, "Expected an expression, got 'end of statement block'", "while rendering"),
    ("{% block a %}", 0, "Unexpected end of template", "while rendering"),
    ("{{ loop.index }}", 4, '"loop" is not defined', "while rendering"),
]
"""Templates with the column, the beginning or a part of the message, and a part of the hint."""


@pytest.mark.parametrize(("text", "column", "message", "hint"), MISTAKES)
def test_a_mistake_is_told_in_an_editors_words(
    text: str, column: int, message: str, hint: str
) -> None:
    """Line, column where a word is to blame, what is wrong, and what would be right."""
    problem = told(f"<p>\n{text}")

    assert message in problem.message
    assert hint in (problem.hint or "")
    assert (problem.hint or "").endswith("hile rendering /a/")
    assert problem.location is not None
    line = 0 if "nested too deeply" in message else 2
    assert (problem.location.path, problem.location.line) == (PATH, line)
    assert problem.location.column == column
    assert not OF_PYTHON.search(problem.message.replace('"__', "").replace('__"', ""))


@pytest.mark.parametrize(
    "text",
    ["{{ front }}", "{{ 'a' ~ front() }}", "{{ [1] }}", "{{ none }}", "{{ '%s' % page }}"],
)
def test_nothing_is_printed_otherwise_by_another_jinja(pretend: Pretend, text: str) -> None:
    """What has no text is refused in the same words where there are no fast paths."""
    expected = told(text)
    pretend(jinja2="3.1.99", markupsafe="3.0.99")
    assert told(text) == expected


def test_a_mistake_in_an_included_template_is_told_there() -> None:
    """The innermost template is to blame, at its own line."""
    problem = told('{% include "part.html" %}', {"part.html": "\n\n {{ fornt() }}"})
    assert str(problem.location) == "templates/part.html:3:5"


def test_a_name_that_an_imported_template_does_not_have_is_told() -> None:
    """What is imported by name must be there."""
    problem = told('{% from "part.html" import wrod %}{{ wrod() }}', {"part.html": ""})
    assert problem.message == '"part.html" has no "wrod"'


def test_a_bug_of_ours_is_not_told_as_a_mistake() -> None:
    """What fails below the functions that templates call is no template's fault."""
    tried = TriedTemplate("{{ counted_terms('tag') | length }}", site=replace(SITE, by_term=None))  # type: ignore[arg-type]  # a bug
    with pytest.raises(AssertionError, match="told as a bug of ours"):
        tried.render()


# Every documented value


def values(site: Site) -> Iterator[Any]:
    """Yield every value that a template of the site can get from a function, and their parts."""
    tried = TriedTemplate("")
    for question in every_question(site, [name for name, kind in KINDS.items() if kind.function]):
        yield from parts(answer(site, question).value, 4)
    page = Output("a/index.html", "/a/", "article", "page.html", article="articles/n000.md")
    functions = tried.environment.functions
    first = functions["article"]("articles/n000.md")
    site_of_page: Any = tried.environment.globals["site"]
    yield from (page, *functions.values(), site_of_page, site_of_page.extra)
    yield from (functions["feeds"](), functions["publisher"](), functions["modified"](first))


def parts(value: Any, depth: int) -> Iterator[Any]:
    """Yield a value, and all values in it."""
    yield value
    if not depth or isinstance(value, str):
        return
    names = noun(value).parts
    for name in names:
        yield from parts(getattr(value, name), depth - 1)
    if isinstance(value, tuple) and not names:
        for item in value:
            yield from parts(item, depth - 1)


VALUES = dict(
    sorted(
        {type(value): value for value in values(SITE)}.items(),
        key=lambda item: f"{item[0].__module__} {item[0].__qualname__}",
    )
)
"""One of each type."""


PRINTED = (str, int, Moment)


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_every_value_is_printed_or_has_a_name(kind: type) -> None:
    """What templates can hold has a text of its own, or is refused by its name with a way out."""
    value = VALUES[kind]
    if isinstance(value, PRINTED):
        assert not OF_PYTHON.search(text_of(value))
        return
    with pytest.raises(UnprintableError) as caught:
        text_of(value)
    assert caught.value.hint
    assert not OF_PYTHON.search(f"{caught.value} {caught.value.hint}")
    assert noun(value) != Noun("this value")


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_a_wrong_part_of_every_value_is_told_by_its_name(kind: type) -> None:
    """Whatever a template holds, a part that it does not have is told, with the nearest that is."""
    tried = TriedTemplate("{{ value.nosuch_part }}")
    tried.environment.globals["value"] = VALUES[kind]
    problem = tried.render()
    assert isinstance(problem, Problem)
    assert not OF_PYTHON.search(problem.message)
    known = noun(VALUES[kind]).parts
    for part in known[:2]:
        tried = TriedTemplate(f"{{{{ value.{part}x }}}}")
        tried.environment.globals["value"] = VALUES[kind]
        problem = tried.render()
        assert isinstance(problem, Problem)
        assert "did you mean" in (problem.hint or "") or len(part) < 4
        assert not OF_PYTHON.search(f"{problem.message} {problem.hint}")


def test_every_function_is_named_when_it_is_not_called() -> None:
    """Each function of the template API says how it is called."""
    tried = TriedTemplate("")
    for name, function in tried.environment.functions.items():
        problem = told(f"{{{{ {name} }}}}")
        assert problem.message == f"{name} is a function, and was not called"
        assert f"call it as {name}(" in (problem.hint or "")
        assert is_function(function)
        assert not OF_PYTHON.search(problem.hint or "")


# Whatever is written

NAMES = sorted(TriedTemplate("").environment.functions)
ATTRIBUTES = ("title", "lead", "items", "name", "date", "url", "extra", "upper", "count", "nosuch")

_LITERALS = st.sampled_from(
    ("1", "0", "-3", "2.5", "'a'", "'tag'", "'articles/n000.md'", "none", "true", "[]", "(1, 'a')",
     "{'a': 1}", "page", "page.article", "site", "site.extra", "nobody", "range(3)", "self",
     "front()", "front().lead", "terms('tag')", "edition()", "namespace(a=1)", "cycler(1, 2)")
)  # fmt: skip


OPERATORS = ("+", "-", "*", "/", "//", "~", "<", "==", "in", "and", "%")


def _longer(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    name = st.sampled_from(NAMES)
    return st.one_of(
        st.builds("{}.{}".format, inner, st.sampled_from(ATTRIBUTES)),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("{}[{}:]".format, inner, inner),
        st.builds("{}({})".format, name, inner),
        st.builds("{}({}, {})".format, name, inner, inner),
        st.builds("{}({}, extra={})".format, name, inner, inner),
        st.builds("{}()".format, inner),
        st.builds("({} {} {})".format, inner, st.sampled_from(OPERATORS), inner),
        st.builds("({} | {})".format, inner, st.sampled_from(sorted(FILTERS))),
        st.builds("({} | {}({}))".format, inner, st.sampled_from(sorted(FILTERS)), inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("({} is {})".format, inner, st.sampled_from(("defined", "none", "odd"))),
    )  # fmt: skip


EXPRESSIONS = st.recursive(st.one_of(_LITERALS, st.sampled_from(NAMES)), _longer, max_leaves=6)

STATEMENTS = st.one_of(
    EXPRESSIONS.map("{{{{ {} }}}}".format),
    EXPRESSIONS.map("{{% for x in {} %}}{{{{ x }}}}{{% endfor %}}".format),
    EXPRESSIONS.map("{{% for x, y in {} %}}{{{{ x }}}}{{% endfor %}}".format),
    EXPRESSIONS.map("{{% set x, y = {} %}}".format),
    EXPRESSIONS.map("{{% include {} %}}".format),
    EXPRESSIONS.map("{{% autoescape false %}}{{{{ {} }}}}{{% endautoescape %}}".format),
)

_SLOW = re.compile(r"\*.*\*")
"""What could take all memory."""


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(STATEMENTS)
@example("{{ front }}")
@example("{{ site.extra[1:] }}")
@example("{{ 'a'.__hash__() }}")
@example("{{ ('a', front) | urlencode }}")
def test_whatever_a_template_says_nothing_of_python_is_shown(text: str) -> None:
    """A template makes a page, or a problem in plain words: no address, type or module is seen."""
    if _SLOW.search(text):
        return
    outcome = TriedTemplate(text).render()
    if isinstance(outcome, Problem):
        message = outcome.message.replace('"__', "").replace('__"', "")
        assert not OF_PYTHON.search(message), outcome
        assert not OF_PYTHON.search(outcome.hint or ""), outcome
    else:
        assert not re.search(r"0x[0-9a-f]{6}|<function|<bound|<built-in|<generator", outcome)
        assert outcome == TriedTemplate(text).render()


def test_signatures_are_known() -> None:
    """Every kind that templates ask by themselves says what its arguments are."""
    for kind in KINDS.values():
        if kind.function:
            annotated = list(inspect.signature(kind.answer).parameters.values())[1:]
            assert {item.annotation for item in annotated} <= {"str", "int"}


# The documentation


def documented() -> Iterator[tuple[str, str, str]]:
    """Yield the rows of docs/templates.md: what is written, the message, what is meant."""
    text = (Path(__file__).parents[2] / "docs/templates.md").read_text("utf-8")
    table = text.partition("## When a template is wrong")[2].partition("\n## ")[0]
    for row in re.findall(r"^\| `(.*)` \| `(.*)` \| `(.*)` \|$", table, re.MULTILINE):
        written, message, meant = (cell.replace("\\|", "|") for cell in row)
        yield written, message, meant


def test_the_documented_messages_are_those_that_are_told() -> None:
    """docs/templates.md says what is told, and what is meant makes a page."""
    rows = list(documented())
    assert len(rows) > 5
    for written, message, meant in rows:
        assert told(written).message == message
        assert isinstance(TriedTemplate(meant).render(), str), meant
