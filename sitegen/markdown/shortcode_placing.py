"""Tags of shortcodes in HTML: which belong together, and whether they are blocks.

    <p>X</p>              ──▶  X               alone in a paragraph, it is a block
    <p>X words Y</p>      ──▶  X<p>words</p>Y  around all of a paragraph, too
    <p>a X words Y b</p>                       in words, it stays

X and Y are the characters that stand for two tags.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sitegen.markdown.shortcode_tags import Tag, Wrong

MARKER = re.compile("<!--\x1b(/?)([0-9]+)-->")
"""The sign of a closing tag, and the number of its shortcode.

No HTML of a body holds the control character: so a marker is nothing else. A comment is what nobody
reads who looks for words.
"""

_PIECE = re.compile(
    r"""[<\U000f0000-\U000ffffd]
    (?: (?<!<)
      | !--.*?(?:-->|\Z)
      | (?P<end>/?)(?P<name>[A-Za-z][^\s/>]*+)(?:"[^"]*"|'[^']*'|[^"'>]++)*+>
    )
    """,
    re.DOTALL | re.VERBOSE,
)
"""It begins with a set of characters, for which a search is quick."""
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source"}
    | {"track", "wbr"}
)
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "button", "caption", "cite", "code", "data", "del", "dfn"}
    | {"dt", "em", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "i", "ins", "kbd", "label"}
    | {"legend", "mark", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "span"}
    | {"strong", "sub", "summary", "sup", "time", "u", "var"}
)
"""Elements that hold words, and no blocks."""

_CALLED: Mapping[str, str] = {
    **dict.fromkeys(("ul", "ol", "li"), "a list"),
    **dict.fromkeys(("dl", "dt", "dd"), "a list of definitions"),
    **dict.fromkeys(("table", "thead", "tbody", "tr", "th", "td"), "a table"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "a heading"),
    **dict.fromkeys(("em", "strong", "b", "i"), "emphasised words"),
    "a": "a link",
    "p": "a paragraph",
    "blockquote": "a quotation",
}


class PlacedShortcode(NamedTuple):
    """A shortcode at its place in some HTML."""

    tag: Tag
    has_inner: bool
    is_inline: bool


class Placed(NamedTuple):
    """HTML with markers."""

    html: str
    shortcodes: tuple[PlacedShortcode, ...]
    wrong: tuple[Wrong, ...]


class _Piece:
    """A tag of HTML, or that of a shortcode, with the text behind it."""

    __slots__ = ("behind", "inside", "is_inline", "name", "other", "tag", "text")

    def __init__(self, text: str, name: str = "", tag: Tag | None = None) -> None:
        self.text = text
        self.name = name
        """Of an element that begins here (`p`) or ends (`/p`)."""
        self.tag = tag
        """Of a shortcode."""
        self.behind = ""
        self.inside: _Piece | None = None
        """The beginning of the innermost element that it stands in."""
        self.is_inline = False
        """Of the beginning of an element: whether what stands in it is in words."""
        self.other: _Piece | None = None
        """The other tag of a shortcode that has two."""

    @property
    def is_bare(self) -> bool:
        """Whether there are no words between it and the next piece."""
        return not self.behind.strip()


def placed(html: str, tags: Mapping[str, Tag]) -> Placed:
    """Return `html` with markers in the place of characters; `tags` says what they stand for."""
    pieces = _divided(html, tags)
    wrong = [item.tag.wrong for item in pieces if item.tag and item.tag.wrong]
    wrong += _paired(pieces)
    pieces = _with_blocks(pieces)
    found: list[PlacedShortcode] = []
    for piece in pieces:
        tag, end = piece.tag, piece.other
        if tag is None or tag.is_end or tag.wrong:
            continue
        piece.text = _marker(len(found))
        if end is not None:
            end.text = _marker(len(found), "/")
            wrong += _torn(tag, piece, end)
        is_inline = piece.inside is not None and piece.inside.is_inline
        found.append(PlacedShortcode(tag, end is not None, is_inline))
    html = "".join(text for piece in pieces for text in (piece.text, piece.behind))
    return Placed(html, tuple(found), tuple(sorted(wrong)))


def _marker(number: int, sign: str = "") -> str:
    return f"<!--\x1b{sign}{number}-->"


def _divided(html: str, tags: Mapping[str, Tag]) -> list[_Piece]:
    """Return the pieces of some HTML, the first of them empty."""
    pieces = [_Piece("")]
    open_: list[_Piece] = []
    names: Counter[str] = Counter()
    seen: set[str] = set()
    copied = 0
    for match in _PIECE.finditer(html):
        text, tag = match[0], tags.get(match[0])
        name = f"{match['end']}{match['name'].lower()}" if match["name"] else ""
        if not tag and not name:
            continue
        pieces[-1].behind = html[copied : match.start()]
        copied = match.end()
        # A second one of the same is a copy that the engine made.
        piece = _Piece("" if tag else text, name, None if text in seen else tag)
        if tag:
            seen.add(text)
        if name[:1] == "/" and names[name[1:]]:
            begun = open_.pop()
            names[begun.name] -= 1
            while begun.name != name[1:]:
                begun = open_.pop()
                names[begun.name] -= 1
            begun.other, piece.other = piece, begun
        piece.inside = open_[-1] if open_ else None
        if name and name[0] != "/" and name not in _VOID and not text.endswith("/>"):
            piece.is_inline = name in _INLINE or (
                piece.inside is not None and piece.inside.is_inline
            )
            names[name] += 1
            open_.append(piece)
        pieces.append(piece)
    pieces[-1].behind = html[copied:]
    return pieces


def _paired(pieces: list[_Piece]) -> Iterator[Wrong]:
    """Find the tags that belong together; yield what is wrong with those that close nothing.

    Which shortcodes need a closing tag is not known here: one without has no inner text.
    """
    open_: list[_Piece] = []
    names: Counter[str] = Counter()
    passed: dict[str, tuple[_Piece, str]] = {}
    for piece in pieces:
        tag = piece.tag
        if tag is None or tag.wrong or tag.is_closed:
            continue
        if not tag.is_end:
            open_.append(piece)
            names[tag.name] += 1
            continue
        if not names[tag.name]:
            yield _closes_nothing(tag, passed)
            continue
        begun = open_.pop()
        while begun.tag and begun.tag.name != tag.name:
            passed[begun.tag.name] = (begun, tag.name)
            names[begun.tag.name] -= 1
            begun = open_.pop()
        names[tag.name] -= 1
        begun.other, piece.other = piece, begun


def _closes_nothing(tag: Tag, passed: Mapping[str, tuple[_Piece, str]]) -> Wrong:
    name = tag.name
    if name in passed:
        begun, outer = passed[name]
        assert begun.tag is not None  # noqa: S101 - it is a shortcode
        message = f'the shortcode "{name}" begins in "{outer}" and ends behind it'
        return Wrong(
            begun.tag.start, message, f"write `{{{{< /{name} >}}}}` before `{{{{< /{outer} >}}}}`"
        )
    message = f"nothing is open that `{{{{< /{name} >}}}}` could close"
    return Wrong(tag.start, message, f"write `{{{{< {name} >}}}}` before it, or remove it")


def _with_blocks(pieces: list[_Piece]) -> list[_Piece]:
    """Return the pieces without the paragraphs around shortcodes that are blocks."""
    places = {id(piece): place for place, piece in enumerate(pieces)}
    runs = {
        place: _runs(pieces[place : places[id(piece.other)] + 1])
        for place, piece in enumerate(pieces)
        if piece.name == "p" and piece.other
    }
    leading = {id(piece) for lead, _ in runs.values() for piece in lead}
    trailing = {id(piece) for _, trail in runs.values() for piece in trail}

    def is_lifted(item: _Piece, paragraph: _Piece) -> bool:
        other = item.other
        if other is None:
            return False
        is_closed_here = id(item) in leading and id(other) in trailing
        is_begun_here = id(item) in trailing and id(other) in leading
        is_within = places[id(paragraph)] < places[id(other)] < places[id(paragraph.other)]
        return is_closed_here or is_begun_here or not is_within

    result: list[_Piece] = []
    copied = 0
    for start, (lead, trail) in runs.items():
        result += pieces[copied:start]
        paragraph, end = pieces[start], places[id(pieces[start].other)]
        copied = end + 1
        whole = pieces[start:copied]
        if len(lead) == len(whole) - 2 and all(item.is_bare for item in whole[:-1]):
            first, last = len(lead), 0
        else:
            first = _last(is_lifted(item, paragraph) for item in lead)
            last = _last(is_lifted(item, paragraph) for item in reversed(trail))
        result += _lifted(whole, first, last)
    return [*result, *pieces[copied:]]


def _runs(paragraph: list[_Piece]) -> tuple[list[_Piece], list[_Piece]]:
    """Return the tags of shortcodes that a paragraph begins with, and those that it ends with."""
    begin, *within, _ = paragraph
    lead: list[_Piece] = []
    before = begin
    for piece in within:
        if not before.is_bare or piece.tag is None:
            break
        lead.append(piece)
        before = piece
    trail: list[_Piece] = []
    for piece in reversed(within):
        if not piece.is_bare or piece.tag is None:
            break
        trail.append(piece)
    return lead, trail[::-1]


def _last(found: Iterator[bool]) -> int:
    """Return how many there are up to the last that is true."""
    return max((number for number, item in enumerate(found, 1) if item), default=0)


def _lifted(paragraph: list[_Piece], first: int, last: int) -> list[_Piece]:
    """Return a paragraph with its first and last shortcodes before and behind it."""
    begin, *within, end = paragraph
    if not first and not last:
        return paragraph
    before = within[:first]
    behind = within[len(within) - last :] if last else []
    inside = within[first : len(within) - last]
    rest = (before[-1].behind if before else begin.behind).lstrip()
    for item in (*before, *behind):
        item.inside = begin.inside
        item.behind = "\n"
    if not inside and not rest.strip():
        found = [*before, *behind]
    else:
        begin.behind = rest
        if behind:
            text = inside[-1] if inside else begin
            text.behind = text.behind.rstrip()
        found = [*before, begin, *inside, end, *behind]
    if behind or found[-1] is not end:
        end.behind, found[-1].behind = ("\n" if behind else end.behind), end.behind
    return found


def _torn(tag: Tag, begin: _Piece, end: _Piece) -> Iterator[Wrong]:
    """Yield what is wrong with a shortcode whose tags stand in different elements."""
    if begin.inside is end.inside:
        return
    one, other = _elements(begin), _elements(end)
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] is other[shared]:
        shared += 1
    left, entered = (found[shared] if found[shared:] else None for found in (one, other))
    if left:
        how = f"begins in {_called(left)} and ends outside of it"
        if entered and _called(left) == _called(entered):
            how = f"begins in {_called(left)} and ends in another one"
    else:
        how = f"begins outside of {_called(entered)} and ends in it"
    hint = "put both tags on lines of their own, with the same indentation"
    yield Wrong(tag.start, f'the shortcode "{tag.name}" {how}', hint)


def _elements(piece: _Piece) -> list[_Piece]:
    """Return the beginnings of the elements that a piece stands in, the outermost first."""
    found = []
    inside = piece.inside
    while inside is not None:
        found.append(inside)
        inside = inside.inside
    return found[::-1]


def _called(piece: _Piece | None) -> str:
    name = piece.name if piece else ""
    return _CALLED.get(name, f"the element <{name}>")
