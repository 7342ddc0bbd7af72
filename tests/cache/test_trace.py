"""Questions, their record, and when an answer counts as changed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.cache.trace import (
    ABSENT,
    Answer,
    Asked,
    Comparison,
    Profiles,
    Question,
    Trace,
    Tracker,
    digest,
    explain,
    fingerprint,
    make_trace,
    name,
    with_shared_texts,
)

SHARED = frozenset({"setting", "text"})
NARROWED = frozenset({"article", "listing"})

Parts = list[str | bytes]
PARTS = st.lists(st.one_of(st.text(), st.binary()), max_size=4)
QUESTIONS = st.tuples(st.sampled_from(sorted(SHARED | NARROWED | {"other"})), st.integers(0, 3))
WORLDS = st.dictionaries(QUESTIONS, st.integers(0, 2), max_size=12)
RECORD = ("x/index.html", "/x/", "article")


class World:
    """Answers questions from a mapping, and notes which it was asked."""

    def __init__(self, answers: Mapping[Question, int]) -> None:
        self.answers = answers
        self.asked: list[Question] = []

    def answer(self, question: Question) -> Answer:
        """Return the answer; what is not in the mapping is absent."""
        self.asked.append(question)
        value = self.answers.get(question)
        return Answer(None, ABSENT) if value is None else Answer(value, fingerprint(value))


def trace_of(world: Mapping[Question, int], questions: list[Question]) -> Trace:
    """Return the trace of an output that asked `questions`."""
    tracker = Tracker(World(world).answer, SHARED)
    with tracker.recording() as asked:
        for question in questions:
            tracker.ask(*question)
    return make_trace(b"", asked, {}, SHARED)._replace(record=RECORD, reason="it is new")


def shared_of(world: Mapping[Question, int], trace: Trace) -> dict[Question, Asked]:
    """Return the shared answers as a build would store them."""
    tracker = Tracker(World(world).answer, SHARED)
    answers = ((question, tracker.peek(question)) for question in trace.shared)
    return {question: Asked(question, answer.fingerprint, ()) for question, answer in answers}


# --- Fingerprints


@given(PARTS, PARTS)
def test_a_digest_tells_any_two_sequences_apart(one: Parts, two: Parts) -> None:
    """Neither order nor borders between parts can be mistaken for something else."""
    first, second = ([_bytes(part) for part in parts] for parts in (one, two))
    assert (digest(*one) == digest(*two)) == (first == second)


def _bytes(part: str | bytes) -> bytes:
    return part.encode() if isinstance(part, str) else part


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a", "b"), ("ab",)),
        (("", "a"), ("a", "")),
        ((), ("",)),
        (("a",), ("a", "")),
        (("1",), (1,)),
    ],
)
def test_a_fingerprint_tells_values_apart(one: object, other: object) -> None:
    """Different values have different fingerprints, be they ever so alike."""
    assert fingerprint(one) != fingerprint(other)


def test_a_text_that_is_no_unicode_has_a_digest() -> None:
    """Half a surrogate pair can be in a file's name; it must not end a build."""
    assert digest("\ud800") != digest("?")


# --- The record


def test_everything_that_is_asked_is_noted() -> None:
    """Absent answers and repeated questions are noted like any other, once, in order."""
    tracker = Tracker(World({("teaser", 1): 5}).answer)
    with tracker.recording() as asked:
        assert tracker.ask("teaser", 1) == 5
        assert tracker.ask("setting", "none") is None
        assert tracker.ask("teaser", 1) == 5
    assert list(asked) == [("teaser", 1), ("setting", "none")]
    assert asked["setting", "none"].fingerprint == ABSENT


def test_what_is_asked_inside_is_not_noted_outside() -> None:
    """A record within a record keeps its questions, until they are replayed."""
    tracker = Tracker(World({}).answer, SHARED)
    with tracker.recording() as outer:
        tracker.ask("teaser", 1)
        with tracker.recording() as inner:
            tracker.ask("teaser", 2)
        tracker.ask("teaser", 3)
    assert list(outer) == [("teaser", 1), ("teaser", 3)]
    assert list(inner) == [("teaser", 2)]


def test_a_record_ends_with_its_block_even_if_that_fails() -> None:
    """A page that failed leaves no question to the next one."""
    tracker = Tracker(World({}).answer, SHARED)
    with tracker.recording() as outer:
        with suppress(ZeroDivisionError), tracker.recording():
            tracker.ask("teaser", 2)
            raise ZeroDivisionError
        tracker.ask("teaser", 3)
    assert list(outer) == [("teaser", 3)]


def test_looking_notes_nothing() -> None:
    """A comparison leaves no mark in what is being recorded."""
    tracker = Tracker(World({}).answer, SHARED)
    with tracker.recording() as asked:
        tracker.peek(("teaser", 1))
        tracker.peek(("setting", 1))
    assert asked == {}


def test_a_shared_question_is_answered_once_a_build() -> None:
    """What thousands of pages ask is worked out once."""
    world = World({})
    tracker = Tracker(world.answer, SHARED)
    for _ in range(3):
        with tracker.recording() as asked:
            tracker.ask("setting", 1)
        assert list(asked) == [("setting", 1)]
        tracker.peek(("setting", 1))
    assert world.asked == [("setting", 1)]


def test_pages_of_one_kind_share_their_questions() -> None:
    """Two pages that asked the same, in whatever order, hold one tuple between them."""
    tracker = Tracker(World({}).answer, SHARED)
    profiles: Profiles = {}
    traces = []
    for numbers in ((1, 2), (2, 1), (1, 2)):
        with tracker.recording() as asked:
            for number in numbers:
                tracker.ask("setting", number)
        traces.append(make_trace(b"", asked, profiles, SHARED))
    assert traces[0].shared is traces[1].shared is traces[2].shared
    assert set(traces[0].shared) == {("setting", 1), ("setting", 2)}


# --- The comparison


@given(WORLDS, WORLDS, st.lists(QUESTIONS, max_size=8))
def test_an_output_is_stale_if_and_only_if_an_answer_is_another(
    then: dict[Question, int], now: dict[Question, int], questions: list[Question]
) -> None:
    """Whatever was asked: a changed, absent or new answer to one of the questions, and no more."""
    trace = trace_of(then, questions)
    comparison = Comparison(Tracker(World(now).answer, SHARED), shared_of(then, trace))
    changed = any(then.get(question) != now.get(question) for question in questions)
    assert bool(comparison.why_stale(trace, RECORD)) == changed


@given(WORLDS, WORLDS, st.lists(QUESTIONS, max_size=8))
def test_to_look_at_what_is_affected_is_enough(
    then: dict[Question, int], now: dict[Question, int], questions: list[Question]
) -> None:
    """If all questions whose answer is another are affected ones, nothing stale is passed over."""
    trace = trace_of(then, questions)
    affected = {question for question in {*then, *now} if then.get(question) != now.get(question)}
    tracker = Tracker(World(now).answer, SHARED)
    comparison = Comparison(tracker, shared_of(then, trace), affected, NARROWED)
    changed = any(question in affected for question in questions)
    assert bool(comparison.why_stale(trace, RECORD)) == changed


def test_an_output_that_is_planned_otherwise_is_stale() -> None:
    """The plan's record is an input, too."""
    trace = trace_of({}, [])
    comparison = Comparison(Tracker(World({}).answer, SHARED), {})
    assert comparison.why_stale(trace, RECORD) == ""
    assert comparison.why_stale(trace, (*RECORD[:2], "expired")) == "the plan for it changed"


def test_a_shared_answer_that_was_lost_counts_as_changed() -> None:
    """A trace without the answers that it refers to holds no longer."""
    trace = trace_of({}, [("setting", 1)])
    comparison = Comparison(Tracker(World({}).answer, SHARED), {})
    assert comparison.why_stale(trace, RECORD)


def test_a_question_that_cannot_be_answered_counts_as_changed() -> None:
    """An answer that ends in an error is another answer, not the end of the build."""

    def refuse(question: Question) -> Answer:
        raise KeyError(question)

    trace = trace_of({}, [("teaser", 1)])
    comparison = Comparison(Tracker(refuse), {})
    assert comparison.why_stale(trace, RECORD) == "teaser(1) cannot be answered any more"


# --- Explanations


def test_a_change_is_explained_by_its_members() -> None:
    """What came and what went is named, in the order of the answer."""
    old = Asked(("latest", 3), b"1", ("a", "b", "c"))
    assert explain(old, Answer(None, b"2", ("d", "a", "b", "e"))) == (
        "the answer to latest(3) changed: + d, + e, - c"
    )
    assert explain(old, Answer(None, b"2", ("c", "b", "a"))) == "the answer to latest(3) changed"


def test_a_question_has_a_name() -> None:
    """A question reads like a call."""
    assert name(("listing", "tag", "river", 2)) == "listing(tag, river, 2)"
    assert name(("front",)) == "front()"


def test_equal_texts_are_kept_once() -> None:
    """A hundred thousand traces name the same articles: each name lies in memory once."""
    texts: dict[str, str] = {}
    name = f"articles/{'a'}.md"
    again = f"articles/{'a'}.md"
    one = with_shared_texts(Asked(("listing", name, 3), b"1", (name,)), texts)
    two = with_shared_texts(Asked(("teaser", again), b"2", (again, "b")), texts)

    assert one == Asked(("listing", "articles/a.md", 3), b"1", ("articles/a.md",))
    assert two == Asked(("teaser", "articles/a.md"), b"2", ("articles/a.md", "b"))
    assert one.question[1] is two.question[1] is two.members[0]
