"""A kind of question that is declared in one module is exact from its first day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from sitegen import queries
from sitegen.cache.trace import Answer, fingerprint
from sitegen.flow.session import Session
from sitegen.index.site import Site
from sitegen.queries.kinds import OWN, TEASERS, Function, Kind, question
from tests.sitefactory import AT, article, build_site, make_site, tree

TEMPLATE = '{% extends "theme/front.html" %}{% block content %}{{ longest_title() }}{% endblock %}'


@question(
    "longest_title", scope=OWN, reads=(TEASERS,), function=Function("Lists", "a title", "often")
)
def longest_title(site: Site) -> Answer:
    """The longest of all titles: nothing else in sitegen knows of it."""
    titles = sorted(
        (entry.teaser.title for entry in site.ordered), key=lambda one: (-len(one), one)
    )
    title = titles[0] if titles else ""
    return Answer(title, fingerprint(title), (title,))


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> Kind:
    """The kind among all others, as if its module were one of `queries`."""
    monkeypatch.setattr(queries, "KINDS", {**queries.KINDS, longest_title.name: longest_title})
    monkeypatch.setattr("sitegen.render.question_functions.KINDS", queries.KINDS)
    return longest_title


def edits(dice: Random, site: Path) -> Iterator[str]:
    """Make random edits in a site, one after the other, and yield what is edited."""
    for number in range(25):
        path = site / "articles" / f"n{dice.randrange(6)}.md"
        if path.exists() and dice.random() < 0.3:
            path.unlink()
        else:
            title = "x" * dice.randrange(1, 30)
            draft = {"draft": True} if dice.random() < 0.2 else {}
            hours = dice.randrange(-40, 40)
            date = (AT + timedelta(hours=hours)).isoformat()
            path.write_text(article(title, f"Text {number}.", date=date, **draft), "utf-8")
        yield f"articles/{path.name}"


@pytest.mark.usefixtures("declared")
def test_a_new_kind_is_held_exact_without_further_code(tmp_path: Path) -> None:
    """After each edit, and as time goes on, the page that asks it is as a clean build makes it."""
    site = make_site(tmp_path / "site", {"n0.md": article()}, templates={"front.html": TEMPLATE})
    session, at, seen = Session(), AT, set[bytes]()
    try:
        build_site(site, session=session)
        for number, path in enumerate(edits(Random(7), site)):  # noqa: S311 - the same each time
            at += timedelta(hours=number % 3)
            build_site(site, at=at, session=session, changed=[path], jobs=1)
            build_site(
                site, at=at, output=tmp_path / "clean", state=tmp_path / "state", clean=True, jobs=1
            )
            assert tree(site / "output") == tree(tmp_path / "clean"), path
            seen.add((site / "output/index.html").read_bytes())
    finally:
        session.close()
    assert len(seen) > 8
