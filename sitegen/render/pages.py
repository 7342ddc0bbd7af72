"""Output → Page: the bytes of a file, and the trace of the questions that were asked for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from sitegen.cache.record_reader import MissingRecordError
from sitegen.cache.tables import Written
from sitegen.cache.trace import Profiles, Question, Trace, make_trace
from sitegen.config.own_outputs import url_fields
from sitegen.index.layers import called_name
from sitegen.index.site import Site
from sitegen.model.bugs import bug_at
from sitegen.model.documents import Source
from sitegen.model.errors import Location, Problem, SitegenError
from sitegen.output.staging import Staged, Staging, content_digest
from sitegen.plan.outputs import Output
from sitegen.queries import tracker
from sitegen.render.environment import Environment
from sitegen.render.failures import describe_failure
from sitegen.render.icalendar import content_lines
from sitegen.render.preview_notice import PAGES, with_preview_notice
from sitegen.render.shortcodes import ShortcodeError
from sitegen.scan.sources import SourceChangedError, UnreadableError


class Page(NamedTuple):
    """A rendered output: its bytes, or where they were staged, and what it asked.

    The record of the output and the reason in the trace are left to whoever wanted the page.
    """

    trace: Trace
    data: bytes | None
    staged: Staged | None

    def __reduce__(self) -> tuple[Any, ...]:
        """Be sent from a worker as plain values: it costs a third of sending each with its type."""
        trace, staged = self.trace, self.staged
        own = tuple(map(tuple, trace.own))
        placed = staged and (staged.path, tuple(staged.written), *staged[2:])
        return _unpickled_page, (trace.digest, trace.shared, own, self.data, placed)


def _unpickled_page(
    digest: bytes, shared: tuple[Question, ...], own: Any, data: bytes | None, placed: Any
) -> Page:
    staged = placed and Staged(placed[0], Written(*placed[1]), *placed[2:])
    return Page(Trace((), digest, shared, own, ""), data, staged)


class Failure(NamedTuple):
    """What an output has been met by that could not be rendered."""

    problems: tuple[Problem, ...]


class Renderer:
    """Renders outputs of one build. Can be sent to other processes, which make what it caches.

    `templates` are the texts of template files by source path, or why one has none. Without
    `staging` a page's bytes are returned instead of being staged.
    """

    def __init__(
        self,
        site: Site,
        templates: Mapping[str, bytes | Problem],
        staging: Staging | None,
    ) -> None:
        self._site = site
        self._templates = templates
        self._staging = staging
        self._start()

    def _start(self) -> None:
        self._tracker = tracker(self._site)
        names = dict.fromkeys(map(called_name, self._site.templates))
        self._environment = Environment(self._tracker, self._read, names)
        self._profiles: Profiles = {}

    def _read(self, source: Source) -> bytes:
        """Return the text of a template. Raises `UnreadableError` if it cannot be read."""
        found = self._templates[source.path]
        if isinstance(found, Problem):
            raise UnreadableError(found)
        return found

    def __getstate__(self) -> tuple[Any, ...]:
        """Leave the environment behind: it is made anew in each process."""
        return (self._site, self._templates, self._staging)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        """Make the environment."""
        self._site, self._templates, self._staging = state
        self._start()

    def render(self, output: Output) -> Page | Failure:
        """Return the page of an output, or what a template or its document has wrong."""
        self._environment.begin_page(output.made_from)
        self._tracker.edition = output.edition
        with self._tracker.recording() as asked:
            try:
                template = self._environment.get_template(output.template)
                text = template.render(page=output, **self._own_values(output))
                data = _writable(output.path, self._as_preview(output, text)).encode()
            except UnreadableError as error:
                return Failure(error.problems)
            except ShortcodeError as error:
                return Failure(error.problems)
            except (SitegenError, SourceChangedError, MissingRecordError):
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, it costs this page alone
                problem = describe_failure(error, output.url, self._environment)
                place = Location(f"templates/{output.template}")
                return Failure((problem or replace(bug_at(place, error), message=_bug(output)),))
        if self._staging is None:
            return Page(
                make_trace(content_digest(data), asked, self._profiles, self._tracker.shared),
                data,
                None,
            )
        staged = self._staging.stage(output.path, data)
        return Page(
            make_trace(staged.written.digest, asked, self._profiles, self._tracker.shared),
            None,
            staged,
        )

    def _own_values(self, output: Output) -> Mapping[str, Any]:
        """Return what the template of an output of `[[outputs]]` gets besides `page`."""
        if not output.own:
            return {}
        ask = self._tracker.ask
        values = {"options": ask("own_options", output.own)}
        if url_fields(output.own):
            values["row"] = ask("own_row", output.own, output.url)
        return values

    def _as_preview(self, output: Output, text: str) -> str:
        """Return the text of an output; where the site is a preview, each of its pages says so."""
        ask = self._tracker.ask
        if not output.path.endswith(PAGES) or not ask("setting", "hosting", "preview"):
            return text
        return with_preview_notice(
            text, ask("text", "preview") or "Preview", ask("setting", "language")
        )


def _bug(output: Output) -> str:
    return f"the page {output.url} meets a bug in sitegen"


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document can hold, not even as a character reference (XML 1.0 §2.2)."""


def _writable(path: str, text: str) -> str:
    """Return the text of a file, without what would make a reader refuse the whole of it.

    A calendar has lines of its own.
    """
    if path.endswith(".ics"):
        return content_lines(text)
    return _NOT_XML.sub("", text) if path.endswith(".xml") else text


def render_chunk(renderer: Renderer, chunk: list[Output]) -> list[Page | Failure]:
    """Render several outputs: the work of an executor."""
    return [renderer.render(output) for output in chunk]
