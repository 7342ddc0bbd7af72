"""Fills the parts of the documentation that the code already says: `python docs/generate.py`.

A page marks such a part with two comments; what stands between them is replaced:

    <!-- begin configuration -->  …  <!-- end configuration -->
    <!-- begin options build -->  …  <!-- end options build -->  (and examples)
    <!-- begin questions Lists -->  …  <!-- end questions Lists -->

`tests/test_docs.py` holds the committed pages against this.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from inspect import getdoc
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from docs.css_variables import variable_rows
from sitegen.cli.main import COMMANDS, SHARED_OPTIONS, parser
from sitegen.config.settings import Config, key_name
from sitegen.model.frozen import FrozenMap
from sitegen.queries import KINDS

DOCS = Path(__file__).parent

_PART = re.compile(r"(<!-- begin (.+?) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def filled(page: str) -> str:
    """Return the text of a page with every marked part made anew."""
    return _PART.sub(lambda found: f"{found[1]}\n{_part(found[2])}\n\n{found[3]}", page)


def _part(name: str) -> str:
    kind, _, argument = name.partition(" ")
    if kind == "configuration":
        return "\n".join(_configuration())
    if kind == "variables":
        return "\n".join(variable_rows())
    if kind == "commands":
        return "\n".join(_command_list())
    if kind == "questions":
        return "\n".join(_questions(argument))
    if kind == "options":
        return "\n".join((*_options(commands()[argument]), *_examples(argument)))
    raise ValueError(name)


# Configuration


def _configuration() -> Iterator[str]:
    # A table whose tables the user names is documented by what each of them holds.
    hints = {name: _section(hint) for name, hint in get_type_hints(Config).items()}
    written = [item for item in fields(Config) if "doc" in item.metadata]
    top = [item.name for item in written if not is_dataclass(hints[item.name])]
    yield "### Top level"
    yield from _keys(Config, [name for name in top if name != "extra"])
    for item in written:
        if is_dataclass(hints[item.name]):
            heading, _, text = (getdoc(hints[item.name]) or "").partition(":")
            yield f"\n### {heading}"
            yield f"\n{_sentence(text)}"
            yield from _keys(hints[item.name])
    yield "\n### `[extra]`"
    yield from _keys(Config, ["extra"])


def _section(hint: Any) -> Any:
    """Return what the tables are read as that a key of the top level holds, if it holds some."""
    named = get_args(hint)[1] if get_origin(hint) is Mapping else hint
    listed = get_origin(named) is tuple and is_dataclass(get_args(named)[0])
    return get_args(named)[0] if listed else named


def _keys(section: Any, only: list[str] | None = None) -> Iterator[str]:
    hints = get_type_hints(section)
    yield "\n| key | type | default | |"
    yield "|---|---|---|---|"
    for item in fields(section):
        if only is None or item.name in only:
            kind, default = _type(hints[item.name]), _default(item.default)
            yield f"| `{key_name(item.name)}` | {kind} | {default} | {item.metadata['doc']} |"


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text[:1].upper() + text[1:]


def _type(hint: Any) -> str:
    if get_origin(hint) is Literal:
        return " or ".join(f'`"{value}"`' for value in get_args(hint) if value)
    if hint is FrozenMap or is_dataclass(hint) or get_origin(hint) is Mapping:
        return "table"
    if get_origin(hint) is tuple:
        return "list of texts" if get_args(hint)[0] is str else "list of tables"
    return {str: "text", int: "whole number", bool: "true or false"}[hint]


def _default(value: Any) -> str:
    if value == "":
        return "empty"
    if is_dataclass(value) or (isinstance(value, Mapping | tuple) and not value):
        return "empty"
    return f"`{json.dumps(value, ensure_ascii=False)}`"


# Questions


def _questions(section: str) -> Iterator[str]:
    yield "| function | answers | its answer changes |"
    yield "|---|---|---|"
    for kind in KINDS.values():
        function = kind.function
        if function is not None and function.section == section:
            yield f"| `{kind.signature()}` | {function.answers} | {function.changes} |"


# Commands


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command by its name."""
    actions = parser()._actions  # noqa: SLF001 - argparse has no public way to look
    (choices,) = (item for item in actions if isinstance(item, argparse._SubParsersAction))  # noqa: SLF001 - as above
    return dict(choices.choices)


def options(command: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the arguments and options of a command, but for `--help`."""
    return [item for item in command._actions if item.dest != "help"]  # noqa: SLF001 - as above


def _command_list() -> Iterator[str]:
    yield "| command | |"
    yield "|---|---|"
    for name, command in commands().items():
        yield f"| [`sitegen {name}`](#sitegen-{name}) | {command.description} |"


def _options(command: argparse.ArgumentParser) -> Iterator[str]:
    yield f"{command.description}\n"
    yield "| argument | |"
    yield "|---|---|"
    for item in options(command):
        if item.dest in SHARED_OPTIONS:
            continue
        names = ", ".join(item.option_strings) or item.metavar or item.dest
        value = "" if item.nargs == 0 or not item.option_strings else f" {_value(item)}"
        value = f"[={_value(item)}]" if item.nargs == "?" and item.option_strings else value
        text = (item.help or "") % {"default": item.default}
        yield f"| `{names}{value}` | {_sentence(text)} |"


def _examples(command: str) -> Iterator[str]:
    yield "\n```sh"
    yield from COMMANDS[command].EXAMPLES
    yield "```"


def _value(item: argparse.Action) -> str:
    return str(item.metavar or item.dest.upper())


def main() -> None:
    """Write every page anew whose marked parts are out of date, and name it."""
    for path in sorted(DOCS.glob("*.md")):
        page = path.read_text("utf-8")
        if (new := filled(page)) != page:
            path.write_text(new, "utf-8")
            print(f"docs/{path.name}")


if __name__ == "__main__":
    main()
