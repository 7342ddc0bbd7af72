"""Jinja2's code generator: no text of what has none, and faster code for what every page does most.

The faster code does the same: what is left out is work that is known beforehand to do nothing.
Known of the versions in `sitegen.work.proven_versions`: with others the environment leaves it to
Jinja2.
"""

from __future__ import annotations

from collections.abc import Callable
from keyword import iskeyword
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, optimizeconst
from jinja2.optimizer import Optimizer
from markupsafe import Markup, escape

from sitegen.render.guarded_names import is_guarded
from sitegen.render.printing import text_of
from sitegen.work.proven_versions import MARKUPSAFE

try:
    from markupsafe._speedups import _escape_inner as _escaped_text
except ImportError:  # another MarkupSafe, or one without compiled code
    _escaped_text = escape


class _Optimizer(Optimizer):
    """Folds constants, and leaves alone what cannot be worked out: it is told at its line."""

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        """Return what may stand in the place of a node."""
        try:
            return super().generic_visit(node, *args, **kwargs)
        except Exception:  # noqa: BLE001 - whatever it is, it will be raised again in its place
            return node


class TextCheckingCodeGenerator(CodeGenerator):
    """Jinja2's own, but for what makes text of values in an expression: see `printing`."""

    def __init__(self, environment: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(environment, *args, **kwargs)
        if self.optimizer is not None:
            self.optimizer = _Optimizer(environment)

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            # What cannot be printed is told when it is, at its line: this raises.
            text_of(node.as_const(frame.eval_ctx))
        return super()._output_child_to_const(node, frame, finalize)

    @optimizeconst
    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """Write what joins values with `~`: each must have a text."""
        join = "markup_join" if frame.eval_ctx.autoescape else "str_join"
        if frame.eval_ctx.volatile:
            join = "(markup_join if context.eval_ctx.volatile else str_join)"
        self.write(f"{join}(environment.checked_texts((")
        for item in node.nodes:
            self.visit(item, frame)
            self.write(", ")
        self.write(")))")

    @optimizeconst
    def visit_Mod(self, node: nodes.BinExpr, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """Write `a % b`, which puts values into a text."""
        self.write("environment.remainder(")
        self.visit(node.left, frame)
        self.write(", ")
        self.visit(node.right, frame)
        self.write(")")


class TemplateCodeGenerator(TextCheckingCodeGenerator):
    """Compiles templates for an `Environment` of ours, which names its `direct` functions."""

    @optimizeconst
    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """Write `value.name`: of most names it is known here that nothing guards them."""
        self.write("environment.getattr(" if is_guarded(node.attr) else "environment.part(")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r})")

    def visit_Call(  # noqa: N802 - Jinja's name
        self,
        node: nodes.Call,
        frame: Frame,
        forward_caller: bool = False,  # noqa: FBT001, FBT002 - as Jinja has it
    ) -> None:
        """Write a call; of a function of ours one without Jinja's checks.

        `Context.call` looks whether a function wants the context, the environment or the frame's
        variables. Ours do not, and whatever else a template keeps under the name of one of them
        (a macro, a module) does not either.
        """
        called = node.node
        if (
            isinstance(called, nodes.Name)
            and called.name in self.environment.direct  # type: ignore[attr-defined]  # ours
            and node.dyn_args is None
            and node.dyn_kwargs is None
            and not any(iskeyword(argument.key) for argument in node.kwargs)
            and not forward_caller
        ):
            self.visit(called, frame)
            self.write("(")
            for number, argument in enumerate((*node.args, *node.kwargs)):
                if number:
                    self.write(", ")
                self.visit(argument, frame)
            self.write(")")
        else:
            super().visit_Call(node, frame, forward_caller=forward_caller)

    def visit_Output(  # noqa: N802 - Jinja's name
        self, node: nodes.Output, frame: Frame
    ) -> None:
        """Write the output of what stands together in a template, as one text.

        Else each piece is handed on by itself, from one template to the one that it extends. Where
        there is a buffer, Jinja puts all pieces into it at once: here that is `Pieces`, which
        hands them on instead.
        """
        if frame.buffer is not None or len(node.nodes) == 1:
            super().visit_Output(node, frame)
            return
        frame.buffer = "yield environment.pieces"
        super().visit_Output(node, frame)
        frame.buffer = None

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        del node, finalize  # there is none
        if frame.eval_ctx.volatile:
            write = "(environment.escaped if context.eval_ctx.autoescape else environment.plain)("
        else:
            write = "environment.escaped(" if frame.eval_ctx.autoescape else "environment.plain("
        self.write(write)


class Pieces:
    """Stands in for a buffer in the code of a template, but returns the pieces as one text."""

    extend = staticmethod("".join)

    @staticmethod
    def append(piece: str) -> str:
        """Return the only piece."""
        return piece


def escape_function() -> Callable[[Any], str]:
    """Return what escapes values: `escaped`, or with an unproven MarkupSafe by its own function."""
    return escaped if MARKUPSAFE.is_proven else escaped_by_markupsafe


def escaped_by_markupsafe(value: Any) -> str:
    """Return the same by MarkupSafe's own function."""
    return escape(text_of(value))


def escaped(value: Any) -> str:
    """Return a value as it stands in a page: as `markupsafe.escape` does, but as mere text.

    What a template puts out is joined, so that it need not know any more that it is escaped.
    Raises `UnprintableError` for a value that has no text.
    """
    kind = type(value)
    if kind is str:
        return _escaped_text(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]  # it is one
    return escape(text_of(value))


def plain(value: Any) -> str:
    """Return a value as it stands where nothing is escaped; see `escaped`."""
    return str(text_of(value))
