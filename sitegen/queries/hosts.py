"""What the files are made from that a host reads: redirects and headers of the whole site."""

from __future__ import annotations

from sitegen.cache.trace import Answer, fingerprint
from sitegen.config.content_security import policy
from sitegen.config.settings import Config
from sitegen.index.redirects import for_hosts
from sitegen.index.site import Site
from sitegen.model.references import published_name
from sitegen.model.urls import Base, normal_form
from sitegen.plan.host_dialects import FILES as HOST_FILES
from sitegen.plan.host_dialects import SENDS_HEADERS, Rules
from sitegen.plan.host_redirects import redirects
from sitegen.queries.kinds import FILES, OWN, SETTINGS, TEASERS, question

LASTING = (".css", ".js", ".mjs", ".wasm", ".woff", ".woff2", ".ttf", ".otf", ".svg", ".json")
"""Files that pages ask for by their fingerprint; pictures and films are too many to be listed."""


def rules(site: Site) -> Rules:
    """Return what a host is to do besides sending the files of a site."""
    hosting = site.config.hosting
    headers = {
        "Content-Security-Policy": sent_policy(site.config),
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


def sent_policy(config: Config) -> str:
    """Return the Content-Security-Policy of a site's pages, "" if they have none."""
    hosting = config.hosting
    if own := hosting.content_security_policy:
        return "" if own == "none" else own
    return policy(config.responses.receiver, hosting.frames)


def host_policy(config: Config) -> str:
    """Return the Content-Security-Policy that the host of a site sends by a file of ours, or ""."""
    return sent_policy(config) if config.hosting.host in SENDS_HEADERS else ""


@question(
    "host_file",
    scope=OWN,
    reads=(TEASERS, FILES, SETTINGS),
)
def host_file(site: Site, path: str) -> Answer:
    """The text of a file for the host, by its path in the output folder."""
    text = HOST_FILES[site.config.hosting.host][path](rules(site))
    return Answer(text, fingerprint(text), tuple(text.splitlines()))
