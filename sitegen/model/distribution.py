"""What sitegen is called where packages are installed from.

On PyPI the name `sitegen` is another project's, whose package and command are called like ours: an
install command that said `sitegen` would bring that one, and an upgrade would put it in our place.
"""

from __future__ import annotations

DISTRIBUTION = "sitegen-news"
"""The name that pip knows; what Python imports and the shell runs is `sitegen`."""


def install_hint(extra: str) -> str:
    """Return the hint for what needs an extra: ``install it with `pip install …` ``.

    The command has double quotes: every shell takes them, those of Windows, too.
    """
    return f'install it with `pip install "{DISTRIBUTION}[{extra}]"`'
