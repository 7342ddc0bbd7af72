"""Takes the pictures of the documentation: `make screenshots`.

Builds this repository's newsroom as it was at one moment, so that the pictures change only when
the newsroom or the theme does. Names of pictures on the command line are the only ones to take.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser

from sitegen.flow.build import Options, build
from sitegen.scan.sources import ROOTS, STATIC, TEMPLATES
from tests.browser import running_browser
from tests.static_server import serving

REPOSITORY = Path(__file__).parent.parent
IMAGES = Path(__file__).parent / "images"
MOST_BYTES = 300_000

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
ARABIC = REPOSITORY / "tests/sites/right-to-left/site"
ARABIC_AT = datetime(2024, 11, 5, 12, tzinfo=UTC)
KEEPER = "2024/08/17/last-keeper/"
ANCHOR = "2025/02/11/anchor/"


@dataclass(frozen=True)
class Shot:
    """A picture of one page as one reader sees it; sizes in CSS pixels."""

    name: str
    path: str
    width: int
    height: int
    dark: bool = False
    scroll_to: str = ""
    """A selector that is brought to the top of the picture."""
    is_paper: bool = False
    """The first page of what is printed on A4, of which width and height are the size."""
    theme: str = ""
    """A theme of `THEMES`, by its name; "" is the built-in one."""
    site: Path = REPOSITORY


SHOTS = (
    Shot("front", "", 1280, 860),
    Shot("front-phone", "", 390, 780),
    Shot("article", KEEPER, 1280, 860, dark=True),
    Shot("article-phone", KEEPER, 390, 780),
    Shot("article-paper", KEEPER, 794, 1123, is_paper=True),
    Shot("article-foot", ANCHOR, 1280, 820, scroll_to=".corrections"),
    Shot("shortcode-figure", KEEPER, 720, 560, scroll_to=".figure"),
    Shot("shortcode-pullquote", "2026/10/10/swing-bridge/", 720, 320, scroll_to=".pullquote"),
    Shot("shortcode-note", "2026/11/14/barrier-opens/", 720, 260, scroll_to=".note"),
    Shot("shortcode-update", KEEPER, 720, 260, scroll_to=".update"),
    Shot("shortcode-article", "2026/11/19/oak-gates/", 720, 280, scroll_to=".card"),
    Shot("shortcode-related", "2026/11/12/cable/", 720, 240, scroll_to=".related-list"),
    Shot("shortcode-gallery", "2026/11/19/oak-gates/", 900, 900, scroll_to=".gallery"),
    Shot("shortcode-video", "2026/11/14/barrier-opens/", 720, 500, scroll_to=".media"),
    Shot("shortcode-audio", "2026/10/29/foghorn/", 720, 220, scroll_to=".media"),
    Shot("shortcode-youtube", "2025/08/02/festival/", 720, 560, scroll_to=".embed:has(img)"),
    Shot("shortcode-vimeo", "2025/08/02/festival/", 720, 220, scroll_to=".embed:has(.is-plain)"),
    Shot("shortcode-map", "2024/12/28/tide-code/", 720, 220, scroll_to=".embed"),
    Shot("shortcode-post", "2024/11/04/harbour-siren/", 720, 220, scroll_to=".post"),
    Shot("front-right-to-left", "", 1280, 860, site=ARABIC),
    Shot("harbour-front", "", 1280, 860, theme="harbour"),
    Shot("harbour-article", KEEPER, 1280, 860, dark=True, theme="harbour"),
)

THEMES = {"harbour": REPOSITORY / "tests/themes/harbour/sitegen_theme_harbour"}
"""Where other themes lie, by name."""

CONTENT = [name for name in ROOTS if name not in (TEMPLATES, STATIC)]
"""What the newsroom has besides the built-in theme, which it is itself."""


# A page of paper as a column, which breaks where the page would: its size less `@page`'s margins.
_AS_PAPER = """html { overflow: hidden; padding: 16mm 15mm 18mm; background: #fff; }
body { width: 180mm; height: 263mm; columns: 180mm; column-gap: 30mm; column-fill: auto; }"""

_SEEN_IMAGES_ARE_LOADED = """() => [...document.images].every(image =>
    !image.getClientRects().length || image.getBoundingClientRect().top > innerHeight
    || image.getBoundingClientRect().bottom < 0
    || (image.complete && image.naturalWidth))"""


def take(browser: Browser, address: str, shot: Shot) -> Path:
    """Open a page of the site at `address`, and return the file of its picture."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
        locale="en-GB",
    )
    page = context.new_page()
    if shot.is_paper:
        page.emulate_media(media="print")
    page.goto(address + shot.path, wait_until="networkidle")
    if shot.is_paper:
        page.add_style_tag(content=_AS_PAPER)
        page.evaluate("for (const image of document.images) image.loading = 'eager'")
    if shot.scroll_to:
        page.locator(shot.scroll_to).evaluate("e => scrollTo(0, e.getBoundingClientRect().y - 32)")
    page.wait_for_function(_SEEN_IMAGES_ARE_LOADED)
    file = IMAGES / f"{shot.name}.png"
    page.screenshot(path=file)
    context.close()
    return file


def newsroom(theme: str, folder: Path) -> Path:
    """Return the site folder of the newsroom with a theme, made in `folder` for another one."""
    if not theme:
        return REPOSITORY
    site = folder / theme
    for name in CONTENT:
        shutil.copytree(REPOSITORY / name, site / name)
    shutil.copytree(THEMES[theme], site / "themes" / theme)
    config = (REPOSITORY / "sitegen.toml").read_text("utf-8")
    (site / "sitegen.toml").write_text(f'theme = "{theme}"\n{config}', "utf-8")
    return site


def main(names: Sequence[str] = ()) -> int:
    """Take all pictures, or those of `names`; 1 if one is too large for a repository."""
    wanted = [shot for shot in SHOTS if not names or shot.name in names]
    shown = dict.fromkeys((shot.site, shot.theme) for shot in wanted)
    return max((take_all(site, theme, wanted) for site, theme in shown), default=0)


def take_all(site: Path, theme: str, wanted: Sequence[Shot]) -> int:
    """Take those of the pictures that show a site with a theme, as `main` does."""
    too_large = False
    shots = [shot for shot in wanted if (shot.site, shot.theme) == (site, theme)]
    with tempfile.TemporaryDirectory(prefix="sitegen-screenshots-") as temporary:
        folder = Path(temporary)
        output = folder / "output"
        at = ARABIC_AT if site == ARABIC else AT
        built = newsroom(theme, folder) if site == REPOSITORY else site
        build(built, Options(at=at, output=output, state=folder / "state"))
        IMAGES.mkdir(exist_ok=True)
        with serving(output) as address, running_browser() as browser:
            for shot in shots:
                file = take(browser, address, shot)
                size = file.stat().st_size
                print(f"docs/images/{file.name}: {size / 1000:.0f} kB")
                too_large |= size > MOST_BYTES
    return int(too_large)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
