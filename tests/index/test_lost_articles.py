"""Which articles count as lost, and how many may be."""

from __future__ import annotations

import pytest

from sitegen.index.lost_articles import Loss, PublishedArticles, find_loss

BEFORE = {"tag:a": "/a/", "tag:b": "/b/", "tag:c": "/c/"}


@pytest.mark.parametrize(
    ("urls", "expired", "gone"),
    [
        (BEFORE, (), []),
        ({"tag:a": "/a/", "tag:c": "/c/"}, (), ["/b/"]),
        ({"tag:a": "/2024/a/", "tag:b": "/b/", "new": "/c/"}, (), []),
        ({"tag:a": "/a/"}, ("tag:b",), ["/c/"]),
        ({}, (), ["/a/", "/b/", "/c/"]),
    ],
)
def test_what_is_lost(urls: dict[str, str], expired: tuple[str, ...], gone: list[str]) -> None:
    """It is lost if neither its identity nor its address is there, and it did not expire."""
    found = find_loss(BEFORE, PublishedArticles(urls, frozenset(expired)))

    assert found == Loss(tuple(gone), 3, len(urls))


@pytest.mark.parametrize(
    ("number", "of", "left", "allowed", "refused"),
    [
        (0, 0, 0, "10%", False),
        (1, 1, 0, "10%", True),
        (3, 5, 2, "10%", False),
        (4, 5, 1, "10%", True),
        (4, 40, 36, "10%", False),
        (5, 40, 35, "10%", True),
        (5, 40, 35, "12.5%", False),
        (1, 40, 39, "0%", True),
        (0, 40, 40, "0%", False),
        (40, 40, 0, "100%", False),
        (40, 40, 0, "99%", True),
    ],
)
def test_how_many_may_be(number: int, of: int, left: int, allowed: str, *, refused: bool) -> None:
    """A share, or three in a small site; never the last one, unless any number may go."""
    loss = Loss(tuple(map(str, range(number))), of, left)

    assert loss.exceeds(allowed) is refused


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (Loss(("/a/",), 1, 0), "the only article of old is gone, and no article is left: /a/"),
        (
            Loss(("/a/", "/b/"), 2, 0),
            "all 2 articles of old are gone, and no article is left: /a/, /b/",
        ),
        (
            Loss(("/a/", "/b/", "/c/", "/d/"), 5, 1),
            "4 of the 5 articles of old are gone, more than 10%: /a/, /b/, /c/ and 1 more",
        ),
    ],
)
def test_how_it_is_told(loss: Loss, message: str) -> None:
    """The message counts and names, and the hint says how to allow it."""
    told = loss.problem("of old", "10%", "the key")

    assert told.message == message
    assert told.hint is not None
    assert told.hint.endswith("to allow it always, set the key")
