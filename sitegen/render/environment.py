"""The Jinja environment: where templates come from, and the questions that they can ask.

Every way in which a template can learn something passes through the `Tracker`. Jinja2 itself
would let some of it pass unseen; each place that closes such a leak says so (DESIGN §4).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Mapping, MutableMapping
from datetime import timedelta
from types import CodeType, NoneType
from typing import Any, NamedTuple, cast

import jinja2
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.utils import Namespace

from sitegen.cache.trace import Answer, Question, Tracker
from sitegen.index.layers import template_name
from sitegen.model.documents import Source
from sitegen.model.frozen import EMPTY, FrozenMap
from sitegen.model.moments import Moment
from sitegen.render.codegen import (
    Pieces,
    TemplateCodeGenerator,
    TextCheckingCodeGenerator,
    escape_function,
    plain,
)
from sitegen.render.data_functions import DataFunctions
from sitegen.render.direction_functions import DirectionFunctions
from sitegen.render.edition_functions import EditionFunctions
from sitegen.render.filters import FILTERS, plain_table
from sitegen.render.guarded_names import FORMATTING, RECORDS_HAVE, is_guarded
from sitegen.render.metadata_functions import MetadataFunctions
from sitegen.render.mistakes import TemplateMistakeError
from sitegen.render.nouns import noun
from sitegen.render.printing import checked_texts, formatter, remainder, text_of
from sitegen.render.response_functions import ResponseFunctions
from sitegen.render.settings import Extra, Settings, ThemeOptions
from sitegen.render.shortcode_functions import ShortcodeFunctions
from sitegen.render.shortcodes import ShortcodeExpansion
from sitegen.render.template_functions import TemplateFunctions
from sitegen.render.undefined import Undefined, require_defined
from sitegen.work.proven_versions import JINJA

IMPURE_GLOBALS = ("lipsum",)
"""What Jinja2 offers that gives something else each time; of filters, see `filters`."""


class Environment(jinja2.Environment):
    """An environment in which loading a template is a question, too.

    `read` returns the text of a template. One is made for each build: a long-lived one would keep
    modules of templates across builds.
    """

    def __init__(
        self,
        tracker: Tracker,
        read: Callable[[Source], bytes],
        template_names: Collection[str] = (),
    ) -> None:
        self._loader = _Loader(tracker, read)
        self.has_fast_paths = JINJA.is_proven
        """Whether some of Jinja's work is done faster; what tracking needs is ours in any case."""
        super().__init__(
            loader=self._loader,
            autoescape=escapes,
            undefined=Undefined,
            # Our own code generator looks at what is printed in another place.
            finalize=None if self.has_fast_paths else text_of,
            bytecode_cache=_COMPILED,
            auto_reload=False,
            cache_size=-1,
            trim_blocks=False,
            keep_trailing_newline=True,
        )
        self.tracker = tracker
        self.template_names = template_names
        self.modules_of_page: dict[jinja2.Template, _CachedModule] = {}
        self.mutable_uses = 0
        """How often something was imported that a page can change."""
        self.template_class = _Template
        self.code_generator_class = TextCheckingCodeGenerator
        if self.has_fast_paths:
            self.context_class = _Context
            self.code_generator_class = TemplateCodeGenerator
        self.escaped, self.plain, self.pieces = escape_function(), plain, Pieces()
        self.checked_texts, self.remainder = checked_texts, remainder
        for name in IMPURE_GLOBALS:
            del self.globals[name]
        self.filters = dict(FILTERS)
        self.policies["json.dumps_kwargs"] = {"sort_keys": True, "default": plain_table}
        self.questions = questions = TemplateFunctions(
            tracker, ShortcodeExpansion(tracker, self.get_template)
        )
        ours = questions.functions()
        ours |= MetadataFunctions(tracker, questions).functions()
        shortcodes = ShortcodeFunctions(tracker, questions)
        ours |= shortcodes.functions()
        ours |= ResponseFunctions(tracker.ask).functions()
        ours |= DirectionFunctions(tracker.ask).functions()
        ours |= DataFunctions(tracker, shortcodes).functions()
        ours |= EditionFunctions(tracker.ask, questions).functions()
        self.functions = {name: item for name, item in ours.items() if callable(item)}
        self.direct = frozenset(ours)
        """The names of the functions that take nothing from the context."""
        self.globals.update(ours)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template: those of all, where it has none of its own.

        Jinja lays an empty mapping over them, through which each page would copy them slowly.
        """
        return self.globals if self.has_fast_paths and not d else super().make_globals(d)

    def begin_page(self, document: str = "") -> None:
        """Forget the modules of the page before; `document` is the id of what this one shows."""
        self.modules_of_page.clear()
        self.questions.own = document

    def template_text(self, path: str) -> str:
        """Return the text of a template file that was loaded, "" of any other."""
        return self._loader.texts.get(path, "")

    def compile(self, source: Any, *args: Any, **kwargs: Any) -> Any:
        """Compile a template. Raises `TemplateSyntaxError` for one that Python cannot hold, too."""
        try:
            with warnings.catch_warnings():
                # Python's advice on what our code generator wrote says nothing to anybody.
                warnings.simplefilter("ignore", SyntaxWarning)
                return super().compile(source, *args, **kwargs)
        except jinja2.TemplateError:
            raise
        except (ValueError, OverflowError, MemoryError, RecursionError, SyntaxError):
            name, filename, *_ = (*args, None, None)
            message = "the template is nested too deeply, or has a number that is too large"
            raise jinja2.TemplateSyntaxError(message, 0, name, filename) from None

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a part of a value, as Jinja2 does, or what is undefined.

        What Python alone knows of a value is no part of it: some of that reads the address of the
        value or the seed of hashes, all of it passes by the questions.
        """
        if is_guarded(attribute):
            return self._guarded(obj, attribute)
        return self.part(obj, attribute)

    def part(self, obj: Any, attribute: str) -> Any:
        """Return a part of a value by a name that is not guarded."""
        try:
            return getattr(obj, attribute)
        except AttributeError:
            pass
        try:
            return obj[attribute]
        except (TypeError, LookupError, AttributeError):
            return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an item or a part of a value; see `getattr`."""
        if isinstance(argument, str) and is_guarded(argument):
            try:
                return obj[argument]
            except (TypeError, LookupError, AttributeError):
                return self._guarded(obj, argument)
        return super().getitem(obj, argument)

    def call_filter(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call a filter that another one names, as `map("upper")` does."""
        _check_name("filter", name)
        return super().call_filter(name, *args, **kwargs)

    def call_test(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call a test that a filter names, as `select("odd")` does."""
        _check_name("test", name)
        return super().call_test(name, *args, **kwargs)

    def _guarded(self, obj: Any, attribute: str) -> Any:
        if attribute in FORMATTING and isinstance(obj, str):
            format_ = formatter(obj)
            return format_ if attribute == "format" else lambda values: format_(**values)
        is_hidden = attribute[:1] == "_" and not isinstance(obj, (jinja2.Undefined, Namespace))
        if attribute in RECORDS_HAVE and isinstance(obj, tuple):
            is_hidden = attribute not in getattr(obj, "_fields", (attribute,))
        if not is_hidden:
            return super().getattr(obj, attribute)
        try:
            return obj[attribute]
        except (TypeError, LookupError, AttributeError):
            return self.undefined(obj=obj, name=attribute)

    def join_path(self, template: Any, parent: str) -> Any:
        """Return the name of what the template `parent` calls `template`.

        `theme/base.html` is the next one below the file that it is called in.
        """
        if not isinstance(template, str):
            return template  # which is told when it is loaded
        # The answer is on record: `parent` was loaded.
        caller = self.tracker.peek(("template", parent)).value
        return template if caller is None else template_name(template, caller.path)

    def _load_template(
        self,
        name: str,
        globals: MutableMapping[str, Any] | None,  # noqa: A002 - Jinja's name
    ) -> jinja2.Template:
        _check_name("template", name)
        # By name and before loading, so that an absent one is noted, and one from the cache, too.
        self.tracker.ask("template", name)
        return super()._load_template(name, globals)


PLAIN_TEXT = (
    ".txt", ".md", ".csv", ".ics", ".vcf", ".json", ".webmanifest", ".css", ".js", ".mjs",
)  # fmt: skip
"""How the names of templates end whose files know no character references of HTML and XML."""


def escapes(name: str | None) -> bool:
    """Whether the template of this name escapes values for HTML and XML by itself."""
    return name is None or not name.endswith(PLAIN_TEXT)


def _check_name(what: str, name: Any) -> None:
    """Raise `TemplateMistakeError` if the name of a template, filter or test is no text."""
    require_defined(name)
    if not isinstance(name, str):
        message = f"the name of a {what} must be a text, not {noun(name).name}"
        raise TemplateMistakeError(message, "write it in quotes")


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
    a page would not be the same alone. Else it is made once for each page. Each edition has its
    own: it asks about itself.
    """

    _made: Mapping[str, _CachedModule] = EMPTY
    """By the editions whose pages use it."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        # The caller's context could only bring globals of its own, which no template here has.
        del ctx
        environment = cast("Environment", self.environment)
        made = self._made.get(environment.tracker.edition) or self._make(environment)
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
            self._made = {**self._made, environment.tracker.edition: made}
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
    ThemeOptions,
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
        self.texts: dict[str, str] = {}
        """Of what was loaded, by source path: for messages."""

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
        self.texts[source.path] = text
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
