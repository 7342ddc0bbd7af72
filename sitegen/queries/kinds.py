"""How a kind of question is declared: one record says everything that is known of it.

A module of this package answers the questions of one subject. A kind is an answering function with
`@question(…)` above it:

    @question("neighbours", scope=OWN, reads=(TEASERS,), affected=_neighbours_affected)
    def neighbours(site: Site, id_: str) -> Answer: ...

From the record follows how the answer is kept, when the question is asked again, which function
templates call, and the row in docs/templates.md. A kind without `affected` is always asked again.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from sitegen.cache.trace import Answer, Question
from sitegen.index.change import Change
from sitegen.index.site import Site


class Scope(Enum):
    """How many outputs ask a kind of question in the same words."""

    SHARED = "shared"
    """Many: their answers are kept once a build, and traces refer to sets of them."""
    OWN = "own"
    """Few: the answer is kept with each output that asks."""


SHARED, OWN = Scope.SHARED, Scope.OWN


class Subject(Enum):
    """What a kind of question is about, in a site with editions."""

    EDITION = "edition"
    """The edition of the page that asks: each of them has an answer of its own."""
    DOCUMENT = "document"
    """The document that the first argument names, in its edition, whoever asks."""
    WHOLE_SITE = "site"


EDITION, DOCUMENT, WHOLE_SITE = Subject.EDITION, Subject.DOCUMENT, Subject.WHOLE_SITE


class Facet(Enum):
    """What an answer is made from, besides settings."""

    TEASERS = "teasers"
    """Articles, but for their bodies; terms, lists and periods, which are made of them."""
    BODIES = "bodies"
    PAGES = "pages"
    """Standalone pages, but for their bodies."""
    TERMS = "terms"
    """What is said of terms, but for the texts."""
    RESPONSES = "responses"
    DATA = "data"
    """The values of data files."""
    FILES = "files"
    """Static files, pictures, templates, texts of the user interface."""
    TIME = "time"
    """The moment that the build shows."""
    SETTINGS = "settings"
    """Any setting: the question itself says which, or it is made from the whole plan."""


TEASERS, BODIES, RESPONSES = Facet.TEASERS, Facet.BODIES, Facet.RESPONSES
PAGES, TERMS, DATA = Facet.PAGES, Facet.TERMS, Facet.DATA
FILES, TIME, SETTINGS = Facet.FILES, Facet.TIME, Facet.SETTINGS

Affected = Callable[[Site, Change], Iterable[Question]]
"""Takes the site as it is now and what changed, and returns every question of its kind whose answer
may be another than before, perhaps more. It never sees the site of before: a new process has none.
"""


class Function(NamedTuple):
    """The function that templates call to ask a question, for docs/templates.md."""

    section: str
    """The heading that its row stands under."""
    answers: str
    """What it answers."""
    changes: str
    """When its answer changes."""
    missing: str = ""
    """What there is none of where the answer is None: then the template's line is at fault."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Everything that is known of a kind of question."""

    name: str
    """The first word of each question of this kind."""
    answer: Callable[..., Answer]
    """Takes the site and the arguments of a question."""
    scope: Scope
    reads: tuple[Facet | str, ...]
    """What the answer is made from: facets, and settings by name (`lists.per_page`)."""
    affected: Affected | None
    """None: it is always asked again."""
    function: Function | None
    grouped_by: int | None = None
    """How many arguments the affected questions are named by, and with them all questions that
    begin so; None is all."""
    about: Subject = EDITION
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """The arguments of a question, by name, with their defaults; `inspect.Parameter.empty` for
    those without."""

    @property
    def settings(self) -> frozenset[str]:
        """The names of the settings that the answer is made from."""
        return frozenset(name for name in self.reads if isinstance(name, str))

    def signature(self) -> str:
        """Return how templates call it: `around(year, month=0, day=0)`."""
        arguments = (
            name if default is inspect.Parameter.empty else f"{name}={_literal(default)}"
            for name, default in self.parameters.items()
        )
        return f"{self.name}({', '.join(arguments)})"


def question(
    name: str,
    *,
    scope: Scope,
    reads: tuple[Facet | str, ...],
    affected: Affected | None = None,
    function: Function | None = None,
    grouped_by: int | None = None,
    about: Subject = EDITION,
) -> Callable[[Callable[..., Answer]], Kind]:
    """Declare the function below as what answers the questions of the kind `name`."""
    if affected is not None and SETTINGS in reads:
        message = f"{name}: what says which questions a change affects must name its settings"
        raise ValueError(message)

    def declare(answer: Callable[..., Answer]) -> Kind:
        _, *parameters = inspect.signature(answer).parameters.values()
        named = {item.name.rstrip("_"): item.default for item in parameters}
        return Kind(name, answer, scope, reads, affected, function, grouped_by, about, named)

    return declare


def _literal(default: Any) -> str:
    return f'"{default}"' if isinstance(default, str) else repr(default)
