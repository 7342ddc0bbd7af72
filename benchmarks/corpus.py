"""The corpus: invented news articles, the same bytes on every machine.

An article's text depends on its number alone; only its date also depends on how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple, TypeVar

from benchmarks import words

SEED = "sitegen benchmark 1"

FIRST_DAY = datetime(2014, 1, 1, 6, 0, tzinfo=UTC)
LAST_MOMENT = datetime(2023, 12, 31, 18, 0, tzinfo=UTC)
"""The articles are spread evenly over these ten years; new ones appear after the last moment."""

TAGS = tuple(
    f"{subject} {aspect}" for subject in words.TAG_SUBJECTS for aspect in words.TAG_ASPECTS
)
"""400 tags."""

AUTHORS = tuple(f"{first} {last}" for first in words.FIRST_NAMES for last in words.LAST_NAMES)
"""40 authors."""

BODY_BYTES = 3950
"""An article's body is filled to about this length, in bytes of UTF-8; its head has some 300."""

JAPANESE_EVERY = 20
"""One article in so many is in Japanese."""

T = TypeVar("T")


class Story(NamedTuple):
    """An article before it is put into the layout of a generator."""

    number: int
    slug: str
    title: str
    date: datetime
    """In UTC."""
    category: str
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    summary: str
    language: str
    """`en` or `ja`."""
    mark: str
    """Words that stand in this article's body and nowhere else."""
    body: str
    """Markdown that all the generators read alike."""


def stories(count: int) -> Iterator[Story]:
    """Yield the articles of a site of `count`, the oldest first."""
    for number in range(count):
        yield story(number, _date(number, count))


def new_story(count: int, number: int) -> Story:
    """Return the article that is published as the `number`-th (from 0) after a site of `count`."""
    return story(count + number, LAST_MOMENT + timedelta(minutes=number + 1))


def story(number: int, date: datetime) -> Story:
    """Return the article of this number, published at `date`."""
    dice = _Dice(number)
    japanese = number % JAPANESE_EVERY == JAPANESE_EVERY - 1
    place, noun = dice.choose(words.PLACES), dice.choose(words.NOUNS)
    if japanese:
        topic = dice.choose(words.JAPANESE_TOPICS)
        title = f"{dice.choose(words.JAPANESE_SUBJECTS)}と{topic} 第{number}号"
    else:
        title = f"{place} {noun} {dice.choose(words.VERBS)} {dice.choose(words.ENDINGS)} {number}"
    mark = f"file number {number:06} of the {noun} register"
    return Story(
        number=number,
        slug=f"{noun}-{number:06}",
        title=title,
        date=date,
        category=dice.choose(words.CATEGORIES),
        tags=dice.several(TAGS, 2 + dice.below(3)),
        authors=dice.several(AUTHORS, 2 if dice.below(10) == 0 else 1),
        summary=_japanese(dice) if japanese else _sentence(dice),
        language="ja" if japanese else "en",
        mark=mark,
        body=_body(dice, mark, japanese=japanese),
    )


def _date(number: int, count: int) -> datetime:
    span = int((LAST_MOMENT - FIRST_DAY).total_seconds()) // 60
    return FIRST_DAY + timedelta(minutes=span * (number + 1) // count)


class _Dice:
    """Random choices that are the same with every version of Python.

    Python promises this for `random()` only, not for `choice` or `sample`.
    """

    def __init__(self, number: int) -> None:
        self._random = Random(f"{SEED} {number}")

    def below(self, limit: int) -> int:
        return int(self._random.random() * limit)

    def choose(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def several(self, options: Sequence[T], count: int) -> tuple[T, ...]:
        """Return `count` different ones, in the order of the draw."""
        drawn: dict[int, None] = {}
        while len(drawn) < count:
            drawn[self.below(len(options))] = None
        return tuple(options[place] for place in drawn)


def _body(dice: _Dice, mark: str, *, japanese: bool) -> str:
    blocks = [_paragraph(dice, japanese=japanese), f"This is {mark}."]
    kinds = [_heading, _list, _quote]
    if dice.below(5) == 0:
        kinds.append(_table)
    if dice.below(8) == 0:
        kinds.append(_code)
    size = sum(len(block.encode()) + 2 for block in blocks)
    for turn in range(100):
        if size >= BODY_BYTES:
            break
        if turn % 3 == 2 and kinds:  # two paragraphs, then something else
            block = kinds.pop(0)(dice)
        else:
            block = _paragraph(dice, japanese=japanese)
        blocks.append(block)
        size += len(block.encode()) + 2
    # Whatever is left over for an article that is full already still has its place at the end.
    blocks.extend(kind(dice) for kind in kinds)
    return "\n\n".join(blocks) + "\n"


def _sentence(dice: _Dice) -> str:
    subject = f"The {dice.choose(words.ADJECTIVES)} {dice.choose(words.NOUNS)}"
    if dice.below(3) == 0:
        subject += f" of {dice.choose(words.PLACES)}"
    first = f"{subject} {dice.choose(words.VERBS)} the {dice.choose(words.NOUNS)}"
    if dice.below(2) == 0:
        adjective = dice.choose(words.ADJECTIVES)
        other = f"{'an' if adjective[0] in 'aeiou' else 'a'} {adjective} {dice.choose(words.NOUNS)}"
        first += f", and {other} {dice.choose(words.VERBS)} the {dice.choose(words.NOUNS)}"
    return f"{first} {dice.choose(words.ENDINGS)}."


def _japanese(dice: _Dice) -> str:
    subject, topic = dice.choose(words.JAPANESE_SUBJECTS), dice.choose(words.JAPANESE_TOPICS)
    return f"{subject}は{topic}{dice.choose(words.JAPANESE_ENDINGS)}"


def _paragraph(dice: _Dice, *, japanese: bool) -> str:
    if japanese:
        return "".join(_japanese(dice) for _ in range(4 + dice.below(3)))
    sentences = [_sentence(dice) for _ in range(4 + dice.below(3))]
    place = dice.below(len(sentences))
    noun = dice.choose(words.NOUNS)
    sentences[place] += (
        f" “It was **{dice.choose(words.ADJECTIVES)}**,” said one *{noun}*.",
        f" The [{noun}](https://example.org/{noun}/) has the details.",
        f" Its number is `{noun}-{dice.below(1000)}`.",
        f" It cost {dice.below(900) + 100} crowns – half of what was feared.",
    )[dice.below(4)]
    return " ".join(sentences)


def _heading(dice: _Dice) -> str:
    title = f"{dice.choose(words.ADJECTIVES)} {dice.choose(words.NOUNS)}".capitalize()
    return f"## {title}\n\n{_sentence(dice)}"


def _list(dice: _Dice) -> str:
    return "\n".join(
        f"- the {dice.choose(words.ADJECTIVES)} {dice.choose(words.NOUNS)}"
        for _ in range(3 + dice.below(4))
    )


def _quote(dice: _Dice) -> str:
    return f"> {_sentence(dice)} {_sentence(dice)}"


def _table(dice: _Dice) -> str:
    rows = [
        f"| {place} | {dice.below(900)} | {dice.choose(words.VERBS)} |"
        for place in dice.several(words.PLACES, 4)
    ]
    return "\n".join(["| Place | Number | Outcome |", "| --- | --- | --- |", *rows])


def _code(dice: _Dice) -> str:
    noun = dice.choose(words.NOUNS)
    return (
        f"```python\ndef count_{noun}(rows: list[int]) -> int:\n"
        f'    """Return how many are above {dice.below(90)}."""\n'
        f"    total = sum(1 for row in rows if row > {dice.below(90)})\n"
        f'    return total + len("{noun}")\n```'
    )
