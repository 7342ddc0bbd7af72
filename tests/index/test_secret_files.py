"""What looks like a secret is published only where the site says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.flow.session import Session
from sitegen.index.secret_files import is_secret
from sitegen.model.errors import SitegenError
from tests.sitefactory import NO_SEARCH, article, build_site, make_site, tree, write


@pytest.mark.parametrize(
    "path",
    [
        "static/.env",
        "static/.env.production",
        "static/deep/folder/prod.env",
        "static/.htpasswd",
        "static/ID_RSA",
        "static/.ssh/config",
        "static/.aws/x/credentials",
        "articles/2024/server.PEM",
        "articles/.netrc",
    ],
)
def test_what_looks_like_a_secret(path: str) -> None:
    """By its name or by a folder above it, in any case."""
    assert is_secret(path)


@pytest.mark.parametrize(
    "path",
    [
        "static/.well-known/security.txt",
        "static/.well-known/keys/age.pem",
        "static/.htaccess",
        "static/.nojekyll",
        "static/id_rsa.pub",
        "static/key",
        "static/environment.txt",
        "articles/2024/pem.jpg",
        "templates/.env",
        "theme/static/x.pem",
    ],
)
def test_what_does_not(path: str) -> None:
    """What hosts read, what is for everybody, and what is published from nowhere."""
    assert not is_secret(path)


@pytest.mark.parametrize(
    ("publish", "held_back"),
    [
        (".htpasswd", {"static/a/k.pem", "static/k.pem"}),
        ("*.pem", {"static/.htpasswd"}),
        ("a/k.pem", {"static/.htpasswd", "static/k.pem"}),
        ("a/*", {"static/.htpasswd", "static/k.pem"}),
        ("static/k.pem", {"static/.htpasswd", "static/k.pem", "static/a/k.pem"}),
    ],
)
def test_what_a_site_allows(publish: str, held_back: set[str]) -> None:
    """A pattern is of names, or of paths below the folder."""
    paths = ("static/.htpasswd", "static/k.pem", "static/a/k.pem")

    assert {path for path in paths if is_secret(path, [publish])} == held_back


def allow(site: Path, *patterns: str) -> None:
    """Say which secrets are published."""
    write(site, {"sitegen.toml": f"{NO_SEARCH}[hosting]\npublish = {list(patterns)}\n"})


def test_a_build_publishes_none(tmp_path: Path) -> None:
    """It warns of each, and no link brings one out; to a template there is no such file."""
    site = make_site(
        tmp_path / "site",
        {"a/flood.md": article("Flood", "[key](key.pem) and [env](/.env)"), "a/key.pem": "KEY"},
        static={".env": "PASSWORD", ".git/config": "x", ".htaccess": "x", ".well-known/a": "x"},
    )

    report = build_site(site)

    warned = {
        problem.location.path: problem.hint
        for problem in report.problems
        if problem.location and "looks like a secret" in problem.message
    }
    assert warned.keys() == {"static/.env", "articles/a/key.pem"}
    assert '`publish = [".env"]` in [hosting]' in str(warned["static/.env"])
    published = tree(site / "output")
    assert {".htaccess", ".well-known/a"} <= published.keys()
    assert not [path for path in published if "env" in path or "pem" in path or ".git/" in path]

    write(site, {"templates/404.html": '{{ asset(".env") }}'})
    with pytest.raises(SitegenError, match=r'there is no file ".env" in static/'):
        build_site(site)


def test_after_every_change_it_is_as_built_anew(tmp_path: Path) -> None:
    """Secrets that come, go and are allowed leave what a clean build does."""
    site = make_site(
        tmp_path / "site",
        {"a/flood.md": article("Flood", "[key](key.pem)"), "a/key.pem": "KEY"},
        static={".env": "PASSWORD"},
    )
    with Session() as session:
        build_site(site, session=session)
        changes: list[tuple[tuple[str, ...], dict[str, str | None]]] = [
            ((".env",), {}),
            ((".env", "a/key.pem"), {}),
            ((".env", "a/key.pem"), {"static/x/id_rsa": "KEY"}),
            (("id_*",), {}),
            ((), {"static/x/id_rsa": None, "articles/a/key.pem": None}),
        ]
        for number, (allowed, changed) in enumerate(changes):
            allow(site, *allowed)
            write(site, changed)
            build_site(site, session=session)
            clean = tmp_path / f"clean{number}"
            build_site(site, output=clean, state=tmp_path / f"state{number}")
            assert tree(site / "output") == tree(clean)
