"""Questions, answers, and the record of who asked what. Knows no site.

A template can only ask questions. Each answer is a frozen value with a fingerprint, and an output
is stale when an answer that it got would be different now: *verifying traces*, in the words of
Mokhov, Mitchell and Peyton Jones, "Build Systems à la Carte" (2018).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, NamedTuple

Question = tuple[str | int, ...]
"""`("latest", 8)`: what is asked, and about what. Comparable, hashable, storable."""

AT = "@"
"""Stands before the edition that a question is about: `("front@ja",)`."""

DIGEST_SIZE = 16
"""Bytes of a fingerprint: 128 bits, so that two different answers never look alike by chance."""

ABSENT = b"absent"
"""The fingerprint of "there is no such thing": a negative answer is an answer."""


_PLAIN = frozenset({str, int})


def plain(question: Question) -> Question:
    """Return an equal question of plain texts and numbers, as it comes out of the store.

    Templates ask with `Markup` and `true`, too, which are equal to such. What is neither text nor
    number stays.
    """
    if _PLAIN.issuperset(map(type, question)):
        return question
    return tuple(map(_plain_part, question))


def _plain_part(part: Any) -> Any:
    if isinstance(part, str):
        return str(part)
    return int(part) if isinstance(part, int) else part


def is_storable(question: Question) -> bool:
    """Whether a question can be stored: templates can ask `picture(1.5)`, or for half a letter."""
    if not _PLAIN.issuperset(map(type, question)):
        return False
    try:
        return all(part.isascii() or part.encode() for part in question if isinstance(part, str))
    except UnicodeEncodeError:
        return False


class Answer(NamedTuple):
    """A frozen value, its fingerprint, and what it consists of."""

    value: Any
    fingerprint: bytes
    members: tuple[str, ...] = ()
    """What a person would compare two answers by: the ids of a list's articles, a setting's text.
    For explanations only."""


class Asked(NamedTuple):
    """One line of a trace: a question and the answer that it got."""

    question: Question
    fingerprint: bytes
    members: tuple[str, ...]


def with_shared_texts(asked: Asked, texts: dict[str, str]) -> Asked:
    """Return the same with one text for all that are equal: the first that `texts` came to know.

    What another process sends has its own copy of each.
    """
    question = tuple(_known(part, texts) for part in asked[0])
    return Asked(question, asked[1], tuple(_known(member, texts) for member in asked[2]))


def _known(text: Any, texts: dict[str, str]) -> Any:
    return texts.setdefault(text, text) if type(text) is str else text


class Trace(NamedTuple):
    """What an output was made from: enough to tell whether it would come out differently now."""

    record: tuple[Any, ...]
    """The plan's record of the output."""
    digest: bytes
    """Of the bytes that were rendered."""
    shared: tuple[Question, ...]
    """The shared questions, sorted; their answers are in the table of the same build."""
    own: tuple[Asked, ...]
    """The other questions with their answers, in order of asking."""
    reason: str
    """Why it was rendered the last time, for `sitegen why`."""


def digest(*parts: bytes | str) -> bytes:
    """Return the fingerprint of a sequence of texts, of which each one's length counts, too."""
    state = blake2b(digest_size=DIGEST_SIZE)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little"))
        state.update(data)
    return state.digest()


def fingerprint(value: Any) -> bytes:
    """Return the fingerprint of a small frozen value whose `repr` says everything about it."""
    return digest(repr(value))


class Tracker:
    """Passes questions on and writes down who asked them.

    `answer` is the site's: it takes a question and returns an `Answer`, the same one every time.
    `shared` are the kinds of question that many outputs ask in the same words: their answers are
    kept once a build, and traces refer to sets of them. `of_editions` are the kinds that a page of
    an edition asks about its edition.
    """

    def __init__(
        self,
        answer: Callable[[Question], Answer],
        shared: AbstractSet[str] = frozenset(),
        of_editions: AbstractSet[str] = frozenset(),
    ) -> None:
        self._answer = answer
        self._of_editions = of_editions
        self.shared = shared
        self.edition = ""
        """The edition of the page that asks, "" for none."""
        self._known: dict[Question, Answer] = {}
        self.record: dict[Question, Answer] = {}
        """What was asked since the innermost `recording` began: a mapping for each."""

    def ask(self, *question: str | int) -> Any:
        """Return the value of the answer, having noted question and answer."""
        if self.edition and question[0] in self._of_editions:
            question = (f"{question[0]}{AT}{self.edition}", *question[1:])
        answer = self.record.get(question)
        if answer is None:
            answer = self.record[question] = self.peek(question)
        return answer.value

    def peek(self, question: Question) -> Answer:
        """Return the answer without noting that it was asked for."""
        if question[0] not in self.shared:
            return self._answer(question)
        answer = self._known.get(question)
        if answer is None:
            answer = self._known[question] = self._answer(question)
        return answer

    @contextmanager
    def recording(self) -> Iterator[dict[Question, Answer]]:
        """Note what is asked inside the block in the mapping that it yields, and nowhere else."""
        outer, self.record = self.record, {}
        try:
            yield self.record
        finally:
            self.record = outer

    def replay(self, record: Mapping[Question, Answer]) -> None:
        """Note questions that were asked on somebody else's behalf."""
        self.record.update(record)


Profiles = dict[tuple[Question, ...], tuple[Question, ...]]
"""Shared questions as they were asked → the one sorted tuple that stands for this set."""


def make_trace(
    output_digest: bytes,
    asked: Mapping[Question, Answer],
    profiles: Profiles,
    shared_kinds: AbstractSet[str],
) -> Trace:
    """Return the trace of an output that asked `asked` while it was rendered.

    Its record and the reason are not known here. Pages of one kind share their tuple of shared
    questions through `profiles`; `shared_kinds` are those of `Tracker`.
    """
    raw = tuple(question for question in asked if question[0] in shared_kinds)
    shared = profiles.get(raw)
    if shared is None:
        ordered = tuple(sorted(map(plain, raw), key=repr))
        shared = profiles[raw] = profiles.setdefault(ordered, ordered)
    own = tuple(
        Asked(plain(question), answer.fingerprint, answer.members)
        for question, answer in asked.items()
        if question[0] not in shared_kinds
    )
    return Trace((), output_digest, shared, own, "")


class Comparison:
    """Compares traces with the answers of today.

    `shared` is what the shared questions were answered in the build that made the traces.
    `affected` are the questions of the kinds in `narrowed` that may be answered otherwise now, and
    what all questions of a kind in `grouped` begin with that may be; those of any other kind are
    always asked again. None is all of them.
    """

    def __init__(
        self,
        tracker: Tracker,
        shared: Mapping[Question, Asked],
        affected: AbstractSet[Question] | None = None,
        narrowed: AbstractSet[str] = frozenset(),
        grouped: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Take the answers of today from `tracker`, which notes nothing."""
        self._tracker = tracker
        self._shared = shared
        self._affected = affected
        self._narrowed = narrowed
        self._grouped = grouped
        self._changed: dict[tuple[Question, ...], str] = {}

    def changed(self) -> set[Question]:
        """Return the shared questions that are answered otherwise now."""
        return {question for question, asked in self._shared.items() if self._why((asked,))}

    def why_stale(self, trace: Trace, record: tuple[Any, ...]) -> str:
        """Return why the output must be rendered again, or "" if its trace still holds."""
        if trace.record != record:
            return "the plan for it changed"
        reason = self._changed.get(trace.shared)
        if reason is None:
            reason = self._changed[trace.shared] = self._why(
                self._shared.get(question) or Asked(question, b"", ()) for question in trace.shared
            )
        if reason:
            return reason
        affected = self._affected
        if affected is None:
            return self._why(trace.own)
        for item in trace.own:
            question = item.question
            if question in affected or (
                question[0] not in self._narrowed and self._may_change(question, affected)
            ):
                return self._why(trace.own)
        return ""

    def _may_change(self, question: Question, affected: AbstractSet[Question]) -> bool:
        """Whether a question may be answered otherwise that is of no narrowed kind."""
        length = self._grouped.get(str(question[0]))
        return length is None or question[:length] in affected

    def _why(self, asked: Iterable[Asked]) -> str:
        for old in asked:
            try:
                now = self._tracker.peek(old.question)
            except (LookupError, TypeError, ValueError, AttributeError):
                return f"{name(old.question)} cannot be answered any more"
            if now.fingerprint != old.fingerprint:
                return explain(old, now)
        return ""


def name(question: Question) -> str:
    """Return a question as a person would write it: `latest(8)`."""
    return f"{question[0]}({', '.join(str(part) for part in question[1:])})"


def explain(old: Asked, now: Answer) -> str:
    """Return what is different: `the answer to latest(8) changed: + articles/2024/05/flood.md`."""
    before, after = set(old.members), set(now.members)
    parts = [f"+ {item}" for item in now.members if item not in before]
    parts += [f"- {item}" for item in old.members if item not in after]
    changes = f": {', '.join(parts)}" if parts else ""
    return f"the answer to {name(old.question)} changed{changes}"
