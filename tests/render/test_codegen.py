"""What templates become: less code than Jinja2's own, and the same pages."""

from __future__ import annotations

from typing import Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context
from markupsafe import Markup, escape

from sitegen.render.codegen import (
    TemplateCodeGenerator,
    TextCheckingCodeGenerator,
    escaped,
    escaped_by_markupsafe,
)
from tests.conftest import Pretend
from tests.render.test_environment import Shelf

VALUES = st.one_of(
    st.text(),
    st.text().map(Markup),
    st.integers(),
    st.booleans(),
    st.floats(allow_nan=False),
    st.just(jinja2.Undefined()),
)


@given(VALUES)
def test_a_value_is_escaped_as_markupsafe_does_it(value: Any) -> None:
    """Whatever has a text stands in the page as `escape` writes it."""
    assert str(escaped(value)) == str(escaped_by_markupsafe(value)) == str(escape(value))


PARTS = {
    "base": "<title>{% block title %}{{ site.title }}{% endblock %} & {{ 1 }}</title>"
    "{% for n in [1, 2] %}{% block main scoped %}<{{ n }}>{% endblock %}{% endfor %}"
    "{{ self.title() }}",
    "part": '{% macro link(url, rel="") %}<a href="{{ href(url) }}"{{ rel }}>{{ caller() }}</a>'
    "{% endmacro %}{% macro text(word) %}[{{ word }}]{% endmacro %}",
    "inside": "({{ word or text('none') }})",
}
"""What the templates below extend, import and include."""

TEMPLATES = {
    "inherited": '{% extends "base" %}{% block title %}«{{ super() }}» {{ "<" }}{% endblock %}',
    "outside of blocks": '{% extends "base" %}{{ text("unseen") }} and {{ 1 / 0 }}',
    "called with a caller": '{% from "part" import link %}'
    '{% call link("/a b/", rel=">") %}<i>{{ text("go") }}</i>{% endcall %}',
    "shadowed by a macro": '{% from "part" import text %}{{ text("<") }}, {{ text(word="&") }}',
    "shadowed by a variable": '{% set href = joiner(",") %}{% for i in "abc" %}'
    "{{ href() }}{{ i }}{% endfor %}",
    "shadowed by a loop": "{% for text in [href, href] %}{{ text('/<>/') }} {% endfor %}",
    "spread arguments": "{% set both = ['greeting'] %}{{ text(*both, **{'name': 'A'}) }}",
    "named by a keyword": "{{ text('greeting', class='A', name='B') }} {{ text('a', in=1) }}",
    "not escaped": "{% autoescape false %}{{ '<' }}{{ site.title }} {{ 1 }}{% endautoescape %}",
    "escaped as it falls": "{% autoescape 1 == 2 %}{{ '<' }}{{ site.title }}{% endautoescape %}",
    "kept in a variable": "{% set it %}<{{ site.title }}>{{ 2 }}{% endset %}{{ it }}{{ it | e }}",
    "filtered": "{% filter upper %}<{{ site.title }}> {{ 'a' }}{% endfilter %}",
    "included": '{% for word in ["<", ""] %}{% include "inside" %}, {% endfor %}',
    "a recursive loop": "{% for item in [[['x']], 'y'] recursive %}"
    "<{{ item if item is string else loop(item) }}{{ loop.index }}>{% endfor %}",
    "chosen": "{{ site.title if 1 > 2 }} {{ (text('a') ~ '<') | safe }}{{ text('b')[0] }}",
    "constants": "{{ 'a' }}{{ '<' }}{{ '<' | safe }}{{ [1, '<'] | join }}",
    "nothing": "",
}


def rendered(name: str, generator: type[CodeGenerator]) -> tuple[str, set[Any]]:
    """Return a template's text and its questions, by one way of writing its code."""
    shelf = Shelf({**PARTS, **TEMPLATES})
    shelf.environment.code_generator_class = generator
    return shelf.render(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_gives_what_jinja_makes_of_it(name: str) -> None:
    """The code that we write puts out the same text, and asks the same questions, as Jinja's."""
    assert rendered(name, TemplateCodeGenerator) == rendered(name, CodeGenerator)


UNPROVEN = ({"jinja2": "3.1.99"}, {"jinja2": "3.2.0"}, {"markupsafe": "3.0.99"})
"""Versions of packages that nobody has compared our code with."""


@pytest.mark.parametrize("versions", UNPROVEN, ids=str)
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_gives_the_same_without_fast_paths(
    pretend: Pretend, versions: dict[str, str], name: str
) -> None:
    """Where the work is left to the packages themselves, text and questions are the same."""
    expected = Shelf({**PARTS, **TEMPLATES}).render(name)
    pretend(**versions)

    assert Shelf({**PARTS, **TEMPLATES}).render(name) == expected


def test_an_unproven_markupsafe_escapes_by_itself(pretend: Pretend) -> None:
    """The private function of MarkupSafe is called in proven versions only."""
    pretend(jinja2="3.1.6", markupsafe="3.0.99")

    assert Shelf({}).environment.escaped is escaped_by_markupsafe


def test_an_unproven_jinja_does_its_work_itself(pretend: Pretend) -> None:
    """Nothing is done faster than Jinja2 does it in a version that was not compared."""
    pretend(jinja2="3.1.7")

    environment = Shelf({}).environment
    assert environment.code_generator_class is TextCheckingCodeGenerator
    assert environment.context_class is Context
    assert environment.make_globals(None) is not environment.globals


FAULTS = {
    "an unknown variable": ("<p>\n{{ site.title }}\n{{ nobody }}", 3),
    "an unknown function": ("<p>\n{{ site.title }} and\n\n{{ nobody(1) }}", 4),
    "inside a call": ("{{ site.title }}\n{{ href(\n nobody) }}", 2),
    "of a function": ("{{ site.title }}\n\n{{ text() }}", 3),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_at_its_line(name: str) -> None:
    """Pieces that are put out together still have lines of their own."""
    text, line = FAULTS[name]
    shelf = Shelf({"page": text})
    with pytest.raises((jinja2.UndefinedError, TypeError)) as caught:
        shelf.render("page")
    assert [entry.lineno + 1 for entry in caught.traceback if str(entry.path) == "page"] == [line]
