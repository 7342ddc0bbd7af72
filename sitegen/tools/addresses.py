"""Records the addresses of articles, so that a later move leaves a redirect."""

from __future__ import annotations

import os
from pathlib import Path

from sitegen.config.loading import load_config
from sitegen.flow.reading import read_documents
from sitegen.index import former_addresses
from sitegen.index.published import status
from sitegen.model.errors import raise_errors
from sitegen.model.moments import Moment
from sitegen.scan.site_files import ADDRESSES, read_site_texts


def record_addresses(site: Path, at: Moment) -> int:
    """Add the addresses of all articles published at `at` to the file; return how many are new."""
    settings = load_config(site)
    text = read_site_texts(site)[ADDRESSES]
    known, problems = former_addresses.read(text)
    raise_errors(problems)
    found = read_documents(site, settings).documents
    raise_errors(found.problems())
    shown = [entry for entry in found.articles() if not status(entry, at)]
    now = former_addresses.with_articles(known, shown)
    if former_addresses.written(now) != text:
        beside = site / f"{ADDRESSES}.tmp"
        beside.write_text(former_addresses.written(now), "utf-8")
        os.replace(beside, site / ADDRESSES)  # noqa: PTH105 - in one step
    return len(now.keys() - known.keys())
