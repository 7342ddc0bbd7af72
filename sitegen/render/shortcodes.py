"""Markers of shortcodes → HTML, by the templates of the site.

It happens when a page is rendered, and through its tracker: so the edit of a template makes stale
the pages that show it, and no document is parsed again.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import jinja2
from markupsafe import Markup

from sitegen.index.shortcode_templates import FEED_SUFFIX, FOLDER, SUFFIX
from sitegen.model.documents import Shortcode, ShortcodeArgument
from sitegen.model.errors import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from sitegen.cache.trace import Tracker


class ShortcodeError(Exception):
    """A shortcode cannot be shown, since its document is at fault: not the template."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(problem.message for problem in problems))
        self.problems = problems


class _Missing(jinja2.Undefined):
    """What a shortcode does not have: false, and an error at its place where it is printed."""

    __slots__ = ()

    def __init__(self, problem: Problem) -> None:
        def error(_message: str) -> ShortcodeError:
            return ShortcodeError(problem)

        super().__init__(exc=error)  # type: ignore[arg-type]  # it makes one

    __str__ = __iter__ = __len__ = jinja2.Undefined._fail_with_undefined_error  # noqa: SLF001 - as in Jinja2's own  # type: ignore[assignment]


class Arguments:
    """What a shortcode is given, as its template sees it: `args.src`, `args["src"]`, `args[0]`."""

    __slots__ = ("_items", "_missing", "_values")

    def __init__(
        self, arguments: tuple[ShortcodeArgument, ...], missing: Callable[[str | int], Any]
    ) -> None:
        """Hold arguments; `missing` gives what stands for one that there is not."""
        self._missing = missing
        self._values = tuple(item.value for item in arguments if not item.key)
        self._items: dict[str, str | bool] = {
            item.value: True for item in arguments if item.is_word
        }
        for item in arguments:
            if item.key:
                is_truth = item.is_bare and item.value in ("true", "false")
                self._items[item.key] = item.value == "true" if is_truth else item.value

    def __getitem__(self, key: str | int) -> Any:
        """Return an argument by its name or its place, or what stands for one that is missing."""
        if isinstance(key, int):
            return self._values[key] if -1 < key < len(self._values) else self._missing(key)
        return self._items[key] if key in self._items else self._missing(str(key))

    def __contains__(self, key: object) -> bool:
        """Whether there is an argument of this name."""
        return key in self._items

    def __iter__(self) -> Iterator[str]:
        """Iterate over the values without a name."""
        return iter(self._values)

    def __len__(self) -> int:
        """Return the number of values without a name."""
        return len(self._values)


class Origin(NamedTuple):
    """Where HTML with markers comes from."""

    path: str
    """The file that the shortcodes are written in."""
    shortcodes: tuple[Shortcode, ...]
    document: Any
    """What their templates are given: the document that shows them."""
    page: str = ""
    """The full address of its page, for a reader elsewhere; "" on a page of this site."""
    is_own: bool = True
    """Whether this is the document's own page, which tells what is wrong with it."""


class ShortcodeExpansion:
    """Puts HTML into the place of markers, through one tracker."""

    def __init__(self, tracker: Tracker, load: Callable[[str], jinja2.Template]) -> None:
        """Take the templates that `load` returns by their names."""
        self._tracker = tracker
        self._load = load
        self._origins: list[Origin] = []
        self._places: list[Location] = []
        self._wrong: list[Problem] = []

    @property
    def origin(self) -> Origin | None:
        """What is being shown, the innermost; None outside of shortcodes."""
        return self._origins[-1] if self._origins else None

    def is_within(self, path: str) -> bool:
        """Whether what is in the file `path` is being shown."""
        return any(origin.path == path for origin in self._origins)

    def refuse(self, message: str, hint: str | None = None) -> NoReturn:
        """Raise `ShortcodeError` at the shortcode that is being shown."""
        raise ShortcodeError(Problem(message, self._places[-1], hint))

    def expanded(self, html: str, origin: Origin) -> str:
        """Return `html` with each shortcode as its template shows it.

        Raises `ShortcodeError` with all problems on the document's own page where the document is
        at fault; elsewhere there is no more than the text between the tags.
        """
        from sitegen.markdown.shortcode_placing import MARKER  # noqa: PLC0415 - not needed to compare

        begun: list[list[str]] = []
        pieces: list[str] = []
        copied = 0
        self._origins.append(origin)
        try:
            for match in MARKER.finditer(html):
                pieces.append(html[copied : match.start()])
                copied = match.end()
                number = int(match[2])
                if match[1]:
                    inner = "".join(pieces)
                    pieces = begun.pop()
                    pieces.append(self._shown(origin, number, inner))
                elif origin.shortcodes[number].has_inner:
                    begun.append(pieces)
                    pieces = []
                else:
                    pieces.append(self._shown(origin, number, None))
        finally:
            self._origins.pop()
            wrong: list[Problem] = []
            if not self._origins:
                wrong, self._wrong = self._wrong, []
        if wrong:
            raise ShortcodeError(*wrong)
        return "".join((*pieces, html[copied:]))

    def _shown(self, origin: Origin, number: int, inner: str | None) -> str:
        shortcode = origin.shortcodes[number]
        place = Location(origin.path, shortcode.line, shortcode.column)
        name, is_made_fit = self._template_of(shortcode.name, origin)
        if not name:
            if origin.is_own:
                hint = f"write templates/{FOLDER}{shortcode.name}{SUFFIX}"
                self._wrong.append(Problem(f'unknown shortcode "{shortcode.name}"', place, hint))
            return inner or ""
        self._places.append(place)
        try:
            html = self._load(name).render(
                args=Arguments(shortcode.arguments, partial(_missing_argument, shortcode, place)),
                inner=_inner(shortcode, place, inner),
                document=origin.document,
                in_feed=bool(origin.page),
            )
        except ShortcodeError as error:
            if origin.is_own:
                self._wrong += error.problems
            elif origin.page and not is_made_fit:
                raise  # No other page tells of it: feeds have a template of their own here.
            return inner or ""
        except Exception as error:
            error.add_note(f"for the shortcode at {place}")
            raise
        finally:
            self._places.pop()
        html = html.strip()
        if is_made_fit:
            from sitegen.html.finishing import fit_for_feeds  # noqa: PLC0415 - as above

            html = fit_for_feeds(html, origin.page)
        return html

    def _template_of(self, name: str, origin: Origin) -> tuple[str, bool]:
        """Return the template of a shortcode, "" where there is none.

        And whether what it makes is to be made fit for feeds.
        """
        for suffix in (FEED_SUFFIX, SUFFIX) if origin.page else (SUFFIX,):
            template = f"{FOLDER}{name}{suffix}"
            if self._tracker.ask("template", template) is not None:
                return template, bool(origin.page) and suffix == SUFFIX
        return "", False


def _missing_argument(shortcode: Shortcode, place: Location, key: str | int) -> _Missing:
    name = shortcode.name
    if isinstance(key, int):
        message = f'the shortcode "{name}" needs a value'
        written = " ".join((name, *(['"…"'] * (key + 1))))
    else:
        message = f'the shortcode "{name}" has no "{key}"'
        written = f'{name} {key}="…"'
    return _Missing(Problem(message, place, f"write `{{{{< {written} >}}}}`"))


def _inner(shortcode: Shortcode, place: Location, inner: str | None) -> Markup | _Missing:
    if inner is not None:
        return Markup(inner)  # noqa: S704 - the document's own HTML
    if shortcode.is_closed:
        return Markup("")
    name = shortcode.name
    message = f'the shortcode "{name}" is not closed'
    return _Missing(Problem(message, place, f"write `{{{{< /{name} >}}}}` behind its text"))
