"""Pages that the preview makes itself, where the site has none to show."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 60rem; padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1rem; margin: 2rem 0 .5rem; overflow-wrap: anywhere }
pre { background: #8882; border-radius: 4px; overflow-x: auto; padding: .8rem; tab-size: 4 }
"""


def _page(title: str, content: str) -> bytes:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<h1>{escape(title)}</h1>\n{content}\n</body>\n</html>\n"
    ).encode()


def not_built(problems: Sequence[str]) -> bytes:
    """Return the page for a site that has no page yet; `problems` are HTML."""
    if not problems:
        return _page("The site is being built", "<p>This page shows it as soon as it is there.</p>")
    text = "<p>Nothing could be built yet. The site appears here when this is mended.</p>"
    return _page("The site cannot be built", "\n".join((text, *problems)))


def outside(path: str, home: str) -> bytes:
    """Return the page for a URL that is not below the base path; `home` is where the site is."""
    content = (
        f"<p>The site lies below its base path, at "
        f'<a href="{escape(home)}"><code>{escape(home)}</code></a>. '
        f"A web server would look for <code>{escape(path)}</code> elsewhere.</p>"
    )
    return _page("Not a page of this site", content)


def not_found(path: str, home: str) -> bytes:
    """Return the page for a URL that is not there, of a site without a `404.html`."""
    content = (
        f"<p>There is no <code>{escape(path)}</code>. "
        f'The site begins at <a href="{escape(home)}"><code>{escape(home)}</code></a>.</p>'
    )
    return _page("Not found", content)
