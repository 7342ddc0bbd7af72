"""The Jinja environment: where templates come from, and the questions that they can ask.

Every way in which a template can learn something passes through the `Tracker`. Jinja2 itself
would let some of it pass unseen; each place that closes such a leak says so (DESIGN §4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from datetime import timedelta
from types import CodeType, NoneType, TracebackType
from typing import Any, NamedTuple, cast

import jinja2
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro

from sitegen.cache.trace import Answer, Question, Tracker
from sitegen.model.documents import Source
from sitegen.model.errors import Location, Problem, exception_text
from sitegen.model.frozen import FrozenMap
from sitegen.model.moments import Moment
from sitegen.render.codegen import Pieces, TemplateCodeGenerator, escape_function
from sitegen.render.metadata_functions import MetadataFunctions
from sitegen.render.question_functions import UnanswerableError
from sitegen.render.response_functions import ResponseFunctions
from sitegen.render.template_functions import Extra, Settings, TemplateFunctions
from sitegen.render.undefined import MissingAttributeError, Undefined
from sitegen.work.proven_versions import JINJA

IMPURE_GLOBALS = ("lipsum",)
IMPURE_FILTERS = ("random",)
"""What Jinja2 offers that gives something else each time."""


class Environment(jinja2.Environment):
    """An environment in which loading a template is a question, too.

    `read` returns the text of a template. One is made for each build: a long-lived one would keep
    modules of templates across builds.
    """

    def __init__(self, tracker: Tracker, read: Callable[[Source], bytes]) -> None:
        super().__init__(
            loader=_Loader(tracker, read),
            autoescape=True,
            undefined=Undefined,
            bytecode_cache=_COMPILED,
            auto_reload=False,
            cache_size=-1,
            trim_blocks=False,
            keep_trailing_newline=True,
        )
        self.tracker = tracker
        self.modules_of_page: dict[jinja2.Template, _CachedModule] = {}
        self.mutable_uses = 0
        """How often something was imported that a page can change."""
        self.template_class = _Template
        self.has_fast_paths = JINJA.is_proven
        """Whether some of Jinja's work is done faster; what tracking needs is ours in any case."""
        if self.has_fast_paths:
            self.context_class = _Context
            self.code_generator_class = TemplateCodeGenerator
        self.escaped, self.pieces = escape_function(), Pieces()
        for name in IMPURE_GLOBALS:
            del self.globals[name]
        for name in IMPURE_FILTERS:
            del self.filters[name]
        questions = TemplateFunctions(tracker)
        ours = questions.functions()
        ours |= MetadataFunctions(tracker, questions).functions()
        ours |= ResponseFunctions(tracker.ask).functions()
        self.direct = frozenset(ours)
        """The names of the functions that take nothing from the context."""
        self.globals.update(ours)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template: those of all, where it has none of its own.

        Jinja lays an empty mapping over them, through which each page would copy them slowly.
        """
        return self.globals if self.has_fast_paths and not d else super().make_globals(d)

    def begin_page(self) -> None:
        """Forget the modules of the page before."""
        self.modules_of_page.clear()

    def _load_template(
        self,
        name: str,
        globals: MutableMapping[str, Any] | None,  # noqa: A002 - Jinja's name
    ) -> jinja2.Template:
        # By name and before loading, so that an absent one is noted, and one from the cache, too.
        self.tracker.ask("template", name)
        return super()._load_template(name, globals)


class _Context(Context):
    """A context that calls what templates call most without Jinja's checks."""

    def call(self, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call `obj` as Jinja's own context does, which first asks it for eight attributes.

        A macro takes nothing from the context, and knows how it escapes.
        """
        if type(obj) is Macro:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return obj(*args, **kwargs)
        return super().call(obj, *args, **kwargs)


class _CachedModule(NamedTuple):
    """The module of a template, and what was asked while it was made."""

    module: TemplateModule
    asked: Mapping[Question, Answer]


class _Template(jinja2.Template):
    """A template whose module replays to every user what was asked while it was made.

    Jinja2 makes the module of an imported template once, for all pages. We do so only where no
    page can leave something in it (a counter, a cycler, a list) that the next one would find: then
    a page would not be the same alone. Else it is made once for each page.
    """

    _made: _CachedModule | None = None

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        # The caller's context could only bring globals of its own, which no template here has.
        del ctx
        environment = cast("Environment", self.environment)
        made = self._made or self._make(environment)
        environment.tracker.replay(made.asked)
        return made.module

    def _make(self, environment: Environment) -> _CachedModule:
        if made := environment.modules_of_page.get(self):
            environment.mutable_uses += 1
            return made
        uses = environment.mutable_uses
        with environment.tracker.recording() as asked:
            context = self.new_context()
            made = _CachedModule(TemplateModule(self, context), asked)
        if uses == environment.mutable_uses and all(map(_is_frozen, context.vars.values())):
            self._made = made
        else:
            environment.modules_of_page[self] = made
            environment.mutable_uses += 1
        return made

    def make_module(self, *args: Any, **kwargs: Any) -> TemplateModule:
        """Make a module with a context, which is one user's own."""
        cast("Environment", self.environment).mutable_uses += 1
        return super().make_module(*args, **kwargs)


_FROZEN = (
    str,
    int,
    float,
    Moment,
    timedelta,
    NoneType,
    FrozenMap,
    Settings,
    Extra,
    Macro,
    TemplateModule,
)
"""What a template can hold without changing it. A macro or module is as frozen as its maker."""


def _is_frozen(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_frozen, value))
    return isinstance(value, _FROZEN)


class _Loader(jinja2.BaseLoader):
    """Loads the template files of the site."""

    def __init__(self, tracker: Tracker, read: Callable[[Source], bytes]) -> None:
        self._tracker = tracker
        self._read = read

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        del environment
        source = self._tracker.peek(("template", template)).value
        if source is None:
            raise jinja2.TemplateNotFound(template)
        try:
            text = self._read(source).decode("utf-8-sig")
        except UnicodeDecodeError:
            message = "the file is not UTF-8"
            raise jinja2.TemplateSyntaxError(message, 1, template, source.path) from None
        return text, source.path, lambda: True


class _Compiled(BytecodeCache):
    """The templates that this process has compiled, for the next environment.

    They stay in memory: a compiled template is code, and whoever could write to a file of it could
    run anything.
    """

    def __init__(self) -> None:
        self._codes: dict[tuple[object, str], tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket if its text was compiled."""
        checksum, code = self._codes.get(_place(bucket), ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the bucket's code in place of that of an earlier text."""
        if bucket.code is not None:
            self._codes[_place(bucket)] = (bucket.checksum, bucket.code)


def _place(bucket: Bucket) -> tuple[object, str]:
    return bucket.environment.code_generator_class, bucket.key


_COMPILED = _Compiled()


def describe_failure(error: Exception, url: str) -> Problem | None:
    """Return a template's exception as a problem at the template's line.

    None if it was not raised in a template: then it is a bug of ours, and must not be hidden.
    """
    hint = f"while rendering {url}"
    if isinstance(error, jinja2.TemplateSyntaxError):
        location = Location(error.filename or error.name or "templates", error.lineno)
        return Problem(f"template: {error.message}", location, hint)
    place = None
    for frame, line in _frames(error.__traceback__):
        path = frame.co_filename
        if path.startswith(("templates/", "theme/templates/")):
            place = Location(path, line)
    if isinstance(error, jinja2.TemplateNotFound):
        message = f'there is no template "{error.name}"'
        return Problem(message, place, hint)
    if place is None:
        return None
    if isinstance(error, (UnanswerableError, MissingAttributeError)):
        return Problem(str(error), place, error.hint or hint)
    if isinstance(error, jinja2.TemplateError):
        return Problem(f"template: {error}", place, hint)
    return Problem(f"template: {exception_text(error)}", place, hint)


def _frames(traceback: TracebackType | None) -> Iterator[tuple[Any, int]]:
    while traceback is not None:
        yield traceback.tb_frame.f_code, traceback.tb_lineno
        traceback = traceback.tb_next
