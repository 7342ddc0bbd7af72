"""Which edition a document belongs to, and what follows from it."""

from __future__ import annotations

import pytest

from sitegen.config.loading import from_table
from sitegen.model.documents import AnyEntry, Entry
from sitegen.parse.parsing import parse

CONFIG = from_table(
    {
        "languages": {
            "ja": {"timezone": "Asia/Tokyo"},
            "zh-Hans": {"folder": "zh_cn", "path": "/cn/"},
            "zh-Hant": {"urls": {"article": "/{lang}/{slug}/"}},
        }
    }
)


def entry(path: str, head: str = "title: T") -> AnyEntry:
    """Return the entry of a file."""
    date = "date: 2024-11-04 10:00\n" if path.startswith("articles/") else ""
    found = parse(path, f"---\n{head}\n{date}---\nText.\n".encode(), CONFIG)
    assert not found.problems
    made = found.entry or found.page or found.term
    assert made
    return made


@pytest.mark.parametrize(
    ("path", "head", "edition", "url"),
    [
        ("articles/2024/flood.md", "title: T", "en", "/2024/11/04/flood/"),
        ("articles/ja/flood.md", "title: T", "ja", "/ja/2024/11/04/flood/"),
        ("articles/JA/flood.md", "title: T", "ja", "/ja/2024/11/04/flood/"),
        ("articles/2024/flood.ja.md", "title: T", "ja", "/ja/2024/11/04/flood/"),
        ("articles/zh_cn/flood.md", "title: T", "zh-Hans", "/cn/2024/11/04/flood/"),
        ("articles/zh-Hans/flood.md", "title: T", "zh-Hans", "/cn/2024/11/04/flood/"),
        ("articles/flood.zh-hant.md", "title: T", "zh-Hant", "/zh-Hant/flood/"),
        ("articles/ja/flood.md", "title: T\nlang: en-GB", "en", "/2024/11/04/flood/"),
        ("articles/flood.md", "title: T\nLang: ja-JP", "ja", "/ja/2024/11/04/flood/"),
        ("articles/flood.md", "title: T\nlang: fr", "en", "/2024/11/04/flood/"),
        ("articles/flood.v2.md", "title: T", "en", "/2024/11/04/flood-v2/"),
        ("pages/about/team.ja.md", "title: T", "ja", "/ja/about/team/"),
        ("pages/ja/about/index.md", "title: T", "ja", "/ja/about/"),
        ("pages/about.ja.md", "title: T\nurl: /watashi/", "ja", "/watashi/"),
        ("terms/tag/sea.ja.md", "name: T", "ja", "/ja/tag/sea/"),
        ("terms/ja/author/ann.md", "name: T\nrole: R", "ja", "/ja/author/ann/"),
    ],
)
def test_the_head_goes_before_the_folder_and_that_before_the_ending(
    path: str, head: str, edition: str, url: str
) -> None:
    """The address is that of the edition; what says the edition is no part of a name."""
    found = entry(path, head)
    assert (found.edition, found.teaser.url) == (edition, url)


@pytest.mark.parametrize(
    "path", ["articles/2024/a.md", "articles/ja/2024/a.md", "articles/2024/a.zh-Hant.md"]
)
def test_versions_have_one_name(path: str) -> None:
    """Their paths without what says the edition; or the key that they share."""
    assert entry(path).version_of == "articles/2024/a.md"
    assert entry(path, "title: T\ntranslation_key: k").version_of == "k"


def test_versions_have_identities_of_their_own() -> None:
    """By the language; by the edition, where two are in one language."""
    paths = ("articles/a.md", "articles/ja/a.md", "articles/zh_cn/a.md", "articles/a.zh-Hant.md")
    found = [item.teaser.identity for path in paths if isinstance(item := entry(path), Entry)]
    names = [identity.rpartition(":")[2] for identity in found]
    assert names == ["a", "a;ja", "a;zh-Hans", "a;zh-Hant"]


def test_a_date_without_an_offset_is_one_of_the_edition() -> None:
    """Its newsroom's clocks show it."""
    found = entry("articles/ja/a.md")
    assert str(found.publish) == "2024-11-04 10:00:00+09:00"


def test_a_site_without_editions_knows_no_folders_or_endings() -> None:
    """There `ja` is a name like any other, and nobody is a version."""
    plain = from_table({})
    found = parse(
        "articles/ja/a.fr.md", b"---\ntitle: T\ndate: 2024-11-04\n---\nText.", plain
    ).entry
    assert found
    assert (found.teaser.url, found.edition, found.version_of) == ("/2024/11/04/a-fr/", "", "")
