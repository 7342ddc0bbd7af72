"""Threads: every comment is shown once, in order, whatever the files say of each other."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sitegen.model import moments
from sitegen.model.documents import Answered, ShownResponse
from sitegen.responses.files import Kind
from sitegen.responses.threads import DEEPEST, thread

START = moments.parse("2026-11-23T09:00Z")


def comment(id_: str, reply: str = "", minute: int = 0) -> ShownResponse:
    """Return a comment."""
    date = START + timedelta(minutes=minute)
    return ShownResponse(id_, "comment", f"author of {id_}", date, "<p>x</p>", in_reply_to=reply)


def outline(comments: tuple[ShownResponse, ...]) -> list[object]:
    """Return the ids, those of replies in lists after what they answer."""
    found: list[object] = []
    for item in comments:
        found.append(item.id)
        if item.replies:
            found.append(outline(item.replies))
    return found


def every(comments: tuple[ShownResponse, ...], depth: int = 0) -> list[tuple[ShownResponse, int]]:
    """Return all comments with how far they are indented."""
    found: list[tuple[ShownResponse, int]] = []
    for item in comments:
        found += [(item, depth), *every(item.replies, depth + 1)]
    return found


def test_replies_stand_below_what_they_answer() -> None:
    """The oldest comes first, on every level."""
    made = thread(
        [comment("d", "a", 9), comment("b", minute=2), comment("c", "a", 3), comment("a")]
    )
    assert outline(made.comments) == ["a", ["c", "d"], "b"]
    assert made.comment_count == 4
    assert [item.answers for item, _ in every(made.comments)] == [None] * 4


def test_deep_threads_are_flattened() -> None:
    """Below the last indentation, answers stand beside what they answer, and name it."""
    ids = "abcdefg"
    made = thread(
        [comment(id_, ids[minute - 1 : minute], minute) for minute, id_ in enumerate(ids)]
    )
    assert outline(made.comments) == ["a", ["b", ["c", ["d", "e", "f", "g"]]]]
    answers = {item.id: item.answers for item, _ in every(made.comments)}
    assert answers["d"] is None
    assert answers["e"] == Answered("d", "author of d")
    assert answers["g"] == Answered("f", "author of f")


def test_a_reply_outlives_what_it_answers() -> None:
    """Whose parent was deleted, is not shown yet or is no comment, answers the article."""
    ping = comment("p")._replace(kind="webmention")
    made = thread([comment("a", "gone"), comment("b", "p", 1), ping])
    assert outline(made.comments) == ["a", "b"]
    assert [item.answers for item in made.comments] == [Answered("", "")] * 2
    assert (made.comment_count, made.trackback_count) == (2, 1)


def test_circles_are_opened_at_the_oldest() -> None:
    """Comments that answer each other are shown, the first of them as an answer to the article."""
    made = thread(
        [comment("a", "c", 1), comment("b", "a", 2), comment("c", "b", 0), comment("d", "d", 3)]
    )
    assert outline(made.comments) == ["c", ["a", ["b"]], "d"]


def test_what_leads_into_a_circle_is_no_part_of_it() -> None:
    """An answer to one of a circle stays below it, even if it is the oldest of all."""
    made = thread([comment("t", "a", 0), comment("a", "b", 1), comment("b", "a", 2)])
    assert outline(made.comments) == ["a", ["t", "b"]]


def test_other_sites_are_listed_by_time() -> None:
    """Trackbacks, pingbacks and webmentions make one list."""
    kinds: tuple[Kind, ...] = ("webmention", "trackback", "pingback")
    pings = [comment(kind, minute=-number)._replace(kind=kind) for number, kind in enumerate(kinds)]
    made = thread(pings)
    assert [item.id for item in made.trackbacks] == ["pingback", "trackback", "webmention"]
    assert (made.comments, made.trackback_count) == ((), 3)


names = st.sampled_from("abcdefghij")


@given(st.dictionaries(names, st.tuples(names | st.just(""), st.integers(0, 3)), max_size=10))
def test_no_comment_is_lost_or_shown_twice(said: dict[str, tuple[str, int]]) -> None:
    """However comments answer each other, each is shown once and none too deep."""
    comments = [comment(id_, reply, minute) for id_, (reply, minute) in said.items()]
    made = thread(comments)
    shown = every(made.comments)
    assert sorted(item.id for item, _ in shown) == sorted(said)
    assert all(depth <= DEEPEST for _, depth in shown)
    assert made == thread(reversed(comments))


def test_a_long_conversation_is_no_deep_recursion() -> None:
    """Thousands of answers to answers are fine."""
    made = thread([comment(f"{number:05}", f"{number - 1:05}", number) for number in range(5000)])
    assert len(every(made.comments)) == 5000
