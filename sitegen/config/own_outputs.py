"""The outputs of `[[outputs]]`, checked, and the fields of their addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from sitegen.config.settings import OwnOutput
from sitegen.model.errors import Location, Problem
from sitegen.model.urls import check_url

_FIELD = re.compile(r"\{([^{}]*)\}")

Keys = tuple[str | int, ...]


def url_fields(pattern: str) -> list[str]:
    """Return the fields of a row that an address is made of: `slug` of `/council/{slug}/`."""
    return _FIELD.findall(pattern)


def filled(pattern: str, value_of: Callable[[str], str]) -> str:
    """Return an address with its fields filled in."""
    return _FIELD.sub(lambda found: value_of(found[1]), pattern)


def output_problems(
    outputs: Sequence[OwnOutput], location: Callable[[Keys], Location]
) -> Iterator[Problem]:
    """Yield what is wrong with the tables of `[[outputs]]`, each at its line."""
    taken: dict[str, int] = {}
    for number, output in enumerate(outputs):
        here: Keys = ("outputs", number)
        for name, example in (("url", "/llms.txt"), ("template", "llms.txt")):
            if not getattr(output, name):
                message = f'an output needs "{name}"'
                yield Problem(message, location(here), f'for instance `{name} = "{example}"`')
        if not output.url:
            continue
        yield from _of_url(output, location((*here, "url")))
        if output.url in taken:
            line = location(("outputs", taken[output.url], "url")).line
            message = f'two outputs have the address "{output.url}"'
            yield Problem(message, location((*here, "url")), f"the first is on line {line}")
        taken.setdefault(output.url, number)


def _of_url(output: OwnOutput, place: Location) -> Iterator[Problem]:
    fields = url_fields(output.url)
    reason = check_url(filled(output.url, lambda _name: "x"))
    if not reason and ("" in fields or "{" in filled(output.url, lambda _name: "x")):
        reason = "a field is written {slug}"
    if reason:
        yield Problem(f'invalid address "{output.url}": {reason}', place)
    elif fields and not output.from_:
        hint = 'name a data file, `from = "data/members.csv"`, or take the field out'
        yield Problem(f'"{output.url}" has a field, and there are no rows for it', place, hint)
    elif output.from_ and not fields:
        hint = f'write a field of the rows in it: `url = "{output.url.rstrip("/")}/{{slug}}/"`'
        yield Problem(f'every row of "{output.from_}" would be at "{output.url}"', place, hint)
