"""The CSS variables of the built-in theme, with their values and what they are for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent

PUBLIC: Mapping[str, str] = {
    "--paper": "the ground of the page",
    "--ink": "text, and the strong lines",
    "--quiet": "what stands back: times, captions, labels",
    "--rule": "hairlines",
    "--edge": "the edges of fields, and of quotations",
    "--wash": "the ground below code and below pictures that have not come yet",
    "--accent": "links, marks, what the pointer and the keyboard are on",
    "--line": "the strong lines, as a border",
    "--hairline": "the hairlines, as a border",
    "--gap": "between columns, and at the edges of the page",
    "--measure": "how long a line of an article is",
    "--serif": "the font of texts and headlines",
    "--sans": "the font of labels, times and menus",
    "--latin": "the fonts of Latin letters in texts, beside most other scripts, too",
    "--latin-sans": "the fonts of Latin letters in labels",
    "--naskh": "the font of texts and headlines in Arabic and Persian",
    "--mincho": "the font of Japanese texts and headlines",
    "--gothic": "the font of Japanese labels",
    "--way": "1, or -1 where the text runs from [right to left](languages.md#right-to-left)",
    "--slot": "the height of [room for a notice](navigation.md)",
    "--code-comment": "comments in code, and what a terminal printed",
    "--code-keyword": "its keywords",
    "--code-name": "its names",
    "--code-string": "its texts",
    "--code-number": "its numbers",
}
"""Those that stay, and what each is for."""

PRIVATE = frozenset(
    {"--half", "--far", "--four", "--two", "--twelve", "--fit", "--size", "--ratio", "--height"}
    | {"--heads", "--leads", "--lines", "--tracking", "--slant", "--stress", "--numerals"}
)
"""Those that follow from others, or are one rule's own."""

_DECLARED = re.compile(r"(?<![\w-])(--[a-z-]+):\s*((?:\{\{[^}]*\}\}|[^;}])+)")
_DARK = re.compile(
    r"@media screen and \(prefers-color-scheme: dark\) \{\s*:root \{((?:\{\{[^}]*\}\}|[^}])*)\}"
)


def declared() -> set[str]:
    """Return the names of all variables that a style sheet of the theme sets or reads."""
    sheets = [*sorted((REPOSITORY / "static/css").glob("*.css")), REPOSITORY / _THEME]
    names = r"(?<![\w-])(--[a-z-]+)(?=\s*[:,)])"
    return {name for sheet in sheets for name in re.findall(names, sheet.read_text("utf-8"))}


def variable_rows() -> Iterator[str]:
    """Yield the rows of the table: each public variable with its values."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for name in (f"{_CSS}/site.css", f"{_CSS}/article.css", f"{_CSS}/code.css", _THEME):
        text = (REPOSITORY / name).read_text("utf-8")
        for key, value in _DECLARED.findall(_DARK.sub("", text)):
            light.setdefault(key, value.strip())
        light = {**dict(_DEFAULTED.findall(text)), **light}
        for block in _DARK.findall(text):
            dark |= dict(_DECLARED.findall(block))
    paper = dict(_DECLARED.findall((REPOSITORY / _CSS / "print.css").read_text("utf-8")))
    yield "| variable | | value | in the dark | on paper |"
    yield "|---|---|---|---|---|"
    for name, purpose in PUBLIC.items():
        values = (_cell(values.get(name, "")) for values in (light, dark, paper))
        yield f"| `{name}` | {purpose} | {' | '.join(values)} |"


_CSS = "static/css"
_THEME = "templates/theme.css"
_DEFAULTED = re.compile(r"var\((--[a-z-]+), ([^)]+)\)")
_SETTING = re.compile(r"\{\{ site\.(\w+) \}\}")


def _cell(value: str) -> str:
    value = " ".join(value.split())
    if found := _SETTING.fullmatch(value):
        return f"`{found[1]}` of the [configuration](configuration.md)"
    return f"`{value}`" if value else ""
