"""Pages that the preview generates where the site has none to show."""

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
        return _page("The site is being built", "<p>It appears here when it is ready.</p>")
    text = "<p>The site appears here when these errors are fixed.</p>"
    return _page("The site cannot be built", "\n".join((text, *problems)))


def outside(path: str, home: str) -> bytes:
    """Return the page for a URL that is not below the base path; `home` is where the site is."""
    content = (
        f"<p><code>{escape(path)}</code> is outside the site, which is served below its base path, "
        f'<a href="{escape(home)}"><code>{escape(home)}</code></a>.</p>'
    )
    return _page("Not a page of this site", content)


def not_found(path: str, home: str) -> bytes:
    """Return the page for a URL that is not there, of a site without a `404.html`."""
    content = (
        f"<p>There is no page <code>{escape(path)}</code>. "
        f'The front page is <a href="{escape(home)}"><code>{escape(home)}</code></a>.</p>'
    )
    return _page("Not found", content)
