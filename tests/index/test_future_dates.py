"""An update or a correction that has not happened yet is told, until it has."""

from datetime import timedelta
from pathlib import Path

from sitegen.index.change import Change
from sitegen.index.future_dates import exchanged, problems
from tests.entries import NOON, entry
from tests.sitefactory import AT, article, build_site, make_site

HOUR = timedelta(hours=1)


def test_what_was_updated_in_the_future_is_told() -> None:
    """By its file, with the moment; not what is right, and nothing once the moment has come."""
    wrong = entry("wrong", updated=NOON + HOUR)
    corrected = entry("corrected", updated=NOON, corrected=[NOON - HOUR, NOON + 2 * HOUR])
    right = [entry("a"), entry("b", updated=NOON), entry("early", date=NOON + HOUR, publish=NOON)]
    found = exchanged({}, Change((), (wrong, corrected, *right)), NOON)

    told = [(item.location and item.location.path, item.message) for item in problems(found, NOON)]
    assert told == [
        ("articles/corrected.md", '"corrections" is in the future: 2024-11-04 14:00'),
        ("articles/wrong.md", '"updated" is in the future: 2024-11-04 13:00'),
    ]
    assert {item.severity for item in problems(found, NOON)} == {"warning"}
    later = [item.location and item.location.path for item in problems(found, NOON + HOUR)]
    assert later == ["articles/corrected.md"]


def test_an_edit_or_a_removal_ends_it() -> None:
    """Of other articles what was known stays."""
    one, two = (entry(name, updated=NOON + HOUR) for name in "ab")
    found = exchanged({}, Change((), (one, two)), NOON)

    assert list(exchanged(found, Change((one,), (entry("a"),)), NOON)) == ["articles/b.md"]
    assert list(exchanged(found, Change((two,), ()), NOON)) == ["articles/a.md"]


def test_a_build_tells_until_the_moment_has_come(tmp_path: Path) -> None:
    """Each build, also one that finds nothing to do; a draft is not told."""
    articles = {
        "a.md": article("A", updated="2024-11-06 10:00"),
        "b.md": article("B", updated="2024-11-06 10:00", draft=True),
    }
    site = make_site(tmp_path, articles)
    for _ in range(2):
        (problem,) = build_site(site).problems
        assert problem.message == '"updated" is in the future: 2024-11-06 10:00'
    assert build_site(site, at=AT + timedelta(days=2)).problems == ()
