"""What a deployment would do, as values: targets, files and headers, state files, the plan."""

from __future__ import annotations

import gzip
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.cache.tables import Written
from sitegen.config.loading import from_table
from sitegen.config.settings import DeployTarget
from sitegen.deploy import target_state
from sitegen.deploy.plan import plan_deployment, purge_list
from sitegen.deploy.process_identity import ProcessIdentity
from sitegen.deploy.target_files import FOREVER, TargetFile, target_files
from sitegen.deploy.target_state import MANIFEST, Manifest, Run, Version
from sitegen.model.errors import SitegenError
from sitegen.model.urls import Base


def files(
    *paths: str, target: DeployTarget | None = None, size: int = 1000
) -> dict[str, TargetFile]:
    """Return what is sent of an output folder that holds `paths`."""
    written = {path: Written(path.encode()[:16], size, 0, 0, 0) for path in paths}
    return target_files(written, target or DeployTarget(kind="folder"))


CLOUD = DeployTarget(kind="cloud", to="s3://b")


# Targets


def problems(text: str) -> list[tuple[int, str, str]]:
    """Return (line, message, hint) of what is wrong with a configuration."""
    with pytest.raises(SitegenError) as caught:
        from_table(tomllib.loads(text), "sitegen.toml", text)
    return [
        (item.location.line if item.location else 0, item.message, item.hint or "")
        for item in caught.value.problems
    ]


def test_targets_are_read() -> None:
    """A target is a table by its name; keys that are not given have their defaults."""
    config = from_table({"deploy": {"www": {"kind": "rsync", "to": "me@example.org:/srv"}}})

    assert config.deploy["www"] == DeployTarget(kind="rsync", to="me@example.org:/srv")


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ('[deploy.w]\nkind = "rsycn"\nto = "x"', 2, '"folder" or "rsync"', 'did you mean "rsync"?'),
        ('[deploy.w]\nkind = "folder"\ntoo = "x"', 3, 'unknown key "deploy.w.too"', 'mean "to"?'),
        ('[deploy.w]\nto = "u@h:/x"', 1, 'has no "kind"', 'kind = "rsync"'),
        ('[deploy.w]\nto = "s3://x"', 1, 'has no "kind"', 'kind = "cloud"'),
        ('[deploy.w]\nkind = "git"', 1, 'has no "to"', "origin"),
        ("[deploy]\nw = 1", 2, '"deploy.w" must be a table', ""),
        ("deploy = 1", 1, '"deploy" must be a table', ""),
        (
            '[deploy.w]\nkind = "folder"\nto = "x"\nbranch = "b"',
            4,
            "has no effect on",
            'for targets of kind "git"',
        ),
        ('[deploy.w]\nkind = "cloud"\nto = "bucket"', 3, "not an address", "s3://bucket"),
        ('[deploy.w]\nkind = "rsync"\nto = "-e sh"', 3, "not an address", "user@"),
        ('[deploy.w]\nkind = "rsync"\nto = "www"', 3, "not an address", "user@"),
        ('[deploy.w]\nkind = "git"\nto = "-x"', 3, "not an address", "origin"),
        ('[deploy.w]\nkind = "folder"\nto = "x"\nmax_deletes = -1', 4, "at least 0", ""),
        (
            '[deploy.w]\nkind = "folder"\nto = "x"\nmax_lost_articles = "a tenth"',
            4,
            '"a tenth" is not a percentage',
            '"10%"',
        ),
        ('[deploy.w]\nkind = "folder"\nto = "x"\nmax_lost_articles = 5', 4, "text in quotes", ""),
        ('[deploy.w]\nkind = "cloud"\nto = "s3://x"\nparallel = 0', 4, "at least 1", ""),
        (
            '[deploy.w]\nkind = "folder"\nto = "x"\nprecompress = ["gzip"]',
            4,
            "unknown compression",
            "gz",
        ),
        ('[deploy.w]\nkind = "cloud"\nto = "s3://x"\nprecompress = ["br"]', 4, "one enc", "gz"),
        ('[deploy.w]\nkind = "git"\nto = "origin"\ncname = "https://x.org"', 4, "domain", "www."),
        ('[deploy.w]\nkind = "git"\nto = "origin"\nbranch = "a b"', 4, "valid branch name", ""),
        ('[deploy.w]\nkind = "cloud"\nto = "s3://x"\nendpoint = "x"', 4, "web address", "https"),
        ('[deploy.w]\nkind = "folder"\nto = "x"\nbase_url = "x"', 4, "web address", "https"),
        ('[deploy."a b"]\nkind = "folder"\nto = "x"', 1, "name of a target", "letters"),
    ],
)
def test_wrong_targets(text: str, line: int, message: str, hint: str) -> None:
    """What a target cannot be is told with its line, and with a hint."""
    (found,) = problems(text)

    assert found[0] == line
    assert message in found[1]
    assert hint in found[2]


@pytest.mark.parametrize(
    "to",
    [
        "https://me:hunter2@example.org/paper.git",
        "https://hunter2@example.org/paper.git",
        "ssh://me:hunter2@example.org/paper.git",
    ],
)
def test_no_password_in_the_file(to: str) -> None:
    """An address with a password is refused, and neither message nor code frame shows it."""
    (found,) = problems(f'[deploy.w]\nkind = "git"\nto = "{to}"')

    assert found[0] == 0
    assert "password" in found[1]
    assert "hunter2" not in "".join(found[1:])


# Files and their headers


def test_headers() -> None:
    """Types and cache times follow the name; fingerprinted files are kept for ever."""
    found = {
        path: item.headers
        for path, item in files(
            "index.html", "css/site.3fa9c1d2.css", "feed.xml", "a/rss.xml", "feed.json",
            "sitemap.xml", "logo.svg", "photo.webp",
            "search/parts.json", "search/en_2b90561.pf_index", "CNAME", target=CLOUD,
        ).items()
    }  # fmt: skip
    page, day = "public, max-age=60", "public, max-age=300"
    assert {path: (item.type, item.cache) for path, item in found.items() if item} == {
        "index.html": ("text/html; charset=utf-8", page),
        "css/site.3fa9c1d2.css": ("text/css; charset=utf-8", FOREVER),
        "feed.xml": ("application/atom+xml; charset=utf-8", day),
        "a/rss.xml": ("application/rss+xml; charset=utf-8", day),
        "feed.json": ("application/feed+json; charset=utf-8", day),
        "sitemap.xml": ("application/xml; charset=utf-8", day),
        "logo.svg": ("image/svg+xml; charset=utf-8", "public, max-age=3600"),
        "photo.webp": ("image/webp", "public, max-age=3600"),
        "search/parts.json": ("application/json; charset=utf-8", page),
        "search/en_2b90561.pf_index": ("application/octet-stream", FOREVER),
        "CNAME": ("application/octet-stream", "public, max-age=3600"),
    }


def test_no_cache() -> None:
    """Zero seconds is to ask each time."""
    target = DeployTarget(kind="cloud", to="s3://b", cache_pages=0)

    headers = files("index.html", target=target)["index.html"].headers

    assert headers is not None
    assert headers.cache == "no-cache"


def test_the_checksum_is_of_all_that_is_sent() -> None:
    """Other headers, or another encoding, make another checksum; other settings do not."""
    checksums = [
        files("index.html", target=target)["index.html"].checksum
        for target in (
            CLOUD,
            DeployTarget(kind="cloud", to="s3://b", cache_pages=61),
            DeployTarget(kind="cloud", to="s3://b", precompress=("gz",)),
            DeployTarget(kind="folder", to="x"),
        )
    ]
    assert len(set(checksums)) == 4
    other = DeployTarget(kind="cloud", to="s3://b", cache_feeds=1, parallel=2)
    assert files("index.html", target=other)["index.html"].checksum == checksums[0]


def test_what_is_compressed() -> None:
    """Texts that are not tiny have copies; pictures have none. In the cloud there is one file."""
    target = DeployTarget(kind="folder", precompress=("gz", "br"))
    paths = ("index.html", "photo.webp", "feed.xml")

    assert files(*paths, target=target).keys() == {
        "index.html", "index.html.gz", "index.html.br", "photo.webp",
        "feed.xml", "feed.xml.gz", "feed.xml.br",
    }  # fmt: skip
    assert files("index.html", target=target, size=20).keys() == {"index.html"}
    cloud = files(*paths, target=DeployTarget(kind="cloud", precompress=("gz",)))
    assert {path: item.headers and item.headers.encoding for path, item in cloud.items()} == {
        "index.html": "gzip", "photo.webp": "", "feed.xml": "gzip",
    }  # fmt: skip


# The state files

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(
    st.dictionaries(TEXTS, TEXTS),
    st.builds(Version, TEXTS, TEXTS, st.none() | st.dictionaries(TEXTS, TEXTS)),
)
def test_the_list_comes_back(checksums: dict[str, str], version: Version) -> None:
    """What is written is what is read, but for paths that are not below the target."""
    written = Manifest(checksums, version)

    found = target_state.read({MANIFEST: target_state.manifest_bytes(written)}).manifest

    inside = {
        path: checksum for path, checksum in checksums.items() if target_state.is_inside(path)
    }
    assert found == Manifest(inside, version)


def test_a_run_comes_back() -> None:
    """A run is read as it was written."""
    run = Run("run-1", ProcessIdentity("web-3", "8c1e", 12, 34), 3.5, ("a", "b/c"))

    assert target_state.read({"run-1": target_state.run_bytes(run), "other": b"?"}).runs == (run,)


@given(st.binary())
def test_anything_may_lie_there(data: bytes) -> None:
    """Whatever somebody writes into the folder, reading it fails in no way."""
    for content in (data, gzip.compress(data), gzip.compress(b'{"format":1,"files":' + data)):
        assert target_state.read({MANIFEST: content}).manifest is None
        (run,) = target_state.read({"run-1": content}).runs
        assert run.paths == ()


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x", "a/../../x", "", "a//b", ".sitegen-deploy/x", "a\\..\\x", "a/."]
)
def test_paths_elsewhere(path: str) -> None:
    """A path that leads out of the target, or to our own state files, is none of ours."""
    assert not target_state.is_inside(path)


# The plan


def test_the_order() -> None:
    """Assets go first, then new pages, changed ones, what calls readers; deletions are last."""
    now = files("a/index.html", "css/x.css", "index.html", "feed.xml", "sitemap.xml", "robots.txt")
    before = {"index.html": "old", "feed.xml": "old", "gone.html": "x"}

    found = plan_deployment(now, before)

    assert [item.path for item in found.sent] == [
        "css/x.css", "a/index.html", "index.html", "robots.txt", "sitemap.xml", "feed.xml",
    ]  # fmt: skip
    assert found.deleted_last == ("gone.html",)
    assert found.deleted_first == ()


def test_files_of_a_phase_go_by_their_paths() -> None:
    """New ones, then changed ones: two deployments of the same send the same in one order."""
    now = files("d/index.html", "c/index.html", "b/index.html", "a/index.html")
    before = {"a/index.html": "old", "b/index.html": "old"}

    found = plan_deployment(dict(reversed(now.items())), before)
    assert [item.path for item in found.sent] == [
        "c/index.html", "d/index.html", "a/index.html", "b/index.html",
    ]  # fmt: skip


PATHS = st.sets(
    st.sampled_from(["a", "a/b", "a/b/c", "b", "index.html", "feed.xml", "x.css", "c/d"])
)


@given(PATHS, PATHS, PATHS, PATHS)
def test_the_plan_leads_there(
    wanted: set[str], listed: set[str], broken: set[str], uncertain: set[str]
) -> None:
    """Whatever a target holds of what it lists, doubts aside, the plan makes it hold the build."""
    now = files(*wanted)
    right = {path: item.checksum for path, item in files(*listed).items()}
    before = {path: "old" if path in broken else checksum for path, checksum in right.items()}
    really = {path: checksum for path, checksum in before.items() if path not in uncertain}

    found = plan_deployment(now, before, uncertain)

    for path in found.deleted:
        really.pop(path, None)
    for item in found.sent:
        really[item.path] = item.checksum
    assert really == {path: item.checksum for path, item in now.items()}
    assert found.unchanged + len(found.sent) == len(now)
    assert found.unverified <= uncertain
    for path in found.deleted_last:
        assert not any(
            other.startswith(f"{path}/") or path.startswith(f"{other}/") for other in now
        )


def test_nothing_is_deleted_without_a_list() -> None:
    """A target that says nothing of itself may hold anything: all is compared, all else stays."""
    found = plan_deployment(files("a", "b"), None)

    assert found.unverified == {"a", "b"}
    assert found.deleted == ()


def test_the_purge_list() -> None:
    """Pages are named by their folders, all whole and encoded; new fingerprinted files are not."""
    base = Base.parse("https://example.org/news/")
    paths = ["index.html", "a b/index.html", "index.html/x.css", "x.3fa9c1d2.css", "y.3fa9c1d2.css"]

    assert purge_list(paths, {"x.3fa9c1d2.css", "a b/index.html"}, base) == [
        "https://example.org/news/",
        "https://example.org/news/a%20b/",
        "https://example.org/news/index.html/x.css",
        "https://example.org/news/y.3fa9c1d2.css",
    ]
