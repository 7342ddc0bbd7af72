"""What a worker sends back of a page."""

from __future__ import annotations

import pickle

import pytest

from sitegen.cache.tables import Written
from sitegen.cache.trace import Answer, make_trace
from sitegen.output.staging import Staged
from sitegen.queries import SHARED
from sitegen.render.pages import Page

STAGED = Staged(
    "news/index.html", Written(b"digest", 5, 1, 2, 3), "tmp/new/news/index.html", "news"
)


@pytest.mark.parametrize("staged", [STAGED, STAGED._replace(beside=None, within=""), None])
@pytest.mark.parametrize("data", [b"<p>", None])
def test_a_page_arrives_as_it_was_sent(staged: Staged | None, data: bytes | None) -> None:
    """A page from another process says all that it said there."""
    asked = {
        ("setting", "title"): Answer("News", b"1", ("News",)),
        ("listing", "tag", "flood", 2): Answer(None, b"2", ("articles/a.md", "articles/b.md")),
        ("link", "articles/a.md"): Answer("/a/", b"3"),
    }
    page = Page(make_trace(b"digest", asked, {}, SHARED), data, staged)
    arrived: Page = pickle.loads(pickle.dumps(page))  # noqa: S301 - our own, just made
    assert arrived == page
    assert type(arrived.staged) is type(staged)
    assert arrived.staged is None or type(arrived.staged.written) is Written
