"""Small sites and what must come out of them. `tests/sites/README.md` tells how to renew them."""

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sitegen.model.errors import headline
from sitegen.scan.sources import theme_folder
from sitegen.tools.why import last_state
from tests.sitefactory import AT, NO_SEARCH, build_site, tree

SITES = Path(__file__).parent / "sites"
CASES = sorted(path.parent.name for path in SITES.glob("*/site"))
PROBLEMS = "problems.txt"


def prepared(case: Path, folder: Path, options: Mapping[str, Any]) -> Path:
    """Copy the site of a case to where it can be built, with the tiny templates below its own."""
    site = folder / "site"
    if "excerpt" not in options:
        shutil.copytree(SITES / "plain", site / "templates")
    shutil.copytree(case / "site", site, dirs_exist_ok=True)
    with (site / "sitegen.toml").open("a", encoding="utf-8") as config:
        config.write(f"\n{NO_SEARCH}")
    return site


def excerpt(page: str, element: str) -> str:
    """Return one element of a page, with its tags."""
    begin, end = page.index(f"<{element}"), page.index(f"</{element}>")
    return page[begin:end] + f"</{element}>\n"


def made_by(site: Path, options: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Build a site; yield the files that are its own doing and not the theme's, and what is said.

    The theme's are pages from templates that the site does not have, and its static files.
    """
    at = datetime.fromisoformat(options["at"]) if "at" in options else AT
    known = {key: options[key] for key in ("drafts", "base_url", "keep_going") if key in options}
    report = build_site(site, at=at, **known)
    own = {path.removeprefix("templates/") for path in tree(site) if path.startswith("templates/")}
    templates = {path: trace.record[3] for path, trace in last_state(site).traces.items()}
    themes = tree(theme_folder() / "static").keys()
    for path, data in tree(site / "output").items():
        if "excerpt" in options and templates.get(path) in own:
            yield path, excerpt(data.decode(), options["excerpt"]).encode()
        elif "excerpt" in options or path == ".sitegen-manifest":
            continue
        elif templates[path] in own if path in templates else path not in themes:
            yield path, data
    if report.problems:
        yield PROBLEMS, "".join(f"{headline(item)}\n" for item in report.problems).encode()


def expectation(case: Path) -> dict[str, bytes]:
    """Return what is expected of a case."""
    expected = tree(case / "expected")
    if (case / PROBLEMS).exists():
        expected[PROBLEMS] = (case / PROBLEMS).read_bytes()
    return expected


def renew(case: Path, made: Mapping[str, bytes]) -> None:
    """Make what came out the expectation of a case."""
    shutil.rmtree(case / "expected", ignore_errors=True)
    (case / PROBLEMS).unlink(missing_ok=True)
    for path, data in made.items():
        place = case / path if path == PROBLEMS else case / "expected" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


@pytest.mark.parametrize("name", CASES)
def test_a_site_comes_out_as_expected(
    tmp_path: Path, name: str, request: pytest.FixtureRequest
) -> None:
    """What is built from a site is what was read and found good, byte for byte."""
    case = SITES / name
    file = case / "case.toml"
    options = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    made = dict(made_by(prepared(case, tmp_path, options), options))
    expected = expectation(case)

    if made != expected and request.config.getoption("--renew-golden"):
        renew(case, made)
        pytest.fail(f"{name} was written anew: read `git diff {case}`, then run again without it")
    assert made.keys() == expected.keys()
    for path, data in expected.items():
        assert made[path].decode().split("\n") == data.decode().split("\n"), path


def test_every_folder_of_sites_is_a_case() -> None:
    """No case is passed over because a part of it is missing."""
    folders = {path.name for path in SITES.iterdir() if path.is_dir()}

    assert folders - {"check", "front_matter", "plain"} == set(CASES)
    assert len(CASES) >= 6
    for name in CASES:
        assert (SITES / name / "expected").is_dir()


def test_nothing_is_renewed_where_nobody_looks() -> None:
    """With `CI` set the option is refused: a golden test cannot pass by renewing itself there."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--renew-golden", "--collect-only", "-q", __file__],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "CI": "true"},
    )

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "--renew-golden is for people" in done.stderr
