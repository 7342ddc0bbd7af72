"""The bytes of a document's file → its front matter as a `Table`, and its body.

Deals with fences; what a file of text is at all is `source_text`'s business.
`python-frontmatter` finds and splits fences; what stands between them is parsed by `fast_yaml`,
`yaml` and `formats`, which keep the positions of values.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from frontmatter.default_handlers import BaseHandler, YAMLHandler

from sitegen.model.errors import Location, Problem
from sitegen.parse import fast_yaml, formats, yaml
from sitegen.parse.nodes import FrontMatterError, Scalar, Table, check_characters
from sitegen.parse.source_text import conflicts, source_text


class FrontMatter(NamedTuple):
    """A file's front matter, and the text that follows it."""

    table: Table
    body: str
    """With `\\n` as its only line end."""
    first_line: int
    """The line of the file that the body begins on."""
    is_clean: bool = False
    """Whether the body is known to hold no character that no HTML may hold."""

    def has_value(self, key: str) -> bool:
        """Whether something stands under `key`, be it wrong; null and an empty text are nothing."""
        members = self.table.members.items()
        nodes = (member.node for name, member in members if name.casefold() == key)
        return any(not (isinstance(n, Scalar) and (n.is_null or not n.text.strip())) for n in nodes)

    def location(self, path: str, *keys: str) -> Location:
        """Return the place of the first of `keys` that the file has, else the file's start."""
        members = {name.casefold(): member for name, member in self.table.members.items()}
        for key in keys:
            if key in members:
                return Location(path, members[key].node.line, members[key].node.column)
        return Location(path, 1, 1)


_YAML = YAMLHandler(fm_boundary=re.compile(r"^(?:-{3,}|\.{3})[ \t]*$", re.MULTILINE))
_TOML = BaseHandler(re.compile(r"^\+{3,}[ \t]*$", re.MULTILINE), "+++", "+++")
_JSON = re.compile(r'\{\s*(?:"|\}|$)', re.MULTILINE)
_LOOKS_LIKE_FRONT_MATTER = re.compile(
    r"(?:title|date|author|category|tags)[ \t]*([:=])", re.IGNORECASE
)


def read_front_matter(
    path: str, data: bytes, *, header_lines: bool = False
) -> tuple[FrontMatter | None, list[Problem]]:
    """Return the front matter and body of a file, or None and the errors, in both cases warnings.

    `path` is for messages. With `header_lines` a file without fences may begin with `Title: x`
    lines, as Pelican's do. A file without front matter has an empty table.
    """
    text, problems, is_clean = source_text(path, data)
    if text is None:
        return None, problems
    unresolved = [*conflicts(path, text)]
    if unresolved:
        return None, unresolved
    if not text or text.isspace():
        hint = "write the front matter and the article, or delete the file"
        return None, [Problem("the file is empty", Location(path, 1, 1), hint)]
    try:
        return _split(text, header_lines=header_lines, is_clean=is_clean), problems
    except FrontMatterError as error:
        place = Location(path, error.line, error.column)
        return None, [*problems, Problem(error.message, place, error.hint)]


def _split(text: str, *, header_lines: bool, is_clean: bool) -> FrontMatter:
    start = len(text) - len(text.lstrip("\n"))
    line, text = start + 1, text[start:]
    if text.startswith("---") and _YAML.detect(text):
        fenced, body = _between(_YAML, text, line)
        table = _lines_or_yaml(fenced, line) if header_lines else _yaml(fenced, line)
    elif text.startswith("+++") and _TOML.detect(text):
        fenced, body = _between(_TOML, text, line)
        table = formats.read_toml(fenced, line)
    elif _JSON.match(text):
        table, end = formats.read_json(text, line)
        body = text[end:]
    elif header_lines:
        table, end = formats.read_lines(text, line)
        body = text[end:]
    else:
        _check_missing_fence(text, line)
        table, body = Table({}, line, 1), text
    if "\\" in text[: len(text) - len(body)]:
        check_characters(table)
    first_line = line + text.count("\n", 0, len(text) - len(body))
    return FrontMatter(table, body, first_line, is_clean)


def _yaml(fenced: str, line: int) -> Table:
    text = yaml.plain_line_ends(fenced)
    return fast_yaml.read(text, line) or yaml.read(text, line)


def _lines_or_yaml(fenced: str, line: int) -> Table:
    """Parse YAML, or `Title: Flood: day 2` lines between fences."""
    try:
        return _yaml(fenced, line)
    except FrontMatterError:
        lines = fenced.removeprefix("\n")
        table, length = formats.read_lines(lines, line + 1)
        if lines[length:].strip():
            raise
        return table


def _check_missing_fence(text: str, line: int) -> None:
    """Raise `FrontMatterError` for a text that begins like front matter without its fence."""
    found = _LOOKS_LIKE_FRONT_MATTER.match(text)
    if found is None:
        return
    fence = "---" if found[1] == ":" else "+++"
    hint = f"put a line `{fence}` before it"
    if not re.search(rf"^{re.escape(fence)}[ \t]*$", text, re.MULTILINE):
        hint += " and after it"
        if fence == "---":
            hint += '; for an archive of Pelican, set `[front_matter] dialect = "pelican"`'
    raise FrontMatterError(f"the front matter does not begin with {fence}", line, 1, hint)


def _between(handler: BaseHandler, text: str, line: int) -> tuple[str, str]:
    try:
        return handler.split(text)
    except ValueError:
        fence = handler.END_DELIMITER
        message = f"the front matter is not closed: there is no second line {fence}"
        hint = f"put a line `{fence}` between the front matter and the text"
        raise FrontMatterError(message, line, 1, hint) from None
