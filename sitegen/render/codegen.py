"""Jinja2's code generator with faster code for what every page does most.

The code does the same: what is left out is work that is known beforehand to do nothing. Known of
the versions in `sitegen.work.proven_versions`: with others the environment leaves it to Jinja2.
"""

from __future__ import annotations

from collections.abc import Callable
from keyword import iskeyword
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from sitegen.render.printing import check_printable
from sitegen.work.proven_versions import MARKUPSAFE

try:
    from markupsafe._speedups import _escape_inner as _escaped_text
except ImportError:  # another MarkupSafe, or one without compiled code
    _escaped_text = escape


class TemplateCodeGenerator(CodeGenerator):
    """Compiles templates for an `Environment` of ours, which names its `direct` functions."""

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
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Pieces:
    """Stands in for a buffer in the code of a template, but returns the pieces as one text."""

    extend = staticmethod("".join)

    @staticmethod
    def append(piece: str) -> str:
        """Return the only piece."""
        return piece


def escape_function() -> Callable[[Any], str]:
    """Return what escapes values: `escaped`, or with an unproven MarkupSafe its own function."""
    return escaped if MARKUPSAFE.is_proven else escape


def escaped(value: Any) -> str:
    """Return a value as it stands in a page: as `markupsafe.escape` does, but as mere text.

    What a template puts out is joined, so that it need not know any more that it is escaped.
    """
    kind = type(value)
    if kind is str:
        return _escaped_text(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]  # it is one
    if kind is not int:
        check_printable(value)
    return escape(value)
