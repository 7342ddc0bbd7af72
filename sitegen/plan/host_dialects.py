"""Redirects and headers in the words of each host. Pure: rules in, texts out.

Formats from the hosts' own documentation: docs.netlify.com/manage/routing,
developers.cloudflare.com/pages/configuration, docs.gitlab.com/user/project/pages/redirects,
vercel.com/docs/project-configuration, docs.aws.amazon.com/AmazonS3 (PutBucketWebsite),
httpd.apache.org/docs/2.4/mod/mod_alias.html, nginx.org/en/docs/http/ngx_http_rewrite_module.html.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

from sitegen.index.redirects import SPLAT, WILDCARD, Redirect
from sitegen.model.urls import Base, output_path

FOREVER = "public, max-age=31536000, immutable"
"""For files in whose names the fingerprint of their content stands."""

ASK = "no-cache"
"""For all others: keep it, but ask each time whether it is still right."""

FINGERPRINT = r"\.[0-9a-f]{8}\.[0-9A-Za-z]+$"
"""The end of such a name, as a regular expression."""


class Rules(NamedTuple):
    """What a host is to do besides sending files."""

    redirects: Sequence[Redirect]
    """The most important ones first."""
    headers: Mapping[str, str]
    """Of all pages."""
    assets: Sequence[str]
    """The URLs of files that never change, for hosts that know no regular expressions."""
    base: Base


class Limits(NamedTuple):
    """How much a host reads; 0 is as much as there is."""

    redirects: int = 0
    patterns: int = 0
    line: int = 0
    """Characters of a line."""
    size: int = 0
    """Bytes of the file."""
    headers: int = 0
    """Rules for headers."""


LIMITS = {
    "netlify": Limits(redirects=10_000),
    "cloudflare-pages": Limits(redirects=2000, patterns=100, line=1000, headers=100),
    "gitlab-pages": Limits(redirects=1000, patterns=1000, size=64 * 1024),
    "vercel": Limits(redirects=2000),
    "s3": Limits(patterns=50),
}


def chosen(host: str, rules: Rules) -> list[Redirect]:
    """Return the redirects that the host is told of: as many as it reads.

    The others are pages that lead on, as they are on a host that knows no redirects.
    """
    limits = LIMITS.get(host, Limits())
    exact = [item for item in rules.redirects if not item.is_pattern]
    patterns = [item for item in rules.redirects if item.is_pattern]
    most = limits.redirects
    if most and host != "cloudflare-pages":  # which counts the two kinds apart
        most = max(0, most - len(patterns))
    taken: list[Redirect] = []
    size = 0
    for items, number in ((patterns, limits.patterns), (exact, most)):
        for item in items[: number or None]:
            line = len(_line(item, rules.base, "301!").encode()) + 1
            if limits.line and line > limits.line:
                continue
            if limits.size and size + line > limits.size:
                break
            size += line
            taken.append(item)
    # The patterns are looked at last: an address of its own stands before all below another.
    return [item for item in taken if not item.is_pattern] + [
        item for item in taken if item.is_pattern
    ]


def _line(item: Redirect, base: Base, status: str) -> str:
    return f"{_from(item.source, base)} {_to(item.target, base)} {status}"


def _from(source: str, base: Base) -> str:
    stem = source.removesuffix(WILDCARD)
    # More than a link would need: `:` and `*` mean something to hosts.
    return quote(base.prefix + stem, safe="/~-._") + source[len(stem) :]


def _to(target: str, base: Base) -> str:
    if not target.startswith("/"):
        return target
    stem = target.removesuffix(SPLAT)
    return base.href(stem) + target[len(stem) :]


def netlify_redirects(rules: Rules) -> str:
    """Return Netlify's `_redirects`."""
    # With ! the rule stands before the page that leads on; a pattern must not.
    lines = (
        _line(item, rules.base, "301" if item.is_pattern else "301!")
        for item in chosen("netlify", rules)
    )
    return _text(lines)


def cloudflare_redirects(rules: Rules) -> str:
    """Return Cloudflare's `_redirects`: there a rule always stands before a page."""
    return _text(_line(item, rules.base, "301") for item in chosen("cloudflare-pages", rules))


def gitlab_redirects(rules: Rules) -> str:
    """Return GitLab's `_redirects`: there a page always stands before a rule."""
    return _text(_line(item, rules.base, "301") for item in chosen("gitlab-pages", rules))


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def netlify_headers(rules: Rules) -> str:
    """Return Netlify's `_headers`."""
    return _headers(rules, 0)


def cloudflare_headers(rules: Rules) -> str:
    """Return Cloudflare's `_headers`."""
    return _headers(rules, LIMITS["cloudflare-pages"].headers)


def _headers(rules: Rules, most: int) -> str:
    # Both hosts let browsers ask each time where nothing else is said, and join what is said twice.
    blocks = [(f"{quote(rules.base.prefix, safe='/~-._')}/*", rules.headers)]
    assets = rules.assets[: most - 1 if most else None]
    blocks += ((rules.base.file_href(url), {"Cache-Control": FOREVER}) for url in assets)
    return "".join(
        f"{path}\n" + "".join(f"  {name}: {value}\n" for name, value in headers.items())
        for path, headers in blocks
        if headers
    )


def vercel(rules: Rules) -> str:
    """Return `vercel.json`."""
    whole = {
        "trailingSlash": True,
        "redirects": [
            {
                "source": _vercel_source(item, rules.base),
                "destination": _to(item.target, rules.base).replace(SPLAT, ":splat*"),
                "statusCode": 301,
            }
            for item in chosen("vercel", rules)
        ],
        "headers": [
            {"source": "/(.*)", "headers": _pairs(rules.headers)},
            {
                "source": "/(.*)" + FINGERPRINT.removesuffix("$"),
                "headers": _pairs({"Cache-Control": FOREVER}),
            },
        ],
    }
    return json.dumps(whole, indent=2) + "\n"


def _vercel_source(item: Redirect, base: Base) -> str:
    source = _from(item.source, base)
    return source.removesuffix(WILDCARD) + ":splat*" if item.is_pattern else source


def _pairs(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": name, "value": value} for name, value in headers.items()]


def s3_website(rules: Rules) -> str:
    """Return the website configuration of a bucket, for `aws s3api put-bucket-website`.

    A routing rule is of all that begins alike, so only patterns are rules.
    """
    routing = []
    for item in chosen("s3", rules):
        if not item.is_pattern:
            continue
        prefix = _key(rules.base.prefix + item.source.removesuffix(WILDCARD))
        target = _to(item.target, rules.base)
        leads: dict[str, str] = {"HttpRedirectCode": "301"}
        if item.is_external:
            found = re.fullmatch(r"(https?)://([^/]+)/?(.*)", target)
            scheme, host, target = found.groups() if found else ("https", "", target)
            leads |= {"Protocol": scheme, "HostName": host}
        name = "ReplaceKeyPrefixWith" if item.target.endswith(SPLAT) else "ReplaceKeyWith"
        leads[name] = _key(target.removesuffix(SPLAT))
        routing.append({"Condition": {"KeyPrefixEquals": prefix}, "Redirect": leads})
    whole: dict[str, object] = {
        "IndexDocument": {"Suffix": "index.html"},
        "ErrorDocument": {"Key": _key(f"{rules.base.prefix}/404.html")},
    }
    if routing:
        whole["RoutingRules"] = routing
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _key(url: str) -> str:
    return url.removeprefix("/")


def s3_objects(rules: Rules) -> str:
    """Return which objects redirect, one a line: key, tab, `x-amz-website-redirect-location`."""
    lines = []
    for item in rules.redirects:
        if not item.is_pattern:
            key = _key(f"{rules.base.prefix}/{output_path(item.source)}")
            lines.append(f"{key}\t{_to(item.target, rules.base)}")
    return _text(lines)


def apache(rules: Rules) -> str:
    """Return `.htaccess`, for Apache 2.4 with `AllowOverride FileInfo`."""
    lines = [f'ErrorDocument 404 "{_quoted(rules.base.prefix)}/404.html"', ""]
    lines.append("<IfModule mod_alias.c>")
    for item in chosen("apache", rules):
        stem = _quoted(re.escape(rules.base.prefix + item.source.removesuffix(WILDCARD)))
        end = "(.*)" if item.is_pattern else "" if stem.endswith("/") else "/?"
        target = _quoted(_encoded(item, rules.base).replace(SPLAT, "$1"))
        lines.append(f'RedirectMatch 301 "^{stem}{end}$" "{target}"')
    lines += ["</IfModule>", "", "<IfModule mod_headers.c>"]
    lines += (
        f'Header always set {name} "{_quoted(value).replace("%", "%%")}"'
        for name, value in rules.headers.items()
    )
    lines += [
        f'Header set Cache-Control "{ASK}"',
        f'<FilesMatch "{FINGERPRINT}">',
        f'Header set Cache-Control "{FOREVER}"',
        "</FilesMatch>",
        "</IfModule>",
    ]
    return _text(lines)


def nginx(rules: Rules) -> str:
    """Return what to `include` in a `server { … }` of nginx."""
    headers = [
        f'add_header {name} "{_quoted(value)}" always;' for name, value in rules.headers.items()
    ]
    lines = [f'error_page 404 "{_quoted(rules.base.prefix)}/404.html";']
    lines += [*headers, f'add_header Cache-Control "{ASK}";']
    lines.append(f'location ~ "{FINGERPRINT}" {{')
    # A location with headers of its own has none of the server's.
    lines += (f"    {line}" for line in (*headers, f'add_header Cache-Control "{FOREVER}";'))
    lines += ["}", 'location ~ "/_[^/]*\\.conf$" { return 404; }']
    for item in chosen("nginx", rules):
        source = rules.base.prefix + item.source.removesuffix(WILDCARD)
        target = _encoded(item, rules.base)
        if item.is_pattern:
            target = target.replace(SPLAT, "$1")
            lines.append(
                f'rewrite "^{_quoted(re.escape(source))}(.*)$" "{_quoted(target)}" permanent;'
            )
        else:
            lines.append(f'location = "{_quoted(source)}" {{ return 301 "{_quoted(target)}"; }}')
    return _text(lines)


def _encoded(item: Redirect, base: Base) -> str:
    """Return the target without what a server would take for a variable."""
    return _to(item.target, base).replace("$", "%24")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


FILES: Mapping[str, Mapping[str, Callable[[Rules], str]]] = {
    "cloudflare-pages": {"_redirects": cloudflare_redirects, "_headers": cloudflare_headers},
    "netlify": {"_redirects": netlify_redirects, "_headers": netlify_headers},
    "gitlab-pages": {"_redirects": gitlab_redirects},
    "github-pages": {},
    "vercel": {"vercel.json": vercel},
    "s3": {"_s3-website.json": s3_website, "_s3-redirects.tsv": s3_objects},
    "apache": {".htaccess": apache},
    "nginx": {"_nginx.conf": nginx},
    "": {},
}
"""The files that each host reads, or whoever sets it up, and who writes them."""

SENDS_HEADERS = frozenset({"cloudflare-pages", "netlify", "vercel", "apache", "nginx"})
"""Hosts that send the headers in one of these files."""

KNOWS_PATTERNS = frozenset(
    {"cloudflare-pages", "netlify", "gitlab-pages", "vercel", "s3", "apache", "nginx"}
)
PAGES_FIRST = frozenset({"gitlab-pages"})
"""Hosts on which a page that leads on would hide the rule."""
