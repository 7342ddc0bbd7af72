"""A build says which keys of front matter no page shows: as a clean one would, at no cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sitegen.flow.options import Report
from sitegen.flow.session import Session
from tests.sitefactory import article, build_site, make_site, write

PAGE = "<h1>{{ page.url }}</h1>{% set all = article(page.article) %}"
KEYS: dict[str, Any] = {"kicker": "Storm", "breaking": True}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site with two articles, one of which has keys of its own."""
    articles = {"a.md": article("A", **KEYS), "b.md": article("B")}
    return make_site(tmp_path / "site", articles, templates={"article.html": PAGE})


def unshown(report: Report) -> list[str]:
    """Return the keys that a report says are not shown; its warning tells of just these."""
    keys = [str(item.key) for item in report.unshown_keys]
    told = [problem.message for problem in report.problems if "no page shows" in problem.message]
    assert [all(f'"{key}"' in message for key in keys) for message in told] == [True] * bool(keys)
    return keys


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("", ["breaking", "kicker"]),
        ("{% if all.extra.kicker | default %}*{% endif %}", ["breaking"]),
        ("{{ all.extra['kicker'] | default('') }}", ["breaking"]),
        ("{{ all.extra.get('kicker', '') }}", ["breaking"]),
        ("{% if 'kicker' in all.extra %}*{% endif %}", ["breaking"]),
        ("{% if all.extra.kicker is defined %}*{% endif %}", ["breaking"]),
        ("{% if all.extra %}{{ all.extra | length }}{% endif %}", ["breaking", "kicker"]),
        ("{% for key in all.extra %}{{ key }}{% endfor %}", []),
        ("{% for key, value in all.extra.items() %}{{ key }}{% endfor %}", []),
        ("{{ all.extra | tojson }}", []),
        ("{{ body(all) }}{{ all.teaser.title }}", ["breaking", "kicker"]),
    ],
)
def test_a_key_is_shown_if_a_page_reads_it(site: Path, text: str, rest: list[str]) -> None:
    """Reading a key in any way shows it; going through all shows all; counting them shows none."""
    write(site, {"templates/article.html": PAGE + text})

    assert unshown(build_site(site)) == rest


def test_every_build_says_the_same(site: Path) -> None:
    """A build that does nothing, in a new process or not, tells what the first one told."""
    with Session() as session:
        first = unshown(build_site(site, session=session))
        assert unshown(build_site(site, session=session)) == first
    again = build_site(site)

    assert again.rendered == {}
    assert unshown(again) == first == ["breaking", "kicker"]


def test_what_is_told_follows_each_edit(site: Path) -> None:
    """Keys come with articles and go with them, and with what templates read; drafts have none."""
    with Session() as session:

        def after(files: dict[str, str | None]) -> list[str]:
            write(site, files)
            report = build_site(site, session=session, changed=files)
            clean = build_site(site, output=site.parent / "clean", state=site.parent / "state")
            assert clean.unshown_keys == report.unshown_keys
            return unshown(report)

        assert unshown(build_site(site, session=session)) == ["breaking", "kicker"]
        told = after({"articles/b.md": article("B", author={"name": "Ann", "photo": "a.png"})})
        assert told == ["author.photo", "breaking", "kicker"]
        told = after({"templates/article.html": PAGE + "{{ all.extra.kicker | default(1) }}"})
        assert told == ["author.photo", "breaking"]
        assert after({"articles/b.md": article("B", author="Ann")}) == ["breaking"]
        assert after({"articles/a.md": article("A", draft=True, **KEYS)}) == []
        assert after({"templates/article.html": PAGE}) == []
        assert after({"articles/a.md": article("A", **KEYS)}) == ["breaking", "kicker"]
        assert after({"articles/a.md": None}) == []


def test_keys_can_be_named_that_nothing_shows(site: Path) -> None:
    """Of the keys in `[front_matter] unshown` no build tells."""
    write(site, {"sitegen.toml": '[front_matter]\nunshown = ["kicker"]\n'})

    assert unshown(build_site(site)) == ["breaking"]


def test_where_a_page_fails_nothing_is_told(site: Path) -> None:
    """What a page would have read that could not be made is not known."""
    write(site, {"templates/article.html": PAGE + "{{ all.extra.kicker }}{{ nothing() }}"})

    assert unshown(build_site(site, keep_going=True)) == []


def test_standalone_pages_count_like_articles(site: Path) -> None:
    """Keys of pages are told until a template of pages reads them."""
    page = "---\ntitle: About\nmotto: Tides\nimage: {src: /a.svg, alt: A, crop: left}\n---\n\nUs.\n"
    write(
        site,
        {"pages/about.md": page, "static/a.svg": "<svg/>", "articles/a.md": article("A")},
    )
    with Session() as session:
        report = build_site(site, session=session)
        assert unshown(report) == ["image.crop", "motto"]
        (warning,) = report.problems
        assert str(warning.location) == "pages/about.md"
        assert '"motto" (1 file)' in warning.message

        text = "{{ standalone_page(page.document).extra.motto }}"
        write(site, {"templates/page.html": f"<h1>{{{{ page.url }}}}</h1>{text}"})
        assert unshown(build_site(site, session=session)) == ["image.crop"]
        write(site, {"pages/about.md": "---\ntitle: About\nmotto: Tides\n---\n\nUs.\n"})
        now = build_site(site, session=session, changed=["pages/about.md"])
        assert unshown(now) == []
