"""Nothing is read outside the site, nothing is written outside its output, whatever a file says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sitegen.flow.session import Session
from sitegen.model.errors import SitegenError
from tests.sitefactory import article, build_site, make_site, tree, write

NEVER = "what is of another folder"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site, beside a folder with secrets that nobody may read or change."""
    secrets = {
        "secret.md": article(NEVER),
        "secret.html": NEVER,
        "secret.svg": f"<svg>{NEVER}</svg>",
        "index.html": NEVER,
        "deep/index.html": NEVER,
    }
    write(tmp_path / "outside", dict(secrets))
    return make_site(tmp_path / "site", {"flood.md": article()}, config='title = "T"\n')


@pytest.fixture(autouse=True)
def nothing_outside_changes(site: Path) -> Iterator[None]:
    """Hold everything beside the site against what it was, and the output against the secret."""
    before = surroundings(site)
    yield
    assert surroundings(site) == before
    for path, content in tree(site / "output").items():
        assert NEVER.encode() not in content, path


def surroundings(site: Path) -> dict[str, bytes]:
    """Return all files around the site."""
    folders = (folder for folder in site.parent.iterdir() if folder != site)
    return {
        f"{folder.name}/{path}": data for folder in folders for path, data in tree(folder).items()
    }


def outcome(site: Path) -> str:
    """Build, and return the messages of the error, or "" if it is fine."""
    try:
        build_site(site)
    except SitegenError as error:
        return str(error)
    return ""


# --- Addresses


OUTWARD = (
    "../../outside/index.html",
    "../outside",
    "/../../outside/",
    "..",
    "../",
    "a/../../../outside/deep",
    "/..//outside/",
    "..\\outside",
    "%2e%2e/outside",
    "\u2024\u2024/outside",
    "/etc/escaped",
    "~/escaped",
    "C:\\escaped",
    "//host/escaped/",
    ".sitegen-manifest",
    "/.sitegen-manifest",
    "/.sitegen-tmp/1",
    "a\x00b",
)
WRITTEN = [path for path in OUTWARD if "\0" not in path]


@pytest.mark.parametrize("path", WRITTEN)
@pytest.mark.parametrize("key", ["slug", "title", "category", "tags", "author", "aliases"])
def test_no_name_leads_out_of_the_output(site: Path, key: str, path: str) -> None:
    """Whatever an article calls itself, its pages lie in the output, or it is refused."""
    head: dict[str, Any] = {key: [path] if key in {"tags", "aliases"} else path}
    write(site, {"articles/flood.md": article(**head)})
    outcome(site)  # the fixture looks at what it did


@pytest.mark.parametrize("path", [path for path in WRITTEN if path.startswith("/")])
@pytest.mark.parametrize("key", ["url", "permalink", "path"])
@pytest.mark.parametrize("dialect", ["hugo", "jekyll", "pelican", "zola", "astro"])
def test_no_foreign_address_leads_out_of_the_output(
    site: Path, dialect: str, key: str, path: str
) -> None:
    """An address that another generator's archive gives is checked like our own."""
    config = f'title = "T"\nfront_matter.dialect = "{dialect}"\n'
    write(site, {"sitegen.toml": config, "articles/flood.md": article(**{key: path})})
    outcome(site)


@pytest.mark.parametrize(
    "pattern",
    ["/../{slug}/", "/{slug}/../../../outside/", "/a/{slug}", "//{slug}/", "/.sitegen-tmp/{slug}"],
)
@pytest.mark.parametrize("key", ["article", "category", "tag", "author"])
def test_no_pattern_leads_out_of_the_output(site: Path, key: str, pattern: str) -> None:
    """A pattern of addresses in the configuration is bound like any other name."""
    write(site, {"sitegen.toml": f'title = "T"\nurls.{key} = "{pattern}"\n'})
    outcome(site)


def test_nothing_lies_where_our_own_files_do(site: Path) -> None:
    """No page takes the place of the manifest or the staging folder, and no static file either."""
    for alias in ("/.sitegen-manifest", "/.sitegen-tmp/1.html", "/.sitegen-tmp/"):
        write(site, {"articles/flood.md": article(aliases=[alias])})
        assert '"aliases" cannot be' in outcome(site), alias
    write(site, {"articles/flood.md": article(), "static/.sitegen-manifest": NEVER})
    assert outcome(site) == ""


# --- References


@pytest.mark.parametrize(
    "target",
    [
        "../../outside/secret.svg",
        "../../outside/secret.md",
        "../../../../../../../../etc/passwd",
        "/etc/passwd",
        "%2e%2e/%2e%2e/outside/secret.svg",
        "../sitegen.toml",
        "../.sitegen/lock",
        "/articles/../../outside/secret.svg",
        "/static/../../outside/secret.svg",
        "file:///etc/passwd",
        "..\\..\\outside\\secret.svg",
    ],
)
def test_no_picture_is_taken_from_outside(site: Path, target: str) -> None:
    """A reference that leaves the folders of sources publishes nothing."""
    build_site(site)
    before = set(tree(site / "output"))
    body = f"![x]({target}) [y]({target}) <img src='{target}' srcset='{target} 2x'>"
    write(site, {"articles/flood.md": article(body=body, image=target, related=[target])})
    build_site(site, keep_going=True)  # some are refused as addresses of pictures
    assert set(tree(site / "output")) == before


def test_no_template_is_taken_from_outside(site: Path) -> None:
    """A template names templates, not files."""
    build_site(site)
    for name in ("../../outside/secret.html", "/etc/passwd", "../sitegen.toml", "theme/../x"):
        for how in ("include", "extends", "import"):
            end = " as x" if how == "import" else ""
            text = f'{{% {how} "{name}"{end} %}}{{% block x %}}{{% endblock %}}'
            write(site, {"templates/article.html": text})
            assert "there is no template" in outcome(site)
        write(site, {"templates/article.html": f'{{{{ asset("{name}") }}}}'})
        assert "there is no file" in outcome(site)


# --- Symbolic links in the sources


LINKS = {
    "articles/linked.md": "secret.md",
    "articles/linked.svg": "secret.svg",
    "articles/folder": "",
    "templates/article.html": "secret.html",
    "templates/parts": "deep",
    "static/linked.svg": "secret.svg",
    "static/folder": "deep",
}


@pytest.mark.parametrize("place", LINKS)
@pytest.mark.parametrize("goes_on", [False, True], ids=["new process", "same process"])
def test_no_link_is_followed_out_of_the_site(site: Path, place: str, *, goes_on: bool) -> None:
    """A link that leads out of the site is told of, and nothing behind it is read."""
    session = Session()
    build_site(site, session=session)
    before = tree(site / "output")
    (site / place).parent.mkdir(exist_ok=True)
    (site / place).symlink_to(site.parent / "outside" / LINKS[place])
    changed = [place] if goes_on else None
    with pytest.raises(SitegenError, match="points outside the site folder"):
        build_site(site, session=session, changed=changed)
    session.close()
    assert tree(site / "output") == before


@pytest.mark.parametrize("root", ["articles", "templates", "static"])
def test_no_root_is_a_link_out_of_the_site(site: Path, root: str) -> None:
    """The folders of sources themselves are no links that lead outside."""
    if (site / root).exists():
        (site / root).rename(site / "moved")
    (site / root).symlink_to(site.parent / "outside")
    assert "points outside the site folder" in outcome(site)


def test_a_link_within_the_site_is_followed(site: Path) -> None:
    """A link from one source to another of the same site is a file like any other."""
    write(site, {"static/a.svg": "<svg/>"})
    (site / "static" / "b.svg").symlink_to("a.svg")
    build_site(site)
    assert (site / "output" / "b.svg").read_text() == "<svg/>"
    assert not (site / "output" / "b.svg").is_symlink()


def test_what_is_no_file_is_not_read(site: Path) -> None:
    """A pipe among the articles does not make the build wait for ever."""
    os.mkfifo(site / "articles" / "pipe.md")
    build_site(site)
