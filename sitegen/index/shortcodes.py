"""Shortcodes that do not fit their templates: told where they are written.

An unknown one is an error, found where the site is indexed, since only there it is known which
templates there are: the article is right as it stands, and no other page needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sitegen.index.site import Site
from sitegen.index.uses import Uses
from sitegen.model.documents import AnyEntry, Shortcode, ShortcodeArgument
from sitegen.model.errors import Location, Problem, did_you_mean

_INSTEAD = {
    "gist": "link to it, or put the code between lines of ```",
    "highlight": "put the code between lines of ```, with the language behind the first",
    "ref": "name the file in a link: [text](../03/flood.md)",
    "relref": "name the file in a link: [text](../03/flood.md)",
}
"""What to write instead of shortcodes that other generators have."""


class ShortcodeForm(NamedTuple):
    """How a shortcode is written, but for its values: the same in many documents."""

    name: str
    arguments: tuple[ShortcodeArgument, ...]
    """Without the values that are no words."""
    has_inner: bool
    is_inline: bool


def forms_of(entry: AnyEntry) -> Iterator[ShortcodeForm]:
    """Yield how the shortcodes of a document are written."""
    return map(_form, entry.shortcodes)


def _form(shortcode: Shortcode) -> ShortcodeForm:
    arguments = tuple(
        item if item.is_word else ShortcodeArgument(item.key, "") for item in shortcode.arguments
    )
    return ShortcodeForm(shortcode.name, arguments, shortcode.has_inner, shortcode.is_inline)


def problems(site: Site, uses: Uses[ShortcodeForm]) -> Iterator[Problem]:
    """Yield what is wrong with the shortcodes of published documents; `uses` says who has which."""
    for form, ids in uses.items():
        faults = list(_faults(site, form))
        if not faults:
            continue
        for id_ in ids:
            entry = site.document(id_)
            for shortcode in entry.shortcodes if entry else ():
                if _form(shortcode) == form:
                    place = Location(id_, shortcode.line, shortcode.column)
                    yield from (
                        Problem(item.message, place, item.hint, item.severity) for item in faults
                    )


def unknown_shortcode(site: Site, name: str, place: Location | None = None) -> Problem:
    """Return the problem of a shortcode without a template."""
    known = sorted(site.shortcode_names)
    hint = did_you_mean(name, known) or _INSTEAD.get(name)
    return Problem(
        f'unknown shortcode "{name}"',
        place,
        hint or f"write templates/shortcodes/{name}.html; known shortcodes: {', '.join(known)}",
    )


def _faults(site: Site, form: ShortcodeForm) -> Iterator[Problem]:
    """Yield what is wrong with all shortcodes of a form, without a place."""
    name = form.name
    if name not in site.shortcode_names:
        yield unknown_shortcode(site, name)
        return
    template = site.shortcode_template(name)
    for item in template.unread(form.arguments):
        called = item.key or item.value
        message = f'the shortcode "{name}" takes no "{called}"'
        if not called:
            taken = template.places
            message = f'the shortcode "{name}" takes {taken or "no"} values without a name'
        known = ", ".join(sorted(template.keys))
        hint = did_you_mean(called, template.keys) or (known and f"known arguments: {known}")
        yield Problem(message, None, hint or "remove it", "warning")
    if form.has_inner and not template.shows_inner:
        message = f'the shortcode "{name}" shows no text between its tags'
        yield Problem(message, None, "write the text behind it", "warning")
    if form.is_inline and template.makes_block:
        message = f'the shortcode "{name}" is a block, and stands in a line of words'
        yield Problem(message, None, "put its tag on a line of its own", "warning")
