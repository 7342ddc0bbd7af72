"""What a build is asked for makes sense before anything is done."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sitegen.flow.build import Options, build
from sitegen.model.errors import UsageError


def test_a_site_folder_that_is_not_there_is_no_empty_site(tmp_path: Path) -> None:
    """A mistyped folder is wrong usage: nothing is made, not even the folder."""
    with pytest.raises(UsageError, match="does not exist"):
        build(tmp_path / "papre", Options(output=tmp_path / "output"))

    assert list(tmp_path.iterdir()) == []


def test_a_moment_has_a_zone() -> None:
    """A time without a zone is several moments: it is a mistake of the caller's."""
    with pytest.raises(ValueError, match="`at` needs a time zone"):
        Options(at=datetime(2024, 11, 5))  # noqa: DTZ001 - what is tested

    assert Options(at=datetime(2024, 11, 5, tzinfo=UTC)).at
