"""The tags of shortcodes in a text: where they are written, and what they say.

    {{< figure src="cat.png" wide >}}        {{< note >}} … {{< /note >}}        {{< related />}}

The syntax is Hugo's, whose archives have them. Pure: of Markdown nothing is known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sitegen.model.documents import ShortcodeArgument

_START = re.compile(r"\{\{([<%])")
_ESCAPED = re.compile(r"\{\{([<%])(\s*)/\*(.*?)\*/(\s*)([>%])\}\}", re.DOTALL)
_NAME = re.compile(r"(/?)\s*+([\w-]+(?:/[\w-]+)*)", re.ASCII)
_KEY = re.compile(r"([A-Za-z_][\w-]*)[ \t]*=[ \t]*", re.ASCII)
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_RAW = re.compile(r"`([^`]*)`")
_BARE = re.compile(r"""(?:(?!/?[>%]\}\})[^\s"`=])+(?:(?![>%]\}\})[^\s"`])*""")
_BARE_VALUE = re.compile(r"(?:(?![>%]\}\})[^\s\"`])+")
_SLASH_END = re.compile(r"/\s*[>%]\}\}")
_END = re.compile(r"[>%]\}\}")
_BLANK = re.compile(r"\n[ \t>]*\n")
_ESCAPES = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {"n": "\n", "t": "\t"}
_LEVELS = re.compile(r"[ \t>]*")
_OTHER_QUOTES = "'\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb\uff02"

MAX_TAGS = 10_000
"""Of one text: there are only so many characters that can stand for them."""

MAX_WRONG = 100
"""Tags of one text that are told to be wrong: to look for the ends of more takes long."""


class Wrong(NamedTuple):
    """What is wrong with a tag: where in the text, and in an editor's words."""

    offset: int
    message: str
    hint: str


class Tag(NamedTuple):
    """A tag as it is written, by its offsets in the text."""

    start: int
    end: int
    name: str = ""
    arguments: tuple[ShortcodeArgument, ...] = ()
    is_end: bool = False
    """Whether it closes a shortcode: `{{< /note >}}`."""
    is_closed: bool = False
    """Whether it says that it has no inner text: `{{< note />}}`."""
    shown: str = ""
    """What it shows, if that is a text: the tag of `{{</* note */>}}`."""
    wrong: Wrong | None = None


def read_tags(text: str) -> Iterator[Tag]:
    """Yield the tags of `text` in order, those with mistakes, too, up to so many."""
    position = wrong = 0
    for _ in range(MAX_TAGS):
        match = _START.search(text, position)
        if match is None or wrong >= MAX_WRONG:
            return
        tag = _read_tag(text, match)
        position = tag.end
        wrong += tag.wrong is not None
        yield tag


def _read_tag(text: str, match: re.Match[str]) -> Tag:
    if escaped := _ESCAPED.match(text, match.start()):
        sign, before, inner, after, end = escaped.groups()
        shown = f"{{{{{sign}{before}{inner}{after}{end}}}}}"
        return Tag(match.start(), escaped.end(), shown=shown)
    found = _Reader(text, match).run()
    if match[1] == "%" and found.wrong is None:
        written = f"{{{{< {'/' if found.is_end else ''}{found.name} … >}}}}"
        message = f'the shortcode "{found.name}" is written with % signs, which is another syntax'
        hint = f"write `{written}`: the text between its tags is Markdown all the same"
        return found._replace(wrong=Wrong(match.start(), message, hint))
    return found


class _MistakeError(Exception):
    """What is wrong with a tag, at an offset of the text."""

    def __init__(self, offset: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.wrong = Wrong(offset, message, hint)


class _Reader:
    """Reads one tag from its beginning on."""

    def __init__(self, text: str, match: re.Match[str]) -> None:
        self._text = text
        self._start = match.start()
        self._place = match.end()
        self._sign = match[1]
        line = text.rfind("\n", 0, self._start) + 1
        levels = _LEVELS.match(text, line)[0].count(">")  # type: ignore[index]  # it matches nothing, too
        # A tag that goes on in the next line of a quotation has the signs of that before it.
        self._space = re.compile(rf"(?:[ \t]|\n[ \t]*(?:>[ \t]?){{0,{levels}}})*")
        self._continued = re.compile(rf"(?<=\n)[ \t]*(?:>[ \t]?){{1,{levels}}}") if levels else None

    def run(self) -> Tag:
        """Return the tag, with what is wrong with it."""
        try:
            return self._tag()
        except _MistakeError as error:
            return Tag(self._start, self._end_of_wrong(), wrong=error.wrong)

    def _tag(self) -> Tag:
        text = self._text
        self._skip_space()
        named = _NAME.match(text, self._place)
        if named is None:
            raise _MistakeError(
                self._start,
                "a shortcode begins here that has no name",
                "write `{{< name >}}`; for the signs themselves, put them into code",
            )
        is_end, name = named[1] == "/", named[2]
        self._place = named.end()
        arguments: list[ShortcodeArgument] = []
        keys: set[str] = set()
        while True:
            before = self._place
            self._skip_space()
            if closed := _SLASH_END.match(text, self._place):
                return Tag(
                    self._start, closed.end(), name, tuple(arguments), is_end, is_closed=not is_end
                )
            if end := _END.match(text, self._place):
                return Tag(self._start, end.end(), name, tuple(arguments), is_end)
            if self._place >= len(text) or text.startswith("\n", self._place):
                raise self._unclosed(name)
            if self._place == before:
                raise _MistakeError(
                    self._place,
                    f'the shortcode "{name}" needs a space before "{text[self._place]}"',
                    'write `{{< name key="value" >}}`',
                )
            if is_end:
                raise _MistakeError(
                    self._place,
                    f'the tag that closes the shortcode "{name}" takes no arguments',
                    f"write `{{{{< /{name} >}}}}`",
                )
            argument = self._argument(name)
            if argument.key and argument.key in keys:
                raise _MistakeError(
                    before,
                    f'"{argument.key}" is given twice to the shortcode "{name}"',
                    "keep one of them",
                )
            arguments.append(argument)
            keys.add(argument.key)

    def _argument(self, name: str) -> ShortcodeArgument:
        text = self._text
        keyed = _KEY.match(text, self._place)
        key = keyed[1] if keyed else ""
        if keyed:
            self._place = keyed.end()
        place = self._place
        if text.startswith(tuple(_OTHER_QUOTES), place):
            raise _MistakeError(
                place,
                f'the shortcode "{name}" has a value in quotes that are none here: {text[place]}',
                'write straight double quotes: key="value"',
            )
        if quoted := _DOUBLE.match(text, place):
            if blank := _BLANK.search(quoted[0]):
                raise self._unclosed_quote(name, place, quoted[0][: blank.start()])
            self._place = quoted.end()
            return ShortcodeArgument(key, _ESCAPES.sub(_meant, self._unquoted(quoted[1])))
        if raw := _RAW.match(text, place):
            self._place = raw.end()
            return ShortcodeArgument(key, self._unquoted(raw[1]))
        if text.startswith(('"', "`"), place):
            raise self._unclosed_quote(name, place, text[place : place + 1])
        bare = (_BARE_VALUE if keyed else _BARE).match(text, place)
        if bare is None:
            raise _MistakeError(
                place,
                f'the shortcode "{name}" has a key without a value'
                if keyed
                else f'the shortcode "{name}" has a sign that is in the way: {text[place]}',
                'write `{{< name key="value" >}}`',
            )
        self._place = bare.end()
        return ShortcodeArgument(key, bare[0], is_bare=True)

    def _skip_space(self) -> None:
        found = self._space.match(self._text, self._place)
        if found:
            blank = _BLANK.search(found[0])
            self._place = found.end() if blank is None else found.start() + blank.start()

    def _unquoted(self, value: str) -> str:
        return self._continued.sub("", value) if self._continued else value

    def _unclosed(self, name: str) -> _MistakeError:
        hint = f"write {self._closing} at its end; for the signs themselves, put them into code"
        return _MistakeError(self._start, f'the tag of the shortcode "{name}" does not end', hint)

    def _unclosed_quote(self, name: str, place: int, written: str) -> _MistakeError:
        sign = written[:1]
        message = f'the shortcode "{name}" has a value whose quotes do not end'
        return _MistakeError(place, message, f"write {sign} at its end, or \\{sign} within it")

    @property
    def _closing(self) -> str:
        return "`>}}`" if self._sign == "<" else "`%}}`"

    def _end_of_wrong(self) -> int:
        """Return where the text goes on after a tag that cannot be read."""
        end = _END.search(self._text, self._start)
        blank = _BLANK.search(self._text, self._start)
        following = _START.search(self._text, self._start + 3)
        bounds = [found.start() for found in (blank, following) if found]
        if end and all(end.start() < bound for bound in bounds):
            return end.end()
        return self._start + 3


def _meant(match: re.Match[str]) -> str:
    return _MEANT.get(match[1], match[1] if match[1] in '"\\`' else match[0])
