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
    """No Chromium was found; the message says what was looked for and how to get one."""


def find_chromium() -> Path:
    """Give the program to start: the system's Chromium or Chrome, else Playwright's own.

    Raises:
        NoBrowserError: neither is there.
    """
    candidates = [Path(found) for name in SYSTEM_NAMES if (found := shutil.which(name))]
    for candidate in [*candidates, MAC_CHROME]:
        # Ubuntu's `chromium-browser` may be a script that only asks for a snap: let it speak.
        if candidate.exists() and _answers([str(candidate), "--version"]):
            return candidate
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.exists():
        return own
    looked_for = ", ".join(SYSTEM_NAMES)
    raise NoBrowserError(
        f"no browser: none of {looked_for} runs, and Playwright has no Chromium of its own;"
        " `make browser` installs one"
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
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300"]
        subprocess.run([*apt, "update"], check=False)
        subprocess.run(
            [*apt, "install", "--yes", "--no-install-recommends", "chromium"],
            check=False,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        )
        try:
            return find_chromium()
        except NoBrowserError:
            pass
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return find_chromium()


def _answers(command: list[str]) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    try:
        print(f"browser: {install()}")
    except NoBrowserError as error:
        sys.exit(str(error))
