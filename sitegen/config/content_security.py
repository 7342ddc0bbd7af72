"""What the theme's pages may load and run, for hosts that send a Content-Security-Policy.

The one place that says it: `_headers`, the documentation and the browser tests all take it here.
"""

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


def policy(receiver: str = "") -> str:
    """Return the policy of a site whose comment forms are sent to `receiver`; "" if it has none."""
    parts = urlsplit(receiver)
    origin = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return "; ".join(f"{rule}{origin}" if "form-action" in rule else rule for rule in DIRECTIVES)


POLICY = policy()
"""The value of the header `Content-Security-Policy`.

Data blocks such as `<script type="application/ld+json">` are never run, so `script-src` does not
touch them. `frame-ancestors` works in the header alone, not in a `<meta>`.
"""
