"""TeX → MathML, which browsers show without a script. The only module that knows latex2mathml.

The package is to make a tree. What becomes of that is ours: it writes texts without escaping them,
and links to wherever a formula says.
"""

from __future__ import annotations

import re
from html import escape, unescape
from xml.etree.ElementTree import Element

from sitegen.config.loading import FILE_NAME
from sitegen.model.distribution import install_hint
from sitegen.model.errors import Location, Problem, SitegenError

MAX_LENGTH = 10_000
"""Characters of one formula."""

_ATTRIBUTES = frozenset(
    {
        *("accent", "accentunder", "columnalign", "columnlines", "columnspacing", "columnspan"),
        *("depth", "displaystyle", "fence", "form", "height", "largeop", "linethickness"),
        *("lspace", "mathbackground", "mathcolor", "mathsize", "mathvariant", "maxsize"),
        *("minsize", "movablelimits", "notation", "rowlines", "rowspacing", "rspace"),
        *("scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width"),
    }
)
"""What stays of the attributes: those of MathML that only say how it looks."""
_PARTS = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2,
    "msubsup": 3, "munderover": 3,
}  # fmt: skip
"""Elements that need so many parts."""
_REFERENCE = re.compile("&#x[0-9A-Fa-f]{1,6};")


class FormulaError(ValueError):
    """A formula that cannot be read, with the reason."""


def require_latex2mathml() -> None:
    """Raise `SitegenError` if the package is not there."""
    try:
        import latex2mathml.converter  # noqa: F401, PLC0415 - an extra
    except ImportError:
        message = '`math = "mathml"` needs the package "latex2mathml", which is not installed'
        raise SitegenError(Problem(message, Location(FILE_NAME), install_hint("math"))) from None


def mathml(tex: str, *, is_display: bool) -> str:
    """Return a `<math>` element. Raises `FormulaError`."""
    from latex2mathml.converter import convert_to_element  # noqa: PLC0415 - an extra

    if len(tex) > MAX_LENGTH:
        raise FormulaError(f"it has more than {MAX_LENGTH:,} characters")
    display = "block" if is_display else "inline"
    try:
        root = convert_to_element(tex, display=display)
    except RecursionError:
        raise FormulaError("it is nested too deeply") from None
    except Exception as error:  # noqa: BLE001 - it raises errors of many kinds, few with words
        raise FormulaError(_REASONS.get(type(error).__name__, "it is not complete")) from None
    inner = "".join(map(_written, root))
    alternative = escape(" ".join(tex.split()))
    return f'<math display="{display}" alttext="{alternative}">{inner}</math>'


_REASONS = {
    "ExtraLeftOrMissingRightError": r"\left has no \right",
    "DoubleSubscriptsError": "there are two subscripts",
    "DoubleSuperscriptsError": "there are two superscripts",
    "MissingSuperScriptOrSubscriptError": "^ or _ has nothing to stand at",
    "MissingEndError": r"\begin has no \end",
    "NumeratorNotFoundError": "a fraction has no numerator",
    "DenominatorNotFoundError": "a fraction has no denominator",
}


def _written(element: Element) -> str:
    """Return the element as MathML, with all texts escaped."""
    wanted = _PARTS.get(element.tag)
    if wanted is not None and len(element) != wanted:
        raise FormulaError("it is not complete")
    text = _text(element.text)
    if not len(element) and text.startswith("\\") and text[1:].isalpha():
        raise FormulaError(f'unknown command "{text}"')
    attributes = "".join(
        f' {name}="{escape(_text(value))}"'
        for name, value in element.attrib.items()
        if name in _ATTRIBUTES
    )
    inner = escape(text, quote=False) + "".join(
        _written(child) + escape(_text(child.tail), quote=False) for child in element
    )
    return f"<{element.tag}{attributes}>{inner}</{element.tag}>"


def _text(text: str | None) -> str:
    """Return a text with the characters that it names by number."""
    return _REFERENCE.sub(lambda match: unescape(match[0]), text or "")
