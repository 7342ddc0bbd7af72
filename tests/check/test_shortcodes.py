"""`sitegen check` tells what is wrong with shortcodes, each at its place."""

from __future__ import annotations

from pathlib import Path

from sitegen.check.flow import check
from sitegen.flow.build import Options
from tests.sitefactory import AT, article, make_site


def test_what_is_wrong_with_shortcodes_is_found(tmp_path: Path) -> None:
    """Unknown names, arguments that nobody reads, cards and pictures of what is not there."""
    body = (
        '{{< figrue src="a.png" >}}\n\n{{< figure src="gone.png" alt="x" captoin="y" >}}\n\n'
        '{{< article "draft.md" >}}\n\n{{< related "nowhere.md" >}}'
    )
    site = make_site(
        tmp_path / "site",
        {"a.md": article("A", body), "draft.md": article("D", "Text.", draft=True)},
    )

    found = {
        (str(item.location), item.severity, item.message)
        for item in check(site, Options(at=AT)).findings
        if item.location.path == "articles/a.md" and item.location.line > 5
    }
    assert found == {
        ("articles/a.md:6:1", "error", 'unknown shortcode "figrue"'),
        ("articles/a.md:8:1", "warning", 'the shortcode "figure" takes no "captoin"'),
        ("articles/a.md:8:17", "error", 'the image "gone.png" leads nowhere'),
        ("articles/a.md:10", "warning", '"draft.md" is not published; its card is left out'),
        ("articles/a.md:12:14", "error", 'the article "nowhere.md" leads nowhere'),
    }
