"""What docs/receiving.md gives to be copied onto a server is complete, and does what it says."""

from __future__ import annotations

import re

from tests.test_docs import DOCS, blocks

PAGE = DOCS / "receiving.md"


def sample(language: str, containing: str = "") -> str:
    """Return the only block of the page in a language that contains a text."""
    (found,) = (
        block.text
        for block in blocks(PAGE)
        if block.language == language and containing in block.text
    )
    return found


def test_nginx_limits_what_the_page_promises() -> None:
    """Connections and requests of each address are limited, in zones that are declared."""
    text = sample("nginx")
    for kind in ("limit_conn", "limit_req"):
        zones = set(
            re.findall(rf"^{kind}_zone \$binary_remote_addr zone=(\w+):", text, re.MULTILINE)
        )
        used = set(re.findall(rf"^ +{kind} (?:zone=)?(\w+)", text, re.MULTILINE))
        assert zones == used != set()
    assert text.count("{") == text.count("}")
    assert all(
        line.rstrip().endswith((";", "{", "}")) for line in text.splitlines() if line.strip()
    )
    # As large as the form may be, or readers would be told so by nginx.
    assert "client_max_body_size 128k;" in text
