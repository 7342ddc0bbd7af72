"""What the files are made from that a host reads: redirects and headers of the whole site."""

from __future__ import annotations

from sitegen.cache.trace import Answer, fingerprint
from sitegen.config.content_security import POLICY
from sitegen.index.redirects import for_hosts
from sitegen.index.site import Site
from sitegen.model.references import published_name
from sitegen.model.urls import Base, normal_form
from sitegen.plan.host_dialects import FILES as HOST_FILES
from sitegen.plan.host_dialects import Rules
from sitegen.plan.host_redirects import redirects
from sitegen.queries.kinds import FILES, OWN, SETTINGS, TEASERS, question

LASTING = (".css", ".js", ".mjs", ".wasm", ".woff", ".woff2", ".ttf", ".otf", ".svg", ".json")
"""Files that pages ask for by their fingerprint; pictures and films are too many to be listed."""


def rules(site: Site) -> Rules:
    """Return what a host is to do besides sending the files of a site."""
    hosting = site.config.hosting
    policy = hosting.content_security_policy or _policy(site.config.responses.receiver)
    headers = {
        "Content-Security-Policy": "" if policy == "none" else policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Frame-Options": "SAMEORIGIN",
        "X-Robots-Tag": "noindex" if hosting.preview else "",
        **{name: str(value) for name, value in hosting.headers.items()},
    }
    assets = sorted(
        f"/{published_name(path, source.digest)}"
        for path, source in site.static.items()
        if path.endswith(LASTING) and normal_form(source.path) not in site.withheld
    )
    return Rules(
        for_hosts(redirects(site)),
        {name: value for name, value in headers.items() if value},
        assets,
        Base.parse(site.config.base_url),
    )


def _policy(receiver: str) -> str:
    """Return the theme's policy, with forms that may be sent to the receiver of responses."""
    if not receiver:
        return POLICY
    origin = Base.parse(receiver).origin
    return POLICY.replace("form-action 'self'", f"form-action 'self' {origin}")


@question(
    "host_file",
    scope=OWN,
    reads=(TEASERS, FILES, SETTINGS),
)
def host_file(site: Site, path: str) -> Answer:
    """The text of a file for the host, by its path in the output folder."""
    text = HOST_FILES[site.config.hosting.host][path](rules(site))
    return Answer(text, fingerprint(text), tuple(text.splitlines()))
