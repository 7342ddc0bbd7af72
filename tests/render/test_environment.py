"""How templates are found, what they can ask, and that nothing they learn passes unseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MethodType
from typing import Any

import jinja2
import pytest
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.tests import TESTS

from sitegen.cache.trace import ABSENT, Answer, Question, Tracker, fingerprint
from sitegen.flow.session import Session
from sitegen.model.documents import Source
from sitegen.model.errors import SitegenError
from sitegen.render.data_functions import DataFunctions
from sitegen.render.direction_functions import DirectionFunctions
from sitegen.render.edition_functions import EditionFunctions
from sitegen.render.environment import IMPURE_GLOBALS, Environment
from sitegen.render.failures import describe_failure
from sitegen.render.filters import FILTERS, LEFT_OUT
from sitegen.render.metadata_functions import MetadataFunctions
from sitegen.render.response_functions import ResponseFunctions
from sitegen.render.settings import Settings
from sitegen.render.shortcode_functions import ShortcodeFunctions
from sitegen.render.template_functions import TemplateFunctions
from sitegen.scan.sources import content_digest
from tests.sitefactory import article, build_site, make_site, pages, write


class Shelf:
    """Templates in one environment, with the questions that each page asked."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self.templates = {name: text.encode() for name, text in templates.items()}
        self.tracker = Tracker(self.answer)
        self.environment = Environment(self.tracker, lambda source: self.templates[source.path])

    def answer(self, question: Question) -> Answer:
        """Answer as a site would."""
        if question[0] == "template":
            name = str(question[1])
            if name not in self.templates:
                return Answer(None, ABSENT)
            digest = content_digest(self.templates[name])
            return Answer(Source(name, digest, 0), digest.encode())
        value = f"<{question[-1]}>"
        return Answer(value, fingerprint(value))

    def render(self, name: str) -> tuple[str, set[Question]]:
        """Return a page's text, and what it asked."""
        self.environment.begin_page()
        with self.tracker.recording() as asked:
            text = self.environment.get_template(name).render()
        return text, set(asked)


def all_asked(templates: Mapping[str, str], names: Iterable[str]) -> list[set[Question]]:
    """Return what each page asks if all are rendered one after the other."""
    shelf = Shelf(templates)
    return [shelf.render(name)[1] for name in names]


def templates_of(asked: set[Question]) -> set[str]:
    """Return the templates among the questions."""
    return {str(question[1]) for question in asked if question[0] == "template"}


# --- Leak 1: modules are made once and kept


USERS = (
    '{% import "part.html" as part %}{{ part.word }}',
    '{% from "part.html" import word %}{{ word }}',
    '{% include "part.html" without context %}',
    '{% import "part.html" as part %}',
)


@pytest.mark.parametrize("user", USERS)
def test_every_user_of_a_module_has_asked_what_its_maker_asked(user: str) -> None:
    """A page that finds a module made already depends on all that it was made from."""
    part = '{% set word = text("word") %}{{ site.title }}{% include "deep.html" %}'
    templates = {"part.html": part, "deep.html": "{{ site.accent }}", "a": user, "b": user}
    first, second = all_asked(templates, "ab")
    assert first ^ second == {("template", "a"), ("template", "b")}
    assert {("text", "word"), ("setting", "title"), ("setting", "accent")} <= second
    assert templates_of(second) == {"b", "part.html", "deep.html"}


def test_a_module_inside_a_module_is_asked_for_by_all() -> None:
    """What an imported template imports counts for whoever imports it, first or not."""
    templates = {
        "inner": '{% set word = text("word") %}',
        "outer": '{% import "inner" as inner %}{% set word = inner.word %}',
        "warm": '{% import "inner" as inner %}',
        "a": '{% import "outer" as outer %}',
        "b": '{% import "outer" as outer %}',
    }
    for order in (("warm", "a", "b"), ("a", "warm", "b")):
        asked = dict(zip(order, all_asked(templates, order), strict=True))
        for name in "ab":
            assert {("text", "word"), ("template", "inner"), ("template", "outer")} <= asked[name]


def test_a_macro_asks_when_it_is_called() -> None:
    """What a macro asks counts for the page that calls it, and for no other."""
    templates = {
        "part": '{% macro word() %}{{ text("word") }}{% endmacro %}',
        "a": '{% import "part" as part %}{{ part.word() }}',
        "b": '{% import "part" as part %}',
    }
    first, second = all_asked(templates, "ab")
    assert ("text", "word") in first
    assert ("text", "word") not in second


CHANGEABLE = {
    "counter": "{% set n = namespace(v=0) %}"
    "{% macro next() %}{% set n.v = n.v + 1 %}{{ n.v }}{% endmacro %}",
    "cycler": '{% set turn = cycler("1", "2") %}{% macro next() %}{{ turn.next() }}{% endmacro %}',
    "joiner": '{% set join = joiner("2") %}{% macro next() %}{{ join() or "1" }}{% endmacro %}',
    "list": "{% set all = [] %}"
    "{% macro next() %}{% set _ = all.append(1) %}{{ all | length }}{% endmacro %}",
    "dict": "{% set all = {'n': [0]} %}"
    "{% macro next() %}{% set _ = all.n.append(0) %}{{ all.n | length - 1 }}{% endmacro %}",
    "tuple": "{% set all = ([],) %}"
    "{% macro next() %}{% set _ = all[0].append(1) %}{{ all[0] | length }}{% endmacro %}",
    "private": "{% set _all = [] %}"
    "{% macro next() %}{% set _ = _all.append(1) %}{{ _all | length }}{% endmacro %}",
    "behind a module": '{% import "counter" as it %}'
    "{% macro next() %}{{ it.next() }}{% endmacro %}",
    "behind a name": '{% from "counter" import next %}',
    "behind a context": '{% import "counter" as it with context %}'
    "{% macro next() %}{{ it.next() }}{% endmacro %}",
}


@pytest.mark.parametrize("part", CHANGEABLE)
def test_a_page_leaves_nothing_in_a_module(part: str) -> None:
    """What a page changes in an imported template is forgotten before the next page."""
    user = f'{{% import "{part}" as part %}}{{{{ part.next() }}}}{{{{ part.next() }}}}'
    if part == "behind a name":
        user = user.replace(f'import "{part}"', 'import "counter"')
    shelf = Shelf({**CHANGEABLE, "a": user, "b": user})
    assert shelf.render("a")[0] == "12"
    assert shelf.render("b")[0] == "12"
    assert shelf.render("a") == shelf.render("a")


def test_one_page_shares_what_it_changes() -> None:
    """Within a page an imported template is one, as in Jinja2: numbers go on."""
    shelf = Shelf(
        {
            **CHANGEABLE,
            "part": '{% import "counter" as it %}{{ it.next() }}',
            "a": '{% import "counter" as it %}{{ it.next() }}{% include "part" %}{{ it.next() }}',
        }
    )
    assert shelf.render("a")[0] == "123"
    assert shelf.render("a")[0] == "123"


def test_a_module_that_no_page_can_change_is_made_once() -> None:
    """Modules of macros and constants are shared by all pages, as they are cheaper so."""
    shelf = Shelf(
        {
            "words": "{% set one = 1 %}{% macro word() %}w{% endmacro %}",
            "part": '{% import "words" as words %}{% set all = ("a", site.title, site.extra) %}',
            "a": '{% import "part" as part %}',
        }
    )
    shelf.render("a")
    assert shelf.environment.modules_of_page == {}


# --- Leak 2: constants are folded when a template is compiled


def test_filters_and_tests_are_jinjas_own() -> None:
    """No filter and no test can read the site: Jinja2 would fold it with a constant.

    Filters that make text look first whether there is one.
    """
    environment = Shelf({}).environment
    assert environment.filters == FILTERS
    assert environment.filters.keys() == JINJA_FILTERS.keys() - LEFT_OUT
    assert environment.tests == TESTS
    assert environment.extensions == {}


def test_what_reads_the_site_is_a_function() -> None:
    """The only globals besides Jinja's own ask questions, each time they are called."""
    shelf = Shelf({})
    askers = (
        DataFunctions
        | DirectionFunctions
        | EditionFunctions
        | MetadataFunctions
        | ResponseFunctions
        | ShortcodeFunctions
        | TemplateFunctions
    )
    ours = {
        name: item
        for name, item in shelf.environment.globals.items()
        if name not in DEFAULT_NAMESPACE
    }
    for item in ours.values():
        if isinstance(item, MethodType):
            assert isinstance(item.__self__, askers)
        else:
            assert isinstance(item, Settings | type(TemplateFunctions.iso))


def test_what_is_different_each_time_is_gone() -> None:
    """Nothing in the reach of a template gives something else each time."""
    environment = Shelf({}).environment
    assert not {*IMPURE_GLOBALS, "now", "environ"} & environment.globals.keys()
    assert not {*LEFT_OUT, "shuffle"} & environment.filters.keys()
    for text in ("{{ [1, 2] | random }}", "{{ lipsum() }}"):
        with pytest.raises(jinja2.TemplateError):
            environment.from_string(text).render()


def test_a_function_with_constants_is_asked_each_time() -> None:
    """A call with constants is neither folded nor kept with the compiled template."""
    templates = {"a": '{{ asset("x.css") }}{{ text("word") | upper }}{{ site.title }}'}
    for _ in range(2):
        shelf = Shelf(templates)
        text, asked = shelf.render("a")
        assert text.endswith("x.css%3E&lt;WORD&gt;&lt;title&gt;")
        assert {("asset", "x.css"), ("text", "word"), ("setting", "title")} <= asked


# --- Leak 3: a long-lived environment keeps modules


def test_a_process_that_goes_on_keeps_no_module(tmp_path: Path) -> None:
    """An imported template that was edited is made anew in the next build of the same process."""
    part = "templates/part.html"
    site = make_site(
        tmp_path / "site",
        {"a.md": article()},
        templates={"article.html": '{% import "part.html" as part %}{{ part.word }}'},
        files={part: "{% set word = 'one' %}"},
    )
    session = Session()
    build_site(site, session=session)
    assert pages(site)["2024/11/04/a/index.html"] == "one"
    write(site, {part: "{% set word = 'two' %}"})
    report = build_site(site, session=session, changed=[part])
    session.close()
    assert pages(site)["2024/11/04/a/index.html"] == "two"
    assert set(report.rendered) == {"2024/11/04/a/index.html"}


# --- Leak 4: absent templates


def test_a_template_is_asked_for_before_it_is_loaded() -> None:
    """Of each template in a chain the name is noted, be it absent, cached or never shown."""
    include = '{% include ["no", "yes", "never"] %}'
    templates = {
        "base": '{% include "none" ignore missing %}{% block x %}{% endblock %}',
        "page": f'{{% extends "base" %}}{{% block x %}}{include}{{% endblock %}}',
        "yes": "y",
        "never": "n",
    }
    for asked in all_asked(templates, ("page", "page")):
        assert templates_of(asked) == {"page", "base", "none", "no", "yes"}


def test_an_absent_template_that_comes_is_seen(tmp_path: Path) -> None:
    """Adding a template renders just the pages that would see it, and removing it them again."""
    include = '{% include "extra.html" ignore missing %}'
    site = make_site(
        tmp_path / "site",
        {"a.md": article(tags=["x"]), "b.md": article("B", tags=["x"])},
        templates={
            "article.html": '{{ page.url }}{% if page.article.endswith("a.md") %}'
            f"{include}{{% endif %}}",
            "404.html": '{% extends "theme/404.html" %}{% block metadata %}'
            '{% include ["a/b.html", "extra.html"] ignore missing %}{% endblock %}',
        },
    )
    build_site(site)
    before = pages(site)
    seen = {"2024/11/04/a/index.html", "404.html"}
    write(site, {"templates/extra.html": "<!-- extra -->"})
    assert set(build_site(site).rendered) == seen
    assert all("<!-- extra -->" in pages(site)[path] for path in seen)
    write(site, {"templates/a/b.html": "<!-- b -->"})
    assert set(build_site(site).rendered) == {"404.html"}
    write(site, {"templates/extra.html": None})
    assert set(build_site(site).rendered) == {"2024/11/04/a/index.html"}
    write(site, {"templates/a/b.html": None})
    assert set(build_site(site).rendered) == {"404.html"}
    assert pages(site) == before


def test_an_override_renders_the_pages_that_it_shadows(tmp_path: Path) -> None:
    """A file that shadows a part of the theme renders the pages that use this part, no others."""
    site = make_site(tmp_path / "site", {"a.md": article()})
    build_site(site)
    before = pages(site)
    override = '{% extends "theme/terms.html" %}{% block metadata %}<!-- own -->{% endblock %}'
    write(site, {"templates/terms.html": override})
    shadowed = {"category/index.html", "tag/index.html", "author/index.html"}
    assert set(build_site(site).rendered) == shadowed
    assert {path for path, text in pages(site).items() if "<!-- own -->" in text} == shadowed
    write(site, {"templates/terms.html": None})
    assert set(build_site(site).rendered) == shadowed
    assert pages(site) == before


# --- Compiled templates


def code_of(shelf: Shelf, name: str) -> Any:
    """Return what a template was compiled to."""
    return shelf.environment.get_template(name).root_render_func.__code__


def test_a_template_is_compiled_once() -> None:
    """A process that builds again takes what it has compiled, as long as the text is the same."""
    templates = {"a": "{{ site.title }} once", "b": "{{ site.accent }} once"}
    one, other = Shelf(templates), Shelf(templates)
    assert one.environment is not other.environment
    assert code_of(one, "a") is code_of(other, "a")
    assert code_of(one, "a") is not code_of(one, "b")
    assert other.render("a") == one.render("a")


def test_a_template_of_another_text_is_compiled_anew() -> None:
    """What was compiled of an earlier text is not used, nor what another name's text gave."""
    one = Shelf({"a": "first", "b": "second"})
    assert [one.render(name)[0] for name in "ab"] == ["first", "second"]
    other = Shelf({"a": "second", "b": "edited"})
    assert [other.render(name)[0] for name in "ab"] == ["second", "edited"]
    assert [Shelf({"a": "first", "b": "second"}).render(name)[0] for name in "ab"] == [
        "first",
        "second",
    ]


def test_what_is_compiled_stays_in_memory(tmp_path: Path) -> None:
    """No file that a build leaves is code: whoever could write to one could run anything."""
    site = make_site(tmp_path / "site", {"a.md": article()})
    build_site(site)
    left = {path.name for path in (site / ".sitegen").iterdir()}
    (database,) = (name for name in left if name.startswith("output-"))
    assert left == {"articles.sqlite", database, "lock", ".gitignore", "CACHEDIR.TAG"}


# --- Escaping and failures


def test_everything_is_escaped(tmp_path: Path) -> None:
    """Titles, terms and settings stand in pages as they were written, not as HTML."""
    evil = '<script>"&'
    site = make_site(
        tmp_path / "site",
        {"a.md": article(evil, category=f"c{evil}", tags=[f"t{evil}"], author=f"a{evil}")},
        config="title = '<script>\"&'\ndescription = '<script>'",
    )
    build_site(site)
    for path, text in pages(site).items():
        assert "<script>" not in text, path


def test_a_template_that_fails_is_told_with_its_line(tmp_path: Path) -> None:
    """A template's mistake is a problem with file and line, and the output stays as it was."""
    site = make_site(tmp_path / "site", {"a.md": article()})
    build_site(site)
    before = pages(site)
    for text, message, line in (
        ("\n{% if %}", "Expected an expression", 2),
        ("\n\n{{ nothing }}", '"nothing" is not defined', 3),
        ("{{ article('articles/none.md') }}", 'no published article "articles/none.md"', 1),
        ("{{ neighbours('articles/none.md') }}", 'no published article "articles/none.md"', 1),
        ("{{ related('articles/none.md') }}", 'no published article "articles/none.md"', 1),
        ("\n{% include 'none.html' %}", 'no template "none.html"', 2),
        ("{{ site.titel }}", "site.titel does not exist", 1),
        ("{{ asset('none.css') }}", 'no file "none.css"', 1),
        ("{{ 1 / 0 }}", "a number is divided by 0", 1),
    ):
        write(site, {"templates/article.html": text})
        with pytest.raises(SitegenError) as caught:
            build_site(site)
        problem = next(item for item in caught.value.problems if item.is_error)
        assert message in problem.message
        assert problem.location is not None
        assert (problem.location.path, problem.location.line) == ("templates/article.html", line)
        assert pages(site) == before


def test_a_fault_of_ours_is_not_hidden() -> None:
    """An exception that no template is to blame for is a bug, not a template's problem."""
    assert describe_failure(KeyError("ours"), "/", Shelf({}).environment) is None
