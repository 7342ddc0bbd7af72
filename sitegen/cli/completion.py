"""Scripts by which shells complete the command line: made from its parser. Pure.

Commands, options and the words that an option takes are known when the script is made; where an
option takes a file, the shell completes files. Nothing of sitegen runs while somebody types.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple


class CompletedOption(NamedTuple):
    """An option of a command, or the command's own words where it has no name."""

    names: tuple[str, ...]
    """As `--jobs`; empty for what stands without a name."""
    text: str
    takes_value: bool
    words: tuple[str, ...]
    """What it may be; empty if it may be anything."""
    takes_path: bool
    repeats: bool
    """Whether it may be given more than once."""


class CompletedCommand(NamedTuple):
    """A command with its options."""

    name: str
    text: str
    options: tuple[CompletedOption, ...]


def completed_commands(root: argparse.ArgumentParser) -> Iterator[CompletedCommand]:
    """Yield what is to be known of each command of a parser."""
    for action in root._actions:  # noqa: SLF001 - argparse has no public way to look
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            for name, command in action.choices.items():
                options = tuple(map(_option, command._actions))  # noqa: SLF001 - as above
                yield CompletedCommand(name, command.description or "", options)


def _option(action: argparse.Action) -> CompletedOption:
    text = (action.help or "") % {"default": action.default, "prog": "sitegen"}
    return CompletedOption(
        tuple(action.option_strings),
        " ".join(text.split()),
        action.nargs != 0,
        tuple(map(str, action.choices or ())),
        action.type is Path,
        action.nargs in ("*", "+") or isinstance(action, argparse._AppendAction),  # noqa: SLF001
    )


def bash_script(commands: tuple[CompletedCommand, ...]) -> str:
    """Return the script for bash, which is to be read by the shell that it completes for."""
    cases = []
    for command in commands:
        names = [name for option in command.options for name in option.names]
        own = [word for option in command.options if not option.names for word in option.words]
        cases.append(f"    {command.name}) words={_quoted(' '.join([*own, *names]))} ;;")
    values = []
    for command in commands:
        for option in command.options:
            for name in option.names if option.takes_value else ():
                what = f"words={_quoted(' '.join(option.words))}" if option.words else "words="
                kind = "; files=1" if option.takes_path else ""
                values.append(f"    {command.name}:{name}) {what}{kind}; value=1 ;;")
    return _BASH.format(
        commands=_quoted(
            " ".join([*(command.name for command in commands), "--help", "--version"])
        ),
        cases="\n".join(cases),
        values="\n".join(values),
    )


_BASH = """\
# bash completion for sitegen; made by `sitegen completion bash`
_sitegen() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
  local command= words= files= value= index
  for ((index = 1; index < COMP_CWORD; index++)); do
    if [[ ${{COMP_WORDS[index]}} != -* ]]; then command=${{COMP_WORDS[index]}}; break; fi
  done
  case $command:$previous in
{values}
  esac
  if [[ -z $value ]]; then
    case $command in
    '') words={commands} ;;
{cases}
    esac
    [[ $current != -* && -n $command ]] && files=1
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ -n $files && ${{#COMPREPLY[@]}} -eq 0 ]]; then
    compopt -o filenames 2>/dev/null
    local IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}}
complete -F _sitegen sitegen
"""


def zsh_script(commands: tuple[CompletedCommand, ...]) -> str:
    """Return the script for zsh: to be read by the shell, or as `_sitegen` on its `fpath`."""
    described = "\n".join(
        f"    {_quoted(f'{_zsh_word(item.name)}:{item.text}')}" for item in commands
    )
    cases = "\n".join(_zsh_case(command) for command in commands)
    return _ZSH.format(commands=described, cases=cases)


def _zsh_case(command: CompletedCommand) -> str:
    lines = [f"    {command.name})", "      _arguments -S \\"]
    for option in command.options:
        lines += [f"        {_quoted(spec)} \\" for spec in _zsh_specs(option)]
    return "\n".join([*lines, "        && return 0", "      ;;"])


def _zsh_specs(option: CompletedOption) -> Iterator[str]:
    text = re.sub(r"[\[\]:\\]", r"\\\g<0>", option.text)
    star = "*" if option.repeats else ""
    what = " "
    if option.words:
        what = f"({' '.join(map(_zsh_word, option.words))})"
    elif option.takes_path or not option.names:
        what = "_files"
    if not option.names:
        yield f"{star}:{text}:{what}"
    for name in option.names:
        yield f"{star}{name}[{text}]" + (f":value:{what}" if option.takes_value else "")


def _zsh_word(word: str) -> str:
    return word.replace(":", "\\:")


_ZSH = """\
#compdef sitegen
# zsh completion for sitegen; made by `sitegen completion zsh`
_sitegen() {{
  local -a commands
  commands=(
{commands}
  )
  local index command=
  for ((index = 2; index < CURRENT; index++)); do
    if [[ ${{words[index]}} != -* ]]; then command=${{words[index]}}; break; fi
  done
  if [[ -z $command ]]; then
    _describe -t commands command commands
    compadd -- --help --version
    return
  fi
  shift $((index - 1)) words
  ((CURRENT -= index - 1))
  case $command in
{cases}
  esac
}}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _sitegen "$@"
else
  compdef _sitegen sitegen
fi
"""


def fish_script(commands: tuple[CompletedCommand, ...]) -> str:
    """Return the script for fish: to be sourced, or as a file of its completions."""
    lines = [
        "# fish completion for sitegen; made by `sitegen completion fish`",
        "complete -c sitegen -e",
        "complete -c sitegen -n __fish_use_subcommand -l help -d 'Show what there is'",
        "complete -c sitegen -n __fish_use_subcommand -l version -d 'Show the version'",
    ]
    for command in commands:
        lines.append(
            f"complete -c sitegen -f -n __fish_use_subcommand -a {command.name}"
            f" -d {_fish_quoted(command.text)}"
        )
        within = f"-n '__fish_seen_subcommand_from {command.name}'"
        for option in command.options:
            words = f" -a {_fish_quoted(' '.join(option.words))}" if option.words else ""
            if not option.names:
                if words:
                    lines.append(f"complete -c sitegen {within} -f{words}")
                continue
            names = "".join(
                f" -l {name[2:]}" if name.startswith("--") else f" -s {name[1:]}"
                for name in option.names
            )
            value = ""
            if option.takes_value:
                value = f" -x{words}" if not option.takes_path else " -r -F"
            text = f" -d {_fish_quoted(option.text)}"
            lines.append(f"complete -c sitegen {within}{names}{value}{text}")
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    """Return a text in single quotes, as bash and zsh read them."""
    return "'" + text.replace("'", "'\\''") + "'"


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


SCRIPTS: Mapping[str, Callable[[tuple[CompletedCommand, ...]], str]] = {
    "bash": bash_script,
    "zsh": zsh_script,
    "fish": fish_script,
}
"""What makes the script, by the name of the shell."""
