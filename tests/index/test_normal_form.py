"""One name in two Unicode forms: as a disk, an editor and an address write it."""

import unicodedata
from pathlib import Path

import pytest

from sitegen.index.static_files import alike
from sitegen.model.errors import Location, headline
from sitegen.parse.identity import derived_identity, explicit_identity
from tests.entries import NOON, source
from tests.picture_files import png
from tests.sitefactory import Text, article, build_site, make_site, pages, tree, write

CONFIG = 'base_url = "https://example.org/"'


def nfd(text: str) -> str:
    """Return a text as macOS writes the names of files."""
    return unicodedata.normalize("NFD", text)


def nfc(text: str) -> str:
    """Return a text as keyboards write it."""
    return unicodedata.normalize("NFC", text)


def test_a_link_finds_a_file_whatever_the_forms_of_their_names(tmp_path: Path) -> None:
    """Pictures, articles, related ones, originals and static files are found by normal form."""
    body = f"![A](/{nfc('Möwe')}.png) ![B]({nfc('Café')}.png) [C]({nfc('Brücke')}.md#x)"
    tags = {"related": [nfc("Brücke.md")], "image": {"src": nfc("Café.png"), "alt": "Café"}}
    articles: dict[str, Text] = {
        "flood.md": article("Flood", body, **tags),
        f"{nfd('Brücke')}.md": article("Bridge", "Steel."),
        "pont.md": article("Pont", lang="fr", translation_of=nfc("Brücke.md")),
        f"{nfd('Café')}.png": png(40, 30),
    }
    site = make_site(
        tmp_path,
        articles,
        config=CONFIG,
        static={f"{nfd('Möwe')}.png": png(2, 2)},
        templates={"search.html": f"{{{{ asset('{nfc('Möwe')}.png') }}}}"},
    )
    report = build_site(site)
    found = pages(site)

    assert [headline(item) for item in report.problems] == []
    page = found["2024/11/04/flood/index.html"]
    assert 'src="/M%C3%B6we.png"' in page
    assert 'alt="B" src="/Caf%C3%A9.png"' in page
    assert 'href="/2024/11/04/br%C3%BCcke/#x"' in page
    assert 'width="40" height="30"' in page
    assert "/2024/11/04/br%C3%BCcke/" in page.partition('id="page-related"')[2]
    assert 'hreflang="fr"' in found[f"2024/11/04/{nfc('brücke')}/index.html"]
    assert found["search/index.html"].startswith("/M%C3%B6we.")
    assert {nfc("Café.png"), nfc("Möwe.png")} <= tree(site / "output").keys()


def test_an_article_in_another_form_comes_and_goes(tmp_path: Path) -> None:
    """Pages that link to it, recommend it or are its versions follow it."""
    bridge, name = article("Bridge", "Steel."), f"articles/{nfd('Brücke')}.md"
    hidden = article("Bridge", "Steel.", draft=True)
    articles = {
        "link.md": article("Link", f"[C]({nfc('Brücke')}.md)"),
        "like.md": article("Like", related=[nfc("Brücke.md")]),
        "pont.md": article("Pont", lang="fr", translation_of=nfc("Brücke.md")),
        "brug.md": article("Brug", lang="nl", translation_of=nfd("Brücke.md")),
    }
    site = make_site(tmp_path / "site", articles, config=CONFIG, files={name: hidden})
    build_site(site)
    clean = make_site(tmp_path / "clean", articles, config=CONFIG)
    gone = {"articles/pont.md": None, "articles/brug.md": None}
    for now in (
        {name: bridge},
        {name: bridge.replace("Bridge", "The bridge")},
        {name: hidden},
        {name: bridge},
        {name: None, **gone},
    ):
        write(site, now)
        write(clean, now)
        build_site(site)
        build_site(clean, clean=True)

        assert tree(site / "output") == tree(clean / "output")


@pytest.mark.parametrize("form", [nfc, nfd])
def test_addresses_are_the_same_in_both_forms(tmp_path: Path, form: object) -> None:
    """`url`, `aliases` and `[redirects]` give one address, in whatever form they are written."""
    assert callable(form)
    site = make_site(
        tmp_path,
        {"a.md": article(url=form("/größe/"), aliases=[form("/früher/")])},
        config=f'[redirects]\n"{form("/älter/")}" = "{form("/größe/")}"',
    )
    report = build_site(site)

    assert report.problems == ()
    assert {f"{nfc(name)}/index.html" for name in ("größe", "früher", "älter")} <= pages(
        site
    ).keys()


def test_an_identity_is_the_same_in_both_forms() -> None:
    """The name of a file and a written `id` give one identity, in whatever form they are."""
    for text in ("größe", "https://example.org/größe"):
        assert explicit_identity(nfd(text), "x.org") == explicit_identity(nfc(text), "x.org")
    derived = [derived_identity(form("größe"), NOON, "", "x.org") for form in (nfc, nfd)]
    assert derived[0] == derived[1]


def test_files_that_differ_in_form_alone_are_told() -> None:
    """Their names look the same, so that the message spells out where they differ."""
    names = [f"static/{form('é')}.png" for form in (nfc, nfd)]
    (found,) = alike({path: source(path) for path in (*names, "static/e.png", "static/ü.png")})

    assert found.severity == "warning"
    assert found.location == Location(nfd("static/é.png"))
    assert found.message == (
        "2 files have one name, in different forms of Unicode: "
        r'"static/\xe9.png", "static/e\u0301.png"'
    )
