"""`sitegen addresses` writes down where the published articles are, and no more."""

from datetime import timedelta
from pathlib import Path

import pytest

from sitegen.cli.main import main
from sitegen.model import moments
from sitegen.model.errors import SitegenError
from sitegen.scan.site_files import ADDRESSES
from sitegen.tools.addresses import record_addresses
from tests.sitefactory import AT, article, make_site, write


def test_only_what_was_published_is_remembered(tmp_path: Path) -> None:
    """A draft and an article before its time have no address that anybody knows."""
    later = f"{AT + timedelta(days=1):%Y-%m-%d %H:%M}"
    articles = {
        "a.md": article(id="x1"),
        "draft.md": article(draft=True, id="x2"),
        "late.md": article(publish=later, id="x3"),
    }
    site = make_site(tmp_path, articles)
    assert record_addresses(site, moments.of(AT)) == 1
    assert (site / ADDRESSES).read_text("utf-8").endswith("/2024/11/04/a/\n")


def test_the_file_changes_only_where_something_is_new(tmp_path: Path) -> None:
    """What was written by hand in order stays as it is, byte for byte."""
    site = make_site(tmp_path, {"a.md": article(id="x1")})
    record_addresses(site, moments.of(AT))
    before = (site / ADDRESSES).stat()
    assert record_addresses(site, moments.of(AT)) == 0
    assert (site / ADDRESSES).stat().st_ino == before.st_ino


def test_a_file_that_is_wrong_is_not_written_over(tmp_path: Path) -> None:
    """Its faults are told, each with its line; nobody's lines are lost."""
    site = make_site(tmp_path, {"a.md": article()}, files={ADDRESSES: "x /a/\n"})
    with pytest.raises(SitegenError, match=rf"{ADDRESSES}:1"):
        record_addresses(site, moments.of(AT))
    write(site, {ADDRESSES: b"\xff"})
    with pytest.raises(SitegenError, match="not UTF-8"):
        record_addresses(site, moments.of(AT))
    assert (site / ADDRESSES).read_bytes() == b"\xff"


def test_the_command_prints_how_many_are_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A number on stdout; nothing is built."""
    site = make_site(tmp_path, {"a.md": article(), "b.md": article("B")})
    assert main(["addresses", "--site", str(site)]) == 0
    assert capsys.readouterr().out == "2\n"
    assert not (site / "output").exists()
