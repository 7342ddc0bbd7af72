"""What each page of a preview says."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.flow.session import Session
from sitegen.render.preview_notice import ROBOTS, with_preview_notice
from tests.sitefactory import NO_SEARCH, article, build_site, make_site, pages, tree, write

NOTICE = '<aside lang="en"><p><span class="badge">A &amp; B</span></p></aside>'


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        (
            "<!doctype html><html><head><title>x</title><body class=a>y",
            f"<!doctype html><html><head>\n{ROBOTS}<title>x</title><body class=a>\n{NOTICE}y",
        ),
        (
            "<!DOCTYPE html>\n<html lang=en><title><body></title><BODY>y",
            f"<!DOCTYPE html>\n<html lang=en>\n{ROBOTS}<title><body></title><BODY>\n{NOTICE}y",
        ),
        ("<!doctype html><p>y", f"<!doctype html>\n{ROBOTS}<p>y\n{NOTICE}"),
        ("<!-- <head> --><head>", f"<!-- <head> --><head>\n{ROBOTS}\n{NOTICE}"),
        ("y", f"\n{ROBOTS}y\n{NOTICE}"),
    ],
)
def test_where_it_stands(page: str, marked: str) -> None:
    """First in head and body, be their tags there or not."""
    assert with_preview_notice(page, "A & B", "en") == marked


@pytest.mark.parametrize(
    ("page", "lang", "attributes"),
    [
        ("<html lang=ar dir=RTL><body>", "ar", 'lang="ar"'),
        ('<html lang="en"><body>', "ar", 'lang="ar" dir="rtl"'),
        ('<html lang="he" dir="rtl"><body>', "en", 'lang="en" dir="ltr"'),
    ],
)
def test_it_says_its_direction_where_the_page_has_another(
    page: str, lang: str, attributes: str
) -> None:
    """Words of one direction on a page of the other one are not turned round."""
    assert f"<aside {attributes}><p>" in with_preview_notice(page, "x", lang)


def test_a_site_that_becomes_a_preview_and_back(tmp_path: Path) -> None:
    """After each change of the setting the output is that of a clean build."""
    site = make_site(tmp_path / "site", {"flood.md": article()})
    with Session() as session:
        build_site(site, session=session)
        before = tree(site / "output")
        write(site, {"sitegen.toml": f"{NO_SEARCH}[hosting]\npreview = true\n"})
        build_site(site, session=session)
        shown = {path: text for path, text in pages(site).items() if path.endswith(".html")}
        assert not [path for path, text in shown.items() if ROBOTS not in text]
        clean = tmp_path / "clean"
        build_site(site, output=clean, state=tmp_path / "state")
        assert tree(site / "output") == tree(clean)

        write(site, {"sitegen.toml": NO_SEARCH})
        build_site(site, session=session)
        assert tree(site / "output") == before
