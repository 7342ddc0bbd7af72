"""The shortcode `gallery`: pictures of the text, by their names, or of a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.flow.session import Session
from sitegen.model.errors import SitegenError
from tests.sitefactory import article, build_site, make_site, pages, write

PAGE = "2024/11/04/a/index.html"


def drawing(width: int = 30, height: int = 20) -> str:
    """Return a picture of a size."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"/>'


def gallery_site(folder: Path, body: str, *, base: str = "") -> Path:
    """Return a site with an article, and pictures beside it and in a folder."""
    pictures = {
        "sea.svg": drawing(),
        "tall.svg": drawing(20, 30),
        "harbour/10.svg": drawing(),
        "harbour/9.svg": drawing(40, 20),
        "harbour/deep/x.svg": drawing(),
        "harbour/notes.txt": "not for readers",
        "unused.svg": drawing(),
    }
    config = f'base_url = "{base}"' if base else ""
    return make_site(folder / "site", {"a.md": article("A", body), **pictures}, config=config)


def drawings(site: Path) -> set[str]:
    """Return the pictures that are published, but for the icon."""
    return {path for path in pages(site) if path.endswith(".svg") and "icon" not in path}


def gallery(html: str) -> str:
    """Return the pictures of the first gallery of a page."""
    return html.partition('<ul class="gallery-pictures">\n')[2].partition("</ul>")[0]


def test_pictures_of_the_text(tmp_path: Path) -> None:
    """Each is a link to itself, with its size, the class of its ratio and its caption."""
    body = "{{< gallery >}}\n![The sea](sea.svg) At *dawn*.\n\n![](tall.svg)\n{{< /gallery >}}"
    site = gallery_site(tmp_path, body)
    build_site(site)

    assert gallery(pages(site)[PAGE]) == (
        '<li class="gallery-15"><figure>\n'
        '<a href="/sea.svg"><img src="/sea.svg" alt="The sea" width="30" height="20"'
        ' loading="lazy" decoding="async"></a>\n'
        "<figcaption>At <em>dawn</em>.</figcaption>\n</figure></li>\n"
        '<li class="gallery-7"><figure>\n'
        '<a href="/tall.svg" aria-label="2 of 2"><img src="/tall.svg" alt="" width="20"'
        ' height="30" loading="lazy" decoding="async"></a>\n</figure></li>\n'
    )


def test_pictures_by_name_are_published(tmp_path: Path) -> None:
    """`files` names several; one that does not exist is told like any other picture."""
    site = gallery_site(tmp_path, '{{< gallery files="sea.svg tall.svg" >}}')
    build_site(site)
    assert gallery(pages(site)[PAGE]).count("<li ") == 2
    assert drawings(site) == {"sea.svg", "tall.svg"}

    write(site, {"articles/a.md": article("A", 'X.\n\n{{< gallery files="sea.svg gone.svg" >}}')})
    (problem,) = build_site(site).problems
    assert str(problem.location) == "articles/a.md:8"
    assert problem.message == 'the image "gone.svg" leads nowhere'


def test_pictures_of_a_folder(tmp_path: Path) -> None:
    """In the order of their names, counted; whatever else lies in the folder is not published."""
    site = gallery_site(tmp_path, '{{< gallery folder="harbour" >}}')
    with Session() as session:
        build_site(site, session=session)
        found = gallery(pages(site)[PAGE])
        assert found.index("/harbour/9.svg") < found.index("/harbour/10.svg")
        assert drawings(site) == {"harbour/10.svg", "harbour/9.svg"}
        assert "harbour/notes.txt" not in pages(site)

        write(site, {"articles/harbour/11.svg": drawing(), "articles/unused.svg": drawing(1, 1)})
        assert set(build_site(site, session=session).rendered) == {PAGE}
        write(site, {f"articles/harbour/{name}.svg": None for name in (9, 10, 11)})
        with pytest.raises(SitegenError, match="the gallery has no pictures"):
            build_site(site, session=session)


def test_a_folder_of_an_article_that_is_not_public_is_not_published(tmp_path: Path) -> None:
    """Its pictures come out with it; static ones, too, that nothing else shows."""
    body = '{{< gallery folder="harbour" >}}\n\n{{< gallery folder="/photos/" >}}'
    site = make_site(
        tmp_path / "site",
        {"a.md": article("A", body, publish="2024-11-06 08:00"), "harbour/1.svg": drawing()},
        static={"photos/2.svg": drawing()},
    )
    build_site(site)
    assert not {"harbour/1.svg", "photos/2.svg"} & pages(site).keys()
    build_site(site, drafts=True)
    assert {"harbour/1.svg", "photos/2.svg"} <= pages(site).keys()


def test_words_that_are_no_caption_are_told(tmp_path: Path) -> None:
    """At the line of the gallery: they would be lost."""
    site = gallery_site(tmp_path, "X.\n\n{{< gallery >}}\nLost.\n\n![](sea.svg)\n{{< /gallery >}}")
    with pytest.raises(SitegenError) as caught:
        build_site(site)
    (problem,) = caught.value.problems
    assert str(problem.location) == "articles/a.md:8:1"
    assert problem.message == 'these words belong to no picture: "Lost."'


def test_feeds_get_figures(tmp_path: Path) -> None:
    """With full addresses, and without what works on a page alone."""
    body = '{{< gallery files="sea.svg" caption="By" credit="Ann" >}}'
    site = gallery_site(tmp_path, body, base="https://example.org/")
    build_site(site)

    content = pages(site)["feed.json"]
    assert '<figure><img src=\\"https://example.org/sea.svg\\"' in content
    assert "<p>By Ann</p>" in content
    assert '<link rel=\\"stylesheet' not in content
