"""The Jinja environment: where templates come from, and the questions that they can ask.

Every way in which a template can learn something passes through the `Tracker`. Jinja2 itself
would let some of it pass unseen; each place that closes such a leak says so (DESIGN §4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from types import MethodType, TracebackType
from typing import Any, cast

import jinja2
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro

from sitegen.content import Source
from sitegen.errors import Problem, Where
from sitegen.questions import Questions, UnanswerableError
from sitegen.trace import Answer, Question, Tracker, digest

IMPURE_GLOBALS = ("lipsum",)
IMPURE_FILTERS = ("random",)
"""What Jinja2 offers that gives something else each time."""


class Environment(jinja2.Environment):
    """An environment in which loading a template is a question, too.

    Made anew for each build: a long-lived one would keep modules of templates across builds.
    """

    def __init__(
        self, tracker: Tracker, read: Callable[[Source], bytes], bytecode: BytecodeCache | None
    ) -> None:
        """Take the questions from `tracker` and the text of a template from `read`."""
        super().__init__(
            loader=_Loader(tracker, read),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            bytecode_cache=bytecode,
            auto_reload=False,
            cache_size=-1,
            trim_blocks=False,
            keep_trailing_newline=True,
        )
        self.tracker = tracker
        self.template_class = _Template
        self.context_class = _Context
        for name in IMPURE_GLOBALS:
            del self.globals[name]
        for name in IMPURE_FILTERS:
            del self.filters[name]
        self.globals.update(Questions(tracker).functions())

    def _load_template(
        self,
        name: str,
        globals: MutableMapping[str, Any] | None,  # noqa: A002 - Jinja's name
    ) -> jinja2.Template:
        # By name and before loading, so that an absent one is noted, and one from the cache, too.
        self.tracker.ask("template", name)
        return super()._load_template(name, globals)


class _Context(Context):
    """A context that calls what templates call most without looking what it might be."""

    def call(self, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call `obj` as Jinja's own context does, which first asks it for eight attributes.

        Questions take nothing from the context, and a macro knows how it escapes.
        """
        kind = type(obj)
        if kind is Macro or (kind is MethodType and type(obj.__self__) is Questions):
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return obj(*args, **kwargs)
        return super().call(obj, *args, **kwargs)


class _Template(jinja2.Template):
    """A template whose module, made once, tells every user what was asked while it was made."""

    _asked: dict[Question, Answer]

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        # The caller's context could only bring globals of its own, which no template here has.
        del ctx
        environment = cast("Environment", self.environment)
        if self._module is None:
            with environment.tracker.recording() as self._asked:
                super()._get_default_module()
        environment.tracker.replay(self._asked)
        return cast("TemplateModule", self._module)


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


class CheckedBytecodeCache(BytecodeCache):
    """Compiled templates in a folder, each with its digest.

    Jinja2's own would hand damaged bytes to `marshal`, which can crash on them.
    """

    def __init__(self, folder: Path) -> None:
        """Keep the files in `folder`, which belongs to one version of everything."""
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket if there is a whole file for it."""
        try:
            data = (self._folder / bucket.key).read_bytes()
        except OSError:
            return
        if digest(data[16:]) == data[:16]:
            try:
                bucket.bytecode_from_string(data[16:])
            except (EOFError, ValueError, TypeError):
                bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write the bucket's file; a cache that cannot be written is no problem."""
        data = bucket.bytecode_to_string()
        beside = self._folder / f"{bucket.key}.tmp"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(digest(data) + data)
            beside.replace(self._folder / bucket.key)
        except OSError:
            return


def describe_failure(error: Exception, url: str) -> Problem | None:
    """Return the problem that a template's exception is, at the template's line.

    None if no template is to blame: then it is a bug of ours, and must not be hidden.
    """
    hint = f"while making {url}"
    if isinstance(error, jinja2.TemplateSyntaxError):
        where = Where(error.filename or error.name or "templates", error.lineno)
        return Problem(f"template: {error.message}", where, hint)
    place = None
    for frame, line in _frames(error.__traceback__):
        path = frame.co_filename
        if path.startswith(("templates/", "theme/templates/")):
            place = Where(path, line)
    if isinstance(error, jinja2.TemplateNotFound):
        message = f'there is no template "{error.name}"'
        return Problem(message, place, hint)
    if place is None:
        return None
    if isinstance(error, UnanswerableError):
        return Problem(str(error), place, error.hint or hint)
    if isinstance(error, jinja2.TemplateError):
        return Problem(f"template: {error}", place, hint)
    return Problem(f"template: {type(error).__name__}: {error}", place, hint)


def _frames(traceback: TracebackType | None) -> Iterator[tuple[Any, int]]:
    while traceback is not None:
        yield traceback.tb_frame.f_code, traceback.tb_lineno
        traceback = traceback.tb_next
