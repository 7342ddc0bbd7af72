"""What the theme's pages may load and run, for hosts that send a Content-Security-Policy.

The one place that says it: `_headers`, the documentation and the browser tests all take it here.
"""

from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlsplit

DIRECTIVES = (
    "default-src 'self'",
    # Pagefind's search is WebAssembly; nothing is inline and nothing from elsewhere.
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    # Writers may show a picture, a film or a recording that lies on another site.
    "img-src 'self' data: https:",
    "media-src 'self' https:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'self'",
)
"""One directive each (CSP level 3, w3.org/TR/CSP3)."""


def policy(receiver: str = "", frames: Iterable[str] = ()) -> str:
    """Return the policy of a site.

    Its comment forms are sent to `receiver`, an address, "" if it has none; its pages may show
    frames of the origins `frames`: `https://www.youtube-nocookie.com`.
    """
    parts = urlsplit(receiver)
    origin = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    rules = [f"{rule}{origin}" if "form-action" in rule else rule for rule in DIRECTIVES]
    if shown := " ".join(frames):
        rules.append(f"frame-src 'self' {shown}")
    return "; ".join(rules)


_DECISIVE = {
    "frame": ("frame-src", "child-src", "default-src"),
    "script": ("script-src-elem", "script-src", "default-src"),
}
"""The directives that decide on something, the first that there is."""


def allows(policy: str, kind: Literal["frame", "script"], url: str) -> bool:
    """Return whether pages with `policy` may show the frame or run the script `url`.

    A full address elsewhere; "" is a script that stands in the page. As browsers decide it for
    origins, schemes and hosts with a `*` before them.
    """
    directives: dict[str, list[str]] = {}
    for rule in policy.split(";"):
        name, *sources = rule.split() or [""]
        directives.setdefault(name.lower(), sources)
    decisive = next((directives[name] for name in _DECISIVE[kind] if name in directives), None)
    if decisive is None:
        return True
    if not url:
        return "'unsafe-inline'" in decisive
    return any(_matches(source, url) for source in decisive)


def _matches(source: str, url: str) -> bool:
    parts = urlsplit(url if "//" not in url[:2] else f"https:{url}")
    if source == "*" or source.lower() == f"{parts.scheme}:":
        return True
    scheme, found, rest = source.rpartition("://")
    host = rest.partition("/")[0].lower()
    if found and scheme.lower() != parts.scheme:
        return False
    if host.startswith("*."):
        return parts.netloc.lower().endswith(host[1:])
    return host == parts.netloc.lower()


POLICY = policy()
"""The value of the header `Content-Security-Policy`.

Data blocks such as `<script type="application/ld+json">` are never run, so `script-src` does not
touch them. `frame-ancestors` works in the header alone, not in a `<meta>`.
"""
