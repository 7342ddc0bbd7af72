"""What a body embeds from other sites: its frames and scripts, by whose they are."""

from __future__ import annotations

import pytest

from sitegen.html.embeds import embeds_of
from sitegen.model.documents import Embed

VIDEO, TWEETS, INLINE = (
    Embed("frame", "https://www.youtube.com"),
    Embed("script", "https://platform.example"),
    Embed("script", ""),
)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<p><iframe src="https://www.youtube.com/embed/a"></iframe></p>', (VIDEO,)),
        ("<IFRAME SRC=//WWW.youtube.com/embed/a></IFRAME>", (VIDEO,)),
        ('<script async src="https://platform.example/w.js"></script>', (TWEETS,)),
        ("<script>alert(1)</script><script type=module>a()</script>", (INLINE,)),
        (
            (
                '<script src="https://platform.example/w.js"></script>'
                '<iframe src="https://www.youtube.com/b"></iframe>'
                '<iframe src="https://www.youtube.com/c"></iframe>'
            ),
            (TWEETS, VIDEO),
        ),
        ('<iframe src="/map/"></iframe><iframe src="data:text/html,a"></iframe>', ()),
        ('<iframe srcdoc="a" src="https://www.youtube.com/"></iframe>', ()),
        ('<script src="/static/a.js"></script>', ()),
        ('<script type="application/ld+json">{}</script>', ()),
        ('<!-- <iframe src="https://www.youtube.com/"></iframe> -->', ()),
        ("<code>&lt;iframe&gt;</code>", ()),
        ('<iframe src="https://[a"></iframe>', ()),
    ],
)
def test_frames_and_scripts_are_found(html: str, found: tuple[Embed, ...]) -> None:
    """Each origin once; nothing of the site itself, of data, or in a comment."""
    assert embeds_of(html) == found
