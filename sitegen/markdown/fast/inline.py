"""Inline Markdown in Python-Markdown's tree: the same patterns, tried only where they may match.

The library runs each of some 17 patterns over each piece of text. Here, `plain` reads what is
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
    SimpleTagInlineProcessor,
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
from sitegen.markdown.fast.plain import InlineContent, has_no_markup
from sitegen.markdown.fast.substrings import SubstringFilter
from sitegen.markdown.struck_text import STRUCK_RE


class _Delimiters(DelimiterProcessor):
    """Emphasis. Goes from delimiter to delimiter; the library tries every character."""

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


def register(md: Markdown) -> FastInlineProcessor:
    """Put our patterns and our tree processor into the place of the library's own; return that.

    To be called before extensions are loaded, which may replace them in turn.
    """
    brackets = links.register(md)
    delimiters = _Delimiters("*", "strong,em", md)
    delimiters.add("_", "strong,em", smart=True)
    md.inlinePatterns.register(delimiters, "em_strong", 60)
    processor = FastInlineProcessor(md, brackets, delimiters)
    md.treeprocessors.register(processor, "inline", 20)
    return processor


class Guard(NamedTuple):
    """A necessary condition for a pattern to match in a text. It need not be sufficient."""

    contains: tuple[str, ...]
    """The text contains one of these."""
    references: bool = False
    """Whether the document must also define references."""
    first: re.Pattern[str] | None = None
    """What each match begins with, if that is found faster than the pattern itself."""


_TICKS = Guard(("`",), first=re.compile(r"[\\`]"))
_OPENED = re.compile(r"\[")
_LINK = Guard(("](",), first=_OPENED)
_REFERENCE = Guard(("[",), references=True, first=_OPENED)
_IMAGE_REFERENCE = Guard(("![",), references=True)
_GUARDS: Mapping[tuple[type[Pattern], str], Guard] = {
    (BacktickInlineProcessor, inlinepatterns.BACKTICK_RE): _TICKS,
    (EscapeInlineProcessor, inlinepatterns.ESCAPE_RE): Guard(("\\",)),
    (FootnoteInlineProcessor, r"\[\^([^\]]*)\]"): Guard(("[^",)),
    (links.Reference, inlinepatterns.REFERENCE_RE): _REFERENCE,
    (links.Link, inlinepatterns.LINK_RE): _LINK,
    (links.Image, inlinepatterns.IMAGE_LINK_RE): Guard(("![",)),
    (links.ImageReference, inlinepatterns.IMAGE_REFERENCE_RE): _IMAGE_REFERENCE,
    (links.ShortReference, inlinepatterns.REFERENCE_RE): _REFERENCE,
    (links.ShortImageReference, inlinepatterns.IMAGE_REFERENCE_RE): _IMAGE_REFERENCE,
    (AutolinkInlineProcessor, inlinepatterns.AUTOLINK_RE): Guard(("<",)),
    (AutomailInlineProcessor, inlinepatterns.AUTOMAIL_RE): Guard(("<",)),
    (SubstituteTagInlineProcessor, inlinepatterns.LINE_BREAK_RE): Guard(("  \n",)),
    (SimpleTagInlineProcessor, STRUCK_RE): Guard(("~~",), first=re.compile("~~")),
    (HtmlInlineProcessor, inlinepatterns.HTML_RE): Guard(("<",)),
    (HtmlInlineProcessor, inlinepatterns.ENTITY_RE): Guard(("&",)),
}
"""The guards of known patterns, by exact class and regular expression. Others are always run.

None of the characters is in a placeholder, which takes the place of what a pattern matched: a text
that has none of them does not get any.
"""

_PLAIN = frozenset({BacktickInlineProcessor, links.Link, _Delimiters})
"""The patterns whose work `plain` does."""


def guard_of(pattern: Pattern) -> Guard | None:
    """Return the guard of `pattern`, None if it has none and must always run."""
    if type(pattern) is _Delimiters:
        return Guard(tuple(pattern.tokens))
    return _GUARDS.get((type(pattern), pattern.getCompiledRegExp().pattern))


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


_NumberedPatterns = tuple[tuple[int, Pattern], ...]
"""Patterns with their numbers in the registry."""
_NewElements = list[tuple[ET.Element, list[str]]]
"""Elements made from a text, each with the names of those that it stands in."""


class FastInlineProcessor(InlineProcessor):
    """Applies the inline patterns to the texts in a tree, as the library's processor does."""

    def __init__(self, md: Markdown, brackets: Brackets, delimiters: _Delimiters) -> None:
        super().__init__(md)
        self.brackets = brackets
        self.delimiters = delimiters
        self.patterns: list[Any] = []
        self.guards: list[Guard | None] = []
        self.substrings = SubstringFilter(())
        self.by_substrings: dict[tuple[bool, tuple[str, ...]], _NumberedPatterns] = {}
        self.has_custom_extensions = True
        self.patterns_known = False
        """Whether all registered patterns are known: else `plain` cannot stand for them."""
        self.stashed = 0
        """How many elements the library would have put into its stash."""

    def run(self, tree: ET.Element, ancestors: list[str] | None = None) -> ET.Element:
        """Return `tree` with elements in place of inline Markdown."""
        self.stashed_nodes = {}
        self.stashed = 0
        self.brackets.reset()
        self.parent_map = {}
        if self.has_custom_extensions:  # There may be more patterns now, and they may need parents.
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
                if text and not (self.patterns_known and has_no_markup(text)):
                    new = self.process_text(child)
                    queue += new
                    grown.append((child, new))
                if tail and not (self.patterns_known and has_no_markup(tail)):
                    self.process_tail(element, child)
                if has_children:
                    self.parent_map[child] = element
                    queue.append((child, self.ancestors[:]))
            for child, new in grown:
                for place, (node, _) in enumerate(new):
                    child.insert(place, node)
        return tree

    def prepare(self) -> None:
        """Take note of the registered patterns."""
        patterns: list[Any] = list(self.inlinePatterns)
        guards = [guard_of(pattern) for pattern in patterns]
        if (patterns, guards) != (self.patterns, self.guards):
            self.patterns, self.guards = patterns, guards
            contained = (substring for guard in guards if guard for substring in guard.contains)
            self.substrings = SubstringFilter(contained, "[\n")
            self.by_substrings = {}
        kinds = {type(pattern) for pattern in patterns}
        self.has_custom_extensions = getattr(self.md, "has_custom_extensions", True)
        is_stock = not self.has_custom_extensions
        self.patterns_known = is_stock and all(guards) and kinds >= _PLAIN

    def parse_plain(self, text: str) -> InlineContent | None:
        """Return what becomes of `text` if it is plain: no pattern has more to do there.

        Some nestings of emphasis leave the library with places in one text that it then uses in the
        next, or with halves of placeholders in the HTML. We do the same, and count the same.
        """
        if not self.patterns_known or self.delimiters.regions or isinstance(text, AtomicString):
            return None
        content = plain.parse_plain(text)
        if content:
            self.stashed += len(content.elements)
        return content

    def patterns_for(self, text: str) -> _NumberedPatterns:
        """Return the patterns that may do something in `text`."""
        references = bool(self.md.references)
        found = self.substrings.found(text)
        chosen = self.by_substrings.get((references, found))
        if chosen is None:
            chosen = self.by_substrings[references, found] = tuple(
                (number, pattern)
                for number, pattern in enumerate(self.patterns)
                if (guard := self.guards[number]) is None
                or (set(found) & set(guard.contains) and (references or not guard.references))
            )
        return chosen

    def process_text(self, element: ET.Element) -> _NewElements:
        """Apply the patterns to the text of `element`; return the elements that must go into it."""
        text = element.text or ""
        if content := self.parse_plain(text):
            element.text, element[:0] = content
            return []
        if isinstance(text, AtomicString):
            return []
        patterns = self.patterns_for(text)
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

    def process_tail(self, parent: ET.Element, element: ET.Element) -> None:
        """Apply the patterns to what follows `element`, and put the new elements there."""
        tail = element.tail or ""
        if content := self.parse_plain(tail):
            place = list(parent).index(element) + 1
            element.tail, parent[place:place] = content
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
            for number, pattern in self.patterns_for(text):
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
                self.apply_to_children(number, node)
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
        guard = self.guards[number]
        if guard is None or not guard.first:
            return regex.finditer(text, start)
        return _matches(regex, guard.first, text, start)

    def apply_to_children(self, number: int, node: ET.Element) -> None:
        """Apply the patterns after `number` to the texts of a new element and its children."""
        for child in (node, *node):
            if child.text:
                self.ancestors.append(child.tag.lower())
                child.text = self.apply_all(child.text, number + 1)
                self.ancestors.pop()
            if child.tail:
                child.tail = self.apply_all(child.tail, number)

    def resolve(self, text: str, parent: ET.Element, *, is_text: bool) -> _NewElements:
        """Return the elements for the placeholders in `text`, with the text between them.

        What is before the first becomes text or tail of `parent`.
        """
        new: _NewElements = []

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
                self.resolve_children(node)
                new.append((node, self.ancestors[:]))
        rest = text[position:]
        put(AtomicString(rest) if isinstance(text, AtomicString) else rest)
        return new

    def resolve_children(self, node: ET.Element) -> None:
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
