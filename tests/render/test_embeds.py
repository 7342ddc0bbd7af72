"""The shortcodes for films, recordings, maps and posts: what they show, and what they refuse."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import feedparser
import pytest

from sitegen.model.errors import Problem, SitegenError
from tests.sitefactory import article, build_site, make_site, pages, write

PAGE = "2024/11/04/a/index.html"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>'
BARE = {"article.html": "{{ body(page.article) }}", "front.html": "", "base.html": ""}
"""Templates of a site that shows nothing but texts."""
ID = "dQw4w9WgXcQ"


def embed_site(folder: Path, body: str, **more: Any) -> Path:
    """Return a site with an article with the text `body`, and files beside it."""
    files = {"still.svg": DRAWING, "f.webm": "film", "b.ogg": "bell", "f.vtt": "WEBVTT"}
    return make_site(
        folder / "site", {"a.md": article("A", body), **files}, **{"templates": BARE, **more}
    )


def shown(site: Path) -> str:
    """Return what the article's page holds, without the fingerprints of the theme's files."""
    build_site(site)
    return re.sub(r"\.[0-9a-f]{8}\.", ".", pages(site)[PAGE])


def refused(site: Path) -> tuple[Problem, ...]:
    """Return what is wrong with a site."""
    with pytest.raises(SitegenError) as caught:
        build_site(site)
    return caught.value.problems


def frame(html: str) -> str:
    """Return the address of the frame that a click puts in."""
    (address,) = re.findall('data-frame="([^"]*)"', html)
    return str(address)


LOADED = (
    '<link rel="stylesheet" href="/css/embeds.css">\n'
    '<script type="module" src="/js/embeds.js"></script>\n'
)
PLAY = (
    '<svg class="embed-sign" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">'
    '<path d="m17 12 20 12-20 12Z"/></svg>'
)
NOTICE = (
    "Nothing is loaded from YouTube before a click."
    " After one, it learns your internet address and what you look at."
)


def test_a_film_is_a_link_with_a_picture_of_this_site(tmp_path: Path) -> None:
    """Title and service are words, the picture has its size, and a sentence says who gets what."""
    body = f'{{{{< youtube id="{ID}" title="A & B" image="still.svg" caption="C" credit="D" >}}}}'

    assert shown(embed_site(tmp_path, body)) == (
        '<figure class="embed embed-video" data-frame="https://www.youtube-nocookie.com/embed/'
        f'{ID}?autoplay=1" data-title="A &amp; B">\n{LOADED}'
        f'<a class="embed-open" href="https://www.youtube.com/watch?v={ID}">'
        '<span class="embed-stage has-picture"><img loading="lazy" decoding="async"'
        f' src="/still.svg" width="30" height="20" alt="">{PLAY}</span>'
        ' <span class="embed-title">A &amp; B</span>'
        ' <span class="embed-service">Video on YouTube</span></a>\n'
        '<figcaption>C <span class="credit">D</span>'
        f' <span class="embed-notice">{NOTICE}</span></figcaption>\n</figure>\n'
    ).rstrip("\n")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (f"youtube {ID}", f"youtube-nocookie.com/embed/{ID}?autoplay=1"),
        (f"youtube -w{ID[2:]}", f"youtube-nocookie.com/embed/-w{ID[2:]}?autoplay=1"),
        (f"youtube {ID} start=90", f"{ID}?autoplay=1&amp;start=90"),
        (
            f'youtube "https://www.youtube.com/watch?list=x&v={ID}&t=1m5s"',
            f"{ID}?autoplay=1&amp;start=65",
        ),
        (f'youtube "https://youtu.be/{ID}?t=42"', f"{ID}?autoplay=1&amp;start=42"),
        (f'youtube "https://m.youtube.com/shorts/{ID}/"', f"{ID}?autoplay=1"),
        (
            f'youtube "https://www.youtube-nocookie.com/embed/{ID}?start=7"',
            f"{ID}?autoplay=1&amp;start=7",
        ),
        ("vimeo 146022717", "player.vimeo.com/video/146022717?dnt=1&amp;autoplay=1"),
        (
            'vimeo id="https://vimeo.com/146022717/ab12" start=9',
            "146022717?dnt=1&amp;autoplay=1&amp;h=ab12#t=9s",
        ),
        (
            'vimeo "https://player.vimeo.com/video/146022717?h=ab12"',
            "146022717?dnt=1&amp;autoplay=1&amp;h=ab12",
        ),
        (
            'vimeo "https://vimeo.com/channels/tide/146022717"',
            "video/146022717?dnt=1&amp;autoplay=1",
        ),
        (
            "map lat=50.37 lon=-4.14 zoom=15",
            "bbox=-4.152875,50.369356,-4.127125,50.370644&amp;layer=mapnik&amp;marker=50.37,-4.14",
        ),
        ('map bbox="-4.2,50.3,-4.1,50.4" unmarked', "bbox=-4.2,50.3,-4.1,50.4&amp;layer=mapnik"),
    ],
)
def test_ids_and_addresses_are_understood(tmp_path: Path, given: str, expected: str) -> None:
    """A film is named by its id or by any address that its page shows; a map by place or part."""
    found = frame(shown(embed_site(tmp_path, f"{{{{< {given} >}}}}")))

    assert found.startswith("https://")
    assert found.endswith(expected)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("youtube", 'the shortcode "youtube" needs a value'),
        ("youtube dQw4w9WgXc", '"dQw4w9WgXc" is not the id of a film on YouTube'),
        ("youtube dQw4w9WgXcé", '"dQw4w9WgXcé" is not the id of a film on YouTube'),
        (f'youtube "https://notyoutube.com/{ID}"', "is not the id of a film on YouTube"),
        (f'youtube "https://youtube.com@evil.example/{ID}"', "is not the id of a film on YouTube"),
        ("vimeo abc", '"abc" is not the id of a film on Vimeo'),
        ("vimeo \u0661\u0662", "is not the id of a film on Vimeo"),
        ('vimeo "https://vimeo.com/1/a%22b"', "is not the id of a film on Vimeo"),
        ("map", 'the shortcode "map" has no "lat"'),
        ("map lat=north lon=1", '"north" and "1" are not the latitude and longitude'),
        ("map lat=nan lon=1", "are not the latitude and longitude of a place"),
        ("map lat=91 lon=1", "are not the latitude and longitude of a place"),
        ("map lat=1 lon=1 zoom=20", '"zoom" must be a number from 0 to 19, not "20"'),
        ('map bbox="1,2,3"', '"1,2,3" is not a part of a map'),
        ('map bbox="3,2,1,4"', '"3,2,1,4" is not a part of a map'),
        ('audio src="b.ogg" transcript="JavaScript:alert(1)"', "is a script, not an address"),
        ('post url="example.social/@ann/1" ', "is not the address of a post"),
        ('post url="javascript://example.social/%0aalert(1)" ', "is not the address of a post"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(tmp_path: Path, given: str, message: str) -> None:
    """An id that cannot be one would be a grey box with an error in another site's words."""
    closing = "x\n{{< /post >}}" if given.startswith("post") else ""
    (problem,) = refused(embed_site(tmp_path, f"One.\n\n{{{{< {given} >}}}}\n{closing}"))

    assert str(problem.location) == "articles/a.md:8:1"
    assert message in problem.message
    assert problem.hint


def test_a_post_is_quoted_and_linked(tmp_path: Path) -> None:
    """Nothing but the article's own words is shown, and nothing is loaded."""
    post = '{{{{< post url="{}" {} >}}}}\nIt is *wet*.\n{{{{< /post >}}}}\n\n'
    body = post.format("https://example.social/@ann/1", 'author="Ann" date="2024-11-04 09:00"')
    body += post.format("https://bsky.app/profile/ann.example/post/3k", "")
    html = shown(embed_site(tmp_path, body))

    assert '<blockquote cite="https://example.social/@ann/1">' in html
    assert "<p>It is <em>wet</em>.</p>" in html
    assert (
        '<cite>Ann</cite> <span class="post-name">@ann@example.social</span>'
        ' <a href="https://example.social/@ann/1">Mastodon,'
        ' <time datetime="2024-11-04T09:00:00+00:00">Nov 4, 2024</time></a>'
    ) in html
    assert (
        "<cite>@ann.example</cite>"
        ' <a href="https://bsky.app/profile/ann.example/post/3k">Bluesky</a>'
    ) in html
    assert "<script" not in html


def test_a_film_of_our_own(tmp_path: Path) -> None:
    """It has the size of its poster, captions, and the text between the tags as transcript."""
    given = 'video src="f.webm" poster="still.svg" vtt="f.vtt" title="T" caption="C"'
    site = embed_site(tmp_path, f"{{{{< {given} >}}}}\nSaid *so*.\n{{{{< /video >}}}}")

    assert " ".join(shown(site).split()) == (
        '<figure class="media media-video">'
        ' <link rel="stylesheet" href="/css/embeds.css">'
        ' <video controls preload="none" src="/f.webm" aria-label="T" playsinline width="30"'
        ' height="20" poster="/still.svg">'
        ' <track kind="captions" src="/f.vtt" srclang="en" label="English" default> </video>'
        ' <figcaption><strong>T</strong> C <details class="media-transcript">'
        " <summary>Transcript</summary> <p>Said <em>so</em>.</p> </details> </figcaption>"
        " </figure>"
    )
    assert {"f.webm", "f.vtt", "still.svg"} <= pages(site).keys()


def test_a_file_that_is_missing_is_told_like_a_link(tmp_path: Path) -> None:
    """Its words stay, and the player appears with the file."""
    site = embed_site(tmp_path, 'One.\n\n{{< audio src="gone.ogg" title="Bell" >}}')
    (problem,) = build_site(site).problems
    assert str(problem.location) == "articles/a.md:8"
    assert '"gone.ogg"' in problem.message
    assert "<audio" not in pages(site)[PAGE]
    assert "Bell" in pages(site)[PAGE]

    write(site, {"articles/gone.ogg": "bell"})
    report = build_site(site)
    assert (report.problems, list(report.rendered)) == ((), [PAGE])
    assert '<audio controls preload="none" src="/gone.ogg" aria-label="Bell">' in pages(site)[PAGE]


def test_feeds_get_link_picture_and_title(tmp_path: Path) -> None:
    """With full addresses; no player, no script, no sentence about a click that there is not."""
    body = (
        f'{{{{< youtube id={ID} title="High water" image="still.svg" >}}}}\n\n'
        '{{< map lat=50.37 lon=-4.14 title="Quay" >}}\n\n'
        '{{< video src="f.webm" poster="still.svg" title="Film" >}}\n\n'
        '{{< audio src="b.ogg" >}}\n\n'
        '{{< post url="https://example.social/@ann/1" >}}\nWet.\n{{< /post >}}'
    )
    site = embed_site(tmp_path, body, config='base_url = "https://example.org/"', templates={})
    build_site(site)
    (entry,) = feedparser.parse(pages(site)["feed.xml"]).entries
    html = entry.content[0].value

    assert f'<a href="https://www.youtube.com/watch?v={ID}"><img alt="" ' in html
    assert html.count('src="https://example.org/still.svg"') == 2
    assert "High water (YouTube)</a>" in html
    assert "Quay (OpenStreetMap)</a>" in html
    assert '<a href="https://example.org/f.webm"><img alt="" ' in html
    assert '<a href="https://example.org/b.ogg">Recording</a>' in html
    assert '<blockquote cite="https://example.social/@ann/1">' in html
    types = [item.type for item in entry.enclosures]
    assert types == ["video/webm", "audio/ogg"]
    (item,) = feedparser.parse(pages(site)["rss.xml"]).entries
    (enclosure,) = item.enclosures
    assert (enclosure.href, enclosure.length) == ("https://example.org/f.webm", "4")
    found = pages(site)["feed.json"]
    assert '"url": "https://example.org/b.ogg", "mime_type": "audio/ogg"' in found
    assert not re.search("<script|<iframe|<link|<video|<audio|data-frame=|click", found)
