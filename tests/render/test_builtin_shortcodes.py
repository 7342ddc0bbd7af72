"""The shortcodes that the theme has, on pages and in feeds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sitegen.model.errors import SitegenError
from tests.sitefactory import article, build_site, make_site, pages, write

TEMPLATES = {"article.html": "{{ body(page.article) }}", "front.html": ""}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"/>'
PAGE = "2024/11/04/a/index.html"


def site_of(folder: Path, body: str) -> Path:
    """Return a site with an article that has the text `body`, and two others."""
    picture = {"src": "pic.svg", "alt": "A pier"}
    return make_site(
        folder / "site",
        {
            "a.md": article("A", body, tags=["x"]),
            "2024/b.md": article("B", "Text of B.", date="2024-11-03 10:00", tags=["x"]),
            "2024/c.md": article("C", "Text of C.", date="2024-11-02 10:00", image=picture),
            "pic.svg": SVG,
            "2024/pic.svg": SVG,
        },
        config='base_url = "https://example.org/"\ntimezone = "Asia/Tokyo"',
        templates=TEMPLATES,
    )


def shown(folder: Path, body: str) -> str:
    """Return what the page of an article with the text `body` holds, on one line."""
    site = site_of(folder, body)
    assert build_site(site).problems == ()
    return re.sub(r"\s*\n\s*", "", pages(site)[PAGE])


def test_figure(tmp_path: Path) -> None:
    """A picture with its size, a caption, a credit and a link, each escaped."""
    html = shown(
        tmp_path,
        '{{< figure src="pic.svg" alt="<A>" caption="B & C" credit="Ann" link="2024/b.md" >}}\n\n'
        '{{< figure src="pic.svg" wide >}}\n\n'
        '{{< figure src="https://a.example/p.png" width=150 >}}*Here*{{< /figure >}}\n\n'
        '{{< figure src="pic.svg" width=150 >}}',
    )

    one, two, three, four = html.split("</figure>")[:4]
    assert one == (
        '<figure class="figure"><a href="/2024/11/03/b/"><img loading="lazy" decoding="async"'
        ' src="/pic.svg" width="300" height="200" alt="&lt;A&gt;"></a>'
        '<figcaption>B &amp; C <span class="credit">Ann</span></figcaption>'
    )
    assert two.startswith('<figure class="figure is-wide"><img')
    assert "figcaption" not in two
    assert 'src="https://a.example/p.png" alt="" width="150"' in three
    assert "<figcaption><p><em>Here</em></p></figcaption>" in three
    assert 'alt="" width="150" height="100"' in four


def test_pullquote_and_note(tmp_path: Path) -> None:
    """Words set large with who said them; an aside that assistive technology can name."""
    html = shown(
        tmp_path,
        '{{< pullquote by="Ann" >}}The *tide*.{{< /pullquote >}}\n\n'
        '{{< note title="How" >}}\n- a\n{{< /note >}}\n\n{{< note >}}B{{< /note >}}',
    )

    assert html == (
        '<figure class="pullquote"><blockquote><p>The <em>tide</em>.</p></blockquote>'
        "<figcaption>Ann</figcaption></figure>"
        '<aside class="note" aria-label="How"><p class="note-title">How</p>'
        '<ul><li>a</li></ul></aside><aside class="note"><p>B</p></aside>'
    )


def test_update(tmp_path: Path) -> None:
    """What became known later has its time, in the site's zone and pattern."""
    html = shown(tmp_path, '{{< update time="2024-11-05T05:20Z" >}}Dry.{{< /update >}}')

    assert '<time datetime="2024-11-05T14:20:00+09:00">' in html
    assert "14:20</time>" in html
    assert html.endswith("<p>Dry.</p></div>")


def test_card(tmp_path: Path) -> None:
    """A card has headline, picture and summary, and is named as in a link or below articles/."""
    html = shown(tmp_path, '{{< article "2024/c.md" >}}\n\n{{< article "../articles/2024/b.md" >}}')

    one, two = html.split("</aside>")[:2]
    assert '<a href="/2024/11/02/c/">C</a>' in one
    assert '<img src="/2024/pic.svg" alt="A pier" loading="lazy"' in one
    assert "Text of C." in one
    assert '<aside class="card">' in two
    assert '<a href="/2024/11/03/b/">B</a>' in two


def test_related(tmp_path: Path) -> None:
    """The articles that are named, or those that stand below the article anyway."""
    html = shown(tmp_path, '{{< related "2024/c.md" title="More" >}}\n\n{{< related >}}')

    one, two = html.split("</nav>")[:2]
    assert re.findall('<a href="([^"]*)', one) == ["/2024/11/02/c/"]
    assert 'aria-label="More"' in one
    assert re.findall('<a href="([^"]*)', two)[0] == "/2024/11/03/b/"


def test_include(tmp_path: Path) -> None:
    """What a file of includes/ says."""
    site = site_of(tmp_path, '{{< note >}}\n{{< include file="sub/tides.md" >}}\n{{< /note >}}')
    write(site, {"includes/sub/tides.md": "High at *six*."})
    build_site(site)

    assert "<p>High at <em>six</em>.</p>" in pages(site)[PAGE]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{{< figure >}}", 'the shortcode "figure" has no "src"'),
        ('{{< figure src="pic.svg" width=wide >}}', '"wide" is no width in pixels'),
        ("{{< note >}}", 'the shortcode "note" is not closed'),
        (
            '{{< update time="late" >}}x{{< /update >}}',
            '"late" is not a time: "late" cannot be read',
        ),
        ("{{< update >}}x{{< /update >}}", 'the shortcode "update" has no "time"'),
        ("{{< article >}}", 'the shortcode "article" needs a value'),
        ('{{< include file="x.md" >}}', '"x.md" is no Markdown or HTML file of includes/'),
    ],
)
def test_mistakes_are_told_at_the_article(tmp_path: Path, body: str, message: str) -> None:
    """Whatever is given wrongly is told where it is written."""
    with pytest.raises(SitegenError) as caught:
        build_site(site_of(tmp_path, body))

    (problem,) = caught.value.problems
    assert str(problem.location) == "articles/a.md:7:1"
    assert problem.message.startswith(message)


def test_a_page_and_a_term_have_them(tmp_path: Path) -> None:
    """Standalone pages and texts of terms show shortcodes as articles do."""
    site = site_of(tmp_path, "Text.")
    body = '{{< article "2024/b.md" >}}\n\n{{< related >}}\n\n{{< note >}}N{{< /note >}}'
    head = "---\ntitle: About\n---\n"
    write(site, {"pages/about.md": f"{head}{body}", "terms/tag/x.md": f"---\n---\n{body}"})
    write(site, {"templates/page.html": "{{ body(page.document) }}"})

    assert build_site(site).problems == ()
    for page in ("about/index.html", "tag/x/index.html"):
        assert '<aside class="note">' in pages(site)[page]
        assert '<a href="/2024/11/03/b/">B</a>' in pages(site)[page]
