"""Output → Page: the bytes of a file and the questions that were asked for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from sitegen.content import Source
from sitegen.errors import Problem, SitegenError
from sitegen.plan import Output
from sitegen.sources import SourceChangedError
from sitegen.templates import CheckedBytecodeCache, Environment, describe_failure
from sitegen.trace import Answer, Question, Tracker


class Page(NamedTuple):
    """A rendered output."""

    output: Output
    data: bytes
    asked: Mapping[Question, Answer]


class Renderer:
    """Renders the outputs of one build."""

    def __init__(
        self, tracker: Tracker, read: Callable[[Source], bytes], bytecode: Path | None
    ) -> None:
        """Take answers from `tracker`, template files from `read`; compile into `bytecode`."""
        self._tracker = tracker
        cache = CheckedBytecodeCache(bytecode) if bytecode else None
        self._environment = Environment(tracker, read, cache)

    def render(self, output: Output) -> Page | Problem:
        """Return the page of an output, or the problem that a template has with it."""
        with self._tracker.recording() as asked:
            try:
                template = self._environment.get_template(output.template)
                text = template.render(page=output)
                data = text.encode()
            except (SitegenError, SourceChangedError):
                raise
            except Exception as error:
                problem = describe_failure(error, output.url)
                if problem is None:
                    raise
                return problem
        return Page(output, data, asked)
