"""Inline Markdown in Python-Markdown's tree: the same patterns, tried only where they may match.

The library runs each of some 17 patterns over each piece of text. Here, `quick_plain` reads what is
plain. Any other piece of text is first asked which of their characters it holds; then the patterns
for those are run, in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from markdown import Markdown, inlinepatterns
from markdown.extensions.footnotes import FootnoteInlineProcessor
from markdown.inlinepatterns import (
    AutolinkInlineProcessor,
    AutomailInlineProcessor,
    BacktickInlineProcessor,
    DelimiterProcessor,
    EscapeInlineProcessor,
    HtmlInlineProcessor,
    Pattern,
    SubstituteTagInlineProcessor,
)
from markdown.treeprocessors import InlineProcessor
from markdown.util import (
    INLINE_PLACEHOLDER,
    INLINE_PLACEHOLDER_PREFIX,
    INLINE_PLACEHOLDER_RE,
    AtomicString,
)

from sitegen.markdown.fast import links, plain
from sitegen.markdown.fast.links import Brackets
from sitegen.markdown.fast.plain import Grown, is_unmarked
from sitegen.markdown.fast.substrings import Needles


class _Delimiters(DelimiterProcessor):
    """Emphasis. Goes from delimiter to delimiter; the library looks at each character."""

    def search(self, data: str, start: int) -> re.Match[str] | None:
        """Return the next delimiter that may begin or end something."""
        if any(len(token) != 1 for token in self.delimiters):
            return super().search(data, start)
        for token in self.compiled_re.finditer(data, start):
            delimiter = self.delimiters[token[0]]
            match = delimiter.boundary.match(data, token.start())
            if match is not None and (delimiter.stack or match.lastgroup != "end"):
                return match
        return None


def register(md: Markdown) -> QuickInline:
    """Put our patterns and our tree processor into the place of the library's own; return that.

    To be called before extensions are loaded, which may replace them in turn.
    """
    brackets = links.register(md)
    delimiters = _Delimiters("*", "strong,em", md)
    delimiters.add("_", "strong,em", smart=True)
    md.inlinePatterns.register(delimiters, "em_strong", 60)
    processor = QuickInline(md, brackets, delimiters)
    md.treeprocessors.register(processor, "inline", 20)
    return processor


class Needs(NamedTuple):
    """What a text must have for a pattern to do anything there. It need not be enough."""

    inside: tuple[str, ...]
    """One of these stands in it."""
    references: bool = False
    """Whether the document must also define references."""
    first: re.Pattern[str] | None = None
    """What each match begins with, if that is found sooner than the pattern itself."""


_TICKS = Needs(("`",), first=re.compile(r"[\\`]"))
_OPENED = re.compile(r"\[")
_LINK = Needs(("](",), first=_OPENED)
_REFERENCE = Needs(("[",), references=True, first=_OPENED)
_IMAGE_REFERENCE = Needs(("![",), references=True)
_NEEDS: Mapping[tuple[type[Pattern], str], Needs] = {
    (BacktickInlineProcessor, inlinepatterns.BACKTICK_RE): _TICKS,
    (EscapeInlineProcessor, inlinepatterns.ESCAPE_RE): Needs(("\\",)),
    (FootnoteInlineProcessor, r"\[\^([^\]]*)\]"): Needs(("[^",)),
    (links.Reference, inlinepatterns.REFERENCE_RE): _REFERENCE,
    (links.Link, inlinepatterns.LINK_RE): _LINK,
    (links.Image, inlinepatterns.IMAGE_LINK_RE): Needs(("![",)),
    (links.ImageReference, inlinepatterns.IMAGE_REFERENCE_RE): _IMAGE_REFERENCE,
    (links.ShortReference, inlinepatterns.REFERENCE_RE): _REFERENCE,
    (links.ShortImageReference, inlinepatterns.IMAGE_REFERENCE_RE): _IMAGE_REFERENCE,
    (AutolinkInlineProcessor, inlinepatterns.AUTOLINK_RE): Needs(("<",)),
    (AutomailInlineProcessor, inlinepatterns.AUTOMAIL_RE): Needs(("<",)),
    (SubstituteTagInlineProcessor, inlinepatterns.LINE_BREAK_RE): Needs(("  \n",)),
    (HtmlInlineProcessor, inlinepatterns.HTML_RE): Needs(("<",)),
    (HtmlInlineProcessor, inlinepatterns.ENTITY_RE): Needs(("&",)),
}
"""The needs of known patterns, by exact class and regular expression. Others are always run.

None of the characters is in a placeholder, which takes the place of what a pattern matched: a text
that has none of them does not get any.
"""

_PLAIN = frozenset({BacktickInlineProcessor, links.Link, _Delimiters})
"""The patterns whose work `quick_plain` does."""


def needs_of(pattern: Pattern) -> Needs | None:
    """Return what a text must have for `pattern`, None if that is not known."""
    if type(pattern) is _Delimiters:
        return Needs(tuple(pattern.tokens))
    return _NEEDS.get((type(pattern), pattern.getCompiledRegExp().pattern))


def _matches(
    regex: re.Pattern[str], first: re.Pattern[str], text: str, start: int
) -> Iterator[re.Match[str]]:
    """Yield the matches of `regex` from `start` on, all of which begin with `first`."""
    begin = first.search(text, start)
    while begin:
        match = regex.match(text, begin.start())
        if match:
            yield match
        begin = first.search(text, match.end() if match else begin.end())


_Numbered = tuple[tuple[int, Pattern], ...]
"""Patterns with their numbers in the registry."""
_Grown = list[tuple[ET.Element, list[str]]]
"""Elements made from a text, each with the names of those that it stands in."""


class QuickInline(InlineProcessor):
    """Applies the inline patterns to the texts in a tree, as the library's processor does."""

    def __init__(self, md: Markdown, brackets: Brackets, delimiters: _Delimiters) -> None:
        super().__init__(md)
        self.brackets = brackets
        self.delimiters = delimiters
        self.patterns: list[Any] = []
        self.needs: list[Needs | None] = []
        self.needles = Needles(())
        self.chosen: dict[tuple[bool, tuple[str, ...]], _Numbered] = {}
        self.is_foreign = True
        self.is_known = False
        """Whether `quick_plain` may be asked: it reckons with all the patterns that there are."""
        self.stashed = 0
        """How many elements the library would have put into its stash."""

    def run(self, tree: ET.Element, ancestors: list[str] | None = None) -> ET.Element:
        """Return `tree` with elements in place of inline Markdown."""
        self.stashed_nodes = {}
        self.stashed = 0
        self.brackets.begin()
        self.parent_map = {}
        if self.is_foreign:  # Then there may be more patterns now, and one may ask for parents.
            self.prepare()
            self.parent_map.update((child, parent) for parent in tree.iter() for child in parent)
        queue = [(tree, [*(ancestors or ()), tree.tag.lower()])]
        for element, parents in queue:
            self.ancestors = parents
            if element is not tree:
                parents.append(element.tag.lower())
            grown = []
            # What is made from a child's tail is put next to it, and so is gone through, too.
            for child in element:
                has_children = len(child)
                text, tail = child.text, child.tail
                if text and not (self.is_known and is_unmarked(text)):
                    new = self.grow_from_text(child)
                    queue += new
                    grown.append((child, new))
                if tail and not (self.is_known and is_unmarked(tail)):
                    self.grow_from_tail(element, child)
                if has_children:
                    self.parent_map[child] = element
                    queue.append((child, self.ancestors[:]))
            for child, new in grown:
                for place, (node, _) in enumerate(new):
                    child.insert(place, node)
        return tree

    def prepare(self) -> None:
        """Find out which patterns there are."""
        patterns: list[Any] = list(self.inlinePatterns)
        needs = [needs_of(pattern) for pattern in patterns]
        if (patterns, needs) != (self.patterns, self.needs):
            self.patterns, self.needs = patterns, needs
            inside = (needle for each in needs if each for needle in each.inside)
            self.needles = Needles(inside, "[\n")
            self.chosen = {}
        kinds = {type(pattern) for pattern in patterns}
        self.is_foreign = getattr(self.md, "is_foreign", True)
        self.is_known = not self.is_foreign and all(needs) and kinds >= _PLAIN

    def plain(self, text: str) -> Grown | None:
        """Return what becomes of `text` if it is plain: no pattern has more to do there.

        Some nestings of emphasis leave the library with places in one text that it then uses in the
        next, or with halves of placeholders in the HTML. We do the same, and count the same.
        """
        if not self.is_known or self.delimiters.regions or isinstance(text, AtomicString):
            return None
        grown = plain.grown(text)
        if grown:
            self.stashed += len(grown.elements)
        return grown

    def for_text(self, text: str) -> _Numbered:
        """Return the patterns that may do something in `text`."""
        references = bool(self.md.references)
        found = self.needles.found(text)
        chosen = self.chosen.get((references, found))
        if chosen is None:
            chosen = self.chosen[references, found] = tuple(
                (number, pattern)
                for number, pattern in enumerate(self.patterns)
                if (needs := self.needs[number]) is None
                or (set(found) & set(needs.inside) and (references or not needs.references))
            )
        return chosen

    def grow_from_text(self, element: ET.Element) -> _Grown:
        """Apply the patterns to the text of `element`; return the elements that must go into it."""
        text = element.text or ""
        if plain := self.plain(text):
            element.text, element[:0] = plain
            return []
        if isinstance(text, AtomicString):
            return []
        patterns = self.for_text(text)
        if not patterns and INLINE_PLACEHOLDER_PREFIX not in text:
            return []
        self.ancestors.append(element.tag.lower())
        element.text = None
        for number, pattern in patterns:
            text = self.apply(number, pattern, text)
        new = self.resolve(text, element, is_text=True)
        for node, _ in new:
            self.parent_map[node] = element
        self.ancestors.pop()
        return new

    def grow_from_tail(self, parent: ET.Element, element: ET.Element) -> None:
        """Apply the patterns to what follows `element`, and put the new elements there."""
        tail = element.tail or ""
        if plain := self.plain(tail):
            place = list(parent).index(element) + 1
            element.tail, parent[place:place] = plain
            return
        tail = self.apply_all(tail)
        if INLINE_PLACEHOLDER_PREFIX not in tail:
            element.tail = tail
            return
        holder = ET.Element("d")
        new = self.resolve(tail, holder, is_text=False)
        element.tail = holder.tail or None
        place = list(parent).index(element) + 1
        for node, _ in reversed(new):
            self.parent_map[node] = parent
            parent.insert(place, node)

    def apply_all(self, text: str, first: int = 0) -> str:
        """Return `text` with placeholders for what the patterns from number `first` on match."""
        if not isinstance(text, AtomicString):
            for number, pattern in self.for_text(text):
                if number >= first:
                    text = self.apply(number, pattern, text)
        return text

    def apply(self, number: int, pattern: Pattern, text: str) -> str:
        """Return `text` with placeholders for what one pattern matches."""
        start = 0
        while True:
            if any(name.lower() in self.ancestors for name in pattern.ANCESTOR_EXCLUDES):
                return text
            match: re.Match[str] | None
            node: Any
            if isinstance(pattern, inlinepatterns.InlineProcessor):
                for match in self.matches(number, pattern, text, start):
                    node, begin, end = pattern.handleMatch(match, text)
                    if begin is not None and end is not None:
                        break
                else:
                    return text
                before, after = text[:begin], text[end:]
            else:  # The old kind, which matches a whole text: (what is before)…(what is after).
                match = pattern.getCompiledRegExp().match(text[start:])
                if match is None:
                    return text
                node, end = pattern.handleMatch(match), match.end()
                before, after = f"{text[:start]}{match[1]}", match.groups()[-1]
            if node is None:
                start = end
                continue
            if not isinstance(node, str) and not isinstance(node.text, AtomicString):
                self.apply_within(number, node)
            name = f"{self.stashed:04}"
            self.stashed += 1
            self.stashed_nodes[name] = node
            before += INLINE_PLACEHOLDER % name
            text, start = before + after, len(before)

    def matches(
        self, number: int, pattern: Pattern, text: str, start: int
    ) -> Iterator[re.Match[str]]:
        """Return the matches of a pattern in `text` from `start` on.

        A regular expression that begins with a look back is slow to find where it may match.
        """
        regex = pattern.getCompiledRegExp()
        needs = self.needs[number]
        if needs is None or not needs.first:
            return regex.finditer(text, start)
        return _matches(regex, needs.first, text, start)

    def apply_within(self, number: int, node: ET.Element) -> None:
        """Apply the patterns after `number` to the texts of a new element and its children."""
        for child in (node, *node):
            if child.text:
                self.ancestors.append(child.tag.lower())
                child.text = self.apply_all(child.text, number + 1)
                self.ancestors.pop()
            if child.tail:
                child.tail = self.apply_all(child.tail, number)

    def resolve(self, text: str, parent: ET.Element, *, is_text: bool) -> _Grown:
        """Return the elements for the placeholders in `text`, with the text between them.

        What is before the first becomes text or tail of `parent`.
        """
        new: _Grown = []

        def put(piece: str) -> None:
            if not piece:
                return
            if new:
                last = new[-1][0]
                last.tail = last.tail + piece if last.tail else piece
            elif is_text:
                parent.text = parent.text + piece if parent.text else piece
            else:
                parent.tail = parent.tail + piece if parent.tail else piece

        position = 0
        while (index := text.find(INLINE_PLACEHOLDER_PREFIX, position)) >= 0:
            match = INLINE_PLACEHOLDER_RE.search(text, index)
            if match is None or match[1] not in self.stashed_nodes:
                end = index + len(INLINE_PLACEHOLDER_PREFIX)
                put(text[position:end])
                position = end
                continue
            put(text[position:index])
            position = match.end()
            node = self.stashed_nodes[match[1]]
            if isinstance(node, str):
                put(node)
            else:
                self.resolve_within(node)
                new.append((node, self.ancestors[:]))
        rest = text[position:]
        put(AtomicString(rest) if isinstance(text, AtomicString) else rest)
        return new

    def resolve_within(self, node: ET.Element) -> None:
        """Put elements into the place of placeholders in a new element and its children."""
        for child in (node, *node):
            if (tail := child.tail) and INLINE_PLACEHOLDER_PREFIX in tail:
                child.tail = None
                new = self.resolve(tail, child, is_text=False)
                place = 0 if child is node else list(node).index(child) + 1
                for item, _ in reversed(new):
                    node.insert(place, item)
            if (text := child.text) and INLINE_PLACEHOLDER_PREFIX in text:
                child.text = None
                for item, _ in reversed(self.resolve(text, child, is_text=True)):
                    child.insert(0, item)
