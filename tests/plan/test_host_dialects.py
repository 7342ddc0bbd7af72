"""Each host is told of redirects and headers in its own words, and of no more than it reads."""

import json

import pytest

from sitegen.index.redirects import Redirect
from sitegen.model.urls import Base
from sitegen.plan.host_dialects import (
    FILES,
    LIMITS,
    Limits,
    Rules,
    apache,
    chosen,
    cloudflare_headers,
    cloudflare_redirects,
    gitlab_redirects,
    netlify_headers,
    netlify_redirects,
    nginx,
    s3_objects,
    s3_website,
    vercel,
)

BASE = Base.parse("https://example.org/x/")


def redirect(source: str, target: str = "/new/") -> Redirect:
    """Return a redirect."""
    return Redirect(source, target, "somebody", None)


REDIRECTS = [
    redirect("/blog/*", "https://blog.example.org/:splat"),
    redirect("/2020/高潮/"),
    redirect('/a "b"/$1:c', "/new/?y=$1"),
    redirect("/tags/*", "/tag/:splat"),
]
RULES = Rules(REDIRECTS, {"X-A": 'say "1%"'}, ["/css/site.3fa9c1d2.css"], BASE)


@pytest.mark.parametrize(
    ("write", "exact", "pattern"),
    [(netlify_redirects, "301!", "301"), (cloudflare_redirects, "301", "301"),
     (gitlab_redirects, "301", "301")],
)  # fmt: skip
def test_lines_of_redirects(write: object, exact: str, pattern: str) -> None:
    """Encoded, below the base path, patterns last; at Netlify a rule stands before its page."""
    assert callable(write)
    assert write(RULES).split("\n") == [
        f"/x/2020/%E9%AB%98%E6%BD%AE/ /x/new/ {exact}",
        f"/x/a%20%22b%22/%241%3Ac /x/new/?y=$1 {exact}",
        f"/x/blog/* https://blog.example.org/:splat {pattern}",
        f"/x/tags/* /x/tag/:splat {pattern}",
        "",
    ]


def test_headers_in_a_file() -> None:
    """Of all pages, and of each file that lasts; Cloudflare reads a hundred rules."""
    wanted = (
        '/x/*\n  X-A: say "1%"\n'
        "/x/css/site.3fa9c1d2.css\n  Cache-Control: public, max-age=31536000, immutable\n"
    )
    assert netlify_headers(RULES) == cloudflare_headers(RULES) == wanted
    many = RULES._replace(assets=[f"/{number}.3fa9c1d2.css" for number in range(200)])
    assert netlify_headers(many).count("\n/") == 200
    assert cloudflare_headers(many).count("\n/") == 99


def test_vercel_is_told_in_json() -> None:
    """Patterns are its own, and one rule is for all files that last."""
    found = json.loads(vercel(RULES))
    assert found["redirects"][-1] == {
        "source": "/x/tags/:splat*",
        "destination": "/x/tag/:splat*",
        "statusCode": 301,
    }
    assert found["headers"][0]["headers"] == [{"key": "X-A", "value": 'say "1%"'}]
    assert found["headers"][1]["source"] == r"/(.*)\.[0-9a-f]{8}\.[0-9A-Za-z]+"


def test_each_host_has_the_files_that_it_reads() -> None:
    """And those that whoever sets a host up reads; which is documented in docs/deploying.md."""
    assert {host: set(files) for host, files in FILES.items()} == {
        "cloudflare-pages": {"_redirects", "_headers"},
        "netlify": {"_redirects", "_headers"},
        "gitlab-pages": {"_redirects"},
        "github-pages": set(),
        "vercel": {"vercel.json"},
        "s3": {"_s3-website.json", "_s3-redirects.tsv"},
        "apache": {".htaccess"},
        "nginx": {"_nginx.conf"},
        "": set(),
    }


def test_hosts_read_as_much_as_they_document() -> None:
    """What is more would be cut off in silence; so it is told, or left to pages that lead on."""
    assert {
        "netlify": Limits(redirects=10_000),
        "cloudflare-pages": Limits(redirects=2_000, patterns=100, line=1_000, headers=100),
        "gitlab-pages": Limits(redirects=1_000, patterns=1_000, size=65_536),
        "vercel": Limits(redirects=2_000),
        "s3": Limits(patterns=50),
    } == LIMITS


def test_a_bucket_has_rules_for_patterns_and_objects_for_the_rest() -> None:
    """A routing rule is of all keys that begin alike: an address of its own is an object's."""
    assert json.loads(s3_website(RULES)) == {
        "IndexDocument": {"Suffix": "index.html"},
        "ErrorDocument": {"Key": "x/404.html"},
        "RoutingRules": [
            {
                "Condition": {"KeyPrefixEquals": "x/blog/"},
                "Redirect": {
                    "HttpRedirectCode": "301",
                    "Protocol": "https",
                    "HostName": "blog.example.org",
                    "ReplaceKeyPrefixWith": "",
                },
            },
            {
                "Condition": {"KeyPrefixEquals": "x/tags/"},
                "Redirect": {"HttpRedirectCode": "301", "ReplaceKeyPrefixWith": "x/tag/"},
            },
        ],
    }
    assert s3_objects(RULES).split("\n") == [
        "x/2020/高潮/index.html\t/x/new/",
        'x/a "b"/$1:c/index.html\t/x/new/?y=$1',
        "",
    ]


def test_apache_and_nginx_take_nothing_for_their_own() -> None:
    """Quotes, dollars, percents and dots of an address are letters; both were tried as servers."""
    lines = apache(RULES).split("\n")
    assert r'RedirectMatch 301 "^/x/a\\ \"b\"/\\$1:c/?$" "/x/new/?y=%241"' in lines
    assert 'RedirectMatch 301 "^/x/tags/(.*)$" "/x/tag/$1"' in lines
    assert r'Header always set X-A "say \"1%%\""' in lines
    lines = nginx(RULES).split("\n")
    assert r'location = "/x/a \"b\"/$1:c" { return 301 "/x/new/?y=%241"; }' in lines
    assert 'rewrite "^/x/tags/(.*)$" "/x/tag/$1" permanent;' in lines
    assert lines.count(r'add_header X-A "say \"1%\"" always;') == 1
    assert lines.count(r'    add_header X-A "say \"1%\"" always;') == 1


@pytest.mark.parametrize("host", sorted(LIMITS))
def test_no_host_is_told_more_than_it_reads(host: str) -> None:
    """What is too much stays a page that leads on: the first ones are the most important."""
    many = [redirect(f"/old/{number}/") for number in range(12_000)]
    patterns = [redirect(f"/old{number}/*") for number in range(300)]
    rules = RULES._replace(redirects=[redirect("/" + 9 * f"{110 * 'a'}/"), *many, *patterns])
    found = chosen(host, rules)
    exact = [item for item in found if not item.is_pattern]
    limits = LIMITS[host]
    if limits.redirects:
        assert len(exact) <= limits.redirects
        assert many[0] in exact
    assert not limits.patterns or len(found) - len(exact) <= limits.patterns
    for path, write in FILES[host].items():
        text = write(rules)
        if path == "_redirects":
            assert not limits.size or len(text.encode()) <= limits.size
            assert not limits.line or max(map(len, text.split("\n"))) <= limits.line


def test_a_site_without_redirects_has_empty_rules() -> None:
    """Nothing is written that a host would stumble over."""
    empty = Rules([], {}, [], Base.parse(""))
    texts = {
        (host, path): write(empty) for host, files in FILES.items() for path, write in files.items()
    }
    assert texts["netlify", "_redirects"] == texts["netlify", "_headers"] == ""
    assert "RoutingRules" not in json.loads(texts["s3", "_s3-website.json"])
