"""How many documents of a kind a build has found, and what became of each."""

from __future__ import annotations

from typing import NamedTuple


class ArticleCounts(NamedTuple):
    """Numbers of the files of articles, or of those of standalone pages.

    Each file is counted once: `found` is the sum of all.
    """

    shown: int = 0
    drafts: int = 0
    scheduled: int = 0
    expired: int = 0
    wrong: int = 0
    """Those with errors, of which no earlier good state is known."""
    left_out: int = 0
    """Those whose addresses are taken."""
    ignored: int = 0
    """Files that are no documents in the site's dialect, as a warning says of each."""

    @property
    def found(self) -> int:
        """All files."""
        return sum(self)

    def not_shown(self) -> dict[str, int]:
        """Return the numbers of those that are not shown, by why they are not."""
        numbers = self._asdict()
        del numbers["shown"]
        return numbers


NO_ARTICLES = ArticleCounts()
"""The numbers where no article file is known."""
