"""Keys of front matter that mean nothing to sitegen: counted as articles come and go."""

from __future__ import annotations

from random import Random

from sitegen.index.change import Change
from sitegen.index.own_keys import UnshownKey, exchanged, unshown, unshown_warning
from sitegen.model.documents import Entry, OwnKey
from tests.entries import entry

KICKER, LAYOUT, PHOTO = OwnKey("kicker"), OwnKey("layout"), OwnKey("photo", "author")


def with_keys(name: str, *keys: OwnKey) -> Entry:
    """Return an entry whose front matter has these keys."""
    return entry(name)._replace(own_keys=keys)


def test_exchanges_one_by_one_and_at_once_come_to_the_same() -> None:
    """Which articles have a key is the same however often it was exchanged."""
    random = Random(7)  # noqa: S311 - for edits
    keys = (KICKER, LAYOUT, PHOTO)
    shown: dict[str, Entry] = {}
    uses = exchanged({}, Change((), ()))
    for step in range(400):
        name = f"n{random.randrange(60):02}"
        old = shown.pop(name, None)
        new = with_keys(name, *random.sample(keys, random.randrange(4))) if step % 5 else None
        if new:
            shown[name] = new
        uses = exchanged(uses, Change((old,) if old else (), (new,) if new else ()))

    assert uses == exchanged({}, Change((), tuple(shown.values())))
    assert all(list(ids) == sorted(ids) and ids for ids in uses.values())


def test_a_key_that_stays_costs_nothing() -> None:
    """An edit that leaves an article's keys alone leaves the value that they are counted in."""
    one = with_keys("a", KICKER)
    uses = exchanged({}, Change((), (one, with_keys("b", KICKER))))

    assert exchanged(uses, Change((one,), (one._replace(article_digest=b"x"),))) is uses


def test_what_no_page_reads_is_unshown() -> None:
    """Keys of most articles come first; those that are read, and those asked to be, are left out.

    A part of a table of ours is read by no template, whatever it reads of `extra`.
    """
    uses = {KICKER: ("a",), LAYOUT: ("a", "b"), PHOTO: ("b",)}

    def names(read: set[str] | None, *quiet: str) -> list[str]:
        return [str(item.key) for item in unshown(uses, read, quiet)]

    assert names(set()) == ["layout", "author.photo", "kicker"]
    assert names({"layout", "photo"}) == ["author.photo", "kicker"]
    assert names(None) == ["author.photo"]
    assert names(set(), "Layout", "author.photo") == ["kicker"]


def test_one_warning_names_a_few_keys() -> None:
    """All keys together are one warning: three by name, at the first article, the rest counted."""
    keys = [
        UnshownKey(OwnKey("layout"), ("articles/a.md", "articles/b.md")),
        UnshownKey(OwnKey("kicker"), ("articles/a.md",)),
        UnshownKey(OwnKey("photo", "author"), ("articles/b.md",)),
        UnshownKey(OwnKey("subtitle"), ("articles/b.md",)),
    ]
    found = unshown_warning(keys)

    assert found is not None
    assert str(found.location) == "articles/a.md"
    assert found.severity == "warning"
    assert found.message == (
        'no page shows "layout" (2 articles), "kicker" (1 article), '
        '"author.photo" (1 article, first articles/b.md) and 1 more key'
    )
    assert unshown_warning([]) is None
