"""Writes down where the articles are, so that a later move leaves a redirect."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from sitegen import config, former
from sitegen.index import status
from sitegen.reading import read_articles
from sitegen.sources import require


def remember(site: Path, at: datetime) -> int:
    """Add the addresses of all articles published at `at` to the file; return how many are new."""
    settings = config.load(site)
    text = config.text_beside(site, former.FILE)
    known, problems = former.read(text)
    require(problems)
    found = read_articles(site, settings).articles
    require(found.problems())
    shown = [entry for entry in found.entries() if not status(entry, at)]
    now = former.with_articles(known, shown)
    if former.written(now) != text:
        beside = site / f"{former.FILE}.tmp"
        beside.write_text(former.written(now), "utf-8")
        os.replace(beside, site / former.FILE)  # noqa: PTH105 - in one step
    return len(now.keys() - known.keys())
