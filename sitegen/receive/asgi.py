"""The receiver for any ASGI server: `uvicorn --factory sitegen.receive.asgi:create_app`.

The environment names the site (`SITEGEN_SITE`) and holds the secrets.
"""

from __future__ import annotations

import sys
from pathlib import Path

from starlette.applications import Starlette

from sitegen.config import load
from sitegen.receive.environment import read_secrets, site_named
from sitegen.receive.server import receiver


def create_app() -> Starlette:
    """Return the application. Raises `SitegenError`."""
    site = Path(site_named())

    def tell(text: str) -> None:
        sys.stderr.write(f"{text}\n")

    return receiver(site, load(site), read_secrets(), tell).app
