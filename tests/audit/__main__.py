"""Run all checkers on a built site: `python -m tests.audit output`.

Before a checker judges the site it must find the faults planted for it in `planted/`; one that
finds nothing there proves nothing anywhere.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.audit import axe, links, nu
from tests.browser import NoBrowserError, running_browser
from tests.static_server import serving

PLANTED = Path(__file__).parent / "planted"
HOST = "https://audit.example/"
BELOW = "news/"
SITEGEN = Path(sys.executable).parent / "sitegen"


def audit_validity(output: Path) -> list[str]:
    """Give the faults of the site's HTML, CSS and SVG."""
    expect(
        nu.faults(PLANTED),
        ["planted-vnu-error", "planted-vnu-warning", "planted-css", "planted-svg"],
    )
    return nu.faults(output)


def audit_links(_output: Path) -> list[str]:
    """Give the broken links of the site, built anew for the root of a host and below a path."""
    expect(
        links.faults(PLANTED, HOST + BELOW, PLANTED),
        ["planted-page", "planted-fragment", "planted-canonical"],
    )
    found: list[str] = []
    for below in ("", BELOW):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve()
            output = root / below
            subprocess.run(
                [SITEGEN, "build", "--base-url", HOST + below, "--output", output],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            found += [f"/{below}: {fault}" for fault in links.faults(output, HOST + below, root)]
    return found


def audit_accessibility(output: Path) -> list[str]:
    """Give what bars a reader from the site's pages, in light and dark, wide and on a phone."""
    with running_browser() as browser:
        with serving(PLANTED) as address:
            expect(
                axe.faults(browser, address, ["index.html"]),
                ["planted-axe-alt", "planted-axe-dark", "planted-origin", "sideways"],
            )
        with serving(output) as address:
            pages = axe.faults(browser, address, axe.pages_to_check(output))
            return pages + axe.faults_of_search(browser, address)


AUDITS = {
    "vnu: HTML, CSS, SVG": audit_validity,
    "lychee: links": audit_links,
    "axe: accessibility": audit_accessibility,
}


def expect(faults: Sequence[str], planted: Sequence[str]) -> None:
    """Check that each planted fault is named in a line of `faults`.

    Raises:
        RuntimeError: one is not, so the checker does not do its work.
    """
    for name in planted:
        if not any(name in fault for fault in faults):
            raise RuntimeError(f"the checker missed the planted fault “{name}”: {faults}")


def main(output: Path) -> int:
    """Run each audit on the site in `output`, print what it finds; 0 where nothing is wrong.

    An audit that cannot be done (no Java, no browser, a blind checker) counts as a fault.
    """
    if not (output / "index.html").is_file():
        print(f"no site in {output}: run sitegen build first")
        return 1
    wrong = 0
    for name, audit in AUDITS.items():
        print(f"{name} …", flush=True)
        try:
            faults = audit(output)
        except (FileNotFoundError, NoBrowserError, RuntimeError) as error:
            faults = [f"not done: {error}"]
        for fault in faults:
            print(f"  {fault}")
        print(f"{name}: {len(faults)} faults", flush=True)
        wrong += len(faults)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
