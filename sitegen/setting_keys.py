"""How a key of the configuration is declared."""

from __future__ import annotations

from dataclasses import field
from typing import Any


def key(default: Any, doc: str) -> Any:
    """Declare a configuration key with its default and the sentence that documents it."""
    return field(default=default, metadata={"doc": doc})
