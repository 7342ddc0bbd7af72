"""Builds of one site, one after the other, by one process or by several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sitegen.flow.session import Session
from tests.sitefactory import build_site


class Builds:
    """Builds of one site, in one process or in one after the other."""

    def __init__(self, *, lasting: bool) -> None:
        self.session = Session() if lasting else None

    def __call__(self, site: Path, *changed: str, **options: Any) -> Any:
        """Build; a lasting session is told which paths changed."""
        if self.session is None:
            return build_site(site, **options)
        named = list(changed) if changed else None
        return build_site(site, session=self.session, changed=named, **options)
