"""Keys of front matter that mean nothing to sitegen: which of them no page shows."""

from __future__ import annotations

from sitegen.index.own_keys import UnshownKey, unshown, unshown_warning
from sitegen.model.documents import OwnKey

KICKER, LAYOUT, PHOTO = OwnKey("kicker"), OwnKey("layout"), OwnKey("photo", "author")


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
