"""Who asked what."""

from __future__ import annotations

from sitegen.cache.trace import Asked, Question, Trace
from sitegen.flow.dependents import Askers

TITLE: Question = ("setting", "title")
STYLE: Question = ("asset", "a.css")


def trace(*own: Question, shared: tuple[Question, ...] = ()) -> Trace:
    """Return the trace of an output that asked these questions."""
    return Trace((), b"", shared, tuple(Asked(question, b"", ()) for question in own), "")


def test_the_outputs_of_a_question_are_found() -> None:
    """One or many outputs may have asked the same, and most have not."""
    askers = Askers()
    askers.note(
        {
            "a": trace(("article", "a"), ("teaser", "b")),
            "b": trace(("article", "b"), ("teaser", "b")),
            "c": trace(("article", "c"), ("teaser", "b")),
        },
        {},
    )

    assert askers.of([("article", "b")], frozenset()) == {"b"}
    assert askers.of([("teaser", "b")], frozenset()) == {"a", "b", "c"}
    assert askers.of([("article", "d")], frozenset()) == set()


def test_a_question_of_an_unknown_kind_always_counts() -> None:
    """What `suspects` does not name may have changed with anything."""
    askers = Askers()
    askers.note({"a": trace(("weather",)), "b": trace()}, {})

    assert askers.of([], frozenset()) == {"a"}


def test_a_shared_question_counts_for_all_who_share_it() -> None:
    """Outputs are found by the set of shared questions that they asked."""
    askers = Askers()
    askers.note({"a": trace(shared=(TITLE,)), "b": trace(shared=(STYLE, TITLE))}, {})

    assert askers.of([], {TITLE}) == {"a", "b"}
    assert askers.of([], {STYLE}) == {"b"}


def test_the_sets_of_shared_questions_are_those_of_today() -> None:
    """A set that nobody asks any more is gone: what hangs on it must go, too."""
    askers = Askers()
    first = {"a": trace(shared=(TITLE,)), "b": trace(shared=(STYLE,))}
    askers.note(first, {})
    second = {"b": trace(shared=(TITLE,))}
    askers.note(second, first)
    assert set(askers.profiles) == {(TITLE,)}

    now = first | second
    askers.note({}, now, gone=["a", "b"])
    assert set(askers.profiles) == set()
    assert askers.of([], {TITLE}) == set()
