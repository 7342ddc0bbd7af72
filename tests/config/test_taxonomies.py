"""The tables of `[taxonomies]`, completed and checked."""

from __future__ import annotations

import tomllib

import pytest

from sitegen.config.loading import from_table
from sitegen.config.settings import PRESETS, Config
from sitegen.model.errors import SitegenError


def config_of(text: str) -> Config:
    """Return the configuration that a TOML text says."""
    return from_table(tomllib.loads(text), text=text)


def told(text: str) -> list[str]:
    """Return what is wrong with a configuration: places and messages."""
    with pytest.raises(SitegenError) as caught:
        config_of(text)
    return [f"{item.location}: {item.message}" for item in caught.value.problems]


def test_presets_are_there_by_themselves() -> None:
    """Without a word, there are categories, tags, authors and series."""
    assert config_of("").taxonomies == PRESETS == Config().taxonomies


def test_own_taxonomy_has_defaults_from_its_name() -> None:
    """Key, address and title of a taxonomy follow from its name."""
    place = config_of("[taxonomies.home_town]").taxonomies["home_town"]
    assert (place.key, place.url) == ("home_town", "/home_town/{slug}/")
    assert (place.title, place.label) == ("Home town", "Home town")
    named = config_of('[taxonomies.place]\ntitle = "Places"').taxonomies["place"]
    assert (named.title, named.label) == ("Places", "Places")


@pytest.mark.parametrize(
    ("text", "name", "key", "value"),
    [
        ('[urls]\ntag = "/t/{slug}/"', "tag", "url", "/t/{slug}/"),
        ('[taxonomies.tag]\nurl = "/t/{slug}/"', "tag", "url", "/t/{slug}/"),
        ('[feeds]\ncategories = ["rss"]', "category", "feeds", ("rss",)),
        ("[taxonomies.author]\nfeeds = []", "author", "feeds", ()),
        ("[taxonomies.series]\nmany = true", "series", "many", True),
    ],
)
def test_presets_can_be_set(text: str, name: str, key: str, value: object) -> None:
    """`[urls]` and `[feeds]` spell what `[taxonomies]` can say of presets; all else stays."""
    taxonomies = config_of(text).taxonomies
    assert getattr(taxonomies[name], key) == value
    assert [other for other in PRESETS if taxonomies[other] != PRESETS[other]] == [name]


def test_switched_off() -> None:
    """A taxonomy that is switched off is not there."""
    text = "[taxonomies.tag]\nenabled = false\n[taxonomies.series]\nenabled = false"
    assert list(config_of(text).taxonomies) == ["category", "author"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[urls]\ntag = "/t/{slug}/"\n[taxonomies.tag]\nurl = "/x/{slug}/"',
            'sitegen.toml:4:1: "taxonomies.tag.url" says what "urls.tag" says already',
        ),
        (
            "[taxonomies.category]\nenabled = false",
            'sitegen.toml:2:1: "enabled" cannot be set for the taxonomy "category"',
        ),
        (
            '[taxonomies."Ort 1"]',
            'sitegen.toml:1:2: "Ort 1" cannot be the name of a taxonomy',
        ),
        ("[taxonomies.year]", 'sitegen.toml:1:2: "year" cannot be the name of a taxonomy'),
        (
            '[taxonomies.place]\nkey = "title"',
            'sitegen.toml:2:1: "title" already is a key of front matter',
        ),
        (
            '[taxonomies.a]\nkey = "x"\n[taxonomies.b]\nkey = "X"',
            'sitegen.toml:4:1: "X" is the key of the taxonomy "a" already',
        ),
        (
            '[taxonomies.place]\nurl = "/place/"',
            'sitegen.toml:2:1: invalid pattern "/place/": it must contain {slug}',
        ),
        ('[taxonomies.place]\nfeeds = ["atum"]', 'sitegen.toml:2:1: unknown format "atum"'),
        (
            "[taxonomies.place]\nper_page = -1",
            'sitegen.toml:2:1: "taxonomies.place.per_page" must be at least 0',
        ),
        (
            "[taxonomies.place]\ntre = true",
            'sitegen.toml:2:1: unknown key "taxonomies.place.tre"',
        ),
    ],
)
def test_mistakes_are_told_at_their_line(text: str, message: str) -> None:
    """What cannot be is told with the line where it stands, and nothing else is."""
    assert told(text) == [message]
