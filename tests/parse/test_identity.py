"""Who an article is, whatever becomes of it."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.loading import from_table
from sitegen.model import moments
from sitegen.model.documents import Entry
from sitegen.parse.identity import (
    authority,
    derived_identity,
    explicit_identity,
    with_distinct_identities,
)
from sitegen.parse.parsing import parse
from tests.entries import NOON, entry
from tests.sitefactory import article

CONFIG = from_table({"base_url": "https://news.example.org/paper/"})
UUID = "0d1c8a52-5b0e-4b4c-9d6b-3c1a7d9f0e11"

_TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d-\d\d)?:[A-Za-z0-9/._~!$&'()*+,;=:@%-]*")

titles = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1).filter(
    str.strip
)
slugs = st.from_regex(r"[a-z]{1,9}(-[a-z]{1,9}){0,2}", fullmatch=True)
folders = st.lists(st.sampled_from(("2024", "11", "town", "ja")), max_size=3).map("/".join)


def identity_of(path: str, text: str) -> str:
    """Return the identity of an article file."""
    parsed = parse(path, text.encode(), CONFIG)
    assert parsed.entry, parsed.problems
    return parsed.entry.teaser.identity


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        (UUID, f"urn:uuid:{UUID}"),
        (UUID.upper(), f"urn:uuid:{UUID}"),
        (f"urn:uuid:{UUID}", f"urn:uuid:{UUID}"),
        ("https://old.example.org/?p=123&x=#top", "https://old.example.org/?p=123&x=#top"),
        ("tag:old.example.org,2005:flood", "tag:old.example.org,2005:flood"),
        ("https://old.example.org/洪水", "https://old.example.org/%E6%B4%AA%E6%B0%B4"),
        ("4711", "tag:a.example,2000:4711"),
        ("Flood: day two", "tag:a.example,2000:Flood:%20day%20two"),
        ("洪", "tag:a.example,2000:%E6%B4%AA"),
    ],
)
def test_a_written_id(text: str, identity: str) -> None:
    """A UUID or URI says who an article is by itself; any other text needs the site for that."""
    assert explicit_identity(text, "a.example") == identity


def test_a_derived_identity() -> None:
    """An article without an `id` is known by its day and its file's name, a translation by more."""
    day = moments.parse("2024-11-04T00:00Z")
    assert derived_identity("flood", day, "", "a.example") == "tag:a.example,2024-11-04:flood"
    assert (
        derived_identity("洪水", day, "ja", "a.example")
        == "tag:a.example,2024-11-04:%E6%B4%AA%E6%B0%B4;ja"
    )


@pytest.mark.parametrize(
    ("configured", "base_url", "host"),
    [
        ("", "https://News.example.org:8080/paper/", "news.example.org"),
        ("old.example.org", "https://news.example.org/", "old.example.org"),
        ("", "https://日報.example/", "xn--olst23a.example"),
        ("", "", "localhost"),
    ],
)
def test_the_authority(configured: str, base_url: str, host: str) -> None:
    """Ids begin with the host of the site, or with the one that it had."""
    assert authority(configured, base_url) == host


@given(
    id_=st.sampled_from((None, UUID, "4711", "https://old.example.org/?p=1")),
    before=st.tuples(titles, slugs, folders),
    after=st.tuples(titles, slugs, folders),
    category=st.sampled_from((None, "World", "洪水")),
    time=st.times(),
)
def test_an_identity_survives(
    id_: str | None,
    before: tuple[str, str, str],
    after: tuple[str, str, str],
    category: str | None,
    time: object,
) -> None:
    """Another headline, slug, category, text, time of day and folder leave an article who it is."""
    found = [
        identity_of(
            "/".join(filter(None, ("articles", folder, "flood.md"))),
            article(title, f"{title}\n", slug=slug, id=id_, category=category, date=moment),
        )
        for (title, slug, folder), moment in (
            (before, "2024-11-04 21:54"),
            (after, f"2024-11-04 {str(time)[:5]}"),
        )
    ]
    assert found[0] == found[1]


@given(slugs, slugs, st.dates(min_value=date(1, 1, 1)))
def test_a_written_id_survives_everything(before: str, after: str, day: date) -> None:
    """With an `id` in the file even its name and its day can change, and the site's language."""
    first = identity_of(f"articles/{before}.md", article(id=UUID))
    assert identity_of(f"articles/{after}.md", article(id=UUID, date=str(day), lang="ja")) == first


@given(st.text(min_size=1), st.datetimes(timezones=st.just(UTC)), st.sampled_from(("", "ja")))
def test_identities_are_uris(text: str, time: datetime, lang: str) -> None:
    """Whatever a file is called or says, what comes of it is a URI, and a short one stays apart."""
    text = text.encode(errors="ignore").decode()
    assert _TAG.fullmatch(derived_identity(text, moments.of(time), lang, "a.example"))
    assert re.fullmatch(r"[\x21-\x7e]*", explicit_identity(text, "a.example"))


def known(*names: str, **details: object) -> list[Entry]:
    """Return entries of these names, all with one identity unless they are given others."""
    return [_with(entry(name, **details), "tag:a.example,2024-11-04:flood") for name in names]  # type: ignore[arg-type]  # the caller knows


def _with(item: Entry, identity: str, id_line: int = 0) -> Entry:
    return item._replace(teaser=item.teaser._replace(identity=identity), id_line=id_line)


def identities(entries: Sequence[Entry]) -> dict[str, str]:
    """Return the identities of entries by their ids."""
    return {item.teaser.id: item.teaser.identity for item in entries}


def test_different_ones_are_left_alone() -> None:
    """Where all are different, nothing is done."""
    entries = [_with(entry("a"), "urn:a"), _with(entry("b"), "urn:b")]
    assert with_distinct_identities(entries) == (entries, [])


def test_the_oldest_keeps_it() -> None:
    """Of articles that would be one to readers, the oldest keeps the identity; a warning says so.

    Their order in the folder does not matter.
    """
    older = known("sport/flood", date=NOON)
    newer = known("art/flood", date=NOON + timedelta(hours=1))
    found, problems = with_distinct_identities([*newer, *older])
    assert identities(found) == {
        "articles/sport/flood.md": "tag:a.example,2024-11-04:flood",
        "articles/art/flood.md": "tag:a.example,2024-11-04:flood;art/flood",
    }
    assert [item.teaser_digest != newer[0].teaser_digest for item in found] == [True, True]
    (problem,) = problems
    assert not problem.is_error
    assert str(problem.location) == "articles/art/flood.md"
    assert "articles/sport/flood.md" in problem.message


def test_one_id_in_two_files_is_an_error() -> None:
    """A copied file brings the id of the other: that is told at its line."""
    entries = [
        _with(entry("a"), "urn:x", 4),
        _with(entry("b", date=NOON + timedelta(days=1)), "urn:x", 7),
    ]
    _, (problem,) = with_distinct_identities(entries)
    assert problem.is_error
    assert str(problem.location) == "articles/b.md:7"
    assert 'already that of "articles/a.md"' in problem.message


def test_what_is_written_goes_before_what_is_derived() -> None:
    """An article that has its id in writing keeps it, be it the younger one."""
    entries = [
        _with(entry("a"), "urn:x"),
        _with(entry("b", date=NOON + timedelta(days=1)), "urn:x", 7),
    ]
    found, (problem,) = with_distinct_identities(entries)
    assert identities(found)["articles/b.md"] == "urn:x"
    assert not problem.is_error
