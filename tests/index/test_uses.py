"""Which articles have something is the same however often some of them were exchanged."""

from __future__ import annotations

from random import Random

from sitegen.index.change import Change
from sitegen.index.uses import Uses, exchanged
from sitegen.model.documents import AnyEntry, Entry, OwnKey
from tests.entries import entry

KICKER, LAYOUT, PHOTO = OwnKey("kicker"), OwnKey("layout"), OwnKey("photo", "author")


def keys_of(entry: AnyEntry) -> tuple[OwnKey, ...]:
    """Return the keys of an entry."""
    return entry.own_keys


def with_keys(name: str, *keys: OwnKey) -> Entry:
    """Return an entry whose front matter has these keys."""
    return entry(name)._replace(own_keys=keys)


def test_exchanges_one_by_one_and_at_once_come_to_the_same() -> None:
    """Which articles have a key is the same however often it was exchanged."""
    random = Random(7)  # noqa: S311 - for edits
    keys = (KICKER, LAYOUT, PHOTO)
    shown: dict[str, Entry] = {}
    uses: Uses[OwnKey] = exchanged({}, Change((), ()), keys_of)
    for step in range(400):
        name = f"n{random.randrange(60):02}"
        old = shown.pop(name, None)
        new = with_keys(name, *random.sample(keys, random.randrange(4))) if step % 5 else None
        if new:
            shown[name] = new
        uses = exchanged(uses, Change((old,) if old else (), (new,) if new else ()), keys_of)

    assert uses == exchanged({}, Change((), tuple(shown.values())), keys_of)
    assert all(list(ids) == sorted(ids) and ids for ids in uses.values())


def test_a_key_that_stays_costs_nothing() -> None:
    """An edit that leaves an article's keys alone leaves the value that they are counted in."""
    one = with_keys("a", KICKER)
    uses = exchanged({}, Change((), (one, with_keys("b", KICKER))), keys_of)

    assert exchanged(uses, Change((one,), (one._replace(article_digest=b"x"),)), keys_of) is uses
