"""Small sites for tests: made in one call, built at a fixed moment, read back as a mapping.

site = make_site(tmp_path / "site", {"flood.md": article("Flood")}, config='title = "News"')
report = build_site(site)
assert "Flood" in pages(site)["index.html"]
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sitegen.flow.build import Options, Report, build
from sitegen.flow.session import Session

AT = datetime(2024, 11, 5, 12, tzinfo=UTC)
"""The moment at which `build_site` builds: after the default date of `article`."""

DATE = "2024-11-04 21:54"

NO_SEARCH = "[search]\nenabled = false\n"

Text = str | bytes


def article(title: str = "Flood", body: str = "The river rose.", **head: Any) -> str:
    """Return the text of an article file; `head` are further keys of its front matter.

    The date is `DATE` unless `head` has one. A key whose value is None is left out.
    """
    keys = {"title": title, "date": DATE, **head}
    lines = (
        f"{key}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in keys.items()
        if value is not None
    )
    return "\n".join(("---", *lines, "---", "", body, ""))


def make_site(
    folder: Path,
    articles: Mapping[str, Text] | None = None,
    *,
    config: str = "",
    templates: Mapping[str, Text] | None = None,
    static: Mapping[str, Text] | None = None,
    files: Mapping[str, Text] | None = None,
) -> Path:
    """Write a site into `folder` (new or not), and return it.

    `articles`, `templates` and `static` are files by their path below the folder of this name,
    `files` by their path below `folder`; `config` is the text of `sitegen.toml`. Without
    `templates` the site has the built-in theme. It has no search index unless `config` speaks
    of one: to index takes longer than all else in a small site.
    """
    if "[search]" not in config and "search = {" not in config:
        config = f"{config}\n{NO_SEARCH}"
    write(folder, {"sitegen.toml": config, **(files or {})})
    for name, group in (("articles", articles), ("templates", templates), ("static", static)):
        write(folder / name, group or {})
    return folder


def write(folder: Path, files: Mapping[str, Text | None]) -> None:
    """Write files by their path below `folder`; None removes one."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        location = folder / path
        if content is None:
            location.unlink(missing_ok=True)
            continue
        location.parent.mkdir(parents=True, exist_ok=True)
        location.write_bytes(content.encode() if isinstance(content, str) else content)


def build_site(
    site: Path,
    *,
    at: datetime = AT,
    session: Session | None = None,
    changed: Iterable[str] | None = None,
    **options: Any,
) -> Report:
    """Build the site as it is at `at`; `options` are those of `sitegen.flow.build.Options`."""
    return build(site, replace(Options(at=at), **options), session=session, changed=changed)


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below `folder` by its path; of a symbolic link, its target after `-> `."""
    found = {}
    for parent, folders, names in os.walk(folder):
        for name in (*names, *folders):
            path = Path(parent) / name
            if path.is_symlink():
                content = f"-> {path.readlink()}".encode()
            elif name in names:
                content = path.read_bytes()
            else:
                continue
            found[path.relative_to(folder).as_posix()] = content
    return found


def pages(site: Path) -> dict[str, str]:
    """Return every text file of the site's `output/` by its path."""
    texts = {}
    for path, content in tree(site / "output").items():
        try:
            texts[path] = content.decode()
        except UnicodeDecodeError:
            continue
    return texts


def times(folder: Path) -> dict[str, int]:
    """Return when every file below `folder` was last written, in nanoseconds since the epoch."""
    return {path: (folder / path).lstat().st_mtime_ns for path in tree(folder)}
