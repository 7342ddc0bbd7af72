"""The menus of `[[navigation.NAME]]`, checked."""

from __future__ import annotations

import tomllib

import pytest

from sitegen.config.loading import from_table
from sitegen.config.settings import NavigationItem
from sitegen.model.errors import SitegenError

NESTED = """[[navigation.header]]
label = "A"
page = "a.md"
children = [{ label = "B", children = [{ label = "C", children = [{ page = "d.md" }] }] }]
"""


def told(text: str) -> list[str]:
    """Return what is wrong with a configuration: places and messages."""
    with pytest.raises(SitegenError) as caught:
        from_table(tomllib.loads(text), text=text)
    return [f"{item.location}: {item.message}" for item in caught.value.problems]


def test_menus_are_lists_of_entries_in_their_order() -> None:
    """Each table of the list is an entry; those below it are tables, too."""
    text = """
[[navigation.header]]
category = "Town"
[[navigation.header]]
label = "About"
children = [{ page = "about.md" }, { url = "https://example.com/", label = "More", rel = "me" }]
[[navigation.mine]]
page = "contact.md"
"""
    config = from_table(tomllib.loads(text), text=text)
    assert dict(config.navigation) == {
        "header": (
            NavigationItem(category="Town"),
            NavigationItem(
                label="About",
                children=(
                    NavigationItem(page="about.md"),
                    NavigationItem(url="https://example.com/", label="More", rel="me"),
                ),
            ),
        ),
        "mine": (NavigationItem(page="contact.md"),),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[[navigation.header]]\npage = "a.md"\nurl = "/a/"\nlabel = "A"',
            'sitegen.toml:3:1: an entry of a menu leads to one place, not to "page" and "url"',
        ),
        (
            '[[navigation.header]]\nlabel = "A"',
            "sitegen.toml:1:3: an entry of a menu leads nowhere",
        ),
        (
            '[[navigation.header]]\nurl = "/a/"',
            'sitegen.toml:2:1: the entry for "/a/" has no label',
        ),
        (
            '[[navigation.header]]\nlabel = "A"\nurl = "javascript:alert(1)"',
            'sitegen.toml:3:1: "javascript:alert(1)" is not an address',
        ),
        (
            NESTED,
            "sitegen.toml:4:1: menus are nested more than 3 deep",
        ),
        (
            '[[navigation.header]]\npgae = "a.md"',
            'sitegen.toml:2:1: unknown key "navigation.header.pgae"',
        ),
        (
            '[navigation]\nheader = "a.md"',
            (
                'sitegen.toml:2:1: "navigation.header" must be a list of tables, '
                '[[navigation.header]], not "a.md"'
            ),
        ),
        (
            "[[navigation.header]]\npage = 1",
            'sitegen.toml:2:1: "navigation.header.page" must be text in quotes, not 1',
        ),
    ],
)
def test_mistakes_are_told_at_their_line(text: str, message: str) -> None:
    """What cannot be is told with the line where it stands, and nothing else is."""
    assert told(text) == [message]
