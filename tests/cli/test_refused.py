"""Commands in a site whose `.sitegen` is not theirs to use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.cli.main import main
from sitegen.cli.reporting import USAGE
from tests.sitefactory import article, build_site, make_site

COMMANDS = ["build", "list", "next", "verify", "why /", "check", "notify", "ids"]


def plain_file(state: Path) -> None:
    """Put a file in its place."""
    state.write_text("")


def read_only(state: Path) -> None:
    """Let it be read and not written to."""
    state.mkdir()
    state.chmod(0o500)


def closed(state: Path) -> None:
    """Let nobody enter it."""
    state.mkdir()
    state.chmod(0)


@pytest.mark.usefixtures("permissions")
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("spoil", [plain_file, read_only, closed])
def test_the_folder_is_named_with_a_hint(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    spoil: Callable[[Path], None],
) -> None:
    """It is wrong usage, and no bug of ours."""
    site = make_site(tmp_path / "site", {"a.md": article()}, config='base_url = "https://x.org/"')
    build_site(site)
    state = site / ".sitegen"
    state.rename(site / "was")
    spoil(state)
    code = main([*command.split(), "--site", str(site)])
    told = capsys.readouterr().err
    state.chmod(0o700)
    assert code == USAGE
    assert ".sitegen" in told
    assert "hint: " in told
    assert "bug" not in told
