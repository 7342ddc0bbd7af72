"""Which Chromium the browser tests and audits use, and how it is started.

`python -m tests.browser` makes sure that there is one, and installs it where it can.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# A bare Debian also lacks a library that Playwright's driver is linked with.
DEBIAN_PACKAGES = ("chromium", "libatomic1")
HINT = f"; on Debian and Ubuntu: sudo apt install {' '.join(DEBIAN_PACKAGES)}"
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # Chromium's own sandbox needs a user that is not root; only our own pages are opened in it.
    "--no-sandbox",
)


class NoBrowserError(Exception):
    """No Chromium can be driven; the message says what is missing and how to get it."""


def find_chromium() -> Path:
    """Give the program to start: the system's Chromium or Chrome, else Playwright's own.

    Raises:
        NoBrowserError: neither is there, or Playwright's driver does not run on this machine.
    """
    driver = _run([sys.executable, "-m", "playwright", "--version"])
    if driver.returncode:
        raise NoBrowserError(f"Playwright's driver does not start: {driver.stderr.strip()}{HINT}")
    candidates = [Path(found) for name in SYSTEM_NAMES if (found := shutil.which(name))]
    for candidate in [*candidates, MAC_CHROME]:
        # Ubuntu's `chromium-browser` may be a script that only asks for a snap: let it speak.
        if candidate.exists() and _run([str(candidate), "--version"]).returncode == 0:
            return candidate
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.exists():
        return own
    looked_for = ", ".join(SYSTEM_NAMES)
    raise NoBrowserError(
        f"no browser: none of {looked_for} runs, and Playwright has no Chromium of its own{HINT}"
    )


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Start a headless Chromium and end it afterwards.

    Raises:
        NoBrowserError: there is none to start.
    """
    program = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def install() -> Path:
    """Give the Chromium to use; where none is found, install one first.

    From Debian's packages where we may, else Playwright's own build.

    Raises:
        NoBrowserError: none could be installed.
    """
    try:
        return find_chromium()
    except NoBrowserError:
        pass
    if shutil.which("apt-get") and os.geteuid() == 0:
        apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300"]
        subprocess.run([*apt, "update"], check=False)
        subprocess.run(
            [*apt, "install", "--yes", "--no-install-recommends", *DEBIAN_PACKAGES],
            check=False,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        )
        try:
            return find_chromium()
        except NoBrowserError:
            pass
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return find_chromium()


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")


if __name__ == "__main__":
    try:
        print(f"browser: {install()}")
    except NoBrowserError as error:
        print(f"{error}\nThe tests that need a browser will be skipped.", file=sys.stderr)
        sys.exit(1 if os.environ.get("CI") else 0)
