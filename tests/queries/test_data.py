"""What templates are told of data files has a fingerprint that tells all values apart."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from sitegen.index.change import Change
from sitegen.model.frozen import FrozenMap, freeze
from sitegen.queries import answer, asked_again_with
from sitegen.queries.affected import affected_questions
from tests.entries import site_of

ALIKE: tuple[Any, ...] = (
    1, 1.0, True, "1", 0, -0.0, 0.0, False, None, "", "None", (), (1,), {}, {"a": 1}, {"a": 1.0},
    {"a": 1, "b": 2}, {"b": 2, "a": 1}, [{"a": 1}], [[1]], "2024-11-04",
)  # fmt: skip
"""Values of which some are equal to Python, and none on a page."""


def test_values_that_look_otherwise_have_other_fingerprints() -> None:
    """Also where Python calls them equal: types and the order of keys count."""
    site = site_of(data={"x": freeze(list(ALIKE))})
    prints = [answer(site, ("data", "x", place)).fingerprint for place in range(len(ALIKE))]
    for (one, first), (two, second) in combinations(zip(ALIKE, prints, strict=True), 2):
        assert first != second, (one, two)


ROWS = freeze([{"slug": "ann", "seats": 3}, {"slug": "ben", "seats": 1, "in": True}])


@pytest.mark.parametrize(
    ("selector", "value"),
    [
        (("rows", 0, "slug"), "ann"),
        (("rows", -1, "seats"), 1),
        (("rows", "slug=ben", "seats"), 1),
        (("rows", "seats=3", "slug"), "ann"),
        (("rows", "in=true", "slug"), "ben"),
        (("nothing",), None),
    ],
)
def test_a_selector_leads_to_a_part(selector: tuple[Any, ...], value: Any) -> None:
    """By keys, numbers, and a field of a row; a part that is `null` is there."""
    site = site_of(data={"x": FrozenMap({"rows": ROWS, "nothing": None})})
    found = answer(site, ("data", "x", *selector))
    assert found.value is not None
    assert found.value.value == value


@pytest.mark.parametrize(
    "selector", [("no",), ("rows", 2), ("rows", -3), ("rows", "ann"), ("rows", 0, 0), (0,)]
)
def test_a_selector_that_leads_nowhere_is_answered(selector: tuple[Any, ...]) -> None:
    """With nothing: a page that asks and finds it missing is stale when it appears."""
    site = site_of(data={"x": FrozenMap({"rows": ROWS})})
    assert answer(site, ("data", "x", *selector)).value is None


def test_a_changed_file_affects_all_questions_about_it() -> None:
    """And the list of files, but no question about another file."""
    site = site_of(data={"x": 1, "y": 2})
    affected = affected_questions(site, Change((), (), data=frozenset({"x"})))
    assert affected == {("data", "x"), ("data_files",), ("sitemap_pages",), ("sitemap_index",)}
    assert asked_again_with(("data", "x", "rows", 3)) in affected
    assert asked_again_with(("data_files", "results")) in affected
    assert asked_again_with(("data", "y")) not in affected


def test_a_folder_has_the_files_below_it() -> None:
    """Without a folder it is all of them."""
    site = site_of(data={"results/2024": 1, "resultsx": 2, "a": 3})
    assert answer(site, ("data_files", "results")).value == ("results/2024",)
    assert answer(site, ("data_files", "/results/")).value == ("results/2024",)
    assert answer(site, ("data_files", "")).value == ("a", "results/2024", "resultsx")
