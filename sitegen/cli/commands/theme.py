"""`sitegen theme`: the themes that there are, what is in them, and copies of their files."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sitegen.cli.options import add_action, say, site_folder
from sitegen.cli.reporting import OK, PROBLEMS, print_answer, print_problems
from sitegen.model.errors import Problem, UsageError

if TYPE_CHECKING:
    from sitegen.tools.themes import FileOfTheme, ListedTheme, ThemeFacts, ThemeOptionValue

SUMMARY = "List the themes, say what is in one, or copy a file of the theme to change it."
EXAMPLES = (
    "sitegen theme",
    "sitegen theme info",
    "sitegen theme info harbour --json",
    "sitegen theme copy article.html --extend",
    "sitegen theme copy static/css/site.css",
)

_ACTIONS = ("list", "info", "copy")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own options."""
    add_action(parser, _ACTIONS)
    parser.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help="with info: a theme (default: the site's); with copy: a file of the theme",
    )
    parser.add_argument(
        "--extend",
        action="store_true",
        help="with copy: write a template that extends the theme's, with its blocks as comments",
    )
    parser.add_argument(
        "--force", action="store_true", help="with copy: write over a file of the site"
    )
    parser.add_argument("--json", action="store_true", help="print the answer as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    site = site_folder(options)
    if options.action != "copy" and (options.extend or options.force):
        word = "--extend" if options.extend else "--force"
        raise UsageError(Problem(f"`{word}` works only with `copy`"))
    if options.action == "copy":
        return _copy(site, options)
    if options.action == "info":
        return _info(site, options)
    if options.name:
        hint = f"to know more of one, use `sitegen theme info {options.name}`"
        raise UsageError(Problem("`list` takes no name", hint=hint))
    return _list(site, options)


def _list(site: Path, options: argparse.Namespace) -> int:
    from sitegen.tools.themes import BUILT_IN_NAME, list_themes

    found = list_themes(site)
    width = max((len(theme.name) for theme in found), default=0)
    lines = [_listed_line(theme, width) for theme in found]
    print_answer(options, {"themes": [_listed_record(theme) for theme in found]}, lines)
    wrong = [problem for theme in found for problem in theme.problems]
    if not options.json:
        print_problems(wrong, options)
        if not any(theme.used for theme in found):
            say(f"The site has the {BUILT_IN_NAME} theme.")
    return PROBLEMS if any(theme.used and theme.problems for theme in found) else OK


def _listed_line(theme: ListedTheme, width: int) -> str:
    use = "used" if theme.used == 1 else "parent" if theme.used else ""
    place = "installed" if theme.is_installed else "in the site"
    if theme.is_missing:
        place = "missing"
    said = "wrong"
    if theme.is_missing:
        said = ""
    elif theme.file is not None:
        said = " ".join(filter(None, (theme.file.name, theme.file.version)))
        said += f": {theme.file.description}" if theme.file.description else ""
    return f"{theme.name:{width}}  {use:6}  {place:11}  {said}".rstrip()


def _listed_record(theme: ListedTheme) -> dict[str, Any]:
    from sitegen.console.terminal import problem_record

    file = theme.file
    return {
        "name": theme.name,
        "folder": str(theme.folder),
        "installed": theme.is_installed,
        "used": theme.used > 0,
        "title": file.name if file else None,
        "version": file.version if file else None,
        "description": file.description if file else None,
        "parent": file.parent if file else None,
        "errors": [problem_record(problem) for problem in theme.problems],
    }


def _info(site: Path, options: argparse.Namespace) -> int:
    from sitegen.tools.themes import theme_facts

    facts = theme_facts(site, options.name or "")
    record = {
        "name": facts.name,
        "folder": str(facts.folder),
        "title": facts.file.name,
        "version": facts.file.version,
        "description": facts.file.description,
        "parents": list(facts.parents),
        "options": [_plain(item._asdict()) for item in facts.options],
        "files": [item._asdict() for item in facts.files],
    }
    print_answer(options, record, _info_lines(facts))
    return OK


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    return {key: list(item) if isinstance(item, tuple) else item for key, item in record.items()}


def _info_lines(facts: ThemeFacts) -> Iterator[str]:
    file = facts.file
    yield " ".join(filter(None, (file.name, file.version)))
    if file.description:
        yield file.description
    yield f"Folder: {facts.folder}"
    if facts.parents:
        yield f"Parents: {', '.join(facts.parents)}"
    if facts.options:
        yield "\nOptions, to be chosen in [theme_options]:"
        yield from map(_option_line, facts.options)
    for folder, heading in (("templates", "Templates"), ("static", "Static"), ("locale", "Words")):
        files = [item for item in facts.files if item.path.startswith(f"{folder}/")]
        if files:
            yield f"\n{heading}:"
            yield from _file_lines(files)


def _option_line(option: ThemeOptionValue) -> str:
    parts = [option.type]
    if option.choices:
        parts = [" or ".join(map(_shown, option.choices))]
    if option.value != option.default:
        parts.append(f"by default {_shown(option.default)}")
    return f"  {option.name} = {_shown(option.value)}  ({', '.join(parts)})  {option.description}"


def _shown(value: Any) -> str:
    """Return a value as it is written in TOML."""
    import json

    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _file_lines(files: Iterable[FileOfTheme]) -> Iterator[str]:
    listed = list(files)
    width = max(len(item.path) for item in listed)
    for item in listed:
        said = ""
        if item.before:
            said = f"{'extends' if item.extends else 'replaces'} {item.before}"
        yield f"  {item.path:{width}}  {said}".rstrip()


def _copy(site: Path, options: argparse.Namespace) -> int:
    from sitegen.tools.themes import copy_file

    if not options.name:
        hint = "see which there are with `sitegen theme info`"
        raise UsageError(Problem("`copy` needs the name of a file", hint=hint))
    made = copy_file(site, options.name, extend=options.extend, force=options.force)
    above = made.heritage
    parents = [made.origin] if options.extend else list(above.parents if above else ())
    record = {
        "path": made.path,
        "origin": made.origin,
        "extends": parents,
        "blocks": list(above.blocks if above else ()),
    }
    print_answer(options, record, [made.path])
    if not options.json:
        if parents:
            say(f"It extends {', which extends '.join(parents)}.")
        if above and above.blocks:
            say(f"Its blocks: {', '.join(above.blocks)}.")
    return OK
