"""sitegen: Markdown articles in, a complete news site out.

What is public in Python are the names in `__all__`, as docs/api.md says; all else may change with
any version. They are imported when they are first asked for: `sitegen --help` needs none of them.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sitegen.flow.build import build
    from sitegen.flow.options import Options, Report
    from sitegen.model.errors import Problem, SitegenError

__all__ = ["Options", "Problem", "Report", "SitegenError", "__version__", "build"]

__version__ = "0.1.0"

_MODULES = {
    "Options": "sitegen.flow.options",
    "Problem": "sitegen.model.errors",
    "Report": "sitegen.flow.options",
    "SitegenError": "sitegen.model.errors",
    "build": "sitegen.flow.build",
}
"""Where each public name comes from."""

if not TYPE_CHECKING:  # for a type checker, this would make any name an attribute

    def __getattr__(name: str) -> object:
        """Import a public name; raise `AttributeError` for any other."""
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
        from importlib import import_module  # noqa: PLC0415 - only with what it imports

        value = globals()[name] = getattr(import_module(_MODULES[name]), name)
        return value


def __dir__() -> list[str]:
    """Return the public names."""
    return list(__all__)
