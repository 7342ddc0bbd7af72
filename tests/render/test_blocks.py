"""Blocks of a site's own templates that nothing shows are told, in every build."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.flow.session import Session
from sitegen.model.documents import Source
from sitegen.model.errors import Problem
from sitegen.render.blocks import unknown_blocks
from sitegen.scan.sources import theme_folder
from tests.sitefactory import article, build_site, make_site, write

BASE = (
    "{% block title %}{% endblock %}{% block main %}{% block inner %}{% endblock %}{% endblock %}"
)


def told(templates: Mapping[str, str | bytes]) -> list[Problem]:
    """Return what is told of templates by their names; those of the theme begin with `theme/`."""
    texts = {
        path if path.startswith("theme/") else f"templates/{path}": text
        for path, text in templates.items()
    }
    sources = {
        path.removeprefix("templates/"): Source(path, path, 0)
        for path in texts
    }  # fmt: skip

    def read(source: Source) -> bytes:
        text = texts[source.path]
        return text if isinstance(text, bytes) else text.encode()

    return list(unknown_blocks(sources, read))


def names(templates: Mapping[str, str | bytes]) -> list[str]:
    """Return the places and blocks that are told."""
    return [f"{problem.location} {named(problem)}" for problem in told(templates)]


def named(problem: Problem) -> str:
    """Return the block that a problem is about."""
    return problem.message.split('"')[1]


KNOWN = {
    "a block of a parent": '{% extends "theme/base" %}{% block title %}x{% endblock %}',
    "one in a block of a parent": '{% extends "theme/base" %}{% block inner %}{% endblock %}',
    "a new one in a known one": (
        '{% extends "theme/base" %}{% block main %}{% block new %}{% endblock %}{% endblock %}'
    ),
    "shown by its name": (
        '{% extends "theme/base" %}{% block new %}{% endblock %}'
        "{% block main %}{{ self.new() }}{% endblock %}"
    ),
    "of a template that extends nothing": "{% block new %}{% endblock %}",
    "with marks": '{%- extends "theme/base" -%}\n{%+ block title -%}\n{%- endblock title +%}',
    "in a comment": '{% extends "theme/base" %}{# {% block new %}{% endblock %} #}',
    "in raw text": '{% extends "theme/base" %}{% raw %}{% block new %}{% endraw %}',
    "in a text": ('{% extends "theme/base" %}{{ "{% block new %}" }}{% set a = "{% block b %}" %}'),
    "where the parent is not known": "{% extends page.kind %}{% block new %}{% endblock %}",
    "where it is chosen": (
        '{% extends "theme/base" if page else "x" %}{% block new %}{% endblock %}'
    ),
    "where it is missing": '{% extends "none" %}{% block new %}{% endblock %}',
    "where it is chosen by hand": (
        '{% if page %}{% extends "theme/base" %}{% else %}{% extends "theme/other" %}{% endif %}'
        "{% block aside %}{% endblock %}"
    ),
    "a circle": '{% extends "page" %}{% block new %}{% endblock %}',
}


@pytest.mark.parametrize("case", KNOWN)
def test_a_block_that_may_be_shown_is_not_told(case: str) -> None:
    """Nothing is told of what is shown, or could be."""
    other = "{% block aside %}{% endblock %}"
    assert told({"theme/base": BASE, "theme/other": other, "page": KNOWN[case]}) == []


def test_a_block_that_no_parent_has_is_told() -> None:
    """With its place, and the block that may have been meant."""
    (problem,) = told(
        {
            "theme/base": BASE,
            "page": '{% extends "theme/base" %}\n {% block tilte %}{% endblock %}',
        }
    )
    assert problem.severity == "warning"
    assert str(problem.location) == "templates/page:2:11"
    assert problem.message == 'no template above has a block "tilte": it is never shown'
    assert problem.hint == 'did you mean "title"?'


def test_all_parents_count() -> None:
    """A block of a grandparent is one, too; a new one of a parent is told there, and not below."""
    templates = {
        "theme/base": BASE,
        "middle": '{% extends "theme/base" %}{% block between %}{% endblock %}',
        "page": '{% extends "middle" %}{% block title %}{% endblock %}'
        "{% block between %}{% endblock %}{% block foot %}{% endblock %}",
    }
    assert names(templates) == ["templates/middle:1:36 between", "templates/page:1:96 foot"]


def test_the_blocks_are_all_named_where_none_is_near() -> None:
    """Who invented a name sees those that there are."""
    (problem,) = told({"theme/base": BASE, "page": '{% extends "theme/base" %}{% block x %}'})
    assert problem.hint == "known blocks: inner, main, title"


def test_what_is_no_text_is_told_by_others() -> None:
    """A file that is not UTF-8 does no harm."""
    assert told({"theme/base": BASE, "page": b'{% extends "theme/base" %}\xff{% bl'}) == []


_PIECES = st.lists(
    st.sampled_from(
        ("{% block a %}", "{%- block b -%}", "{% endblock %}", "{% extends 'c' %}", "{# ", " #}",
         "{{ '%}' }}", "{{ ", " }}", "{% raw %}", "{% endraw %}", "{% if x %}", "{% endif %}", "'",
         '"', "a", "\\", "\n", "{% set x = '{% block d %}' %}", "{{ {'a': {}} }}")
    ),
    max_size=8,
).map("".join)  # fmt: skip


@given(_PIECES)
def test_blocks_are_found_as_jinja_finds_them(text: str) -> None:
    """Whatever Jinja2 can compile has the blocks that are found, and no others."""
    text = f"{{% extends 'base' %}}{text}"
    try:
        jinja2.Environment(autoescape=True).compile(text, raw=True)
        tree = jinja2.Environment(autoescape=True).parse(text)
    except jinja2.TemplateSyntaxError:
        return
    found = {block.name for block in tree.find_all(jinja2.nodes.Block)}
    inner = {
        item.name
        for block in tree.find_all(jinja2.nodes.Block)
        for item in block.find_all(jinja2.nodes.Block)
    }
    extended = [node.template for node in tree.find_all(jinja2.nodes.Extends)]
    if len(extended) > 1:
        return
    assert set(map(named, told({"base": "", "page": text}))) == found - inner


def test_the_theme_has_no_such_block() -> None:
    """Every block of our own theme is shown, as in a site that is its own theme."""
    folder = theme_folder() / "templates"
    texts = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert told(texts) == []


OVERRIDE = '{% extends "theme/base.html" %}{% block metdata %}<!-- own -->{% endblock %}'


def test_it_is_told_in_every_build(tmp_path: Path) -> None:
    """Whether a build renders the template, something else or nothing, the block is told."""
    site = make_site(
        tmp_path / "site", {"a.md": article()}, files={"templates/base.html": OVERRIDE}
    )
    session = Session()
    edit = {"articles/a.md": article(body="It fell.")}
    expected = 'no template above has a block "metdata": it is never shown'

    reports = [build_site(site, session=session) for _ in range(2)]
    reports.append(build_site(site, session=session, changed=[]))
    write(site, edit)
    reports += [build_site(site, session=session, changed=list(edit)), build_site(site)]
    for report in reports:
        assert [problem.message for problem in report.problems] == [expected]
    assert [len(report.rendered) > 0 for report in reports] == [True, False, False, True, False]
    mended = {"templates/base.html": OVERRIDE.replace("metdata", "metadata")}
    write(site, mended)
    assert build_site(site, session=session, changed=list(mended)).problems == ()
    session.close()
