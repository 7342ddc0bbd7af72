"""A `security.txt` that soon expires is told before it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.check.flow import check
from sitegen.check.security_txt import faults
from sitegen.flow.build import Options
from sitegen.model import moments
from tests.sitefactory import AT, article, make_site

WHOLE = "Contact: mailto:a@example.org\r\nExpires: {}\r\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WHOLE.format("2025-06-01T00:00:00Z"), []),
        (WHOLE.format("2025-06-01T00:00:00+00:00").lower(), []),
        (WHOLE.format("2024-12-05T12:00:00Z"), [(2, "the file expires on 2024-12-05")]),
        (WHOLE.format("2024-12-05T12:00:01Z"), []),
        (WHOLE.format("2024-11-05T12:00:00Z"), [(2, "the file has expired on 2024-11-05: nobody")]),
        (WHOLE.format("2026-06-01T00:00:00Z"), [(2, "the file expires on 2026-06-01, in more")]),
        (WHOLE.format("soon"), [(2, '"soon" is not a date')]),
        ("Contact: a\n", [(1, "the file must say once when it expires")]),
        ("Expires: 2025-06-01T00:00:00Z\n", [(1, "the file names nobody to write to")]),
    ],
)
def test_what_is_wrong_is_told_at_its_line(text: str, said: list[tuple[int, str]]) -> None:
    """From 30 days before its end, with what to do."""
    found = list(faults(text, moments.of(AT)))
    assert [
        (line, message.startswith(start))
        for (line, message, _), (_, start) in zip(found, said, strict=True)
    ] == [(line, True) for line, _ in said]
    assert all(hint for *_, hint in found)


def test_the_file_of_an_output_is_looked_at(tmp_path: Path) -> None:
    """As one in `static/` is."""
    config = (
        '[[outputs]]\nurl = "/.well-known/security.txt"\ntemplate = "security.txt"\n'
        'options = { contact = "security@example.org", expires = "2024-11-20" }\n'
    )
    site = make_site(tmp_path, {"a.md": article()}, config=config)
    found = [item for item in check(site, Options(at=AT)).findings if item.rule == "security-txt"]
    assert [f"{item.location}: {item.message}" for item in found] == [
        "output/.well-known/security.txt:2: the file expires on 2024-11-20"
    ]
