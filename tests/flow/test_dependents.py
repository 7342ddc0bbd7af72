"""Who asked what."""

from __future__ import annotations

from sitegen.cache.trace import Asked, Question, Trace
from sitegen.flow.dependents import Dependents

TITLE: Question = ("setting", "title")
STYLE: Question = ("asset", "a.css")


def trace(*own: Question, shared: tuple[Question, ...] = ()) -> Trace:
    """Return the trace of an output that asked these questions."""
    return Trace((), b"", shared, tuple(Asked(question, b"", ()) for question in own), "")


def test_the_outputs_of_a_question_are_found() -> None:
    """One or many outputs may have asked the same, and most have not."""
    dependents = Dependents()
    dependents.note(
        {
            "a": trace(("article", "a"), ("teaser", "b")),
            "b": trace(("article", "b"), ("teaser", "b")),
            "c": trace(("article", "c"), ("teaser", "b")),
        },
        {},
    )

    assert dependents.of([("article", "b")], frozenset()) == {"b"}
    assert dependents.of([("teaser", "b")], frozenset()) == {"a", "b", "c"}
    assert dependents.of([("article", "d")], frozenset()) == set()


def test_a_question_of_an_unknown_kind_always_counts() -> None:
    """What `affected_questions` does not name may have changed with anything."""
    dependents = Dependents()
    dependents.note({"a": trace(("weather",)), "b": trace()}, {})

    assert dependents.of([], frozenset()) == {"a"}


def test_a_shared_question_counts_for_all_who_share_it() -> None:
    """Outputs are found by the set of shared questions that they asked."""
    dependents = Dependents()
    dependents.note({"a": trace(shared=(TITLE,)), "b": trace(shared=(STYLE, TITLE))}, {})

    assert dependents.of([], {TITLE}) == {"a", "b"}
    assert dependents.of([], {STYLE}) == {"b"}


def test_the_sets_of_shared_questions_are_those_of_today() -> None:
    """A set that nobody asks any more is gone: what hangs on it must go, too."""
    dependents = Dependents()
    first = {"a": trace(shared=(TITLE,)), "b": trace(shared=(STYLE,))}
    dependents.note(first, {})
    second = {"b": trace(shared=(TITLE,))}
    dependents.note(second, first)
    assert set(dependents.profiles) == {(TITLE,)}

    now = first | second
    dependents.note({}, now, gone=["a", "b"])
    assert set(dependents.profiles) == set()
    assert dependents.of([], {TITLE}) == set()
