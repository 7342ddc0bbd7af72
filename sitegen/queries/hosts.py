"""What the files are made from that a host reads: redirects and headers of the whole site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sitegen.cache.trace import Answer, fingerprint
from sitegen.config.content_security import policy
from sitegen.config.settings import Config
from sitegen.index.redirects import for_hosts
from sitegen.index.shortcode_templates import EMBEDS, FRAMES
from sitegen.index.shortcode_uses import used_by
from sitegen.index.site import Site
from sitegen.model.documents import Embed
from sitegen.model.references import published_name
from sitegen.model.urls import Base, normal_form
from sitegen.plan.host_dialects import FILES as HOST_FILES
from sitegen.plan.host_dialects import SENDS_HEADERS, Rules
from sitegen.plan.host_redirects import redirects
from sitegen.queries.includes import include
from sitegen.queries.kinds import BODIES, FILES, OWN, SETTINGS, TEASERS, WHOLE_SITE, question
from sitegen.scan.sources import INCLUDES

LASTING = (".css", ".js", ".mjs", ".wasm", ".woff", ".woff2", ".ttf", ".otf", ".svg", ".json")
"""Files that pages ask for by their fingerprint; pictures and films are too many to be listed."""


def embeds_of_shortcodes(site: Site) -> Mapping[Embed, tuple[str, ...]]:
    """Return whose frames the shortcodes of published documents show, with these documents.

    As the templates of these shortcodes say it, and of those in files that are included.
    """
    known: Mapping[Embed, tuple[str, ...]] | None = site.memo.get(EMBEDS)
    if known is None:
        found: dict[Embed, set[str]] = {}
        for used, ids in site.shortcodes.items():
            for name in _names(site, used, frozenset()):
                for origin in site.shortcode_template(name).frames:
                    found.setdefault(Embed("frame", origin), set()).update(ids)
        known = {embed: tuple(sorted(ids)) for embed, ids in found.items()}
        site.memo[EMBEDS] = known
    return known


def frames(site: Site) -> tuple[str, ...]:
    """Return whose frames the built-in shortcodes of published documents show, in order."""
    return tuple(sorted(FRAMES.intersection(item.origin for item in embeds_of_shortcodes(site))))


def _names(site: Site, used: str, within: frozenset[str]) -> Iterator[str]:
    """Yield the shortcodes that a document has which uses a shortcode, or a file of `includes/`."""
    if not used.startswith(f"{INCLUDES}/"):
        yield used
        return
    found = include.answer(site, used).value
    # To convert a file takes long: it is done where one of its tags may be a shortcode of note.
    if found is None or used in within or "{{" not in found.text:
        return
    for inner in used_by(found.prose.shortcodes):
        yield from _names(site, inner, within | {used})


def rules(site: Site) -> Rules:
    """Return what a host is to do besides sending the files of a site."""
    hosting = site.config.hosting
    headers = {
        "Content-Security-Policy": sent_policy(site.config, frames(site)),
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


def sent_policy(config: Config, shown: Iterable[str]) -> str:
    """Return the Content-Security-Policy of a site's pages, "" if they have none.

    `shown` are the origins of the frames that shortcodes show, besides those of the configuration.
    """
    hosting = config.hosting
    if own := hosting.content_security_policy:
        return "" if own == "none" else own
    return policy(config.responses.receiver, dict.fromkeys((*hosting.frames, *shown)))


def host_policy(config: Config, shown: Iterable[str]) -> str:
    """Return the Content-Security-Policy that the host of a site sends by a file of ours, or "".

    `shown` as above.
    """
    return sent_policy(config, shown) if config.hosting.host in SENDS_HEADERS else ""


@question(
    "host_file",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(TEASERS, BODIES, FILES, SETTINGS),
)
def host_file(site: Site, path: str) -> Answer:
    """The text of a file for the host, by its path in the output folder."""
    text = HOST_FILES[site.config.hosting.host][path](rules(site))
    return Answer(text, fingerprint(text), tuple(text.splitlines()))
