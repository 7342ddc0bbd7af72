"""Blocks of templates that are never shown, since no template above has them.

Of those of the site and of themes, but for the built-in one.

Found in the texts alone, without Jinja2: this is looked at in every build, and most builds render
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from sitegen.index.layers import template_name
from sitegen.index.template_tags import LITERAL, TAG
from sitegen.model.documents import Source
from sitegen.model.errors import Location, Problem, did_you_mean
from sitegen.scan.sources import UnreadableError

OWN = ("templates/", "themes/")
"""How the paths of templates begin that are not the built-in theme's."""

_NAME = re.compile(r"\w+")

_BY_ITSELF = re.compile(r"\bself\s*(?:\.\s*(\w+)|\[\s*[\"'](\w+)[\"']\s*\])")
"""A block may be shown by its name, wherever it stands."""


class _Block(NamedTuple):
    name: str
    offset: int
    is_inside: bool
    """Whether it stands in another block of the same template, with which it is shown."""


class _Facts(NamedTuple):
    """What a template says of blocks and parents."""

    blocks: tuple[_Block, ...]
    parents: tuple[str, ...]
    """The templates that it may extend."""
    is_plain: bool
    """Whether all that it may extend is named."""
    shown: frozenset[str]
    """Blocks that are shown by their names."""


def unknown_blocks(
    templates: Mapping[str, Source], read: Callable[[Source], bytes]
) -> Iterator[Problem]:
    """Yield a warning for each block of a template that no template above has.

    `templates` are all by the names that `extends` calls them by, `read` returns their text.
    """
    texts: dict[str, bytes] = {}

    def text(source: Source) -> bytes:
        if source.path not in texts:
            try:
                texts[source.path] = read(source)
            except UnreadableError:  # which is told where files are looked for
                texts[source.path] = b""
        return texts[source.path]

    own = {
        item.path: _facts(data)
        for item in templates.values()
        if item.path.startswith(OWN) and not item.path.endswith(".toml")
        if b"extends" in (data := text(item))
    }
    shown = frozenset().union(*(item.shown for item in own.values()))
    for path, facts in sorted(own.items()):
        above = _above(path, facts, templates, text)
        if above is None:
            continue
        known = {block.name for item in above.values() for block in item.blocks}
        shown_here = shown.union(*(item.shown for item in above.values()))
        for block in facts.blocks:
            if not block.is_inside and block.name not in known | shown_here:
                yield _problem(path, texts[path], block, sorted(known))


class Heritage(NamedTuple):
    """What a template extends, and which blocks another one may put something else into."""

    parents: tuple[str, ...]
    """The source paths of the templates above it, nearest first."""
    blocks: tuple[str, ...]
    """Its own first, then those of the templates above."""


def heritage(
    source: Source, templates: Mapping[str, Source], read: Callable[[Source], bytes]
) -> Heritage:
    """Return what a template extends and its blocks; `templates` and `read` as `unknown_blocks`."""
    facts = _facts(read(source))
    above = _above(source.path, facts, templates, read) or {}
    blocks = (block.name for item in (facts, *above.values()) for block in item.blocks)
    return Heritage(tuple(templates[name].path for name in above), tuple(dict.fromkeys(blocks)))


def _above(
    path: str,
    facts: _Facts,
    templates: Mapping[str, Source],
    read: Callable[[Source], bytes],
) -> dict[str, _Facts] | None:
    """Return what all templates that one may extend say, by name; None if that cannot be known.

    `path` is the source path of that one.
    """
    above: dict[str, _Facts] = {}
    todo = [(path, facts)]
    while todo:
        caller, item = todo.pop()
        if not item.is_plain:
            return None
        for parent in (template_name(name, caller) for name in item.parents):
            source = templates.get(parent)
            if source is None:
                return None  # which is told as an error
            if parent not in above:
                above[parent] = _facts(read(source))
                todo.append((source.path, above[parent]))
    return above or None


@lru_cache(maxsize=256)
def _facts(data: bytes) -> _Facts:
    text = data.decode("utf-8-sig", "replace")
    blocks: list[_Block] = []
    parents: list[str] = []
    is_plain, depth = True, 0
    for found in TAG.finditer(text):
        tag, rest = found["tag"], found["rest"] or ""
        if tag == "block" and (name := _NAME.match(rest)):
            blocks.append(_Block(name[0], found.start("rest"), depth > 0))
            depth += 1
        elif tag == "endblock":
            depth -= 1
        elif tag == "extends":
            literal = LITERAL.match(rest)
            is_plain = is_plain and literal is not None
            parents += [literal[1][1:-1]] if literal else []
    named = (name for pair in _BY_ITSELF.findall(text) for name in pair if name)
    return _Facts(tuple(blocks), tuple(parents), is_plain, frozenset(named))


def _problem(path: str, data: bytes, block: _Block, known: list[str]) -> Problem:
    before = data.decode("utf-8-sig", "replace")[: block.offset]
    line = before.count("\n") + 1
    place = Location(path, line, len(before) - before.rfind("\n"))
    message = f'no template above has a block "{block.name}": it is never shown'
    hint = did_you_mean(block.name, known) or f"known blocks: {', '.join(known)}"
    return Problem(message, place, hint, "warning")
