"""The templates of shortcodes: which there are, and what each reads of what a shortcode is given.

Found in the texts alone, without Jinja2: this is looked at in every build, and most builds render
nothing. What cannot be seen there counts as read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from sitegen.html.finishing import is_reference
from sitegen.index.layers import template_name
from sitegen.index.template_tags import LITERAL, TAG
from sitegen.model.documents import Reference, Shortcode, ShortcodeArgument, Source
from sitegen.scan.sources import UnreadableError

FOLDER = "shortcodes/"
"""Below `templates/`."""
SUFFIX, FEED_SUFFIX = ".html", ".feed.html"
"""How the template of a shortcode ends, and that for feeds."""

CARD = "card"
"""The attribute of a reference that names an article."""
_LIST = "list of pictures"
"""The attribute of a reference that is several, which spaces divide."""
_NAMING = {"image": "src", "link_to": "href", "linked_teaser": CARD, "pictures": _LIST}
"""Functions that take what a document names, with the attribute that such a reference has."""

_ONE = r"\bargs\s*(?:\.\s*([A-Za-z_]\w*)|\[\s*(?:\"([^\"]*)\"|'([^']*)'|(\d+))\s*\])"
_READ = re.compile(_ONE)
_ASKED = re.compile(r"(?:\"([^\"]*)\"|'([^']*)')\s+(?:not\s+)?in\s+args\b")
_ARGS = re.compile(r"\bargs\b")
_NAMED = re.compile(rf"\b({'|'.join(_NAMING)})\(\s*document\s*,([^,()]*)")
_LOOP = re.compile(r"\bfor\s+([A-Za-z_]\w*)\s+in\s+args\s*-?%")
_INNER = re.compile(r"\binner\b")
_BLOCK = re.compile(
    r"<(?:address|article|aside|blockquote|details|div|dl|fieldset|figure|footer|form|h[1-6]"
    r"|header|hr|main|nav|ol|p|pre|section|table|ul)[\s>]",
    re.IGNORECASE,
)
_FRAMED = re.compile(r"""\s(?:src|data-frame)=["'](https?://[^/"'{}\s]+)""", re.IGNORECASE)
_FRAMES = re.compile(r"<iframe\s[^>]*>|\sdata-frame=\S+", re.IGNORECASE)
FRAMES = frozenset(
    {
        "https://player.vimeo.com",
        "https://www.openstreetmap.org",
        "https://www.youtube-nocookie.com",
    }
)
"""Whose frames the built-in shortcodes show, at a click."""
EMBEDS = "embeds_of_shortcodes"
"""The name in a site's memo of what is worked out of the frames of all shortcodes."""
Key = str | int
"""The name of an argument, or its place among those without one."""
_EACH = -1
"""The place of all of them."""


class ShortcodeTemplate(NamedTuple):
    """What the template of a shortcode does with what it is given."""

    keys: frozenset[str] = frozenset()
    """The names of arguments that it reads, flags among them."""
    places: int = 0
    """How many arguments without a name it reads."""
    reads_all: bool = False
    """Whether it may read any."""
    shows_inner: bool = False
    makes_block: bool = False
    references: frozenset[tuple[str, Key]] = frozenset()
    """(attribute, argument) of those that name something of the site."""
    frames: frozenset[str] = frozenset()
    """The origins of the frames that it has, as they are written in it."""

    def __or__(self, other: ShortcodeTemplate) -> ShortcodeTemplate:
        """Return what both do."""
        return ShortcodeTemplate(
            self.keys | other.keys,
            max(self.places, other.places),
            self.reads_all or other.reads_all,
            self.shows_inner or other.shows_inner,
            self.makes_block or other.makes_block,
            self.references | other.references,
            self.frames | other.frames,
        )

    def named_by(self, shortcode: Shortcode) -> list[Reference]:
        """Return what of the site a shortcode names."""
        values: dict[Key, str] = {item.key: item.value for item in shortcode.arguments if item.key}
        values |= dict(enumerate(item.value for item in shortcode.arguments if not item.key))
        return [
            Reference("src" if attribute == _LIST else attribute, name, shortcode.line)
            for attribute, key in sorted(self.references, key=repr)
            for place, value in values.items()
            if key == place or (key == _EACH and isinstance(place, int))
            for name in (value.split() if attribute == _LIST else (value,))
            if is_reference(name)
        ]

    def unread(self, arguments: tuple[ShortcodeArgument, ...]) -> list[ShortcodeArgument]:
        """Return the arguments that the template does not read."""
        if self.reads_all:
            return []
        values = [item for item in arguments if not item.key]
        return [
            *(item for item in arguments if item.key and item.key not in self.keys),
            *(
                item
                for item in values[self.places :]
                if not (item.is_word and item.value in self.keys)
            ),
        ]


def shortcode_names(templates: Mapping[str, Source]) -> frozenset[str]:
    """Return the names of the shortcodes that there are; `templates` are all by their names."""
    return frozenset(
        name.removeprefix(FOLDER).removesuffix(SUFFIX)
        for name in templates
        if name.startswith(FOLDER) and name.endswith(SUFFIX) and not name.endswith(FEED_SUFFIX)
    )


def shortcode_template(
    name: str, templates: Mapping[str, Source], read: Callable[[Source], bytes]
) -> ShortcodeTemplate:
    """Return what the template of the shortcode `name` and those that it includes do."""
    return _template(f"{FOLDER}{name}{SUFFIX}", templates, read, frozenset())


def _template(
    name: str,
    templates: Mapping[str, Source],
    read: Callable[[Source], bytes],
    above: frozenset[str],
) -> ShortcodeTemplate:
    source = templates.get(name)
    if source is None or name in above:
        return ShortcodeTemplate()  # which is told where it is used
    try:
        text = read(source).decode("utf-8-sig", "replace")
    except UnreadableError:
        return ShortcodeTemplate(reads_all=True)
    found = _of_text(text)
    for match in TAG.finditer(text):
        rest = match["rest"] or ""
        if match["tag"] in ("include", "extends"):
            literal = LITERAL.match(rest)
            if literal is None:
                return found._replace(reads_all=True, shows_inner=True)
            below = template_name(literal[1][1:-1], source.path)
            found |= _template(below, templates, read, above | {name})
        elif match["tag"] in ("import", "from") and "with context" in rest:
            return found._replace(reads_all=True, shows_inner=True)
    return found


def _of_text(text: str) -> ShortcodeTemplate:
    written = " \n ".join(
        match[0] for match in TAG.finditer(text) if match["tag"] or match[0].startswith("{{")
    )
    read, loops = _keys(written), set(_LOOP.findall(written))
    asked = {name for pair in _ASKED.findall(written) for name in pair if name}
    seen = len(_READ.findall(written)) + len(_ASKED.findall(written))
    return ShortcodeTemplate(
        keys=frozenset({key for key in read if isinstance(key, str)} | asked),
        places=max((key + 1 for key in read if isinstance(key, int)), default=0),
        reads_all=len(_ARGS.findall(written)) > seen,
        shows_inner=_INNER.search(written) is not None,
        makes_block=_BLOCK.search(TAG.sub("", text)) is not None,
        references=frozenset(
            (_NAMING[function], key)
            for function, given in _NAMED.findall(written)
            for key in (*_keys(given), *([_EACH] if given.strip() in loops else ()))
        ),
        frames=frozenset(
            origin.lower() for tag in _FRAMES.findall(text) for origin in _FRAMED.findall(tag)
        ),
    )


def _keys(text: str) -> list[Key]:
    """Return the arguments that some text of a template reads."""
    return [
        int(place) if place else name or quoted or other
        for name, quoted, other, place in _READ.findall(text)
    ]
